"""Reports to take away: asking for one, and what the worker needs to make it.

An export is a row whose state says how far it has come; the work itself is queued in the same
transaction. `ask` and `cancel` want a tenant session, the worker's functions a system session.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Update,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import Export, User
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.report_export import UNDER_WAY, Delivery, Format, State
from saas_bot.domain.report_period import Period
from saas_bot.services import accounts, audit, outbox
from saas_bot.services.export_tasks import scope_of
from saas_bot.services.report_scope import scope

MOST_OF_COMPANY: Final = 5
MOST_OF_PERSON: Final = 3
"""Exports under way at once; those of one person are made one after the other."""

KEEP: Final = timedelta(days=30)
LOST_AFTER: Final = timedelta(days=1)
"""An export that is under way for so long has lost its worker and its job; it is given up."""

_IS_UNDER_WAY = written(Export.state, UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report is wanted as what."""

    format: Format
    period: Period
    project_id: int | None = None
    user_id: int | None = None
    delivery: Delivery = Delivery.CHAT


async def ask(session: AsyncSession, actor: Actor, wanted: Wanted) -> Export | None:
    """Queue a report as a file behind the person's others; None: they wait for the same already.

    Raises:
        Forbidden: the role gets no report, or none of other people.
        NotFound: there is no such project or member within reach.
        Conflict: the person, or the company, waits for too many.
    """
    await scope(session, actor, project_id=wanted.project_id, user_id=wanted.user_id)
    waiting = (await session.scalars(select(Export).where(_IS_UNDER_WAY))).all()
    own = [one for one in waiting if one.user_id == actor.user_id]
    if any(_is(one, wanted) for one in own):
        return None
    if len(own) >= MOST_OF_PERSON:
        raise Conflict("exports-enough", most=MOST_OF_PERSON)
    if len(waiting) >= MOST_OF_COMPANY:
        raise Conflict("exports-busy")
    export: Export | None = await session.scalar(
        insert(Export)
        .values(
            company_id=actor.company_id,
            user_id=actor.user_id,
            format=wanted.format,
            period=wanted.period,
            project_id=wanted.project_id,
            person_id=wanted.user_id,
            delivery=wanted.delivery,
        )
        .on_conflict_do_nothing()
        .returning(Export)
    )
    if export is None:  # a second click at the same moment
        return None
    turn = {"id": export.id, "turn": actor.user_id}
    await session.execute(text("select enqueue('export', :id, :turn)"), turn)
    audit.record(session, actor, "report.exported", "export", export.id, after=_told(wanted))
    return export


async def waited_for(session: AsyncSession, actor: Actor, wanted: Wanted) -> Export | None:
    """The actor's export of that report which is under way; None when it is over by now."""
    mine = select(Export).where(_IS_UNDER_WAY, Export.user_id == actor.user_id)
    return next((one for one in await session.scalars(mine) if _is(one, wanted)), None)


def _is(export: Export, wanted: Wanted) -> bool:
    return wanted == Wanted(
        Format(export.format),
        Period(export.period),
        export.project_id,
        export.person_id,
        Delivery(export.delivery),
    )


def _told(wanted: Wanted) -> dict[str, Any]:
    told = {
        "format": wanted.format,
        "period": wanted.period,
        "project_id": wanted.project_id,
        "user_id": wanted.user_id,
        "delivery": wanted.delivery,
    }
    return {name: value for name, value in told.items() if value is not None}


async def cancel(session: AsyncSession, actor: Actor, export_id: int) -> Export:
    """Give up an export of one's own; its worker notices before it goes on.

    Raises:
        Forbidden: the role gets no report.
        NotFound: there is none that could be cancelled.
        Conflict: it was sent already.
    """
    actor.need(Permission.REPORTS)
    mine = (Export.id == export_id) & (Export.user_id == actor.user_id)
    cancelled = _ends(State.CANCELLED).where(mine).returning(Export)
    export: Export | None = await session.scalar(cancelled)
    if export is None:
        sent = select(Export.id).where(mine, Export.state == State.SENT)
        if await session.scalar(sent) is not None:
            raise Conflict("export-sent")
        raise NotFound("export-over")
    audit.record(session, actor, "report.export_cancelled", "export", export.id)
    return export


