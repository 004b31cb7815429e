"""Who sells, and to whom: both are copied onto an invoice when it is written."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid
from saas_bot.core.settings import Settings
from saas_bot.db.models import BillingDetails
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import STARS
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit

NAMELESS: Final = "SaaS Bot"
"""The seller where the settings name none."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Seller:
    """Who runs this deployment, as invoices name them; `tax_rate` in hundredths of a percent."""

    name: str
    address: str = ""
    tax_id: str = ""
    bank_details: str = ""
    tax_rate: int = 0
    takes_cards: bool = False
    """Whether there is a provider for payments by card in the chat."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The seller of these settings."""
        return cls(
            settings.billing_seller_name or NAMELESS,
            settings.billing_seller_address,
            settings.billing_seller_tax_id,
            settings.billing_bank_details,
            int(settings.tax_rate * 100),
            settings.payment_provider_token is not None,
        )

    @property
    def takes_transfers(self) -> bool:
        """Whether one can pay by bank."""
        return bool(self.bank_details)

    def takes(self, currency: str) -> bool:
        """Whether there is a way to pay in this currency: always in Stars."""
        return currency == STARS or self.takes_transfers or self.takes_cards

    def printed(self) -> dict[str, str]:
        """What an invoice says of them."""
        said = {
            "name": self.name,
            "address": self.address,
            "tax_id": self.tax_id,
            "bank_details": self.bank_details,
        }
        return {key: value for key, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Details:
    """Whom the invoices of a company are made out to."""

    legal_name: str
    address: str
    tax_id: str | None = None
    email: str | None = None


async def get(session: AsyncSession, company_id: int) -> Details | None:
    """The details of a company; None where nobody has given any yet."""
    return _given(await session.scalar(_of(company_id)))


async def save(session: AsyncSession, actor: Actor, **said: str | None) -> Details:
    """Keep what is said, by the names of `Details`; the rest stays. None takes something away.

    Invoices that are written keep what they say.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Invalid: something is too long, no email address, or name or address are missing.
    """
    actor.need(Permission.BILLING)
    before = _given(await session.scalar(_of(actor.company_id).with_for_update()))
    known = asdict(before) if before else {"legal_name": None, "address": None}
    after = _checked(**{**known, **said})
    if after == before:
        return after
    audit.record(
        session,
        actor,
        "billing_details.changed",
        "company",
        actor.company_id,
        before=asdict(before) if before else None,
        after=asdict(after),
    )
    values = asdict(after)
    await session.execute(
        insert(BillingDetails)
        .values(company_id=actor.company_id, **values)
        .on_conflict_do_update(
            index_elements=["company_id"], set_={**values, "changed_at": func.now()}
        )
    )
    return after


def legal_name(value: str) -> str:
    """The name of a company as its register has it; errors as in `limits.line`."""
    return limits.line(value, limits.LEGAL_NAME, "legal_name")


def address(value: str) -> str:
    """A postal address of one or more lines; errors as in `limits.text`."""
    tidy = limits.text(value, limits.ADDRESS, "address")
    lines = (" ".join(part.split()) for part in tidy.splitlines())
    return "\n".join(line for line in lines if line)


def tax_id(value: str) -> str:
    """A tax number, whatever its country calls it; errors as in `limits.line`."""
    return limits.line(value, limits.TAX_ID, "tax_id")


def email(value: str) -> str:
    """An email address.

    Raises:
        Invalid: it can't be one, or is too long.
    """
    tidy = limits.line(value, limits.EMAIL, "email")
    if not _EMAIL.fullmatch(tidy):
        raise Invalid("email-shape", field="email")
    return tidy


def buyer(row: Mapping[str, Any]) -> dict[str, str]:
    """What invoices say of a company: its details, or without any its `name` here."""
    said = {
        "name": row["legal_name"] or row["name"],
        "address": row["address"],
        "tax_id": row["tax_id"],
        "email": row["email"],
    }
    return {key: value for key, value in said.items() if value}


def _of(company_id: int) -> Any:
    # What was read in the same session before may have changed.
    query = select(BillingDetails).where(BillingDetails.company_id == company_id)
    return query.execution_options(populate_existing=True)


def _given(row: BillingDetails | None) -> Details | None:
    return Details(row.legal_name, row.address, row.tax_id, row.email) if row else None


def _checked(
    *,
    legal_name: str | None,
    address: str | None,
    tax_id: str | None = None,
    email: str | None = None,
) -> Details:
    if legal_name is None or address is None:
        raise Invalid("details-missing")
    check = CHECKS
    return Details(
        check["legal_name"](legal_name),
        check["address"](address),
        None if tax_id is None else check["tax_id"](tax_id),
        None if email is None else check["email"](email),
    )


CHECKS: Final = {"legal_name": legal_name, "address": address, "tax_id": tax_id, "email": email}
"""How each part is made tidy, in the order in which they are asked for."""

OPTIONAL: Final = ("tax_id", "email")
"""Those that can be left out."""
