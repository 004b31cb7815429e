"""Sessions of the admin API: signing in, going on by refresh tokens, and ending.

A session is one device of an account, at work in the company that was chosen at sign-in; those who
run the deployment may be in none. What its holder may do is looked up with each request.

A refresh token has two halves: the family, which stays, and a secret, which is another one after
each use. Whoever shows a family with a secret that is used up has an old token, or is not alone in
having it: the session ends (RFC 9700, 4.14.2). There is no grace, so a lost answer ends it too. All
functions but `signed` need a system session.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, NotFound, Unauthorized
from saas_bot.core.tokens import Claims
from saas_bot.db.direct import Driver, driver_of
from saas_bot.db.models import Company, OutboxMessage, Session
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.services import accounts, audit
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import SWEEP_BATCH

LIFETIME: Final = timedelta(days=30)
"""Of a refresh token: so long a session lasts without being used."""

PAGE: Final = 5
KEEP_ENDED: Final = timedelta(days=1)
DEVICE_LIMIT: Final = 120

_PREFIX: Final = "sbr_"
"""By which those who look for leaked secrets know ours."""

_FAMILY_BYTES: Final = 16
_SECRET_BYTES: Final = 32
_SHAPE: Final = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{{(_FAMILY_BYTES + _SECRET_BYTES) * 4 // 3}}}")

_ENTITY: Final = "session"

# `used` writes once a minute at most.
_SIGNED: Final = """
    with used as (
        update sessions set last_used_at = now()
        where id = $1 and telegram_id = $2 and revoked_at is null
          and last_used_at < now() - interval '1 minute')
    select a.name, a.username, a.language, a.timezone, a.blocked_at is not null as blocked,
           a.tips_seen, a.events_off, a.quiet_from, a.quiet_to, s.company_id as chosen,
           m.company_id, m.company_name, m.user_id, m.role, m.over_limit
    from sessions s
    join accounts a on a.telegram_id = s.telegram_id
    left join lateral (
        select c.id as company_id, c.name as company_name, u.id as user_id, u.role, u.over_limit
        from users u
        join companies c on c.id = u.company_id and c.deleted_at is null
        where u.id = s.user_id and u.status = 'active'
    ) m on true
    where s.id = $1 and s.telegram_id = $2 and s.revoked_at is null and s.expires_at > now()
    """

# Of two with the same token, the second waits for the first here, and then finds another secret.
_ROTATE: Final = """
    update sessions
    set refresh_hash = $3, expires_at = now() + $4, last_used_at = now(), device = $5, address = $6
    where family = $1 and refresh_hash = $2 and revoked_at is null and expires_at > now()
      and (user_id is null or exists (
          select from users u join companies c on c.id = u.company_id and c.deleted_at is null
          where u.id = sessions.user_id and u.status = 'active'))
    returning id, telegram_id, company_id
    """

_REUSED: Final = """
    update sessions set revoked_at = now()
    where family = $1 and refresh_hash <> $2 and revoked_at is null and expires_at > now()
    returning id, telegram_id, company_id
    """


@dataclass(frozen=True, slots=True)
class Signed:
    """Who asks, as things stand now, and by which session."""

    account: Account
    actor: Actor | None
    session_id: int


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in: what it calls itself, and its address."""

    name: str
    address: str

    @classmethod
    def of(cls, user_agent: str, address: str) -> "Device":
        """The device of a `User-Agent`, which may hold anything, in one line of a decent length."""
        shown = "".join(one if one.isprintable() else " " for one in user_agent[: 4 * DEVICE_LIMIT])
        return cls(" ".join(shown.split())[:DEVICE_LIMIT], address)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that goes on: what its next access token says, and its refresh token."""

    claims: Claims
    refresh_token: str
    company_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A session as its person sees it."""

    id: int
    company_id: int | None
    company_name: str | None
    device: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


async def signed(driver: Driver, claims: Claims, *, operator_ids: frozenset[int]) -> Signed | None:
    """Who asks, in one statement; None where the session is over, or its person shut out."""
    rows = await driver.fetch(_SIGNED, claims.session_id, claims.telegram_id)
    if not rows:
        return None
    is_operator = claims.telegram_id in operator_ids
    who = accounts.who_in(rows[0], claims.telegram_id, is_operator=is_operator)
    if who.actor is None and (rows[0]["chosen"] is not None or not is_operator):
        return None
    return Signed(who.account, who.actor, claims.session_id)


async def begin(
    session: AsyncSession,
    telegram_id: int,
    device: Device,
    *,
    company_id: int | None = None,
    is_operator: bool = False,
    proof: str | None = None,
) -> Opened:
    """Sign a person in, who is told of it in the chat.

    They work in the company of that id, else in their active one. A `proof` serves once.

    Raises:
        NotFound: they are not in that company.
        Conflict: they are in none, and run nothing.
        Unauthorized: they have never met the bot, or the proof has served.
    """
    account, actor = await _at_work(session, telegram_id, company_id, is_operator=is_operator)
    family, secret = secrets.token_bytes(_FAMILY_BYTES), secrets.token_bytes(_SECRET_BYTES)
    works_in = actor.company_id if actor else None
    row = {
        "telegram_id": telegram_id,
        "company_id": works_in,
        "user_id": actor.user_id if actor else None,
        "family": _digest(family),
        "refresh_hash": _digest(secret),
        "proof": proof,
        "device": device.name,
        "address": device.address,
        "last_used_at": func.now(),
        "expires_at": func.now() + LIFETIME,
    }
    stored = insert(Session).values(row).on_conflict_do_nothing(index_elements=["proof"])
    session_id = await session.scalar(stored.returning(Session.id))
    if session_id is None:
        raise Unauthorized("init-data-refused")
    about = ("session.begun", _ENTITY, session_id)
    audit.record(session, actor or account, *about, after=_from(device))
    _tell(session, telegram_id, Kind.SIGNED_IN, session_id, device)
    claims = Claims(telegram_id, session_id)
    return Opened(claims, _token(family, secret), works_in)


