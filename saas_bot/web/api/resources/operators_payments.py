"""For those who run the deployment: transfers to note, payments that don't fit, refunds."""

from typing import Final, Literal, Self

from pydantic import Field

from saas_bot.domain import limits
from saas_bot.services.billing import payments as money
from saas_bot.services.billing import refunds
from saas_bot.services.billing.details import Seller
from saas_bot.services.operators import payments, values, voiding
from saas_bot.services.operators.payments import Bill, Paid
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Key, Model, Moment, PageOf, PageQuery, Text
from saas_bot.web.api.routes import OPERATOR, Door, Route


class OpInvoice(Answer):
    """An invoice as operators see it. Amounts are in minor units of the currency, or in Stars."""

    id: int
    number: str
    kind: Literal["invoice", "credit_note"]
    status: Literal["issued", "paid", "void"]
    company_id: int | None
    company_name: str | None
    gone: bool = Field(description="Its company is deleted")
    buyer: str | None
    currency: str
    amount: int
    paid: int
    left: int = Field(description="What is still to come")
    due_at: Moment


class OpPayment(Answer):
    """A payment as operators see it. Amounts are in minor units of the currency, or in Stars."""

    id: int
    company_id: int | None
    company_name: str | None
    invoice: str | None = Field(description="The number of the one for which it came")
    method: Literal["stars", "bank", "provider"]
    reference: str = Field(description="Telegram's id of the charge, or the bank's reference")
    amount: int
    currency: str
    credit: int = Field(description="What of it has settled nothing and has not gone back")
    status: Literal["received", "flagged", "refunded", "annulled"]
    flag: str | None = Field(description="How it does not fit its invoice")
    noted_by: str | None
    paid_at: Moment
    refund_id: int | None
    refund: Literal["pending", "confirmed", "failed"] | None = Field(
        description="How it goes back, if it does"
    )
    reason: str | None = Field(description="Why it goes back")
    error: str | None = Field(description="What Telegram said, where it refused")

    @classmethod
    def of(cls, paid: Paid) -> Self:
        """The payment that a service gives."""
        named = {"invoice": paid.number, "reference": paid.charge_id}
        rest = {name: getattr(paid, name) for name in cls.model_fields if name not in named}
        return cls(**named, **rest)


class OpInvoicePath(Model):
    """Which invoice: by its id or number."""

    invoice: Key = Field(examples=["INV-2026-000001"])

    @property
    def which(self) -> int | str:
        """As services know it."""
        is_id = self.invoice.isdigit() and len(self.invoice) <= _DIGITS
        return int(self.invoice) if is_id else self.invoice


class OpPaymentPath(Model):
    """Which payment."""

    payment: Id


class OpPaymentsQuery(PageQuery):
    """Which payments."""

    state: Literal["all", "flagged", "going_back"] = Field(
        default="all", description="Or those that don't fit, or whose refund is not confirmed"
    )


class NewTransfer(Model):
    """What came by bank."""

    amount: int = Field(ge=1, le=values.MOST_MONEY, description="In minor units")
    reference: Text = Field(description="The bank's own name of it", examples=["RF18 5390 0754"])


class Noted(Answer):
    """What became of a transfer."""

    what: Literal["paid", "part", "anew", "kept"] = Field(
        description="The invoice is paid, or in part; it was void and is written anew; the money is"
        " only kept"
    )
    flag: str | None = Field(description="How it did not fit")
    payment_id: int
    invoice_id: int | None


class Voiding(Model):
    """Why an invoice is to be void."""

    reason: Text = Field(description="Up to 200 characters, which the company's admins read")


class Refunding(Model):
    """Why a payment is to go back."""

    reason: Text = Field(default="by operator", description="Up to 200 characters")


async def waiting(call: Call, query: PageQuery) -> PageOf[OpInvoice]:
    """Those that wait for a transfer, those due first coming first."""
    found = await payments.waiting(call.session, call.account, query.place, size=query.limit)
    return PageOf[OpInvoice].of(found, OpInvoice.model_validate)


async def invoice(call: Call, path: OpInvoicePath) -> OpInvoice:
    """By its id or number."""
    return OpInvoice.model_validate(await _bill(call, path))


async def note(call: Call, path: OpInvoicePath, body: NewTransfer) -> Noted:
    """Parts add up. The same reference counts once."""
    bill, seller = await _bill(call, path), Seller.of(call.parts.settings)
    about = (bill.id, body.amount, body.reference, seller)
    outcome = await money.note_transfer(call.session, call.account, *about)
    return Noted(
        what=outcome.status,
        flag=outcome.flag,
        payment_id=outcome.payment.id,
        invoice_id=outcome.invoice and outcome.invoice.id,
    )


