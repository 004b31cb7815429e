"""What operators see of money: what is to come, what has come, what goes back."""

from typing import Final, Literal

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import STARS
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import document_day, moment, money
from saas_bot.screens.screen import Screen, button, clip, column, pager, screen
from saas_bot.services.operators.companies import Overview
from saas_bot.services.operators.payments import CAP, Bill, Paid, Todo

NAME_SHOWN: Final = 40
ERROR_SHOWN: Final = 200
REFERENCE_SHOWN: Final = 60

Lists = Literal["flagged", "refunds"]


def waiting(t: Translator, page: Page[Bill], todo: Todo) -> Screen:
    """The invoices that wait for a transfer, and what else wants to be seen to."""
    parts = [t("op-payments"), *(_bill(t, one) for one in page.items)]
    if not page.items:
        parts.append(t("op-payments-none"))
    parts.append(t("op-payments-search"))
    others: tuple[tuple[Lists, int], ...] = (("flagged", todo.flagged), ("refunds", todo.refunds))
    return screen(
        Markup("\n\n").join(parts),
        *column(
            button(
                t.plain("button-op-bill", number=one.number, left=_left(t, one)),
                to.OpInvoice(id=one.id),
            )
            for one in page.items
        ),
        pager(t, page, to.OpPayments()),
        *column(
            button(t.plain(f"button-op-{what}", count=_count(count)), to.OpPayments(what=what))
            for what, count in others
            if count
        ),
        [button(t.plain("button-op-refresh"), to.OpPayments())],
    )


def _count(number: int) -> str:
    return str(number) if number < CAP else f"{CAP}+"


def _left(t: Translator, one: Bill) -> str:
    return money(t, one.left, one.currency)


def _bill(t: Translator, one: Bill) -> Markup:
    state = "part" if one.status == "issued" and one.paid else one.status
    whole, paid = money(t, one.amount, one.currency), money(t, one.paid, one.currency)
    lines = [
        t("op-bill", number=one.number, company=_named(t, one.company_name)),
        *([t("op-bill-gone")] if one.gone else []),
        t(
            f"op-bill-{state}",
            amount=whole,
            paid=paid,
            left=_left(t, one),
            day=document_day(t, one.due_at),
        ),
    ]
    if one.buyer and one.buyer != one.company_name:
        lines.append(t("op-bill-buyer", buyer=clip(one.buyer, NAME_SHOWN)))
    return Markup("\n").join(lines)


def _named(t: Translator, name: str | None) -> str:
    return clip(name, NAME_SHOWN) if name else t.plain("op-no-name")


def bill(t: Translator, one: Bill) -> Screen:
    """An invoice, and noting what came for it."""
    by_bank = one.currency != STARS and one.kind == "invoice"
    company = one.company_id and button(
        t.plain("button-op-company"), to.OpCompany(id=one.company_id)
    )
    return screen(
        _bill(t, one) if one.kind == "invoice" else t("op-bill-note", number=one.number),
        (
            [button(t.plain("button-op-note"), to.OpInvoice(id=one.id, what="note"))]
            if by_bank
            else None
        ),
        [*([company] if company else []), button(t.plain("button-op-payments"), to.OpPayments())],
    )


def ask_transfer(t: Translator, one: Bill) -> Screen:
    """What came, and by which reference."""
    return screen(
        Markup("\n\n").join([_bill(t, one), t("op-ask-transfer", currency=one.currency)]),
        [button(t.plain("button-cancel"), to.Open(what="cancel"))],
    )


def ask_noting(t: Translator, one: Bill, amount: int, reference: str, mark: int) -> Screen:
    """Whether it is to be noted so, and what that comes to."""
    came = t(
        "op-transfer", amount=money(t, amount, one.currency), reference=reference, number=one.number
    )
    return screen(
        Markup("\n\n").join([came, _meaning(t, one, amount)]),
        [button(t.plain("button-op-note-sure"), to.OpNote(id=one.id, mark=mark))],
        [button(t.plain("button-op-bill-back"), to.OpInvoice(id=one.id))],
    )


def _meaning(t: Translator, one: Bill, amount: int) -> Markup:
    if one.gone:
        return t("op-transfer-gone")
    if one.status != "issued":
        return t("op-transfer-credit", status=one.status)
    over = amount - one.left
    rest = money(t, abs(over), one.currency)
    return t(f"op-transfer-{'part' if over < 0 else 'more' if over else 'whole'}", rest=rest)


