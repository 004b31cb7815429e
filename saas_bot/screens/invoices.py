"""Screens of invoices: the list, one of them, how to pay it by bank; the buyer's details."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import LANGUAGES, Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import STARS
from saas_bot.screens import callbacks as to
from saas_bot.screens.errors import error_text, refusal
from saas_bot.screens.formats import document_day, money, percent
from saas_bot.screens.invoice_paper import what, when
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import QUOTED, Screen, button, clip, column, pager, screen
from saas_bot.services.billing.details import CHECKS, OPTIONAL, Details, Seller
from saas_bot.services.billing.documents import Document, Listed

SIGNS: Final = {
    "open": "🕓",
    "part": "🌓",
    "paid": "✅",
    "void": "✖️",
    "corrected": "↩️",
    "note": "📝",
}
"""How an invoice stands, or that it is a credit note."""


def invoices(
    t: Translator, page: Page[Listed], credit: Mapping[str, int], here: to.Invoices
) -> Screen:
    """The company's invoices, newest first, and what is paid without having settled one."""
    parts = [t("invoices"), credit_of(t, credit)]
    parts.append(_signs(t, page.items) if page.items else t("invoices-empty"))
    choose = button(t.plain("button-choose-plan"), to.Open(what="plan"))
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        *column(_listed(t, one) for one in page.items),
        pager(t, page, here),
        [] if page.items else [choose],
        [button(t.plain("button-billing"), to.Open(what="billing"))],
        back_to_menu(t),
    )


def credit_of(t: Translator, credit: Mapping[str, int]) -> Markup:
    """What is paid and settles nothing yet, by currency; empty where there is none."""
    amounts = ", ".join(money(t, amount, currency) for currency, amount in credit.items())
    return t("invoices-credit", amounts=amounts) if amounts else Markup()


def _signs(t: Translator, listed: Sequence[Listed]) -> Markup:
    """What the signs of these mean."""
    there = {_state(one, corrected=one.corrected) for one in listed}
    said = [f"{SIGNS[state]} {t(f'invoices-sign-{state}')}" for state in SIGNS if state in there]
    return Markup(" · ").join(map(Markup, said))


def _listed(t: Translator, one: Listed) -> InlineKeyboardButton:
    said = t.plain(
        "invoice-listed",
        sign=SIGNS[_state(one, corrected=one.corrected)],
        number=one.number,
        day=document_day(t, one.issued_at, short=True),
        amount=money(t, one.amount_minor, one.currency),
    )
    return button(said, to.Invoice(id=one.id))


def _state(one: Any, *, corrected: bool) -> str:
    if one.kind == "credit_note":
        return "note"
    if corrected:
        return "corrected"
    if one.status == "issued":
        return "part" if one.paid_minor else "open"
    return str(one.status)


def invoice(t: Translator, document: Document, seller: Seller, *, by_card: bool) -> Screen:
    """What it is for, what is paid of it and what is left, and the ways to pay that."""
    one = document.invoice
    payable = one.kind == "invoice" and one.status == "issued"
    ways = list(_ways_to_pay(t, one, seller, by_card=by_card)) if payable else []
    parts = [
        Markup("\n").join([Markup("🧾 <b>{}</b>").format(one.number), *_standing(t, document)]),
        Markup("\n").join(_lines(t, document)),
        Markup("\n").join(_sums(t, one, payable=payable)),
    ]
    if payable and not ways:
        parts.append(t("invoice-no-way-to-pay"))
    if payable and not (ways and one.paid_minor):
        ways += _otherwise(t, document, seller)
    other = next(language for language in LANGUAGES if language != t.language)
    return screen(
        Markup("\n\n").join(parts),
        *column(ways),
        [
            button(t.plain("button-pdf"), to.InvoicePdf(id=one.id, lang=t.language)),
            button(t.plain(f"button-pdf-{other}"), to.InvoicePdf(id=one.id, lang=other)),
        ],
        [button(t.plain("button-invoices"), to.Invoices()), *back_to_menu(t)],
    )


def _standing(t: Translator, document: Document) -> Iterator[Markup]:
    one = document.invoice
    if document.corrects:
        yield t("invoice-note", number=document.corrects)
    elif document.corrected_by:
        yield t("invoice-corrected", number=document.corrected_by)
    elif one.status == "paid":
        yield t("invoice-paid", day=document_day(t, one.paid_at))
    elif one.status == "void":
        yield t("invoice-void")
    elif one.paid_minor:
        yield t("invoice-part")
    else:
        yield t("invoice-open", day=document_day(t, one.due_at))
    buyer = clip(one.buyer["name"], QUOTED)
    issued = "invoice-issued-note" if one.kind == "credit_note" else "invoice-issued"
    yield t(issued, day=document_day(t, one.issued_at), buyer=buyer)


def _lines(t: Translator, document: Document) -> Iterator[Markup]:
    one = document.invoice
    for line in one.lines:
        amount = money(t, line["amount"], one.currency)
        yield t("invoice-line", what=what(t, line), amount=amount)
        if month := when(t, document, line):
            yield Markup("<i>{}</i>").format(month)