async def refresh(session: AsyncSession, token: str, device: Device) -> Opened | None:
    """Another refresh token in place of this one, and the claims of another access token.

    None, and what has come of that is to be committed: it is no token of a session that goes on,
    or one that is used up, which ends its session.
    """
    halves = _halves(token)
    if halves is None:
        return None
    family, secret = halves
    fresh = secrets.token_bytes(_SECRET_BYTES)
    driver = driver_of(session)
    shown = (_digest(family), _digest(secret))
    about = (_digest(fresh), LIFETIME, device.name, device.address)
    rows = await driver.fetch(_ROTATE, *shown, *about)
    if rows:
        (row,) = rows
        claims = Claims(row["telegram_id"], row["id"])
        return Opened(claims, _token(family, fresh), row["company_id"])
    for row in await driver.fetch(_REUSED, *shown):
        reused = (row["company_id"], "session.reused", _ENTITY, row["id"])
        audit.record_by_system(session, *reused, after=_from(device))
        _tell(session, row["telegram_id"], Kind.SESSION_REUSED, row["id"], device)
    return None


async def page(
    session: AsyncSession,
    account: Account,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Line]:
    """The person's sessions that go on, whatever the company, the newest first.

    A page has `size` of them, or as many as fit a chat.
    """
    return await _LIST.page(session, cursor, size=size, me=account.telegram_id)


async def end(session: AsyncSession, account: Account, session_id: int) -> None:
    """End one of the person's sessions.

    Raises:
        NotFound: they have none of that id that goes on.
    """
    if not await _end(session, account, Session.id == session_id):
        raise NotFound("session-not-found")


async def end_all(session: AsyncSession, account: Account) -> int:
    """End all of the person's sessions; gives their number."""
    return len(await _end(session, account))


async def sweep(session: AsyncSession) -> int:
    """Delete a batch of sessions that ended a day ago; gives their number."""
    over = func.least(text("expires_at"), text("revoked_at"))
    old = (
        select(Session.id)
        .where(over < func.now() - KEEP_ENDED)
        .limit(SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = await session.execute(delete(Session).where(Session.id.in_(old)))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


_GOES_ON: Final = (Session.revoked_at.is_(None), Session.expires_at > func.now())

_LIST: Final = Listing(
    select(
        Session.id,
        Session.company_id,
        Company.name,
        Session.device,
        Session.address,
        Session.created_at,
        Session.last_used_at,
        Session.expires_at,
    )
    .outerjoin(Company, Company.id == Session.company_id)
    .where(Session.telegram_id == ME, *_GOES_ON),
    keys=[Session.id],
    descending=True,
    size=PAGE,
    make=lambda row: Line(*row),
    edge=lambda line: Cursor(line.id),
)


async def _at_work(
    session: AsyncSession, telegram_id: int, company_id: int | None, *, is_operator: bool
) -> tuple[Account, Actor | None]:
    who = await accounts.who_is(driver_of(session), telegram_id, is_operator=is_operator)
    if who is None:
        raise Unauthorized("sign-in-unknown")
    actor = who.actor
    if company_id is not None and (actor is None or actor.company_id != company_id):
        found = await accounts.member_of(session, telegram_id, company_id)
        actor = found[1] if found else None
        if actor is None:
            raise NotFound("company-not-found")
    if actor is None and not is_operator:
        raise Conflict("login-no-company")
    return who.account, actor


async def _end(session: AsyncSession, account: Account, *which: Any) -> Sequence[Any]:
    ended = await session.execute(
        update(Session)
        .where(Session.telegram_id == account.telegram_id, *_GOES_ON, *which)
        .values(revoked_at=func.now())
        .returning(Session.id, Session.company_id, Session.device, Session.address)
        .execution_options(synchronize_session=False)
    )
    rows = ended.all()
    for row in rows:
        about = ("session.ended", _ENTITY, row.id)
        after = _from(Device(row.device, row.address))
        audit.record(session, account, *about, company_id=row.company_id, after=after)
    return rows


def _from(device: Device) -> dict[str, Any]:
    return {"device": device.name, "address": device.address}


def _tell(
    session: AsyncSession, telegram_id: int, kind: Kind, session_id: int, device: Device
) -> None:
    said = {"session_id": session_id, **_from(device)}
    session.add(OutboxMessage(telegram_id=telegram_id, kind=kind.value, payload=said))


def _token(family: bytes, secret: bytes) -> str:
    return _PREFIX + base64.urlsafe_b64encode(family + secret).decode()


def _halves(token: str) -> tuple[bytes, bytes] | None:
    if not _SHAPE.fullmatch(token):
        return None
    both = base64.urlsafe_b64decode(token.removeprefix(_PREFIX))
    return both[:_FAMILY_BYTES], both[_FAMILY_BYTES:]


def _digest(half: bytes) -> str:
    # Random bits can't be found from their hash: no salt or slow hash is needed.
    return hashlib.sha256(half).hexdigest()
