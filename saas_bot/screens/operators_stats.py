"""What operators see of the whole deployment."""

from datetime import timedelta

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money, size
from saas_bot.screens.screen import Screen, button, screen
from saas_bot.services.operators.stats import DUE_CAP, Stats


def stats(t: Translator, account: Account, one: Stats) -> Screen:
    """How it does."""
    done = one.activity
    paying = [
        t("op-stats-plan", state=state, plan=plan, count=str(count))
        for (state, plan), count in sorted(one.paying.items())
    ]
    companies = t(
        "op-stats-companies",
        count=str(one.companies),
        trial=str(one.trial),
        active=str(one.of("active")),
        late=str(one.of("past_due")),
        free=str(one.free),
    )
    people = {f"d{days}": _atleast(one, days, getattr(done, f"people_{days}")) for days in _DAYS}
    tasks = {
        f"{what}{days}": _atleast(one, days, getattr(done, f"{what}_{days}"))
        for what in ("created", "done")
        for days in (1, 7)
    }
    amounts = [money(t, amount, currency) for currency, amount in one.revenue.items()]
    parts = [
        t("op-stats"),
        Markup("\n").join([companies, *paying]),
        t("op-stats-revenue", amounts=_bound(" + ".join(amounts) or "0", whole=not one.capped)),
        Markup("\n").join([t("op-stats-people", **people), t("op-stats-tasks", **tasks)]),
        Markup("\n").join(
            [
                t("op-stats-outbox", count=_due(done.outbox)),
                t("op-stats-storage", size=size(t, one.storage)),
            ]
        ),
    ]
    if done.since and done.since > one.moment - timedelta(days=max(_DAYS)):
        parts.append(t("op-stats-since", at=moment(t, done.since, account.timezone)))
    again = [button(t.plain("button-op-refresh"), to.OpStats())]
    return screen(Markup("\n\n").join(parts), again)


_DAYS = (1, 7, 30)


def _atleast(one: Stats, days: int, count: int) -> str:
    """A number; of what was not looked through as a whole, it is a lower bound."""
    return _bound(str(count), whole=one.activity.whole(days, one.moment))


def _bound(figure: str, *, whole: bool) -> str:
    return figure if whole else f"≥ {figure}"


def _due(count: int) -> str:
    return str(count) if count < DUE_CAP else f"{DUE_CAP}+"
