"""A company at work, and what its services leave behind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import AuditLog, OutboxMessage
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.factories import Team

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """A team, its project WEB with worker and client attached, and OPS with nobody.

    `tasks` has one task of WEB in every status, by the manager and for the worker; `draft` is one
    that the worker wrote and nobody has; `elsewhere` is a task of OPS.
    """

    database: Database
    team: Team
    web: int
    ops: int
    tasks: dict[Status, int]
    draft: int
    elsewhere: int

    async def do(
        self,
        service: Callable[Concatenate[AsyncSession, Actor, P], Awaitable[T]],
        actor: Actor,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a service as that person, in a transaction of their company."""
        async with self.database.tenant_session(actor.company_id) as session:
            return await service(session, actor, *args, **kwargs)

    async def audit(self) -> list[AuditLog]:
        """The audit trail, oldest first."""
        async with self.database.system_session("test") as session:
            return list(await session.scalars(select(AuditLog).order_by(AuditLog.id)))

    async def told(self) -> list[tuple[str, str]]:
        """Who is to be told of what: kind and name, by name."""
        async with self.database.system_session("test") as session:
            rows = await session.execute(
                text(
                    "select o.kind, a.name from outbox o"
                    " join accounts a on a.telegram_id = o.telegram_id order by a.name, o.kind"
                )
            )
            return [(kind, name) for kind, name in rows]

    async def message(self) -> OutboxMessage:
        """The only message of the outbox."""
        async with self.database.system_session("test") as session:
            return (await session.scalars(select(OutboxMessage))).one()

    async def value(self, sql: str, **values: Any) -> Any:
        """One value, read as the owner."""
        async with self.database.system_session("test") as session:
            return await session.scalar(text(sql), values)


@pytest.fixture
async def world(database: Database) -> World:
    team = await factories.company(database)
    web = await factories.project(database, team.id, team.worker, team.client)
    ops = await factories.project(database, team.id, key="OPS", name="Operations")
    tasks = {
        status: await factories.task(
            database,
            web,
            f"Task {status}",
            author=team.manager,
            assignee=team.worker,
            status=status,
        )
        for status in Status
    }
    draft = await factories.task(database, web, "Draft", author=team.worker)
    elsewhere = await factories.task(database, ops, "Elsewhere", author=team.manager)
    return World(database, team, web, ops, tasks, draft, elsewhere)


async def until_blocked(database: Database, waiting: int = 1) -> None:
    """Wait until that many transactions wait for a lock; pytest's timeout ends it otherwise."""
    blocked = (
        "select count(*) from pg_stat_activity"
        " where wait_event_type = 'Lock' and datname = current_database()"
    )
    async with database.reading() as driver:
        while (await driver.fetch(blocked))[0][0] < waiting:
            pass
