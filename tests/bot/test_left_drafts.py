"""A task being written that something else comes between: nothing is lost or in the way."""

import pytest

from tests import factories
from tests.bot.people import PHOTO
from tests.bot.rows import change, rows

FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"}}
LEFT = "✖️ The task “Fix the pump” was not created."
GO_ON = "Go on with “Fix the pump”"


@pytest.fixture
async def writing(acme):
    """Acme, where Ada has a whole draft on her screen."""
    await acme.ada.sends("/task WEB Fix the pump @wanda !high #pump tomorrow 15:00\nIt drips.")
    return acme


async def test_a_tasks_number_opens_it_and_the_draft_is_gone_on_with(writing, database):
    ada, draft = writing.ada, writing.ada.screen.text
    await writing.task("Other")
    await ada.sends("WEB-1")
    assert ada.screen.text.startswith(f"{LEFT}\n\nWEB-1 Other")
    await ada.clicks(GO_ON)
    assert ada.screen.text == draft
    await ada.clicks("Create")
    assert await rows(
        database, "select title, description, priority from tasks where number = 2"
    ) == [("Fix the pump", "It drips.", "high")]


async def test_a_number_is_an_answer_where_words_are_asked_for(writing):
    await writing.task("Other")
    await writing.ada.clicks("More")
    await writing.ada.clicks("Title")
    await writing.ada.sends("WEB-1")
    assert "WEB-1\n📁 WEB" in writing.ada.screen.text
    await writing.ada.clicks("Assignee")
    await writing.ada.sends("WEB-1")
    assert "WEB-1 Other" in writing.ada.screen.text


async def test_a_forwarded_message_begins_anew_and_both_can_be_had(writing, database):
    ada = writing.ada
    await ada.does(ada.message(caption="The boiler is cold", photo=PHOTO, **FORWARDED))
    assert ada.screen.text.startswith(LEFT)
    assert "The boiler is cold\n📁 WEB" in ada.screen.text
    await ada.clicks(GO_ON)
    assert "Fix the pump\n📁 WEB – Website\n👤 Wanda" in ada.screen.text
    assert ada.toast == "✖️ The task “The boiler is cold” was not created."
    await ada.clicks("Go on with “The boiler is cold”")
    await ada.clicks("Create")
    await ada.sends("/newtask")
    await ada.clicks(GO_ON)
    await ada.clicks("Create")
    assert await rows(database, "select title from tasks order by id") == [
        "The boiler is cold", "Fix the pump"
    ]  # fmt: skip


async def test_so_does_a_reply(writing):
    ada = writing.ada
    said = {"message_id": 7, "date": 1, "chat": ada.chat, "from": ada.user, "text": "It is cold"}
    await ada.sends("/task !low", reply_to_message=said)
    assert "It is cold\n📁 WEB" in ada.screen.text
    assert GO_ON in str(ada.screen.buttons)


async def test_a_draft_whose_project_was_not_chosen_yet_is_kept_too(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task Fix the pump !high")
    await acme.ada.sends("/tasks")
    await acme.ada.clicks(GO_ON)
    await acme.ada.clicks("APP – App")
    assert "Fix the pump\n📁 APP" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text


async def test_what_is_there_no_longer_is_asked_for_anew(writing, database):
    await factories.project(database, writing.team.id, key="APP", name="App")
    await factories.project(database, writing.team.id, key="TWO", name="Two")
    await writing.ada.sends("/menu")
    menu = writing.ada.screen
    await change(database, "update projects set status = 'archived' where key = 'WEB'")
    await writing.ada.clicks(GO_ON)
    assert writing.ada.screen.text == "Which project is the task for?"
    await writing.ada.clicks("APP – App")
    assert "Fix the pump\n📁 APP" in writing.ada.screen.text
    assert "⚠️ Wanda is not in this project." in writing.ada.screen.text
    await writing.ada.clicks("Create")
    await writing.ada.does(writing.ada.pressing(menu.data_of(GO_ON), menu))
    assert writing.ada.toast == "That draft is not there any more. Begin anew: /newtask"


async def test_it_belongs_to_its_company(writing, globex):
    await writing.ada.sends("/menu")
    account = writing.team.admin.account
    await factories.member(writing.database, globex.team.id, "admin", person=account)
    await writing.ada.clicks_data(f"sw:{globex.team.id}")
    await writing.ada.clicks_data("d:go_on::")
    assert writing.ada.toast.startswith("That draft is not there any more.")


@pytest.mark.parametrize("words", ["/search %", "WEB-99", "/invite"])
async def test_what_is_refused_ends_no_draft(writing, words):
    who = writing.ada
    if words == "/invite":
        who = writing.wanda
        await who.sends("/task WEB Fix the pump")
    await who.sends(words)
    assert await who.step() == "NewTask:draft"
    await who.clicks_data("d:show::")
    assert "Fix the pump\n📁 WEB" in who.screen.text


async def test_without_a_project_it_is_kept_until_there_is_one(acme, database):
    await change(database, "delete from projects")
    await acme.ada.sends("/task Fix the pump tomorrow !high")
    assert "I keep the task “Fix the pump”" in acme.ada.screen.text
    assert "A task needs a project" in acme.ada.screen.text
    await acme.ada.sends("/newtask")
    await acme.ada.clicks(GO_ON)
    assert "I keep the task “Fix the pump”" in acme.ada.screen.text
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/newtask")
    await acme.ada.clicks(GO_ON)
    assert "Fix the pump\n📁 APP" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text
    assert "📅 tomorrow 18:00" in acme.ada.screen.text


async def test_the_page_of_a_new_project_leads_back_to_it(acme, database):
    await change(database, "delete from projects")
    await acme.ada.sends("/task Fix the pump")
    await acme.ada.clicks("New project")
    await acme.ada.sends("Garden")
    await acme.ada.sends("GAR")
    await acme.ada.clicks("Done")
    await acme.ada.clicks("New task")
    await acme.ada.clicks(GO_ON)
    assert "Fix the pump\n📁 GAR" in acme.ada.screen.text


async def test_someone_shut_out_meanwhile_keeps_nothing(writing, database):
    await change(database, "update users set status = 'deactivated' where name = 'Ada'")
    await writing.ada.sends("/settings")
    assert LEFT in writing.ada.screen.text
    assert GO_ON not in str(writing.ada.screen.buttons)


async def test_a_cancelled_draft_is_gone(writing):
    await writing.ada.sends("/cancel")
    await writing.ada.sends("/newtask")
    assert GO_ON not in str(writing.ada.screen.buttons)


@pytest.mark.parametrize(
    "words",
    ["web-1", " WEB-1 ", "#WEB-1", "WEB\u20111", "WEB–1", "web 1", "WEB1", "#web1", "#WEB 1"],
)
async def test_a_tasks_number_is_known_however_it_is_written(acme, words):
    await acme.task("Other")
    await acme.ada.sends(words)
    assert acme.ada.screen.text.startswith("WEB-1 Other")


@pytest.mark.parametrize(
    "words", ["WEB-1st", "WEB - 1", "WEB-1,2", "room 4", "WEB 12", "see a_WEB-1", "UTF-8 is best"]
)
async def test_other_words_are_no_number(acme, words):
    await acme.task("Other")
    await acme.ada.sends(words)
    assert "I can’t do anything with that yet." in acme.ada.screen.text


async def test_a_forwarded_message_about_a_task_is_a_new_one(acme):
    await acme.task("Other")
    await acme.ada.does(acme.ada.message(text="WEB-1 is broken again", **FORWARDED))
    assert "understood as" in acme.ada.screen.text
