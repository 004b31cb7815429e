"""Words that may be no answer to the question, and answers that someone was faster with: ask once.

What was written waits in the data of the dialog as `words`, until a button says what it was.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.handlers.drafts.beginning import begin_with_words
from saas_bot.handlers.events import loose_ref_in, ref_in
from saas_bot.screens import task_questions, tasks
from saas_bot.screens.screen import Screen
from saas_bot.services import tasks as service
from saas_bot.services.tasks import TaskCard

WORDS = "words"
"""Under this name the data of a dialog keeps the words that wait."""

WAS = "was"
"""Under this one it keeps the part of the task as the person has seen it."""


async def doubted(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen | None:
    """What to ask of words that are only the number of a task, or were forwarded; None of others.

    A number without a hyphen (`room 4`) counts only where there is such a task.
    """
    words, said = message.text or message.caption or "", dialog.data
    if message.forward_origin is not None:
        task = await service.card(session, actor, said["task_id"])
        said[WORDS] = words
        return task_questions.forwarded_or_answer(t, actor, task, said["what"])
    ref = ref_in(words) or loose_ref_in(words)
    if ref is None:
        return None
    named = await _named(session, actor, words)
    if named is None and ref_in(words) is None:
        return None
    task = await service.card(session, actor, said["task_id"])
    said[WORDS] = words
    return task_questions.number_or_answer(t, task, said["what"], "-".join(map(str, ref)), named)


async def open_named(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """The words were the number of a task to be opened, and no answer."""
    named = await _named(session, actor, waiting(dialog))
    if named is None:
        raise NotFound("task-not-found")
    dialog.end()
    return tasks.card(t, actor, named)


async def begin_task(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The forwarded words are a new task, and no answer."""
    words = waiting(dialog)
    dialog.end()
    return await begin_with_words(session, actor, dialog, memory, t, words)


def waiting(dialog: Dialog) -> str:
    """The words that wait.

    Raises:
        Invalid: there are none any more.
    """
    words = dialog.data.get(WORDS)
    if not isinstance(words, str):
        raise Invalid("stale-button")
    return words


async def _named(session: Session, actor: Actor, words: str) -> TaskCard | None:
    ref = ref_in(words) or loose_ref_in(words)
    if ref is not None:
        with suppress(NotFound):
            return await service.by_ref(session, actor, *ref)
    return None


def as_seen(task: TaskCard, what: str) -> dict[str, Any]:
    """What the dialog keeps of the part that is asked for: how it is as the person sees it."""
    if what not in ("title", "description", "due_at"):
        return {}
    value = getattr(task, what)
    return {WAS: value.isoformat() if isinstance(value, datetime) else value}
