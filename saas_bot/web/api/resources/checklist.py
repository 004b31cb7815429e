"""The checklist of a task."""

from typing import Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.services import tasks
from saas_bot.services.tasks import Way
from saas_bot.services.tasks.checklist import Checklist as Items
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Model, Text
from saas_bot.web.api.resources.tasks import TaskPath, within_path
from saas_bot.web.api.routes import Route


class Item(Answer):
    """One thing to do."""

    id: int
    text: str
    done: bool


class Checklist(Answer):
    """All that is to be done in a task, in its order."""

    task_id: int
    items: list[Item]

    @classmethod
    def of(cls, found: Items) -> Self:
        """That of a task."""
        return cls(task_id=found.task.id, items=[Item.model_validate(one) for one in found.items])


class ItemPath(TaskPath):
    """Which item of which task."""

    item: Id


class NewItems(Model):
    """Items to be added."""

    text: Text = Field(
        description="A line for each; `[x]` before it says that it is done",
        examples=["Buy paint\nPaint the fence"],
    )


class ItemText(Model):
    """What an item says."""

    text: Text = Field(examples=["Buy green paint"])


class ItemMove(Model):
    """Where an item goes."""

    way: Way = Field(description="One that can't go there stays")


async def get(call: Call, path: TaskPath) -> Checklist:
    """All its items."""
    return Checklist.of(await tasks.checklist(call.session, call.actor, path.task))


async def add(call: Call, path: TaskPath, body: NewItems) -> Checklist:
    """At its end."""
    return Checklist.of(await tasks.add_items(call.session, call.actor, path.task, body.text))


async def rename(call: Call, path: ItemPath, body: ItemText) -> Checklist:
    """Other words for an item."""
    where = call.session, call.actor, path.task, path.item
    return Checklist.of(await tasks.rename_item(*where, body.text))


async def tick(call: Call, path: ItemPath) -> Checklist:
    """It is done. Done already is fine."""
    where = call.session, call.actor, path.task, path.item
    return Checklist.of(await tasks.tick(*where, done=True))


async def untick(call: Call, path: ItemPath) -> Checklist:
    """It is to be done again."""
    where = call.session, call.actor, path.task, path.item
    return Checklist.of(await tasks.tick(*where, done=False))


async def move(call: Call, path: ItemPath, body: ItemMove) -> Checklist:
    """One place up or down, or to the top."""
    where = call.session, call.actor, path.task, path.item
    return Checklist.of(await tasks.move_item(*where, body.way))


async def remove(call: Call, path: ItemPath) -> Checklist:
    """Take an item away."""
    where = call.session, call.actor, path.task, path.item
    return Checklist.of(await tasks.remove_item(*where))


_ALL: Final = "/tasks/{task}/checklist"
_ONE: Final = f"{_ALL}/{{item}}"
_FIXED: Final = {403: ("limit-project",), 409: ("project-archived", "task-closed")}
_NONE: Final = {404: ("task-not-found", "item-not-found")}

ROUTES: Final = (
    Route(
        "GET",
        _ALL,
        Permission.TASK_SEE,
        get,
        "The checklist",
        problems={404: ("task-not-found",)},
    ),
    Route(
        "POST",
        _ALL,
        Permission.TASK_EDIT,
        add,
        "Add items",
        status=201,
        within=within_path,
        problems=_FIXED | {404: ("task-not-found",), 422: (*TEXT, "items-too-many")},
    ),
    Route(
        "PATCH",
        _ONE,
        Permission.TASK_EDIT,
        rename,
        "Change an item",
        problems=_FIXED | _NONE | {422: TEXT},
    ),
    Route(
        "POST",
        f"{_ONE}/tick",
        Permission.TASK_TICK,
        tick,
        "Tick an item",
        problems=_FIXED | _NONE | {403: ("limit-project", "task-not-yours")},
    ),
    Route(
        "POST",
        f"{_ONE}/untick",
        Permission.TASK_TICK,
        untick,
        "Untick an item",
        problems=_FIXED | _NONE | {403: ("limit-project", "task-not-yours")},
    ),
    Route(
        "POST",
        f"{_ONE}/move",
        Permission.TASK_EDIT,
        move,
        "Move an item",
        problems=_FIXED | _NONE,
    ),
    Route(
        "DELETE",
        _ONE,
        Permission.TASK_EDIT,
        remove,
        "Delete an item",
        problems=_FIXED | _NONE,
    ),
)
