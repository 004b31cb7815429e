"""What the words after /report mean: `WEB 90`, `month @anna`, `мой квартал`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.db.models import User
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.report_period import DAYS, Period
from saas_bot.services import projects
from saas_bot.services.tasks.mentions import first_name, full_name, username

WORDS_MOST: Final = 6
"""Words that are looked at; more belong to no report."""

_SPOKEN: Final = {
    Period.WEEK: ("week", "неделя", "неделю"),
    Period.MONTH: ("month", "месяц"),
    Period.QUARTER: ("quarter", "квартал"),
}
PERIODS: Final[Mapping[str, Period]] = {
    word: period for period in Period for word in (str(DAYS[period]), *_SPOKEN[period])
}
ME: Final = frozenset({"me", "my", "mine", "я", "мой", "мои", "моя", "мне"})
FILLING: Final = frozenset({"days", "дней", "for", "за", "last"})


@dataclass(frozen=True, slots=True)
class Meant:
    """The report that is asked for, and the words that say nothing."""

    period: Period = Period.WEEK
    project_id: int | None = None
    user_id: int | None = None
    unknown: tuple[str, ...] = ()


async def meant(session: AsyncSession, actor: Actor, line: str) -> Meant:
    """Read a period, a project's key and a person from the line, in any order.

    Raises:
        Forbidden: the role gets no report, or none of other people.
    """
    actor.need(Permission.REPORTS)
    words, found = line.split(), Meant()
    for word in words[:WORDS_MOST]:
        found = await _with(session, actor, found, word)
    return replace(found, unknown=(*found.unknown, *words[WORDS_MOST:]))


async def _with(session: AsyncSession, actor: Actor, found: Meant, word: str) -> Meant:
    plain = word.strip(",.").lower()
    if plain in FILLING:
        return found
    if plain in PERIODS:
        return replace(found, period=PERIODS[plain])
    own = (actor.account.username or "").lower()
    if plain in ME or (own and plain == f"@{own}"):
        sees_others = reach(actor.role, Permission.REPORTS) is Reach.ALL
        return replace(found, user_id=actor.user_id if sees_others else None)
    if plain.startswith("@"):
        person = await _person(session, actor, plain[1:])
        return replace(found, user_id=person) if person else _missed(found, word)
    project = await _project(session, actor, plain)
    return replace(found, project_id=project) if project else _missed(found, word)


def _missed(found: Meant, word: str) -> Meant:
    return replace(found, unknown=(*found.unknown, word))


async def _person(session: AsyncSession, actor: Actor, handle: str) -> int | None:
    """The only member who goes by it; one's @username goes before others' names."""
    if reach(actor.role, Permission.REPORTS) is not Reach.ALL:
        raise Forbidden("not-allowed")
    for name in (username, full_name, first_name):
        query = select(User.id).where(User.status != "left", name(User) == handle).limit(2)
        named = (await session.scalars(query)).all()
        if handle and len(named) == 1:
            return named[0]
    return None


async def _project(session: AsyncSession, actor: Actor, key: str) -> int | None:
    if not key.isalnum():
        return None
    try:
        return (await projects.find(session, actor, Permission.REPORTS, key=key)).id
    except NotFound:
        return None
