"""The role check and the transaction, both from what the handler has declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import TelegramObject, Update

from saas_bot.core.errors import NotFound
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.errors import AlreadyHandled
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.services import accounts, audit

FLAG = "access"


class Door(Enum):
    """The transaction a handler works in."""

    NONE = "none"
    SYSTEM = "system"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Access:
    """What a handler needs: a permission, and a door to the database.

    A handler that is a step of a dialog says so; coming to any other one ends the dialog. One that
    does not say that it takes files leaves those of a message behind.
    """

    permission: Permission
    door: Door
    in_dialog: bool = False
    takes_files: bool = False


def needs(
    permission: Permission,
    door: Door = Door.TENANT,
    *,
    in_dialog: bool = False,
    takes_files: bool = False,
) -> dict[str, Access]:
    """The flags that declare a handler's permission: `flags=needs(Permission.TASK_SEE)`."""
    return {FLAG: Access(permission, door, in_dialog, takes_files)}


class AccessMiddleware(BaseMiddleware):
    """Lets an update to its handler only with the permission which that has declared."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        chosen: HandlerObject = data["handler"]
        data["handled"].handler = chosen.callback.__name__
        access = data["access"] = _declared(chosen.flags)
        actor: Actor | None = data["actor"]
        if access.permission is not Permission.ACCOUNT or access.door is Door.TENANT:
            if actor is None:
                raise NotFound("no-company")
            actor.need(access.permission)
        if not access.in_dialog:
            data["dialog"].end()
        return await handler(event, data)


class SessionMiddleware(BaseMiddleware):
    """Opens the handler's door as `session`, and commits when it returns.

    The id of an update that changed something is noted in the same transaction, so that its effect
    happens once however often it is delivered.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        door = data["access"].door
        if door is Door.NONE:
            return await handler(event, data)
        opened = (
            self._database.system_session(data["handled"].handler)
            if door is Door.SYSTEM
            else self._database.tenant_session(data["actor"].company_id)
        )
        async with opened as session:
            data["session"] = session
            result = await handler(event, data)
            update: Update = data["event_update"]
            if audit.changed(session) and not await accounts.first_time(session, update.update_id):
                raise AlreadyHandled
        return result


def _declared(flags: Mapping[str, Any]) -> Access:
    access: Access | None = flags.get(FLAG)
    if access is None:
        raise LookupError("a handler without a declared permission")
    return access