def _ends(state: State, error: str | None = None, **kept: Any) -> Update:
    return (
        update(Export)
        .where(_IS_UNDER_WAY)
        .values(state=state, error=error, finished_at=func.now(), **kept)
        .execution_options(synchronize_session=False)
    )


# What the worker needs


@dataclass(frozen=True, slots=True)
class Begun:
    """An export that is this worker's to make; no actor: they are not in the company any more."""

    export: Export
    account: Account
    actor: Actor | None


async def begin(session: AsyncSession, company_id: int, export_id: int) -> Begun | None:
    """Take an export on, from whoever began it before; None when there is nothing left to do."""
    export = await session.scalar(
        update(Export)
        .where(Export.company_id == company_id, Export.id == export_id, _IS_UNDER_WAY)
        .values(state=State.RUNNING, attempts=Export.attempts + 1, rows=0)
        .returning(Export)
        .execution_options(synchronize_session=False)
    )
    if export is None:
        return None
    member = await _member(session, export)
    if member is None:  # the company is deleted
        await finish(session, export, State.CANCELLED, "no company")
        return None
    return Begun(export, *member)


async def _member(session: AsyncSession, export: Export) -> tuple[Account, Actor | None] | None:
    who = select(User.telegram_id).where(User.id == export.user_id)
    telegram_id = (await session.execute(who)).scalar_one()
    return await accounts.member_of(session, telegram_id, export.company_id)


async def note(session: AsyncSession, export: Export, rows: int, total: int) -> bool:
    """Note how many tasks are written; False: it was cancelled, or another worker took it on."""
    return await _changed(session, _mine(export).values(rows=rows, total=total))


async def remember_line(session: AsyncSession, export: Export, message_id: int) -> None:
    """Note which message tells of the progress, for whoever takes the export on."""
    await session.execute(_mine(export).values(message_id=message_id))


async def finish(
    session: AsyncSession,
    export: Export,
    state: State,
    error: str | None = None,
    **kept: Any,
) -> bool:
    """Note that an export is over, and what is kept of it; False: it was already, or another
    worker took it on."""
    return await _changed(session, _ends(state, error, **kept).where(*_ours(export)))


async def state_of(session: AsyncSession, export: Export) -> State | None:
    """How far it has come by now; None when the row is gone."""
    state = await session.scalar(select(Export.state).where(Export.id == export.id))
    return State(state) if state else None


async def recheck(session: AsyncSession, begun: Begun) -> bool:
    """Before sending: whether the export is still this worker's, and the person may have it now.

    It narrows the system session that it is given to the company of the export.

    Raises:
        Forbidden, NotFound: the person has lost access, or has another role now.
    """
    export = begun.export
    ours = select(Export.id).where(*_ours(export))
    if await session.scalar(ours.with_for_update()) is None:
        return False
    member = await _member(session, export)
    actor = member[1] if member else None
    if actor is None or begun.actor is None or actor.role is not begun.actor.role:
        raise Forbidden("not-allowed")
    await narrow(session, export.company_id)
    await scope_of(session, actor, export)
    return True


def _mine(export: Export) -> Update:
    change = update(Export).where(*_ours(export))
    return change.execution_options(synchronize_session=False)


def _ours(export: Export) -> tuple[ColumnElement[bool], ...]:
    """Under way, and not taken on by another worker since."""
    return _IS_UNDER_WAY, Export.id == export.id, Export.attempts == export.attempts


async def _changed(session: AsyncSession, change: Update) -> bool:
    return _count(await session.execute(change)) == 1


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


async def sweep(session: AsyncSession) -> int:
    """Delete a batch of exports asked for long ago, or lost; gives their number."""
    moment = now()
    old = or_(
        Export.created_at < moment - KEEP,
        and_(_IS_UNDER_WAY, Export.created_at < moment - LOST_AFTER),
    )
    batch = select(Export.id).where(old).limit(outbox.SWEEP_BATCH).with_for_update(skip_locked=True)
    return _count(await session.execute(delete(Export).where(Export.id.in_(batch))))
