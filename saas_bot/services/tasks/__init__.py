"""Tasks: finding them, creating and changing them, moving them along their flow."""

from saas_bot.services.tasks.changes import assign, change, comment, create
from saas_bot.services.tasks.details import comments, reviews
from saas_bot.services.tasks.moves import check, move
from saas_bot.services.tasks.reading import View, by_ref, card, page
from saas_bot.services.tasks.shapes import (
    Draft,
    ReviewNote,
    Submission,
    TaskCard,
    TaskComment,
    TaskLine,
)

__all__ = [
    "Draft",
    "ReviewNote",
    "Submission",
    "TaskCard",
    "TaskComment",
    "TaskLine",
    "View",
    "assign",
    "by_ref",
    "card",
    "change",
    "check",
    "comment",
    "comments",
    "create",
    "move",
    "page",
    "reviews",
]
