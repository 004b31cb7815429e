"""A new task, step by step: /newtask, its draft, and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.core.clock import now
from tests import factories
from tests.bot.rows import change, rows

TASK = "select title, description, priority, assignee_id, status, number from tasks"


async def test_the_admin_writes_a_task_step_by_step(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/newtask")
    assert acme.ada.screen.text == "Which project is the task for?"
    assert acme.ada.screen.buttons == ["WEB – Website", "APP – App", "Cancel"]
    await acme.ada.clicks("WEB – Website")
    assert acme.ada.screen.text.startswith("A new task in WEB – Website. What is to be done?")
    await acme.ada.sends("Fix the <pump> & pipes")
    assert "Fix the <pump> & pipes" in acme.ada.screen.text
    assert "understood as" in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    assert acme.ada.screen.buttons == ["Ada", "Max", "Wanda", "Nobody", "‹ Back"]
    await acme.ada.clicks("Wanda")
    await acme.ada.clicks("More")
    await acme.ada.clicks("urgent")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Description")
    await acme.ada.sends("It drips.\nSince Monday.")
    await acme.ada.clicks("Due")
    await acme.ada.clicks("In a week")
    await acme.ada.clicks("Create")
    assert acme.ada.toast == "WEB-1 is created."
    assert acme.ada.screen.text.startswith("WEB-1 Fix the <pump> & pipes")
    assert "Wanda (from Ada)" in acme.ada.screen.text
    task = await rows(database, TASK)
    wanda = acme.team.worker.user_id
    about = "It drips.\nSince Monday."
    assert task == [("Fix the <pump> & pipes", about, "urgent", wanda, "new", 1)]
    due = (await rows(database, "select due_at from tasks"))[0]
    assert due == datetime.combine(now().date() + timedelta(days=7), due.timetz())
    assert due.timetz().replace(tzinfo=UTC).hour == 18
    assert await rows(database, "select telegram_id, kind from outbox") == [
        (acme.wanda.id, "assigned")
    ]
    assert acme.ada.messages == [acme.ada.screen]


async def test_with_one_project_the_title_is_asked_at_once_in_russian(acme, database):
    await acme.speak("ru")
    await acme.wanda.sends("/newtask")
    asked = "Новая задача в проекте WEB – Website. Что нужно сделать?"
    assert acme.wanda.screen.text.startswith(asked)
    await acme.wanda.sends("Покрасить забор")
    assert "я понял так" in acme.wanda.screen.text
    await acme.wanda.clicks("Создать")
    assert acme.wanda.toast == "Задача WEB-1 создана."
    assert await rows(database, "select title from tasks") == ["Покрасить забор"]


async def test_each_part_of_the_draft_can_be_corrected_and_back_keeps_it(acme):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Tytle")
    assert acme.ada.screen.buttons == [
        *("✅ Create", "Today", "Tomorrow", "📅 Due", "👤 Ada", "👤 Assignee", "⋯ More", "Cancel")
    ]
    for label in ("Due", "Assignee", "Title", "Description", "Tags", "Project", "‹ Back"):
        if label not in ("Due", "Assignee"):
            await acme.ada.clicks("More")
            assert "✅ Create" not in acme.ada.screen.buttons
        await acme.ada.clicks(label)
        if label != "‹ Back":
            await acme.ada.clicks("‹ Back")
        assert "Tytle" in acme.ada.screen.text
        assert "✅ Create" in acme.ada.screen.buttons
    await acme.ada.clicks("More")
    await acme.ada.clicks("Title")
    await acme.ada.sends("Title")
    assert "Tytle" not in acme.ada.screen.text
    await acme.ada.clicks("Due")
    await acme.ada.sends("tomorrow 15:00")
    assert "📅 tomorrow 15:00 (UTC)" in acme.ada.screen.text
    await acme.ada.clicks("Due")
    await acme.ada.clicks("No date")
    assert "📅 not set" in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Max")
    assert "👤 Max" in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Nobody")
    assert "👤 nobody" in acme.ada.screen.text


async def test_the_project_of_a_draft_can_be_changed_and_the_assignee_with_it(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/newtask")
    await acme.ada.clicks("WEB – Website")
    await acme.ada.sends("Fix the pump")
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Wanda")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Project")
    await acme.ada.clicks("APP – App")
    assert "📁 APP – App" in acme.ada.screen.text
    assert "Wanda is not in this project." in acme.ada.screen.text
    await acme.ada.clicks("Create")
    assert acme.ada.screen.text.startswith("APP-1 Fix the pump")


PARTS = ("title", "description", "due_at", "tags", "assignee", "project")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("way", ["/cancel", "o:cancel"])
async def test_cancelling_a_part_leads_back_to_the_draft(acme, database, part, way):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump !high")
    draft = acme.ada.screen
    await acme.ada.clicks_data(f"d:{part}::")
    assert "Cancel" not in acme.ada.screen.buttons
    assert "‹ Back" in acme.ada.screen.buttons
    await (acme.ada.sends(way) if way.startswith("/") else acme.ada.clicks_data(way))
    assert (acme.ada.screen.text, acme.ada.screen.data) == (draft.text, draft.data)
    assert await acme.ada.step() == "NewTask:draft"
    await (acme.ada.sends(way) if way.startswith("/") else acme.ada.clicks_data(way))
    assert await acme.ada.step() is None
    assert await rows(database, TASK) == []


async def test_the_first_answer_is_understood_as_the_one_line_is(acme, database):
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await acme.ada.sends("/newtask")
    await acme.ada.sends("tomorrow Fix the pump @wanda !high at 15:00")
    assert "Fix the pump\n📁 WEB – Website\n👤 Wanda\n" in acme.ada.screen.text
    assert "📅 tomorrow 15:00 (UTC)" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Title")
    await acme.ada.sends("Fix the pump @wanda !high tomorrow")
    assert "Fix the pump @wanda !high tomorrow\n" in acme.ada.screen.text, "a correction is literal"


async def test_the_first_answer_may_name_another_project(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.clicks_data(f"d:project:{acme.project}:")
    await acme.ada.sends("app Paint it")
    assert "Paint it\n📁 APP – App" in acme.ada.screen.text


async def test_a_first_answer_without_a_title_leaves_the_question_open(acme):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("\u2060")
    assert acme.ada.screen.text.startswith("There is nothing to read in that.")
    await acme.ada.sends("@wanda !high tomorrow")
    assert acme.ada.screen.text.startswith(
        "📝 Noted so far: 👤 @wanda · 📅 tomorrow 18:00 (UTC) · 🔼 high\n\nA new task in WEB"
    )
    await acme.ada.sends("Fix the pump")
    assert "Fix the pump\n📁 WEB – Website\n👤 Wanda\n📅 tomorrow 18:00" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_words_sent_while_the_draft_is_shown_lose_nothing(acme, language):
    await acme.speak(language)
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    hint = {"en": "I can’t do anything with that yet", "ru": "Пока я этого не понимаю"}
    for thing in ("Oh, and the pipes", "/nonsense", None):
        await (acme.ada.sends(thing) if thing else acme.ada.sends_sticker())
        assert hint[language] in acme.ada.screen.text
        assert "Fix the pump" in acme.ada.screen.text
        assert acme.ada.messages == [acme.ada.screen]
    await acme.ada.clicks({"en": "Create", "ru": "Создать"}[language])
    assert acme.ada.screen.text.startswith("WEB-1 Fix the pump")


async def test_words_sent_while_a_project_is_chosen_lose_nothing(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task Fix the pump !high")
    assert acme.ada.screen.text == "Which project is the task for?"
    await acme.ada.sends("the second one")
    assert acme.ada.screen.text.endswith("Which project is the task for?")
    await acme.ada.clicks("APP – App")
    assert "Fix the pump" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text


async def test_many_projects_and_people_to_choose_from_page(acme, database):
    for number in range(10):
        await factories.project(database, acme.team.id, key=f"P{number}", name=f"No {number}")
        await factories.member(database, acme.team.id, "manager", f"Manager {number}")
    await acme.ada.sends("/task Fix the pump")
    await acme.ada.clicks("Next ›")
    assert "P7 – No 7" in acme.ada.screen.buttons
    await acme.ada.clicks("‹ Previous")
    await acme.ada.clicks("WEB – Website")
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Next ›")
    await acme.ada.clicks("Manager 9")
    assert "👤 Manager 9" in acme.ada.screen.text


async def test_the_project_is_gone_before_the_task_is_created(acme, database):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    await change(database, "update projects set status = 'archived'")
    await acme.ada.clicks("Create")
    assert acme.ada.toast.startswith("I can’t find that project. It may be archived")
    assert await rows(database, TASK) == []
    assert "Fix the pump" in acme.ada.screen.text, "the draft is still there"


async def test_the_assignee_leaves_before_the_task_is_created(acme, database):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Wanda")
    await change(database, "update users set status = 'deactivated' where name = 'Wanda'")
    await acme.ada.clicks("Create")
    assert acme.ada.toast.startswith("I can’t find that person here.")
    assert await rows(database, TASK) == []


async def test_a_client_has_no_such_thing(acme, database):
    for command in ("/newtask", "/task WEB Fix it"):
        await acme.clive.sends(command)
        assert acme.clive.screen.text.startswith("Your role doesn’t allow that.")
    assert await rows(database, TASK) == []


async def test_without_a_project_the_admin_is_led_to_one(stage, database):
    team = await factories.company(database)
    ada = stage.person(team.admin.account.telegram_id, "Ada")
    await ada.sends("/newtask")
    assert "A task needs a project, and there is no active one." in ada.screen.text
    await ada.clicks("New project")
    assert ada.screen.text == "What is the project called?"


async def test_a_description_full_of_markup_fits_the_draft_and_the_card(acme, database):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Description")
    await acme.ada.sends("&<>\"'" * 800)
    assert "&<>\"'" * 90 in acme.ada.screen.text
    await acme.ada.clicks("Create")
    assert "&<>\"'" * 200 in acme.ada.screen.text
    assert await rows(database, "select length(description) from tasks") == [4000]
