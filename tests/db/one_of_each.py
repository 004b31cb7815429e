"""A company with one row in every table that can have one, for what hangs on what."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.models import (
    Allocation,
    AuditLog,
    BillingDetails,
    ChecklistItem,
    Comment,
    Export,
    File,
    IdempotencyKey,
    Invite,
    Invoice,
    LedgerEntry,
    LoginCode,
    Mute,
    OutboxMessage,
    Payment,
    Refund,
    Reminder,
    Session,
    Subscription,
    SubscriptionPeriod,
    TaskTag,
    Upload,
)
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.db.samples import sample_invoice


@dataclass(frozen=True, slots=True)
class OneOfEach:
    """A company with one row in every table that can have one."""

    team: factories.Team
    project_id: int
    task_id: int
    plan_id: int


async def one_of_each(database: Database) -> OneOfEach:
    """Such a company, and what its rows hang on."""
    team = await factories.company(database)
    project_id = await factories.project(database, team.id, team.worker, team.client)
    task_id = await factories.task(
        database, project_id, author=team.worker, assignee=team.worker, status=Status.DONE
    )
    plan_code = await factories.plan(database, seats=5)
    async with database.system_session("test") as session:
        plan_id = await session.scalar(
            text("select id from plans where code = :code"), {"code": plan_code}
        )
        review_id = await session.scalar(text("select id from reviews"))
        assert plan_id
        assert review_id
        invoice = sample_invoice(team.id, plan_id, number="INV-2026-000001")
        subscription = Subscription(company_id=team.id, plan_id=plan_id, status="pending")
        session.add_all([invoice, subscription, *_work(team, project_id, task_id, review_id)])
        session.add_all(_rest(team, project_id))
        await session.flush()
        session.add_all(await _money(session, team.id, subscription, invoice))
    return OneOfEach(team, project_id, task_id, plan_id)


async def _money(
    session: AsyncSession, company_id: int, subscription: Subscription, invoice: Invoice
) -> list[object]:
    mine = {"company_id": company_id}
    payment = Payment(
        **mine,
        invoice_id=invoice.id,
        method="bank",
        charge_id="1",
        amount_minor=1,
        currency="EUR",
    )
    session.add(payment)
    await session.flush()
    return [
        BillingDetails(**mine, legal_name="Acme", address="1 Pump Street"),
        SubscriptionPeriod(
            **mine,
            subscription_id=subscription.id,
            plan_id=invoice.plan_id,
            invoice_id=invoice.id,
            starts_at=now(),
            ends_at=now() + timedelta(days=1),
            price_stars=1,
            price_minor=1,
            currency="EUR",
        ),
        Allocation(**mine, invoice_id=invoice.id, payment_id=payment.id, amount_minor=1),
        Refund(**mine, payment_id=payment.id, amount_minor=1, reason="x", asked_by="Ada"),
        LedgerEntry(**mine, kind="charge", currency="EUR", amount_minor=1, invoice_id=invoice.id),
    ]


def _work(team: factories.Team, project_id: int, task_id: int, review_id: int) -> list[object]:
    who = team.worker
    file = {
        "company_id": team.id,
        "project_id": project_id,
        "uploader_id": who.user_id,
        "uploader_name": who.account.name,
        "name": "a.pdf",
        "size": 1,
        "media_type": "application/pdf",
    }
    return [
        Comment(
            company_id=team.id,
            task_id=task_id,
            author_id=who.user_id,
            author_name=who.account.name,
            body="Done",
        ),
        TaskTag(company_id=team.id, task_id=task_id, tag="pump"),
        ChecklistItem(company_id=team.id, task_id=task_id, text="Drain it"),
        Reminder(company_id=team.id, task_id=task_id, about="due", at=now()),
        Mute(company_id=team.id, user_id=who.user_id, project_id=project_id),
        Mute(company_id=team.id, user_id=who.user_id, task_id=task_id),
        Upload(company_id=team.id, user_id=who.user_id, project_id=project_id, task_id=task_id),
        File(**file, object_key="of the project"),
        File(**file, object_key="of the task", task_id=task_id),
        File(**file, object_key="of the review", task_id=task_id, review_id=review_id),
    ]


def _rest(team: factories.Team, project_id: int) -> list[object]:
    who = team.worker
    return [
        Invite(
            company_id=team.id,
            token_hash="x",
            role=Role.WORKER,
            project_id=project_id,
            author_id=who.user_id,
            expires_at=now(),
        ),
        IdempotencyKey(company_id=team.id, telegram_id=1, key="k", fingerprint="f"),
        LoginCode(telegram_id=who.account.telegram_id, name="n", secret_hash="s", expires_at=now()),
        Session(
            telegram_id=who.account.telegram_id,
            company_id=team.id,
            user_id=who.user_id,
            family="f",
            refresh_hash="r",
            expires_at=now(),
        ),
        Export(
            company_id=team.id,
            user_id=who.user_id,
            project_id=project_id,
            format="csv",
            period="week",
        ),
        OutboxMessage(
            company_id=team.id, telegram_id=who.account.telegram_id, kind="assigned", payload={}
        ),
        AuditLog(
            company_id=team.id,
            actor_kind="user",
            actor_user_id=who.user_id,
            actor_name=who.account.name,
            action="task.created",
            entity="task",
            entity_id=1,
        ),
    ]
