"""Files as Telegram sends them, and those that wait in a dialog for the place where they go."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from mimetypes import guess_extension
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiogram import BaseMiddleware
from aiogram.enums import ChatAction
from aiogram.methods import SendChatAction, TelegramMethod
from aiogram.types import Message, TelegramObject

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.replies import EditScreen
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.files import UNKNOWN_TYPE, Incoming, Kind, Rules
from saas_bot.screens.screen import Screen
from saas_bot.services import files as service
from saas_bot.storage import safe_name

FILES: Final = "files"
"""Under this name the data of a dialog keeps the files that wait."""

ALBUM: Final = "album"
"""Under this one, of which album the last of them is."""

MOST_WAITING: Final = 10
"""As many as an album has at most (Bot API, sendMediaGroup)."""

# Where Telegram's word for the type is missing, what its apps send.
_USUAL: Final = {
    Kind.PHOTO: "image/jpeg",
    Kind.VIDEO: "video/mp4",
    Kind.ANIMATION: "video/mp4",
    Kind.AUDIO: "audio/mpeg",
    Kind.VOICE: "audio/ogg",
    Kind.VIDEO_NOTE: "video/mp4",
}
# Where the type of the standard library has another ending than people know, or none.
_ENDINGS: Final = {"audio/ogg": ".ogg", "audio/x-m4a": ".m4a", "audio/webm": ".webm"}


def file_in(message: Message, timezone: str) -> Incoming | None:
    """The file that a message brings; a photo is its largest size.

    One without a name is called after its kind and the time, in that timezone.
    """
    # An animation comes as a document too (Bot API, Message).
    for kind in (Kind.ANIMATION, *Kind):
        sent: Any = getattr(message, kind)
        if not sent:
            continue
        if kind is Kind.PHOTO:
            sent = max(sent, key=lambda size: size.width * size.height)
        media_type = getattr(sent, "mime_type", None) or _USUAL.get(kind, UNKNOWN_TYPE)
        told = getattr(sent, "file_name", None) or ""
        at = message.date.astimezone(ZoneInfo(timezone))
        name = safe_name(told or _named(kind, sent, media_type, at))
        renamed = told not in ("", name)
        about = (sent.file_id, name, sent.file_size, media_type)
        return Incoming(kind, *about, renamed=renamed, unnamed=not told)
    return None


def _named(kind: Kind, sent: Any, media_type: str, at: datetime) -> str:
    plain_type = media_type.partition(";")[0].strip().lower()
    ending = _ENDINGS.get(plain_type) or guess_extension(plain_type, strict=False) or ""
    if media_type == UNKNOWN_TYPE:
        ending = ""
    about = [getattr(sent, name, None) for name in ("performer", "title")]
    words = " - ".join(one for one in about if one)
    return f"{words or f'{kind}_{at:%Y-%m-%d_%H-%M}'}{ending}"


async def is_file(message: Message, account: Account) -> bool | dict[str, Incoming]:
    """A message with a file, given to the handler as `incoming`."""
    incoming = file_in(message, account.timezone)
    return {"incoming": incoming} if incoming else False


def waiting(said: Mapping[str, Any]) -> list[Incoming]:
    """The files that wait in the data of a dialog."""
    return [Incoming(Kind(kind), *rest) for kind, *rest in said.get(FILES, ())]


async def wait(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
) -> None:
    """Keep a file until its place is known, if it could be taken now.

    Raises:
        Invalid: it is not taken, or too many wait already.
        LimitReached: the plan's storage is too small for all that wait.
    """
    files = [*waiting(dialog.data), incoming]
    if len(files) > MOST_WAITING:
        raise Invalid("files-too-many", most=MOST_WAITING)
    await service.check(session, actor, files, rules)
    dialog.data[FILES] = [_packed(one) for one in files]
    dialog.data[ALBUM] = message.media_group_id


def _packed(file: Incoming) -> Sequence[Any]:
    return astuple(file)


def working(message: Message) -> TelegramMethod[bool]:
    """The sign that a file was taken: the worker's answer is about to follow."""
    return SendChatAction(chat_id=message.chat.id, action=ChatAction.UPLOAD_DOCUMENT)


def is_follower(message: Message, dialog: Dialog) -> bool:
    """Whether the message is a later part of the album that the dialog knows already."""
    album = message.media_group_id
    return album is not None and dialog.data.get(ALBUM) == album


def in_place(message: Message, dialog: Dialog, shown: Screen) -> Screen | TelegramMethod[Any]:
    """What is shown of an album changes in its place as the rest of it comes."""
    if not dialog.prompts:
        return shown
    return EditScreen(
        chat_id=message.chat.id,
        message_id=dialog.prompts[-1],
        text=shown.text,
        reply_markup=shown.keyboard,
    )


def took_files(data: Mapping[str, Any]) -> bool:
    """Whether the handler that an update came to has done something with its file."""
    return data["access"].takes_files or FILES in data["dialog"].data


class FilesWait(BaseMiddleware):
    """Around the handlers that begin a new task with a message: its file goes with the task."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        account: Account = data["account"]
        incoming = file_in(event, account.timezone) if isinstance(event, Message) else None
        if isinstance(event, Message) and incoming:
            said = {name: data[name] for name in ("session", "actor", "dialog", "rules")}
            await wait(event, incoming, **said)
        return await handler(event, data)


class NotKept(BaseMiddleware):
    """Around all handlers: a file that nobody has asked for is not lost without a word."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        if not isinstance(result, Screen) or not isinstance(event, Message):
            return result
        if took_files(data):
            return result
        if file_in(event, data["account"].timezone) is None:
            return result
        return result.with_notice(data["t"]("file-not-kept"))
