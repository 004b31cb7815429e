"""Screens of the plan: what the company has and takes, what else there is, changing it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import RUNNING, Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money, size
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, column, screen
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.plans import Offer
from saas_bot.services.billing.quotes import Plans, Quote, Way
from saas_bot.services.billing.standing import Standing
from saas_bot.services.entitlements import Usage, Use

BAR: Final = 10
"""How many signs a bar has."""


def plan(t: Translator, actor: Actor, one: Plans, seller: Seller) -> Screen:
    """The plan that holds and until when, what is taken of it, and what the others give."""
    stands = one.standing
    others = [offer for offer in one.offers if offer.id != stands.plan_id]
    said = [
        Markup("\n").join(
            [t("plan", company=actor.company_name, plan=stands.plan), *_standing(t, actor, stands)]
        ),
        Markup("\n").join(_usage(t, one.usage)),
        t("plan-exceeded") if one.current.exceeds(one.usage) else Markup(),
        Markup("\n\n").join([t("plan-others"), *(_offer(t, offer, seller) for offer in others)]),
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


def _standing(t: Translator, actor: Actor, one: Standing) -> Iterator[Markup]:
    """Until when it holds, what is to be paid, and each plan that follows."""
    until = _moment(t, actor, one.until)
    if one.status == Status.ACTIVE and one.cancels_at_end:
        yield t("plan-cancels", until=until)
    elif one.status == Status.PENDING and one.until:
        yield t("plan-pending-trial", until=until)
    else:
        yield t(f"plan-{one.status}", until=until, grace=_moment(t, actor, one.grace_until))
    for then in one.follows:
        yield t("plan-then", at=_moment(t, actor, then.at), plan=then.plan)
    if one.status == Status.ACTIVE:
        yield from _asked(t, one)


def _asked(t: Translator, one: Standing) -> Iterator[Markup]:
    """What waits to be paid while a plan runs, or when it will."""
    if one.invoice is not None:
        what = "upgrade" if one.invoice.purpose == "upgrade" else "renewal"
        yield t(f"plan-open-{what}")
    elif not one.cancels_at_end:
        yield t("plan-next-invoice")


def _moment(t: Translator, actor: Actor, at: datetime | None) -> str:
    return moment(t, at, actor.account.timezone) if at else ""


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


def _offer(t: Translator, one: Offer, seller: Seller) -> Markup:
    head = t("plan-offer", plan=one.name, price=_price(t, one, seller))
    return Markup("\n").join([head, _gives(t, one)])


def _price(t: Translator, one: Offer, seller: Seller) -> str:
    """What it costs in the currencies in which one can pay here, else in those there are."""
    if one.free:
        return t.plain("plan-price-free")
    payable = [currency for currency in one.currencies if seller.takes(currency)]
    prices = [money(t, one.price(currency), currency) for currency in payable or one.currencies]
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
    elif one.status == Status.ACTIVE and one.renews_as[0] != one.plan_id:
        keep = t.plain("button-plan-keep", plan=one.plan)
        yield button(keep, to.Subscribe(plan=one.plan_code))
    elif one.status == Status.ACTIVE and one.open_invoice_id is None and not one.paid_ahead:
        yield button(t.plain("button-plan-renew"), to.Renew())


def _end(t: Translator, one: Standing) -> Iterator[InlineKeyboardButton]:
    if one.status in (*RUNNING, Status.PENDING) and not one.cancels_at_end:
        key = "button-plan-withdraw" if one.status == Status.PENDING else "button-plan-cancel"
        yield button(t.plain(key), to.Open(what="plancancel"))


def choice(t: Translator, one: Plans, seller: Seller) -> Screen:
    """The plans to choose from."""
    rows = [
        button(
            f"{'• ' if offer.id == one.standing.plan_id else ''}{offer.name}"
            f" – {_price(t, offer, seller)}",
            to.Subscribe(plan=offer.code),
        )
        for offer in one.offers
        if not offer.free
    ]
    offered = [_offer(t, offer, seller) for offer in one.offers]
    return screen(
        Markup("\n\n").join([t("subscribe"), *offered]), *column(rows), _back(t), back_to_menu(t)
    )


def quote(
    t: Translator, actor: Actor, one: Quote, seller: Seller, *, renew: bool = False
) -> Screen:
    """What taking a plan would mean and cost, before anything is asked for."""
    stands, meaning = one.standing, _meaning(one, renew)
    ways = [way for way in one.ways if seller.takes(way.currency)]
    again = meaning == "quote-start-again" and stands.again
    said = {
        "plan": one.plan.name,
        "instead": one.instead or "",
        "until": _moment(t, actor, again.at if again else stands.until),
    }
    parts = [
        _offer(t, one.plan, seller),
        Markup("\n").join([t(meaning, **said), *_meanwhile(t, actor, one, meaning)]),
        Markup("\n").join(_reckoning(t, one, ways)),
        t("quote-exceeds", plan=one.plan.name) if one.exceeded else Markup(),
        _request(t, one, ways, meaning),
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        *column(_answers(t, one, ways, renew=renew)),
        *column(_agreement(t, one, seller) if meaning == "quote-next" and not one.ways else ()),
        _back(t),
    )


def _meaning(one: Quote, renew: bool) -> str:
    stands, same = one.standing, one.plan.id == one.current.id
    if one.what == "start":
        if same and stands.until:
            return "quote-start-trial"
        again = stands.again and stands.again.plan_id == one.plan.id
        return "quote-start-again" if again else "quote-start"
    if one.what not in ("keep", "next") or one.plan.free:
        return f"quote-{one.what}"
    if one.ways and stands.status == Status.PAST_DUE:
        return "quote-overdue"
    if renew or (one.ways and one.instead is None):
        return "quote-renew"
    if one.instead is not None:
        return "quote-next"
    return "quote-keep" if same else "quote-keep-next"


def _meanwhile(t: Translator, actor: Actor, one: Quote, meaning: str) -> Iterator[Markup]:
    """What is paid for or granted until then, and stays."""
    if meaning != "quote-next" or one.standing.until is None:
        return
    for then in one.standing.follows:
        if then.at < one.standing.until:
            yield t("quote-meanwhile", at=_moment(t, actor, then.at), plan=then.plan)


def _reckoning(t: Translator, one: Quote, ways: Sequence[Way]) -> Iterator[Markup]:
    reckoned = [way for way in ways if way.credit]
    if reckoned:
        yield t("quote-off", current=one.current.name)
    for way in reckoned:
        price, credit, total = (
            money(t, amount, way.currency) for amount in (way.price, way.credit, way.total)
        )
        yield t("quote-credit", price=price, credit=credit, total=total, current=one.current.name)


def _request(t: Translator, one: Quote, ways: Sequence[Way], meaning: str) -> Markup:
    """What one is asked to say to it."""
    if ways:
        return t("quote-how")
    if one.ways:
        return t("invoice-no-way-to-pay")
    return t("quote-agreed") if meaning == "quote-next" else Markup()


def _answers(
    t: Translator, one: Quote, ways: Sequence[Way], *, renew: bool
) -> Iterator[InlineKeyboardButton]:
    if one.what == "cancel":
        yield button(t.plain("button-plan-cancel"), to.Open(what="plancancel"))
        return
    for way in ways:
        amount = money(t, way.total, way.currency)
        leads_to = (
            to.Renew(currency=way.currency)
            if renew
            else to.Subscribe(plan=one.plan.code, currency=way.currency)
        )
        yield button(t.plain("button-plan-invoice", amount=amount), leads_to)


def _agreement(t: Translator, one: Quote, seller: Seller) -> Iterator[InlineKeyboardButton]:
    """Yes to what is not paid for now."""
    payable = [currency for currency in one.plan.currencies if seller.takes(currency)]
    currency = [*payable, *one.plan.currencies][0]
    yield button(t.plain("button-yes"), to.Subscribe(plan=one.plan.code, currency=currency))


def ask_cancel(t: Translator, actor: Actor, one: Standing) -> Screen:
    """Whether nothing is to follow any more."""
    return screen(
        t(f"confirm-plan-cancel-{one.status}", plan=one.plan, until=_moment(t, actor, one.until)),
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
    told = _moment(t, actor, until)
    resume = button(t.plain("button-plan-resume"), to.Open(what="planresume"))
    return _done(t, t("plan-cancelled", until=told), resume)


def resumed(t: Translator) -> Screen:
    """It goes on."""
    return _done(t, t("plan-resumed"))


def agreed(t: Translator, actor: Actor, one: Standing) -> Screen:
    """What was chosen without there being anything to pay for it now, and what is so by it."""
    return _done(t, Markup("\n").join([t("plan-agreed"), *_standing(t, actor, one)]))


def _done(t: Translator, said: Markup, *more: InlineKeyboardButton) -> Screen:
    return screen(said, more, _back(t), back_to_menu(t))


def _back(t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("button-to-plan"), to.Open(what="plan"))]
