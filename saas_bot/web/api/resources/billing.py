"""The company's plan: what it has and takes, what else there is, and choosing it."""

from typing import Final, Literal, Self

from pydantic import Field

from saas_bot.core.errors import Invalid
from saas_bot.domain.billing import STARS
from saas_bot.domain.permissions import Permission
from saas_bot.services.billing import details, documents, quotes, standing, subscriptions
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.quotes import Plans
from saas_bot.services.billing.quotes import Quote as Told
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Key, Model, Moment, Text
from saas_bot.web.api.resources.invoices import Currency, Invoice
from saas_bot.web.api.routes import Door, Route


class Offer(Answer):
    """A plan, and its price a month, tax included; a limit that is null is no limit."""

    code: str
    name: str
    seats: int | None
    projects: int | None
    storage_bytes: int | None
    price_stars: int
    price_minor: int = Field(description="In minor units of the currency; 0: not sold in it")
    currency: str


class Subscription(Answer):
    """How the company stands."""

    status: Literal["free", "trial", "pending", "active", "past_due", "expired", "canceled"]
    plan_code: str
    plan: str = Field(description="The name of the plan that holds now")
    until: Moment | None = Field(
        description="When it ends or is to be paid for again; of what is over, since when"
    )
    next_plan: str | None = Field(description="The name of the plan that follows")
    cancels_at_end: bool
    grace_until: Moment | None = Field(description="When past due: until when the plan still holds")
    open_invoice_id: int | None


class Use(Answer):
    """How much of one thing is taken; a limit that is null is no limit."""

    used: int
    limit: int | None


class Usage(Answer):
    """What the company takes of its plan."""

    seats: Use
    projects: Use
    storage: Use = Field(description="In bytes")


class PlanNow(Answer):
    """What the company has, takes and could have."""

    plan: Offer
    subscription: Subscription
    usage: Usage
    offers: list[Offer]

    @classmethod
    def of(cls, plans: Plans) -> Self:
        """The plan of a company."""
        return cls(
            plan=Offer.model_validate(plans.current),
            subscription=Subscription.model_validate(plans.standing),
            usage=Usage.model_validate(plans.usage),
            offers=[Offer.model_validate(one) for one in plans.offers if not one.retired],
        )


class Way(Answer):
    """A month in one currency, in its minor units or in Stars (`XTR`)."""

    currency: str
    price: int
    credit: int = Field(description="Taken off for what is paid for already and unused")
    total: int = Field(description="What the invoice asks for")
    from_credit: int = Field(description="What of it the company's credit pays at once")
    left: int = Field(description="To be paid now")


class Quote(Answer):
    """What it would mean to take a plan."""

    what: Literal["start", "upgrade", "next", "cancel", "keep"] = Field(
        description="`next`: from the next period on"
    )
    plan: Offer
    ways: list[Way] = Field(description="To pay for it now; none where nothing is to be paid")
    exceeded: bool = Field(description="There is more now than the plan allows")

    @classmethod
    def of(cls, call: Call, told: Told) -> Self:
        """A quote, in the currencies in which one can pay here."""
        ways = [one for one in told.ways if _seller(call).takes(one.currency)]
        return cls(
            what=told.what,
            plan=Offer.model_validate(told.plan),
            ways=[Way.model_validate(one) for one in ways],
            exceeded=told.exceeded,
        )


class QuoteQuery(Model):
    """Which plan."""

    plan: Key = Field(description="Its code", examples=["team"])


class PlanChoice(Model):
    """A plan that is wanted."""

    plan: Key = Field(description="Its code", examples=["team"])
    currency: Currency = STARS


class RenewalChoice(Model):
    """How the next month is to be paid for."""

    currency: Currency = STARS


class Chosen(Answer):
    """What became of a choice."""

    what: Literal["start", "upgrade", "downgrade", "cancel", "keep"] = Field(
        description="`start` and `upgrade` begin once the invoice is paid; `downgrade` follows what"
        " is paid for; with `keep` the plan that is paid for last goes on"
    )
    invoice: Invoice | None = Field(description="What there is to pay for it now")


class BillingDetails(Answer):
    """Whom invoices are made out to; all null where nobody has said."""

    legal_name: str | None = None
    address: str | None = None
    tax_id: str | None = None
    email: str | None = None


class NewBillingDetails(Model):
    """Whom invoices are to be made out to."""

    legal_name: Text = Field(description="Up to 160 characters", examples=["Acme Ltd"])
    address: Text = Field(
        description="Up to 400 characters, in one or more lines", examples=["1 Main Street\nLeeds"]
    )
    tax_id: Text | None = Field(default=None, description="Up to 40 characters")
    email: Text | None = Field(default=None, examples=["books@example.com"])


async def plan(call: Call) -> PlanNow:
    """What the company has, takes of it, and could have."""
    return PlanNow.of(await quotes.overview(call.session, call.actor))


async def quote(call: Call, query: QuoteQuery) -> Quote:
    """What taking this plan would mean and cost now; it changes nothing."""
    return Quote.of(call, await quotes.quote(call.session, call.actor, query.plan))


