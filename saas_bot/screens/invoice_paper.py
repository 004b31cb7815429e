"""An invoice or credit note as a paper, the name of its file, and what is said with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from saas_bot.core.i18n import Translator
from saas_bot.domain.billing import STARS
from saas_bot.domain.paper import Block, Mark, Paper, Row, Sum
from saas_bot.screens.formats import document_day, money, percent
from saas_bot.services.billing.documents import Document

_PARTY: Final = ("name", "address", "tax_id", "email")


def file_name(t: Translator, document: Document) -> str:
    """As which it comes: `INV-2026-000001-en.pdf`, by its language."""
    return f"{document.invoice.number}-{t.language}.pdf"


def caption(t: Translator, document: Document) -> str:
    """What is said with it: which document it is, and over how much."""
    one = document.invoice
    amount = money(t, one.amount_minor, one.currency)
    return t.plain(
        "pdf-caption", title=t.plain(f"paper-{one.kind}"), number=one.number, amount=amount
    )


def paper(t: Translator, document: Document) -> Paper:
    """All that it says, as of now: a payment or correction is stamped on it."""
    one, mark = document.invoice, _mark(document)
    is_note = one.kind == "credit_note"
    return Paper(
        title=t.plain(f"paper-{one.kind}"),
        number=one.number,
        mark=mark,
        marked=t.plain(f"paper-mark-{mark}") if mark else "",
        facts=tuple(_facts(t, document)),
        parties=(
            Block(t.plain("paper-seller"), *_party(t, one.seller)),
            Block(t.plain("paper-buyer"), *_party(t, one.buyer)),
        ),
        headings=(t.plain("paper-what"), t.plain("paper-amount")),
        rows=tuple(
            Row(what(t, line), when(t, document, line), _amount(t, line["amount"], one.currency))
            for line in one.lines
        ),
        sums=tuple(_credited(t, one) if is_note else _sums(t, document)),
        notes=() if is_note else tuple(_notes(t, one, mark)),
        page=t.plain("paper-page", page="{page}", pages="{pages}"),
    )


def what(t: Translator, line: dict[str, Any]) -> str:
    """What a line is for."""
    if line["code"] == "correction":
        day = document_day(t, datetime.fromisoformat(line["issued_at"]))
        return t.plain("invoice-what-correction", number=line["number"], day=day)
    return t.plain(f"invoice-what-{line['code']}", plan=line["plan"])


def when(t: Translator, document: Document, line: dict[str, Any]) -> str:
    """The month that a line is for; before it is known, when it begins. Nothing if it is for none.

    What is paid says the time that was given for it, which may be another one than was agreed.
    """
    if month := document.month(line):
        start, end = (document_day(t, day) for day in (month.starts_at, month.ends_at))
        return t.plain("invoice-when", start=start, end=end)
    if line["code"] != "plan" or document.invoice.status != "issued":
        return ""
    return t.plain(f"invoice-when-{line.get('begins', 'open')}")


def _mark(document: Document) -> Mark:
    if document.corrected_by:
        return Mark.CORRECTED
    if document.invoice.kind == "credit_note":
        return Mark.NONE
    return {"paid": Mark.PAID, "void": Mark.VOID}.get(document.invoice.status, Mark.NONE)


def _facts(t: Translator, document: Document) -> Iterator[tuple[str, str]]:
    one = document.invoice
    yield t.plain("paper-date"), document_day(t, one.issued_at)
    if one.kind == "invoice" and one.status == "issued":
        yield t.plain("paper-due"), document_day(t, one.due_at)
    if one.paid_at:
        yield t.plain("paper-paid-on"), document_day(t, one.paid_at)
    if one.voided_at:
        yield t.plain("paper-void-on"), document_day(t, one.voided_at)
    if document.corrects:
        yield t.plain("paper-corrects"), document.corrects
    if document.corrected_by:
        yield t.plain("paper-corrected-by"), document.corrected_by


def _party(t: Translator, said: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of a seller or buyer, and those of them that stand out."""
    shown = {name: said[name] for name in _PARTY if name in said}
    if "tax_id" in shown:
        shown["tax_id"] = t.plain("paper-tax-id", number=shown["tax_id"])
    return tuple(shown.values()), (said["name"],)


def _sums(t: Translator, document: Document) -> Iterator[Sum]:
    one = document.invoice
    yield Sum(t.plain("paper-total"), _amount(t, one.amount_minor, one.currency), strong=True)
    yield _tax(t, one)
    # What a payment that went back had paid is told by the credit note.
    if one.status == "issued" or (one.status == "paid" and not document.corrected_by):
        left = one.amount_minor - one.paid_minor
        yield Sum(t.plain("paper-paid"), _amount(t, one.paid_minor, one.currency))
        yield Sum(t.plain("paper-open"), _amount(t, left, one.currency), strong=left > 0)


def _credited(t: Translator, one: Any) -> Iterator[Sum]:
    yield Sum(t.plain("paper-credited"), _amount(t, one.amount_minor, one.currency), strong=True)
    yield _tax(t, one)


def _tax(t: Translator, one: Any) -> Sum:
    rate = percent(t, one.tax_rate)
    return Sum(t.plain("paper-tax", rate=rate), _amount(t, one.tax_minor, one.currency))


def _notes(t: Translator, one: Any, mark: Mark) -> Iterator[Block]:
    if one.currency == STARS:
        if mark is Mark.NONE:
            yield Block(t.plain("paper-stars"), (t.plain("paper-stars-how"),))
        else:
            yield Block(t.plain("paper-stars-paid"), (t.plain("paper-stars-meaning"),))
    elif mark is Mark.NONE and "bank_details" in one.seller:
        reference = t.plain("paper-reference", reference=one.number)
        bank = tuple(one.seller["bank_details"].splitlines())
        yield Block(t.plain("paper-bank"), (*bank, reference), strong=(reference,))


def _amount(t: Translator, amount: int, currency: str) -> str:
    """As everywhere, but for the star, which is an emoji."""
    return money(t, amount, currency).replace("⭐", STARS)
