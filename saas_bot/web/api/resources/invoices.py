"""Invoices and credit notes, what is paid, and the company's account."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final, Literal, Self

import structlog
from pydantic import Field, StringConstraints

from saas_bot.core.i18n import translator
from saas_bot.domain.billing import STARS
from saas_bot.domain.permissions import Permission
from saas_bot.drawing.process import DrawingFailed, drawn
from saas_bot.screens import invoice_paper
from saas_bot.screens.invoices import bank_of
from saas_bot.services.billing import documents, ledger
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.documents import Document
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment, PageOf, PageQuery
from saas_bot.web.api.problems import Problem
from saas_bot.web.api.routes import Raw, Route

log = structlog.get_logger(__name__)

Currency = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    Field(description="ISO 4217, or `XTR` for Telegram Stars", examples=["EUR"]),
]

Kind = Literal["invoice", "credit_note"]
State = Literal["issued", "paid", "void"]

IN_CHAT: Final = "/invoices"
"""The command that leads to paying in the chat."""


class InvoiceLine(Answer):
    """What an invoice is for."""

    code: str
    text: str = Field(description="In the caller's language")
    amount_minor: int
    starts_at: Moment | None = Field(description="Of the month that it is for")
    ends_at: Moment | None


class BankTransfer(Answer):
    """Where to send the money."""

    account: str = Field(description="The seller's bank details, in one or more lines")
    reference: str = Field(description="To be written with the transfer")


class Paying(Answer):
    """How to pay what is left of an invoice."""

    left_minor: int
    in_chat: str | None = Field(
        description="The bot's command that leads to paying with Stars or by card; null: not so",
        examples=[IN_CHAT],
    )
    bank: BankTransfer | None = Field(description="null: not by bank")


class ListedInvoice(Answer):
    """A line of the list. Amounts are in minor units of the currency, or in Stars."""

    id: int
    kind: Kind
    number: str = Field(examples=["INV-2026-000001"])
    status: State
    currency: str
    amount_minor: int
    paid_minor: int
    issued_at: Moment
    due_at: Moment
    corrected: bool = Field(description="A credit note takes its place")


class Invoice(Answer):
    """An invoice or credit note. Amounts are in minor units of the currency, or in Stars."""

    id: int
    kind: Kind
    number: str = Field(examples=["INV-2026-000001"])
    status: State
    purpose: Literal["start", "renewal", "upgrade"]
    currency: str
    amount_minor: int = Field(description="With the tax")
    paid_minor: int
    tax_rate: int = Field(description="In hundredths of a percent")
    tax_minor: int
    lines: list[InvoiceLine]
    seller: dict[str, str]
    buyer: dict[str, str]
    issued_at: Moment
    due_at: Moment
    paid_at: Moment | None
    voided_at: Moment | None
    void_reason: str | None
    corrects: str | None = Field(description="The number of the invoice that this note corrects")
    corrected_by: str | None = Field(description="The number of its credit note")
    paying: Paying | None = Field(description="null: there is nothing to pay")

    @classmethod
    def of(cls, call: Call, document: Document) -> Self:
        """A document as the caller reads it."""
        one = document.invoice
        made = {"lines", "corrects", "corrected_by", "paying"}
        return cls(
            **{name: getattr(one, name) for name in cls.model_fields if name not in made},
            lines=[_line(call, document, line) for line in one.lines],
            corrects=document.corrects,
            corrected_by=document.corrected_by,
            paying=_paying(call, one),
        )


def _line(call: Call, document: Document, line: dict[str, Any]) -> InvoiceLine:
    month = document.month(line)
    return InvoiceLine(
        code=line["code"],
        text=invoice_paper.what(call.t, line),
        amount_minor=line["amount"],
        starts_at=month.starts_at if month else None,
        ends_at=month.ends_at if month else None,
    )


def _paying(call: Call, one: Any) -> Paying | None:
    """The ways that the chat offers."""
    if one.kind != "invoice" or one.status != "issued":
        return None
    settings, in_stars = call.parts.settings, one.currency == STARS
    account = "" if in_stars else bank_of(one, Seller.of(settings))
    by_card = settings.payment_provider_token is not None
    return Paying(
        left_minor=one.amount_minor - one.paid_minor,
        in_chat=IN_CHAT if in_stars or by_card else None,
        bank=BankTransfer(account=account, reference=one.number) if account else None,
    )


class Payment(Answer):
    """What came in. Amounts are in minor units of the currency, or in Stars."""

    id: int
    invoice_id: int | None
    invoice: str | None = Field(description="The number of the invoice for which it came")
    method: Literal["stars", "bank", "provider"]
    reference: str = Field(description="Telegram's id of the charge, or the bank's reference")
    currency: str
    amount_minor: int
    credit_minor: int = Field(description="What of it has settled nothing and has not gone back")
    status: Literal["received", "flagged", "refunded", "annulled"]
    flag: str | None = Field(description="How it did not fit its invoice")
    paid_at: Moment


class LedgerLine(Answer):
    """A line of the company's account."""

    id: int
    at: Moment
    kind: ledger.Kind
    document: str = Field(description="The number of the invoice, or a payment's reference")
    currency: str
    amount: int = Field(description="What it adds to what the company owes")
    balance: int = Field(description="What it owes after that; less than 0 is credit")
    annulled: bool = Field(description="It was noted wrongly")


