"""A button about a task of another company of the person's leads there."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from saas_bot.core.errors import NotFound
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.screens import tasks as screens
from saas_bot.services.tasks import elsewhere


class ElsewhereMiddleware(BaseMiddleware):
    """Around a button's handler and its transaction: a message stays when one works elsewhere.

    Nothing is told of what the person could not see by switching.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except NotFound as error:
            here: Actor | None = data["actor"]
            task_id = _task_of(data.get("callback_data"))
            if error.code != "task-not-found" or here is None or task_id is None:
                raise
            async with self._database.system_session("task elsewhere") as session:
                there = await elsewhere.company_of(session, here, task_id)
            if there is None:
                raise
            return screens.elsewhere(data["t"], here, there, task_id)


def _task_of(pressed: Any) -> int | None:
    """The id by which a button that found no task has looked for it."""
    found: int | None = getattr(pressed, "task", None) or getattr(pressed, "id", None)
    return found
