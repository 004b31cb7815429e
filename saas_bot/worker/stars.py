"""Stars that go back, and whether Telegram's list of transactions agrees with ours."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import StarTransaction, TransactionPartnerUser

from saas_bot.core.clock import now
from saas_bot.core.metrics import NOT_MENDED, REFUNDS
from saas_bot.db.outages import is_away
from saas_bot.db.tenancy import Database
from saas_bot.services.billing import reconciling, refunds
from saas_bot.services.billing.reconciling import Difference, Kind, Seen, Transaction
from saas_bot.services.billing.refunds import Claimed

log = structlog.get_logger(__name__)

AT_ONCE: Final = 100
"""Transactions in one answer (Bot API, getStarTransactions.limit)."""

LOOK_BACK: Final = 3 * AT_ONCE
"""How many of those that we know are looked at again beside the newest."""

_BACK_ALREADY: Final = "CHARGE_ALREADY_REFUNDED"


async def give_back(database: Database, bot: Bot, moment: datetime | None = None) -> int:
    """Carry out the refunds that are due; gives how many were.

    No transaction is open while Telegram is asked. One who dies in between leaves a refund that is
    claimed again, and that Telegram then knows.
    """
    done = 0
    while True:
        async with database.system_session("refunds.claim") as session:
            claimed = await refunds.claim(session, moment)
        if claimed is None:
            return done
        done += await _carry_out(database, bot, claimed, moment)


async def _carry_out(
    database: Database, bot: Bot, claimed: Claimed, moment: datetime | None
) -> bool:
    try:
        await bot.refund_star_payment(claimed.payer_id, claimed.charge_id)
    except (AiogramError, OSError, TimeoutError) as error:
        if _BACK_ALREADY not in str(error):
            return await _failed(database, claimed, error, moment)
    async with database.system_session("refunds.confirm") as session:
        await refunds.confirm(session, claimed.id, moment)
    REFUNDS.labels("ok").inc()
    log.info("refund.done", refund=claimed.id, attempt=claimed.attempt)
    return True


async def _failed(
    database: Database, claimed: Claimed, error: Exception, moment: datetime | None
) -> bool:
    refused = isinstance(error, TelegramBadRequest | TelegramForbiddenError)
    async with database.system_session("refunds.fail") as session:
        said = str(error)[:500]
        given_up = await refunds.fail(session, claimed, said, moment, refused=refused)
    REFUNDS.labels("given_up" if given_up else "failed").inc()
    tell = log.error if given_up else log.warning
    tell("refund.failed", refund=claimed.id, attempt=claimed.attempt, error=str(error))
    return False


async def reconcile_newest(database: Database, bot: Bot) -> None:
    """Take in what was missed lately. Telegram lists the oldest first."""
    async with database.system_session("stars.known") as session:
        offset = max(0, await reconciling.known(session) - LOOK_BACK)
    reading = Reconciliation(database, bot)
    await reading.read(offset)
    if offset and not reading.transactions:
        # Telegram knows of fewer than we do, as after a change of the bot.
        await reading.read(0)
    for one in reading.found:
        log.warning("stars.differ", kind=one.kind, charge=one.charge_id, detail=one.detail)


class Reconciliation:
    """Compares page by page, and makes up for what was missed as it goes.

    What it keeps in memory are the ids of the charges.
    """

    def __init__(self, database: Database, bot: Bot) -> None:
        self.transactions = 0
        """How many payments and refunds Telegram has listed."""
        self.found: list[Difference] = []
        self._database, self._bot = database, bot
        self._seen = Seen()

    async def run(self) -> None:
        """Compare everything, both ways.

        Raises:
            AiogramError: Telegram can't be asked.
        """
        began = now()
        await self.read(0)
        after: int | None = 0
        while after is not None:
            async with self._database.system_session("stars.unlisted") as session:
                after, found = await reconciling.unlisted(session, after, began, self._seen)
            self.found += found

    async def read(self, offset: int) -> None:
        """Read Telegram's list from a place on."""
        async for page in _pages(self._bot, offset):
            listed = list(_payments_in(page))
            self.transactions += len(listed)
            for one in listed:
                (self._seen.back if one.back else self._seen.paid).add(one.charge_id)
            async with self._database.system_session("stars.differing") as session:
                differing = await reconciling.differing(session, listed)
            for one, kind in differing:
                difference = await self._mend(one, kind)
                if difference is not None:
                    self.found.append(difference)

    async def _mend(self, one: Transaction, kind: Kind) -> Difference | None:
        """Make up for one of them; what fails by itself holds up none of the others."""
        try:
            async with self._database.system_session("stars.mend") as session:
                return await reconciling.mend(session, one, kind)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("stars.not_mended", kind=kind, charge=one.charge_id)
            NOT_MENDED.inc()
            return Difference(Kind.NOT_MENDED, one.charge_id, f"{kind}: {error!r}")


async def _pages(bot: Bot, offset: int) -> AsyncIterator[Sequence[StarTransaction]]:
    while True:
        page = (await bot.get_star_transactions(offset=offset, limit=AT_ONCE)).transactions
        yield page
        if len(page) < AT_ONCE:
            return
        offset += len(page)


def _payments_in(page: Sequence[StarTransaction]) -> Iterator[Transaction]:
    """What people have paid, and what went back to them; withdrawals and the like are left out."""
    for one in page:
        partner = one.source or one.receiver
        if not isinstance(partner, TransactionPartnerUser):
            continue
        if partner.transaction_type != "invoice_payment":
            continue
        about = (one.id, partner.user.id, one.amount, one.date, partner.invoice_payload or "")
        yield Transaction(*about, back=one.source is None)
