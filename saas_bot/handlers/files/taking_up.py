"""Files that were left waiting are taken up again: by their question, or by another file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiogram import BaseMiddleware
from aiogram.methods import DeleteMessage
from aiogram.types import CallbackQuery, TelegramObject

from saas_bot.core.dialog import PROMPT, Dialog
from saas_bot.core.errors import AppError, Invalid
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.domain.actor import Actor
from saas_bot.handlers.left_files import PLACING, forget, left


@contextmanager
def taken_up(memory: Memory, actor: Actor, dialog: Dialog) -> Iterator[None]:
    """The dialog is at their question again; where that is refused, they are left as they were.

    Raises:
        Invalid: none are left.
    """
    said = left(memory, actor)
    if not said:
        raise Invalid("files-wait-no-more")
    dialog.state, dialog.data, dialog.prompts = PLACING, said, said[PROMPT]
    try:
        yield
    except AppError:
        dialog.end()
        raise
    forget(memory, actor)


def elsewhere(actor: Actor, asking: list[int], here: int | None) -> list[DeleteMessage]:
    """What takes away the question where it is asked in another message now."""
    chat = actor.account.telegram_id
    return [DeleteMessage(chat_id=chat, message_id=one) for one in asking if one != here]


class TakesUp(BaseMiddleware):
    """Around the buttons of the question, for when it was left."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        dialog: Dialog = data["dialog"]
        with taken_up(data["memory"], data["actor"], dialog):
            asking = dialog.prompts
            result = await handler(event, data)
        pressed = event.message if isinstance(event, CallbackQuery) else None
        here = pressed.message_id if pressed else None
        data["also"].extend(elsewhere(data["actor"], asking, here))
        return result


async def on_left_question(event: CallbackQuery, memory: Memory, actor: Actor | None) -> bool:
    """Whether the button stands under the question of files that were left."""
    asking = left(memory, actor).get(PROMPT, ()) if actor else ()
    return event.message is not None and event.message.message_id in asking
