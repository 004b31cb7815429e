"""Invoices and what was paid: documents that outlive their company. Amounts are minor units."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of

OPEN: Final = "status = 'issued' and kind = 'invoice'"
"""That an invoice wants to be paid, in SQL."""

CREDIT: Final = "allocated_minor + refunded_minor < amount_minor"
"""That something is left of a payment, in SQL."""


class BillingDetails(Table):
    """Whom the invoices of a company are made out to."""

    __tablename__ = "billing_details"

    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    legal_name: Mapped[str]
    address: Mapped[str]
    tax_id: Mapped[str | None]
    email: Mapped[str | None]
    changed_at: Mapped[Created]


class DocumentNumber(Table):
    """The last number given in a series (`INV`, `CRN`) in a year of UTC.

    It is counted on in the transaction that writes the document, and so leaves no gap.
    """

    __tablename__ = "document_numbers"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Invoice(Table):
    """An invoice, or the credit note that corrects one; once written, only its payment changes.

    Its total, `amount_minor`, includes the tax. `lines` are codes with what belongs to them, put
    into words when the document is shown. `paid_minor` is what has been allocated to it; of a
    credit note, what has been allocated from it. `price_stars`, `price_minor` and `price_currency`
    are the month's prices as they were when it was written, for the period that it pays for.
    """

    __tablename__ = "invoices"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    subscription_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(server_default="invoice")
    purpose: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default="issued")
    currency: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tax_rate: Mapped[int] = mapped_column(SmallInteger)
    """In hundredths of a percent."""
    tax_minor: Mapped[int]
    amount_minor: Mapped[int]
    paid_minor: Mapped[int] = mapped_column(server_default="0")
    price_stars: Mapped[int]
    price_minor: Mapped[int]
    price_currency: Mapped[str]
    seller: Mapped[dict[str, Any]]
    buyer: Mapped[dict[str, Any]]
    issued_at: Mapped[Created]
    due_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]

    __table_args__ = (
        one_of("kind", ("invoice", "credit_note")),
        one_of("purpose", ("start", "renewal", "upgrade")),
        one_of("status", ("issued", "paid", "void")),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint(
            "amount_minor >= 0 and tax_minor between 0 and amount_minor"
            " and paid_minor between 0 and amount_minor",
            name="amounts",
        ),
        CheckConstraint("(kind = 'credit_note') = (corrects_id is not null)", name="corrects"),
        CheckConstraint(
            "kind = 'credit_note' or (status = 'paid') = (paid_at is not null)"
            " and (status <> 'paid' or paid_minor = amount_minor)",
            name="paid",
        ),
        CheckConstraint(
            "(status = 'void') = (voided_at is not null) and (status <> 'void' or paid_minor = 0)",
            name="void",
        ),
        belongs_to("subscription_id", "subscriptions", ondelete="SET NULL (subscription_id)"),
        UniqueConstraint("company_id", "id"),
        Index("ix_invoices_company_id_subscription_id", "company_id", "subscription_id"),
        Index("ix_invoices_corrects_id", "corrects_id", unique=True),
        Index("ix_invoices_plan_id", "plan_id"),
        Index("ix_invoices_open", "company_id", "id", postgresql_where=text(OPEN)),
        Index("ix_invoices_due_at", "due_at", postgresql_where=text(OPEN)),
    )


class Payment(Table):
    """Money that came in; a charge counts once, by its method and id.

    `allocated_minor` has gone to invoices, `refunded_minor` back to the payer (or is on its way);
    the rest is credit of the company. A flagged one does not fit its invoice; `flag` says how.
    One that names no invoice of ours has neither invoice nor company. A transfer that was noted
    wrongly is annulled: it counts as gone back, and leaves its `charge_id` to the right one.
    """

    __tablename__ = "payments"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    method: Mapped[str]
    charge_id: Mapped[str]
    provider_charge_id: Mapped[str | None]
    payer_id: Mapped[int | None]
    """Telegram's id of the person who paid, to whom Stars go back."""
    amount_minor: Mapped[int]
    allocated_minor: Mapped[int] = mapped_column(server_default="0")
    refunded_minor: Mapped[int] = mapped_column(server_default="0")
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="received")
    flag: Mapped[str | None]
    noted_by: Mapped[str | None]
    """The operator who noted a bank transfer."""
    paid_at: Mapped[Created]

    __table_args__ = (
        one_of("method", ("stars", "bank", "provider")),
        one_of("status", ("received", "flagged", "refunded", "annulled")),
        CheckConstraint("(status = 'flagged') <= (flag is not null)", name="flag"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint(
            "amount_minor > 0 and allocated_minor >= 0 and refunded_minor >= 0"
            " and allocated_minor + refunded_minor <= amount_minor",
            name="amounts",
        ),
        UniqueConstraint("method", "charge_id"),
        Index("ix_payments_company_id_id", "company_id", "id"),
        Index("ix_payments_invoice_id", "invoice_id"),
        Index("ix_payments_flagged", "id", postgresql_where=text("status = 'flagged'")),
        Index("ix_payments_credit", "company_id", "id", postgresql_where=text(CREDIT)),
    )


class Allocation(Table):
    """So much of a payment or credit note that settles an invoice; less than 0 takes it back."""

    __tablename__ = "allocations"

    id: Mapped[Key]
    company_id: Mapped[int | None]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    amount_minor: Mapped[int]
    at: Mapped[Created]

    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint("(payment_id is null) <> (credit_note_id is null)", name="source"),
        Index("ix_allocations_company_id", "company_id"),
        Index("ix_allocations_invoice_id", "invoice_id"),
        Index("ix_allocations_payment_id", "payment_id"),
        Index("ix_allocations_credit_note_id", "credit_note_id"),
    )


class Refund(Table):
    """Money that goes back to the payer; tried again by workers until it is confirmed."""

    __tablename__ = "refunds"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    amount_minor: Mapped[int]
    reason: Mapped[str]
    asked_by: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[Created]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", ("pending", "confirmed", "failed")),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(status = 'confirmed') = (confirmed_at is not null)", name="confirmed"),
        Index("ix_refunds_company_id", "company_id"),
        Index("ix_refunds_payment_id", "payment_id"),
        Index("ix_refunds_next_at", "next_at", postgresql_where=text("status = 'pending'")),
        Index("ix_refunds_open", "id", postgresql_where=text("status <> 'confirmed'")),
    )


class LedgerEntry(Table):
    """A line of a company's account: what it owes grows by charges and refunds, and shrinks by
    payments, credit notes and what is voided. Lines are only ever added.
    """

    __tablename__ = "ledger"

    id: Mapped[Key]
    company_id: Mapped[int | None]
    at: Mapped[Created]
    kind: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int]
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))

    __table_args__ = (
        one_of("kind", ("charge", "void", "credit_note", "payment", "refund")),
        CheckConstraint(
            "case when kind in ('charge', 'refund') then amount_minor >= 0"
            " else amount_minor <= 0 end",
            name="sign",
        ),
        CheckConstraint("num_nonnulls(invoice_id, payment_id, refund_id) = 1", name="about"),
        Index("ix_ledger_company_id_id", "company_id", "id"),
        Index("uq_ledger_invoice_id_kind", "invoice_id", "kind", unique=True),
        Index("uq_ledger_payment_id", "payment_id", unique=True),
        Index("uq_ledger_refund_id", "refund_id", unique=True),
    )
