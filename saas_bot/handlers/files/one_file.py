"""One file, and what people do with it: taking it out, renaming, hiding, deleting."""

from typing import Any, Final

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.methods import SendChatAction, TelegramMethod
from aiogram.types import CallbackQuery, Message
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.clock import now
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.core.middlewares.replies import Attempt
from saas_bot.db.tenancy import Database, Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Rules
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.handlers.files.showing import FileWords, listed, out_of_question, recalled
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import files as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import files as service
from saas_bot.storage import Storage, StorageError

Links = Storage | None
"""Makes links to objects; None where S3 can't be reached from outside."""

ANSWERS_WITHIN: Final = 2.0
"""Seconds within which S3 has to answer before there is a link to it: somebody is waiting."""

GIVEN, LINKED = "file-given", "file-linked"
"""Under these names it is kept which file somebody was given last, or the link to it, and when."""

GIVEN_AGAIN_AFTER = 10.0
"""Seconds."""


def _has_just_had(memory: Memory, what: str, file_id: int) -> bool:
    last, at = memory.recall(what) or (0, 0.0)
    return bool(last == file_id and now().timestamp() - at < GIVEN_AGAIN_AFTER)


async def show_file(
    event: CallbackQuery,
    callback_data: to.File,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    raw_state: str | None,
    links: Links,
    t: Translator,
) -> Screen:
    """One file."""
    shown = await _file(session, actor, callback_data, links, t)
    return out_of_question(shown, event, dialog, raw_state, t)


async def _file(
    session: Session, actor: Actor, here: to.File, links: Links, t: Translator
) -> Screen:
    file = await service.get(session, actor, here.id)
    return screens.file(t, actor, file, here.doing(""), links=links is not None)


async def download(
    event: CallbackQuery,
    callback_data: to.File,
    callback_answer: CallbackAnswer,
    session: Session,
    actor: Actor,
    database: Database,
    memory: Memory,
    t: Translator,
) -> Attempt | None:
    """Give the file out: by Telegram's own id of it, and from the archive where that fails.

    Pressed again at once, it is on its way already.
    """
    if _has_just_had(memory, GIVEN, callback_data.id):
        callback_answer.text = t.plain("file-on-its-way")
        return None
    file = await service.fetch(session, actor, callback_data.id)
    memory.keep(GIVEN, [file.id, now().timestamp()])
    chat_id = actor.account.telegram_id
    if file.telegram_file_id is None:
        await service.send_from_storage(session, actor, file.id)
        callback_answer.text = t.plain("file-from-archive")
        return None

    async def from_archive() -> TelegramMethod[Any]:
        async with database.tenant_session(actor.company_id) as later:
            await service.send_from_storage(later, actor, file.id)
        return SendChatAction(chat_id=chat_id, action="upload_document")

    return Attempt(screens.sending(t, chat_id, file, file.telegram_file_id), from_archive)


async def give_link(
    event: CallbackQuery,
    callback_data: to.File,
    callback_answer: CallbackAnswer,
    actor: Actor,
    database: Database,
    memory: Memory,
    links: Links,
    t: Translator,
) -> Screen | None:
    """A link that works for a few minutes, for whoever has it; pressed again, it is there.

    While S3 is away it would lead nowhere, so there is none.
    """
    if links is None:
        raise Invalid("stale-button")
    if _has_just_had(memory, LINKED, callback_data.id):
        callback_answer.text = t.plain("file-link-there")
        return None
    try:
        await links.ping(seconds=ANSWERS_WITHIN)
    except StorageError:
        raise Conflict("files-unavailable") from None
    async with database.tenant_session(actor.company_id) as session:
        file = await service.link(session, actor, callback_data.id)
    memory.keep(LINKED, [file.id, now().timestamp()])
    address = links.presign(
        file.object_key,
        seconds=60 * screens.LINK_MINUTES,
        filename=file.name,
        media_type=file.media_type,
    )
    return screens.link(t, file, address)


async def ask_name(
    event: CallbackQuery,
    callback_data: to.File,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for another name."""
    file = await service.to_rename(session, actor, callback_data.id)
    dialog.go(FileWords.name, file=callback_data.doing("").pack())
    return screens.ask_name(t, file, callback_data)


async def rename(
    message: Message,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    rules: Rules,
    links: Links,
    t: Translator,
) -> Screen:
    """The other name is there; under that one the file may be had at once."""
    here = to.File.unpack(dialog.data["file"])
    try:
        file = await service.rename(session, actor, here.id, message.text or "", rules)
    except (Conflict, Forbidden, NotFound):
        dialog.end()  # other words would not help
        raise
    dialog.end()
    for had in (GIVEN, LINKED):
        memory.keep(had, None)
    shown = screens.file(t, actor, file, here, links=links is not None)
    return shown.with_notice(t("saved"))


async def rename_cancelled(
    event: Event,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    links: Links,
    t: Translator,
) -> Screen:
    """Back to the file, nothing changed."""
    here = to.File.unpack(dialog.data["file"])
    dialog.end()
    return announced(event, await _file(session, actor, here, links, t), t("cancelled"))


async def set_internal(
    event: CallbackQuery,
    callback_data: to.File,
    session: Session,
    actor: Actor,
    links: Links,
    t: Translator,
) -> Screen:
    """Keep the file within the team, or show it to clients."""
    internal = callback_data.what == "hide"
    file = await service.set_internal(session, actor, callback_data.id, internal=internal)
    shown = screens.file(t, actor, file, callback_data.doing(""), links=links is not None)
    return shown.with_toast(t.plain("file-hidden" if internal else "file-shown"))


async def ask_deletion(
    event: CallbackQuery, callback_data: to.File, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Ask whether the file may really go."""
    file = await service.to_delete(session, actor, callback_data.id)
    return screens.ask_deletion(t, file, callback_data)


async def delete(
    event: CallbackQuery,
    callback_data: to.File,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Delete the file, as was confirmed; its list is shown."""
    file = await service.remove(session, actor, callback_data.id)
    here = screens.list_of(file, callback_data)
    words = recalled(memory, actor, here.named)
    return (await listed(session, actor, here, words, t)).with_toast(t.plain("file-deleted"))


def commands() -> Router:
    """The buttons of one file."""
    router = telling(Router(name="one-file"))
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
    click = router.callback_query.register
    see, change = needs(Permission.FILE_DOWNLOAD), needs(Permission.FILE_CHANGE)
    click(show_file, to.File.filter(F.what == ""), flags=see)
    click(download, to.File.filter(F.what == "get"), flags=see)
    linking = needs(Permission.FILE_DOWNLOAD, Door.NONE)
    click(give_link, to.File.filter(F.what == "link"), flags=linking)
    click(ask_name, to.File.filter(F.what == "name"), flags=change)
    inside = needs(Permission.INTERNAL_SEE)
    click(set_internal, to.File.filter(F.what.in_({"hide", "show"})), flags=inside)
    click(ask_deletion, to.File.filter(F.what == "delete"), flags=change)
    click(delete, to.File.filter(F.what == "sure"), flags=change)
    return router


def dialogs() -> Router:
    """The step of renaming."""
    router = Router(name="file-name")
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
    change, here = needs(Permission.FILE_CHANGE, in_dialog=True), StateFilter(FileWords.name)
    router.message.register(rename, here, is_words, flags=change)
    router.message.register(rename_cancelled, here, Command("cancel"), flags=change)
    click = router.callback_query.register
    click(rename_cancelled, here, to.Open.filter(F.what == "cancel"), flags=change)
    return router
