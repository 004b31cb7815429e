"""What else Telegram can send: other chats, other kinds, messages that are gone."""

import pytest
from aiogram.methods import EditMessageText

from saas_bot.core.middlewares.replies import SendScreen
from tests.bot.people import PHOTO, STICKER, Person
from tests.bot.rows import fingerprint, rows

GROUP = {"id": -100123, "type": "supergroup", "title": "Neighbours"}
CHANNEL = {"id": -100456, "type": "channel", "title": "News"}


async def test_groups_are_ignored_and_nobody_in_them_is_written_to(stage, database):
    greta = stage.person(7, "Greta", hasty=True)
    before = await fingerprint(database)
    for _ in range(35):
        for content in ({"text": "/start"}, {"text": "Hi"}, {"sticker": STICKER}):
            await greta.does(greta.message(chat=GROUP, **content))
    assert stage.telegram.calls == []
    assert await fingerprint(database) == before, "not even their name is kept"


async def test_channels_and_anonymous_admins_are_ignored(stage, database):
    before = await fingerprint(database)
    post = {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "/start"}
    await stage.feed(Person.update(channel_post=post))
    await stage.feed(Person.update(message={**post, "sender_chat": CHANNEL}))
    await stage.feed(Person.update(message={**post, "chat": {**GROUP, "type": "group"}}))
    assert stage.telegram.calls == []
    assert await fingerprint(database) == before


async def test_a_button_pressed_in_a_group_shows_nothing_to_the_group(stage, acme):
    await acme.ada.sends("/menu")
    message = {**acme.ada.screen.as_json(), "chat": GROUP}
    await acme.ada.does(acme.ada.pressing("o:members", message))
    assert [call for call in acme.ada.heard if getattr(call, "chat_id", 0) == GROUP["id"]] == []


async def test_other_bots_are_ignored(stage):
    robot = {"id": 99, "is_bot": True, "first_name": "Robot"}
    anna = stage.person(7, "Anna")
    await anna.does(anna.message(text="/start", **{"from": robot}))
    assert stage.telegram.calls == []


async def test_an_edited_message_changes_nothing(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:comment")
    before = await fingerprint(database)
    await acme.ada.does(acme.ada.message(kind="edited_message", text="A comment", edit_date=2))
    assert acme.ada.heard == []
    assert await acme.ada.step() == "TaskWords:asking"
    assert await fingerprint(database) == before


@pytest.mark.parametrize(
    "content",
    [
        {"inline_query": {"id": "1", "query": "web", "offset": ""}},
        {"shipping_query": {"id": "1", "invoice_payload": "x", "shipping_address": {
            "country_code": "DE", "state": "", "city": "B", "street_line1": "", "street_line2": "",
            "post_code": "1"}}},
        {"message_reaction": {"chat": {"id": 1, "type": "private"}, "message_id": 1, "date": 1,
                              "old_reaction": [], "new_reaction": []}},
        {"a_kind_of_the_future": {"id": 1}},
        {},
    ],
    ids=["inline query", "shipping query", "reaction", "unknown", "empty"],
)  # fmt: skip
async def test_kinds_that_nobody_asked_for_are_ignored(stage, acme, database, content):
    for inner in content.values():
        if "query" in inner or "invoice_payload" in inner:
            inner["from"] = acme.ada.user
    before = await fingerprint(database)
    await stage.feed(Person.update(**content))
    assert stage.telegram.calls == []
    assert await fingerprint(database) == before


async def test_blocking_the_bot_is_noted_and_coming_back_too(acme, database):
    blocked = "select blocked_at is not null from accounts where name = 'Wanda'"
    await acme.wanda.does(acme.wanda.membership("kicked"))
    assert await rows(database, blocked) == [True]
    assert acme.wanda.heard == []
    await acme.wanda.does(acme.wanda.membership("member", "kicked"))
    assert await rows(database, blocked) == [False]
    await acme.wanda.does(acme.wanda.membership("kicked"))
    await acme.wanda.sends("/menu")
    assert await rows(database, blocked) == [False], "who writes can be written to"


async def test_the_bot_in_a_group_says_nothing_about_who_can_be_reached(acme, database):
    await acme.wanda.does(acme.wanda.membership("kicked"))
    before = await fingerprint(database)
    await acme.wanda.does(acme.wanda.membership("left", "member", chat=GROUP))
    await acme.wanda.does(acme.wanda.membership("member", "left", chat=GROUP))
    assert await fingerprint(database) == before


async def test_blocking_by_someone_new_is_no_problem(stage, database):
    nora = stage.person(7, "Nora")
    await nora.does(nora.membership("kicked"))
    assert await rows(database, "select blocked_at is not null from accounts") == [True]


async def test_a_button_without_its_message_answers_with_a_new_one(acme):
    task = await acme.task()
    await acme.ada.does(acme.ada.pressing(f"t:{task}", inline_message_id="AAA"))
    assert acme.ada.toast == ""
    assert acme.ada.screen.text.startswith("WEB-1 Fix the pump")
    await acme.ada.does(acme.ada.pressing("garbage", inline_message_id="AAA"))
    assert acme.ada.toast.startswith("This button is out of date.")


async def test_a_button_of_a_message_too_old_to_be_seen_answers_with_a_new_one(acme):
    task = await acme.task()
    gone = {"chat": acme.ada.chat, "message_id": 3, "date": 0}
    await acme.ada.does(acme.ada.pressing(f"t:{task}", gone))
    assert [type(call) for call in acme.ada.heard[-1:]] == [SendScreen]
    assert acme.ada.screen.text.startswith("WEB-1 Fix the pump")


async def test_a_button_under_a_photo_answers_with_a_new_message(acme):
    photo = {"message_id": 3, "date": 1, "chat": acme.ada.chat, "photo": PHOTO}
    await acme.ada.does(acme.ada.pressing("o:menu", photo))
    assert not any(isinstance(call, EditMessageText) for call in acme.ada.heard)
    assert acme.ada.screen.text.startswith("Acme")


async def test_a_click_without_data_is_answered(acme):
    query = {"id": "77", "from": acme.ada.user, "chat_instance": "1", "game_short_name": "chess"}
    await acme.ada.does(Person.update(callback_query=query))
    assert acme.ada.toast.startswith("This button is out of date.")


async def test_someone_without_a_visible_name_has_one_all_the_same(stage, database):
    ghost = stage.person(7, "\u2060\u200b")
    await ghost.sends("/start")
    assert ghost.screen.text.startswith("Hello, 7!")
