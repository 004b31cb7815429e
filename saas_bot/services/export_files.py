"""Exports of one's own: how far they have come, and the files of those that are downloaded.

Such a file is kept in the bucket for a day. Whoever fetches it has to have the rights still with
which it was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.models import Export, GoneObject
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.report_export import UNDER_WAY
from saas_bot.services import audit
from saas_bot.services.export_tasks import scope_of
from saas_bot.services.projects import attached_to
from saas_bot.storage import export_key

PAGE: Final = 15

KEEP_FILE: Final = timedelta(days=1)
LAST_DOWNLOADS: Final = timedelta(hours=1)
"""How long a file can be fetched, and how much longer it is there for who fetches it by then."""

_MINE: Final = Listing(
    select(Export.__table__).where(Export.user_id == ME),
    keys=[Export.id],
    descending=True,
    size=PAGE,
    make=lambda row: Export(**row._asdict()),
    edge=lambda one: Cursor(one.id),
)


async def page(
    session: AsyncSession, actor: Actor, cursor: Cursor | None = None, *, size: int | None = None
) -> Page[Export]:
    """The actor's exports of the last 30 days, the newest first.

    Raises:
        Forbidden: the role gets no report.
    """
    actor.need(Permission.REPORTS)
    return await _MINE.page(session, cursor, size=size, me=actor.user_id)


async def get(session: AsyncSession, actor: Actor, export_id: int) -> Export:
    """One of the actor's exports.

    Raises:
        Forbidden: the role gets no report.
        NotFound: they have none such.
    """
    actor.need(Permission.REPORTS)
    mine = select(Export).where(Export.id == export_id, Export.user_id == actor.user_id)
    export: Export | None = await session.scalar(mine)
    if export is None:
        raise NotFound("export-not-found")
    return export


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept to be downloaded."""

    object_key: str
    name: str
    size: int
    expires_at: datetime


async def fetch(session: AsyncSession, actor: Actor, export_id: int) -> Kept:
    """The file of an export of the actor's own, with the rights of now; that they take it is noted.

    Raises:
        Forbidden: the role gets no report.
        NotFound: they have none such; or `export-gone`: it is not kept any more, or tells of what
            they may not see any more.
        Conflict: it is not ready.
    """
    kept = await to_fetch(session, actor, export_id)
    audit.record(session, actor, "report.export_fetched", "export", export_id, after=_file(kept))
    return kept


async def to_fetch(session: AsyncSession, actor: Actor, export_id: int) -> Kept:
    """The same for whoever only wants to know how; errors as in `fetch`."""
    one = await get(session, actor, export_id)
    if one.state in UNDER_WAY:
        raise Conflict("export-not-ready")
    if not (one.object_key and one.name and one.expires_at and now() < one.expires_at):
        raise NotFound("export-gone")
    if one.role != actor.role or not await _in_all(session, actor, one.projects):
        raise NotFound("export-gone")
    try:
        await scope_of(session, actor, one)
    except (Forbidden, NotFound):
        raise NotFound("export-gone") from None
    return Kept(one.object_key, one.name, one.size or 0, one.expires_at)


def _file(kept: Kept) -> dict[str, str]:
    return {"file": kept.name}


async def _in_all(session: AsyncSession, actor: Actor, projects: list[int] | None) -> bool:
    return projects is None or set(projects) <= set(await _attached(session, actor))


async def _attached(session: AsyncSession, actor: Actor) -> list[int]:
    return list((await session.scalars(attached_to(actor.user_id))).all())


async def covers(session: AsyncSession, actor: Actor) -> list[int] | None:
    """The projects that a report of the actor can tell of by now; None: all. In their company."""
    if reach(actor.role, Permission.REPORTS) is Reach.ALL:
        return None
    return await _attached(session, actor)


async def place(session: AsyncSession, export: Export) -> tuple[str, datetime]:
    """A key for the file of an export, and until when it is kept; its object goes by itself then.

    It has to be committed before anything is stored there: so nothing can be left behind.
    """
    key, until = export_key(export.company_id), now() + KEEP_FILE
    session.add(GoneObject(object_key=key, due_at=until + LAST_DOWNLOADS))
    return key, until
