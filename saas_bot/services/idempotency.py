"""Answers of the API that are kept for requests that come again under the same key."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Invalid
from saas_bot.db.direct import driver_of
from saas_bot.domain.actor import Account, Actor
from saas_bot.services.outbox import SWEEP_BATCH

KEEP: Final = timedelta(hours=24)
"""How long an answer is given again; a key that comes later than that makes something new."""

# Whoever comes with the same key at the same moment waits here until the first has committed.
_BEGIN: Final = """
    insert into idempotency_keys (company_id, telegram_id, key, fingerprint)
    values ($1, $2, $3, $4)
    on conflict do nothing
    returning id
    """

_FIND: Final = """
    select fingerprint, status, body from idempotency_keys
    where company_id is not distinct from $1 and telegram_id = $2 and key = $3
    """

_FINISH: Final = "update idempotency_keys set status = $2, body = $3 where id = $1"

_SWEEP: Final = """
    with old as materialized (
        select id from idempotency_keys where created_at < $1 limit $2 for update skip locked)
    delete from idempotency_keys k using old where k.id = old.id returning k.id
    """


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before."""

    status: int
    body: str


async def begin(
    session: AsyncSession, account: Account, actor: Actor | None, key: str, fingerprint: str
) -> int | Kept:
    """Note, in the transaction of its effect, that a request has come with this key.

    Gives what `finish` wants to have, or the answer of the request that was first.

    Raises:
        Invalid: that one was another request.
    """
    company_id = actor.company_id if actor else None
    mine = (company_id, account.telegram_id, key)
    driver = driver_of(session)
    while not (made := await driver.fetch(_BEGIN, *mine, fingerprint)):
        for row in await driver.fetch(_FIND, *mine):
            if row["fingerprint"] != fingerprint:
                raise Invalid("idempotency-key-reused")
            return Kept(row["status"], row["body"])
    place: int = made[0]["id"]
    return place


async def finish(session: AsyncSession, place: int, answer: Kept) -> None:
    """Keep the answer to the request that was begun there."""
    await driver_of(session).fetch(_FINISH, place, answer.status, answer.body)


async def sweep(session: AsyncSession) -> int:
    """Forget a batch of answers that were kept long enough; gives their number."""
    return len(await driver_of(session).fetch(_SWEEP, now() - KEEP, SWEEP_BATCH))
