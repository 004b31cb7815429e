"""What operators see of the plans, and the questions by which they change them."""

from typing import Final

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.billing import STARS
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import money, size
from saas_bot.screens.screen import Screen, button, column, grid, screen
from saas_bot.services.billing.plans import BUILT_IN, Offer
from saas_bot.services.operators.planning import FIELDS

_LIMITS: Final = ("seats", "projects", "storage_bytes")


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
        t("op-plan-limits", **{what: _limit(t, one, what) for what in _LIMITS}),
        (
            t("op-plan-free")
            if one.free
            else t(
                "op-plan-prices",
                stars=money(t, one.price_stars, STARS),
                money=money(t, one.price_minor, one.currency),
            )
        ),
        t("op-plan-companies", count=one.companies),
        *([t("op-plan-settling")] if one.settling else []),
    ]
    return Markup("\n").join(lines)


def _limit(t: Translator, one: Offer, what: str) -> str:
    limit: int | None = getattr(one, what)
    if limit is None:
        return t.plain("op-plan-unlimited")
    return size(t, limit) if what == "storage_bytes" else str(limit)


def ask_value(t: Translator, one: Offer, what: str) -> Screen:
    """The question for a value, with what a change touches."""
    touches = "limit" if what in _LIMITS else "name" if what == "name" else "price"
    parts = [
        _plan(t, one),
        t(f"op-ask-plan-{what}", currency=one.currency),
        t(f"op-touches-{touches}", count=one.companies),
    ]
    return screen(Markup("\n\n").join(parts), [button(t.plain("button-cancel"), _CANCEL)])


def ask_code(t: Translator) -> Screen:
    """The question for the code of another plan."""
    return screen(t("op-ask-plan-code"), [button(t.plain("button-cancel"), _CANCEL)])


_CANCEL: Final = to.Open(what="cancel")