def _sums(t: Translator, one: Any, *, payable: bool) -> Iterator[Markup]:
    total = "invoice-total-note" if one.kind == "credit_note" else "invoice-total"
    yield t(total, amount=money(t, one.amount_minor, one.currency))
    if one.tax_rate:
        tax = money(t, one.tax_minor, one.currency)
        yield t("invoice-tax", rate=percent(t, one.tax_rate), amount=tax)
    if payable and one.paid_minor:
        left = money(t, one.amount_minor - one.paid_minor, one.currency)
        yield t("invoice-sums", paid=money(t, one.paid_minor, one.currency), open=left)


def _ways_to_pay(
    t: Translator, one: Any, seller: Seller, *, by_card: bool
) -> Iterator[InlineKeyboardButton]:
    left = one.amount_minor - one.paid_minor
    if one.currency == STARS:
        said = t.plain("button-pay-stars", amount=money(t, left, one.currency))
        yield button(said, to.PayWith(invoice=one.id, method="stars"))
        return
    if by_card:
        yield button(t.plain("button-pay-provider"), to.PayWith(invoice=one.id, method="provider"))
    if bank_of(one, seller):
        yield button(t.plain("button-pay-bank"), to.PayWith(invoice=one.id, method="bank"))


def _otherwise(t: Translator, document: Document, seller: Seller) -> Iterator[InlineKeyboardButton]:
    """The way to another invoice for the same in Stars, or from them to money."""
    one = document.invoice
    in_stars = one.currency == STARS
    price, currency = (
        (one.price_minor, one.price_currency) if in_stars else (one.price_stars, STARS)
    )
    if not price or not seller.takes(currency):
        return
    key = "button-pay-money-instead" if in_stars else "button-pay-stars-instead"
    again = to.Renew() if one.purpose == "renewal" else to.Subscribe(plan=document.plan or "")
    yield button(t.plain(key, currency=currency), again)


def bank_of(one: Any, seller: Seller) -> str:
    """The bank details that an invoice names, else those of now."""
    return one.seller.get("bank_details") or seller.bank_details


def transfer(t: Translator, document: Document, seller: Seller) -> Screen:
    """Where to send the money, how much, and what to write with it."""
    one = document.invoice
    left = money(t, one.amount_minor - one.paid_minor, one.currency)
    account = Markup("<pre>{}</pre>").format(bank_of(one, seller))
    parts = [
        t("transfer", number=one.number),
        t("transfer-amount", amount=left),
        Markup("\n").join([t("transfer-account"), account]),
        Markup("\n").join([t("transfer-reference"), Markup("<code>{}</code>").format(one.number)]),
        t("transfer-whole", day=document_day(t, one.due_at)) if one.purpose == "upgrade" else "",
        t("transfer-after"),
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        [button(t.plain("button-pdf"), to.InvoicePdf(id=one.id, lang=t.language))],
        [button(t.plain("button-to-invoice"), to.Invoice(id=one.id)), *back_to_menu(t)],
    )


def pdf_failed(t: Translator, document: Document) -> Screen:
    """That a PDF could not be made; it can be asked for again."""
    one = document.invoice
    return screen(
        t("pdf-failed", number=one.number),
        [button(t.plain("button-to-invoice"), to.Invoice(id=one.id))],
    )


# The buyer's details


def billing_details(
    t: Translator,
    actor: Actor,
    given: Details | None,
    *,
    buys: to.Subscribe | to.Renew | None = None,
) -> Screen:
    """Whom invoices are made out to, and the way to what is to be bought, if they are for that."""
    parts = [t("billing-details")]
    if given is None:
        parts.append(t("billing-details-none", company=actor.company_name))
        edits = [["all"]]
    else:
        values = ((name, getattr(given, name)) for name in CHECKS)
        shown = [
            t(f"billing-{name}", value=value or t.plain("billing-not-given"))
            for name, value in values
        ]
        parts += [Markup("\n").join(shown), t("billing-details-what")]
        edits = [["legal_name", "address"], ["tax_id", "email"]]
    return screen(
        Markup("\n\n").join(parts),
        [button(t.plain("button-go-on-paying"), buys)] if buys and given else None,
        *(
            [
                button(t.plain(f"button-billing-{step}"), to.BillingDetails(step=step))
                for step in steps
            ]
            for steps in edits
        ),
        [button(t.plain("button-invoices"), to.Invoices()), *back_to_menu(t)],
    )


def ask_detail(t: Translator, name: str) -> Screen:
    """The question of one of them; what is optional can be left out."""
    return screen(
        t(f"ask-{name}"),
        _leave_out(t, name),
        [button(t.plain("button-cancel"), to.Open(what="cancel"))],
    )


def detail_refused(t: Translator, name: str, error: AppError) -> Screen:
    """What is wrong with the answer to it; leaving it out is still a way on."""
    return refusal(t, error_text(t, error), _leave_out(t, name))


def _leave_out(t: Translator, name: str) -> list[InlineKeyboardButton]:
    return [button(t.plain("button-leave-out"), to.Skip())] if name in OPTIONAL else []
