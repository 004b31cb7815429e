"""The audit trail: every change leaves a row in its own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core import context
from saas_bot.db.models import AuditLog
from saas_bot.domain.actor import Account, Actor

_CHANGED = "audited change"


def changed(session: AsyncSession) -> bool:
    """Whether anything was recorded in this session, that is, whether it changes anything."""
    return _CHANGED in session.info


def record(
    session: AsyncSession,
    who: Actor | Account,
    action: str,
    entity: str,
    entity_id: int,
    *,
    company_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note that `who` did `action` to the entity; `before` and `after` hold what changed.

    An actor acts within their company; for an account without one (creating, joining) name it.
    """
    session.info[_CHANGED] = True
    actor = who if isinstance(who, Actor) else None
    session.add(
        AuditLog(
            company_id=actor.company_id if actor else company_id,
            actor_kind="user",
            actor_user_id=actor.user_id if actor else None,
            actor_name=actor.account.name if actor else who.name,  # type: ignore[union-attr]
            action=action,
            entity=entity,
            entity_id=entity_id,
            before=_plain(before),
            after=_plain(after),
            request_id=context.request_id.get(),
        )
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history, as a card shows it."""

    at: datetime
    actor_name: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


async def history(
    session: AsyncSession, entity: str, entity_id: int, *, internal: bool, limit: int = 15
) -> list[Entry]:
    """The newest `limit` changes of an entity, newest first; `internal` ones only if asked for."""
    query = (
        select(AuditLog.at, AuditLog.actor_name, AuditLog.action, AuditLog.before, AuditLog.after)
        .where(AuditLog.entity == entity, AuditLog.entity_id == entity_id)
        .order_by(AuditLog.id.desc())
        .limit(limit)
    )
    if not internal:
        query = query.where(AuditLog.after["internal"].as_boolean().is_not(True))
    rows = await session.execute(query)
    return [
        Entry(at, name, action, before or {}, after or {})
        for at, name, action, before, after in rows
    ]


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}
