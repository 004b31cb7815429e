"""A company with at least one row in every tenant table."""

from datetime import timedelta

from sqlalchemy import select

from saas_bot.core.clock import now
from saas_bot.db.models import (
    Allocation,
    AuditLog,
    BillingDetails,
    ChecklistItem,
    Comment,
    Export,
    File,
    FormerNumber,
    IdempotencyKey,
    Invite,
    Invoice,
    LedgerEntry,
    Mute,
    OutboxMessage,
    Payment,
    Plan,
    Refund,
    Session,
    Subscription,
    SubscriptionPeriod,
    TaskTag,
    Upload,
    metadata,
)
from saas_bot.db.tenancy import Database
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.factories import Team

TENANT_TABLES = sorted(
    name for name, table in metadata.tables.items() if "company_id" in table.columns
)


async def full_company(database: Database, name: str) -> Team:
    """A team with something of everything; `name` has to be its own."""
    team = await factories.company(database, name)
    project = await factories.project(database, team.id, team.worker, team.client)
    task = await factories.task(database, project, author=team.manager, status=Status.REVIEW)
    mine = {"company_id": team.id}
    async with database.system_session("factory") as session:
        plan = (await session.execute(select(Plan.id).where(Plan.code == "team"))).scalar_one()
        subscription = Subscription(**mine, plan_id=plan, status="pending")
        invoice = sample_invoice(team.id, plan, number=name)
        session.add_all([subscription, invoice])
        await session.flush()
        payment = Payment(
            **mine,
            invoice_id=invoice.id,
            amount_minor=1,
            currency="EUR",
            method="bank",
            charge_id=name,
        )
        session.add(payment)
        await session.flush()
        session.add_all(
            [
                Invite(**mine, token_hash=name, role="admin", expires_at=now()),
                Session(
                    **mine,
                    telegram_id=team.admin.account.telegram_id,
                    user_id=team.admin.user_id,
                    family=name,
                    refresh_hash=name,
                    expires_at=now() + timedelta(days=1),
                ),
                Comment(**mine, task_id=task, author_name="Ada", body="Seen"),
                FormerNumber(**mine, project_id=project, number=99, task_id=task),
                TaskTag(**mine, task_id=task, tag="pump"),
                ChecklistItem(**mine, task_id=task, text="Drain it"),
                File(
                    **mine,
                    project_id=project,
                    uploader_name="Ada",
                    object_key=name,
                    name="f",
                    size=1,
                    media_type="x",
                ),
                Upload(**mine, user_id=team.admin.user_id, project_id=project),
                BillingDetails(**mine, legal_name=name, address="1 Pump Street"),
                SubscriptionPeriod(
                    **mine,
                    subscription_id=subscription.id,
                    plan_id=plan,
                    starts_at=now(),
                    ends_at=now() + timedelta(days=1),
                    price_stars=1,
                    price_minor=1,
                    currency="EUR",
                ),
                Allocation(**mine, invoice_id=invoice.id, payment_id=payment.id, amount_minor=1),
                Refund(**mine, payment_id=payment.id, amount_minor=1, reason="x", asked_by="Ada"),
                LedgerEntry(
                    **mine, kind="charge", currency="EUR", amount_minor=1, invoice_id=invoice.id
                ),
                Mute(**mine, user_id=team.admin.user_id, project_id=project),
                Mute(**mine, user_id=team.admin.user_id, task_id=task),
                Export(**mine, user_id=team.admin.user_id, format="csv", period="week"),
                IdempotencyKey(**mine, telegram_id=1, key="k", fingerprint="f"),
                OutboxMessage(**mine, telegram_id=1, kind="assigned", payload={}),
                AuditLog(
                    **mine,
                    actor_kind="system",
                    actor_name="system",
                    action="made",
                    entity="company",
                    entity_id=team.id,
                ),
            ]
        )
    return team


def sample_invoice(company_id: int, plan_id: int, number: str) -> Invoice:
    """An invoice of one cent that nobody has paid."""
    return Invoice(
        company_id=company_id,
        purpose="start",
        plan_id=plan_id,
        number=number,
        currency="EUR",
        lines=[],
        tax_rate=0,
        tax_minor=0,
        amount_minor=1,
        price_stars=1,
        price_minor=1,
        price_currency="EUR",
        seller={},
        buyer={"name": "Acme"},
        due_at=now(),
    )
