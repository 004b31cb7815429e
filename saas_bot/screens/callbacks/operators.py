"""Buttons of those who run the deployment."""

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.screens.callbacks.billing import PlanCode
from saas_bot.screens.callbacks.fields import At, Id, OptionalId


class OpOutbox(CallbackData, prefix="oo"):
    """The state of the outbox, a page of what was given up, or all of that to be sent again: asked,
    then sure."""

    what: Literal["state", "dead", "all", "sure"]
    at: At = ""


class OpLetter(CallbackData, prefix="ol"):
    """One notification that was given up, to be sent after all or dropped (asked, then sure)."""

    id: Id
    what: Literal["retry", "drop", "sure"]


class OpStats(CallbackData, prefix="os"):
    """How the deployment does, anew."""


class OpCompanies(CallbackData, prefix="oc"):
    """A page of all companies, or of those `found` by the last search."""

    found: bool = False
    at: At = ""


class OpCompany(CallbackData, prefix="oe"):
    """A company."""

    id: Id


class OpGrant(CallbackData, prefix="og"):
    """So many days for nothing: of a plan, or of a longer trial where there is no code.

    With no days it asks how many. `mark` is how the company stood when it was asked whether it is
    sure; where that is missing, it asks.
    """

    company: Id
    plan: PlanCode = ""
    days: Annotated[int, Field(ge=0, le=999)] = 0
    mark: Annotated[int | None, Field(ge=0, le=2**40)] = None


class OpGrantPlan(CallbackData, prefix="oh"):
    """Of which plan a company is to get days."""

    company: Id


class OpPayments(CallbackData, prefix="op"):
    """What waits to be paid by bank, does not fit, or goes back."""

    what: Literal["waiting", "flagged", "refunds"] = "waiting"
    at: At = ""


class OpPaid(CallbackData, prefix="od"):
    """What a company has paid."""

    company: Id
    at: At = ""


class OpLedger(CallbackData, prefix="ok"):
    """A page of a company's account."""

    company: Id
    at: At = ""


class OpVoid(CallbackData, prefix="ov"):
    """An open invoice to be void: it asks why."""

    id: Id


class OpAnnul(CallbackData, prefix="ox"):
    """A transfer that was noted wrongly, to be taken out: asked, then sure."""

    id: Id
    sure: bool = False


class OpPayment(CallbackData, prefix="oy"):
    """A payment: to look at, to give back (asked, then sure), to leave, or sent back by hand."""

    id: Id
    what: Literal["", "refund", "sure", "seen", "sent"] = ""


class OpInvoice(CallbackData, prefix="oi"):
    """An invoice: to look at, or to note a transfer for."""

    id: Id
    what: Literal["", "note"] = ""


class OpNote(CallbackData, prefix="on"):
    """A transfer for an invoice, to be noted as the question with this `mark` said."""

    id: Id
    mark: Annotated[int, Field(ge=0, lt=2**32)]


class OpPlan(CallbackData, prefix="ow"):
    """A plan to look at or to change in one value; without an id all of them, or a new one."""

    id: OptionalId = 0
    what: Literal[
        "",
        "code",
        "name",
        "seats",
        "projects",
        "storage_bytes",
        "price_stars",
        "price_minor",
        "retire",
        "offer",
    ] = ""


class OpPlanChange(CallbackData, prefix="oz"):
    """A limit or a price of a plan, to be set as the question with this `mark` said."""

    id: Id
    what: Literal["seats", "projects", "storage_bytes", "price_stars", "price_minor"]
    value: Annotated[int, Field(ge=0, le=2**50)]
    mark: Annotated[int, Field(ge=0, lt=2**32)]
