"""A screen: one message with its buttons, edited in place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Self

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from markupsafe import escape

from saas_bot.core.i18n import Translator, unlinked
from saas_bot.db.paging import Page

TEXT_LIMIT = 4096
"""Characters of a message after its entities are parsed (Bot API: sendMessage)."""

BUTTON_LIMIT = 60
"""Characters of a button; more does not fit on a phone."""

QUOTED = 500
"""Characters of what is quoted in a text: Fluent takes 2,500, escaping makes up to five of one."""

_TAG = re.compile(r"<[^>]*>")

Row = Iterable[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class Screen:
    """A text in Telegram HTML with rows of buttons.

    `toast` is shown for a moment over the chat when a button led here, or as an `alert` that the
    person closes. One that `keeps_question` is shown below the question of a dialog, which stays.
    A `new` one comes as a message of its own, though a button led to it.
    """

    text: str
    rows: tuple[tuple[InlineKeyboardButton, ...], ...] = ()
    toast: str = ""
    alert: bool = False
    keeps_question: bool = False
    new: bool = False

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram takes them; None where there are none."""
        if not self.rows:
            return None
        return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in self.rows])

    def with_notice(self, notice: str) -> Self:
        """The same screen, with what has just happened above it."""
        return replace(self, text=f"{notice}\n\n{self.text}")

    def as_new(self) -> Self:
        """The same screen as a message of its own: the one with the button stays."""
        return replace(self, new=True)

    def with_toast(self, toast: str, *, alert: bool = False) -> Self:
        """The same screen, announced by a toast."""
        return replace(self, toast=toast, alert=alert)


def screen(text: str, *rows: Row | None) -> Screen:
    """A screen of these rows; empty rows are left out."""
    filled = (tuple(row) for row in rows if row is not None)
    return Screen(text, tuple(row for row in filled if row))


def button(text: str, leads_to: CallbackData) -> InlineKeyboardButton:
    """A button; a text that is too long for one is cut."""
    if len(text) > BUTTON_LIMIT:
        text = f"{text[: BUTTON_LIMIT - 1]}…"
    return InlineKeyboardButton(text=text, callback_data=leads_to.pack())


def column(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """A row for each button."""
    return [[one] for one in buttons]


def grid(buttons: Iterable[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    """Rows of `width` buttons."""
    listed = list(buttons)
    return [listed[i : i + width] for i in range(0, len(listed), width)]


def pager(t: Translator, page: Page[Any], here: CallbackData) -> list[InlineKeyboardButton]:
    """Buttons to the neighbouring pages; `here` is the button of this list, with a field `at`."""
    return [
        button(t.plain(key), here.model_copy(update={"at": at}))
        for key, at in (("button-previous", page.previous), ("button-next", page.next))
        if at
    ]


def units(text: str) -> int:
    """Characters of a plain text, in UTF-16 units as Telegram counts those of entities.

    An emoji is two of them. Whether the limit counts it as one or two, so much is never too much.
    What `unlinked` puts behind an @ counts, too.
    """
    counted = len(text.encode("utf-16-le")) // 2
    if "@" not in text:
        return counted
    html = escape(text)
    return counted + len(unlinked(html)) - len(html)


def length(html: str) -> int:
    """The `units` of a text as Telegram shows it, without its tags."""
    return units(plain(html))


def plain(html: str) -> str:
    """A text as Telegram shows it, for what takes no HTML, such as an alert."""
    return unescape(_TAG.sub("", html))


def clip(text: str, limit: int) -> str:
    """`text` cut to `limit` of its `units`, the last of which then says so."""
    if units(text) <= limit:
        return text
    room = limit - 1
    while True:
        kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
        over = units(kept) - (limit - 1)
        if over <= 0:
            return f"{kept}…"
        room -= over


def clip_name(name: str, limit: int) -> str:
    """The name of a file cut to `limit` of its `units` in the middle: what tells it from its like,
    a number and the extension, stands at the end."""
    if units(name) <= limit:
        return name
    end = name[-(limit // 3) :]
    return clip(name, limit - units(f"…{end}") + 1) + end
