"""Sending, editing and deleting: what Telegram accepts and the words it refuses with."""

from __future__ import annotations

import time
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from saas_bot.sandbox.client import Person, Sandbox
from tests.sandbox.conftest import Running, drain

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def inline(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data) for text, data in row]
            for row in rows
        ]
    )


async def test_a_message_arrives_as_telegram_would_say_it(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, " <b>Hi</b> &amp; bye ", parse_mode="HTML")
    assert (sent.text, sent.html_text) == ("Hi & bye", "<b>Hi</b> &amp; bye")
    assert (await anna.sees("Hi & bye")).html == "<b>Hi</b> &amp; bye"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": "x" * 40_000}, "text is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: "),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
        ({"text": "x", "chat_id": 1}, "chat not found"),
        ({"text": "x", "chat_id": "@anna"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": {"a": 1}}, "chat not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": 7}, "object expected as reply markup"),
        ({"text": "x", "entities": "[{]"}, "can't parse entities JSON object"),
        ({"text": "x", "message_thread_id": "no"}, 'invalid parameter "message_thread_id"'),
    ],
)
async def test_refusals(running: Running, anna: Person, params: dict[str, Any], error: str) -> None:
    body = await running.call("sendMessage", **{"chat_id": anna.id, **params})
    assert body["error_code"] == 400
    assert body["description"].startswith(f"Bad Request: {error}")