class Account(Answer):
    """The company's account in one currency."""

    currency: str
    charged: int
    voided: int
    corrected: int
    paid: int
    given_back: int
    owes: int = Field(description="What open invoices want, less the credit")


class Balance(Answer):
    """The company's accounts."""

    accounts: list[Account] = Field(description="One for each currency ever charged or paid in")
    credit: dict[str, int] = Field(
        description="By currency, what is paid and settles nothing yet: it pays the next invoices"
    )


class InvoicePath(Model):
    """Which one."""

    invoice: Id


class PdfQuery(Model):
    """The PDF's language."""

    language: Literal["en", "ru"] | None = Field(default=None, description="The caller's, if none")


async def page(call: Call, query: PageQuery) -> PageOf[ListedInvoice]:
    """The company's invoices and credit notes, the newest first."""
    found = await documents.mine(call.session, call.actor, query.place, size=query.limit)
    return PageOf[ListedInvoice].of(found, ListedInvoice.model_validate)


async def get(call: Call, path: InvoicePath) -> Invoice:
    """In full, with the ways to pay what is left."""
    return Invoice.of(call, await documents.one(call.session, call.actor, path.invoice))


async def pdf(call: Call, path: InvoicePath, query: PdfQuery) -> Raw:
    """As a PDF, the same that the bot sends."""
    document = await documents.one(call.session, call.actor, path.invoice)
    t = translator(query.language) if query.language else call.t
    said = invoice_paper.paper(t, document)
    return Raw(partial(_draw, asdict(said)), invoice_paper.file_name(t, document))


async def _draw(said: dict[str, Any]) -> bytes:
    """The bytes of a paper.

    Raises:
        Problem: 503, it could not be drawn.
    """
    try:
        return await drawn("papers", said)
    except DrawingFailed as error:
        log.error("invoice.not_drawn", number=said["number"], error=str(error))
        raise Problem(503, headers={"Retry-After": "5"}) from None


async def payments(call: Call, query: PageQuery) -> PageOf[Payment]:
    """What the company has paid, the newest first."""
    found = await documents.payments(call.session, call.actor, query.place, size=query.limit)
    return PageOf[Payment].of(found, Payment.model_validate)


async def lines(call: Call, query: PageQuery) -> PageOf[LedgerLine]:
    """The company's account line by line, the newest first."""
    found = await ledger.mine(call.session, call.actor, query.place, size=query.limit)
    return PageOf[LedgerLine].of(found, LedgerLine.model_validate)


async def balance(call: Call) -> Balance:
    """What the company owes, and what credit it has."""
    accounts = await ledger.balance(call.session, call.actor)
    credit = await documents.credit(call.session, call.actor.company_id)
    return Balance(accounts=[Account.model_validate(one) for one in accounts], credit=credit)


_BILLING: Final = Permission.BILLING
_ONE: Final = "/invoices/{invoice}"
_NONE: Final = {404: ("invoice-not-found",)}

ROUTES: Final = (
    Route("GET", "/invoices", _BILLING, page, "List invoices"),
    Route("GET", _ONE, _BILLING, get, "One invoice", problems=_NONE),
    Route(
        "GET",
        f"{_ONE}/pdf",
        _BILLING,
        pdf,
        "An invoice as a PDF",
        problems=_NONE,
        produces="application/pdf",
    ),
    Route("GET", "/payments", _BILLING, payments, "List payments"),
    Route("GET", "/billing/ledger", _BILLING, lines, "The company's account"),
    Route("GET", "/billing/balance", _BILLING, balance, "What the company owes"),
)
