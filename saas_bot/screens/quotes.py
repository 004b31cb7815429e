"""The question before a plan is taken: what it means, what it costs, what pays for it."""

from collections.abc import Iterator, Sequence
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import money
from saas_bot.screens.plan import back_to_plan, moment_of, offer_of
from saas_bot.screens.screen import Screen, button, column, screen
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.quotes import Quote, Way

AGREED: Final = frozenset({"quote-next", "quote-stay"})
"""What is only agreed to where nothing is to be paid for it now."""


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
        "until": moment_of(t, actor, again.at if again else stands.until),
    }
    parts = [
        offer_of(t, one.plan, seller),
        Markup("\n").join(
            [t(meaning, **said), *_meanwhile(t, actor, one, meaning), *_gives_up(t, actor, one)]
        ),
        Markup("\n").join([*_reckoning(t, one, ways), *_from_credit(t, ways)]),
        t("quote-exceeds", plan=one.plan.name) if one.exceeded else Markup(),
        _request(t, one, ways, meaning),
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        *column(_answers(t, one, ways, renew=renew)),
        *column(_agreement(t, one, seller) if meaning in AGREED and not one.ways else ()),
        back_to_plan(t),
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
        return "quote-stay" if same else "quote-next"
    return "quote-keep" if same else "quote-keep-next"


def _meanwhile(t: Translator, actor: Actor, one: Quote, meaning: str) -> Iterator[Markup]:
    """What is paid for or granted until then, and stays."""
    if meaning not in AGREED or one.standing.until is None:
        return
    for then in one.standing.follows:
        if then.at < one.standing.until:
            yield t("quote-meanwhile", at=moment_of(t, actor, then.at), plan=then.plan)


def _gives_up(t: Translator, actor: Actor, one: Quote) -> Iterator[Markup]:
    """What was given for nothing and ends with it."""
    for plan, until in one.gives_up.items():
        yield t("quote-gives-up", plan=plan, until=moment_of(t, actor, until))


def _from_credit(t: Translator, ways: Sequence[Way]) -> Iterator[Markup]:
    """What is paid already, and what the credit pays."""
    for way in ways:
        open_, used, rest = way.total - way.paid, way.from_credit, way.credit_left
        if way.paid:
            yield _amounts(t, "quote-paid", way, paid=way.paid, total=way.total)
        if used and way.left:
            yield _amounts(t, "quote-credit-part", way, total=open_, used=used, left=way.left)
        elif used:
            key = "quote-credit-all" if rest else "quote-credit-used-up"
            yield _amounts(t, key, way, used=used, rest=rest)


def _amounts(t: Translator, key: str, way: Way, **amounts: int) -> Markup:
    return t(key, **{name: money(t, one, way.currency) for name, one in amounts.items()})


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
        return t("quote-how" if any(way.left for way in ways) else "quote-how-credit")
    if one.ways:
        return t("invoice-no-way-to-pay")
    return t("quote-agreed") if meaning in AGREED else Markup()


def _answers(
    t: Translator, one: Quote, ways: Sequence[Way], *, renew: bool
) -> Iterator[InlineKeyboardButton]:
    if one.what == "cancel":
        yield button(t.plain("button-plan-cancel"), to.Open(what="plancancel"))
        return
    for way in ways:
        if way.invoice_id is not None and not way.from_credit:
            label = t.plain("button-plan-pay-open", amount=money(t, way.left, way.currency))
            yield button(label, to.Invoice(id=way.invoice_id))
            continue
        leads_to = (
            to.Renew(currency=way.currency)
            if renew
            else to.Subscribe(plan=one.plan.code, currency=way.currency)
        )
        yield button(_pays(t, way), leads_to)


def _pays(t: Translator, way: Way) -> str:
    """What the button does: nothing is paid from credit that does not say so."""
    amount = money(t, way.left or way.from_credit, way.currency)
    if not way.from_credit:
        return t.plain("button-plan-invoice", amount=amount)
    return t.plain("button-plan-rest" if way.left else "button-plan-credit", amount=amount)


def _agreement(t: Translator, one: Quote, seller: Seller) -> Iterator[InlineKeyboardButton]:
    """Yes to what is not paid for now."""
    payable = [currency for currency in one.plan.currencies if seller.takes(currency)]
    currency = [*payable, *one.plan.currencies][0]
    yield button(t.plain("button-yes"), to.Subscribe(plan=one.plan.code, currency=currency))
