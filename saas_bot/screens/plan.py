"""Screens of the plan: what the company has and takes, what else there is, changing it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import RUNNING, STARS, Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money, size
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, column, screen
from saas_bot.services.billing.plans import Offer
from saas_bot.services.billing.quotes import Plans, Quote, Way
from saas_bot.services.billing.standing import Standing
from saas_bot.services.entitlements import Usage, Use

BAR: Final = 10
"""How many signs a bar has."""


def plan(t: Translator, actor: Actor, one: Plans) -> Screen:
    """The plan that holds and until when, what is taken of it, and what the others give."""
    stands = one.standing
    others = [offer for offer in one.offers if offer.id != stands.plan_id]
    said = [
        Markup("\n").join(
            [t("plan", company=actor.company_name, plan=stands.plan), _standing(t, actor, stands)]
        ),
        Markup("\n").join(_usage(t, one.usage)),
        t("plan-exceeded") if one.current.exceeds(one.usage) else Markup(),
        Markup("\n\n").join([t("plan-others"), *(_offer(t, offer) for offer in others)]),
    ]
    takes = [_take(t, offer, one) for offer in others if not offer.free]
    return screen(
        Markup("\n\n").join(part for part in said if part),
        *column(_now(t, stands)),
        *column(takes),
        *column(_end(t, stands)),
        [
            button(t.plain("button-invoices"), to.Open(what="invoices")),
            button(t.plain("button-billing"), to.Open(what="billing")),
        ],
        back_to_menu(t),
    )


def _standing(t: Translator, actor: Actor, one: Standing) -> Markup:
    until = moment(t, one.until, actor.account.timezone) if one.until else ""
    grace = moment(t, one.grace_until, actor.account.timezone) if one.grace_until else ""
    if one.status == Status.ACTIVE and one.cancels_at_end:
        return t("plan-cancels", until=until)
    if one.status == Status.ACTIVE and one.next_plan:
        return t("plan-follows", until=until, next=one.next_plan)
    if one.status == Status.PENDING and one.until:
        return t("plan-pending-trial", until=until)
    return t(f"plan-{one.status}", until=until, grace=grace)


def _usage(t: Translator, used: Usage) -> Iterator[Markup]:
    for what, one in (("seats", used.seats), ("projects", used.projects)):
        yield _taken(t, what, one, str(one.used), str(one.limit))
    room = used.storage
    yield _taken(t, "storage", room, size(t, room.used), size(t, room.limit or 0))


def _taken(t: Translator, what: str, one: Use, used: str, limit: str) -> Markup:
    if one.limit is None:
        return t(f"plan-{what}-unlimited", used=used)
    return t(f"plan-{what}", used=used, limit=limit, bar=_bar(one.used, one.limit))


def _bar(used: int, limit: int) -> str:
    """How full it is; what is there at all shows, and what is full is full."""
    filled = min(BAR, -(-used * BAR // limit)) if limit else BAR
    return "▰" * filled + "▱" * (BAR - filled)


def _offer(t: Translator, one: Offer) -> Markup:
    return Markup("\n").join([t("plan-offer", plan=one.name, price=_price(t, one)), _gives(t, one)])


def _price(t: Translator, one: Offer) -> str:
    if one.free:
        return t.plain("plan-price-free")
    prices = [money(t, one.price(currency), currency) for currency in one.currencies]
    if len(prices) == 1:
        return t.plain("plan-price-one", price=prices[0])
    return t.plain("plan-price", stars=prices[0], money=prices[1])


def _gives(t: Translator, one: Offer) -> Markup:
    limits = (("seats", one.seats), ("projects", one.projects))
    said = [
        (
            t.plain(f"plan-gives-{what}", count=limit)
            if limit is not None
            else t.plain(f"plan-gives-{what}-unlimited")
        )
        for what, limit in limits
    ]
    room = one.storage_bytes
    said.append(
        t.plain("plan-gives-storage", size=size(t, room))
        if room is not None
        else t.plain("plan-gives-storage-unlimited")
    )
    return Markup("{}").format(" · ".join(said))


def _take(t: Translator, offer: Offer, one: Plans) -> InlineKeyboardButton:
    better = offer.price_minor > one.current.price_minor
    runs = one.standing.status in RUNNING
    what = "take" if not runs else "upgrade" if better else "downgrade"
    return button(t.plain(f"button-plan-{what}", plan=offer.name), to.Subscribe(plan=offer.code))


def _now(t: Translator, one: Standing) -> Iterator[InlineKeyboardButton]:
    """What is to be done first, if anything."""
    if one.open_invoice_id is not None:
        yield button(t.plain("button-plan-pay"), to.Invoice(id=one.open_invoice_id))
    elif one.status == Status.PAST_DUE:
        yield button(t.plain("button-plan-pay"), to.Renew())
    if one.status in (Status.TRIAL, Status.PENDING) and one.until:
        take = t.plain("button-plan-keep", plan=one.plan)
        yield button(take, to.Subscribe(plan=one.plan_code))
    if one.cancels_at_end:
        yield button(t.plain("button-plan-resume"), to.Open(what="planresume"))
    elif one.status == Status.ACTIVE and one.next_plan:
        keep = t.plain("button-plan-keep", plan=one.plan)
        yield button(keep, to.Subscribe(plan=one.plan_code))
    elif one.status == Status.ACTIVE and one.open_invoice_id is None:
        yield button(t.plain("button-plan-renew"), to.Renew())


def _end(t: Translator, one: Standing) -> Iterator[InlineKeyboardButton]:
    if one.status in (*RUNNING, Status.PENDING) and not one.cancels_at_end:
        key = "button-plan-withdraw" if one.status == Status.PENDING else "button-plan-cancel"
        yield button(t.plain(key), to.Open(what="plancancel"))


def choice(t: Translator, one: Plans) -> Screen:
    """The plans to choose from."""
    rows = [
        button(
            f"{'• ' if offer.id == one.standing.plan_id else ''}{offer.name} – {_price(t, offer)}",
            to.Subscribe(plan=offer.code),
        )
        for offer in one.offers
        if not offer.free
    ]
    offered = [_offer(t, offer) for offer in one.offers]
    return screen(
        Markup("\n\n").join([t("subscribe"), *offered]), *column(rows), _back(t), back_to_menu(t)
    )


def quote(
    t: Translator, actor: Actor, one: Quote, *, in_money: bool, renew: bool = False
) -> Screen:
    """What taking a plan would mean and cost, before anything is asked for.

    `in_money` says that there is another way to pay than Stars.
    """
    one = replace(one, ways=tuple(way for way in one.ways if in_money or way.currency == STARS))
    until = one.standing.until
    said = {
        "plan": one.plan.name,
        "current": one.current.name,
        "until": moment(t, until, actor.account.timezone) if until else "",
    }
    parts = [
        _offer(t, one.plan),
        t(_meaning(one, renew), **said),
        Markup("\n").join(_reckoning(t, one, way) for way in one.ways if way.credit),
        t("quote-exceeds", plan=one.plan.name) if one.exceeded else Markup(),
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        *column(_answers(t, one, renew)),
        _back(t),
    )


def _meaning(one: Quote, renew: bool) -> str:
    if renew:
        return "quote-renew" if one.standing.status == Status.ACTIVE else "quote-overdue"
    if one.what == "start" and one.standing.until and one.plan.id == one.current.id:
        return "quote-start-trial"
    return f"quote-{one.what}"


def _reckoning(t: Translator, one: Quote, way: Way) -> Markup:
    price, credit, total = (
        money(t, amount, way.currency) for amount in (way.price, way.credit, way.total)
    )
    return t("quote-credit", price=price, credit=credit, total=total, current=one.current.name)


def _answers(t: Translator, one: Quote, renew: bool) -> Iterator[InlineKeyboardButton]:
    if one.what == "cancel":
        yield button(t.plain("button-plan-cancel"), to.Open(what="plancancel"))
        return
    for way in one.ways:
        amount = money(t, way.total, way.currency)
        leads_to = (
            to.Renew(currency=way.currency)
            if renew
            else to.Subscribe(plan=one.plan.code, currency=way.currency)
        )
        yield button(t.plain("button-plan-invoice", amount=amount), leads_to)
    if one.what == "next" and not one.ways:
        yes = to.Subscribe(plan=one.plan.code, currency=one.plan.currencies[0])
        yield button(t.plain("button-yes"), yes)


def ask_cancel(t: Translator, actor: Actor, one: Standing) -> Screen:
    """Whether nothing is to follow any more."""
    until = moment(t, one.until, actor.account.timezone) if one.until else ""
    return screen(
        t(f"confirm-plan-cancel-{one.status}", plan=one.plan, until=until),
        [button(t.plain("button-yes-cancel"), to.Confirm(what="plancancel"))],
        _back(t),
    )


def nothing_to_cancel(t: Translator) -> Screen:
    """There is no subscription, or it ends anyway."""
    return _done(t, t("plan-nothing-to-cancel"))


def cancelled(t: Translator, actor: Actor, until: datetime | None) -> Screen:
    """Until when it runs, and that one may think better of it."""
    if until is None:
        return _done(t, t("plan-ended"))
    told = moment(t, until, actor.account.timezone)
    resume = button(t.plain("button-plan-resume"), to.Open(what="planresume"))
    return _done(t, t("plan-cancelled", until=told), resume)


def resumed(t: Translator) -> Screen:
    """It goes on."""
    return _done(t, t("plan-resumed"))


def agreed(t: Translator, what: str) -> Screen:
    """What was chosen without there being anything to pay for it now."""
    return _done(t, t(f"plan-agreed-{what}"))


def _done(t: Translator, said: Markup, *more: InlineKeyboardButton) -> Screen:
    return screen(said, more, _back(t), back_to_menu(t))


def _back(t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("button-to-plan"), to.Open(what="plan"))]
