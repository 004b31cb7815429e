"""A report as a file, as far as the bot goes: it is asked for, waited for, cancelled."""

from dataclasses import replace

import pytest

from tests import factories
from tests.bot.rows import change, rows

ALREADY = "I’m preparing it already. It will come here as a message."
QUEUED = "I’m preparing it. It will come here as a message."
OVER = "There is nothing to cancel: that file has been sent, or given up."


@pytest.fixture
async def working(acme):
    await acme.task("Open", assignee=acme.team.worker)
    return acme


@pytest.mark.parametrize(("label", "kind"), [("Excel", "xlsx"), ("CSV", "csv"), ("Chart", "chart")])
async def test_asked_for_from_the_report_which_stays(working, label, kind):
    await working.ada.sends("/report")
    await working.ada.clicks("30 days")
    before = working.ada.screen.text
    await working.ada.clicks(label)
    assert working.ada.toast == QUEUED
    assert working.ada.screen.text == before
    asked = await rows(working.database, "select format, period, project_id, user_id from exports")
    assert asked == [(kind, "month", None, working.team.admin.user_id)]


async def test_of_what_the_report_is_about(working):
    for data, about in (
        (f"rp:week:{working.project}:0", (working.project, None)),
        (f"rp:week:0:{working.team.worker.user_id}", (None, working.team.worker.user_id)),
    ):
        await working.ada.clicks_data(data)
        await working.ada.clicks("CSV")
        assert working.ada.toast == QUEUED
        assert await rows(
            working.database, "select project_id, person_id from exports where state = 'queued'"
        ) == [about]
        await change(working.database, "update exports set state = 'sent'")


async def test_each_format_is_queued_once_and_the_report_stays(working):
    ada = working.ada
    await ada.sends("/report")
    report = ada.screen.text
    for label in ("Chart", "Excel", "CSV"):
        await ada.clicks(label)
        assert ada.toast == QUEUED
    await ada.clicks("Excel")
    assert (ada.toast, ada.alert) == (ALREADY, False)
    await ada.clicks("30 days")
    await ada.clicks("CSV")
    assert ada.toast.startswith("I’m preparing 3 files for you already.")
    await ada.clicks("7 days")
    assert ada.screen.text == report
    assert "Cancel" not in str(ada.screen.buttons)
    await ada.clicks("Excel")
    assert "✖️ Cancel the Excel file" in ada.screen.buttons
    asked = await rows(working.database, "select format from exports order by id")
    assert asked == ["chart", "xlsx", "csv"]


async def test_one_cancelled_makes_room_for_another(working):
    ada = working.ada
    await ada.sends("/report")
    report = ada.screen
    await ada.clicks("CSV")
    assert ada.screen.buttons == report.buttons, "nothing that would stay when the file comes"
    await ada.clicks("CSV")
    asked = ada.screen
    assert (asked.text, asked.html) == (report.text, report.html)
    assert asked.buttons == [*report.buttons[:6], "✖️ Cancel the CSV file", *report.buttons[6:]]
    await ada.clicks("Cancel the CSV file")
    assert ada.toast == "✖️ Cancelled. No file will come."
    assert (ada.screen.text, ada.screen.buttons) == (report.text, report.buttons)
    assert await rows(working.database, "select state from exports") == ["cancelled"]
    await ada.clicks("CSV")
    assert ada.toast == QUEUED
    await ada.clicks("CSV")
    await change(working.database, "update exports set state = 'sent'")
    await ada.clicks("Cancel the CSV file")
    assert ada.toast == "It is here in the chat already, so there is nothing to cancel."
    assert not ada.alert
    assert ada.screen.buttons == report.buttons


async def test_cancelled_on_the_line_with_the_progress(working):
    ada = working.ada
    await ada.sends("/report")
    await ada.clicks("CSV")
    await ada.clicks("CSV")
    (data,) = [one for one in ada.screen.data if one.startswith("ec:")]
    line = replace(ada.screen, keyboard=[[{"text": "✖️ Cancel", "callback_data": data}]])
    await ada.does(ada.pressing(data, line))
    assert ada.screen.text == "✖️ Cancelled. No file will come."
    assert await rows(working.database, "select state from exports") == ["cancelled"]
    await ada.clicks("Report")
    assert "Open now: 1" in ada.screen.text
    await ada.does(ada.pressing(data, line))
    assert (ada.toast, ada.alert) == (OVER, True)


async def test_too_many_of_a_company_are_asked_to_wait(working):
    await working.ada.sends("/report")
    for number in range(5):
        one = await factories.member(working.database, working.team.id, "manager", f"M {number}")
        await change(
            working.database,
            "insert into exports (company_id, user_id, format, period)"
            " values (:company, :user, 'csv', 'week')",
            company=working.team.id,
            user=one.user_id,
        )
    await working.ada.clicks("CSV")
    assert working.ada.toast.startswith("Several files are being prepared for your company")


async def test_a_worker_and_a_client_get_theirs_and_nobody_elses(working):
    for person in (working.wanda, working.clive):
        await person.sends("/report")
        await person.clicks("CSV")
        assert person.toast == QUEUED
        await change(working.database, "update exports set state = 'sent'")
        await person.clicks_data(f"ex:csv:week:0:{working.team.manager.user_id}")
        assert person.alert
    assert len(await rows(working.database, "select id from exports")) == 2


async def test_someone_elses_file_can_not_be_cancelled(working, globex):
    await globex.ada.sends("/report")
    await globex.ada.clicks_data("ex:csv:week:0:0")
    (export,) = await rows(working.database, "select id from exports")
    await working.ada.clicks_data(f"ec:{export}")
    assert working.ada.toast == OVER
    assert await rows(working.database, "select state from exports") == ["queued"]


async def test_a_doubled_click_counts_once(working):
    await working.ada.sends("/report")
    click = working.ada.click("CSV")
    await working.ada.does(click)
    await change(working.database, "update exports set state = 'sent'")
    await working.ada.does(click)
    assert len(await rows(working.database, "select id from exports")) == 1


async def test_in_russian(working):
    await working.speak("ru")
    await working.ada.sends("/report")
    await working.ada.clicks("Excel")
    assert working.ada.toast == "Готовлю. Пришлю сюда сообщением."
    await working.ada.clicks("Excel")
    assert working.ada.toast == "Уже готовлю. Пришлю сюда сообщением."
    await working.ada.clicks("Отменить файл Excel")
    assert working.ada.toast == "✖️ Отменено, файла не будет."


async def test_asking_and_cancelling_take_eight_statements(working, statements):
    await working.ada.sends("/report")
    for data in (
        "ex:csv:week:0:0",
        f"ex:csv:week:{working.project}:0",
        f"ex:csv:week:0:{working.team.worker.user_id}",
        f"ex:csv:week:{working.project}:{working.team.worker.user_id}",
    ):
        await change(working.database, "update exports set state = 'sent'")
        with statements() as said:
            await working.ada.clicks_data(data)
        assert working.ada.toast == QUEUED
        assert len(said) <= 8, (data, said.verbs)
        with statements() as said:
            await working.ada.clicks_data(data)
        assert working.ada.toast == ALREADY
        assert len(said) <= 6, (data, said.verbs)
    last = (await rows(working.database, "select max(id) from exports"))[0]
    with statements() as said:
        await working.ada.clicks_data(f"ec:{last}")
    assert len(said) <= 8, said.verbs
