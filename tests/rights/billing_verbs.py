"""The verbs about invoices and whom they are made out to."""

from saas_bot.domain.permissions import Permission as Right
from saas_bot.screens import callbacks as to
from saas_bot.services.billing import details, documents
from tests.rights.expected import Kind
from tests.rights.verbs import Verb, given

SEE = (Right.BILLING,)
ASKED = to.BillingDetails(step="all")

BILLING = [
    Verb(
        "see the invoices",
        SEE,
        Kind.COMPANY,
        documents.mine,
        lambda _: given(),
        (
            lambda _: ("/invoices",),
            lambda _: (to.Open(what="invoices"),),
            lambda _: (to.Invoices(),),
        ),
        shows=lambda _: "INV-2026-000",
    ),
    Verb(
        "see an invoice",
        SEE,
        Kind.INVOICE,
        documents.one,
        ways=(lambda x: (to.Invoice(id=x.id),),),
    ),
    Verb(
        "see where to transfer the money for an invoice",
        SEE,
        Kind.INVOICE,
        ways=(lambda x: (to.PayWith(invoice=x.id, method="bank"),),),
    ),
    Verb(
        # What Telegram's own invoice leads to is nobody's right: tests/bot/test_paying.py.
        "get to pay an invoice in the chat",
        SEE,
        Kind.INVOICE,
        ways=(lambda x: (to.PayWith(invoice=x.id, method="stars"),),),
        shows=lambda _: "",
    ),
    Verb(
        "have an invoice sent as a PDF",
        SEE,
        Kind.INVOICE,
        documents.send,
        lambda x: given(x.id, "en"),
        (lambda x: (to.InvoicePdf(id=x.id, lang="en"),),),
        changes="audit_logs",
    ),
    Verb(
        "see the billing details",
        SEE,
        Kind.COMPANY,
        ways=(
            lambda _: ("/billing",),
            lambda _: (to.Open(what="billing"),),
            lambda _: (ASKED, "/cancel"),
            lambda _: (ASKED, to.Open(what="cancel")),
        ),
        shows=lambda _: "Billing details",
    ),
    Verb(
        "give the billing details",
        SEE,
        Kind.COMPANY,
        details.save,
        lambda _: given(legal_name="Acme Ltd", address="1 Main Street"),
        (
            lambda _: (ASKED, "Acme Ltd", "1 Main Street", to.Skip(), to.Skip()),
            lambda _: (ASKED, "Acme Ltd", "1 Main Street", "DE 1", "a@b.example"),
        ),
        changes="billing_details",
    ),
]