def noted(t: Translator, one: Bill, status: str) -> str:
    """What has become of a transfer for this invoice: it `paid`, was a `part`, or is `kept`."""
    return t.plain(f"op-noted-{'gone' if one.gone else status}")


def payments(t: Translator, account: Account, page: Page[Paid], what: Lists) -> Screen:
    """Those that don't fit, or those that go back."""
    back = [button(t.plain("button-op-payments"), to.OpPayments())]
    if not page.items:
        return screen(t(f"op-{what}-none"), back)
    return screen(
        Markup("\n\n").join([t(f"op-{what}"), *(_paid(t, account, one) for one in page.items)]),
        *_buttons(t, page),
        pager(t, page, to.OpPayments(what=what)),
        back,
    )


def of_company(t: Translator, account: Account, one: Overview, page: Page[Paid]) -> Screen:
    """What a company has paid."""
    back = [button(t.plain("button-op-company"), to.OpCompany(id=one.id))]
    if not page.items:
        return screen(t("op-paid-none", company=one.name), back)
    title = t("op-paid", company=one.name)
    return screen(
        Markup("\n\n").join([title, *(_paid(t, account, paid) for paid in page.items)]),
        *_buttons(t, page),
        pager(t, page, to.OpPaid(company=one.id)),
        back,
    )


def _buttons(t: Translator, page: Page[Paid]) -> list[list[InlineKeyboardButton]]:
    return column(
        button(
            t.plain("button-op-payment", id=str(one.id), amount=money(t, one.amount, one.currency)),
            to.OpPayment(id=one.id),
        )
        for one in page.items
    )


def _paid(t: Translator, account: Account, one: Paid) -> Markup:
    """A payment in a few lines."""
    lines = [
        t(
            "op-payment",
            id=str(one.id),
            amount=money(t, one.amount, one.currency),
            method=one.method,
            at=moment(t, one.paid_at, account.timezone),
        ),
        t(
            "op-payment-of",
            company=_named(t, one.company_name),
            number=one.number or t.plain("op-no-invoice"),
        ),
        t("op-payment-reference", reference=clip(one.charge_id, REFERENCE_SHOWN)),
    ]
    if one.flag:
        lines.append(t("op-payment-flag", flag=one.flag))
    if one.credit and one.company_id and one.refund is None:
        lines.append(t("op-payment-credit", amount=money(t, one.credit, one.currency)))
    if one.status == "annulled":
        lines.append(t("op-payment-annulled"))
    elif one.refund:
        by_hand = "yes" if one.by_hand else "no"
        lines.append(t("op-refund", state=one.refund, hand=by_hand))
        if one.refund == "failed":
            lines.append(t("op-refund-error", error=clip(one.error or "?", ERROR_SHOWN)))
    return Markup("\n").join(lines)


def payment(t: Translator, account: Account, one: Paid) -> Screen:
    """A payment, and what can be done with it."""
    acts: list[tuple[str, to.OpPayment | to.OpAnnul]] = []
    if one.refund is None:
        acts.append(("refund", to.OpPayment(id=one.id, what="refund")))
        if one.method == "bank":
            acts.append(("annul", to.OpAnnul(id=one.id)))
    elif one.refund == "failed":
        acts.append(("again", to.OpPayment(id=one.id, what="sure")))
    if one.refund in ("pending", "failed") and one.by_hand:
        acts.append(("sent", to.OpPayment(id=one.id, what="sent")))
    if one.status == "flagged":
        leaves = "credit" if one.company_id and one.refund is None else "seen"
        acts.append((leaves, to.OpPayment(id=one.id, what="seen")))
    company = one.company_id and button(
        t.plain("button-op-company"), to.OpCompany(id=one.company_id)
    )
    return screen(
        _paid(t, account, one),
        *column(button(t.plain(f"button-op-payment-{name}"), leads) for name, leads in acts),
        [*([company] if company else []), button(t.plain("button-op-payments"), to.OpPayments())],
    )


def ask_refund(t: Translator, account: Account, one: Paid) -> Screen:
    """Whether it is sure."""
    amount = money(t, one.amount, one.currency)
    return screen(
        Markup("\n\n").join(
            [_paid(t, account, one), t("op-refund-ask", hand="yes" if one.by_hand else "no")]
        ),
        [
            button(
                t.plain("button-op-refund-sure", amount=amount),
                to.OpPayment(id=one.id, what="sure"),
            )
        ],
        [button(t.plain("button-back"), to.OpPayment(id=one.id))],
    )
