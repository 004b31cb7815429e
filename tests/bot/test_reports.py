"""/report by every role, its buttons, and buttons that are stale or forged."""

import pytest

from saas_bot.domain.task_flow import Status
from tests.bot.rows import change

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
        "half within 3 h 5 min",
        "👤 Wanda: open 1 (⏰ 1), done 1",
    ):
        assert line in shown, line
    await working.ada.clicks("Quarter")
    assert "• Quarter" in working.ada.screen.buttons


async def test_by_project_and_by_person_and_back(working):
    ada = working.ada
    await ada.sends("/report")
    await ada.clicks("By project")
    await ada.clicks("WEB – Website")
    assert "WEB – Website" in ada.screen.text
    await ada.clicks("Month")
    assert "WEB – Website" in ada.screen.text
    await ada.clicks("The whole company")
    await ada.clicks("By person")
    await ada.clicks("Wanda")
    assert "📊 Wanda, " in ada.screen.text


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
    assert "✅ Done: 1" in working.clive.screen.text
    assert "Wanda" not in working.clive.screen.text


async def test_in_russian(working):
    await working.speak("ru")
    await working.ada.sends("/report")
    for line in ("➕ Создано: 2", "половина за 3 ч 5 мин", "👤 Wanda: открыто 1 (⏰ 1), готово 1"):
        assert line in working.ada.screen.text


@pytest.mark.parametrize("data", ["rp:year:0:0", "rp:week:x:0", "ro:company:week:", "rp:week"])
async def test_forged_buttons_are_answered_kindly(working, data):
    await working.ada.clicks_data(data)
    assert working.ada.toast == STALE


async def test_another_companys_project_does_not_exist(working, globex):
    await working.ada.clicks_data(f"rp:week:{globex.project}:0")
    assert working.ada.alert
    await working.ada.clicks_data(f"rp:week:0:{globex.team.worker.user_id}")
    assert working.ada.alert


async def test_a_report_takes_four_statements(working, statements):
    for data in (
        "o:report",
        f"rp:month:{working.project}:0",
        f"rp:month:0:{working.team.worker.user_id}",
        "ro:project:week:",
        "ro:user:week:",
    ):
        with statements() as said:
            await working.ada.clicks_data(data)
        assert len(said) <= 4, (data, said.verbs)
