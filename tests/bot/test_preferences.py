"""What people want to be told, and when: each event, quiet hours, what they mute."""

from datetime import datetime, time, timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.permissions import Role
from saas_bot.domain.quiet_hours import QuietHours, until
from saas_bot.handlers import build_dispatcher
from saas_bot.services import attachments, members, reminders
from saas_bot.services.notifications import Kind
from saas_bot.services.preferences import EVENTS
from tests.bot.delivering import deliver
from tests.bot.people import Stage
from tests.bot.rows import change, rows

WAITING = (
    "select not_before from outbox where telegram_id = :who and status = 'pending' order by id"
)
STATUSES = "select kind, status from outbox where telegram_id = :who order by id"

ALWAYS = {
    *(Kind.HANDED_OVER, Kind.ROLE_CHANGED, Kind.DEACTIVATED, Kind.REACTIVATED),
    *(Kind.ATTACHED, Kind.DETACHED),
    *(Kind.SIGNED_IN, Kind.SESSION_REUSED),
    *(Kind.BACKUP_MADE, Kind.BACKUP_FAILED),
}
"""What changes a person's access or their work can't be switched off."""

COMMON = ["Accepted work", "Stopped, resumed", "Comments", "Calls by name", "New files"]
OFFERED = {
    Role.ADMIN: ["Given to me, taken", "Submitted work", "Work still waiting", "Returned work",
                 *COMMON, "Due soon", "Overdue", "Projects", "People", "Plan and payments"],
    Role.WORKER: ["Given to me, taken", "Returned work", *COMMON, "Due soon", "Overdue",
                  "Projects"],
    Role.CLIENT: ["Submitted work", "Work still waiting", *COMMON, "Projects"],
}  # fmt: skip


@pytest.fixture
async def comments(acme, stage, database):
    """Have Ada comment on a task of Wanda's, and what is due delivered."""
    task = await acme.task(assignee=acme.team.worker)

    async def say(words: str, *, delivered: bool = True) -> int:
        await acme.ada.clicks_data(f"te:{task}:comment")
        await acme.ada.sends(words)
        if delivered:
            await deliver(stage, database)
        return task

    return say


def heard(person) -> list[str]:
    """The news in the chat of someone."""
    return [one.text for one in person.messages]


def test_whatever_is_told_belongs_to_one_event_or_can_not_be_switched_off():
    told = [kind for event in EVENTS.values() for kind in event.kinds]
    assert len(told) == len(set(told))
    assert {one for one in Kind if one not in told and not _of_the_company(one)} == ALWAYS


def _of_the_company(kind: Kind) -> bool:
    """The digest has an hour of its own; a company's end is told to everybody."""
    return kind == "digest" or kind.startswith("company_")


@pytest.mark.parametrize("role", OFFERED)
async def test_a_role_is_offered_what_can_reach_it(acme, role):
    person = acme.everyone[role]
    await person.sends("/settings")
    await person.clicks("Notifications")
    await person.clicks("What to tell me")
    labels = [one.removeprefix("✅ ") for one in person.screen.buttons if one.startswith("✅")]
    assert labels == OFFERED[role]


async def test_an_event_switched_off_is_not_told_of_and_that_counts_for_what_waits(
    acme, stage, database, comments
):
    await comments("First", delivered=False)
    await acme.wanda.clicks_data("o:events")
    for _ in range(2):  # a double click does no more
        await acme.wanda.clicks_data("ne:commented:0")
    assert "▫️ Comments" in acme.wanda.screen.buttons
    await deliver(stage, database)
    await comments("Look, @wanda")
    assert [kind for kind, status in await rows(database, STATUSES, who=acme.wanda.id)] == [
        "commented",
        "mentioned",
    ]
    assert [status for _, status in await rows(database, STATUSES, who=acme.wanda.id)] == [
        "skipped",
        "sent",
    ]
    await acme.wanda.clicks_data("o:notifications")
    assert "switched off one kind of news" in acme.wanda.screen.text
    await acme.wanda.clicks_data("ne:commented:1")
    await comments("Second")
    assert "Second" in acme.wanda.screen.text


