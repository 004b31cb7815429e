"""A question about a task: it names the task, leads back to it, and never swallows words."""

import pytest

from saas_bot.domain.task_flow import Status
from tests.bot.rows import change, rows

LONG = "The seal is new, and the <pump> runs without a sound since Monday"
ASKING = ("te:{}:comment", "te:{}:title", "te:{}:description", "te:{}:due_at", "tm:{}:submit")


async def in_progress(acme) -> int:
    return await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)


@pytest.mark.parametrize("data", ASKING)
async def test_it_names_the_task_and_cancel_leads_back_to_its_card(acme, data):
    task = await in_progress(acme)
    await acme.ada.clicks_data(f"t:{task}")
    card = acme.ada.screen
    await acme.ada.clicks_data(data.format(task))
    assert acme.ada.screen.text.startswith("WEB-1 · Fix the pump\n\n")
    await acme.ada.clicks("Cancel")
    assert acme.ada.toast == "Cancelled."
    assert (acme.ada.screen.id, acme.ada.screen.text) == (card.id, card.text)
    assert await acme.ada.step() is None


async def test_so_does_the_reason_of_a_return_in_russian(acme):
    await acme.speak("ru")
    task = await acme.task(status=Status.REVIEW)
    await acme.clive.clicks_data(f"td:{task}:1:return")
    assert acme.clive.screen.text.startswith("WEB-1 · Fix the pump\n\nЧто нужно исправить?")
    await acme.clive.clicks("Отмена")
    assert acme.clive.toast == "Отменено."
    assert acme.clive.screen.text.startswith("WEB-1 Fix the pump")


async def test_the_command_leads_back_to_the_card_too(acme):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"te:{task}:comment")
    await acme.wanda.sends("/cancel")
    assert acme.wanda.screen.text.startswith("Cancelled.\n\nWEB-1 Fix the pump")
    assert acme.wanda.messages == [acme.wanda.screen]
    assert await acme.wanda.step() is None


async def test_a_cancel_button_of_last_month_shows_the_task(acme):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"te:{task}:comment")
    question = acme.wanda.screen
    await acme.wanda.sends("/menu")
    await acme.wanda.does(acme.wanda.pressing(question.data_of("Cancel"), question))
    assert acme.wanda.screen.text.startswith("WEB-1 Fix the pump")
    assert acme.wanda.toast == ""


@pytest.mark.parametrize(("data", "who"), [("tm:{}:submit", "wanda"), ("te:{}:title", "ada")])
async def test_someone_was_faster_shows_the_task_as_it_is_now_and_gives_the_words_back(
    acme, database, data, who
):
    person, task = getattr(acme, who), await in_progress(acme)
    await person.clicks_data(data.format(task))
    await acme.max.clicks_data(f"y:canceltask:{task}")
    await person.sends(LONG)
    assert "✖️ cancelled" in person.screen.text
    assert person.screen.text.startswith(("Max was faster", "The task is closed"))
    assert "WEB-1 Fix the pump" in person.screen.text
    assert any("More" in label for label in person.screen.buttons)
    given_back = person.messages[-2]
    assert LONG in given_back.text
    assert given_back.text.startswith("📝 This was not saved")
    assert await person.step() is None
    assert await person.remembered() == {}
    assert await rows(database, "select title, status from tasks") == [
        ("Fix the pump", "cancelled")
    ]


async def test_a_few_words_are_not_repeated_to_their_author(acme):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.max.clicks_data(f"y:canceltask:{task}")
    await acme.wanda.sends("All done")
    assert acme.wanda.messages == [acme.wanda.screen]
    assert acme.wanda.screen.text.startswith("Max was faster")


async def test_a_button_of_the_question_says_so_as_well(acme):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.max.clicks_data(f"y:canceltask:{task}")
    await acme.wanda.clicks("Submit without a comment")
    assert acme.wanda.toast.startswith("Max was faster")
    assert acme.wanda.alert
    assert "✖️ cancelled" in acme.wanda.screen.text
    assert await acme.wanda.step() is None


async def test_so_does_a_button_of_an_old_card(acme, database):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"t:{task}")
    await acme.max.clicks_data(f"y:canceltask:{task}")
    await acme.wanda.clicks("Submit")
    assert acme.wanda.toast.startswith("Max was faster: the task is now “cancelled”.")
    assert acme.wanda.alert
    assert "✖️ cancelled" in acme.wanda.screen.text


async def test_the_right_was_lost_while_words_were_written(acme, database):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await change(database, "update tasks set assignee_id = null")
    await acme.wanda.sends(LONG)
    assert acme.wanda.screen.text.startswith("Nobody has WEB-1 now.")
    assert "WEB-1 Fix the pump" in acme.wanda.screen.text
    assert LONG in acme.wanda.messages[-2].text
    assert await acme.wanda.step() is None


async def test_the_task_went_out_of_reach_while_words_were_written(acme, database):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"te:{task}:comment")
    await change(database, "delete from project_members")
    await acme.wanda.sends(LONG)
    assert acme.wanda.screen.text.startswith("I can’t find that task.")
    assert "Menu" not in acme.wanda.screen.text
    assert acme.wanda.screen.text.endswith("Acme\nWanda, worker")
    assert LONG in acme.wanda.messages[-2].text
    assert await acme.wanda.step() is None
    assert await rows(database, "select count(*) from comments") == [0]


@pytest.mark.parametrize("way", ["/cancel", "Cancel"])
async def test_cancel_leads_out_even_when_the_task_is_gone(acme, database, way):
    task = await in_progress(acme)
    await acme.wanda.clicks_data(f"te:{task}:comment")
    await change(database, "delete from tasks")
    await (acme.wanda.sends(way) if way.startswith("/") else acme.wanda.clicks(way))
    assert acme.wanda.screen.text.endswith("Acme\nWanda, worker")
    assert await acme.wanda.step() is None


async def test_words_as_long_as_a_message_come_back_whole_with_a_card_full_to_the_brim(acme):
    task = await acme.task("&" * 200, assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await acme.ada.clicks_data(f"te:{task}:description")
    await acme.ada.sends("&" * 4000)
    for _ in range(3):
        await acme.wanda.clicks_data(f"te:{task}:comment")
        await acme.wanda.sends("&" * 4000)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.max.clicks_data(f"y:canceltask:{task}")
    words = "one <two> " * 400
    await acme.wanda.sends(words)
    assert words.strip()[:4000] in acme.wanda.messages[-2].text
    assert acme.wanda.screen.text.startswith("Max was faster")
