"""One-time codes from the chat: whoever shows one to the API in time is signed in.

A code has two halves. The first names its row, so that tries are counted for that one code however
many people have one; the second is the secret. A person has one code at most. All functions but
`try_out` need a system session.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Unauthorized
from saas_bot.db.direct import Driver
from saas_bot.db.models import LoginCode
from saas_bot.domain.actor import Account, Actor
from saas_bot.services import audit
from saas_bot.services.outbox import SWEEP_BATCH

LIFETIME: Final = timedelta(minutes=5)
TRIES: Final = 5

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, 5 bits each: https://www.crockford.com/base32.html."""

_MISREAD: Final = str.maketrans("ILO", "110")

_NAME: Final = 5
_SECRET: Final = 10
"""50 bits: not to be guessed in five tries, nor found from a stolen hash in five minutes."""

_GROUP: Final = 5
_SHAPE: Final = re.compile(f"[{_LETTERS}]{{{_NAME + _SECRET}}}")

# The condition is checked anew on a row that somebody else has just counted: five tries, not six.
_COUNT: Final = """
    update login_codes set tries = tries + 1
    where name = $1 and tries < $2 and expires_at > now()
    returning telegram_id, secret_hash
    """


@dataclass(frozen=True, slots=True)
class Right:
    """A code that was shown and is right: whose it is."""

    telegram_id: int
    secret_hash: str


async def issue(session: AsyncSession, account: Account, actor: Actor | None) -> str:
    """A new code for the person, in groups as it is to be read; an older one is over.

    Raises:
        Conflict: they are in no company and run nothing: there is nothing to sign in to.
    """
    if actor is None and not account.is_operator:
        raise Conflict("login-no-company")
    audit.changes(session)
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(_NAME + _SECRET))
        try:
            async with session.begin_nested():
                await session.execute(_stored(account, code))
        except IntegrityError:
            continue  # somebody has a code of that name
        return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


async def give_up(session: AsyncSession, account: Account) -> bool:
    """End the person's code; False where there is none that would still open anything."""
    ended = (
        delete(LoginCode)
        .where(LoginCode.telegram_id == account.telegram_id)
        .returning((LoginCode.expires_at > func.now()) & (LoginCode.tries < TRIES))
    )
    was_good = await session.scalar(ended)
    if was_good is not None:
        audit.changes(session)
    return bool(was_good)


async def try_out(driver: Driver, code: str) -> Right:
    """Whose code it is. The try counts whatever comes next: it is committed by itself.

    Raises:
        Unauthorized: there is no such code, or it is over, or tried too often.
    """
    said = re.sub(r"[\s-]", "", code[:64]).upper().translate(_MISREAD)
    if not _SHAPE.fullmatch(said):
        raise Unauthorized("login-code-refused")
    rows = await driver.fetch(_COUNT, said[:_NAME], TRIES)
    kept = rows[0]["secret_hash"] if rows else ""
    if not hmac.compare_digest(_digest(said), kept):
        raise Unauthorized("login-code-refused")
    return Right(rows[0]["telegram_id"], kept)


async def spend(session: AsyncSession, right: Right) -> None:
    """Use it up, in the transaction of the sign-in: of two who show it at once, one gets in.

    Raises:
        Unauthorized: it has been used, or another one has taken its place.
    """
    used = (
        delete(LoginCode)
        .where(
            LoginCode.telegram_id == right.telegram_id,
            LoginCode.secret_hash == right.secret_hash,
            LoginCode.expires_at > func.now(),
        )
        .returning(LoginCode.telegram_id)
    )
    if await session.scalar(used) is None:
        raise Unauthorized("login-code-refused")


async def sweep(session: AsyncSession) -> int:
    """Delete a batch of codes whose time is over; gives their number."""
    old = (
        select(LoginCode.telegram_id)
        .where(LoginCode.expires_at < func.now())
        .limit(SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = await session.execute(delete(LoginCode).where(LoginCode.telegram_id.in_(old)))
    return gone.rowcount if isinstance(gone, CursorResult) else 0


def _stored(account: Account, code: str) -> Insert:
    values = {
        "name": code[:_NAME],
        "secret_hash": _digest(code),
        "tries": 0,
        "expires_at": func.now() + LIFETIME,
        "created_at": func.now(),
    }
    return (
        insert(LoginCode)
        .values(telegram_id=account.telegram_id, **values)
        .on_conflict_do_update(index_elements=["telegram_id"], set_=values)
    )


def _digest(code: str) -> str:
    # Of both halves, so that nothing computed for one code serves for another.
    return hashlib.sha256(code.encode()).hexdigest()
