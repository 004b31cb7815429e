"""Lists by day, author and status; filters that combine; orders; the board."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.domain.task_lists import NOBODY, OF_STATUS
from saas_bot.services import projects, tasks
from saas_bot.services.tasks import Sort, TaskFilter, View, choices
from saas_bot.services.tasks.board import COUNTED
from saas_bot.services.tasks.lists import span
from tests import factories
from tests.services.paging import there_and_back

DAY = datetime(2030, 1, 1, tzinfo=UTC)


async def walk(world, actor, view, **more) -> list[str]:
    """The titles of a whole list, walked there and back."""
    seen = await there_and_back(lambda at: world.do(tasks.page, actor, view, at, **more))
    return [one.title for one in seen]


async def made(world, title: str, project: int | None = None, **more) -> int:
    more.setdefault("author", world.team.admin)
    return await factories.task(world.database, project or world.ops, title, **more)


async def test_today_and_this_week_hold_what_is_due_then_where_the_person_is(world):
    admin = world.team.admin
    begin, end = span(View.TODAY, "UTC")
    monday, sunday = span(View.WEEK, "UTC")
    second = timedelta(seconds=1)
    dues = {
        "yesterday": begin - second,
        "first of today": begin,
        "last of today": end - second,
        "tomorrow": end,
        "before the week": monday - second,
        "first of the week": monday,
        "last of the week": sunday - second,
        "after the week": sunday,
    }
    for title, due in dues.items():
        await made(world, title, due_at=due)
    await made(world, "done today", due_at=begin, status=Status.DONE)
    for view, since, until in ((View.TODAY, begin, end), (View.WEEK, monday, sunday)):
        expected = {title for title, due in dues.items() if since <= due < until}
        assert set(await walk(world, admin, view)) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
async def test_today_begins_and_ends_at_the_persons_midnight(world, zone):
    account = await factories.account(world.database, "Far", timezone=zone)
    far = await factories.member(world.database, world.team.id, Role.ADMIN, person=account)
    today = now().astimezone(ZoneInfo(zone)).date()
    midnight = datetime.combine(today, datetime.min.time(), ZoneInfo(zone))
    await made(world, "before", due_at=midnight - timedelta(minutes=1))
    await made(world, "at midnight", due_at=midnight)
    assert await walk(world, far, View.TODAY) == ["at midnight"]


async def test_created_by_me_holds_everything_i_wrote_the_newest_first(world):
    assert await walk(world, world.team.worker, View.CREATED) == ["Draft"]
    await made(world, "Mine", world.web, author=world.team.worker, status=Status.DONE)
    assert await walk(world, world.team.worker, View.CREATED) == ["Mine", "Draft"]
    assert await walk(world, world.team.admin, View.CREATED) == []


async def test_unassigned_holds_open_tasks_that_nobody_has(world):
    await made(world, "Closed", status=Status.DONE)
    assert await walk(world, world.team.manager, View.UNASSIGNED) == ["Draft", "Elsewhere"]
    assert await walk(world, world.team.worker, View.UNASSIGNED) == ["Draft"]


async def test_each_status_has_its_list_of_the_company_and_of_a_project(world):
    for status, view in OF_STATUS.items():
        of_web = await walk(world, world.team.client, view, project_id=world.web)
        assert of_web == [f"Task {status}", *(["Draft"] if status is Status.NEW else [])]
        with pytest.raises(NotFound, match="project-not-found"):
            await world.do(tasks.page, world.team.worker, view, project_id=world.ops)


async def test_parts_of_a_filter_combine(world):
    web, ops, worker = world.web, world.ops, world.team.worker
    urgent = Priority.URGENT
    await made(world, "1", web, assignee=worker, priority=urgent)
    await made(world, "2", web, assignee=worker)
    await made(world, "3", web, priority=urgent)
    await made(world, "4", ops, assignee=worker, priority=urgent)
    tagged = await made(world, "5", web, assignee=worker, priority=urgent)
    async with world.database.system_session("test") as session:
        session.add(tasks.lists.TaskTag(company_id=world.team.id, task_id=tagged, tag="pump"))

    async def with_(**parts) -> set[str]:
        seen = await walk(world, world.team.admin, View.OPEN, wanted=TaskFilter(**parts))
        return {title for title in seen if title.isdecimal()}

    assert await with_() == {"1", "2", "3", "4", "5"}
    assert await with_(priority=urgent) == {"1", "3", "4", "5"}
    assert await with_(priority=urgent, project_id=web) == {"1", "3", "5"}
    assert await with_(priority=urgent, project_id=web, assignee_id=worker.user_id) == {"1", "5"}
    assert await with_(priority=urgent, assignee_id=NOBODY) == {"3"}
    assert await with_(tag="pump") == {"5"}
    assert await with_(tag="pump", assignee_id=NOBODY) == set()
    assert await with_(tag="nothing") == set()


async def test_a_list_leaves_out_of_the_filter_what_it_settles_itself(world):
    worker, wanted = world.team.worker, TaskFilter(assignee_id=world.team.admin.user_id)
    assert await walk(world, worker, View.MINE, wanted=wanted) == await walk(
        world, worker, View.MINE
    )
    other = TaskFilter(project_id=world.ops)
    shown = await walk(world, worker, View.OPEN, project_id=world.web, wanted=other)
    assert shown == await walk(world, worker, View.OPEN)


async def test_a_filter_never_reaches_further_than_the_person(world):
    for role in (Role.WORKER, Role.CLIENT):
        wanted = TaskFilter(project_id=world.ops)
        assert await walk(world, world.team.actor(role), View.OPEN, wanted=wanted) == []


@pytest.mark.parametrize("sort", Sort)
async def test_every_order_shows_each_task_once_there_and_back(world, sort):
    expected = []
    for number in range(30):
        priority = list(Priority)[number % 4]
        due = DAY + timedelta(hours=number * 7 % 11) if number % 3 else None
        await made(world, f"{number:02}", due_at=due, priority=priority)
        by_due = (due or DAY + timedelta(days=99), number)
        expected.append(
            {
                Sort.DUE: by_due,
                Sort.PRIORITY: (3 - number % 4, *by_due),
                Sort.NEWEST: (-number,),
            }[sort]
            + (f"{number:02}",)
        )
    seen = await walk(
        world, world.team.admin, View.OPEN, project_id=world.ops, wanted=TaskFilter(sort=sort)
    )
    assert [one for one in seen if one.isdecimal()] == [one[-1] for one in sorted(expected)]


async def test_a_cursor_of_another_order_is_a_place_somewhere_or_an_empty_page(world):
    for number in range(12):
        await made(world, f"{number:02}", due_at=DAY)
    admin = world.team.admin
    for before in Sort:
        page = await world.do(tasks.page, admin, View.OPEN, wanted=TaskFilter(sort=before))
        for after in Sort:
            at = tasks.lists.Cursor.parse(page.next)
            await world.do(tasks.page, admin, View.OPEN, at, wanted=TaskFilter(sort=after))


@pytest.mark.parametrize("role", Role)
async def test_the_board_counts_and_shows_what_is_within_reach(world, role):
    columns = await world.do(tasks.board, world.team.actor(role))
    everywhere = role in (Role.ADMIN, Role.MANAGER)
    counts = {one.status: one.count for one in columns}
    assert counts == {
        Status.NEW: 3 if everywhere else 2,
        Status.IN_PROGRESS: 1,
        Status.REVIEW: 1,
        Status.DONE: 1,
        Status.CANCELLED: 1,
    }
    assert [task.title for task in columns[1].first] == ["Task in_progress"]
    assert [task.title for task in columns[4].first] == []


async def test_the_board_shows_the_first_of_each_status_in_order(world):
    for number in range(5):
        await made(world, f"Due {number}", due_at=DAY - timedelta(hours=number))
        await made(world, f"Done {number}", status=Status.DONE)
    columns = await world.do(tasks.board, world.team.admin, project_id=world.ops)
    assert [one.count for one in columns] == [6, 0, 0, 5, 0]
    assert [task.title for task in columns[0].first] == ["Due 4", "Due 3", "Due 2"]
    assert [task.title for task in columns[3].first] == ["Done 4", "Done 3", "Done 2"]


async def test_the_board_is_filtered_and_leaves_archived_projects_out(world):
    await made(world, "Urgent", priority=Priority.URGENT)
    wanted = TaskFilter(priority=Priority.URGENT)
    columns = await world.do(tasks.board, world.team.admin, wanted=wanted)
    assert [one.count for one in columns] == [1, 0, 0, 0, 0]
    await world.do(projects.set_archived, world.team.admin, world.ops, archived=True)
    columns = await world.do(tasks.board, world.team.admin, wanted=wanted)
    assert [one.count for one in columns] == [0] * 5


async def test_the_board_does_not_count_for_ever(world):
    async with world.database.system_session("test") as session:
        await session.execute(
            tasks.lists.Task.__table__.insert(),
            [
                {
                    "company_id": world.team.id,
                    "project_id": world.ops,
                    "number": 1000 + number,
                    "title": "One of many",
                }
                for number in range(COUNTED + 5)
            ],
        )
    columns = await world.do(tasks.board, world.team.admin, project_id=world.ops)
    assert columns[0].count == COUNTED


async def test_the_board_is_one_statement(world, statements):
    with statements() as said:
        await world.do(tasks.board, world.team.worker, wanted=TaskFilter(tag="x"))
    assert len(said) == 1


async def test_another_companys_board_is_empty_and_its_projects_have_none(world):
    stranger = (await factories.company(world.database, "Strangers")).admin
    columns = await world.do(tasks.board, stranger)
    assert [one.count for one in columns] == [0] * 5
    for actor, project in (
        (stranger, world.web),
        (world.team.worker, world.ops),
        (world.team.admin, 2**62),
    ):
        with pytest.raises(NotFound, match="project-not-found"):
            await world.do(tasks.board, actor, project_id=project)


async def test_a_project_without_tasks_has_an_empty_board_and_list(world):
    project = await factories.project(world.database, world.team.id, key="NEW", name="New")
    columns = await world.do(tasks.board, world.team.admin, project_id=project)
    assert [one.count for one in columns] == [0] * 5
    assert await walk(world, world.team.admin, View.OPEN, project_id=project) == []


async def test_people_to_filter_by_are_those_around(world):
    async def names(actor) -> set[str]:
        return {one.name for one in (await world.do(choices.people, actor)).items}

    assert await names(world.team.admin) == {"Ada", "Max", "Wanda"}
    assert await names(world.team.worker) == await names(world.team.client) == {"Wanda"}
    for actor, user, is_known in (
        (world.team.manager, world.team.admin, True),
        (world.team.client, world.team.worker, True),
        (world.team.client, world.team.admin, False),
        (world.team.admin, world.team.client, False),
    ):
        if is_known:
            assert await world.do(choices.person, actor, user.user_id) == user.account.name
        else:
            with pytest.raises(NotFound):
                await world.do(choices.person, actor, user.user_id)


async def test_projects_to_filter_by_are_those_within_reach(world):
    assert await world.do(choices.project, world.team.client, world.web) == "WEB"
    for actor, project in ((world.team.client, world.ops), (world.team.admin, 2**62)):
        with pytest.raises(NotFound):
            await world.do(choices.project, actor, project)
