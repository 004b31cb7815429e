"""Creating tasks, changing their parts, commenting on them."""

from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.core import context
from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.db.paging import Cursor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Priority, Status
from saas_bot.services import audit, members, project_changes, tasks
from tests import factories

TOMORROW = datetime(2030, 1, 2, 15, 0, tzinfo=UTC)


def draft(world, **more) -> tasks.Draft:
    return tasks.Draft(**{"project_id": world.web, "title": "Fix the pump", **more})


async def test_a_created_task_is_what_its_card_shows(world):
    made = await world.do(
        tasks.create,
        world.team.manager,
        draft(
            world,
            title=" Fix\nthe <pump> ",
            description="Line one  \nline two",
            priority=Priority.HIGH,
            due_at=TOMORROW,
            assignee_id=world.team.worker.user_id,
        ),
    )
    card = await world.do(tasks.card, world.team.manager, made.id)
    assert (card.title, card.description) == ("Fix the <pump>", "Line one\nline two")
    assert (card.status, card.priority, card.due_at) == (Status.NEW, Priority.HIGH, TOMORROW)
    assert (card.assignee, card.author, card.ref) == ("Wanda", "Max", made.ref)
    assert made.ref == "WEB-7"
    assert await world.told() == [("assigned", "Wanda")]
    (entry,) = await world.audit()
    assert entry.after == {
        "title": "Fix the <pump>", "priority": "high", "due_at": TOMORROW.isoformat(),
        "assignee": "Wanda",
    }  # fmt: skip


async def test_the_card_that_creating_gives_is_the_card_that_is_read(world):
    for actor in (world.team.worker, world.team.manager):
        made = await world.do(tasks.create, actor, draft(world, due_at=TOMORROW))
        read = await world.do(tasks.card, actor, made.id)
        assert made.actions(actor) == read.actions(actor)
        assert made.ref == read.ref


async def test_who_assigns_to_themself_is_not_told(world):
    worker = world.team.worker
    await world.do(tasks.create, worker, draft(world, assignee_id=worker.user_id))
    assert await world.told() == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": ""}, "text-empty"),
        ({"title": "\u200b \u202e"}, "text-empty"),
        ({"title": "x" * 201}, "text-too-long"),
        ({"description": "x" * 4001}, "text-too-long"),
    ],
)
async def test_a_task_of_a_wrong_shape_is_refused_and_takes_no_number(wrong, code, world):
    before = await world.value("select last_number from projects where id = :p", p=world.web)
    with pytest.raises(Invalid, match=code):
        await world.do(tasks.create, world.team.manager, draft(world, **wrong))
    after = await world.value("select last_number from projects where id = :p", p=world.web)
    assert after == before


async def test_a_task_goes_to_those_only_who_work_on_its_project(world):
    walt = await factories.member(world.database, world.team.id, Role.WORKER, "Walt")
    for nobody in (walt, world.team.client):
        with pytest.raises(NotFound, match="member-not-found"):
            await world.do(
                tasks.create, world.team.manager, draft(world, assignee_id=nobody.user_id)
            )
        with pytest.raises(NotFound, match="member-not-found"):
            await world.do(tasks.assign, world.team.manager, world.draft, nobody.user_id)
    await world.do(members.deactivate, world.team.admin, world.team.worker.user_id)
    with pytest.raises(NotFound):
        await world.do(tasks.assign, world.team.manager, world.draft, world.team.worker.user_id)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("title", " Other\n", "Other"),
        ("description", "More", "More"),
        ("priority", "urgent", Priority.URGENT),
        ("due_at", TOMORROW.replace(second=59, microsecond=9), TOMORROW),
    ],
)
async def test_a_part_is_changed_and_noted_with_before_and_after(field, value, stored, world):
    task, manager = world.tasks[Status.NEW], world.team.manager
    before = getattr(await world.do(tasks.card, manager, task), field)
    changed = await world.do(tasks.change, manager, task, field, value)
    assert getattr(changed, field) == stored
    assert getattr(await world.do(tasks.card, manager, task), field) == stored
    (entry,) = await world.audit()
    assert entry.action == f"task.{field}"
    plain = stored.isoformat() if isinstance(stored, datetime) else stored
    assert (entry.before[field], entry.after[field]) == (before, plain)
    await world.do(tasks.change, manager, task, field, value)
    assert len(await world.audit()) == 1


