"""People as Telegram knows them: who is acting, their settings, which company they work in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.cities import zone_of
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.db.direct import Driver
from saas_bot.db.models import AccountRow, Company, ProcessedUpdate, User
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.services import outbox
from saas_bot.services.preferences import look_again

LANGUAGES = ("en", "ru")

UNSET_TIMEZONE = "UTC"
"""The timezone of an account that has chosen none; its first company gives it one."""

# The membership in the active company, or in another one when that has been lost.
_WHO = """
    select a.name, a.username, a.language, a.timezone, a.blocked_at is not null as blocked,
           a.tips_seen, a.events_off, a.quiet_from, a.quiet_to,
           m.company_id, m.company_name, m.user_id, m.role, m.over_limit
    from accounts a
    left join lateral (
        select c.id as company_id, c.name as company_name, u.id as user_id, u.role, u.over_limit
        from users u
        join companies c on c.id = u.company_id and c.deleted_at is null
        where u.telegram_id = a.telegram_id and u.status = 'active'
        order by (u.company_id = a.active_company_id) desc nulls last, u.id
        limit 1
    ) m on true
    where a.telegram_id = $1
    """


_GO_ON = text("""
    update accounts a set active_company_id = m.id
    from (
        select c.id, c.name, u.id as user_id, u.role, u.over_limit
        from users u
        join companies c on c.id = u.company_id and c.deleted_at is null
        where u.telegram_id = :telegram_id and u.status = 'active' and c.id <> :left
        order by lower(c.name), c.id
        limit 1
    ) m
    where a.telegram_id = :telegram_id
    returning m.*
    """)


@dataclass(frozen=True, slots=True)
class Who:
    """The answer for one Telegram person: their account, and the actor where they are in a company.

    A `stale` answer differs from what is stored, which `remember` mends.
    """

    account: Account
    actor: Actor | None
    stale: bool = False


async def who_is(driver: Driver, telegram_id: int, *, is_operator: bool = False) -> Who | None:
    """The account with its active membership and company, in one statement; None for a newcomer."""
    rows = await driver.fetch(_WHO, telegram_id)
    return who_in(rows[0], telegram_id, is_operator=is_operator) if rows else None


def who_in(row: Mapping[str, Any], telegram_id: int, *, is_operator: bool) -> Who:
    """The answer that a row of the columns of `_WHO` gives; no `user_id`, no actor."""
    account = Account(
        telegram_id,
        row["name"],
        row["username"],
        row["language"],
        row["timezone"],
        is_operator,
        frozenset(row["tips_seen"]),
        frozenset(row["events_off"]),
        QuietHours.of(row["quiet_from"], row["quiet_to"]),
    )
    if row["user_id"] is None:
        return Who(account, None, row["blocked"])
    actor = Actor(
        account,
        row["company_id"],
        row["company_name"],
        row["user_id"],
        Role(row["role"]),
        over_limit=row["over_limit"],
    )
    return Who(account, actor, row["blocked"])


async def remember(
    session: AsyncSession, account: Account, *, digest_hour: int | None = None
) -> Account:
    """Create the account, or note that its name, @username or reachability has changed.

    Language, quiet hours and the hour of the digest are the person's own settings: they are set
    here once, at the first meeting.
    """
    named = {"name": account.name, "username": account.username}
    hours = account.quiet_hours
    values = {
        "telegram_id": account.telegram_id,
        "language": account.language,
        "quiet_from": hours.start if hours else None,
        "quiet_to": hours.end if hours else None,
        "digest_hour": digest_hour,
        "digest_at": None if digest_hour is None else func.now(),
        **named,
    }
    await outbox.tell_again(session, account.telegram_id)
    await session.execute(
        insert(AccountRow)
        .values(values)
        .on_conflict_do_update(index_elements=["telegram_id"], set_=named)
    )
    await session.execute(update(User).where(User.telegram_id == account.telegram_id).values(named))
    return account


async def set_language(session: AsyncSession, account: Account, language: str) -> Account:
    """Change the language of the bot for this person.

    Raises:
        Invalid: the bot does not speak it.
    """
    if language not in LANGUAGES:
        raise Invalid("stale-button")
    return await _set(session, account, language=language)


async def set_timezone(session: AsyncSession, account: Account, timezone: str) -> Account:
    """Change the timezone in which this person reads and writes times.

    Raises:
        Invalid: there is no such zone in the IANA database.
    """
    zone = zone_of(timezone)
    await look_again(session, account)
    anew = case((AccountRow.digest_hour.is_not(None), func.now()))
    own = AccountRow.telegram_id == account.telegram_id
    await session.execute(update(AccountRow).where(own).values(timezone=zone, digest_at=anew))
    return replace(account, timezone=zone)


async def set_reachable(session: AsyncSession, account: Account, *, reachable: bool) -> None:
    """Note that the person has blocked the bot, or let it in again."""
    if reachable:
        await outbox.tell_again(session, account.telegram_id)
        return
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id == account.telegram_id)
        .values(blocked_at=func.now())
    )


async def _set(session: AsyncSession, account: Account, **values: str) -> Account:
    await session.execute(
        update(AccountRow).where(AccountRow.telegram_id == account.telegram_id).values(values)
    )
    return replace(account, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Membership:
    """One company of a person, for the list they switch in."""

    company_id: int
    company_name: str
    role: Role


async def memberships(session: AsyncSession, account: Account) -> list[Membership]:
    """The companies in which the person is active, by name."""
    rows = await session.execute(
        select(Company.id, Company.name, User.role)
        .join(User, User.company_id == Company.id)
        .where(
            User.telegram_id == account.telegram_id,
            User.status == "active",
            Company.deleted_at.is_(None),
        )
        .order_by(func.lower(Company.name), Company.id)
    )
    return [Membership(company_id, name, Role(role)) for company_id, name, role in rows]


async def switch(session: AsyncSession, account: Account, company_id: int) -> Actor:
    """Make `company_id` the person's active company.

    Raises:
        NotFound: they are not (or no longer) in it.
    """
    row = (
        await session.execute(
            select(Company.name, User.id, User.role, User.over_limit)
            .join(User, User.company_id == Company.id)
            .where(
                Company.id == company_id,
                Company.deleted_at.is_(None),
                User.telegram_id == account.telegram_id,
                User.status == "active",
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("company-not-found")
    await activate(session, account.telegram_id, company_id)
    name, user_id, role, over = row
    return Actor(account, company_id, name, user_id, Role(role), over_limit=over)


async def go_on(session: AsyncSession, account: Account, *, but: int) -> Actor | None:
    """Make the first by name of the person's companies except `but` active; None without one."""
    changed = await session.execute(_GO_ON, {"telegram_id": account.telegram_id, "left": but})
    row = changed.one_or_none()
    if row is None:
        return None
    return Actor(account, row.id, row.name, row.user_id, Role(row.role), over_limit=row.over_limit)


