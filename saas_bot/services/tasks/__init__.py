"""Tasks: finding them, creating and changing them, moving them along their flow."""

from saas_bot.domain.task_lists import Sort, TaskFilter, View
from saas_bot.services.tasks.board import BoardColumn, board
from saas_bot.services.tasks.changes import assign, change, comment, create
from saas_bot.services.tasks.checklist import (
    Checklist,
    Way,
    add_items,
    checklist,
    move_item,
    remove_item,
    rename_item,
    tick,
)
from saas_bot.services.tasks.copying import copy
from saas_bot.services.tasks.details import comments, reviews
from saas_bot.services.tasks.lists import page
from saas_bot.services.tasks.moves import check, move
from saas_bot.services.tasks.moving import Moved, by_ref, move_to
from saas_bot.services.tasks.offers import Missed, Worker, offers, worker
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import (
    Draft,
    ReviewNote,
    Submission,
    TaskCard,
    TaskComment,
    TaskLine,
)
from saas_bot.services.tasks.tags import frequent, need_few, retag

__all__ = [
    "BoardColumn",
    "Checklist",
    "Draft",
    "Missed",
    "Moved",
    "ReviewNote",
    "Sort",
    "Submission",
    "TaskCard",
    "TaskComment",
    "TaskFilter",
    "TaskLine",
    "View",
    "Way",
    "Worker",
    "add_items",
    "assign",
    "board",
    "by_ref",
    "card",
    "change",
    "check",
    "checklist",
    "comment",
    "comments",
    "copy",
    "create",
    "frequent",
    "move",
    "move_item",
    "move_to",
    "need_few",
    "offers",
    "page",
    "remove_item",
    "rename_item",
    "retag",
    "reviews",
    "tick",
    "worker",
]
