"""/report by every role, its buttons, and buttons that are stale or forged."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.services import reports
from tests import factories
from tests.bot.rows import change, rows

STALE = "This button is out of date. Open /menu to go on."


@pytest.fixture
async def working(acme):
    """One task done by Wanda, one overdue."""
    done = await acme.task("Done", assignee=acme.team.worker, status=Status.DONE)
    await acme.task("Late", assignee=acme.team.worker)
    await change(
        acme.database,
        "update tasks set closed_at = created_at + interval '3 hours 5 minutes',"
        " due_at = created_at + interval '1 day' where id = :task",
        task=done,
    )
    await change(
        acme.database, "update tasks set due_at = now() - interval '1 day' where title = 'Late'"
    )
    return acme


async def test_the_company_in_a_few_lines(working):
    await working.ada.sends("/report")
    shown = working.ada.screen.text
    for line in (
        "📊 Acme, ",
        "➕ Created: 2",
        "✅ Done: 1",
        "⏳ Open now: 1",
        "⏰ Overdue: 1",
        "Done in time: 1 of 1 that were due",
        "From created to done: 3 h 5 min",
        "👤 Wanda: open 1 (⏰ 1), done 1",
    ):
        assert line in shown, line
    await working.ada.clicks("90 days")
    assert "• 90 days" in working.ada.screen.buttons


async def test_by_project_and_by_person_and_back(working):
    ada = working.ada
    await ada.sends("/report")
    await ada.clicks("By project")
    await ada.clicks("WEB – Website")
    assert "WEB – Website" in ada.screen.text
    await ada.clicks("30 days")
    assert "WEB – Website" in ada.screen.text
    await ada.clicks("The whole company")
    await ada.clicks("By person")
    await ada.clicks("Wanda")
    assert "📊 Wanda, " in ada.screen.text


@pytest.mark.parametrize(
    ("words", "about", "period"),
    [
        ("WEB", "WEB – Website", "7 days"),
        ("web 90", "WEB – Website", "90 days"),
        ("month", "Acme", "30 days"),
        ("месяц", "Acme", "30 days"),
        ("30 days", "Acme", "30 days"),
        ("за квартал", "Acme", "90 days"),
        ("@Wanda", "Wanda", "7 days"),
        ("me week", "Ada", "7 days"),
        ("web @wanda month", "WEB – Website · Wanda", "30 days"),
    ],
)
async def test_words_after_the_command(working, words, about, period):
    await working.ada.sends(f"/report {words}")
    assert f"📊 {about}, " in working.ada.screen.text
    assert f"• {period}" in working.ada.screen.buttons
    assert "understand" not in working.ada.screen.text


async def test_a_username_goes_before_a_name(working):
    await change(
        working.database,
        "update users set username = 'wanda' where id = :id",
        id=working.team.manager.user_id,
    )
    await working.ada.sends("/report @WANDA")
    assert "📊 Max, " in working.ada.screen.text


@pytest.mark.parametrize("words", ["<b>NOPE</b>", "NOPE 91 @nobody", "@", "1 2 3 4 5 6 7 8 9"])
async def test_words_that_say_nothing_are_named(working, words):
    await working.ada.sends(f"/report {words}")
    assert f"🤔 I didn’t understand: {words}. Write " in working.ada.screen.text
    assert "📊 Acme, " in working.ada.screen.text


async def test_words_reach_no_further_than_the_role(working):
    hidden = await factories.project(working.database, working.team.id, key="OPS", name="Ops")
    assert hidden
    await working.wanda.sends("/report me 30")
    assert "📊 Wanda, " in working.wanda.screen.text
    await working.wanda.sends("/report OPS")
    assert "I didn’t understand: OPS." in working.wanda.screen.text
    await working.wanda.sends("/report @max")
    assert working.wanda.screen.text.startswith("Your role doesn’t allow that.")


async def test_words_in_russian(working):
    await working.speak("ru")
    await working.ada.sends("/report год")
    assert "🤔 Не понимаю: год. Напишите проект" in working.ada.screen.text


async def test_a_worker_sees_their_own_work_only(working):
    await working.wanda.sends("/report")
    assert "📊 Wanda, " in working.wanda.screen.text
    assert "By person" not in str(working.wanda.screen.buttons)
    for data in (f"rp:week:0:{working.team.manager.user_id}", "ro:user:week:"):
        before = working.wanda.screen.text
        await working.wanda.clicks_data(data)
        assert working.wanda.alert
        assert working.wanda.screen.text == before


async def test_a_client_sees_their_projects_without_names(working):
    await working.clive.sends("/report")
    shown = working.clive.screen.text
    assert "📊 Acme, your projects WEB, " in shown
    assert "✅ Done: 1" in shown
    assert "Wanda" not in shown
    assert "Nobody" not in shown


async def test_in_russian(working):
    await working.speak("ru")
    await working.ada.sends("/report")
    for line in (
        "➕ Создано: 2",
        "От создания до готовности: 3 ч 5 мин",
        "👤 Wanda: открыто 1 (⏰ 1), готово 1",
    ):
        assert line in working.ada.screen.text


async def test_of_a_few_tasks_the_report_does_not_tell_nine_of_ten(acme, database):
    moment = "less than a minute"
    for done, took in (
        (1, moment),
        (2, f"{moment} typically"),
        (5, f"half within {moment}, nine of ten within {moment}"),
    ):
        while (await rows(database, "select count(*) from tasks"))[0] < done:
            await acme.task(assignee=acme.team.worker, status=Status.DONE)
        await change(database, "update tasks set closed_at = created_at + interval '20 seconds'")
        await acme.ada.sends("/report")
        assert f"From created to done: {took}" in acme.ada.screen.text.splitlines()


async def test_a_persons_report_says_whose_new_tasks_it_counts(working):
    for language, theirs, yours in (
        ("en", "➕ New, assigned to them: 2", "➕ New, assigned to you: 2"),
        ("ru", "➕ Новых задач на этом человеке: 2", "➕ Новых задач на вас: 2"),
    ):
        await working.speak(language)
        await working.ada.clicks_data(f"rp:week:0:{working.team.worker.user_id}")
        assert theirs in working.ada.screen.text
        await working.wanda.sends("/report")
        assert yours in working.wanda.screen.text


@pytest.mark.parametrize(
    ("language", "others", "nobody"),
    [
        ("en", "👥 2 more people: open 2, done 0", "👻 Nobody: open 1"),
        ("ru", "👥 ещё 2 человека: открыто 2, готово 0", "👻 Без исполнителя: открыто 1"),
    ],
)
async def test_those_past_the_list_and_nobody_have_a_line(acme, language, others, nobody):
    await acme.speak(language)
    for number in range(reports.PEOPLE_SHOWN + 2):
        one = await factories.member(acme.database, acme.team.id, Role.WORKER, f"Person {number}")
        await acme.task(assignee=one)
    await acme.task()
    await acme.ada.sends("/report")
    shown = acme.ada.screen.text
    assert shown.count("👤 Person") == reports.PEOPLE_SHOWN
    assert others in shown
    assert nobody in shown


async def test_two_of_the_same_name_are_told_apart(acme):
    namesake = await factories.member(
        acme.database, acme.team.id, Role.WORKER, "Wanda", username="other_wanda"
    )
    for assignee in (namesake, acme.team.worker):
        await acme.task(assignee=assignee)
    await acme.ada.sends("/report")
    assert "👤 Wanda (@other_wanda): open 1" in acme.ada.screen.text
    assert "👤 Wanda (№3): open 1" in acme.ada.screen.text


async def test_where_there_is_nothing_the_report_says_what_to_do(acme):
    ada, clive = acme.ada, acme.clive
    await ada.sends("/report")
    assert "Nothing was created or closed in these days" in ada.screen.text
    assert "Take a longer period" not in ada.screen.text, "there was nothing before, either"
    await change(acme.database, "update projects set created_at = now() - interval '60 days'")
    await ada.sends("/report")
    assert "Take a longer period" in ada.screen.text
    await ada.clicks("90 days")
    assert "Take a longer period" not in ada.screen.text
    await ada.clicks("New task")
    assert await ada.step() == "NewTask:line"

    await clive.sends("/report")
    assert "are counted here as soon as there are any" in clive.screen.text
    assert "New task" not in str(clive.screen.buttons)


@pytest.mark.parametrize(
    ("language", "create", "join", "button"),
    [
        ("en", "Create one: New project", "Ask your manager to add you", "➕ New project"),
        ("ru", "Создайте: Новый проект", "Попросите менеджера добавить", "➕ Новый проект"),
    ],
)
async def test_without_a_project_the_report_leads_to_one(acme, language, create, join, button):
    await acme.speak(language)
    await change(acme.database, "delete from project_members")
    for person in (acme.wanda, acme.clive):
        await person.sends("/report")
        assert join in person.screen.text
        assert button not in person.screen.buttons
    await change(acme.database, "update projects set status = 'archived'")
    for person in (acme.ada, acme.max):
        await person.sends("/report")
        assert create in person.screen.text
        await person.clicks(button)
        assert (await person.step()) == "NewProject:name"
        await person.sends("/cancel")


@pytest.mark.parametrize("data", ["rp:year:0:0", "rp:week:x:0", "ro:company:week:", "rp:week"])
async def test_forged_buttons_are_answered_kindly(working, data):
    await working.ada.clicks_data(data)
    assert working.ada.toast == STALE


async def test_another_companys_project_does_not_exist(working, globex):
    await working.ada.clicks_data(f"rp:week:{globex.project}:0")
    assert working.ada.alert
    await working.ada.clicks_data(f"rp:week:0:{globex.team.worker.user_id}")
    assert working.ada.alert


@pytest.mark.parametrize("empty", [False, True])
async def test_a_report_takes_four_statements(working, statements, empty):
    project, wanda = working.project, working.team.worker.user_id
    if empty:
        await change(working.database, "delete from tasks")
    for person, data in (
        (working.ada, "o:report"),
        (working.ada, f"rp:month:{project}:0"),
        (working.ada, f"rp:month:0:{wanda}"),
        (working.ada, "ro:project:week:"),
        (working.ada, "ro:user:week:"),
        (working.wanda, "o:report"),
        (working.wanda, f"rp:month:{project}:0"),
        (working.clive, "o:report"),
        (working.clive, f"rp:month:{project}:0"),
    ):
        with statements() as said:
            await person.clicks_data(data)
        assert len(said) <= 4, (person.name, data, said.verbs)