async def test_quiet_hours_are_chosen_by_buttons(acme, database):
    hours = "select quiet_from, quiet_to from accounts where telegram_id = :who"
    await acme.wanda.clicks_data("o:quiet")
    assert "No quiet hours" in acme.wanda.screen.text
    await acme.wanda.clicks("Other hours")
    await acme.wanda.clicks("21:00")
    assert "Quiet from 21:00 until what time?" in acme.wanda.screen.text
    assert "21:00" not in acme.wanda.screen.buttons, "that would be no time at all"
    await acme.wanda.clicks("6:00")
    assert "Quiet from 21:00 to 6:00" in acme.wanda.screen.text
    assert await rows(database, hours, who=acme.wanda.id) == [(time(21), time(6))]
    await acme.wanda.clicks("22:00–8:00")
    assert await rows(database, hours, who=acme.wanda.id) == [(time(22), time(8))]
    await acme.wanda.clicks("No quiet hours")
    assert await rows(database, hours, who=acme.wanda.id) == [(None, None)]
    await acme.wanda.clicks_data("qh:5:5")
    assert acme.wanda.toast.startswith("This button is out of date")


async def quiet_now(acme, database, person, *, zone: str = "UTC") -> datetime:
    """Let it be quiet for someone from an hour ago to in two hours; gives the end."""
    start, end = ((now() + timedelta(hours=one)).time() for one in (-1, 2))
    hours = QuietHours(*(one.replace(second=0, microsecond=0) for one in (start, end)))
    await change(
        database,
        "update accounts set quiet_from = :start, quiet_to = :end, timezone = :zone"
        " where telegram_id = :who",
        start=hours.start,
        end=hours.end,
        zone=zone,
        who=person.id,
    )
    return until(now(), zone, hours)


async def test_in_quiet_hours_nothing_comes_but_answers_and_then_all_of_it_in_order(
    acme, stage, database, comments
):
    end = await quiet_now(acme, database, acme.wanda)
    for words in ("One", "Two", "Three"):
        await comments(words)
    assert await rows(database, WAITING, who=acme.wanda.id) == [end] * 3
    await acme.wanda.sends("/menu")
    assert "Wanda" in acme.wanda.screen.text
    await change(database, "update accounts set quiet_from = null, quiet_to = null")
    await change(database, "update outbox set not_before = now() where status = 'pending'")
    await deliver(stage, database)
    assert [one.splitlines()[-1] for one in heard(acme.wanda)[1:]] == ["One", "Two", "Three"]


async def test_the_command_menu_follows_a_role_even_in_quiet_hours(acme, stage, database):
    await quiet_now(acme, database, acme.wanda)
    await acme.wanda.sends("/menu")
    assert "invite" not in stage.telegram.commands[acme.wanda.id]
    async with database.tenant_session(acme.team.id) as session:
        who = acme.team.worker.user_id
        await members.change_role(session, acme.team.admin, who, Role.MANAGER)
    before = len(heard(acme.wanda))
    await deliver(stage, database)
    assert len(heard(acme.wanda)) == before
    assert "invite" in stage.telegram.commands[acme.wanda.id]


@pytest.mark.parametrize("way", ["o:noquiet", "tz:Asia/Tokyo"])
async def test_what_waits_for_their_end_comes_when_quiet_hours_are_given_up(
    acme, stage, database, comments, way
):
    await quiet_now(acme, database, acme.wanda)
    task = await comments("Held")
    later = now() + timedelta(hours=1)
    await change(
        database,
        "update outbox set not_before = :later where telegram_id = :who",
        later=later,
        who=acme.ada.id,
    )
    assert heard(acme.wanda) == []
    if way.startswith("tz:"):
        await acme.wanda.clicks_data("o:timezone")
    await acme.wanda.clicks_data(way)
    await deliver(stage, database)
    assert acme.wanda.screen.text.endswith("Held"), task


async def test_a_muted_task_is_silent_but_for_ones_name(acme, database, comments):
    task = await comments("First")
    await acme.wanda.clicks_data(f"t:{task}")
    await acme.wanda.clicks("More")
    await acme.wanda.clicks("Mute")
    assert "You have muted this task" in acme.wanda.screen.text
    assert acme.wanda.toast.startswith("Muted.")
    before = len(heard(acme.wanda))
    await comments("Second")
    assert len(heard(acme.wanda)) == before
    await comments("@wanda, look")
    assert "look" in acme.wanda.screen.text
    await acme.wanda.clicks_data("mu:")
    await acme.wanda.clicks("WEB-1 Fix the pump")
    assert "Nothing is muted" in acme.wanda.screen.text
    await comments("Third")
    assert "Third" in acme.wanda.screen.text


