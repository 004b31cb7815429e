"""What people forward, record and send together."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaPhoto

from saas_bot.sandbox.client import Person, Sandbox, SandboxError
from tests.sandbox.conftest import Running, drain
from tests.sandbox.test_messages import inline


async def test_a_person_forwards_the_bots_message(bot: Bot, anna: Person) -> None:
    text = "<b>Task</b> WEB-1"
    sent = await bot.send_message(
        anna.id, text, parse_mode="HTML", reply_markup=inline([("Open", "o")])
    )
    await anna.forwards(await anna.sees("WEB-1"))
    (update,) = await drain(bot)
    message = update.message
    assert message.message_id != sent.message_id
    assert message.from_user.id == anna.id
    assert (message.text, message.entities[0].type) == ("Task WEB-1", "bold")
    assert message.reply_markup is None
    assert message.forward_origin.type == "user"
    assert message.forward_origin.sender_user.id == bot.id
    assert message.forward_origin.date == sent.date
    assert (message.forward_from.id, message.forward_date) == (bot.id, sent.date)
    newest = (await anna.messages())[-1].raw
    assert newest["forward_origin"]["sender_user"]["id"] == bot.id
    assert newest["inline_keyboard"] is None


async def test_a_forward_from_another_chat_keeps_its_first_sender(
    bot: Bot, anna: Person, sandbox: Sandbox
) -> None:
    boris = await sandbox.person("Boris")
    await boris.sends_file("plan.pdf", b"%PDF", caption="the /plan")
    kept = await anna.forwards((await boris.messages())[-1], from_person=boris)
    await boris.forwards(kept, from_person=anna)
    *_, first, second = await drain(bot)
    for update, person in ((first, anna), (second, boris)):
        message = update.message
        assert message.chat.id == person.id
        assert message.forward_origin.sender_user.id == boris.id
        assert (message.document.file_name, message.caption) == ("plan.pdf", "the /plan")
        assert message.caption_entities[0].type == "bot_command"
    file = await bot.get_file(second.message.document.file_id)
    assert file.file_size == 4


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message_id": 1}, 404),
        ({"message_id": 1, "from_person": 1}, 404),
        ({"message_id": "x"}, 400),
        ({}, 400),
    ],
)
async def test_forwards_that_are_refused(
    sandbox: Sandbox, anna: Person, body: dict[str, Any], status: int
) -> None:
    with pytest.raises(SandboxError) as refusal:
        await sandbox.request("POST", f"/api/people/{anna.id}/forward", json=body)
    assert refusal.value.status == status


async def test_a_forwarded_message_is_not_ones_own_to_edit(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "words of the bot")
    kept = await anna.forwards(await anna.sees("words"))
    with pytest.raises(SandboxError):
        await anna.edits(kept, "words put into its mouth")


async def test_an_album_of_a_person(bot: Bot, anna: Person) -> None:
    seen = await anna.sends_album(("a.jpg", b"a"), ("b.jpg", b"bb"), caption="two of /them")
    updates = await drain(bot)
    messages = [update.message for update in updates]
    assert [message.photo[-1].file_size for message in messages] == [1, 2]
    assert [message.caption for message in messages] == ["two of /them", None]
    assert len({message.media_group_id for message in messages}) == 1
    assert len({message.message_id for message in messages}) == 2
    assert [one.raw["media_group_id"] for one in seen] == [messages[0].media_group_id] * 2
    await anna.sends_album(*[(f"{n}.pdf", b"x") for n in range(10)], kind="document")
    updates = await drain(bot)
    assert [one.message.document.file_name for one in updates] == [f"{n}.pdf" for n in range(10)]
    assert updates[0].message.media_group_id != messages[0].media_group_id


async def test_each_file_of_an_album_has_its_own_kind(
    bot: Bot, anna: Person, running: Running
) -> None:
    form = aiohttp.FormData()
    for kind, name in (("photo", "a.jpg"), ("video", "b.mp4")):
        form.add_field("kind", kind)
        form.add_field("file", b"x", filename=name)
    url = f"{running.url}/api/people/{anna.id}/album"
    async with running.http.post(url, data=form) as response:
        assert response.status == 200
    photo, video = await drain(bot)
    assert (photo.message.content_type, video.message.content_type) == ("photo", "video")


@pytest.mark.parametrize(
    ("kinds", "error"),
    [
        (["photo"], "an album has at least 2 files"),
        (["photo"] * 11, "at most 10 files can be sent at once"),
        (["photo", "document"], "make an album"),
        (["audio", "document"], "make an album"),
        (["voice", "voice"], "make an album"),
        (["hologram", "hologram"], "make an album"),
        ([], "a part named file is expected"),
    ],
)
async def test_albums_that_are_refused(
    running: Running, anna: Person, kinds: list[str], error: str
) -> None:
    form = aiohttp.FormData({"caption": "x"}, default_to_multipart=True)
    for kind in kinds:
        form.add_field("kind", kind)
        form.add_field("file", b"x", filename="x")
    url = f"{running.url}/api/people/{anna.id}/album"
    async with running.http.post(url, data=form) as response:
        assert response.status == 400
        assert error in (await response.json())["error"]
    assert list(running.world.files.directory.iterdir()) == []


@pytest.mark.parametrize(
    ("mime", "kept"),
    [("audio/ogg", "audio/ogg"), ("audio/webm;codecs=opus", "audio/webm")],
)
async def test_a_voice_message_as_a_browser_records_it(
    bot: Bot, anna: Person, mime: str, kept: str
) -> None:
    seen = await anna.sends_file("voice", b"OggS", "voice", mime=mime, duration=7)
    (update,) = await drain(bot)
    voice = update.message.voice
    assert (voice.duration, voice.mime_type, voice.file_size) == (7, kept, 4)
    assert seen.file is not None
    assert (seen.file["kind"], seen.file["mime"], seen.file["duration"]) == ("voice", kept, 7)


async def test_a_duration_is_whole_seconds(anna: Person) -> None:
    for duration in (-1, 86_401):
        with pytest.raises(SandboxError, match="duration must be whole seconds"):
            await anna.sends_file("v", b"x", "voice", duration=duration)


async def test_an_album_of_the_bot(bot: Bot, anna: Person) -> None:
    files = [BufferedInputFile(bytes([n]), f"{n}.jpg") for n in range(3)]
    first = InputMediaPhoto(media=files[0], caption="<b>three</b>", parse_mode="HTML")
    media = [first, *(InputMediaPhoto(media=file) for file in files[1:])]
    sent = await bot.send_media_group(anna.id, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["three", None, None]
    shown = (await anna.messages())[-3:]
    assert {one.raw["media_group_id"] for one in shown} == {sent[0].media_group_id}
    assert len({one.message_id for one in shown}) == 3


async def test_albums_of_the_bot_that_are_refused(running: Running, anna: Person) -> None:
    count = len(await anna.messages())
    for kinds, error in (
        ([], "there are no messages to send"),
        (["photo"], "wrong number of media in the album"),
        (["photo"] * 11, "too many messages to send as an album"),
        (["photo", "document"], "document can't be mixed with other media types"),
        (["audio", "photo"], "audio can't be mixed with other media types"),
    ):
        body = await running.call(
            "sendMediaGroup",
            chat_id=anna.id,
            media=[{"type": one, "media": "attach://x"} for one in kinds],
        )
        assert body["description"] == f"Bad Request: {error}"
    assert len(await anna.messages()) == count
    assert list(running.world.files.directory.iterdir()) == []


async def test_what_the_bot_says_of_its_files_is_kept(bot: Bot, anna: Person) -> None:
    file = BufferedInputFile(b"x", "x")
    video = (await bot.send_video(anna.id, file, duration=9, width=3, height=4)).video
    assert video is not None
    assert (video.duration, video.width, video.height) == (9, 3, 4)
    audio = (await bot.send_audio(anna.id, file, performer="P", title="T")).audio
    assert audio is not None
    assert (audio.duration, audio.performer, audio.title) == (1, "P", "T")


async def test_the_bot_forwards_and_copies_several(
    bot: Bot, anna: Person, sandbox: Sandbox
) -> None:
    boris = await sandbox.person("Boris")
    await boris.starts()
    album = await anna.sends_album(("a.jpg", b"a"), ("b.jpg", b"b"), caption="both")
    text = await anna.sends("words")
    ids = [one.message_id for one in (*album, text)]
    forwarded = await bot.forward_messages(boris.id, anna.id, [*ids, 2**31])
    copied = await bot.copy_messages(boris.id, anna.id, ids, remove_caption=True)
    shown = {one.message_id: one.raw for one in await boris.messages()}
    first, second, third = (shown[one.message_id] for one in forwarded)
    assert first["media_group_id"] == second["media_group_id"] != album[0].raw["media_group_id"]
    assert (first["text"], third["text"]) == ("both", "words")
    assert {one["forwarded_from"] for one in (first, second, third)} == {"Anna"}
    copy, *_ = (shown[one.message_id] for one in copied)
    assert (copy["text"], copy["forward_origin"]) == ("", None)
    assert copy["media_group_id"] not in (None, first["media_group_id"])
    for wrong, error in (
        ([1, 2], "there are no messages to forward"),
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        (ids[::-1], "message identifiers must be in a strictly increasing order"),
    ):
        with pytest.raises(TelegramBadRequest, match=error):
            await bot.forward_messages(boris.id, anna.id, wrong)


async def test_one_message_of_an_album_goes_alone(bot: Bot, anna: Person) -> None:
    album = await anna.sends_album(("a.jpg", b"a"), ("b.jpg", b"b"))
    sent = await bot.forward_message(anna.id, anna.id, album[0].message_id)
    assert (sent.media_group_id, sent.photo is not None) == (None, True)


async def test_what_nobody_wrote_cannot_be_forwarded(running: Running, anna: Person) -> None:
    chat = running.world.chats[anna.id]
    paid = {"successful_payment": {"total_amount": 1, "currency": "XTR"}}
    service = running.world.add_message(chat, paid)
    for method, error in (
        ("forwardMessage", "the message can't be forwarded"),
        ("copyMessage", "the message can't be copied"),
    ):
        body = await running.call(
            method, chat_id=anna.id, from_chat_id=anna.id, message_id=service.message_id
        )
        assert body["description"] == f"Bad Request: {error}"
