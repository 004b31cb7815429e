"""The daily digest as people choose, read and use it."""

import html
import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.screens import notifications
from saas_bot.services import digests
from tests import factories
from tests.bot.rows import change, rows


async def digests_of(database, *people):
    """What each gets now: the text and the data of its buttons, or None; once a company."""
    await change(
        database, "update accounts set digest_hour = 0, digest_at = now() - interval '2 days',"
        " digest_told_at = null"
    )  # fmt: skip
    await change(database, "delete from outbox")
    async with database.system_session("test") as session:
        await digests.queue_due(session)
        query = select(OutboxMessage).order_by(OutboxMessage.company_id)
        waiting = (await session.scalars(query)).all()
    found = {one.id: [] for one in people}
    for message in waiting:
        async with database.system_session("test") as session:
            calls = await notifications.render(session, message)
        if calls is not None and message.telegram_id in found:
            (call,) = calls
            text = html.unescape(re.sub("<[^>]+>", "", call.text))
            buttons = [one for row in call.reply_markup.inline_keyboard for one in row]
            found[message.telegram_id].append((text, [one.callback_data for one in buttons]))
    return [found[one.id] for one in people]


@pytest.fixture
async def busy(acme):
    """Work of every sort: late, due later today, new, waiting, nobody's."""
    wanda, long_ago = acme.team.worker, now() - timedelta(days=2)
    for number in range(5):
        due = long_ago + timedelta(minutes=number)
        await acme.task(f"Late {number}", assignee=wanda, due_at=due)
    await acme.task("Tonight", assignee=wanda, due_at=now() + timedelta(seconds=30))
    await acme.task("Own", assignee=wanda, author=wanda)
    await acme.task("Handed in", assignee=wanda, status=Status.REVIEW)
    await acme.task("Nobody’s")
    await acme.task("Done", assignee=wanda, status=Status.DONE, due_at=long_ago)
    return acme


async def test_it_tells_each_what_is_theirs_to_know(busy, database):
    wanda, clive, ada = await digests_of(database, busy.wanda, busy.clive, busy.ada)
    ((text, buttons),) = wanda
    assert text.startswith("☀️ Acme\n")
    late = text.index("⏰ Overdue: 5\n⚪ /WEB_1 Late 0 · ")
    assert late < text.index("… and 2 more") < text.index("🆕 New for you: ")
    assert "Own" not in text
    assert "Without an assignee" not in text
    assert "acceptance" not in text
    assert buttons == [f"dl:{busy.team.id}:m", "o:digest"]
    ((text, buttons),) = clive
    assert "🟣 Waiting for acceptance: 1\n🟣 /WEB_8 Handed in" in text
    assert text.count("\n\n") == 1
    ((text, buttons),) = ada
    assert "👤 Without an assignee: 1\n⏳ Overdue with others: 5" in text
    views = [f"dl:{busy.team.id}:{view}" for view in "ruv"]
    assert buttons == [*views, "o:digest"]


async def test_it_tells_of_each_task_once(busy, database):
    max_, long_ago = busy.team.manager, now() - timedelta(days=2)
    await busy.task("Late too", assignee=busy.team.worker, due_at=long_ago, status=Status.REVIEW)
    await busy.task("Both", assignee=max_, due_at=long_ago, status=Status.REVIEW)
    wanda, manager = await digests_of(database, busy.wanda, busy.max)
    ((text, _),) = wanda
    # Six are late, one is due in a moment, which may be tomorrow, and one has no due date.
    assert sum(int(count) for count in re.findall(r": (\d+)$", text, re.MULTILINE)) == 8
    for title in ("Late 0", "Tonight", "Handed in"):
        assert text.count(title) == 1, title
    ((text, _),) = manager
    assert text.split("\n\n")[1].startswith("⏰ Overdue: 1\n🟣 /WEB_12 Both")
    review = text.split("\n\n")[2]
    assert review.startswith("🟣 Waiting for acceptance: 2\n")
    assert "Both" not in review
    assert text.endswith("👤 Without an assignee: 1\n⏳ Overdue with others: 5")
    assert "New for you" not in text