async def test_length_counts_characters_after_parsing(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, f"<b>{'😀' * 4096}</b>", parse_mode="HTML")
    assert sent.text == "😀" * 4096


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        (
            {"text": "x", "url": "no address"},
            "inline keyboard button URL 'no address' is invalid: Wrong HTTP URL",
        ),
        (
            {"callback_data": "a"},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ("text", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    ],
)
async def test_buttons(running: Running, anna: Person, button: Any, error: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    body = await running.call("sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    assert body["description"] == f"Bad Request: {error}"


async def test_only_inline_keyboards_can_be_edited_in(running: Running, anna: Person) -> None:
    sent = await running.call("sendMessage", chat_id=anna.id, text="x")
    body = await running.call(
        "editMessageReplyMarkup",
        chat_id=anna.id,
        message_id=sent["result"]["message_id"],
        reply_markup={"keyboard": [["x"]]},
    )
    assert body["description"] == "Bad Request: inline keyboard expected"


async def test_callback_data_may_have_64_bytes(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "x", reply_markup=inline([("b", "я" * 32)]))


async def test_a_keyboard_has_its_limit_and_long_rows_are_broken(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(
        anna.id, "x", reply_markup=inline([(str(n), str(n)) for n in range(100)])
    )
    assert sent.reply_markup is not None
    assert [len(row) for row in sent.reply_markup.inline_keyboard] == [8] * 12 + [4]
    with pytest.raises(TelegramBadRequest, match="reply markup is too long"):
        await bot.send_message(
            anna.id, "x", reply_markup=inline([(str(n), str(n)) for n in range(101)])
        )


async def test_reply_keyboards_stay_until_removed(bot: Bot, anna: Person) -> None:
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Menu")]], resize_keyboard=True)
    await bot.send_message(anna.id, "here", reply_markup=keyboard)
    await bot.send_message(anna.id, "still here")
    assert await anna.keys() == ["Menu"]
    chat = await anna.sandbox.request("GET", f"/api/people/{anna.id}/chat")
    assert chat["reply_keyboard"] == {"keyboard": [[{"text": "Menu"}]], "resize_keyboard": True}
    pressed = await anna.presses("Men")
    assert pressed.text == "Menu"
    await bot.send_message(anna.id, "gone", reply_markup=ReplyKeyboardRemove())
    assert await anna.keys() == []


async def test_plain_strings_are_keys_too(running: Running, anna: Person) -> None:
    markup = {"keyboard": [["One", {"text": "Two"}]]}
    await running.call("sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    assert await anna.keys() == ["One", "Two"]


async def test_replies_carry_the_message_replied_to(bot: Bot, anna: Person) -> None:
    question = await bot.send_message(anna.id, "Title?")
    await anna.sends("Paint", reply_to=question.message_id)
    (update,) = await drain(bot)
    assert update.message.reply_to_message.text == "Title?"
    answer = await update.message.reply("noted").as_(bot)
    assert answer.reply_to_message.text == "Paint"


async def test_edits(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "one", reply_markup=inline([("go", "go")]))
    edited = await sent.edit_text("two").as_(bot)
    assert edited.text == "two"
    assert edited.reply_markup is None
    assert edited.edit_date is not None
    assert (await anna.screen()).text == "two"


async def test_the_same_edit_is_refused(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "one", reply_markup=inline([("go", "go")]))
    with pytest.raises(TelegramBadRequest) as refusal:
        await sent.edit_text(
            "<i></i>one ", parse_mode="HTML", reply_markup=inline([("go", "go")])
        ).as_(bot)
    assert refusal.value.message == NOT_MODIFIED
    with pytest.raises(TelegramBadRequest) as refusal:
        await sent.edit_reply_markup(reply_markup=inline([("go", "go")])).as_(bot)
    assert refusal.value.message == NOT_MODIFIED
    await sent.edit_reply_markup(reply_markup=None).as_(bot)
    assert (await anna.screen()).button_texts == []


async def test_what_cant_be_edited(bot: Bot, anna: Person) -> None:
    own = await anna.sends("mine")
    for message_id, error in (
        (own.message_id, "message can't be edited"),
        (1, "message to edit not found"),
    ):
        with pytest.raises(TelegramBadRequest) as refusal:
            await bot.edit_message_text("x", chat_id=anna.id, message_id=message_id)
        assert refusal.value.message == f"Bad Request: {error}"
    with pytest.raises(TelegramBadRequest, match="message identifier is not specified"):
        await bot.edit_message_text("x", chat_id=anna.id)


async def test_deleting(bot: Bot, anna: Person, running: Running) -> None:
    own = await anna.sends("mine")
    sent = await bot.send_message(anna.id, "yours")
    assert await bot.delete_message(anna.id, sent.message_id)
    assert await bot.delete_messages(anna.id, [own.message_id, 1, own.message_id])
    assert "mine" not in [message.text for message in await anna.messages()]
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(anna.id, sent.message_id)
    old = await bot.send_message(anna.id, "old")
    running.world.chats[anna.id].messages[old.message_id].api["date"] = time.time() - 49 * 3600
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_message(anna.id, old.message_id)


async def test_forwarding_and_copying(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    boris = await sandbox.person("Boris")
    await boris.starts()
    own = await anna.sends("news /now")
    forwarded = await bot.forward_message(boris.id, anna.id, own.message_id)
    assert forwarded.forward_origin is not None
    seen = await boris.sees("news")
    assert seen.raw["forwarded_from"] == "Anna"
    copied = await bot.copy_message(boris.id, anna.id, own.message_id)
    assert copied.message_id == forwarded.message_id + 1
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await bot.forward_message(boris.id, anna.id, 1)


async def test_people_who_never_wrote_cant_be_written_to(bot: Bot, sandbox: Sandbox) -> None:
    stranger = await sandbox.person("Stranger")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(stranger.id, "hello")


async def test_blocked_and_deactivated(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    await anna.blocks()
    with pytest.raises(TelegramForbiddenError) as refusal:
        await bot.send_message(anna.id, "hello")
    assert refusal.value.message == "Forbidden: bot was blocked by the user"
    await anna.unblocks()
    await bot.send_message(anna.id, "hello")
    await sandbox.request("PATCH", f"/api/people/{anna.id}", json={"deactivated": True})
    with pytest.raises(TelegramForbiddenError) as refusal:
        await bot.send_message(anna.id, "hello")
    assert refusal.value.message == "Forbidden: user is deactivated"


async def test_typing_ends_with_the_message(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    async def typing() -> bool:
        return bool((await sandbox.request("GET", f"/api/people/{anna.id}/chat"))["typing"])

    await bot.send_chat_action(anna.id, "typing")
    assert await typing()
    await bot.send_message(anna.id, "done")
    assert not await typing()
    with pytest.raises(TelegramBadRequest, match="wrong parameter action"):
        await bot.send_chat_action(anna.id, "sleeping")


async def test_histories_are_bounded(bot: Bot, anna: Person, running: Running) -> None:
    chat = running.world.chats[anna.id]
    for number in range(1200):
        running.world.add_message(chat, {"text": str(number)})
    assert len(chat.messages) == 1000
    assert (await anna.screen()).text == "1199"
