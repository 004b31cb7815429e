"""A task at work: taken, submitted, returned, accepted; cancelled, reopened; changed, discussed."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.task_flow import Status
from saas_bot.screens.notifications import render
from tests.bot.rows import change, rows

STATUS = "select status from tasks"


async def test_from_start_to_the_clients_acceptance_with_a_return_on_the_way(acme, database):
    await acme.task(assignee=acme.team.worker)
    await acme.wanda.sends("/tasks")
    await acme.wanda.clicks("WEB-1 Fix the pump")
    await acme.wanda.clicks("Start")
    assert acme.wanda.toast == "Started."
    await acme.wanda.clicks("Submit")
    assert "or submit without." in acme.wanda.screen.text
    await acme.wanda.sends("New gasket & oil")
    assert acme.wanda.screen.text.startswith("Submitted.\n\nWEB-1 Fix the pump")
    assert "📦 Submission 1 by Wanda\nNew gasket & oil" in acme.wanda.screen.text
    await acme.clive.sends("/approvals")
    await acme.clive.clicks("WEB-1 Fix the pump")
    await acme.clive.clicks("Return")
    assert "What should be done differently?" in acme.clive.screen.text
    await acme.clive.sends("It still drips")
    assert "↩️ Returned by Clive (client)\nIt still drips" in acme.clive.screen.text
    await acme.wanda.sends("/tasks")
    await acme.wanda.clicks("WEB-1 Fix the pump")
    await acme.wanda.clicks("Submit")
    await acme.wanda.clicks("Submit without a comment")
    assert acme.wanda.toast == "Submitted."
    assert "📦 Submission 2 by Wanda" in acme.wanda.screen.text
    await acme.clive.sends("/approvals")
    await acme.clive.clicks("WEB-1 Fix the pump")
    await acme.clive.clicks("Accept")
    assert acme.clive.toast == "Accepted."
    assert "✅ Accepted by Clive (client)" in acme.clive.screen.text
    assert await rows(
        database,
        "select number, submitter_name, comment, decision, decided_by_role, reason "
        "from reviews order by number",
    ) == [
        (1, "Wanda", "New gasket & oil", "returned", "client", "It still drips"),
        (2, "Wanda", None, "accepted", "client", None),
    ]
    assert await rows(database, STATUS) == ["done"]
    told = await rows(database, "select telegram_id, kind from outbox order by id")
    assert (acme.clive.id, "submitted") in told
    assert (acme.wanda.id, "returned") in told
    assert (acme.wanda.id, "accepted") in told
    await acme.clive.clicks("More")
    await acme.clive.clicks("History")
    history = acme.clive.screen.text.splitlines()[2:]
    assert [line.split("–")[1].strip() for line in history] == [
        "Clive accepted submission 2",
        "Wanda handed in submission 2",
        "Clive returned submission 1: It still drips",
        "Wanda handed in submission 1: New gasket & oil",
        "Wanda started",
    ]


async def test_a_return_needs_a_reason_that_can_be_read(acme, database):
    task = await acme.task(status=Status.REVIEW)
    await acme.clive.clicks_data(f"td:{task}:1:return")
    for reason, answer in (
        ("\u200b", "There is nothing"),
        ("x" * 1001, "That is 1,001 characters"),
    ):
        await acme.clive.sends(reason)
        assert acme.clive.screen.text.startswith(answer)
        assert await rows(database, STATUS) == ["review"]
    await acme.clive.clicks_data("sk")
    assert await rows(database, STATUS) == ["review"], "a return can’t be silent"
    assert await acme.clive.step() == "TaskWords:asking"
    await acme.clive.sends("Wrong colour")
    assert await rows(database, STATUS) == ["in_progress"]


NEWER = "There is a newer submission: look at it first. This is how it stands."


async def hand_in(acme, task: int, words: str) -> None:
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.wanda.sends_file(f"{words}.pdf")
    await acme.wanda.sends(words)


async def test_who_decides_decides_on_what_they_have_looked_at(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await hand_in(acme, task, "version ONE")
    await acme.clive.clicks_data(f"t:{task}")
    old = acme.clive.screen
    await acme.max.clicks_data(f"t:{task}")
    await acme.max.clicks("Return")
    await acme.max.sends("Once more")
    await hand_in(acme, task, "version TWO")
    for step in ("Accept", "Return"):
        await acme.clive.does(acme.clive.pressing(old.data_of(step), old))
        assert acme.clive.toast == NEWER, step
        assert acme.clive.alert
        assert "Submission 2 by Wanda" in acme.clive.screen.text
        assert await acme.clive.step() is None
    assert await rows(database, STATUS) == ["review"]
    await acme.clive.clicks("2 · 📎 1")
    assert "version TWO.pdf" in str(acme.clive.screen.buttons)
    await acme.clive.clicks_data(f"t:{task}")
    await acme.clive.clicks("Accept")
    assert acme.clive.toast == "Accepted."
    decided = await rows(database, "select number, decision from reviews order by number")
    assert decided == [(1, "returned"), (2, "accepted")]


async def test_news_of_a_submission_that_comes_late_is_not_told_beside_a_newer_one(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await hand_in(acme, task, "version ONE")
    await acme.max.clicks_data(f"td:{task}:1:return")
    await acme.max.sends("Once more")
    await hand_in(acme, task, "version TWO")
    news = await told(database, acme.clive)
    ((text, buttons),) = [one for one in news if "submitted" in one[0]]
    assert "version TWO" in text
    assert buttons[0].endswith("Accept")
    assert not any("returned" in text for text, _ in await told(database, acme.wanda))


async def test_news_that_is_no_longer_so_is_not_told(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await acme.max.clicks_data(f"ta:{task}:{acme.team.manager.user_id}:")
    await acme.max.clicks_data(f"ta:{task}:{acme.team.worker.user_id}:")
    assert [text for text, _ in await told(database, acme.wanda)]
    await acme.max.clicks_data(f"ta:{task}:{acme.team.manager.user_id}:")
    ((text, _),) = await told(database, acme.wanda)
    assert text.startswith("🔄 Max took"), "and nothing of what was given her before"
    await acme.max.clicks_data(f"tm:{task}:submit")
    await acme.max.sends("It is done")
    assert any("submitted" in text for text, _ in await told(database, acme.clive))
    await acme.ada.clicks_data(f"td:{task}:1:accept")
    assert not any("submitted" in text for text, _ in await told(database, acme.clive))
    assert any("accepted" in text for text, _ in await told(database, acme.clive))
    await acme.ada.clicks_data(f"tm:{task}:reopen")
    assert not any("accepted" in text for text, _ in await told(database, acme.clive))


async def test_a_reason_is_for_the_submission_that_it_was_asked_about(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await hand_in(acme, task, "version ONE")
    await acme.clive.clicks_data(f"td:{task}:1:return")
    await acme.max.clicks_data(f"td:{task}:1:return")
    await acme.max.sends("Once more")
    await hand_in(acme, task, "version TWO")
    await acme.clive.sends("The first one drips a little")
    assert acme.clive.screen.text.startswith(f"{NEWER}\n\nWEB-1")
    kept = "This was not saved"
    assert any(kept in one.text and "drips" in one.text for one in acme.clive.messages)
    decided = await rows(database, "select number, decision from reviews order by number")
    assert decided == [(1, "returned"), (2, None)]


async def test_a_button_that_names_no_submission_is_out_of_date(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.REVIEW)
    for data in (f"tm:{task}:accept", f"tm:{task}:return", f"te:{task}:return"):
        await acme.clive.clicks_data(data)
        assert acme.clive.toast.startswith("This button is out of date."), data
    assert await rows(database, STATUS) == ["review"]


async def test_a_managers_acceptance_is_recorded_as_such_in_russian(acme, database):
    await acme.speak("ru")
    task = await acme.task(status=Status.REVIEW)
    await acme.max.clicks_data(f"t:{task}")
    await acme.max.clicks("Принять")
    assert acme.max.toast == "Принято."
    assert "✅ Приёмка за клиента: Max (менеджер)" in acme.max.screen.text
    decided = await rows(database, "select decided_by_name, decided_by_role from reviews")
    assert decided == [("Max", "manager")]


async def test_cancelling_asks_once_and_reopening_takes_it_back(acme, database):
    task = await acme.task(status=Status.REVIEW)
    await acme.max.clicks_data(f"t:{task}")
    await acme.max.clicks("Cancel task")
    assert acme.max.screen.text == "Cancel WEB-1 Fix the pump? It can be reopened later."
    assert acme.max.screen.buttons == ["Yes", "No"]
    await acme.max.clicks("No")
    assert await rows(database, STATUS) == ["review"]
    await acme.max.clicks("Cancel task")
    await acme.max.clicks("Yes")
    assert acme.max.toast == "Cancelled."
    assert await rows(database, "select decision from reviews") == ["withdrawn"]
    assert await rows(database, "select closed_at is not null from tasks") == [True]
    await acme.max.clicks("Reopen")
    assert acme.max.toast == "Reopened."
    assert await rows(database, "select status, closed_at from tasks") == [("in_progress", None)]


async def test_starting_what_is_nobodys_makes_it_ones_own(acme, database):
    task = await acme.task()
    await acme.max.clicks_data(f"tm:{task}:start")
    assert "👤 Max" in acme.max.screen.text
    assert await rows(database, "select assignee_id from tasks") == [acme.team.manager.user_id]


async def test_giving_a_task_to_someone_and_to_nobody(acme, database):
    task = await acme.task()
    await acme.max.clicks_data(f"t:{task}")
    await acme.max.clicks("Assignee")
    assert acme.max.screen.buttons == ["Ada", "Max", "Wanda", "Nobody", "‹ Back"]
    await acme.max.clicks("Wanda")
    assert acme.max.toast == "Saved."
    assert "👤 Wanda" in acme.max.screen.text
    assert await rows(database, "select telegram_id from outbox") == [acme.wanda.id]
    await acme.max.clicks("Assignee")
    assert "• Wanda" in acme.max.screen.buttons
    await acme.max.clicks("Nobody")
    assert "👤 nobody" in acme.max.screen.text
    await acme.max.clicks_data(f"ta:{task}:{acme.team.client.user_id}:")
    assert acme.max.toast.startswith("I can’t find that person here.")


async def test_a_due_date_by_a_tap_and_in_words_of_ones_own_timezone(acme, database):
    await change(database, "update accounts set timezone = 'Asia/Vladivostok'")
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("Due")
    await acme.ada.clicks("In 3 days")
    assert acme.ada.toast == "Saved."
    due = (await rows(database, "select due_at from tasks"))[0]
    local = now() + timedelta(hours=10)
    assert due == datetime.combine(local.date() + timedelta(days=3), time(8), UTC)
    await acme.ada.clicks("Due")
    await acme.ada.sends("rhubarb")
    assert acme.ada.screen.text.startswith("I can’t make out a date in that.")
    await acme.ada.sends("завтра 15:00")
    assert "Saved." in acme.ada.screen.text
    assert "📅 Due: tomorrow 15:00" in acme.ada.screen.text
    await acme.ada.clicks("Due")
    await acme.ada.clicks("No date")
    assert "📅 Due: not set" in acme.ada.screen.text


async def test_priority_title_and_description(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Priority")
    assert "• normal" in acme.ada.screen.buttons
    await acme.ada.clicks("high")
    assert "Priority: 🔼 high" in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Title")
    await acme.ada.sends("Fix  both\npumps")
    assert acme.ada.screen.text.startswith("Saved.\n\nWEB-1 Fix both pumps")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Description")
    await acme.ada.sends("One\ntwo")
    assert await rows(database, "select title, description, priority from tasks") == [
        ("Fix both pumps", "One\ntwo", "high")
    ]
    await acme.ada.clicks("More")
    await acme.ada.clicks("History")
    assert "changed the title: Fix the pump → Fix both pumps" in acme.ada.screen.text
    assert "changed the priority: normal → high" in acme.ada.screen.text
    await acme.ada.clicks("Task")
    assert acme.ada.screen.text.startswith("WEB-1 Fix both pumps")


async def test_a_description_is_seen_while_it_is_changed_and_can_be_taken_away(acme, database):
    task = await acme.task()
    for text in ("Drain <it> first", "я&" * 2000):
        await acme.ada.clicks_data(f"te:{task}:more")
        await acme.ada.clicks("Description")
        assert "Drain" not in acme.ada.screen.text or text != "Drain <it> first"
        await acme.ada.sends(text)
        await acme.ada.clicks_data(f"te:{task}:description")
        assert text[:3400] in acme.ada.screen.text
    await acme.max.clicks_data(f"te:{task}:description")
    await acme.max.sends("Leave it")
    await acme.ada.clicks("No description")
    assert "Leave it" in acme.ada.screen.text
    assert await rows(database, "select description from tasks") == ["Leave it"]
    await acme.ada.clicks("Save mine")
    assert acme.ada.toast == "Saved."
    assert await rows(database, "select description from tasks") == [""]
    await acme.ada.clicks_data(f"te:{task}:description")
    assert acme.ada.screen.buttons == ["Cancel"]


async def test_everybody_in_the_project_talks_about_the_task(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    for person in (acme.wanda, acme.clive, acme.max):
        await person.clicks_data(f"t:{task}")
        await person.clicks("Comment")
        await person.sends(f"{person.name} <was> here")
        assert person.screen.text.startswith("💬 Added.")
        assert f"💬 {person.name}, today" in person.screen.text
        assert f"{person.name} <was> here" in person.screen.text
    assert await rows(database, "select count(*) from comments where not internal") == [3]


async def test_an_internal_comment_is_never_seen_by_the_client(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.wanda.clicks_data(f"te:{task}:comment")
    await acme.wanda.clicks("For the team only")
    assert "Clients will not see it." in acme.wanda.screen.text
    await acme.wanda.clicks("For the client too")
    await acme.wanda.clicks("For the team only")
    await acme.wanda.sends("They will never notice")
    assert "🔒 Wanda" in acme.wanda.screen.text
    await acme.clive.clicks_data(f"t:{task}")
    assert "notice" not in acme.clive.screen.text
    await acme.clive.clicks("More")
    await acme.clive.clicks("History")
    assert "commented" not in acme.clive.screen.text
    assert "Wanda" not in acme.clive.screen.text.partition("\n\n")[2]
    told = await rows(database, "select telegram_id from outbox")
    assert acme.clive.id not in told
    assert acme.ada.id in told


async def test_a_client_can_not_forge_an_internal_comment(acme, database):
    task = await acme.task()
    await acme.clive.clicks_data(f"te:{task}:comment")
    assert not any("team" in label for label in acme.clive.screen.buttons)
    await acme.clive.clicks_data("in:1")
    await acme.clive.sends("Psst")
    assert await rows(database, "select count(*) from comments where internal") == [0]


async def told(database, person) -> list[tuple[str, list[str]]]:
    """What the notifications to someone say, each with its buttons."""
    async with database.system_session("test") as session:
        mine = select(OutboxMessage).where(OutboxMessage.telegram_id == person.id)
        messages = (await session.scalars(mine.order_by(OutboxMessage.id))).all()
    calls = []
    for one in messages:
        async with database.system_session("test") as session:
            calls += await render(session, one) or []
    return [
        (call.text, [one.text for row in call.reply_markup.inline_keyboard for one in row])
        for call in calls
    ]


async def test_only_the_assignee_is_offered_the_work_in_the_news(acme, database):
    task = await acme.task(author=acme.team.admin, assignee=acme.team.worker, status=Status.REVIEW)
    await acme.clive.clicks_data(f"td:{task}:1:return")
    await acme.clive.sends("It still drips a little")
    ((_, hers),) = await told(database, acme.wanda)
    assert hers[0].endswith("Submit")
    ((_, of_the_author),) = await told(database, acme.ada)
    assert of_the_author[0] == "Open WEB-1"
    assert not any("Submit" in label for label in of_the_author)
    await acme.clive.clicks_data(f"td:{task}:1:accept")
    assert acme.clive.toast.startswith("You have returned it already: the task is now")


async def test_the_client_hears_that_it_was_accepted_for_them(acme, database):
    task = await acme.task(assignee=acme.team.worker, status=Status.REVIEW)
    await acme.max.clicks_data(f"td:{task}:1:accept")
    ((said, _),) = await told(database, acme.clive)
    assert "Max accepted WEB-1" in re.sub("<[^>]*>", "", said)
    assert "for the client" in said
    await acme.clive.clicks_data(f"te:{task}:history")
    assert "Max accepted submission 1 for the client" in acme.clive.screen.text


@pytest.mark.parametrize("written", ["/WEB-1", "/web_1", "WEB-1"])
async def test_a_number_with_a_slash_opens_the_task(acme, written):
    await acme.task("Fix the pump")
    await acme.clive.sends(written)
    assert acme.clive.screen.text.startswith("WEB-1 Fix the pump")