async def test_what_is_out_of_reach_or_archived_is_not_told(busy, database):
    await change(database, "delete from project_members")
    assert await digests_of(database, busy.wanda, busy.clive) == [[], []]
    await change(database, "update projects set status = 'archived'")
    assert await digests_of(database, busy.ada, busy.max) == [[], []]


async def test_with_two_companies_each_has_its_own_and_its_buttons_lead_there(
    busy, globex, database
):
    person = busy.team.worker.account
    second = await factories.member(database, globex.team.id, Role.MANAGER, person=person)
    await factories.task(database, globex.project, "Dig", author=globex.team.admin, assignee=second)
    ((acme, globex_one),) = await digests_of(database, busy.wanda)
    assert "WEB-1 Late 0" in acme[0]
    assert "WEB-1 Dig" in globex_one[0]
    await change(database, "update accounts set active_company_id = :id", id=globex.team.id)
    await busy.wanda.clicks_data(acme[1][0])
    assert busy.wanda.toast == "You are now in Acme."
    assert any("Late 0" in one for one in busy.wanda.screen.buttons)
    await busy.wanda.clicks_data(globex_one[1][0])
    assert any("Dig" in one for one in busy.wanda.screen.buttons)
    await change(database, "update users set status = 'left' where name = 'Wanda'")
    await busy.wanda.clicks_data(acme[1][0])
    assert busy.wanda.toast.startswith("You are not in that company any more.")


async def test_nothing_to_tell_is_not_told_and_an_old_one_gives_way(acme, database):
    assert await digests_of(database, *acme.everyone.values()) == [[], [], [], []]
    await acme.task(assignee=acme.team.worker)
    await digests_of(database)
    at = (now() - timedelta(hours=25)).isoformat()
    await change(
        database, "update outbox set payload = payload || jsonb_build_object('at', :at\\:\\:text)",
        at=at,
    )  # fmt: skip
    async with database.system_session("test") as session:
        waiting = (await session.scalars(select(OutboxMessage))).all()
    assert waiting
    for message in waiting:
        async with database.system_session("test") as session:
            assert await notifications.render(session, message) is None


async def test_the_hour_is_chosen_in_the_settings(acme, database):
    await acme.wanda.sends("/settings")
    await acme.wanda.clicks("Daily digest")
    assert "It is off." in acme.wanda.screen.text
    await acme.wanda.clicks("7")
    assert "every day at 7:00 (UTC)" in acme.wanda.screen.text
    assert acme.wanda.toast == "Saved."
    await acme.wanda.clicks("Monday to Friday")
    assert "Monday to Friday at 7:00" in acme.wanda.screen.text
    chosen = "select digest_hour || ' ' || digest_weekdays from accounts where name = 'Wanda'"
    assert await rows(database, chosen) == ["7 true"]
    await change(database, "update accounts set timezone = 'America/New_York'")
    await acme.wanda.clicks_data("o:digest")
    assert "at 7:00 (New York)" in acme.wanda.screen.text
    await change(database, "update accounts set timezone = 'UTC'")
    quiet = {"start": time(22), "end": time(8)}
    await change(database, "update accounts set quiet_from = :start, quiet_to = :end", **quiet)
    await acme.wanda.clicks_data("o:digest")
    assert "8:00\n🌙 That hour is within your quiet hours" in acme.wanda.screen.text
    await acme.wanda.clicks("Don’t send it")
    assert "It is off." in acme.wanda.screen.text
    assert await rows(database, "select digest_at from accounts where name = 'Wanda'") == [None]
    for data in ("dg:24:0", "dg:-1:0", "dg:x:0", f"dl:{acme.team.id}:q"):
        await acme.wanda.clicks_data(data)
        assert acme.wanda.toast == "This button is out of date. Open /menu to go on.", data
