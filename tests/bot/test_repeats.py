"""Two clicks at once, and one update delivered twice: one effect."""

import pytest

from saas_bot.domain.task_flow import Status
from tests.bot.rows import rows
from tests.bot.test_onboarding import token_in

COUNTS = "select (select count(*) from tasks), (select count(*) from audit_logs)"


async def test_two_clicks_on_create_at_once_make_one_task(stage, acme, database):
    await acme.ada.sends("/task WEB Fix the pump")
    again = acme.ada.click("Create")
    await stage.feed_at_once(acme.ada.click("Create"), again)
    assert await rows(database, COUNTS) == [(1, 1)]
    await acme.ada.does(again)
    assert acme.ada.toast == "WEB-1 is created already."
    assert "WEB-1 Fix the pump" in acme.ada.screen.text
    await acme.ada.sends("/task WEB Paint it")
    draft = acme.ada.screen
    await acme.ada.sends("/menu")
    await acme.ada.does(acme.ada.pressing("d:create::", draft))
    assert acme.ada.toast.startswith("This button is out of date.")


@pytest.mark.parametrize("button", ["ir:manager", "ip:worker:{}:0:"])
async def test_two_quick_clicks_on_a_role_make_one_invite(acme, database, button):
    await acme.ada.sends("/invite")
    offered, data = acme.ada.screen, button.format(acme.project)
    for made in range(1, 3):
        await acme.ada.does(acme.ada.pressing(data, offered))
        link = acme.ada.screen
        assert "start=" in link.text
        await acme.ada.does(acme.ada.pressing(data, offered))
        assert acme.ada.toast == "The invite is made already: its link is here in the chat."
        assert acme.ada.screen == link
        assert await rows(database, "select count(*) from invites") == [made]
        await acme.ada.sends("/invite")
        offered = acme.ada.screen


async def test_two_clicks_on_start_at_once_start_it_once(stage, acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.wanda.clicks_data(f"t:{task}")
    await stage.feed_at_once(acme.wanda.click("Start"), acme.wanda.click("Start"))
    assert await rows(database, "select action from audit_logs") == ["task.start"]


async def test_two_people_accepting_at_once_accept_it_once(stage, acme, database):
    task = await acme.task(status=Status.REVIEW)
    people = (acme.ada, acme.max, acme.clive)
    await stage.feed_at_once(*(one.pressing(f"td:{task}:1:accept") for one in people))
    assert await rows(database, "select action from audit_logs") == ["task.accept"]
    alerts = [a.text for answers in stage.telegram.answers.values() for a in answers]
    assert alerts.count("Accepted.") == 1
    assert sum("was faster" in text for text in alerts) == 2


async def test_two_who_open_one_invite_at_once_do_not_both_get_in(stage, acme, database):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("manager")
    token = token_in(acme.ada.screen.text)
    guests = [stage.person(number, f"Guest {number}") for number in range(1, 6)]
    await stage.feed_at_once(*(guest.writing(f"/start {token}") for guest in guests))
    assert await rows(database, "select count(*) from users where name like 'Guest%'") == [1]
    assert sum("was used already" in guest.screen.text for guest in guests) == 4


async def test_two_admins_demoting_each_other_leave_one(stage, acme, database):
    await acme.ada.agrees_to(f"ho:a:{acme.team.manager.user_id}:0:0:0:")
    await acme.ada.clicks_data(f"ho:w:{acme.team.manager.user_id}:0:0:0:")
    await acme.max.clicks_data(f"ho:w:{acme.team.admin.user_id}:0:0:0:")
    await stage.feed_at_once(acme.ada.click("Yes"), acme.max.click("Yes"))
    assert await rows(database, "select count(*) from users where role = 'admin'") == [1]


async def comment(acme):
    task = await acme.task()
    await acme.clive.clicks_data(f"te:{task}:comment")
    return acme.clive, acme.clive.writing("Looks good"), "comments"


async def new_task(acme):
    await acme.ada.sends("/task WEB Fix the pump")
    return acme.ada, acme.ada.click("Create"), "tasks"


async def new_project(acme):
    await acme.ada.clicks_data("o:newproject")
    await acme.ada.sends("Second")
    return acme.ada, acme.ada.click("SEC"), "projects where key <> 'WEB'"


async def invite(acme):
    return acme.ada, acme.ada.pressing(f"ip:client:{acme.project}:0:"), "invites"


async def submission(acme):
    task = await acme.task(status=Status.IN_PROGRESS, assignee=acme.team.worker)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    return acme.wanda, acme.wanda.writing("Done"), "reviews"


async def start(acme):
    task = await acme.task()
    return acme.ada, acme.ada.pressing(f"tm:{task}:start"), "audit_logs"


async def founding(acme):
    nora = acme.ada.stage.person(7, "Nora")
    await nora.clicks_data("o:create")
    await nora.sends("Initech")
    return nora, nora.writing("Berlin"), "companies where name = 'Initech'"


CHANGES = (comment, new_task, new_project, invite, submission, start, founding)


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_an_update_delivered_twice_has_its_effect_once(
    stage, acme, database, change, at_once
):
    person, update, made = await change(acme)
    if at_once:
        await stage.feed_at_once(update, update)
    else:
        await person.does(update)
        await person.does(update)
    assert await rows(database, f"select count(*) from {made}") == [1]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_even_when_the_dialog_was_not_stored_after_the_first_time(acme, database, change):
    """The process is killed between the commit and what follows it; Telegram sends it again."""
    person, update, made = await change(acme)
    step, said = await person.step(), await person.said()
    await person.does(update)
    await person.is_at(step, **said)
    await person.does(update)
    assert await rows(database, f"select count(*) from {made}") == [1]


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
async def test_an_answer_delivered_twice_does_not_answer_the_next_question(
    stage, acme, database, at_once
):
    """The name of a project would make a fine key, and the name of a company a timezone."""
    await acme.ada.clicks_data("o:newproject")
    nora = stage.person(7, "Nora")
    await nora.clicks_data("o:create")
    for person, words in ((acme.ada, "Shop"), (nora, "Berlin")):
        answer = person.writing(words)
        if at_once:
            await stage.feed_at_once(answer, answer)
        else:
            await person.does(answer)
            await person.does(answer)
    assert await acme.ada.step() == "NewProject:key"
    assert await nora.step() == "Onboarding:timezone"
    assert await rows(database, "select count(*) from projects") == [1]
    assert await rows(database, "select count(*) from companies") == [1]


async def test_a_draft_survives_its_title_delivered_twice(acme, database):
    await acme.ada.sends("/newtask")
    title = acme.ada.writing("Fix the pump")
    await acme.ada.does(title)
    await acme.ada.does(title)
    await acme.ada.clicks("Create")
    assert await rows(database, "select title from tasks") == ["Fix the pump"]
