"""Screens of a task's tags and checklist."""

from collections.abc import Iterable, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import ITEM, ITEMS, TITLE
from saas_bot.domain.permissions import Permission
from saas_bot.domain.tags import hashed
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment
from saas_bot.screens.screen import Screen, button, clip, column, grid, screen
from saas_bot.screens.tasks import assignee_of, back_to_task, can_edit, question
from saas_bot.services.tasks import Checklist, TaskCard
from saas_bot.services.tasks.checklist import Item

SUGGESTED = 6
PAGE = 10
"""Items of a checklist on one screen."""

BOXES = {False: "⬜", True: "✅"}


def tags(t: Translator, task: TaskCard, frequent: Sequence[str], *, saved: bool = False) -> Screen:
    """The tags of a task, to take off by one tap, and the company's frequent ones, to put on.

    Once a tap has `saved` something there is nothing to cancel any more.
    """
    present = ((f"✖️ #{tag}", to.TaskTag(id=task.id, on=False, tag=tag)) for tag in task.tags)
    others = [tag for tag in frequent if tag not in task.tags][:SUGGESTED]
    suggested = ((f"➕ #{tag}", to.TaskTag(id=task.id, on=True, tag=tag)) for tag in others)
    shown = t("task-tags", tags=hashed(task.tags)) if task.tags else t("task-tags-none")
    rows = grid(fitting((*present, *suggested)), 2)
    leave = "button-done" if saved else "button-cancel"
    return question(t, task, t("ask-tags"), *rows, leave=leave).with_notice(shown)


def copied(
    t: Translator, actor: Actor, task: TaskCard, source: TaskCard, *, assign: bool = True
) -> Markup:
    """What a copy has of the task it was made of, what not, and who hears of it."""
    facts = [t("copied", source=source.ref)]
    if source.due_at:
        due = moment(t, source.due_at, actor.account.timezone)
        facts.append(t("copied-no-due", due=due))
    if task.assignee and task.assignee_id != actor.user_id:
        facts.append(t("copied-told", name=assignee_of(task)))
    elif not assign:
        facts.append(t("copied-free"))
    elif source.assignee and not task.assignee:
        facts.append(t("copied-nobody", name=assignee_of(source)))
    return Markup(" ").join(facts)


def fitting(labelled: Iterable[tuple[str, CallbackData]]) -> list[InlineKeyboardButton]:
    """A button for each but the few whose data would be longer than Telegram takes (64 bytes)."""
    buttons = []
    for label, leads_to in labelled:
        try:
            buttons.append(button(label, leads_to))
        except ValueError:
            continue
    return buttons


def checklist(
    t: Translator, actor: Actor, listed: Checklist, page: int = 0, *, editing: bool = False
) -> Screen:
    """A page of the checklist: to tick its items, or to choose one to change."""
    task, last = listed.task, max(0, (len(listed.items) - 1) // PAGE)
    page = min(page, last)
    here = to.Checklist(id=task.id, page=page, editing=editing)
    shown = listed.items[page * PAGE : (page + 1) * PAGE]
    edits = can_edit(actor, task)
    ticks = task.is_open and not task.read_only and task.allows(actor, Permission.TASK_TICK)
    rows = []
    for one in shown:
        change = to.ChecklistItem(id=task.id, item=one.id)
        tick = to.Tick(id=task.id, item=one.id, done=not one.done)
        if editing and edits:
            rows.append(button(f"✏️ {one.text}", change))
        elif ticks:
            rows.append(button(f"{BOXES[one.done]} {one.text}", tick))
    turning = [
        button(t.plain(key), here.model_copy(update={"page": other}))
        for key, other in (("button-previous", page - 1), ("button-next", page + 1))
        if 0 <= other <= last
    ]
    add = to.TaskEdit(id=task.id, field="items")
    switch = here.model_copy(update={"editing": not editing})
    key = "button-items-done" if editing else "button-items-edit"
    return screen(
        _listed(t, task, shown, edits=edits),
        *column(rows),
        turning,
        [button(t.plain("button-items-add"), add)] if edits and len(listed.items) < ITEMS else None,
        [button(t.plain(key), switch)] if edits and listed.items else None,
        back_to_task(t, task),
    )


def page_of(listed: Checklist, item_id: int) -> int:
    """The page on which an item stands."""
    places = [place for place, one in enumerate(listed.items) if one.id == item_id]
    return places[0] // PAGE if places else 0


def item(t: Translator, listed: Checklist, item_id: int) -> Screen:
    """One item, to be written anew, moved or removed."""
    task, one = listed.task, listed.item(item_id)

    def change(what: str) -> InlineKeyboardButton:
        leads = to.ChecklistItem(id=task.id, item=one.id, what=what)
        return button(t.plain(f"button-item-{what}"), leads)

    back = to.Checklist(id=task.id, page=page_of(listed, item_id), editing=True)
    shown = t(
        "checklist-item",
        ref=task.ref,
        place=listed.place(item_id) + 1,
        items=len(listed.items),
        text=one.text,
    )
    return screen(
        f"{shown}\n\n{t('ask-item')}",
        [change(way) for way in listed.ways(item_id)],
        [change("remove")],
        [button(t.plain("button-back"), back)],
        back_to_task(t, task, key="button-cancel"),
    )


def _listed(t: Translator, task: TaskCard, shown: Sequence[Item], *, edits: bool) -> Markup:
    """The items whole, but for one that is all emoji: the buttons have room for beginnings only."""
    if not shown:
        empty = t("checklist-empty", ref=task.ref, title=task.title)
        return empty + " " + t("ask-items") if edits else empty
    title = clip(task.title, TITLE)
    head = t("checklist", ref=task.ref, title=title, done=task.items_done, items=task.items)
    lines = [t("checklist-line", box=BOXES[one.done], text=clip(one.text, ITEM)) for one in shown]
    return Markup("\n").join([head, "", *lines])
