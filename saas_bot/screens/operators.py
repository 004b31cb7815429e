"""What operators see: English and Russian like everything else, but short and dense."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from markupsafe import Markup

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Row, Screen, button, clip, pager, screen
from saas_bot.services.dead_letters import AT_ONCE, CAP, NEWS, DeadLetter, KindState

REASON_SHOWN: Final = 200
COMPANY_SHOWN: Final = 40

_COUNTS: Final = ("waiting", "later", "dead", "sent", "blocked", "skipped")
"""The numbers of a kind, in the order in which they are told."""

_UNITS: Final = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


def outbox(t: Translator, kinds: Sequence[KindState]) -> Screen:
    """How it stands with the outbox: all of it, then kind by kind."""
    total = {name: sum(getattr(one, name) for one in kinds) for name in _COUNTS}
    given_up = button(t.plain("button-op-dead", count=total["dead"]), to.OpOutbox(what="dead"))
    return screen(
        Markup("\n\n").join([t("op-outbox"), *_standing(t, kinds, total)]),
        [given_up] if total["dead"] else None,
        [button(t.plain("button-op-refresh"), to.OpOutbox(what="state"))],
    )


def _standing(t: Translator, kinds: Sequence[KindState], total: Mapping[str, int]) -> list[Markup]:
    if not kinds:
        return [t("op-outbox-empty")]
    lines = [t("op-outbox-all", counts=_counts(t, total))]
    if total["waiting"]:
        oldest = max(one.oldest_seconds for one in kinds)
        lines.append(t("op-outbox-oldest", age=_age(t, oldest)))
    by_kind = [t("op-outbox-kind", kind=one.kind, counts=_counts(t, asdict(one))) for one in kinds]
    return [Markup("\n").join(lines), Markup("\n").join(by_kind), t("op-outbox-day")]


def _counts(t: Translator, numbers: Mapping[str, int]) -> str:
    """The numbers that are not zero, in words."""
    told = ((name, numbers[name]) for name in _COUNTS if numbers[name])
    return " · ".join(t.plain(f"op-count-{name}", count=_count(number)) for name, number in told)


def dead(t: Translator, page: Page[DeadLetter]) -> Screen:
    """What was given up, and why."""
    back = [button(t.plain("button-op-outbox"), to.OpOutbox(what="state"))]
    if not page.items:
        return screen(t("op-dead-none"), back)
    letters = [_letter(t, one) for one in page.items]
    acts = [
        [
            button(t.plain(f"button-op-{what}", id=str(one.id)), to.OpLetter(id=one.id, what=what))
            for what in ("retry", "drop")
        ]
        for one in page.items
    ]
    everything = [button(t.plain("button-op-retry-all"), to.OpOutbox(what="all"))]
    return screen(
        Markup("\n\n").join([t("op-dead"), *letters]),
        *acts,
        pager(t, page, to.OpOutbox(what="dead")),
        everything,
        back,
    )


def ask_drop(t: Translator, letter: DeadLetter) -> Screen:
    """Whether one is to be dropped: that can't be taken back."""
    yes = button(
        t.plain("button-op-drop", id=str(letter.id)), to.OpLetter(id=letter.id, what="sure")
    )
    return screen(Markup("\n\n").join([t("op-ask-drop"), _letter(t, letter)]), [yes], _back(t))


def ask_all(t: Translator) -> Screen:
    """Whether all of them are to be sent again."""
    yes = button(t.plain("button-op-retry-all"), to.OpOutbox(what="sure"))
    return screen(t("op-ask-all", days=NEWS.days, most=AT_ONCE), [yes], _back(t))


def _back(t: Translator) -> Row:
    return [button(t.plain("button-back"), to.OpOutbox(what="dead"))]


def _letter(t: Translator, one: DeadLetter) -> Markup:
    return t(
        "op-dead-letter",
        id=str(one.id),
        kind=one.kind,
        company=clip(one.company_name, COMPANY_SHOWN),
        age=_age(t, (now() - one.at).total_seconds()),
        reason=clip(one.reason, REASON_SHOWN),
    )


def _count(number: int) -> str:
    return str(number) if number < CAP else f"{CAP}+"


def _age(t: Translator, seconds: float) -> str:
    unit, length = next((u for u in _UNITS if seconds >= u[1]), _UNITS[-1])
    return t.plain(f"op-{unit}", count=int(seconds // length))
