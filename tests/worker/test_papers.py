"""Invoices on paper: what they say, that it all fits, and that it never changes by itself."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.domain.billing import Period
from saas_bot.drawing.letters import readable
from saas_bot.drawing.papers import BOTTOM, FOOT, LEFT, RIGHT, Layout, Leaf, draw, width
from saas_bot.drawing.process import drawn
from saas_bot.screens.invoice_paper import file_name, paper
from saas_bot.services.billing.documents import Document

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BANK = "Bot & Co OÜ\nIBAN: EE38 2200 2210 2014 5685"
NAMES = (
    "Общество с ограниченной ответственностью «Ромашка и партнёры, насосы и арматура»",
    "<b>Bold</b> & Co $x_2$ {page} %s",
    "🚀 שלום עולם שركة الأمثلة 漢字",
    "W" * 160,
    "e\u0301\u0301\u0301 \u202eevil\u202c ﷽",
)


def document(corrects: str | None = None, by: str | None = None, **changes: Any) -> Document:
    """An open invoice over 14 euros of which 4 are paid, with changes."""
    month = {"from": NOON.isoformat(), "to": (NOON + timedelta(days=30)).isoformat()}
    values = {
        "kind": "invoice",
        "number": "INV-2026-000001",
        "status": "issued",
        "currency": "EUR",
        "amount_minor": 1400,
        "paid_minor": 400,
        "tax_rate": 2000,
        "tax_minor": 233,
        "issued_at": NOON,
        "due_at": NOON + timedelta(days=7),
        "paid_at": None,
        "voided_at": None,
        "seller": {"name": "Bot & Co", "tax_id": "EE1", "bank_details": BANK},
        "buyer": {"name": "Acme Ltd", "address": "1 Main Street\nSpringfield"},
        "lines": [
            {"code": "plan", "plan": "Team", "amount": 1900, **month},
            {"code": "credit", "plan": "Small", "amount": -500},
        ],
    }
    return Document(SimpleNamespace(**{**values, **changes}), corrects, by)


def leaves(language: str, of: Document) -> list[Leaf]:
    return Layout(asdict(paper(translator(language), of))).leaves


def texts(leaf: Leaf) -> list[str]:
    return [text for _, _, text, _ in leaf._texts]


def said(language: str, of: Document) -> str:
    """Everything that stands on it, line by line."""
    lines = (text for leaf in leaves(language, of) for text in texts(leaf))
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def test_an_open_one_says_who_what_how_much_and_where_to_pay():
    text = said("en", document())
    for part in (
        "Invoice\nINV-2026-000001",
        "Date\n23 November 2026",
        "Please pay by\n30 November 2026",
        "From\nBot & Co\nTax number: EE1",
        "To\nAcme Ltd\n1 Main Street\nSpringfield",
        "€19.00\n“Team” for one month\n23 November 2026 – 23 December 2026",
        "−€5.00\nUnused part of “Small”",
        "Total\n€14.00\nTax included, 20%\n€2.33\nPaid\n€4.00\nLeft to pay\n€10.00",
        "IBAN: EE38 2200 2210 2014 5685\nPayment reference: INV-2026-000001",
    ):
        assert part in text
    text = said("ru", document())
    for part in (
        "Счёт\nINV-2026-000001",
        "23 ноября 2026",
        "14,00 €",
        "Осталось оплатить\n10,00 €",
    ):
        assert part in text
    assert file_name(translator("ru"), document()) == "INV-2026-000001-ru.pdf"


@pytest.mark.parametrize(
    ("changes", "en", "ru"),
    [
        ({}, "The month begins with the payment\n", "Месяц начнётся с оплаты\n"),
        ({"begins": "trial"}, "but not before the trial is over", "не раньше конца пробного"),
        ({"begins": "again"}, "begins where the last one ended", "с конца предыдущего"),
    ],
)
def test_before_it_is_paid_it_says_when_the_month_begins_and_then_which_it_was(changes, en, ru):
    lines = [{"code": "plan", "plan": "Team", "amount": 1400, **changes}]
    for language, words in (("en", en), ("ru", ru)):
        assert words in said(language, document(lines=lines))
        assert words not in said(language, document(lines=lines, status="void", voided_at=NOON))
    paid = replace(
        document(status="paid", paid_minor=1400, paid_at=NOON, lines=lines),
        period=Period(NOON + timedelta(days=2), NOON + timedelta(days=32)),
    )
    assert "25 November 2026 – 25 December 2026" in said("en", paid)
    assert "25 ноября 2026" in said("ru", paid)


@pytest.mark.parametrize(
    ("of", "stamped", "says"),
    [
        (document(status="paid", paid_minor=1400, paid_at=NOON), "PAID", "Paid on"),
        (document(status="void", paid_minor=0, voided_at=NOON), "VOID", "Void since"),
        (
            document(by="CRN-2026-000001", status="paid", paid_at=NOON),
            "CORRECTED",
            "Credit note\nCRN-2026-000001",
        ),
    ],
)
def test_what_is_over_is_stamped_and_asks_for_no_money(of, stamped, says):
    text = said("en", of)
    assert stamped in text.splitlines()
    assert says in text
    assert "IBAN" not in text
    assert "Please pay by" not in text


def test_a_credit_note_names_its_invoice_and_one_in_stars_says_how_to_pay():
    line = {"code": "correction", "number": "INV-2026-000001", "issued_at": NOON.isoformat()}
    note = document(
        corrects="INV-2026-000001",
        kind="credit_note",
        number="CRN-2026-000001",
        lines=[{**line, "amount": 1400}],
    )
    text = said("en", note)
    assert text.startswith("Credit note\nCRN-2026-000001")
    assert "To invoice\nINV-2026-000001" in text
    assert "Correction of invoice INV-2026-000001 of 23 November 2026" in text
    assert "Total credited\n€14.00" in text
    assert "Left to pay" not in text
    stars = said("en", document(currency="XTR", amount_minor=1500, paid_minor=0))
    assert "Left to pay\n1,500 XTR" in stars
    assert "Telegram Stars" in stars
    assert "IBAN" not in stars


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_name_is_it_stays_whole_and_between_the_margins(name):
    lines = [{"code": "plan", "plan": name, "amount": -(10**14)}]
    odd = document(
        seller={"name": name, "address": name, "bank_details": name},
        buyer={"name": name, "address": f"{name}\n{name}", "tax_id": name[:40], "email": name},
        lines=lines * 5,
        amount_minor=10**15,
    )
    for language in LANGUAGES:
        pages = leaves(language, odd)
        for leaf in pages:
            for x, baseline, text, style in leaf._texts:
                wide = width(text, style["fontsize"], bold=style["weight"] == "bold")
                start, end = (x - wide, x) if style["ha"] == "right" else (x, x + wide)
                assert LEFT - 1 <= start <= end <= RIGHT + 1, text
                assert baseline <= BOTTOM, text
        kept = "".join("".join(texts(leaf)) for leaf in pages).replace(" ", "")
        # Seller: name, address, bank; buyer: name, address twice, email; five lines.
        assert kept.count(readable(name).replace(" ", "")) >= 12


def test_all_of_them_can_be_drawn():
    lines = [{"code": "plan", "plan": name, "amount": 1} for name in NAMES]
    odd = document(lines=lines, buyer={"name": NAMES[2]})
    assert draw(asdict(paper(translator("ru"), odd))).startswith(b"%PDF")


def test_forty_lines_go_on_overleaf_under_the_same_heading():
    lines = [{"code": "plan", "plan": f"No {number}", "amount": number} for number in range(40)]
    pages = [texts(leaf) for leaf in leaves("en", document(lines=lines))]
    assert len(pages) > 2
    for number, page in enumerate(pages):
        rows = [text for text in page if text.startswith("“No ")]
        assert ("For" in page and "Amount" in page) == bool(rows)
        if number:
            assert page[0] == "Invoice INV-2026-000001"
    listed = [text for page in pages for text in page if text.startswith("“No ")]
    assert listed == [f"“No {number}” for one month" for number in range(40)]
    assert sum(page.count("Left to pay") for page in pages) == 1


async def test_the_same_document_is_the_same_file_and_each_page_has_its_number():
    lines = [{"code": "plan", "plan": "Team", "amount": 1}] * 20
    said = asdict(paper(translator("ru"), document(lines=lines)))
    first = draw(said)
    assert await drawn("papers", said) == first  # by another process
    assert b"/Count 2" in first
    assert b"CreationDate" not in first
    assert len(first) < 200_000
    foot = Leaf().figure("INV-2026-000001", "Page 1 of 2")
    assert [one.get_text() for one in foot.texts] == ["INV-2026-000001", "Page 1 of 2"]
    assert FOOT > BOTTOM
