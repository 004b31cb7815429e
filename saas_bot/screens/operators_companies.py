"""What operators see of companies, and how they give one something."""

from datetime import datetime
from typing import Final

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money, size
from saas_bot.screens.screen import Screen, button, clip, column, grid, pager, screen
from saas_bot.services.billing.plans import Offer
from saas_bot.services.operators.companies import Overview, Stretch
from saas_bot.services.operators.granting import Grant, mark_of

NAME_SHOWN: Final = 64
DAYS: Final = (7, 14, 30, 60, 90, 365)
"""What the buttons offer; any other number is written behind the command."""


def companies(t: Translator, account: Account, page: Page[Overview], words: str = "") -> Screen:
    """A page of them, the newest first."""
    title = t("op-companies-found", words=clip(words, NAME_SHOWN)) if words else t("op-companies")
    again = [button(t.plain("button-op-all-companies"), to.OpCompanies())] if words else None
    if not page.items:
        return screen(t("op-companies-none"), again)
    found = bool(words)
    return screen(
        Markup("\n\n").join([title, *(overview(t, account, one) for one in page.items)]),
        *column(
            button(f"#{one.id} {clip(one.name, NAME_SHOWN)}", to.OpCompany(id=one.id))
            for one in page.items
        ),
        pager(t, page, to.OpCompanies(found=found)),
        again,
    )


def overview(t: Translator, account: Account, one: Overview) -> Markup:
    """A company in a few lines."""
    lines = [t("op-company", id=str(one.id), name=one.name), _standing(t, account, one)]
    seen = _time(t, account, one.seen_at) if one.seen_at else t.plain("op-never")
    room = size(t, one.storage)
    taken = {"people": str(one.people), "projects": str(one.projects), "storage": room}
    lines.append(t("op-company-taken", **taken))
    lines.append(t("op-company-seen", seen=seen, since=_time(t, account, one.created_at)))
    if one.debt:
        owed = " + ".join(money(t, amount, currency) for currency, amount in one.debt.items())
        lines.append(t("op-company-debt", amount=owed))
    return Markup("\n").join(lines)


def _standing(t: Translator, account: Account, one: Overview) -> Markup:
    if one.purged_at:
        return t("op-state-deleted", until=_time(t, account, one.purged_at))
    if one.ahead and one.state == "active" and not one.cancels:
        return t("op-state-ahead", ahead=" → ".join(_stretch(t, account, x) for x in one.ahead))
    until = _time(t, account, one.until) if one.until else ""
    state = "cancels" if one.cancels and one.state == "active" else one.state
    return t(f"op-state-{state}", plan=one.plan, until=until)


def _stretch(t: Translator, account: Account, one: Stretch) -> str:
    granted = "yes" if one.granted else "no"
    return t.plain("op-stretch", plan=one.plan, granted=granted, until=_time(t, account, one.until))


def _time(t: Translator, account: Account, at: datetime) -> str:
    return moment(t, at, account.timezone)


def company(t: Translator, account: Account, one: Overview) -> Screen:
    """One company, and what can be done for it."""
    bill = [
        button(t.plain("button-op-open"), to.OpInvoice(id=one.invoice_id)),
        button(t.plain("button-op-void"), to.OpVoid(id=one.invoice_id)),
    ] if one.invoice_id else None  # fmt: skip
    longer = button(t.plain("button-op-trial"), to.OpGrant(company=one.id))
    days = button(t.plain("button-op-period"), to.OpGrantPlan(company=one.id))
    gives = [days] if one.subscribed else [longer, days]
    return screen(
        overview(t, account, one),
        [
            button(t.plain("button-op-paid"), to.OpPaid(company=one.id)),
            button(t.plain("button-op-ledger"), to.OpLedger(company=one.id)),
        ],
        bill,
        None if one.deleted_at else gives,
        [button(t.plain("button-op-companies"), to.OpCompanies())],
    )


def ask_plan(t: Translator, one: Overview, plans: list[Offer]) -> Screen:
    """Of which plan it is to get days."""
    return screen(
        t("op-grant-which", company=one.name),
        *column(
            button(plan.name, to.OpGrant(company=one.id, plan=plan.code))
            for plan in plans
            if not plan.free
        ),
        [button(t.plain("button-op-company"), to.OpCompany(id=one.id))],
    )


def ask_days(t: Translator, grant: Grant) -> Screen:
    """How many days."""
    one = grant.company
    command = f"/op_grant {one.id} {grant.code or 'trial'} 45"
    return screen(
        Markup("\n\n").join([_what(t, grant, "ask"), t("op-grant-other-days", command=command)]),
        *grid(
            (
                button(
                    t.plain("button-op-days", count=days),
                    to.OpGrant(company=one.id, plan=grant.code, days=days),
                )
                for days in DAYS
            ),
            3,
        ),
        [button(t.plain("button-op-company"), to.OpCompany(id=one.id))],
    )


def ask_grant(t: Translator, account: Account, grant: Grant) -> Screen:
    """Whether it is sure."""
    one = grant.company
    sure = to.OpGrant(company=one.id, plan=grant.code, days=grant.days, mark=mark_of(one))
    return screen(
        Markup("\n\n").join([overview(t, account, one), _what(t, grant, "sure")]),
        [button(t.plain("button-op-give", count=grant.days), sure)],
        [button(t.plain("button-op-company"), to.OpCompany(id=one.id))],
    )


def _what(t: Translator, grant: Grant, step: str) -> Markup:
    named: dict[str, str | int] = {"company": grant.company.name}
    if step == "sure":
        named |= {"count": grant.days}
    if not grant.code:
        return t(f"op-grant-trial-{step}", **named)
    return t(f"op-grant-period-{step}", plan=grant.plan, **named)


def how_to_grant(t: Translator) -> Screen:
    """What to write behind the command."""
    return screen(t("op-grant-how"), [button(t.plain("button-op-companies"), to.OpCompanies())])


def given(t: Translator, account: Account, until: datetime) -> str:
    """That it is done, and until when it holds."""
    return t.plain("op-given", until=_time(t, account, until))