async def renewal(call: Call) -> Quote:
    """What the next month would cost, paid ahead or when past due."""
    return Quote.of(call, await quotes.renewal(call.session, call.actor))


async def subscription(call: Call) -> Subscription:
    """Which plan holds, until when, and what comes then."""
    stands = await standing.of(call.session, call.actor.company_id)
    return Subscription.model_validate(stands)


async def choose(call: Call, body: PlanChoice) -> Chosen:
    """The same choice again gives the same invoice; another one withdraws it.

    What is not paid in Stars needs the billing details first. To choose `free` is to cancel.
    """
    await _need_payable(call, body.currency)
    about = (call.actor, body.plan, body.currency, _seller(call))
    chosen = await subscriptions.choose(call.session, *about)
    if chosen.invoice is None:
        return Chosen(what=chosen.what, invoice=None)
    made = await documents.just_asked(call.session, call.actor, chosen.invoice)
    return Chosen(what=chosen.what, invoice=Invoice.of(call, made))


async def renew(call: Call, body: RenewalChoice) -> Invoice:
    """The invoice for the next month, to be paid ahead or when past due."""
    await _need_payable(call, body.currency)
    about = (call.actor, body.currency, _seller(call))
    asked = await subscriptions.renew_early(call.session, *about)
    return Invoice.of(call, await documents.just_asked(call.session, call.actor, asked))


async def cancel(call: Call) -> Subscription:
    """It ends with what is paid for, and can be taken back until then; past due, at once."""
    await subscriptions.cancel(call.session, call.actor)
    return await _stands(call)


async def resume(call: Call) -> Subscription:
    """Have it go on after all."""
    await subscriptions.resume(call.session, call.actor)
    return await _stands(call)


async def get_details(call: Call) -> BillingDetails:
    """Whom invoices are made out to."""
    given = await details.get(call.session, call.actor.company_id)
    return BillingDetails.model_validate(given) if given else BillingDetails()


async def put_details(call: Call, body: NewBillingDetails) -> BillingDetails:
    """They hold for what is written from then on; invoices that are written keep what they say."""
    said = body.model_dump()
    return BillingDetails.model_validate(await details.save(call.session, call.actor, **said))


def _seller(call: Call) -> Seller:
    return Seller.of(call.parts.settings)


async def _need_payable(call: Call, currency: str) -> None:
    """Pass if one can pay in this currency, and it is known who does.

    Raises:
        Invalid: one can't, or invoices in money need the billing details first.
    """
    if not _seller(call).takes(currency):
        raise Invalid("currency-not-taken", field="currency", currency=currency)
    if currency != STARS and await details.get(call.session, call.actor.company_id) is None:
        raise Invalid("details-missing")


async def _stands(call: Call) -> Subscription:
    """How it stands after a change."""
    overview = await quotes.overview(call.session, call.actor)
    return Subscription.model_validate(overview.standing)


_BILLING: Final = Permission.BILLING
_OFFERED: Final = {404: ("plan-not-offered",)}
_PAYABLE: Final = ("currency-not-taken", "details-missing")
_MEANWHILE: Final = "billing-changed-meanwhile"
_DETAILS: Final = "/billing/details"

ROUTES: Final = (
    Route("GET", "/plan", _BILLING, plan, "The plan"),
    Route("GET", "/plan/quote", _BILLING, quote, "What a plan would cost", problems=_OFFERED),
    Route(
        "GET",
        "/plan/renewal",
        _BILLING,
        renewal,
        "What the next month would cost",
        problems={409: ("billing-nothing-runs", "renewed-already")},
    ),
    Route("GET", "/subscription", _BILLING, subscription, "The subscription"),
    Route(
        "POST",
        "/subscription",
        _BILLING,
        choose,
        "Take a plan",
        door=Door.SYSTEM,
        status=201,
        problems=_OFFERED | {409: (_MEANWHILE,), 422: _PAYABLE},
    ),
    Route(
        "POST",
        "/subscription/renewal",
        _BILLING,
        renew,
        "Ask for the invoice of the next month",
        door=Door.SYSTEM,
        status=201,
        problems={
            409: ("billing-nothing-runs", "renewed-already", _MEANWHILE),
            422: _PAYABLE,
        },
    ),
    Route(
        "POST",
        "/subscription/cancel",
        _BILLING,
        cancel,
        "Cancel the subscription",
        door=Door.SYSTEM,
        problems={409: ("billing-nothing-runs", _MEANWHILE)},
    ),
    Route(
        "POST",
        "/subscription/resume",
        _BILLING,
        resume,
        "Take the cancellation back",
        door=Door.SYSTEM,
        problems={409: ("billing-nothing-canceled", _MEANWHILE)},
    ),
    Route("GET", _DETAILS, _BILLING, get_details, "The billing details"),
    Route(
        "PUT",
        _DETAILS,
        _BILLING,
        put_details,
        "Give the billing details",
        problems={422: (*TEXT, "email-shape")},
    ),
)
