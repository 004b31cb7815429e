"""Files both ways: uploads in every shape, limits, downloads, and names that are only data."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, Message

from saas_bot.sandbox.client import Person, SandboxError
from saas_bot.sandbox.limits import DOWNLOAD_MAX, PHOTO_MAX, UPLOAD_MAX
from tests.sandbox.conftest import Running, drain

KINDS = ("document", "photo", "video", "animation", "video_note", "audio", "voice")


@pytest.mark.parametrize("kind", KINDS)
async def test_sending_and_sending_again(bot: Bot, anna: Person, kind: str) -> None:
    send = getattr(bot, f"send_{kind}")
    file = BufferedInputFile(b"bytes", "имя & <b>.bin")
    captioned = {"caption": "<i>look</i>", "parse_mode": "HTML"} if kind != "video_note" else {}
    sent = await send(anna.id, file, **captioned)
    assert sent.content_type == kind
    assert (sent.document is not None) == (kind in ("document", "animation"))
    about = getattr(sent, kind)
    about = about[-1] if kind == "photo" else about
    assert about.file_size == 5
    again = await send(anna.id, about.file_id)
    assert again.content_type == kind
    seen = await anna.sees_file("имя & <b>.bin")
    assert seen.file is not None
    async with anna.sandbox.session.get(anna.sandbox.base_url + seen.file["url"]) as response:
        assert await response.read() == b"bytes"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    if captioned:
        assert (await anna.sees("look")).html == "<i>look</i>"


@pytest.mark.parametrize("kind", KINDS)
async def test_receiving_and_downloading(bot: Bot, anna: Person, kind: str) -> None:
    caption = "/see this" if kind != "video_note" else ""
    await anna.sends_file("../../etc/pass wd.txt", b"x" * 3000, kind, caption=caption)
    (update,) = await drain(bot)
    message = update.message
    assert message.content_type == kind
    if caption:
        assert (message.caption, message.caption_entities[0].type) == (caption, "bot_command")
    assert (message.document is not None) == (kind in ("document", "animation"))
    about = getattr(message, kind)
    about = about[-1] if kind == "photo" else about
    if kind == "document":
        assert (about.file_name, about.mime_type) == ("pass wd.txt", "text/plain")
    file = await bot.get_file(about.file_id)
    assert file.file_path is not None
    assert ".." not in file.file_path
    content = await bot.download_file(file.file_path)
    assert content is not None
    assert content.read() == b"x" * 3000


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, "there is no document in the request"),
        ({"document": "unknown-id"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "https://example.com/a.pdf"}, "failed to get HTTP URL content"),
        ({"document": "attach://nothing"}, "file attach identifier not found"),
        ({"document": "x", "caption": "я" * 1025}, "message caption is too long"),
    ],
)
async def test_refusals(running: Running, anna: Person, params: dict[str, Any], error: str) -> None:
    body = await running.call("sendDocument", chat_id=anna.id, **params)
    assert body["description"] == f"Bad Request: {error}"


async def test_a_caption_may_have_1024_characters(bot: Bot, anna: Person) -> None:
    file = BufferedInputFile(b"x", "x.txt")
    await bot.send_document(anna.id, file, caption=f"<b>{'я' * 1024}</b>", parse_mode="HTML")


async def test_a_file_has_one_kind(bot: Bot, anna: Person) -> None:
    sent = await bot.send_document(anna.id, BufferedInputFile(b"x", "x.txt"))
    assert sent.document is not None
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(anna.id, sent.document.file_id)


async def test_a_video_note_has_no_caption(bot: Bot, anna: Person) -> None:
    with pytest.raises(SandboxError, match="a video_note has no caption"):
        await anna.sends_file("note.mp4", b"x", "video_note", caption="Look")
    await anna.sends_file("note.mp4", b"x", "video_note")
    (update,) = await drain(bot)
    note = update.message.video_note
    assert (note.length, note.duration, note.file_size) == (384, 1, 1)
    sent = await bot.send_video_note(anna.id, note.file_id, length=240, duration=3)
    assert sent.video_note == note
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=anna.id, message_id=sent.message_id, caption="No")


async def test_parts_may_carry_the_field_s_own_name(running: Running, anna: Person) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(anna.id))
    form.add_field("document", b"hello", filename="a.txt", content_type="text/plain")
    url = f"{running.url}/bot{running.world.token}/sendDocument"
    async with running.http.post(url, data=form) as response:
        body = await response.json()
    assert body["result"]["document"]["file_name"] == "a.txt"


async def test_big_files(
    bot: Bot, anna: Person, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anna.sends_file("big.bin", b"x" * 2000)
    (update,) = await drain(bot)
    monkeypatch.setattr("saas_bot.sandbox.methods.media.DOWNLOAD_MAX", 1999)
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(update.message.document.file_id)
    monkeypatch.setattr("saas_bot.sandbox.params.UPLOAD_MAX", 999)
    body = aiohttp.FormData({"chat_id": str(anna.id)})
    body.add_field("document", b"x" * 1000, filename="x")
    url = f"{running.url}/bot{running.world.token}/sendDocument"
    async with running.http.post(url, data=body) as response:
        assert response.status == 413
        assert (await response.json())["description"] == "Request Entity Too Large"
    monkeypatch.setattr("saas_bot.sandbox.people_files.FILE_MAX", 1999)
    with pytest.raises(SandboxError) as refusal:
        await anna.sends_file("bigger.bin", b"x" * 2000)
    assert refusal.value.status == 413


async def test_refused_uploads_leave_nothing_behind(running: Running, anna: Person) -> None:
    form = aiohttp.FormData({"chat_id": "1"})
    form.add_field("document", b"hello", filename="a.txt")
    url = f"{running.url}/bot{running.world.token}/sendDocument"
    async with running.http.post(url, data=form) as response:
        assert (await response.json())["description"] == "Bad Request: chat not found"
    with pytest.raises(SandboxError):
        await anna.sends_file("a.txt", b"x", kind="hologram")
    assert list(running.world.files.directory.iterdir()) == []


async def test_unknown_files(running: Running) -> None:
    async with running.http.get(f"{running.url}/api/files/{'0' * 16}") as response:
        assert (response.status, await response.json()) == (404, {"error": "no such file"})
    path = f"{running.url}/file/bot{running.world.token}/documents/none.txt"
    async with running.http.get(path) as response:
        assert (await response.json())["error_code"] == 404
    async with running.http.get(f"{running.url}/file/botwrong/documents/none.txt") as response:
        assert response.status == 401


async def test_captions_are_edited(bot: Bot, anna: Person) -> None:
    sent = await bot.send_document(anna.id, BufferedInputFile(b"x", "x.txt"), caption="one")
    edited = await bot.edit_message_caption(
        chat_id=anna.id, message_id=sent.message_id, caption="<b>two</b>", parse_mode="HTML"
    )
    assert isinstance(edited, Message)
    assert (edited.caption, edited.document) == ("two", sent.document)
    for caption, error in (("two</b>", "is not modified"), ("я" * 1025, "caption is too long")):
        with pytest.raises(TelegramBadRequest, match=error):
            await bot.edit_message_caption(
                chat_id=anna.id,
                message_id=sent.message_id,
                caption=f"<b>{caption}" if "</b>" in caption else caption,
                parse_mode="HTML",
            )
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=sent.message_id)
    text = await bot.send_message(anna.id, "text")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=anna.id, message_id=text.message_id, caption="x")


async def test_a_photo_is_smaller(bot: Bot, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas_bot.sandbox.methods.media.PHOTO_MAX", 9)
    await bot.send_photo(anna.id, BufferedInputFile(b"x" * 9, "x.jpg"))
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.send_photo(anna.id, BufferedInputFile(b"x" * 10, "x.jpg"))
    await bot.send_document(anna.id, BufferedInputFile(b"x" * 10, "x.jpg"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(anna.id, BufferedInputFile(b"", "x.jpg"))


def test_the_limits_are_telegrams() -> None:
    assert (UPLOAD_MAX, PHOTO_MAX, DOWNLOAD_MAX) == (50 << 20, 10 << 20, 20 << 20)
