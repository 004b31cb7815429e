"""What the handlers share: what they receive, and filters by what it is."""

import re

from aiogram.types import CallbackQuery, Message

Event = Message | CallbackQuery


# Filters are coroutines: aiogram runs any other kind in a thread, which takes longer than they do.


# Phones write other hyphens for it, which mean the same here; a command of Telegram can have none,
# so after a slash "_" means it too.
_HYPHENS = r"-\u2010\u2011\u2012\u2013"
_REF = (
    rf"\s*(?:#|(?P<slash>/))?(?P<key>[A-Za-z][A-Za-z0-9]{{1,9}})"
    rf"(?(slash)[{_HYPHENS}_]|[{_HYPHENS}])(?P<number>\d{{1,9}})"
)
_ONLY_REF = re.compile(_REF + r"\s*")
_REF_FIRST = re.compile(_REF + r"(?:[.,:;!?)…]*|[.,:;!?)…]*\s.*)", re.DOTALL)


def ref_in(text: str) -> tuple[str, int] | None:
    """Key and number of a task, if the text is only that (`WEB-42`, `#web-42`, `/web_42`)."""
    found = _ONLY_REF.fullmatch(text)
    return (found["key"], int(found["number"])) if found else None


async def is_task_ref(message: Message) -> bool | dict[str, str | int]:
    """The number of a task and nothing else, given to the handler as key and number."""
    ref = ref_in(message.text or "")
    return {"key": ref[0], "number": ref[1]} if ref else False


async def begins_with_ref(message: Message) -> bool | dict[str, str | int]:
    """The number of a task and more words ("WEB-42, please"), written by the person themselves."""
    found = _REF_FIRST.fullmatch(message.text or "") if message.forward_origin is None else None
    return {"key": found["key"], "number": int(found["number"])} if found else False


async def is_command(message: Message) -> bool:
    """A text that begins as commands do."""
    return message.text is not None and message.text.startswith("/")


async def is_words(message: Message) -> bool:
    """Plain words: the answer to a dialog's question; commands always lead out of it."""
    return message.text is not None and not message.text.startswith("/")


async def is_no_words(message: Message) -> bool:
    """Anything else: a command, a sticker, a photo."""
    return message.text is None or message.text.startswith("/")
