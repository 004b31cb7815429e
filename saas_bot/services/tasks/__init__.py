"""Tasks: finding them, creating and changing them, moving them along their flow."""

from saas_bot.domain.task_lists import Sort, TaskFilter, View
from saas_bot.services.tasks.board import BoardColumn, board
from saas_bot.services.tasks.changes import WHATEVER, assign, change, change_all, create
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
from saas_bot.services.tasks.comments import comment, delete_comment, edit_comment, find_comment
from saas_bot.services.tasks.copying import copy, to_copy
from saas_bot.services.tasks.details import comments, reviews
from saas_bot.services.tasks.history import history
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
    "WHATEVER",
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
    "change_all",
    "check",
    "checklist",
    "comment",
    "comments",
    "copy",
    "create",
    "delete_comment",
    "edit_comment",
    "find_comment",
    "frequent",
    "history",
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
    "to_copy",
    "worker",
]