async def test_a_due_date_can_be_taken_away_and_a_description_emptied(world):
    task, manager = world.tasks[Status.NEW], world.team.manager
    await world.do(tasks.change, manager, task, "due_at", TOMORROW)
    assert (await world.do(tasks.change, manager, task, "due_at", None)).due_at is None
    assert (await world.do(tasks.change, manager, task, "description", "")).description == ""


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "text-empty"),
        ("title", "x" * 201, "text-too-long"),
        ("description", "x" * 4001, "text-too-long"),
        ("description", " ", "text-empty"),
        ("priority", "asap", "stale-button"),
    ],
)
async def test_a_value_that_does_not_fit_is_refused(field, value, code, world):
    with pytest.raises(Invalid, match=code):
        await world.do(tasks.change, world.team.manager, world.draft, field, value)


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
async def test_a_closed_task_is_neither_changed_nor_assigned(status, world):
    with pytest.raises(Conflict, match="task-closed"):
        await world.do(tasks.change, world.team.admin, world.tasks[status], "title", "Other")
    with pytest.raises(Conflict, match="task-closed"):
        await world.do(tasks.assign, world.team.admin, world.tasks[status], None)


async def test_a_draft_that_was_started_is_no_draft_any_more(world):
    worker = world.team.worker
    await world.do(tasks.assign, worker, world.draft, worker.user_id)
    await world.do(tasks.move, worker, world.draft, Action.START)
    with pytest.raises(Forbidden):
        await world.do(tasks.change, worker, world.draft, "title", "Other")


SENT = "update outbox set status = 'sent', finished_at = now() returning 1"


async def test_assigning_is_told_to_the_new_assignee_and_taking_back_what_is_not_told_to_nobody(
    world,
):
    task, manager = world.draft, world.team.manager
    assigned = await world.do(tasks.assign, manager, task, world.team.worker.user_id)
    assert assigned.assignee == "Wanda"
    await world.do(tasks.assign, manager, task, world.team.worker.user_id)
    freed = await world.do(tasks.assign, manager, task, None)
    assert (freed.assignee_id, freed.assignee) == (None, None)
    assert await world.told() == [("assigned", "Wanda")]
    assert [(one.before, one.after) for one in await world.audit()] == [
        ({"assignee": None}, {"assignee": "Wanda"}),
        ({"assignee": "Wanda"}, {"assignee": None}),
    ]


async def test_who_loses_a_task_is_told_unless_they_gave_it_away(world):
    worker, manager = world.team.worker, world.team.manager
    await world.do(tasks.assign, manager, world.draft, worker.user_id)
    await world.value(SENT)
    await world.do(tasks.assign, world.team.admin, world.draft, manager.user_id)
    told = [("assigned", "Max"), ("assigned", "Wanda"), ("unassigned", "Wanda")]
    assert await world.told() == told
    await world.value(SENT)
    await world.do(tasks.assign, manager, world.draft, None)
    assert await world.told() == told


async def test_what_was_given_and_ended_before_it_was_told_is_not_told_at_all(world):
    await world.do(tasks.assign, world.team.manager, world.draft, world.team.worker.user_id)
    for action in (Action.CANCEL, Action.REOPEN, Action.CANCEL):
        await world.do(tasks.move, world.team.manager, world.draft, action)
    assert await world.told() == [("assigned", "Wanda")], "which is skipped: it is so no more"
    await world.value(SENT)
    await world.do(tasks.move, world.team.manager, world.draft, Action.REOPEN)
    assert await world.told() == [("assigned", "Wanda"), ("reopened", "Wanda")]


