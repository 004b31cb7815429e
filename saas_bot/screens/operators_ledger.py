"""What operators see of a company's account, and how they put right what was written wrongly."""

from typing import Final

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, money
from saas_bot.screens.screen import Screen, button, clip, grid, pager, screen
from saas_bot.services.billing.ledger import Line
from saas_bot.services.operators.companies import Overview
from saas_bot.services.operators.payments import Bill, Paid

DOCUMENT_SHOWN: Final = 40


def ledger(t: Translator, account: Account, one: Overview, page: Page[Line]) -> Screen:
    """A page of the account, the newest line first; payments lead to themselves."""
    back = [button(t.plain("button-op-company"), to.OpCompany(id=one.id))]
    if not page.items:
        return screen(t("op-ledger-none", company=one.name), back)
    parts = [t("op-ledger", company=one.name), *(_line(t, account, line) for line in page.items)]
    paid = {line.payment_id: line for line in reversed(page.items) if line.payment_id}
    return screen(
        Markup("\n\n").join(parts),
        *grid(
            (
                button(t.plain("button-op-ledger-payment", id=str(id_)), to.OpPayment(id=id_))
                for id_ in paid
            ),
            3,
        ),
        pager(t, page, to.OpLedger(company=one.id)),
        back,
    )


def _line(t: Translator, account: Account, line: Line) -> Markup:
    kind = "annulled" if line.annulled and line.kind == "refund" else str(line.kind)
    number = f"#{line.payment_id} " if line.payment_id else ""
    return t(
        "op-ledger-line",
        kind=kind,
        document=f"{number}{clip(line.document, DOCUMENT_SHOWN)}",
        amount=_signed(t, line.amount, line.currency),
        balance=_signed(t, line.balance, line.currency),
        at=moment(t, line.at, account.timezone),
    )


def _signed(t: Translator, amount: int, currency: str) -> str:
    """With the sign that people write: a minus as long as a plus, before the currency."""
    sign = "−" if amount < 0 else "+" if amount > 0 else ""
    return f"{sign}{money(t, abs(amount), currency)}"


def ask_void(t: Translator, one: Bill) -> Screen:
    """Why an open invoice is to be void."""
    amount, paid = money(t, one.amount, one.currency), money(t, one.paid, one.currency)
    some = "yes" if one.paid else "no"
    return screen(
        t("op-void-ask", number=one.number, amount=amount, some=some, paid=paid),
        [button(t.plain("button-cancel"), to.Open(what="cancel"))],
    )


def ask_annul(t: Translator, one: Paid) -> Screen:
    """Whether a transfer is to be taken out as if it had never come."""
    return screen(
        t(
            "op-annul-ask",
            amount=money(t, one.amount, one.currency),
            reference=clip(one.charge_id, DOCUMENT_SHOWN),
            number=one.number or t.plain("op-no-invoice"),
        ),
        [button(t.plain("button-op-annul-sure"), to.OpAnnul(id=one.id, sure=True))],
        [button(t.plain("button-back"), to.OpPayment(id=one.id))],
    )
