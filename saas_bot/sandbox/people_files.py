"""The people's side: sending files, one by one and as albums."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from aiohttp import BodyPartReader, web

from saas_bot.sandbox.bot_api import json_response
from saas_bot.sandbox.cleaning import clean, is_blank
from saas_bot.sandbox.entities import find_entities
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.files import CAPTIONLESS, FileStore, StoredFile, Upload, content_of
from saas_bot.sandbox.limits import CAPTION_MAX, MEDIA_GROUP_MAX, MEDIA_GROUP_MIN, TEXT_MAX
from saas_bot.sandbox.methods.media import attachment_view, check_album
from saas_bot.sandbox.params import CHUNK, MALFORMED, write_part
from saas_bot.sandbox.people import active_chat, sent, world_of
from saas_bot.sandbox.query_numbers import whole
from saas_bot.sandbox.state import Json

FILE_MAX: Final = 60 << 20  # bytes; beyond what the bot may fetch, so that this can be tried
PARTS_MAX: Final = 4 * MEDIA_GROUP_MAX
TIMED: Final = frozenset({"video", "animation", "video_note", "audio", "voice"})
KINDS: Final = TIMED | {"document", "photo"}
DURATION_MAX: Final = 24 * 3600  # seconds


def typed(text: str, most: int = TEXT_MAX) -> tuple[str, list[Json]]:
    """What a person typed, as Telegram stores it."""
    text = clean(text, [])[0]
    if is_blank(text):
        return "", []
    if len(text) > most:
        raise Refused(400, f"the text is longer than {most} characters")
    return text, find_entities(text)


def text_content(text: str) -> Json:
    """A message of a text, which must not be empty."""
    text, entities = typed(text)
    if not text:
        raise Refused(400, "the text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


@dataclass(slots=True)
class _Form:
    """A multipart form: its files, each with the `kind` that stood before it, and its fields."""

    files: list[tuple[str, Upload]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def drop(self) -> None:
        for _, upload in self.files:
            upload.path.unlink(missing_ok=True)

    def kind(self) -> str:
        """The kind of the only file, wherever in the form it stands."""
        return self.fields.get("kind") or "document"

    def caption(self) -> Json:
        caption, entities = typed(self.fields.get("caption", ""), CAPTION_MAX)
        content: Json = {"caption": caption} if caption else {}
        if entities:
            content["caption_entities"] = entities
        return content

    def duration(self) -> int:
        duration = whole(self.fields.get("duration") or "1")
        if duration is None or duration > DURATION_MAX:
            raise Refused(400, f"duration must be whole seconds, {DURATION_MAX} at most")
        return duration

    def store(self, files: FileStore, kinds: list[str]) -> list[StoredFile]:
        """Make the uploads files of these kinds."""
        for kind, (_, upload) in zip(kinds, self.files, strict=True):
            if kind not in KINDS:
                raise Refused(400, f"kind must be one of {', '.join(sorted(KINDS))}")
            if upload.size == 0:
                raise Refused(400, f"the file {upload.name} is empty")
        duration = self.duration()
        return [
            files.add(kind, upload, {"duration": duration} if kind in TIMED else {})
            for kind, (_, upload) in zip(kinds, self.files, strict=True)
        ]


async def _read(request: web.Request, form: _Form, files: FileStore, most: int) -> None:
    count = 0
    async for part in await request.multipart():
        count += 1
        if not isinstance(part, BodyPartReader) or count > PARTS_MAX:
            raise Refused(400, "unexpected part")
        if part.filename is None:
            value = await part.read_chunk(CHUNK)
            form.fields[part.name or ""] = bytes(value).decode()
        elif len(form.files) == most:
            raise Refused(400, f"at most {most} files can be sent at once")
        else:
            form.files.append((form.kind(), await write_part(part, files, FILE_MAX)))


async def _form(request: web.Request, files: FileStore, most: int) -> _Form:
    if not request.content_type.startswith("multipart/"):
        raise Refused(400, "multipart/form-data expected")
    form = _Form()
    try:
        await _read(request, form, files, most)
    except MALFORMED:
        form.drop()
        raise Refused(400, "malformed multipart/form-data") from None
    except BaseException:
        form.drop()
        raise
    if not form.files:
        raise Refused(400, "a part named file is expected")
    return form


async def post_file(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/files`: one file.

    Multipart with `file`, `kind` (document by default, photo, video, animation, video_note, audio
    or voice) and perhaps `caption`, which a video note has none of, and, for what plays, `duration`
    in seconds.
    """
    world, chat = world_of(request), active_chat(request)
    form = await _form(request, world.files, 1)
    try:
        caption = form.caption()
        if caption and form.kind() in CAPTIONLESS:
            raise Refused(400, f"a {form.kind()} has no caption")
        (stored,) = form.store(world.files, [form.kind()])
    except Refused:
        form.drop()
        raise
    content = {**content_of(stored), **caption}
    return sent(chat, world.say(chat, content, attachment=attachment_view(stored)))


async def post_album(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/album`: 2 to 10 files at once, one message and one update each.

    Multipart with `file` parts, each after a `kind` part that tells what it is: photos and videos
    may be mixed, documents and audio files stand alone. A `caption` goes to the first message.
    """
    world, chat = world_of(request), active_chat(request)
    form = await _form(request, world.files, MEDIA_GROUP_MAX)
    kinds = [kind for kind, _ in form.files]
    try:
        if len(kinds) < MEDIA_GROUP_MIN:
            raise Refused(400, f"an album has at least {MEDIA_GROUP_MIN} files")
        if check_album(kinds) is not None:
            raise Refused(400, "photos and videos, only documents, or only audio make an album")
        caption = form.caption()
        stored = form.store(world.files, kinds)
    except Refused:
        form.drop()
        raise
    album = {"media_group_id": world.new_album_id()}
    said = [
        world.say(
            chat,
            {**content_of(file), **(caption if file is stored[0] else {})},
            attachment=attachment_view(file),
            extra=album,
        )
        for file in stored
    ]
    return json_response(
        {
            "update_ids": [update.update_id for _, update in said],
            "messages": [message.view() for message, _ in said],
            "seq": chat.acted_seq,
        }
    )


def add_routes(app: web.Application) -> None:
    """Register the sending of files."""
    person = r"/api/people/{id:\d{1,16}}"
    app.router.add_routes(
        [web.post(f"{person}/files", post_file), web.post(f"{person}/album", post_album)]
    )