async def test_a_comment_is_told_to_author_assignee_and_those_who_commented(world):
    task = world.tasks[Status.NEW]
    await world.do(tasks.comment, world.team.client, task, "When?")
    assert await world.told() == [("commented", "Max"), ("commented", "Wanda")]
    card = await world.do(tasks.comment, world.team.worker, task, " Soon \n")
    assert [(one.author, one.body) for one in card.comments] == [
        ("Clive", "When?"), ("Wanda", "Soon"),
    ]  # fmt: skip
    assert await world.told() == [
        ("commented", "Clive"), ("commented", "Max"), ("commented", "Max"), ("commented", "Wanda"),
    ]  # fmt: skip


async def test_an_internal_comment_is_nothing_to_a_client(world):
    team, task = world.team, world.tasks[Status.NEW]
    await world.do(tasks.comment, team.client, task, "Hello")
    await world.value("delete from outbox returning id")
    await world.do(tasks.comment, team.worker, task, "A secret", internal=True)
    assert await world.told() == [("commented", "Max")]
    seen = {
        role: [one.body for one in (await world.do(tasks.card, team.actor(role), task)).comments]
        for role in Role
    }
    assert seen[Role.CLIENT] == ["Hello"]
    assert seen[Role.WORKER] == seen[Role.MANAGER] == seen[Role.ADMIN] == ["Hello", "A secret"]
    async with world.database.tenant_session(team.id) as session:
        history = await audit.history(session, "task", task, internal=False)
        everything = await audit.history(session, "task", task, internal=True)
    assert (len(history.items), len(everything.items)) == (1, 2)
    assert not await world.value(
        "select count(*) from audit_logs where after::text like '%secret%'"
    )


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("body", ["", " ", "x" * 4001])
async def test_an_empty_or_endless_comment_is_refused(body, internal, world):
    with pytest.raises(Invalid):
        await world.do(
            tasks.comment, world.team.worker, world.tasks[Status.NEW], body, internal=internal
        )


async def test_a_card_shows_the_newest_three_comments_oldest_first(world):
    task = world.tasks[Status.NEW]
    for number in range(5):
        last = await world.do(tasks.comment, world.team.worker, task, f"No {number}")
    card = await world.do(tasks.card, world.team.admin, task)
    assert [one.body for one in card.comments] == ["No 2", "No 3", "No 4"]
    assert [one.body for one in last.comments] == ["No 2", "No 3", "No 4"]
    assert timedelta(0) <= datetime.now(UTC) - card.comments[-1].at < timedelta(minutes=1)


async def test_history_is_newest_first_and_paged(world):
    task, manager = world.tasks[Status.NEW], world.team.manager
    for number in range(20):
        await world.do(tasks.change, manager, task, "title", f"Title {number}")
    async with world.database.tenant_session(world.team.id) as session:
        history = await audit.history(session, "task", task, internal=True)
        rest = await audit.history(session, "task", task, Cursor.parse(history.next), internal=True)
    titles = [one.after["title"] for one in (*history.items, *rest.items)]
    assert titles == [f"Title {n}" for n in range(19, -1, -1)]
    assert (len(history.items), rest.next) == (15, "")


async def test_an_audit_row_carries_the_request_that_caused_it(world):
    with context.bound(user=1) as request_id:
        await world.do(project_changes.rename, world.team.admin, world.web, "Site")
    (entry,) = await world.audit()
    assert entry.request_id == request_id


async def test_audit_and_outbox_are_gone_when_the_change_is_rolled_back(world):
    with pytest.raises(RuntimeError):
        async with world.database.tenant_session(world.team.id) as session:
            await tasks.assign(session, world.team.manager, world.draft, world.team.worker.user_id)
            raise RuntimeError
    assert (await world.audit(), await world.told()) == ([], [])
