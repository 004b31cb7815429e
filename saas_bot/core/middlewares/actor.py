"""Who is acting: one query an update, so that a lost right is lost at the very next click."""

from dataclasses import replace
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User

from saas_bot.core import context
from saas_bot.core.i18n import language_of, translator
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.domain.limits import shown_name
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.services import accounts
from saas_bot.services.accounts import Who


class ActorMiddleware(BaseMiddleware):
    """Gives handlers `account`, `actor` (None in no company) and `t`, the person's texts.

    Newcomers get their daily digest at `digest_hour`, and nothing else in `quiet_hours`.
    """

    def __init__(
        self,
        database: Database,
        operator_ids: frozenset[int],
        *,
        digest_hour: int | None = None,
        quiet_hours: QuietHours | None = None,
    ) -> None:
        self._database = database
        self._operator_ids = operator_ids
        self._digest_hour = digest_hour
        self._quiet_hours = quiet_hours

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person: User | None = getattr(cast("Update", event).event, "from_user", None)
        if person is None or person.is_bot:
            return None
        who = await self._who(person)
        data["account"], data["actor"] = who.account, who.actor
        data["t"] = translator(who.account.language)
        if who.actor is not None:
            context.company_id.set(who.actor.company_id)
        return await handler(event, data)

    async def _who(self, person: User) -> Who:
        is_operator = person.id in self._operator_ids
        async with self._database.reading() as driver:
            who = await accounts.who_is(driver, person.id, is_operator=is_operator)
        name = shown_name(person.full_name, fallback=str(person.id))
        if who is None:
            language = language_of(person.language_code)
            account = Account(
                person.id,
                name,
                person.username,
                language,
                accounts.UNSET_TIMEZONE,
                is_operator,
                quiet_hours=self._quiet_hours,
            )
            who = Who(account, None, stale=True)
        elif (who.account.name, who.account.username) != (name, person.username):
            account = replace(who.account, name=name, username=person.username)
            actor = replace(who.actor, account=account) if who.actor else None
            who = Who(account, actor, stale=True)
        if who.stale:
            async with self._database.system_session("remember account") as session:
                await accounts.remember(session, who.account, digest_hour=self._digest_hour)
        return who
