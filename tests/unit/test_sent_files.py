"""What a message brings: the kind, the name, the size and the type of its file."""

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import Message

from saas_bot.domain.files import UNKNOWN_TYPE, Incoming, Kind
from saas_bot.handlers.sent_files import file_in

AT = 1_795_428_900  # 2026-11-23 10:15 in UTC
FILE = {"file_id": "F", "file_unique_id": "f", "file_size": 7}
SEEN = {**FILE, "width": 90, "height": 90}
TIMED = {**FILE, "duration": 1}


def sent(**content: Any) -> Incoming | None:
    """The file of a message with this content, for someone three hours ahead."""
    chat = {"id": 1, "type": "private", "first_name": "Anna"}
    message = Message.model_validate({"message_id": 1, "date": AT, "chat": chat, **content})
    return file_in(message, "Europe/Moscow")


@pytest.mark.parametrize(
    ("content", "kind", "name", "media_type"),
    [
        ({"document": {**FILE, "file_name": "a.pdf", "mime_type": "application/pdf"}},
         "document", "a.pdf", "application/pdf"),
        ({"document": FILE}, "document", "document_2026-11-23_13-15", UNKNOWN_TYPE),
        ({"document": {**FILE, "mime_type": "image/png"}},
         "document", "document_2026-11-23_13-15.png", "image/png"),
        ({"document": {**FILE, "file_name": "../a\n\u202eb.pdf"}},
         "document", "_ab.pdf", UNKNOWN_TYPE),
        ({"photo": [SEEN]}, "photo", "photo_2026-11-23_13-15.jpg", "image/jpeg"),
        ({"video": {**SEEN, **TIMED, "mime_type": "video/quicktime"}},
         "video", "video_2026-11-23_13-15.mov", "video/quicktime"),
        ({"animation": {**SEEN, **TIMED}, "document": FILE},
         "animation", "animation_2026-11-23_13-15.mp4", "video/mp4"),
        ({"audio": {**TIMED, "performer": "AC/DC", "title": "T.N.T", "mime_type": "audio/mpeg"}},
         "audio", "AC_DC - T.N.T.mp3", "audio/mpeg"),
        ({"audio": {**TIMED, "mime_type": "audio/x-m4a"}},
         "audio", "audio_2026-11-23_13-15.m4a", "audio/x-m4a"),
        ({"voice": {**TIMED, "mime_type": "audio/webm;codecs=opus"}},
         "voice", "voice_2026-11-23_13-15.webm", "audio/webm;codecs=opus"),
        ({"voice": TIMED}, "voice", "voice_2026-11-23_13-15.ogg", "audio/ogg"),
        ({"video_note": {**TIMED, "length": 240}},
         "video_note", "video_note_2026-11-23_13-15.mp4", "video/mp4"),
    ],
)  # fmt: skip
def test_every_kind_of_file_has_a_telling_name(content, kind, name, media_type):
    got = sent(**content)
    assert got is not None
    assert replace(got, renamed=False, unnamed=False) == Incoming(
        Kind(kind), "F", name, 7, media_type
    )


@pytest.mark.parametrize(
    ("content", "renamed"),
    [({}, False), ({"file_name": "a.pdf"}, False), ({"file_name": "a\u202eb.pdf"}, True)],
)
def test_that_telegram_knows_another_name_is_noted(content, renamed):
    got = sent(document={**FILE, **content})
    assert got is not None
    assert got.renamed is renamed


def test_of_a_photo_the_largest_size_is_taken():
    sizes = [{**SEEN, "file_id": str(side), "width": side, "height": side} for side in (90, 800, 9)]
    photo = sent(photo=sizes)
    assert photo is not None
    assert photo.telegram_file_id == "800"


@pytest.mark.parametrize(
    "content",
    [
        {"text": "report.pdf"},
        {"sticker": {**SEEN, "type": "regular", "is_animated": False, "is_video": False}},
        {"contact": {"phone_number": "1", "first_name": "Anna"}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
    ],
)
def test_other_messages_bring_none(content):
    assert sent(**content) is None
