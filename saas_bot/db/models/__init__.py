"""The tables, one module an aggregate."""

from saas_bot.db.models.accounts import (
    AccountRow,
    Company,
    Invite,
    LoginCode,
    ProcessedUpdate,
    Session,
    User,
)
from saas_bot.db.models.audit import AuditLog, OutboxMessage
from saas_bot.db.models.billing import Plan, Subscription, SubscriptionPeriod, Trial
from saas_bot.db.models.exports import Export
from saas_bot.db.models.files import File, GoneObject, StorageUsage, Upload
from saas_bot.db.models.mapping import Table
from saas_bot.db.models.money import (
    Allocation,
    BillingDetails,
    DocumentNumber,
    Invoice,
    LedgerEntry,
    Payment,
    Refund,
)
from saas_bot.db.models.numbers import FormerNumber
from saas_bot.db.models.parts import ChecklistItem, TaskTag
from saas_bot.db.models.preferences import Mute
from saas_bot.db.models.reminders import PeriodicJob, Reminder
from saas_bot.db.models.requests import IdempotencyKey
from saas_bot.db.models.work import Comment, Project, ProjectMember, Review, Task

metadata = Table.metadata

__all__ = [
    "AccountRow",
    "Allocation",
    "AuditLog",
    "BillingDetails",
    "ChecklistItem",
    "Comment",
    "Company",
    "DocumentNumber",
    "Export",
    "File",
    "FormerNumber",
    "GoneObject",
    "IdempotencyKey",
    "Invite",
    "Invoice",
    "LedgerEntry",
    "LoginCode",
    "Mute",
    "OutboxMessage",
    "Payment",
    "PeriodicJob",
    "Plan",
    "ProcessedUpdate",
    "Project",
    "ProjectMember",
    "Refund",
    "Reminder",
    "Review",
    "Session",
    "StorageUsage",
    "Subscription",
    "SubscriptionPeriod",
    "Table",
    "Task",
    "TaskTag",
    "Trial",
    "Upload",
    "User",
    "metadata",
]
