"""Lists of tasks: in order, each task once, within reach, and in one statement."""

from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.paging import Cursor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import attachments, projects, tasks
from saas_bot.services.tasks import View
from tests import factories
from tests.services.paging import there_and_back

DAY = datetime(2030, 1, 1, tzinfo=UTC)


def _titles(lines) -> list[str]:
    return [one.title for one in lines]


async def walk(world, actor, view, **more) -> list[str]:
    """The titles of a whole list, walked there and back."""
    seen = await there_and_back(lambda at: world.do(tasks.page, actor, view, at, **more))
    return _titles(seen)


async def test_every_task_is_shown_once_in_order_of_due_date_with_the_undated_last(world):
    dues = [None, DAY, DAY + timedelta(days=1), DAY, None, DAY, DAY - timedelta(days=1)] * 6
    made = []
    for number, due in enumerate(dues):
        title = f"T{number:02}"
        task = await factories.task(
            world.database, world.ops, title, author=world.team.admin, due_at=due
        )
        made.append((due is None, due or DAY, task, title))
    expected = ["Elsewhere", *(title for *_, title in sorted(made))]
    expected.remove("Elsewhere")
    seen = await walk(world, world.team.admin, View.OPEN, project_id=world.ops)
    undated = expected.index(next(t for is_undated, _, _, t in sorted(made) if is_undated))
    assert seen == [*expected[:undated], "Elsewhere", *expected[undated:]]


async def test_due_dates_equal_over_several_pages_lose_and_repeat_nothing(world):
    for number in range(25):
        await factories.task(
            world.database, world.ops, f"T{number:02}", author=world.team.admin, due_at=DAY
        )
    seen = await walk(world, world.team.admin, View.OPEN, project_id=world.ops)
    assert seen == [*(f"T{number:02}" for number in range(25)), "Elsewhere"]


async def test_due_dates_to_the_microsecond_lose_and_repeat_nothing(world):
    made = [
        await world.do(
            tasks.create,
            world.team.admin,
            tasks.Draft(world.ops, f"T{n:02}", due_at=DAY + timedelta(microseconds=500 + n)),
        )
        for n in range(20)
    ]
    seen = await walk(world, world.team.admin, View.OPEN, project_id=world.ops)
    assert seen == [*(one.title for one in made), "Elsewhere"]


async def test_a_list_that_changes_while_it_is_read_goes_on_from_where_it_was(world):
    for number in range(20):
        await factories.task(
            world.database, world.ops, f"T{number:02}", author=world.team.admin, due_at=DAY
        )
    admin, ops = world.team.admin, world.ops
    first = await world.do(tasks.page, admin, View.OPEN, project_id=ops)
    edge = first.items[-1]
    await world.do(tasks.move, admin, edge.id, Action.CANCEL)
    cursor = Cursor.parse(first.next)
    second = await world.do(tasks.page, admin, View.OPEN, cursor, project_id=ops)
    assert second.items[0].title == "T08"


@pytest.mark.parametrize("text", [f"f{2**31}.-", f"f{2**63 - 1}.-"])
async def test_a_cursor_far_beyond_the_end_is_an_empty_page(text, world):
    page = await world.do(tasks.page, world.team.admin, View.OPEN, Cursor.parse(text))
    assert (page.items, page.next) == ([], "")


async def test_each_view_shows_what_its_name_says(world):
    late = now() - timedelta(hours=1)
    await factories.task(
        world.database, world.web, "Late", author=world.team.manager,
        assignee=world.team.manager, due_at=late,
    )  # fmt: skip
    await factories.task(
        world.database, world.web, "Late but done", author=world.team.manager,
        status=Status.DONE, due_at=late,
    )  # fmt: skip
    manager = world.team.manager
    assert await walk(world, manager, View.MINE) == ["Late"]
    assert await walk(world, manager, View.OVERDUE) == ["Late"]
    assert await walk(world, manager, View.REVIEW) == ["Task review"]
    assert await walk(world, manager, View.OPEN) == [
        "Late", "Task new", "Task in_progress", "Task review", "Draft", "Elsewhere",
    ]  # fmt: skip
    assert await walk(world, world.team.worker, View.MINE) == [
        "Task new", "Task in_progress", "Task review",
    ]  # fmt: skip


async def test_closed_tasks_are_shown_once_the_newest_first(world):
    for number in range(20):
        status = Status.DONE if number % 2 else Status.CANCELLED
        await factories.task(
            world.database, world.ops, f"T{number:02}", author=world.team.admin, status=status,
            due_at=DAY + timedelta(days=number * 7 % 5),
        )  # fmt: skip
    newest_first = [f"T{number:02}" for number in reversed(range(20))]
    ours = ["Task cancelled", "Task done"]
    assert await walk(world, world.team.admin, View.CLOSED) == newest_first + ours
    assert await walk(world, world.team.admin, View.CLOSED, project_id=world.ops) == newest_first
    assert await walk(world, world.team.client, View.CLOSED) == ours


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_workers_and_clients_see_the_tasks_of_their_projects_only(role, world):
    actor = world.team.actor(role)
    assert "Elsewhere" not in await walk(world, actor, View.OPEN)
    with pytest.raises(NotFound, match="project-not-found"):
        await walk(world, actor, View.OPEN, project_id=world.ops)
    outsider = await factories.member(world.database, world.team.id, role, "Out")
    assert await walk(world, outsider, View.OPEN) == []


async def test_a_task_assigned_to_someone_since_detached_is_no_longer_theirs_to_see(world):
    worker = world.team.worker
    await world.do(attachments.attach, world.team.admin, world.web, worker.user_id, attached=False)
    assert await walk(world, worker, View.MINE) == []


async def test_tasks_of_archived_projects_are_in_no_list(world):
    await world.do(projects.set_archived, world.team.admin, world.web, archived=True)
    for view in View:
        assert "Task review" not in await walk(world, world.team.admin, view)


async def test_a_line_says_what_is_needed_to_choose_a_task(world):
    page = await world.do(tasks.page, world.team.admin, View.REVIEW)
    (line,) = page.items
    assert (line.ref, line.title, line.assignee) == ("WEB-3", "Task review", "Wanda")
    assert (line.status, line.due_at) == (Status.REVIEW, None)
    assert (page.previous, page.next) == ("", "")


async def test_lists_of_another_company_are_empty(world):
    stranger = (await factories.company(world.database, "Strangers")).admin
    for view in View:
        assert await walk(world, stranger, view) == []
        with pytest.raises(NotFound, match="project-not-found"):
            await walk(world, stranger, view, project_id=world.web)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("view", [View.MINE, View.OPEN, View.OVERDUE, View.CLOSED])
async def test_a_page_takes_one_statement_whoever_asks(view, role, world, statements):
    with statements() as said:
        await world.do(tasks.page, world.team.actor(role), view)
    assert len(said) == 1


@pytest.mark.parametrize("role", Role)
async def test_a_card_takes_one_statement_whoever_asks(role, world, statements):
    actor, task = world.team.actor(role), world.tasks[Status.REVIEW]
    await world.do(tasks.comment, world.team.manager, task, "Hi")
    with statements() as said:
        card = await world.do(tasks.card, actor, task)
    assert len(said) == 1
    assert (len(card.comments), card.review.number) == (1, 1)


async def test_a_task_is_found_by_its_number_in_any_case(world):
    assert (await world.do(tasks.by_ref, world.team.client, "web", 3)).title == "Task review"
