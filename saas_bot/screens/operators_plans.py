"""What operators see of the plans, and the questions by which they change them."""

from typing import Any, Final

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.billing import STARS
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import money, size
from saas_bot.screens.screen import Screen, button, column, grid, screen
from saas_bot.services.billing.plans import BUILT_IN, LIMITS, PRICES, Offer
from saas_bot.services.operators.planning import CAP, FIELDS, Change


def plans(t: Translator, every: list[Offer]) -> Screen:
    """All of them."""
    return screen(
        Markup("\n\n").join([t("op-plans"), *(_plan(t, one) for one in every)]),
        *column(button(one.name, to.OpPlan(id=one.id)) for one in every),
        [button(t.plain("button-op-plan-new"), to.OpPlan(what="code"))],
    )


def plan(t: Translator, one: Offer) -> Screen:
    """One of them, and what of it can be changed."""
    edits = [
        button(t.plain(f"button-op-plan-{what}"), to.OpPlan(id=one.id, what=what))
        for what in FIELDS
    ]
    turn: list[str] = ["offer"] if one.retired else ["retire"]
    if one.code in BUILT_IN and not one.retired:
        turn = []
    return screen(
        _plan(t, one),
        *grid(edits, 2),
        *column(
            button(t.plain(f"button-op-plan-{what}"), to.OpPlan(id=one.id, what=what))
            for what in turn
        ),
        [button(t.plain("button-op-plans"), to.OpPlan())],
    )


def _plan(t: Translator, one: Offer) -> Markup:
    lines = [
        t("op-plan", name=one.name, code=one.code, retired="yes" if one.retired else "no"),
        t("op-plan-limits", **{what: _value(t, one, what, getattr(one, what)) for what in LIMITS}),
        (
            t("op-plan-free")
            if one.free
            else t(
                "op-plan-prices",
                stars=_value(t, one, "price_stars", one.price_stars),
                money=_value(t, one, "price_minor", one.price_minor),
            )
        ),
        t("op-plan-companies", count=one.companies),
        *([t("op-plan-settling")] if one.settling else []),
    ]
    return Markup("\n").join(lines)


def _value(t: Translator, one: Offer, what: str, value: Any) -> str:
    if value is None:
        return t.plain("op-plan-unlimited")
    if what == "storage_bytes":
        return size(t, value)
    if what in PRICES:
        return money(t, value, STARS if what == "price_stars" else one.currency)
    return str(value)


def ask_value(t: Translator, one: Offer, what: str) -> Screen:
    """The question for a value, with what a change touches."""
    touches = "limit" if what in LIMITS else "name" if what == "name" else "price"
    parts = [
        _plan(t, one),
        t(f"op-ask-plan-{what}", currency=one.currency),
        t(f"op-touches-{touches}", count=one.companies),
    ]
    return screen(Markup("\n\n").join(parts), [button(t.plain("button-cancel"), _CANCEL)])


def ask_change(t: Translator, change: Change) -> Screen:
    """Whether companies that have the plan are to have less of it, or to pay another price."""
    one, what = change.plan, change.what
    before, after = (_value(t, one, what, value) for value in (change.before, change.value))
    named = {"name": one.name, "what": t.plain(f"button-op-plan-{what}")}
    touches = (
        t("op-plan-beyond", count=change.beyond, most=CAP)
        if change.lowers
        else t("op-touches-price", count=one.companies)
    )
    sure = to.OpPlanChange(id=one.id, what=what, value=change.value, mark=change.mark)
    return screen(
        Markup("\n\n").join([t("op-plan-sure", **named, before=before, after=after), touches]),
        [button(t.plain("button-op-plan-sure"), sure)],
        [button(t.plain("button-op-plan-back"), to.OpPlan(id=one.id))],
    )


def ask_code(t: Translator) -> Screen:
    """The question for the code of another plan."""
    return screen(t("op-ask-plan-code"), [button(t.plain("button-cancel"), _CANCEL)])


_CANCEL: Final = to.Open(what="cancel")
