"""Screens of the plan: what the company has and takes, what else there is, ending it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import RUNNING, Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money, size
from saas_bot.screens.invoices import credit_of
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, column, screen
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.plans import Offer
from saas_bot.services.billing.quotes import Plans
from saas_bot.services.billing.standing import Standing, Stretch
from saas_bot.services.entitlements import Usage, Use

BAR: Final = 10
"""How many signs a bar has."""


def plan(t: Translator, actor: Actor, one: Plans, seller: Seller) -> Screen:
    """The plan that holds and until when, what is taken of it, and what the others give."""
    stands = one.standing
    others = [offer for offer in one.offers if offer.id != stands.plan_id]
    said = [
        Markup("\n").join(
            [
                t("plan", company=actor.company_name, plan=stands.plan),
                *_standing(t, actor, stands),
                *_price_of_trial(t, one, seller),
            ]
        ),
        credit_of(t, stands.credit),
        Markup("\n").join(_usage(t, one.usage)),
        t("plan-exceeded") if one.current.exceeds(one.usage) else Markup(),
        Markup("\n\n").join([t("plan-others"), *(offer_of(t, offer, seller) for offer in others)]),
    ]
    takes = [_take(t, offer, one) for offer in others if not offer.free and not _comes(offer, one)]
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
    until = moment_of(t, actor, one.until)
    if one.status == Status.ACTIVE and one.cancels_at_end:
        yield t("plan-cancels", until=until)
    elif one.status == Status.ACTIVE and one.ahead:
        yield _holds(t, actor, one.ahead[0])
    elif one.status == Status.PENDING and one.until:
        yield t("plan-pending-trial", until=until)
    else:
        yield t(f"plan-{one.status}", until=until, grace=moment_of(t, actor, one.grace_until))
    chosen = [then for then in one.follows if then.until is None]
    for then in (*one.ahead[1:], *chosen):
        ends = moment_of(t, actor, then.until)
        at = moment_of(t, actor, then.at)
        yield t(f"plan-then{_kind(then)}", at=at, plan=then.plan, until=ends)
    if one.status == Status.ACTIVE:
        yield from _asked(t, one)


def _holds(t: Translator, actor: Actor, one: Stretch) -> Markup:
    """Until when the plan is paid for or granted without another one between, after a trial."""
    until = moment_of(t, actor, one.until)
    if one.at > now():
        return t(f"plan-after-trial{_kind(one)}", at=moment_of(t, actor, one.at), until=until)
    return t("plan-active-gift" if one.granted else "plan-active", until=until)


def _kind(one: Stretch) -> str:
    if one.until is None:
        return ""
    return "-gift" if one.granted else "-paid"


def _price_of_trial(t: Translator, one: Plans, seller: Seller) -> Iterator[Markup]:
    """What goes on costs; of other plans it stands beside them."""
    if one.standing.status in (Status.TRIAL, Status.PENDING) and not one.current.free:
        yield t("plan-costs", plan=one.current.name, price=_price(t, one.current, seller))


def _asked(t: Translator, one: Standing) -> Iterator[Markup]:
    """What waits to be paid while a plan runs, or when it will."""
    if one.invoice is not None:
        what = "upgrade" if one.invoice.purpose == "upgrade" else "renewal"
        yield t(f"plan-open-{what}")
    elif not one.cancels_at_end:
        yield t("plan-next-invoice")


def moment_of(t: Translator, actor: Actor, at: datetime | None) -> str:
    """As the person reads it; nothing for none."""
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


def offer_of(t: Translator, one: Offer, seller: Seller) -> Markup:
    """What a plan costs and gives."""
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
    runs = one.standing.status in RUNNING
    what = "take" if not runs else "upgrade" if _is_better(offer, one) else "downgrade"
    return button(t.plain(f"button-plan-{what}", plan=offer.name), to.Subscribe(plan=offer.code))


def _is_better(offer: Offer, one: Plans) -> bool:
    return offer.price_minor > one.current.price_minor


def _comes(offer: Offer, one: Plans) -> bool:
    """Whether the plan is next anyway, so that there is nothing to choose."""
    stands = one.standing
    goes_on = stands.status in RUNNING and not stands.cancels_at_end
    return goes_on and offer.id == stands.renews_as[0] and not _is_better(offer, one)


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
        return
    if one.status == Status.ACTIVE and one.renews_as[0] != one.plan_id:
        stay = t.plain("button-plan-stay", plan=one.plan)
        yield button(stay, to.Subscribe(plan=one.plan_code))
    if one.status == Status.ACTIVE and one.open_invoice_id is None and not one.paid_ahead:
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
    offered = [offer_of(t, offer, seller) for offer in one.offers]
    return screen(
        Markup("\n\n").join([t("subscribe"), *offered]),
        *column(rows),
        back_to_plan(t),
        back_to_menu(t),
    )


def ask_cancel(t: Translator, actor: Actor, one: Standing) -> Screen:
    """Whether nothing is to follow any more."""
    return screen(
        t(f"confirm-plan-cancel-{one.status}", plan=one.plan, until=moment_of(t, actor, one.until)),
        [button(t.plain("button-yes-cancel"), to.Confirm(what="plancancel"))],
        back_to_plan(t),
    )


def nothing_to_cancel(t: Translator) -> Screen:
    """There is no subscription, or it ends anyway."""
    return _done(t, t("plan-nothing-to-cancel"))


def cancelled(t: Translator, actor: Actor, until: datetime | None) -> Screen:
    """Until when it runs, and that one may think better of it."""
    if until is None:
        return _done(t, t("plan-ended"))
    told = moment_of(t, actor, until)
    resume = button(t.plain("button-plan-resume"), to.Open(what="planresume"))
    return _done(t, t("plan-cancelled", until=told), resume)


def resumed(t: Translator) -> Screen:
    """It goes on."""
    return _done(t, t("plan-resumed"))


def agreed(t: Translator, actor: Actor, one: Standing) -> Screen:
    """What was chosen without there being anything to pay for it now, and what is so by it."""
    return _done(t, Markup("\n").join([t("plan-agreed"), *_standing(t, actor, one)]))


def _done(t: Translator, said: Markup, *more: InlineKeyboardButton) -> Screen:
    return screen(said, more, back_to_plan(t), back_to_menu(t))


def back_to_plan(t: Translator) -> list[InlineKeyboardButton]:
    """The way to the plan."""
    return [button(t.plain("button-to-plan"), to.Open(what="plan"))]