async def void(call: Call, path: OpInvoicePath, body: Voiding) -> OpInvoice:
    """An open one only; its company is told why, and what is paid of it is credit."""
    bill = await _bill(call, path)
    await voiding.void(call.session, call.account, bill.id, body.reason)
    return await invoice(call, path)


async def page(call: Call, query: OpPaymentsQuery) -> PageOf[OpPayment]:
    """The newest first."""
    found = await _LISTED[query.state](call.session, call.account, query.place, size=query.limit)
    return PageOf[OpPayment].of(found, OpPayment.of)


async def get(call: Call, path: OpPaymentPath) -> OpPayment:
    """With how it goes back, if it does."""
    return OpPayment.of(await _paid(call, path))


async def seen(call: Call, path: OpPaymentPath) -> OpPayment:
    """Leave a payment that doesn't fit as it is: what it settles nothing with is credit."""
    await money.seen(call.session, call.account, path.payment)
    return await get(call, path)


async def refund(call: Call, path: OpPaymentPath, body: Refunding) -> OpPayment:
    """All of it. What it paid for ends, and its company is told; Stars go back by themselves."""
    reason = limits.line(body.reason, voiding.REASON, "reason")
    await refunds.ask(call.session, call.account, path.payment, reason)
    return await get(call, path)


async def sent_back(call: Call, path: OpPaymentPath) -> OpPayment:
    """You have sent back by hand what did not come in Stars."""
    paid = await _paid(call, path)
    await refunds.sent_back(call.session, call.account, paid.refund_id or 0)
    return await get(call, path)


async def annul(call: Call, path: OpPaymentPath) -> OpPayment:
    """Take out a transfer that was noted wrongly; no money goes anywhere."""
    await refunds.annul(call.session, call.account, path.payment)
    return await get(call, path)


async def _bill(call: Call, path: OpInvoicePath) -> Bill:
    return await payments.bill(call.session, call.account, path.which)


async def _paid(call: Call, path: OpPaymentPath) -> Paid:
    await call.session.flush()
    return await payments.one(call.session, call.account, path.payment)


_LISTED: Final = {
    "all": payments.every,
    "flagged": payments.flagged,
    "going_back": payments.going_back,
}
_DIGITS: Final = 18
_INVOICE: Final = "/operators/invoices/{invoice}"
_PAYMENT: Final = "/operators/payments/{payment}"
_NO_INVOICE: Final = {404: ("op-no-invoice",)}
_NO_PAYMENT: Final = {404: ("payment-not-found",)}
_MEANWHILE: Final = "billing-changed-meanwhile"
_BACK: Final = ("payment-goes-back-already", "refund-better-plan-first", _MEANWHILE)

ROUTES: Final = (
    Route(
        "GET",
        "/operators/invoices",
        OPERATOR,
        waiting,
        "List invoices that wait for a transfer",
        door=Door.SYSTEM,
    ),
    Route(
        "GET", _INVOICE, OPERATOR, invoice, "One invoice", door=Door.SYSTEM, problems=_NO_INVOICE
    ),
    Route(
        "POST",
        f"{_INVOICE}/payments",
        OPERATOR,
        note,
        "Note a transfer",
        door=Door.SYSTEM,
        status=201,
        problems={
            404: ("op-no-invoice", "invoice-not-found"),
            409: ("transfer-noted", "invoice-in-stars", _MEANWHILE),
            422: TEXT,
        },
    ),
    Route(
        "POST",
        f"{_INVOICE}/void",
        OPERATOR,
        void,
        "Void an invoice",
        door=Door.SYSTEM,
        problems=_NO_INVOICE | {409: ("invoice-not-open", _MEANWHILE), 422: TEXT},
    ),
    Route("GET", "/operators/payments", OPERATOR, page, "List payments", door=Door.SYSTEM),
    Route("GET", _PAYMENT, OPERATOR, get, "One payment", door=Door.SYSTEM, problems=_NO_PAYMENT),
    Route(
        "POST",
        f"{_PAYMENT}/seen",
        OPERATOR,
        seen,
        "Leave a payment as it is",
        door=Door.SYSTEM,
        problems=_NO_PAYMENT,
    ),
    Route(
        "POST",
        f"{_PAYMENT}/refund",
        OPERATOR,
        refund,
        "Give a payment back",
        door=Door.SYSTEM,
        problems=_NO_PAYMENT | {409: _BACK, 422: TEXT},
    ),
    Route(
        "POST",
        f"{_PAYMENT}/sent-back",
        OPERATOR,
        sent_back,
        "Say that it was sent back",
        door=Door.SYSTEM,
        problems=_NO_PAYMENT | {409: ("payment-goes-back-already",)},
    ),
    Route(
        "POST",
        f"{_PAYMENT}/annul",
        OPERATOR,
        annul,
        "Take out a transfer that was noted wrongly",
        door=Door.SYSTEM,
        problems=_NO_PAYMENT | {409: ("payment-not-to-annul", *_BACK)},
    ),
)
