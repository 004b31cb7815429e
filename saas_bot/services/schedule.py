"""When each periodic job last succeeded: told by the one table that all workers share.

The functions need a system session.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import PeriodicJob


async def last_runs(session: AsyncSession, names: Sequence[str]) -> Mapping[str, datetime]:
    """When the last successful run of each of these jobs began; a new one counts from now on."""
    known = await _noted(session, names)
    new = [{"name": name} for name in names if name not in known]
    if not new:
        return known
    await session.execute(insert(PeriodicJob).values(new).on_conflict_do_nothing())
    return await _noted(session, names)


async def _noted(session: AsyncSession, names: Sequence[str]) -> Mapping[str, datetime]:
    rows = await session.scalars(select(PeriodicJob).where(PeriodicJob.name.in_(names)))
    return {row.name: row.began_at for row in rows}


async def succeeded(session: AsyncSession, name: str, began: datetime) -> None:
    """Note a run that succeeded; one that began before the last one noted changes nothing."""
    row = insert(PeriodicJob).values(name=name, began_at=began)
    newest = func.greatest(PeriodicJob.began_at, row.excluded.began_at)
    await session.execute(
        row.on_conflict_do_update(index_elements=["name"], set_={"began_at": newest})
    )
