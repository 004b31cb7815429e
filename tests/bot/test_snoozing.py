"""Notifications that act: what may be done at that moment, and "later"."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.actor import Account
from saas_bot.domain.events import Later
from saas_bot.domain.permissions import Role
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.services import snoozes
from tests import factories
from tests.bot.delivering import deliver
from tests.bot.rows import change, rows

SNOOZED = "select not_before from outbox where snooze_of is not null and status = 'pending'"


@pytest.fixture
async def told(acme, stage, database):
    """Wanda has been told that a task is hers; gives its id."""
    await acme.ada.sends("/task WEB Fix the pump @wanda")
    await acme.ada.clicks("Create")
    await deliver(stage, database)
    (task,) = await rows(database, "select id from tasks")
    assert acme.wanda.screen.buttons[-2:] == ["⏰ In an hour", "🌅 In the morning"]
    return task


async def an_hour_passes(stage, database) -> None:
    await change(database, "update outbox set not_before = now() where status = 'pending'")
    await deliver(stage, database)


async def test_a_snoozed_notification_comes_again_as_it_is_then(acme, stage, database, told):
    await acme.wanda.clicks("In an hour")
    (at,) = await rows(database, SNOOZED)
    assert abs(at - now() - timedelta(hours=1)) < timedelta(minutes=1)
    assert acme.wanda.screen.text.startswith("⏰ I’ll remind you ")
    assert "Start" in acme.wanda.screen.buttons[0], "it can be acted upon meanwhile"
    assert acme.wanda.screen.buttons[-1] == "↩️ No need"
    await deliver(stage, database)
    assert len(acme.wanda.messages) == 1, "it is not time yet"
    await acme.ada.clicks_data(f"te:{told}:title")
    await acme.ada.sends("Fix both pumps")
    await an_hour_passes(stage, database)
    assert acme.wanda.screen.text.startswith("⏰ You asked me to remind you:")
    assert "Fix both pumps" in acme.wanda.screen.text
    await acme.wanda.clicks("In the morning")
    assert len(await rows(database, SNOOZED)) == 1, "and again"


async def test_clicking_twice_makes_one_row_and_the_last_choice_counts(acme, database, told):
    shown = acme.wanda.screen
    clicks = [acme.wanda.pressing(shown.data_of("In an hour"), shown) for _ in range(3)]
    await acme.wanda.stage.feed_at_once(*clicks)
    (first,) = await rows(database, SNOOZED)
    await acme.wanda.does(acme.wanda.pressing(shown.data_of("In the morning"), shown))
    (second,) = await rows(database, SNOOZED)
    assert second > first - timedelta(minutes=1)
    assert second.time().minute == 0


async def test_a_snooze_is_called_back(acme, stage, database, told):
    await acme.wanda.clicks("In an hour")
    undo = acme.wanda.screen
    await acme.wanda.clicks("No need")
    assert acme.wanda.toast == "I won’t remind you."
    assert acme.wanda.screen.buttons[-2:] == ["⏰ In an hour", "🌅 In the morning"]
    assert await rows(database, SNOOZED) == []
    await acme.wanda.clicks("In an hour")
    await an_hour_passes(stage, database)
    await acme.wanda.does(acme.wanda.pressing(undo.data[-1], undo))
    assert acme.wanda.toast == "I am reminding you of it right now, or have done so."


LOST = {
    "detached": "delete from project_members",
    "deactivated": "update users set status = 'deactivated' where name = 'Wanda'",
    "deleted": "delete from tasks",
}


@pytest.mark.parametrize("sql", LOST.values(), ids=LOST)
async def test_whoever_lost_access_meanwhile_gets_nothing_by_any_button(
    acme, stage, database, told, sql
):
    fresh = acme.wanda.screen
    await acme.wanda.clicks("In an hour")
    snoozed = acme.wanda.screen
    await change(database, sql)
    await an_hour_passes(stage, database)
    assert len(acme.wanda.messages) == 1
    for old in (fresh, snoozed):
        for data in old.data:
            await acme.wanda.does(acme.wanda.pressing(data, old))
            assert "pump" not in str(acme.wanda.heard), data
    assert await rows(database, SNOOZED) == []


async def test_it_is_called_back_even_where_there_is_nothing_to_show_just_now(
    acme, stage, database, told
):
    await acme.wanda.clicks("In an hour")
    away = "update users set status = '{}' where name = 'Wanda'"
    await change(database, away.format("deactivated"))
    await acme.wanda.clicks("No need")
    assert acme.wanda.toast == "I won’t remind you."
    assert acme.wanda.screen.text.startswith("This is settled, or no longer concerns you.")
    await change(database, away.format("active"))
    assert await rows(database, SNOOZED) == []


async def test_what_was_put_off_comes_though_it_is_muted(acme, stage, database, told):
    notice = acme.wanda.screen
    await acme.wanda.clicks_data(f"mt:{told}:1")
    await acme.wanda.does(acme.wanda.pressing(notice.data_of("In an hour"), notice))
    assert len(await rows(database, SNOOZED)) == 1
    await an_hour_passes(stage, database)
    assert acme.wanda.screen.text.startswith("⏰ You asked me to remind you:")


async def test_nobody_can_snooze_what_was_told_to_somebody_else(acme, database, told):
    theirs = acme.wanda.screen.data_of("In an hour")
    await acme.clive.sends("/menu")
    await acme.clive.clicks_data(theirs)
    assert acme.clive.toast.startswith("This message is too old for that.")
    assert await rows(database, SNOOZED) == []


async def test_a_message_older_than_the_outbox_remembers_says_so(acme, database, told):
    await change(database, "delete from outbox")
    await acme.wanda.clicks("In an hour")
    assert acme.wanda.toast.startswith("This message is too old for that.")


@pytest.mark.parametrize(
    ("moment", "later", "quiet", "at"),
    [
        ("2026-03-28T15:05", Later.HOUR, None, "2026-03-28T16:05"),
        ("2026-03-28T21:30", Later.HOUR, (22, 8), "2026-03-29T08:00"),
        ("2026-03-28T21:30", Later.MORNING, (22, 10), "2026-03-29T10:00"),
        ("2026-03-28T21:30", Later.MORNING, None, "2026-03-29T09:00"),
        ("2026-03-29T01:30", Later.MORNING, None, "2026-03-29T09:00"),
        ("2026-03-29T07:30", Later.MORNING, None, "2026-03-30T09:00"),
    ],
)
def test_later_is_an_hour_or_the_next_morning_but_never_in_quiet_hours(
    monkeypatch, moment, later, quiet, at
):
    def berlin(text: str) -> datetime:
        return (
            datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
        )

    hours = QuietHours(*map(time, quiet)) if quiet else None
    person = Account(1, "Wanda", None, "en", "Europe/Berlin", quiet_hours=hours)
    for module in ("services.snoozes", "core.dates"):
        monkeypatch.setattr(f"saas_bot.{module}.now", lambda: berlin(moment))
    assert snoozes.moment(person, later) == berlin(at)


async def test_what_comes_from_another_company_names_it_and_leads_there(
    acme, globex, stage, database
):
    wanda = acme.wanda
    person = acme.team.worker.account
    await factories.member(database, globex.team.id, Role.MANAGER, person=person)
    working = "update accounts set active_company_id = :company where telegram_id = :id"
    await change(database, working, company=globex.team.id, id=wanda.id)
    await acme.ada.sends("/task WEB Fix the pump @wanda")
    await acme.ada.clicks("Create")
    await deliver(stage, database)
    told = wanda.screen
    assert told.text.startswith("🏢 Acme\n\n👤 Ada gave you WEB-1")
    assert told.buttons == ["🏢 Open Acme", "⏰ In an hour", "🌅 In the morning"]
    await wanda.clicks("Open Acme")
    assert wanda.toast == "You are now in Acme."
    assert "WEB-1 Fix the pump" in wanda.screen.text
    assert "Start" in wanda.screen.buttons[0]
    await change(database, working, company=globex.team.id, id=wanda.id)
    await change(database, "delete from project_members where company_id = :id", id=acme.team.id)
    await wanda.clicks_data(told.data_of("Open Acme"))
    assert wanda.toast.startswith("I can’t find that task.")


async def test_a_task_taken_away_is_told_and_its_old_button_says_whose_it_is(
    acme, stage, database, told
):
    given = acme.wanda.screen
    await acme.ada.clicks_data(f"ta:{told}:{acme.team.admin.user_id}:")
    await deliver(stage, database)
    assert acme.wanda.screen.text == (
        "🔄 Ada took WEB-1 from you: Fix the pump\nIt is with Ada now."
    )
    assert acme.wanda.screen.buttons == ["Open WEB-1"]
    await acme.wanda.does(acme.wanda.pressing(given.data_of("▶️ Start"), given))
    assert acme.wanda.toast == "WEB-1 is with Ada now. If it should be yours, ask a manager."
    assert acme.wanda.alert
    await acme.ada.clicks_data(f"ta:{told}:0:")
    await acme.wanda.clicks_data(f"tm:{told}:start")
    assert acme.wanda.toast == "Nobody has WEB-1 now. If it should be yours, ask a manager."


async def test_a_button_of_another_companys_message_leads_there_and_to_nothing_out_of_reach(
    acme, globex, stage, database, told
):
    notice = acme.wanda.screen
    await factories.member(database, globex.team.id, Role.MANAGER, person=acme.team.worker.account)
    here = "update accounts set active_company_id = :company where telegram_id = :who"
    await change(database, here, company=globex.team.id, who=acme.wanda.id)
    start = acme.wanda.pressing(notice.data_of("▶️ Start"), notice)
    await acme.wanda.does(start)
    assert acme.wanda.screen.text == "🏢 This task is in Acme, and you are in Globex now."
    await acme.wanda.clicks("Open Acme")
    assert acme.wanda.screen.text.startswith("WEB-1 Fix the pump")
    await change(database, here, company=globex.team.id, who=acme.wanda.id)
    await change(database, "delete from project_members")
    await acme.wanda.does(acme.wanda.pressing(notice.data_of("▶️ Start"), notice))
    assert acme.wanda.toast.startswith("I can’t find that task.")


async def test_what_has_come_again_can_not_be_put_off_twice(acme, stage, database, told):
    await acme.wanda.clicks("In an hour")
    undo = acme.wanda.screen
    await an_hour_passes(stage, database)
    await acme.wanda.does(acme.wanda.pressing(undo.data[-1], undo))
    first, again = acme.wanda.messages
    assert "In an hour" not in str(first.buttons)
    assert "In an hour" in str(again.buttons)
