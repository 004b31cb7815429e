"""Files: sending them to people, and fetching what people have sent."""

from __future__ import annotations

from typing import Any, Final

from aiogram.methods import (
    GetFile,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendVideo,
    SendVoice,
)

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.files import StoredFile, as_api
from saas_bot.sandbox.limits import (
    CAPTION_MAX,
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
    formatted,
    handles,
    parts,
    plain,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Json
from saas_bot.sandbox.world import World

_SENT_ALONE: Final = frozenset({"document", "audio"})


def attachment_view(stored: StoredFile) -> Json:
    """What the people-side API says about a message's file."""
    return {
        "name": stored.name,
        "size": stored.size,
        "mime": stored.mime,
        "kind": stored.kind,
        "url": f"/api/files/{stored.unique_id}",
    }


def resolve_file(world: World, kind: str, given: Any, uploads: Uploads) -> StoredFile:
    """The file a call names: a part of the request, or a `file_id`.

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
        return world.files.add(kind, upload)
    if name.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.find(name)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _caption(text: str | None, mode: str | None, given: Any) -> Json:
    caption, entities = formatted(text or "", mode, given)
    if len(caption) > CAPTION_MAX:
        raise bad_request("message caption is too long")
    return parts(caption, entities, "caption")


def _send(service: Service, kind: str, method: Any, uploads: Uploads) -> Json:
    world = service.world
    content = _caption(method.caption, plain(method.parse_mode), method.caption_entities)
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    stored = resolve_file(world, kind, getattr(method, kind), uploads)
    content[kind] = as_api(stored)
    return post(world, chat, content, markup, reply_to, attachment_view(stored))


@handles(SendDocument)
def send_document(service: Service, method: SendDocument, uploads: Uploads) -> Json:
    """Bot API: sendDocument."""
    return _send(service, "document", method, uploads)


@handles(SendPhoto)
def send_photo(service: Service, method: SendPhoto, uploads: Uploads) -> Json:
    """Bot API: sendPhoto."""
    return _send(service, "photo", method, uploads)


@handles(SendVideo)
def send_video(service: Service, method: SendVideo, uploads: Uploads) -> Json:
    """Bot API: sendVideo."""
    return _send(service, "video", method, uploads)


@handles(SendAudio)
def send_audio(service: Service, method: SendAudio, uploads: Uploads) -> Json:
    """Bot API: sendAudio."""
    return _send(service, "audio", method, uploads)


@handles(SendVoice)
def send_voice(service: Service, method: SendVoice, uploads: Uploads) -> Json:
    """Bot API: sendVoice."""
    return _send(service, "voice", method, uploads)


@handles(SendMediaGroup)
def send_media_group(service: Service, method: SendMediaGroup, uploads: Uploads) -> list[Json]:
    """Bot API: sendMediaGroup: 2 to 10; documents and audio don't mix with other kinds."""
    world = service.world
    if not MEDIA_GROUP_MIN <= len(method.media) <= MEDIA_GROUP_MAX:
        raise bad_request("wrong number of media in the album")
    kinds = {str(one.type) for one in method.media}
    if len(kinds) > 1 and kinds & _SENT_ALONE:
        raise bad_request("can't use the media of the specified type in the album")
    captions = [
        _caption(one.caption, plain(one.parse_mode), one.caption_entities) for one in method.media
    ]
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    stored = [resolve_file(world, str(one.type), one.media, uploads) for one in method.media]
    sent: list[Json] = []
    group = str(chat.next_message_id)
    for file, content in zip(stored, captions, strict=True):
        content[file.kind] = as_api(file)
        content["media_group_id"] = group
        sent.append(post(world, chat, content, NO_MARKUP, reply_to, attachment_view(file)))
    return sent


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