async def test_a_muted_project_silences_its_tasks_for_one_person_only(
    acme, stage, database, comments
):
    await acme.wanda.clicks_data(f"p:{acme.project}")
    await acme.wanda.clicks("Mute")
    assert "You have muted this project" in acme.wanda.screen.text
    before = len(heard(acme.wanda))
    task = await comments("First")
    await acme.ada.clicks_data(f"y:archive:{acme.project}")
    await deliver(stage, database)
    assert len(heard(acme.wanda)) == before
    assert any("archive" in one for one in heard(acme.clive)), "others hear of it"
    await acme.wanda.clicks_data(f"t:{task}")
    assert "You have muted its project" in acme.wanda.screen.text
    await acme.wanda.clicks("More")
    await acme.wanda.clicks("Project muted")
    await acme.wanda.clicks("Unmute")
    assert "muted" not in acme.wanda.screen.text


async def test_a_muted_project_still_tells_of_ones_own_work_in_it(acme, stage, database):
    await acme.wanda.clicks_data(f"p:{acme.project}")
    await acme.wanda.clicks("Mute")
    assert acme.wanda.toast.startswith("Muted. You hear only of your own work in it")
    await acme.ada.sends("/task WEB Drain the pool @wanda")
    await acme.ada.clicks("Create")
    await deliver(stage, database)
    assert "Drain the pool" in acme.wanda.screen.text
    (task,) = await rows(database, "select id from tasks")
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("Any news?")
    await deliver(stage, database)
    assert "Any news" not in acme.wanda.screen.text
    # And the task itself muted as well: nothing of it, until only the project is.
    await acme.wanda.clicks_data(f"mt:{task}:1")
    before = len(heard(acme.wanda))
    await change(database, "update tasks set due_at = now() + interval '1 minute'")
    async with database.system_session("test") as session:
        assert await reminders.sweep(session, now() + timedelta(minutes=2))
    await deliver(stage, database)
    assert len(heard(acme.wanda)) == before
    await acme.wanda.clicks_data(f"mt:{task}:0")
    assert acme.wanda.toast.startswith("Muted. You hear only of your own work in it")


async def test_whoever_is_taken_out_of_a_project_hears_it_with_projects_switched_off(
    acme, stage, database
):
    await acme.wanda.clicks_data("ev:projects:0")
    async with database.tenant_session(acme.team.id) as session:
        who = acme.team.worker.user_id
        await attachments.attach(session, acme.team.admin, acme.project, who, attached=False)
    await deliver(stage, database)
    statuses = "select status from outbox where kind = 'detached'"
    assert await rows(database, statuses) == ["sent"]


async def test_a_role_that_changed_twice_in_the_night_is_told_once(acme, stage, database):
    for role in (Role.MANAGER, Role.WORKER):
        async with database.tenant_session(acme.team.id) as session:
            await members.change_role(session, acme.team.admin, acme.team.worker.user_id, role)
    await deliver(stage, database)
    (told,) = [one for one in heard(acme.wanda) if "role" in one.lower()]
    assert "worker" in told


async def test_the_list_of_what_is_muted_pages_and_holds_only_what_one_still_sees(acme, database):
    for number in range(10):
        task = await acme.task(f"No {number}")
        await acme.wanda.clicks_data(f"mt:{task}:1")
        await acme.wanda.clicks_data(f"mt:{task}:1")
    await acme.clive.clicks_data(f"mt:{task}:1")
    await acme.wanda.clicks_data("mu:")
    first = [one for one in acme.wanda.screen.buttons if "WEB-" in one]
    await acme.wanda.clicks("Next ›")
    second = [one for one in acme.wanda.screen.buttons if "WEB-" in one]
    assert [one.split(" ")[-1] for one in first + second] == [str(one) for one in range(9, -1, -1)]
    for label in second:
        await acme.wanda.clicks(label.removeprefix("🔕 "))
    assert [one for one in acme.wanda.screen.buttons if "WEB-" in one] == first
    await change(database, "delete from project_members")
    await acme.wanda.clicks_data("mu:")
    assert "Nothing is muted" in acme.wanda.screen.text


async def test_newcomers_are_left_in_peace_at_night(settings, database, redis, bot, telegram):
    night = settings.model_copy(update={"quiet_hours": "23:00-07:00"})
    dispatcher = build_dispatcher(settings=night, database=database, redis=redis)
    nora = Stage(dispatcher, bot, telegram, redis).person(7, "Nora")
    await nora.sends("/start")
    kept = await rows(database, "select quiet_from, quiet_to from accounts")
    assert kept == [(time(23), time(7))]
