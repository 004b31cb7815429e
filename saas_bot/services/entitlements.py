"""What the company's plan allows, checked by one guard at every way of adding."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import LimitReached
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.services import companies

# A running subscription decides; else a running trial; else the free plan.
_PLAN = text("""
    select p.name, p.seats, p.projects, p.storage_bytes,
        coalesce((select u.bytes from storage_usage u
                  where u.company_id = :company), 0) as used_bytes,
        (select count(*) from users u
         where u.company_id = :company and u.status = 'active') as used_seats,
        (select count(*) from projects j
         where j.company_id = :company and j.status = 'active') as used_projects
    from plans p
    where p.id = coalesce(
        (select s.plan_id from subscriptions s
         where s.company_id = :company and s.status in ('active', 'past_due')),
        (select t.plan_id from trials t where t.company_id = :company and t.ends_at > now()),
        (select f.id from plans f where f.code = 'free')
    )
    """)


@dataclass(frozen=True, slots=True)
class Seats:
    """How many seats of the plan are taken, and how many it has (None: as many as one likes)."""

    plan: str
    used: int
    limit: int | None

    @property
    def full(self) -> bool:
        """Whether nobody else can come in."""
        return self.limit is not None and self.used >= self.limit


async def seats(session: AsyncSession, company_id: int) -> Seats:
    """The seats of the company now."""
    return (await taken(session, company_id))[0]


async def guard(session: AsyncSession, company_id: int, what: str, *, held: bool = False) -> None:
    """Pass if the plan has room for one more of `what` (`seats` or `projects`).

    The company's row stays locked till the end of the transaction, so that two who come at once are
    counted one after the other; `held` says that it is locked already.

    Raises:
        LimitReached: it has not; the error says the limit and the plan.
    """
    if not held:
        await companies.hold(session, company_id)
    plan = (await session.execute(_PLAN, {"company": company_id})).mappings().one()
    limit: int | None = plan[what]
    if limit is not None and plan[f"used_{what}"] >= limit:
        raise LimitReached(f"limit-{what}", limit=limit, plan=plan["name"])


@dataclass(frozen=True, slots=True)
class StorageRoom:
    """How many bytes the files take, and how many the plan has (None: as many as one likes)."""

    plan: str
    used: int
    limit: int | None


async def storage_room(session: AsyncSession, company_id: int) -> StorageRoom:
    """What the files of the company take now, those on their way included."""
    return (await taken(session, company_id))[1]


async def taken(session: AsyncSession, company_id: int) -> tuple[Seats, StorageRoom]:
    """What the company takes of its plan now: seats, and room for files."""
    plan = (await session.execute(_PLAN, {"company": company_id})).mappings().one()
    return (
        Seats(plan["name"], plan["used_seats"], plan["seats"]),
        StorageRoom(plan["name"], plan["used_bytes"], plan["storage_bytes"]),
    )


async def guard_storage(
    session: AsyncSession, actor: Actor, size: int, name: str, *, counted: bool = True
) -> None:
    """Pass if the plan has room for files of `size` bytes, which this transaction has added.

    `name` is that of the file, or of the last of them.

    Adding them holds the row of `storage_usage`, so that those who add at once come one after the
    other. Files that only wait for their place are not `counted` yet.

    Raises:
        LimitReached: it has not; the error says the name, the limit, the use without them, the
            plan, and who asks, as only admins can do something about it.
    """
    room = await storage_room(session, actor.company_id)
    used = room.used - size if counted else room.used
    if room.limit is not None and used + size > room.limit:
        who = "admin" if may(actor.role, Permission.BILLING) else "other"
        about = {"limit": room.limit, "used": used, "plan": room.plan, "who": who}
        raise LimitReached("limit-storage", name=name, **about)
