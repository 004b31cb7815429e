"""Invoices and payments that are written for good; the ledger.

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

MINE = "company_id = (select current_setting('app.company_id')::bigint)"

# Only the system writes documents and money.
GRANTS = {
    "billing_details": "select, insert, update",
    "refunds": "select",
    "allocations": "select",
    "ledger": "select",
}

# What may change of a document once it is written; a company's purge takes it out of it.
IMMUTABLE = """
create function keep_{table}() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception '% is kept', tg_table_name using errcode = 'restrict_violation';
    end if;
    if to_jsonb(new) - array[{mutable}] <> to_jsonb(old) - array[{mutable}]
       or (new.company_id is distinct from old.company_id and new.company_id is not null)
       or {forbidden}
    then
        raise exception '% is written for good', tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

KEPT = {
    "invoices": (
        "'company_id', 'subscription_id', 'status', 'paid_minor', 'paid_at', 'voided_at',"
        " 'void_reason'",
        "(old.status <> 'issued' and new.status <> old.status)"
        " or (old.status = 'void' and new.paid_minor <> old.paid_minor)"
        " or (new.subscription_id is distinct from old.subscription_id"
        " and new.subscription_id is not null)",
    ),
    "payments": (
        "'company_id', 'allocated_minor', 'refunded_minor', 'status', 'flag'",
        "new.refunded_minor < 0",
    ),
}

ONLY_GROWS = ("allocations", "ledger")

