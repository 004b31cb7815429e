"""What the audit trail tells of a company: the kinds of things that happen, and each of them."""

from enum import StrEnum
from typing import Final


class Area(StrEnum):
    """What something that happened is about, as people look for it."""

    TASKS = "tasks"
    FILES = "files"
    PROJECTS = "projects"
    PEOPLE = "people"
    COMPANY = "company"
    BILLING = "billing"


def _of(entity: str, *did: str) -> tuple[str, ...]:
    return tuple(f"{entity}.{one}" for one in did)


_FILED: Final = (
    "file_added",
    "file_failed",
    "file_renamed",
    "file_hidden",
    "file_shown",
    "file_deleted",
)

ACTIONS: Final[dict[Area, tuple[str, ...]]] = {
    Area.TASKS: (
        *_of("task", "created", "start", "submit", "accept", "return", "cancel", "reopen"),
        *_of("task", "title", "description", "priority", "due_at", "assigned", "moved", "tags"),
        *_of("task", "item_added", "item_ticked", "item_unticked", "item_renamed", "item_moved"),
        *_of("task", "item_removed", "commented", "comment_edited", "comment_deleted"),
    ),
    Area.FILES: (
        *_of("task", *_FILED),
        *_of("project", *_FILED),
        *_of("file", "downloaded", "linked", "stored", "stored_again", "size_corrected"),
        "upload.cancelled",
        "storage.recounted",
    ),
    Area.PROJECTS: (
        *_of("project", "created", "renamed", "described", "archived", "restored", "deleted"),
        *_of("project", "attached", "detached"),
    ),
    Area.PEOPLE: (
        *_of("member", "joined", "role", "deactivated", "reactivated", "left"),
        *_of("invite", "created", "revoked", "expired"),
        *_of("session", "begun", "ended", "reused"),
    ),
    Area.COMPANY: (
        *_of("company", "created", "renamed", "timezone_changed", "deleted", "restored", "purged"),
        *_of("report", "exported", "export_fetched", "export_cancelled"),
        *_of("notification", "retried", "dropped"),
    ),
    Area.BILLING: (
        *_of("subscription", "asked", "paid", "granted", "next_plan", "cancels", "resumed"),
        *_of("subscription", "abandoned", "period_ended", "last_period_ended", "grace_ended"),
        *_of("subscription", "refunded", "pending", "active", "past_due", "expired", "canceled"),
        *_of("trial", "granted", "ended"),
        *_of("invoice", "issued", "voided", "asked_for"),
        "credit_note.issued",
        *_of("payment", "received", "seen", "annulled"),
        *_of("refund", "asked", "sent"),
        "billing_details.changed",
    ),
}
"""Every action that is noted with a company, once. Whatever else is noted has no words to be told
in: tests find it."""
