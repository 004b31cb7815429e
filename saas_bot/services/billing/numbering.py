"""The numbers of documents, which leave no gap."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.services.billing import details


class Series(StrEnum):
    """Each counts from 1 in each year of UTC."""

    INVOICE = "INV"
    CREDIT_NOTE = "CRN"


_COUNT_ON: Final = """
    with counted as (
        insert into document_numbers as n (series, year, last) values ($1, $2, $3)
        on conflict (series, year) do update set last = n.last + $3
        returning last
    )
    select counted.last, c.id, c.name, b.legal_name, b.address, b.tax_id, b.email
    from counted left join companies c on c.id = any($4::bigint[])
    left join billing_details b on b.company_id = c.id
    """


@dataclass(frozen=True, slots=True)
class Counted:
    """The next numbers of a series, the moment of their documents, and whom these are made to."""

    numbers: Sequence[str]
    moment: datetime
    buyers: dict[int, dict[str, str]]


async def count_on(
    session: AsyncSession,
    series: Series,
    count: int,
    moment: datetime | None,
    companies: Collection[int] = (),
) -> Counted:
    """Take so many numbers. The counter stays locked until the transaction ends.

    Without a moment given it is that of the lock, so that numbers and dates have one order; a year
    does not end before its last number.
    """
    year = (moment or now()).astimezone(UTC).year
    rows = await driver_of(session).fetch(_COUNT_ON, series, year, count, [*companies])
    last, ends_at = rows[0]["last"], datetime(year + 1, 1, 1, tzinfo=UTC)
    return Counted(
        [f"{series}-{year}-{number:06}" for number in range(last - count + 1, last + 1)],
        moment or min(now(), ends_at - timedelta(microseconds=1)),
        {row["id"]: details.buyer(row) for row in rows if row["id"] is not None},
    )
