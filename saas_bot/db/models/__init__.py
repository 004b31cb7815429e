"""The tables, one module an aggregate."""

from saas_bot.db.models.accounts import AccountRow, Company, Invite, ProcessedUpdate, Session, User
from saas_bot.db.models.audit import AuditLog, OutboxMessage
from saas_bot.db.models.billing import Invoice, Payment, Plan, Subscription, Trial
from saas_bot.db.models.exports import Export
from saas_bot.db.models.files import File, GoneObject, StorageUsage, Upload
from saas_bot.db.models.mapping import Table
from saas_bot.db.models.numbers import FormerNumber
from saas_bot.db.models.parts import ChecklistItem, TaskTag
from saas_bot.db.models.preferences import Mute
from saas_bot.db.models.reminders import PeriodicJob, Reminder
from saas_bot.db.models.work import Comment, Project, ProjectMember, Review, Task

metadata = Table.metadata

__all__ = [
    "AccountRow",
    "AuditLog",
    "ChecklistItem",
    "Comment",
    "Company",
    "Export",
    "File",
    "FormerNumber",
    "GoneObject",
    "Invite",
    "Invoice",
    "Mute",
    "OutboxMessage",
    "Payment",
    "PeriodicJob",
    "Plan",
    "ProcessedUpdate",
    "Project",
    "ProjectMember",
    "Reminder",
    "Review",
    "Session",
    "StorageUsage",
    "Subscription",
    "Table",
    "Task",
    "TaskTag",
    "Trial",
    "Upload",
    "User",
    "metadata",
]
