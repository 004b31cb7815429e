"""The checklist of a task: what is to be done in it, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import BigInteger, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid, NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import ChecklistItem
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.checklists import lines_of
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit
from saas_bot.services.tasks.editing import editable
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard

_ITEMS = Built(
    select(ChecklistItem.id, ChecklistItem.text, ChecklistItem.done)
    .where(ChecklistItem.task_id == bindparam("task", type_=BigInteger()))
    .order_by(ChecklistItem.place, ChecklistItem.id)
    .limit(limits.ITEMS)
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do."""

    id: int
    text: str
    done: bool


class Way(StrEnum):
    """Where to move an item."""

    TOP = "top"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Checklist:
    """A task with the items of its checklist, in their order."""

    task: TaskCard
    items: tuple[Item, ...]

    def item(self, item_id: int) -> Item:
        """The item of that id.

        Raises:
            NotFound: the checklist has none.
        """
        return self.items[self.place(item_id)]

    def place(self, item_id: int) -> int:
        """Where it stands, from 0; errors as in `item`."""
        for place, one in enumerate(self.items):
            if one.id == item_id:
                return place
        raise NotFound("item-not-found")

    def ways(self, item_id: int) -> list[Way]:
        """Where it can be moved; errors as in `item`."""
        place = self.place(item_id)
        upwards = [Way.TOP, Way.UP] if place else []
        return upwards + ([Way.DOWN] if place < len(self.items) - 1 else [])


async def checklist(session: AsyncSession, actor: Actor, task_id: int) -> Checklist:
    """The checklist of a task.

    Raises:
        NotFound: there is no such task within reach.
    """
    return await _read(session, await card(session, actor, task_id))


async def add_items(session: AsyncSession, actor: Actor, task_id: int, words: str) -> Checklist:
    """Add an item for each line of `words`, at the end; a line may say that it is done already.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor may not edit it.
        Conflict: the task is closed, or its project is archived.
        Invalid: there is no line to read, one is too long, or the items are too many.
    """
    lines = lines_of(words)
    if not lines:
        raise Invalid("text-empty", field="text")
    before = await _locked(session, actor, task_id, Permission.TASK_EDIT)
    if len(before.items) + len(lines) > limits.ITEMS:
        raise Invalid("items-too-many", field="text", limit=limits.ITEMS, there=len(before.items))
    task = before.task
    ticks = task.allows(actor, Permission.TASK_TICK)
    rows = [
        {
            "company_id": actor.company_id,
            "task_id": task.id,
            "text": one.text,
            "done": one.done and ticks,
        }
        for one in lines
    ]
    added = await session.execute(
        insert(ChecklistItem)
        .values(rows)
        .returning(ChecklistItem.id, ChecklistItem.text, ChecklistItem.done)
    )
    items = [Item(*row) for row in added]
    listed = "; ".join(one.text for one in lines)
    _record(session, actor, task, "item_added", after=listed[: limits.ITEM])
    return _changed(task, (*before.items, *sorted(items, key=lambda item: item.id)))


async def tick(
    session: AsyncSession, actor: Actor, task_id: int, item_id: int, *, done: bool
) -> Checklist:
    """Mark an item as done, or as to be done again; what is so already is fine.

    Raises:
        NotFound: there is no such task within reach, or it has no such item.
        Forbidden: the actor may not tick its items.
        Conflict: the task is closed, or its project is archived.
    """
    before = await _locked(session, actor, task_id, Permission.TASK_TICK)
    item = before.item(item_id)
    if item.done is done:
        return before
    await _set(session, item, done=done)
    action = "item_ticked" if done else "item_unticked"
    _record(session, actor, before.task, action, after=item.text)
    return _with(before, replace(item, done=done))


async def rename_item(
    session: AsyncSession, actor: Actor, task_id: int, item_id: int, words: str
) -> Checklist:
    """Give an item other words; errors as in `add_items`, NotFound where there is no such item."""
    text = limits.line(words, limits.ITEM, "text")
    before = await _locked(session, actor, task_id, Permission.TASK_EDIT)
    item = before.item(item_id)
    if item.text == text:
        return before
    await _set(session, item, text=text)
    _record(session, actor, before.task, "item_renamed", before=item.text, after=text)
    return _with(before, replace(item, text=text))


async def move_item(
    session: AsyncSession, actor: Actor, task_id: int, item_id: int, way: Way
) -> Checklist:
    """Give an item another place; one that can't go there stays. Errors as in `rename_item`."""
    before = await _locked(session, actor, task_id, Permission.TASK_EDIT)
    place, item = before.place(item_id), before.item(item_id)
    if way not in before.ways(item_id):
        return before
    items = [one for one in before.items if one is not item]
    items.insert({Way.TOP: 0, Way.UP: place - 1, Way.DOWN: place + 1}[way], item)
    order = literal([one.id for one in items], ARRAY(BigInteger()))
    await session.execute(
        update(ChecklistItem)
        .where(ChecklistItem.task_id == before.task.id)
        .values(place=func.array_position(order, ChecklistItem.id))
    )
    _record(session, actor, before.task, "item_moved", after=item.text)
    return _changed(before.task, items)


async def remove_item(session: AsyncSession, actor: Actor, task_id: int, item_id: int) -> Checklist:
    """Take an item off the list; errors as in `rename_item`."""
    before = await _locked(session, actor, task_id, Permission.TASK_EDIT)
    item = before.item(item_id)
    await session.execute(delete(ChecklistItem).where(ChecklistItem.id == item.id))
    _record(session, actor, before.task, "item_removed", before=item.text)
    return _changed(before.task, [one for one in before.items if one.id != item.id])


async def _locked(
    session: AsyncSession, actor: Actor, task_id: int, permission: Permission
) -> Checklist:
    return await _read(session, await editable(session, actor, task_id, permission))


async def _read(session: AsyncSession, task: TaskCard) -> Checklist:
    rows = await _ITEMS.all(session, task=task.id)
    return _changed(task, [Item(*row) for row in rows])


def _changed(task: TaskCard, items: Sequence[Item]) -> Checklist:
    counted = replace(task, items=len(items), items_done=sum(one.done for one in items))
    return Checklist(counted, tuple(items))


def _with(before: Checklist, changed: Item) -> Checklist:
    items = [changed if one.id == changed.id else one for one in before.items]
    return _changed(before.task, items)


async def _set(session: AsyncSession, item: Item, **values: str | bool) -> None:
    await session.execute(update(ChecklistItem).where(ChecklistItem.id == item.id).values(**values))


def _record(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    action: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    audit.record(
        session,
        actor,
        f"task.{action}",
        "task",
        task.id,
        before={"item": before} if before else None,
        after={"item": after} if after else None,
    )