ENQUEUE = """
create or replace function enqueue(task text, subject bigint, person bigint default null)
returns bigint
language plpgsql security definer set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    company bigint := current_setting('app.company_id')::bigint;
    wanted jsonb := jsonb_strip_nulls(jsonb_build_object(
        'company_id', company, 'subject', subject, 'person', person));
    waits_for text := task || ' ' || company || ' ' || coalesce(person, subject);
begin
    if task not in ({tasks}) then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;
    if task in ({once}) and exists (
        select from procrastinate_jobs j
        where j.queue_name = task and j.lock = waits_for and j.args = wanted
          and j.status in ('todo', 'doing')) then
        return null;
    end if;
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, waits_for, null, wanted, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""


def upgrade() -> None:
    """Forward. Nothing wrote invoices or payments before."""
    _details_and_numbers()
    _invoices()
    _payments()
    _refunds()
    _allocations_and_ledger()
    for table, rights in GRANTS.items():
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant {rights} on {table} to saas_tenant")
    for table, (mutable, forbidden) in KEPT.items():
        body = IMMUTABLE.format(table=table, mutable=mutable, forbidden=forbidden)
        op.execute(body.replace(":", r"\:"))
        op.execute(
            f"create trigger kept before update or delete on {table}"
            f" for each row execute function keep_{table}()"
        )
    for table in ONLY_GROWS:
        op.execute(
            f"create trigger append_only before update or delete on {table}"
            " for each row execute function refuse_change()"
        )
    _enqueue(
        "'export', 'upload', 'send_file', 'invoice_en', 'invoice_ru'", "invoice_en", "invoice_ru"
    )


def downgrade() -> None:
    """And back; invoices and payments go, as they could not be read any more."""
    _enqueue("'export', 'upload', 'send_file'")
    for table in KEPT:
        op.execute(f"drop trigger kept on {table}")
        op.execute(f"drop function keep_{table}()")
    for table in ("ledger", "allocations", "refunds"):
        op.drop_table(table)
    op.execute("update subscription_periods set invoice_id = null")
    op.execute("delete from payments")
    op.execute("delete from invoices")
    _payments_as_before()
    _invoices_as_before()
    for table in ("document_numbers", "billing_details"):
        op.drop_table(table)


def _details_and_numbers() -> None:
    op.create_table(
        "billing_details",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("changed_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        _to("billing_details", "company_id", "companies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_billing_details")),
    )
    op.create_table(
        "document_numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_document_numbers")),
    )


def _invoices() -> None:
    jsonb = postgresql.JSONB(astext_type=sa.Text())
    for column in (
        sa.Column("subscription_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="invoice", nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("lines", jsonb, nullable=False),
        sa.Column("tax_rate", sa.SmallInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("price_stars", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_currency", sa.Text(), nullable=False),
        sa.Column("seller", jsonb, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
    ):
        op.add_column("invoices", column)
    op.alter_column("invoices", "number", nullable=False)
    op.alter_column("invoices", "status", server_default="issued")
    op.alter_column("invoices", "buyer", server_default=None)
    op.alter_column("invoices", "issued_at", nullable=False, server_default=sa.text("now()"))
    op.drop_column("invoices", "created_at")
    op.drop_constraint(op.f("ck_invoices_status"), "invoices")
    for name, rule in (
        ("status", "status in ('issued', 'paid', 'void')"),
        ("kind", "kind in ('invoice', 'credit_note')"),
        ("purpose", "purpose in ('start', 'renewal', 'upgrade')"),
        ("currency", "currency ~ '^[A-Z]{3}$'"),
        (
            "amounts",
            "amount_minor >= 0 and tax_minor between 0 and amount_minor"
            " and paid_minor between 0 and amount_minor",
        ),
        ("corrects", "(kind = 'credit_note') = (corrects_id is not null)"),
        (
            "paid",
            "kind = 'credit_note' or (status = 'paid') = (paid_at is not null)"
            " and (status <> 'paid' or paid_minor = amount_minor)",
        ),
        (
            "void",
            "(status = 'void') = (voided_at is not null) and (status <> 'void' or paid_minor = 0)",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_invoices_{name}"), "invoices", rule)
    op.drop_index("ix_invoices_company_id_id", table_name="invoices")
    op.create_index(
        "ix_invoices_company_id_subscription_id", "invoices", ["company_id", "subscription_id"]
    )
    op.create_index("ix_invoices_corrects_id", "invoices", ["corrects_id"], unique=True)
    for name, columns in (("open", ["company_id", "id"]), ("due_at", ["due_at"])):
        open_ones = "status = 'issued' and kind = 'invoice'"
        _where(f"ix_invoices_{name}", "invoices", columns, open_ones)
    op.create_foreign_key(
        op.f("fk_invoices_company_id_subscription_id"),
        "invoices",
        "subscriptions",
        ["company_id", "subscription_id"],
        ["company_id", "id"],
        ondelete="SET NULL (subscription_id)",
    )
    op.create_foreign_key(
        op.f("fk_invoices_corrects_id"), "invoices", "invoices", ["corrects_id"], ["id"]
    )


def _invoices_as_before() -> None:
    op.drop_constraint(op.f("fk_invoices_corrects_id"), "invoices")
    op.drop_constraint(op.f("fk_invoices_company_id_subscription_id"), "invoices")
    for name in ("due_at", "open", "corrects_id", "company_id_subscription_id"):
        op.drop_index(f"ix_invoices_{name}", table_name="invoices")
    op.create_index("ix_invoices_company_id_id", "invoices", ["company_id", "id"])
    for name in ("void", "paid", "corrects", "amounts", "currency", "purpose", "kind", "status"):
        op.drop_constraint(op.f(f"ck_invoices_{name}"), "invoices")
    op.create_check_constraint(
        op.f("ck_invoices_status"), "invoices", "status in ('draft', 'issued', 'paid', 'void')"
    )
    op.add_column(
        "invoices",
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
    )
    op.alter_column("invoices", "issued_at", nullable=True, server_default=None)
    op.alter_column("invoices", "buyer", server_default=sa.text("'{}'"))
    op.alter_column("invoices", "status", server_default="draft")
    op.alter_column("invoices", "number", nullable=True)
    for name in (
        "void_reason",
        "voided_at",
        "due_at",
        "seller",
        "price_currency",
        "price_minor",
        "price_stars",
        "paid_minor",
        "tax_minor",
        "tax_rate",
        "lines",
        "corrects_id",
        "purpose",
        "kind",
        "subscription_id",
    ):
        op.drop_column("invoices", name)


def _payments() -> None:
    for column in (
        sa.Column("provider_charge_id", sa.Text(), nullable=True),
        sa.Column("payer_id", sa.BigInteger(), nullable=True),
        sa.Column("allocated_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=True),
    ):
        op.add_column("payments", column)
    op.alter_column("payments", "invoice_id", nullable=True)
    op.alter_column("payments", "status", server_default="received")
    for name, rule in (
        ("flag", "(status = 'flagged') <= (flag is not null)"),
        ("currency", "currency ~ '^[A-Z]{3}$'"),
        (
            "amounts",
            "amount_minor > 0 and allocated_minor >= 0 and refunded_minor >= 0"
            " and allocated_minor + refunded_minor <= amount_minor",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_payments_{name}"), "payments", rule)
    _where("ix_payments_flagged", "payments", ["id"], "status = 'flagged'")
    left = "allocated_minor + refunded_minor < amount_minor"
    _where("ix_payments_credit", "payments", ["company_id", "id"], left)


def _payments_as_before() -> None:
    for name in ("credit", "flagged"):
        op.drop_index(f"ix_payments_{name}", table_name="payments")
    for name in ("amounts", "currency", "flag"):
        op.drop_constraint(op.f(f"ck_payments_{name}"), "payments")
    op.alter_column("payments", "status", server_default=None)
    op.alter_column("payments", "invoice_id", nullable=False)
    for name in (
        "noted_by",
        "flag",
        "refunded_minor",
        "allocated_minor",
        "payer_id",
        "provider_charge_id",
    ):
        op.drop_column("payments", name)


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status in ('pending', 'confirmed', 'failed')", name=op.f("ck_refunds_status")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at is not null)",
            name=op.f("ck_refunds_confirmed"),
        ),
        _to("refunds", "company_id", "companies", ondelete="SET NULL"),
        _to("refunds", "payment_id", "payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    for column in ("company_id", "payment_id"):
        op.create_index(f"ix_refunds_{column}", "refunds", [column])
    _where("ix_refunds_next_at", "refunds", ["next_at"], "status = 'pending'")


def _allocations_and_ledger() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("credit_note_id", sa.BigInteger(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_allocations_amount")),
        sa.CheckConstraint(
            "(payment_id is null) <> (credit_note_id is null)", name=op.f("ck_allocations_source")
        ),
        _to("allocations", "invoice_id", "invoices"),
        _to("allocations", "payment_id", "payments"),
        _to("allocations", "credit_note_id", "invoices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    for column in ("company_id", "invoice_id", "payment_id", "credit_note_id"):
        op.create_index(f"ix_allocations_{column}", "allocations", [column])
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind in ('charge', 'void', 'credit_note', 'payment', 'refund')",
            name=op.f("ck_ledger_kind"),
        ),
        sa.CheckConstraint(
            "case when kind in ('charge', 'refund') then amount_minor >= 0"
            " else amount_minor <= 0 end",
            name=op.f("ck_ledger_sign"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(invoice_id, payment_id, refund_id) = 1", name=op.f("ck_ledger_about")
        ),
        _to("ledger", "invoice_id", "invoices"),
        _to("ledger", "payment_id", "payments"),
        _to("ledger", "refund_id", "refunds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_company_id_id", "ledger", ["company_id", "id"])
    for columns in (["invoice_id", "kind"], ["payment_id"], ["refund_id"]):
        op.create_index(f"uq_ledger_{'_'.join(columns)}", "ledger", columns, unique=True)


def _enqueue(tasks: str, *once: str) -> None:
    listed = ", ".join(f"'{task}'" for task in ("send_file", *once))
    op.execute(ENQUEUE.format(tasks=tasks, once=listed))


def _to(table: str, column: str, other: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def _where(name: str, table: str, columns: list[str], rule: str, *, once: bool = False) -> None:
    op.create_index(name, table, columns, unique=once, postgresql_where=sa.text(rule))
