"""What admins hear of their plan and their money: what is so, what comes next, and what to do."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.domain.billing import FREE, Status
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import day_and_clock, money
from saas_bot.screens.invoices import credit_of
from saas_bot.screens.notices import Told
from saas_bot.screens.screen import Screen, button, screen
from saas_bot.services import entitlements
from saas_bot.services.billing import documents, invoices, standing
from saas_bot.services.billing.standing import Standing
from saas_bot.services.notifications import Kind


def _same_end(told: Told, stands: Standing) -> bool:
    return stands.until == datetime.fromisoformat(told.said["ends_at"])


def _is(*states: str) -> Callable[[Told, Standing], bool]:
    """That the company stands so, and about the same stretch of time."""
    return lambda told, stands: stands.status in states and _same_end(told, stands)


STILL: Final[dict[Kind, Callable[[Told, Standing], bool]]] = {
    Kind.TRIAL_ENDS: _is(Status.TRIAL, Status.PENDING),
    Kind.TRIAL_ENDED: lambda _, stands: stands.until is None,
    Kind.RENEWAL_READY: lambda told, stands: (
        _same_end(told, stands)
        and stands.status == (Status.PAST_DUE if told.said.get("late") else Status.ACTIVE)
        and not stands.cancels_at_end
    ),
    Kind.PERIOD_ENDED: _is(Status.PAST_DUE),
    Kind.GRACE_ENDS: _is(Status.PAST_DUE),
    Kind.SUBSCRIPTION_EXPIRED: _is(Status.EXPIRED),
    Kind.SUBSCRIPTION_ENDED: _is(Status.CANCELED),
    Kind.SUBSCRIPTION_GRANTED: lambda told, stands: (
        _same_end(told, stands) and (stands.status == Status.ACTIVE) is not told.said["trial"]
    ),
}
"""Of news that waited, as through the night: whether it is still so."""

_OFFERS: Final = frozenset(
    {Kind.TRIAL_ENDS, Kind.TRIAL_ENDED, Kind.SUBSCRIPTION_EXPIRED, Kind.SUBSCRIPTION_ENDED}
)
"""What is solved by choosing a plan."""

_ASKS: Final = frozenset({Kind.RENEWAL_READY, Kind.PERIOD_ENDED, Kind.GRACE_ENDS})
"""What is solved by paying."""


async def news(told: Told) -> Screen | None:
    """One of them, for an admin; None where it is no longer so, or no longer theirs to know."""
    if not may(told.actor.role, Permission.BILLING):
        return None
    return await _MONEY.get(told.kind, _about_plan)(told)


async def _about_plan(told: Told) -> Screen | None:
    """What time does to the plan, or an operator did; None where it is no longer so."""
    t, kind = told.t, told.kind
    stands = await standing.of(told.session, told.actor.company_id)
    if not STILL[kind](told, stands):
        return None
    if kind in _ASKS:
        return await _asked_to_pay(told, stands)
    variant = "-trial" if told.said.get("trial") else ""
    day, clock = _when(told, datetime.fromisoformat(told.said["ends_at"]))
    said = t(f"notify-{kind}{variant}", plan=told.said["plan"], day=day, clock=clock)
    if kind is Kind.SUBSCRIPTION_GRANTED and stands.ahead and stands.ahead[-1].at > now():
        said = _granted_later(told, stands)
    return screen(said, [_choose(t) if kind in _OFFERS else _plan(t)])


def _granted_later(told: Told, stands: Standing) -> Markup:
    """That days were given which follow what is there."""
    *before, gift = stands.ahead
    after = before[-1].plan if before else gift.plan
    starts, ends = (" ".join(_when(told, at)) for at in (gift.at, gift.until or gift.at))
    about = {"plan": gift.plan, "after": after, "starts": starts, "ends": ends}
    variant = "more" if after == gift.plan else "later"
    return told.t(f"notify-subscription_granted-{variant}", **about)


async def _asked_to_pay(told: Told, stands: Standing) -> Screen | None:
    t, until = told.t, stands.grace_until or stands.until
    assert until is not None  # noqa: S101  # nosec B101: it is active or past due
    invoice = await invoices.open_for(told.session, told.actor.company_id)
    variant = ""
    if told.kind is Kind.RENEWAL_READY:
        if invoice is None or invoice.purpose != "renewal":
            return None
        variant = "-late" if told.said.get("late") else ""
    day, clock = _when(told, until)
    parts = [t(f"notify-{told.kind}{variant}", plan=told.said["plan"], day=day, clock=clock)]
    if told.kind is not Kind.RENEWAL_READY:
        parts += await _read_only_then(told)
    if invoice is None:
        return screen(Markup("\n").join(parts), [_plan(t)])
    left = money(t, invoice.amount_minor - invoice.paid_minor, invoice.currency)
    key = "billing-to-pay-upgrade" if invoice.purpose == "upgrade" else "billing-to-pay"
    wanted = invoice.lines[0]["plan"]
    parts.append(t(key, number=invoice.number, amount=left, plan=wanted))
    pay = button(t.plain("button-pay-now", amount=left), to.Invoice(id=invoice.id))
    return screen(Markup("\n").join(parts), [pay], [_plan(t)])


async def _read_only_then(told: Told) -> list[Markup]:
    """How much of what there is could only be read on the free plan."""
    used = await entitlements.usage_on(told.session, told.actor.company_id, FREE)
    return [
        told.t(f"billing-over-{what}", over=one.used - one.limit, all=one.used)
        for what, one in (("projects", used.projects), ("seats", used.seats))
        if one.limit is not None and one.used > one.limit
    ]


async def _paid(told: Told) -> Screen | None:
    """That an invoice is paid, and what the company has of it; None if the money went back."""
    document = await _document(told)
    if document is None or document.invoice.status != "paid" or document.corrected_by:
        return None
    t, said = told.t, told.said
    key = "notify-paid-credit" if "credited" in said else "notify-paid"
    amount = said.get("credited") or said.get("came") or said["amount"]
    head = t(key, number=said["number"], amount=_money(told, amount))
    return screen(await _has(told, head), [_invoice(told)], [_plan(t)])


async def _partly_paid(told: Told) -> Screen | None:
    """That a part is here; what is left is that of now."""
    document = await _document(told)
    if document is None or document.invoice.status != "issued":
        return None
    t, said, invoice = told.t, told.said, document.invoice
    left = _money(told, invoice.amount_minor - invoice.paid_minor)
    came = _money(told, said["paid"])
    return screen(
        t("notify-payment_partial", number=said["number"], paid=came, left=left),
        [_invoice(told)],
    )


async def _flagged(told: Told) -> Screen | None:
    """That a payment did not fit, and what becomes of it."""
    t, said = told.t, told.said
    about = {"number": said["number"], "amount": _money(told, said["amount"]), "why": said["flag"]}
    if anew := said.get("anew"):
        return _came_late(told, t("notify-payment_flagged-anew", **about, anew=anew["number"]))
    key = "notify-payment_flagged-back" if said["back"] else "notify-payment_flagged"
    return screen(t(key, **about), [_invoice(told)], [_plan(t)])


def _came_late(told: Told, head: Markup) -> Screen:
    """That another invoice was written in place of a void one, and what is to be paid of it yet."""
    t, anew = told.t, told.said["anew"]
    to_it = to.Invoice(id=anew["invoice_id"])
    if not anew["left"]:
        return screen(head, [button(t.plain("button-invoice", number=anew["number"]), to_it)])
    left = _money(told, anew["left"])
    rest = t("billing-to-pay", number=anew["number"], amount=left)
    pay = button(t.plain("button-pay-now", amount=left), to_it)
    return screen(Markup("\n").join([head, rest]), [pay], [_plan(t)])


async def _refunded(told: Told) -> Screen | None:
    """That money goes back, and what the company has now."""
    t, said = told.t, told.said
    amount = _money(told, said["amount"])
    about = {"number": said["number"] or "", "amount": amount}
    key = "notify-refunded" if said["number"] else "notify-refunded-credit"
    head = t("notify-annulled" if said.get("annulled") else key, **about)
    rows = [[_invoice(told)] if said["invoice_id"] else None, [_plan(t)]]
    return screen(await _has(told, head), *rows)


async def _voided(told: Told) -> Screen | None:
    """That an operator has withdrawn an invoice, and why."""
    t, said = told.t, told.said
    about = {"number": said["number"], "reason": said["reason"]}
    head = t("notify-invoice_voided", amount=_money(told, said["amount"]), **about)
    return screen(head, [_invoice(told)], [_plan(t)])


async def _has(told: Told, head: Markup) -> Markup:
    """What was done, the plan that holds since, and what credit there is."""
    stands, t = await standing.of(told.session, told.actor.company_id), told.t
    if stands.plan_until is None or stands.status in (Status.EXPIRED, Status.CANCELED):
        plan = t("billing-has", plan=stands.plan)
    else:
        day, clock = _when(told, stands.plan_until)
        plan = t("billing-has-until", plan=stands.plan, day=day, clock=clock)
    lines = (head, plan, credit_of(t, stands.credit))
    return Markup("\n").join(line for line in lines if line)


async def _document(told: Told) -> documents.Document | None:
    try:
        return await documents.one(told.session, told.actor, told.said["invoice_id"])
    except NotFound:
        return None


def _when(told: Told, moment: datetime) -> tuple[str, str]:
    return day_and_clock(told.t, moment, told.actor.account.timezone)


def _money(told: Told, amount: int) -> str:
    return money(told.t, amount, told.said["currency"])


def _invoice(told: Told) -> InlineKeyboardButton:
    label = told.t.plain("button-invoice", number=told.said["number"])
    return button(label, to.Invoice(id=told.said["invoice_id"]))


def _choose(t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-choose-plan"), to.Open(what="plan"))


def _plan(t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-my-plan"), to.Open(what="plan"))


_MONEY: Final[dict[Kind, Callable[[Told], Awaitable[Screen | None]]]] = {
    Kind.PAID: _paid,
    Kind.PAYMENT_PARTIAL: _partly_paid,
    Kind.PAYMENT_FLAGGED: _flagged,
    Kind.REFUNDED: _refunded,
    Kind.INVOICE_VOIDED: _voided,
}
