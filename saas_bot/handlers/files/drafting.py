"""Files for a task that is being written: they wait in its draft until it is saved."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Incoming, Rules
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.drafts import line
from saas_bot.handlers.drafts import parts as draft
from saas_bot.handlers.drafts.states import NewTask
from saas_bot.handlers.sent_files import ALBUM, FILES, in_place, is_file, is_follower, wait
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen


async def into_draft(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Screen | TelegramMethod[Any]:
    """A file for the new task; words with it answer the question, or join the description."""
    follows, words = is_follower(message, dialog), message.caption or ""
    await wait(message, incoming, session, actor, dialog, rules)
    written = _WRITTEN.get(dialog.state or "")
    if words and written:
        said = message.model_copy(update={"text": words})
        return await written(said, session, actor, dialog, t)
    if words:
        description = "\n".join(filter(None, [dialog.data.get("description"), words]))
        dialog.data["description"] = limits.text(description, limits.DESCRIPTION)
    if dialog.state == NewTask.draft.state and draft.is_whole(dialog):
        shown = draft.show(t, actor, dialog)
    else:
        shown = Screen(t("file-waits", count=len(dialog.data[FILES])), keeps_question=True)
    return in_place(message, dialog, shown) if follows else shown


Written = Callable[[Message, Session, Actor, Dialog, Translator], Awaitable[Screen]]


async def _title(
    message: Message, _: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    return await draft.title_written(message, actor, dialog, t)


async def _description(
    message: Message, _: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    return await draft.description_written(message, actor, dialog, t)


async def _due(message: Message, _: Session, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    return await draft.due_written(message, actor, dialog, t)


async def _tags(
    message: Message, _: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    return await draft.tags_written(message, actor, dialog, t)


_WRITTEN: dict[str, Written] = {
    str(NewTask.line.state): line.line_written,
    str(NewTask.title.state): _title,
    str(NewTask.description.state): _description,
    str(NewTask.due_at.state): _due,
    str(NewTask.tags.state): _tags,
}
"""What the words with a file do where words are asked for."""


async def without_files(
    event: CallbackQuery, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The new task gets no files."""
    if not draft.is_whole(dialog):
        raise Invalid("stale-button")
    for name in (FILES, ALBUM):
        dialog.data.pop(name, None)
    return draft.show(t, actor, dialog)


async def made_internal(
    event: CallbackQuery, callback_data: to.Internal, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The files of the new task are for the team only, or for the client too."""
    if not draft.is_whole(dialog) or not dialog.data.get(FILES):
        raise Invalid("stale-button")
    dialog.data["internal"] = callback_data.on
    return draft.show(t, actor, dialog)


def dialogs() -> Router:
    """The files, and the button that drops them."""
    router = Router(name="draft-files")
    here = StateFilter(NewTask)
    step = needs(Permission.TASK_CREATE, in_dialog=True, takes_files=True)
    router.message.register(into_draft, here, is_file, flags=step)
    drops = to.Draft.filter(F.field == "no-files")
    dropping = needs(Permission.TASK_CREATE, Door.NONE, in_dialog=True)
    router.callback_query.register(without_files, drops, here, flags=dropping)
    inside = needs(Permission.INTERNAL_SEE, Door.NONE, in_dialog=True)
    router.callback_query.register(made_internal, to.Internal.filter(), here, flags=inside)
    return router
