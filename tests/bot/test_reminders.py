"""Reminders as people read them: in their own time, with what they may do, if it is still so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.task_flow import Status
from saas_bot.screens.notifications import render
from saas_bot.services import reminders
from tests.bot.rows import change

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Clock:
    """Says what time it is to the sweep and to the screens."""

    def __init__(self, database, monkeypatch) -> None:
        self.database, self.patch = database, monkeypatch

    async def reminds(self, moment) -> None:
        """Queue what is due at that moment, and nothing else."""
        await change(self.database, "delete from outbox")
        async with self.database.system_session("test") as session:
            while await reminders.sweep(session, moment):
                pass

    async def told(self, person, moment) -> list[tuple[str, list[str]]]:
        """What waits for someone says by then, each message with its buttons."""
        for module in ("formats", "reminders"):
            self.patch.setattr(f"saas_bot.screens.{module}.now", lambda: moment)
        async with self.database.system_session("test") as session:
            mine = select(OutboxMessage).where(OutboxMessage.telegram_id == person.id)
            messages = (await session.scalars(mine.order_by(OutboxMessage.id))).all()
            calls = [call for one in messages for call in await render(session, one) or []]
        return [
            (call.text, [one.text for row in call.reply_markup.inline_keyboard for one in row])
            for call in calls
        ]


@pytest.fixture
def clock(database, monkeypatch) -> Clock:
    return Clock(database, monkeypatch)


# Europe changes its clocks on 29 March and 25 October 2026, New York on 8 March and 1 November,
# both by an hour; India never does.
@pytest.mark.parametrize(
    ("zone", "due", "clock_there", "hour_before"),
    [
        ("Europe/Berlin", "2026-03-29T13:00Z", "15:00", "today"),
        ("Europe/Berlin", "2026-03-29T01:30Z", "3:30", "today"),
        ("Europe/Berlin", "2026-10-25T01:30Z", "2:30", "today"),
        ("America/New_York", "2026-03-08T19:00Z", "15:00", "today"),
        ("America/New_York", "2026-11-01T04:30Z", "0:30", "tomorrow"),
        ("Asia/Kolkata", "2026-03-28T19:00Z", "0:30", "tomorrow"),
    ],
)
async def test_each_reads_their_own_time_across_a_change_of_the_clocks(
    acme, database, clock, zone, due, clock_there, hour_before
):
    due_at = datetime.fromisoformat(due)
    await change(database, "update accounts set timezone = :zone", zone=zone)
    await acme.task(assignee=acme.team.worker, due_at=due_at)
    # For the trigger, whose clock can't be set, it was due long ago.
    await change(
        database,
        "insert into reminders (company_id, task_id, about, at)"
        " select company_id, id, 'due', next_reminder(due_at, due_at - interval '9 days')"
        " from tasks",
    )
    read = []
    for moment in (due_at - DAY, due_at - HOUR, due_at + SECOND):
        await clock.reminds(moment)
        ((text, _),) = await clock.told(acme.wanda, moment)
        read.append(text)
    pump = "<b>WEB-1</b> Fix the pump is"
    assert read == [
        f"⏳ {pump} due tomorrow at {clock_there}",
        f"⏳ {pump} due {hour_before} at {clock_there}",
        f"⏰ {pump} overdue: it was due today at {clock_there}",
    ]


async def test_each_gets_what_they_may_do_and_the_author_hears_whose_it_is(acme, clock):
    due = now() + 2 * DAY
    await acme.task(author=acme.team.manager, assignee=acme.team.worker, due_at=due)
    await clock.reminds(due)
    # The clock of the worker that sends it is behind.
    ((late, buttons),) = await clock.told(acme.wanda, due - SECOND)
    assert (late.startswith("⏰"), buttons[:2]) == (True, ["▶️ Start", "Open WEB-1"])
    ((late, buttons),) = await clock.told(acme.max, due + SECOND)
    assert (late.endswith("\n👤 Wanda has it."), buttons[:1]) == (True, ["Open WEB-1"])


async def test_a_submission_that_waits_can_be_decided_at_once(acme, database, clock):
    await acme.task(author=acme.team.manager, assignee=acme.team.worker, status=Status.REVIEW)
    await clock.reminds(now() + 2 * DAY)
    ((waits, buttons),) = await clock.told(acme.clive, now())
    assert waits.startswith("🟣 <b>WEB-1</b> Fix the pump has been waiting for your decision")
    assert buttons[:3] == ["✅ Accept", "↩️ Return", "Open WEB-1"]
    await change(database, "update reviews set number = 2")
    assert await clock.told(acme.clive, now()) == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update tasks set status = 'done', closed_at = now()",
        "update tasks set due_at = due_at + interval '1 minute'",
        "update tasks set assignee_id = author_id",
        "update tasks set status = 'review'",
        "update projects set status = 'archived'",
        "delete from project_members",
    ],
)
async def test_what_is_not_so_any_more_is_not_said(acme, database, clock, meanwhile):
    due = now() + 2 * DAY
    await acme.task(assignee=acme.team.worker, due_at=due)
    await clock.reminds(due - DAY)
    assert len(await clock.told(acme.wanda, due - DAY)) == 1
    await change(database, meanwhile)
    assert await clock.told(acme.wanda, due - DAY) == []


async def test_what_quiet_hours_have_held_for_too_long_is_left_to_the_next_reminder(acme, clock):
    due = now() + 2 * DAY
    await acme.task(assignee=acme.team.worker, due_at=due)
    for moment, last in ((due - DAY, due - HOUR), (due - HOUR, due)):
        await clock.reminds(moment)
        assert len(await clock.told(acme.wanda, last - SECOND)) == 1
        assert await clock.told(acme.wanda, last + SECOND) == []
