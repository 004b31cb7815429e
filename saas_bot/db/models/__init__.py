"""The tables, one module an aggregate."""

from saas_bot.db.models.accounts import AccountRow, Company, Invite, ProcessedUpdate, Session, User
from saas_bot.db.models.audit import AuditLog, OutboxMessage
from saas_bot.db.models.billing import Invoice, Payment, Plan, Subscription, Trial
from saas_bot.db.models.mapping import Table
from saas_bot.db.models.work import Comment, File, Project, ProjectMember, Review, Task

metadata = Table.metadata

__all__ = [
    "AccountRow",
    "AuditLog",
    "Comment",
    "Company",
    "File",
    "Invite",
    "Invoice",
    "OutboxMessage",
    "Payment",
    "Plan",
    "ProcessedUpdate",
    "Project",
    "ProjectMember",
    "Review",
    "Session",
    "Subscription",
    "Table",
    "Task",
    "Trial",
    "User",
    "metadata",
]
