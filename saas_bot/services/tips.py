"""Which first-use tips a person has seen: each is shown once, and never again by itself."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import Driver
from saas_bot.db.models import AccountRow
from saas_bot.domain.actor import Account

_SEE = """
    update accounts set tips_seen = array_append(tips_seen, $2)
    where telegram_id = $1 and not tips_seen @> array[$2]
    returning telegram_id
    """


async def see(driver: Driver, account: Account, tip: str) -> bool:
    """Note that the person sees the tip now; False if they have seen it already.

    Of two updates at once one waits for the other here, so that only one of them shows it.
    """
    return bool(await driver.fetch(_SEE, account.telegram_id, tip))


async def forget(session: AsyncSession, account: Account) -> None:
    """Let every tip be shown once more."""
    await session.execute(
        update(AccountRow).where(AccountRow.telegram_id == account.telegram_id).values(tips_seen=[])
    )
