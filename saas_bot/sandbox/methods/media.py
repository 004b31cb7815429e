"""Files: sending them to people, and fetching what people have sent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from aiogram.methods import (
    GetFile,
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
)
from aiogram.methods.base import TelegramMethod

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.files import CAPTIONLESS, StoredFile, content_of
from saas_bot.sandbox.limits import (
    DOWNLOAD_MAX,
    MEDIA_GROUP_MAX,
    MEDIA_GROUP_MIN,
    PHOTO_MAX,
    UPLOAD_MAX,
)
from saas_bot.sandbox.markup import NO_MARKUP, check_markup
from saas_bot.sandbox.methods.messages import post
from saas_bot.sandbox.methods.table import (
    Service,
    count_message,
    handles,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.methods.texts import caption_parts
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Json
from saas_bot.sandbox.world import World

MIXABLE: Final = frozenset({"photo", "video"})
ALBUM_KINDS: Final = MIXABLE | {"document", "audio"}


def attachment_view(stored: StoredFile) -> Json:
    """What the people-side API says about a message's file."""
    return {
        "name": stored.name,
        "size": stored.size,
        "mime": stored.mime,
        "kind": stored.kind,
        "duration": stored.details.get("duration"),
        "url": f"/api/files/{stored.unique_id}",
    }


def check_album(kinds: Sequence[str]) -> str | None:
    """The kind that may not stand in an album with the others, if there is one.

    Source: Bot API sendMediaGroup: "Documents and audio files can be only grouped in an album with
    messages of the same type".
    """
    if len(set(kinds)) == 1:
        return None if kinds[0] in ALBUM_KINDS else kinds[0]
    return next((kind for kind in kinds if kind not in MIXABLE), None)


# Parameters of a call that describe the file it uploads; Telegram believes the bot.
_DETAILS: Final[dict[str, tuple[str, ...]]] = {
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
    "video_note": ("length", "duration"),
    "audio": ("duration", "performer", "title"),
    "voice": ("duration",),
}


def _details(kind: str, about: Any) -> Json:
    given = {name: getattr(about, name) for name in _DETAILS.get(kind, ())}
    return {name: value for name, value in given.items() if value}


def _resolve(world: World, kind: str, given: Any, about: Any, uploads: Uploads) -> StoredFile:
    """The file a call names, a part of the request or a `file_id`; `about` describes it.

    Source: Bot API "Sending files". The sandbox fetches nothing from the network.
    """
    name = str(given)
    if name.startswith("attach://"):
        upload = uploads.pop(name.removeprefix("attach://"), None)
        if upload is None:
            raise bad_request("file attach identifier not found")
        limit = PHOTO_MAX if kind == "photo" else UPLOAD_MAX
        if upload.size > limit or upload.size == 0:
            upload.path.unlink(missing_ok=True)
            raise bad_request("file must be non-empty" if upload.size == 0 else "file is too big")
        return world.files.add(kind, upload, _details(kind, about))
    if name.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.find(name)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _send(kind: str, service: Service, method: Any, uploads: Uploads) -> Json:
    """Bot API: sendDocument, sendPhoto, sendVideo, sendAnimation, sendAudio, sendVoice; and
    sendVideoNote, which takes no caption."""
    world = service.world
    content = {} if kind in CAPTIONLESS else caption_parts(method)
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    stored = _resolve(world, kind, getattr(method, kind), method, uploads)
    content |= content_of(stored)
    return post(world, chat, content, markup, reply_to, attachment_view(stored))


_SENDING: Final[dict[str, type[TelegramMethod[Any]]]] = {
    "document": SendDocument,
    "photo": SendPhoto,
    "video": SendVideo,
    "animation": SendAnimation,
    "video_note": SendVideoNote,
    "audio": SendAudio,
    "voice": SendVoice,
}
for _kind, _model in _SENDING.items():
    handles(_model)(partial(_send, _kind))


@handles(SendMediaGroup)
def send_media_group(service: Service, method: SendMediaGroup, uploads: Uploads) -> list[Json]:
    """Bot API: sendMediaGroup: 2 to 10; documents and audio don't mix with other kinds.

    Nothing is sent unless every file is there. Wording: tdlib, as far as it knows these rules.
    """
    world = service.world
    if not method.media:
        raise bad_request("there are no messages to send")
    if len(method.media) > MEDIA_GROUP_MAX:
        raise bad_request("too many messages to send as an album")
    if len(method.media) < MEDIA_GROUP_MIN:
        raise bad_request("wrong number of media in the album")
    kinds = [str(one.type) for one in method.media]
    alone = check_album(kinds)
    if alone is not None:
        raise bad_request(f"{alone} can't be mixed with other media types")
    captions = [caption_parts(one) for one in method.media]
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    stored = [_resolve(world, str(one.type), one.media, one, uploads) for one in method.media]
    album = world.new_album_id()
    return [
        post(
            world,
            chat,
            {**content_of(file), "media_group_id": album, **caption},
            NO_MARKUP,
            reply_to,
            attachment_view(file),
        )
        for file, caption in zip(stored, captions, strict=True)
    ]


@handles(GetFile)
def get_file(service: Service, method: GetFile, _: Uploads) -> Json:
    """Bot API: getFile, for files up to 20 MB."""
    stored = service.world.files.find(method.file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > DOWNLOAD_MAX:
        raise ApiError(400, "Bad Request: file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.file_path,
    }
