"""What the handlers share: what they receive, and filters by what it is."""

import re

from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from saas_bot.domain.actor import Actor
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen

Event = Message | CallbackQuery


# Filters are coroutines: aiogram runs any other kind in a thread, which takes longer than they do.


# Phones write other hyphens for it, which mean the same here; a command of Telegram can have none,
# so after a slash "_" means it too.
_HYPHENS = r"-\u2010\u2011\u2012\u2013"
_KEY, _NUMBER = r"(?P<key>[A-Za-z][A-Za-z0-9]{1,9})", r"(?P<number>\d{1,9})"
_REF = rf"(?:#|(?P<slash>/))?{_KEY}(?(slash)[{_HYPHENS}_]|[{_HYPHENS}]){_NUMBER}"
_ONLY_REF = re.compile(rf"\s*{_REF}\s*")
# Without a hyphen: `web 4`, `#WEB4`. Digits of the key itself would be taken for the number's.
_LOOSE_REF = re.compile(
    rf"\s*#?(?:{_KEY}\s+|(?P<letters>[A-Za-z](?:[A-Za-z0-9]{{0,8}}[A-Za-z]))){_NUMBER}\s*"
)
# Within a sentence. A number goes on with a digit behind a comma, and a word with a hyphen.
_NAMED = re.compile(rf"(?<![{_HYPHENS}\w/#.@]){_REF}(?![{_HYPHENS}\w]|[.,]\d)")

Ref = tuple[str, int]
"""Key and number of a task."""


def ref_in(text: str) -> Ref | None:
    """Key and number of a task, if the text is only that (`WEB-42`, `#web-42`, `/web_42`)."""
    return _ref(_ONLY_REF.fullmatch(text))


def loose_ref_in(text: str) -> Ref | None:
    """The same of `web 42` and `WEB42`, which may as well mean something else."""
    return _ref(_LOOSE_REF.fullmatch(text))


def _ref(found: re.Match[str] | None) -> Ref | None:
    if found is None:
        return None
    key = found["key"] or found["letters"]
    return key, int(found["number"])


def refs_named_in(text: str) -> set[Ref]:
    """The tasks that a text names, keys in capitals."""
    return {(one["key"].upper(), int(one["number"])) for one in _NAMED.finditer(text)}


def ref_before(text: str) -> tuple[Ref, str] | None:
    """The task whose number a text begins with, and the words behind it."""
    text = text.strip()
    if (found := _NAMED.match(text)) is None:
        return None
    return (found["key"], int(found["number"])), text[found.end() :].lstrip(" \n,.:;–—-")


async def is_task_ref(message: Message) -> bool | dict[str, str | int]:
    """The number of a task and nothing else, given to the handler as key and number."""
    return _given(ref_in(message.text or ""))


async def may_be_task_ref(message: Message, actor: Actor | None) -> bool | dict[str, str | int]:
    """Likewise what may be the number of a task."""
    return actor is not None and _given(loose_ref_in(message.text or ""))


async def names_a_task(message: Message, actor: Actor | None) -> bool | dict[str, str | int]:
    """Words that a person has written themselves and that name one task, and no other."""
    words = message.text or ""
    is_other_command = words.startswith("/") and not _NAMED.match(words)
    if actor is None or message.forward_origin is not None or is_other_command:
        return False
    named = refs_named_in(words)
    return len(named) == 1 and _given(*named)


async def answers_about_a_task(message: Message) -> bool | dict[str, int]:
    """Words in reply to a message of ours about one task, given to the handler as its id."""
    task_id = task_replied_to(message) if await is_words(message) else None
    return False if task_id is None else {"task_id": task_id}


def task_replied_to(message: Message) -> int | None:
    """The id of the only task that the message of ours is about to which this one replies."""
    replied = message.reply_to_message
    if replied is None or replied.reply_markup is None:
        return None
    keyboard = replied.reply_markup.inline_keyboard
    ids = {to.task_of(one.callback_data or "") for row in keyboard for one in row} - {None}
    return ids.pop() if len(ids) == 1 else None


def _given(ref: Ref | None) -> bool | dict[str, str | int]:
    return {"key": ref[0], "number": ref[1]} if ref else False


def announced(event: Event, shown: Screen, what: Markup) -> Screen:
    """The screen with what has just happened: over it after a button, above it after words."""
    if isinstance(event, CallbackQuery):
        return shown.with_toast(what.unescape())
    return shown.with_notice(what)


async def is_command(message: Message) -> bool:
    """A text that begins as commands do."""
    return message.text is not None and message.text.startswith("/")


async def is_words(message: Message) -> bool:
    """Plain words: the answer to a dialog's question; commands always lead out of it."""
    return message.text is not None and not message.text.startswith("/")


async def is_no_words(message: Message) -> bool:
    """Anything else: a command, a sticker, a photo."""
    return message.text is None or message.text.startswith("/")
