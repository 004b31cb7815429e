"""Buttons: presses, answers, forgeries and answers that come too late."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InaccessibleMessage

from saas_bot.sandbox.client import NotSeen, Person, SandboxError
from saas_bot.sandbox.options import Options
from tests.sandbox.conftest import Running, drain, serving
from tests.sandbox.test_messages import inline

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_and_its_answer(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Take it?", reply_markup=inline([("Accept ✅", "accept:7")]))
    query_id = await anna.clicks("Accept")
    (update,) = await drain(bot)
    query = update.callback_query
    assert (query.id, query.data, query.from_user.id) == (query_id, "accept:7", anna.id)
    assert query.message.reply_markup.inline_keyboard[0][0].callback_data == "accept:7"
    await query.answer("Accepted", show_alert=True).as_(bot)
    toast = await anna.sees_toast("Accept")
    assert toast["callback_query_id"] == query_id
    assert toast["show_alert"] is True


async def test_a_query_is_answered_once(bot: Bot, anna: Person) -> None:
    query_id = await anna.forges("x", message_id=1)
    assert await bot.answer_callback_query(query_id)
    for stale in (query_id, "17", "nonsense"):
        with pytest.raises(TelegramBadRequest) as refusal:
            await bot.answer_callback_query(stale)
        assert refusal.value.message == TOO_OLD


async def test_an_answer_has_its_length(bot: Bot, anna: Person) -> None:
    query_id = await anna.forges("x", message_id=1)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query_id, text="x" * 201)
    assert await bot.answer_callback_query(query_id, text="x" * 200)


async def test_old_queries_expire(running: Running) -> None:
    async with serving(options=Options(callback_seconds=0.0)) as impatient:
        person = {"first_name": "Anna", "started": True}
        async with impatient.http.post(f"{impatient.url}/api/people", json=person) as response:
            anna = (await response.json())["id"]
        body = {"message_id": 1, "data": "x", "forged": True}
        url = f"{impatient.url}/api/people/{anna}/clicks"
        async with impatient.http.post(url, json=body) as response:
            query_id = (await response.json())["callback_query_id"]
        answer = await impatient.call("answerCallbackQuery", callback_query_id=query_id)
        assert answer["description"] == TOO_OLD


async def test_there_must_be_such_a_button_unless_forged(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "x", reply_markup=inline([("go", "go")]))
    path = f"/api/people/{anna.id}/clicks"
    with pytest.raises(SandboxError) as refusal:
        await anna.sandbox.request(
            "POST", path, json={"message_id": sent.message_id, "data": "other"}
        )
    assert refusal.value.status == 404
    await anna.forges("other")
    (update,) = await drain(bot)
    assert update.callback_query.data == "other"


async def test_a_press_on_a_message_that_is_gone(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "x", reply_markup=inline([("go", "go")]))
    remembered = await anna.sees("x")
    await bot.delete_message(anna.id, remembered.message_id)
    await anna.clicks_again(remembered, "go")
    (update,) = await drain(bot)
    assert isinstance(update.callback_query.message, InaccessibleMessage)


async def test_links_are_not_pressed(running: Running, anna: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "site", "url": "https://example.com"}]]}
    await running.call("sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    with pytest.raises(NotSeen, match=r"opens https://example\.com"):
        await anna.clicks("site")
