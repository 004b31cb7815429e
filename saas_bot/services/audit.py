"""The audit trail: every change leaves a row in its own transaction (`trail` reads them)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core import context
from saas_bot.db.direct import driver_of
from saas_bot.db.models import AuditLog
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Account, Actor

_CHANGED = "audited change"

HISTORY_PAGE = 15


def changed(session: AsyncSession) -> bool:
    """Whether this session changes anything: whatever does is recorded, or announced so."""
    return _CHANGED in session.info


def changes(session: AsyncSession) -> None:
    """Say that this session changes something that is recorded when it is completed."""
    session.info[_CHANGED] = True


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
    changes(session)
    if isinstance(who, Actor):
        by, company_id = _By("user", who.account.name, who.user_id), who.company_id
    else:
        by = _By("user", who.name)
    _add(session, by, company_id, action, entity, entity_id, before, after)


def assignee(name: str | None, sign: str | None) -> dict[str, str | None]:
    """Who has a task, before or after a change; `sign` is what tells them from namesakes.

    It is kept apart from the name, since not every reader may know of namesakes.
    """
    return {"assignee": name, "sign": sign} if sign else {"assignee": name}


def record_by_system(
    session: AsyncSession,
    company_id: int | None,
    action: str,
    entity: str,
    entity_id: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note what nobody did but the system itself, to put something in order."""
    by = _By("system", "system")
    _add(session, by, company_id, action, entity, entity_id, before, after)


@dataclass(frozen=True, slots=True)
class Noted:
    """One of many things that the system did, each to something of a company."""

    company_id: int
    action: str
    entity: str
    entity_id: int
    after: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None


_NOTE_ALL = """
    insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,
                            before, after, request_id)
    select company_id, 'system', 'system', action, entity, entity_id,
           before::jsonb, after::jsonb, $7
    from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
        noted(company_id, action, entity, entity_id, before, after)
    """


async def record_all_by_system(session: AsyncSession, noted: Sequence[Noted]) -> None:
    """The same for thousands, in one statement; none is fine."""
    if not noted:
        return
    rows = [
        (
            one.company_id,
            one.action,
            one.entity,
            one.entity_id,
            one.before and json.dumps(_plain(one.before)),
            one.after and json.dumps(_plain(one.after)),
        )
        for one in noted
    ]
    columns = map(list, zip(*rows, strict=True))
    await driver_of(session).fetch(_NOTE_ALL, *columns, context.request_id.get())


def record_by_operator(
    session: AsyncSession,
    operator: Account,
    company_id: int | None,
    action: str,
    entity: str,
    entity_id: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note what somebody who runs the deployment did to something of a company, or of none."""
    changes(session)
    by = _By("operator", operator.name)
    _add(session, by, company_id, action, entity, entity_id, before, after)


@dataclass(frozen=True, slots=True)
class _By:
    """Who did it."""

    kind: str
    name: str
    user_id: int | None = None


def _add(
    session: AsyncSession,
    by: _By,
    company_id: int | None,
    action: str,
    entity: str,
    entity_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    session.add(
        AuditLog(
            company_id=company_id,
            actor_kind=by.kind,
            actor_user_id=by.user_id,
            actor_name=by.name,
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

    id: int
    at: datetime
    actor_name: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.at, row.actor_name, row.action, row.before or {}, row.after or {})


_INTERNAL: ColumnElement[bool] = literal_column("(audit_logs.after->>'internal')::boolean")

# What was told of a file before it became internal has its name, too.
_OF_INTERNAL_FILE: ColumnElement[bool] = literal_column("""
    case when audit_logs.after->>'file_id' is not null then (
        select (newest.after->>'internal')::boolean from audit_logs newest
        where newest.entity = audit_logs.entity and newest.entity_id = audit_logs.entity_id
          and newest.after->>'file_id' = audit_logs.after->>'file_id'
        order by newest.id desc limit 1) end""")


@cache
def _history(internal: bool) -> Listing[Entry]:
    query = select(
        AuditLog.id,
        AuditLog.at,
        AuditLog.actor_name,
        AuditLog.action,
        AuditLog.before,
        AuditLog.after,
    ).where(
        AuditLog.entity == bindparam("entity"),
        AuditLog.entity_id == bindparam("entity_id", type_=BigInteger()),
    )
    if not internal:
        query = query.where(_INTERNAL.is_not(True), _OF_INTERNAL_FILE.is_not(True))
    return Listing(
        query,
        keys=[AuditLog.id],
        descending=True,
        size=HISTORY_PAGE,
        make=_entry,
        edge=lambda entry: Cursor(entry.id),
    )


async def history(
    session: AsyncSession,
    entity: str,
    entity_id: int,
    cursor: Cursor | None = None,
    *,
    internal: bool,
    size: int | None = None,
) -> Page[Entry]:
    """A page of the changes of an entity, newest first; `internal` ones only if asked for."""
    listing = _history(internal)
    return await listing.page(session, cursor, size=size, entity=entity, entity_id=entity_id)


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}
