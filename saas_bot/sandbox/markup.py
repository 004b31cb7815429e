"""Reply markup: what Telegram accepts under a message and above the text field.

Source: Bot API `InlineKeyboardMarkup`, `InlineKeyboardButton`, `ReplyKeyboardMarkup`; the wording
of errors is that of telegram-bot-api and tdlib.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from pydantic import BaseModel, ValidationError

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.html_entities import checked_url
from saas_bot.sandbox.limits import (
    CALLBACK_DATA_MAX,
    INLINE_BUTTONS_MAX,
    INLINE_ROW_MAX,
    KEYBOARD_BUTTONS_MAX,
)
from saas_bot.sandbox.state import Json

_OTHER_KINDS: Final = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


@dataclass(slots=True, frozen=True)
class Markup:
    """`inline` goes under the message; `keyboard` replaces the person's keyboard, `removes` it."""

    inline: Json | None = None
    keyboard: Json | None = None
    removes: bool = False


NO_MARKUP: Final = Markup()


_MARKUPS: Final[dict[str, type[BaseModel]]] = {
    "keyboard": ReplyKeyboardMarkup,
    "inline_keyboard": InlineKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}


def read_markup(markup: Any, *, only_inline: bool) -> BaseModel | None:
    """Reply markup as the model its own keys name: aiogram's union would take any for another.

    Raises the 400 for what is no markup.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    key = next((key for key in _MARKUPS if markup.get(key)), None)
    if key is None:
        return None
    if only_inline and key != "inline_keyboard":
        raise bad_request("inline keyboard expected")
    try:
        return _MARKUPS[key].model_validate(_plain_buttons(markup))
    except ValidationError as error:
        raise _bad_markup(key, error) from None


def _bad_markup(key: str, error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = first["loc"]
    if len(where) < 3:
        return bad_request(f'field "{key}" must be an Array of Arrays')
    what = "keyboard button" if key == "keyboard" else "inline keyboard button"
    kind = "KeyboardButton" if key == "keyboard" else "InlineKeyboardButton"
    if len(where) == 3:
        return bad_request(f"can't parse {what}: {kind} must be an Object")
    if first["type"] == "missing":
        return bad_request(f"can't parse {what}: Can't find field \"{where[3]}\"")
    return bad_request(f'can\'t parse {what}: Field "{where[3]}": {first["msg"]}')


def _plain_buttons(markup: dict[str, Any]) -> dict[str, Any]:
    """Bot API `KeyboardButton`: "String can be used instead of this object to specify text"."""
    if not isinstance(markup.get("keyboard"), list):
        return markup
    rows = [
        (
            [{"text": one} if isinstance(one, str) else one for one in row]
            if isinstance(row, list)
            else row
        )
        for row in markup["keyboard"]
    ]
    return {**markup, "keyboard": rows}


def check_markup(markup: Any) -> Markup:
    """The markup of a call, or the 400 Telegram gives for it."""
    if markup is None:
        return NO_MARKUP
    if isinstance(markup, InlineKeyboardMarkup):
        return _inline(markup)
    if isinstance(markup, ReplyKeyboardMarkup):
        return _keyboard(markup)
    if isinstance(markup, ReplyKeyboardRemove):
        return Markup(removes=True)
    if isinstance(markup, ForceReply):
        return NO_MARKUP
    raise bad_request("object expected as reply markup")


def _inline(markup: InlineKeyboardMarkup) -> Markup:
    rows: list[list[Json]] = []
    count = 0
    for row in markup.inline_keyboard:
        buttons = [_button(button) for button in row]
        count += len(buttons)
        # Longer rows are broken where the clients would break them.
        starts = range(0, len(buttons), INLINE_ROW_MAX)
        rows.extend(buttons[start : start + INLINE_ROW_MAX] for start in starts)
    if count > INLINE_BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    return Markup(inline={"inline_keyboard": rows}) if rows else NO_MARKUP


def _button(button: InlineKeyboardButton) -> Json:
    if not button.text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.url:
        if not button.url.startswith("tg://") and checked_url(button.url) is None:
            raise bad_request(
                f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL"
            )
        return {**_looks(button), "url": button.url}
    if button.callback_data:
        if len(button.callback_data.encode()) > CALLBACK_DATA_MAX:
            raise bad_request("BUTTON_DATA_INVALID")
        return {**_looks(button), "callback_data": button.callback_data}
    for kind in _OTHER_KINDS:
        if getattr(button, kind, None) is not None:
            dumped: Json = button.model_dump(exclude_none=True, mode="json")
            return dumped
    raise bad_request(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    )


def _looks(button: InlineKeyboardButton) -> Json:
    looks: Json = {"text": button.text}
    if button.style is not None:
        looks["style"] = button.style
    if button.icon_custom_emoji_id is not None:
        looks["icon_custom_emoji_id"] = button.icon_custom_emoji_id
    return looks


def _keyboard(markup: ReplyKeyboardMarkup) -> Markup:
    if sum(map(len, markup.keyboard)) > KEYBOARD_BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    for row in markup.keyboard:
        for button in row:
            if not button.text.strip():
                raise bad_request("keyboard button text must be non-empty")
    if not any(markup.keyboard):
        return NO_MARKUP
    return Markup(keyboard=markup.model_dump(exclude_none=True, mode="json"))