async def activate(session: AsyncSession, telegram_id: int, company_id: int) -> None:
    """Note which company the person works in now."""
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id == telegram_id)
        .values(active_company_id=company_id)
    )


async def member_of(
    session: AsyncSession, telegram_id: int, company_id: int
) -> tuple[Account, Actor | None] | None:
    """A person as they stand in one company now: an actor while they are active in it.

    None for someone who was never in it, or whose company is deleted.
    """
    row = (
        await session.execute(
            select(AccountRow, User.id, User.role, User.status, User.over_limit, Company.name)
            .join(User, User.telegram_id == AccountRow.telegram_id)
            .join(Company, Company.id == User.company_id)
            .where(
                AccountRow.telegram_id == telegram_id,
                User.company_id == company_id,
                Company.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    person, user_id, role, status, over, company_name = row
    account = Account(
        telegram_id,
        person.name,
        person.username,
        person.language,
        person.timezone,
        events_off=frozenset(person.events_off),
        quiet_hours=QuietHours.of(person.quiet_from, person.quiet_to),
    )
    if status != "active":
        return account, None
    elsewhere = person.active_company_id != company_id
    return account, Actor(account, company_id, company_name, user_id, Role(role), elsewhere, over)


async def first_time(session: AsyncSession, update_id: int) -> bool:
    """Note, in the transaction of its effect, that an update is handled; False if it was already.

    A doubled delivery at the same moment waits here until the first has committed.
    """
    done = await session.execute(
        insert(ProcessedUpdate)
        .values(update_id=update_id)
        .on_conflict_do_nothing()
        .returning(ProcessedUpdate.update_id)
    )
    return done.scalar_one_or_none() is not None
