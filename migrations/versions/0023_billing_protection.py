"""Refunds kept like payments; what is closed stays closed; transfers that were noted wrongly.

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# What may change of a document once it is written; a company's purge takes it out of it.
KEPT_BODY = """
create or replace function keep_{table}() returns trigger language plpgsql as $$
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

INVOICE_PARTS = (
    "'company_id', 'subscription_id', 'status', 'paid_minor', 'paid_at', 'voided_at', 'void_reason'"
)
SUBSCRIPTION_STAYS = (
    " or (new.subscription_id is distinct from old.subscription_id"
    " and new.subscription_id is not null)"
)
PAYMENT_PARTS = "'company_id', 'allocated_minor', 'refunded_minor', 'status', 'flag'"

KEPT = {
    "invoices": (
        INVOICE_PARTS,
        "(old.status <> 'issued' and (new.status, new.paid_minor, new.paid_at, new.voided_at,"
        " new.void_reason) is distinct from"
        " (old.status, old.paid_minor, old.paid_at, old.voided_at, old.void_reason))"
        + SUBSCRIPTION_STAYS,
    ),
    # The reference of a transfer that was noted wrongly becomes free as it is taken out.
    "payments": (
        f"{PAYMENT_PARTS}, 'charge_id'",
        "new.refunded_minor < old.refunded_minor"
        " or (old.status in ('refunded', 'annulled') and new.status <> old.status)"
        " or (new.refunded_minor > 0 and new.status = 'received')"
        " or (new.charge_id <> old.charge_id"
        " and (old.status = 'annulled' or new.status <> 'annulled'))",
    ),
    "refunds": (
        "'company_id', 'status', 'attempts', 'next_at', 'error', 'confirmed_at'",
        "(old.status = 'confirmed' and (new.status, new.confirmed_at) is distinct from"
        " (old.status, old.confirmed_at))",
    ),
}

KEPT_BEFORE = {
    "invoices": (
        INVOICE_PARTS,
        "(old.status <> 'issued' and new.status <> old.status)"
        " or (old.status = 'void' and new.paid_minor <> old.paid_minor)" + SUBSCRIPTION_STAYS,
    ),
    "payments": (PAYMENT_PARTS, "new.refunded_minor < 0"),
}

NEVER_EMPTIED = ("invoices", "payments", "refunds", "allocations", "ledger", "document_numbers")


def upgrade() -> None:
    """Forward."""
    _keep(KEPT)
    op.execute(
        "create trigger kept before update or delete on refunds"
        " for each row execute function keep_refunds()"
    )
    for table in NEVER_EMPTIED:
        op.execute(
            f"create trigger never_emptied before truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    _statuses_of_payments("received", "flagged", "refunded", "annulled")
    op.create_index(
        "ix_refunds_open", "refunds", ["id"], postgresql_where=sa.text("status <> 'confirmed'")
    )


def downgrade() -> None:
    """And back; what was noted wrongly looks like what was given back."""
    op.drop_index("ix_refunds_open", table_name="refunds")
    for table in NEVER_EMPTIED:
        op.execute(f"drop trigger never_emptied on {table}")
    op.execute("drop trigger kept on refunds")
    op.execute("drop function keep_refunds()")
    _keep(KEPT_BEFORE)
    op.execute("update payments set status = 'refunded' where status = 'annulled'")
    _statuses_of_payments("received", "flagged", "refunded")


def _keep(kept: dict[str, tuple[str, str]]) -> None:
    for table, (mutable, forbidden) in kept.items():
        body = KEPT_BODY.format(table=table, mutable=mutable, forbidden=forbidden)
        op.execute(body.replace(":", r"\:"))


def _statuses_of_payments(*statuses: str) -> None:
    listed = ", ".join(f"'{status}'" for status in statuses)
    name = op.f("ck_payments_status")
    op.drop_constraint(name, "payments")
    op.create_check_constraint(name, "payments", f"status in ({listed})")
