"""Tags, checklist and copies of a task: who may, what is refused, what is left in its history."""

import asyncio

import pytest

from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.tags import TagEdit
from saas_bot.domain.task_flow import Action, Priority, Status
from saas_bot.services import tasks
from tests import factories
from tests.services.conftest import World

PUMP = TagEdit(added=("pump",))


async def tags_of(world: World, task: int) -> tuple[str, ...]:
    return (await world.do(tasks.card, world.team.admin, task)).tags


async def items_of(world: World, task: int) -> list[tuple[str, bool]]:
    listed = await world.do(tasks.checklist, world.team.admin, task)
    assert (listed.task.items, listed.task.items_done) == (
        len(listed.items), sum(one.done for one in listed.items)
    )  # fmt: skip
    return [(one.text, one.done) for one in listed.items]


async def first_item(world: World, task: int, words: str = "Buy a seal") -> int:
    listed = await world.do(tasks.add_items, world.team.admin, task, words)
    return listed.items[0].id


# Tags


async def test_tags_are_added_and_removed_and_stand_in_the_history(world):
    task = world.tasks[Status.NEW]
    for edit in (TagEdit(("pump", "urgent", "old")), TagEdit(("pump",), ("old", "never"))):
        changed = await world.do(tasks.retag, world.team.manager, task, edit)
    assert changed.tags == ("pump", "urgent") == await tags_of(world, task)
    told = [(one.action, one.before, one.after) for one in await world.audit()]
    assert told == [
        ("task.tags", {"tags": None}, {"tags": "#old #pump #urgent"}),
        ("task.tags", {"tags": "#old #pump #urgent"}, {"tags": "#pump #urgent"}),
    ]


async def test_what_changes_nothing_leaves_no_trace(world):
    task = world.tasks[Status.NEW]
    await world.do(tasks.retag, world.team.manager, task, PUMP)
    await world.do(tasks.retag, world.team.manager, task, TagEdit(("pump",), ("never",)))
    assert len(await world.audit()) == 1


async def test_a_task_has_ten_tags_at_most(world):
    task = world.tasks[Status.NEW]
    ten = tuple(f"t{n}" for n in range(10))
    await world.do(tasks.retag, world.team.manager, task, TagEdit(ten))
    with pytest.raises(Invalid, match="tags-too-many"):
        await world.do(tasks.retag, world.team.manager, task, PUMP)
    await world.do(tasks.retag, world.team.manager, task, TagEdit(("pump",), ("t0",)))
    assert len(await tags_of(world, task)) == 10


async def test_two_who_tag_at_once_do_not_pass_the_limit_together(world):
    task = world.tasks[Status.NEW]
    nine = tuple(f"t{n}" for n in range(9))
    await world.do(tasks.retag, world.team.manager, task, TagEdit(nine))
    both = await asyncio.gather(
        world.do(tasks.retag, world.team.manager, task, TagEdit(("a",))),
        world.do(tasks.retag, world.team.admin, task, TagEdit(("b",))),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Invalid) for one in both) == 1
    assert len(await tags_of(world, task)) == 10


@pytest.mark.parametrize("role", Role)
async def test_tags_and_items_are_changed_by_those_who_edit_the_task(world, role):
    actor, task = world.team.actor(role), world.tasks[Status.NEW]
    item = await first_item(world, task)
    changes = (
        lambda: world.do(tasks.retag, actor, task, PUMP),
        lambda: world.do(tasks.add_items, actor, task, "Call"),
        lambda: world.do(tasks.rename_item, actor, task, item, "Buy two seals"),
        lambda: world.do(tasks.remove_item, actor, task, item),
    )
    for change in changes:
        if role in (Role.ADMIN, Role.MANAGER):
            await change()
        else:
            with pytest.raises(Forbidden):
                await change()


async def test_a_worker_tags_and_lists_her_own_draft(world):
    worker = world.team.worker
    await world.do(tasks.retag, worker, world.draft, PUMP)
    await world.do(tasks.add_items, worker, world.draft, "One\nTwo")
    assert await items_of(world, world.draft) == [("One", False), ("Two", False)]


async def test_frequent_tags_come_first_and_only_from_within_reach(world):
    manager, worker = world.team.manager, world.team.worker
    await world.do(tasks.retag, manager, world.tasks[Status.NEW], TagEdit(("pump", "blue")))
    await world.do(tasks.retag, manager, world.tasks[Status.REVIEW], PUMP)
    await world.do(tasks.retag, manager, world.elsewhere, TagEdit(("secret",)))
    assert (await world.do(tasks.frequent, manager))[0] == "pump"
    assert "secret" in await world.do(tasks.frequent, manager)
    assert set(await world.do(tasks.frequent, worker)) == {"pump", "blue"}


# The checklist


async def test_items_keep_their_order_and_are_ticked_renamed_and_removed(world):
    task, manager = world.tasks[Status.IN_PROGRESS], world.team.manager
    listed = await world.do(tasks.add_items, manager, task, "Drain\n\n  Open <it> \nClose")
    drain, opened, _ = (one.id for one in listed.items)
    await world.do(tasks.tick, world.team.worker, task, drain, done=True)
    await world.do(tasks.rename_item, manager, task, opened, "Open it")
    await world.do(tasks.add_items, manager, task, "Test")
    assert await items_of(world, task) == [
        ("Drain", True), ("Open it", False), ("Close", False), ("Test", False)
    ]  # fmt: skip
    await world.do(tasks.tick, world.team.worker, task, drain, done=False)
    await world.do(tasks.remove_item, manager, task, drain)
    assert [text for text, _ in await items_of(world, task)] == ["Open it", "Close", "Test"]
    told = [(one.action.removeprefix("task."), one.actor_name) for one in await world.audit()]
    assert told == [
        ("item_added", "Max"), ("item_ticked", "Wanda"), ("item_renamed", "Max"),
        ("item_added", "Max"), ("item_unticked", "Wanda"), ("item_removed", "Max"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
async def test_items_are_ticked_by_leaders_and_by_the_assignee(world, role):
    actor = world.team.actor(role)
    for task, may in (
        (world.tasks[Status.IN_PROGRESS], role is not Role.CLIENT),
        (world.draft, role in (Role.ADMIN, Role.MANAGER)),
    ):
        item = await first_item(world, task)
        if may:
            listed = await world.do(tasks.tick, actor, task, item, done=True)
            assert listed.items[0].done
        else:
            with pytest.raises(Forbidden):
                await world.do(tasks.tick, actor, task, item, done=True)


async def test_ticking_twice_is_one_change(world):
    task = world.tasks[Status.IN_PROGRESS]
    item = await first_item(world, task)
    for _ in range(2):
        await world.do(tasks.tick, world.team.worker, task, item, done=True)
    assert [one.action for one in await world.audit()] == ["task.item_added", "task.item_ticked"]


@pytest.mark.parametrize(
    ("words", "code"),
    [("", "text-empty"), (" \n ", "text-empty"), ("fine\n" + "x" * 201, "text-too-long"),
     ("x\n" * 51, "items-too-many")],
)  # fmt: skip
async def test_items_that_do_not_fit_are_refused_all_together(world, words, code):
    task = world.tasks[Status.NEW]
    with pytest.raises(Invalid, match=code):
        await world.do(tasks.add_items, world.team.manager, task, words)
    assert await items_of(world, task) == []


async def test_two_who_add_items_at_once_do_not_pass_the_limit_together(world):
    task = world.tasks[Status.NEW]
    await world.do(tasks.add_items, world.team.manager, task, "x\n" * 49)
    both = await asyncio.gather(
        world.do(tasks.add_items, world.team.manager, task, "a"),
        world.do(tasks.add_items, world.team.admin, task, "b"),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Invalid) for one in both) == 1
    assert len(await items_of(world, task)) == 50


async def test_an_item_of_another_task_is_not_found(world):
    item = await first_item(world, world.tasks[Status.NEW])
    for change in (
        lambda: world.do(tasks.tick, world.team.admin, world.draft, item, done=True),
        lambda: world.do(tasks.rename_item, world.team.admin, world.draft, item, "Mine"),
        lambda: world.do(tasks.remove_item, world.team.admin, world.draft, item),
    ):
        with pytest.raises(NotFound, match="item-not-found"):
            await change()


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
async def test_a_closed_task_keeps_its_parts(world, status):
    task = world.tasks[status]
    for change in (
        lambda: world.do(tasks.retag, world.team.admin, task, PUMP),
        lambda: world.do(tasks.add_items, world.team.admin, task, "More"),
    ):
        with pytest.raises(Conflict, match="task-closed"):
            await change()


async def test_nothing_of_another_company_can_be_reached(world, database):
    other = await factories.company(database, "Globex")
    task = world.tasks[Status.NEW]
    item = await first_item(world, task)
    for change in (
        lambda: world.do(tasks.retag, other.admin, task, PUMP),
        lambda: world.do(tasks.checklist, other.admin, task),
        lambda: world.do(tasks.add_items, other.admin, task, "Mine"),
        lambda: world.do(tasks.tick, other.admin, task, item, done=True),
        lambda: world.do(tasks.copy, other.admin, task),
    ):
        with pytest.raises(NotFound, match="task-not-found"):
            await change()
    assert await world.do(tasks.frequent, other.admin) == []


async def test_a_client_sees_the_checklist_of_his_project(world):
    await first_item(world, world.tasks[Status.NEW])
    listed = await world.do(tasks.checklist, world.team.client, world.tasks[Status.NEW])
    assert [one.text for one in listed.items] == ["Buy a seal"]
    with pytest.raises(NotFound):
        await world.do(tasks.checklist, world.team.client, world.elsewhere)


# Copies


async def full_task(world: World) -> int:
    manager = world.team.manager
    made = await world.do(
        tasks.create,
        manager,
        tasks.Draft(
            project_id=world.web,
            title="Fix the pump",
            description="It drips",
            priority=Priority.HIGH,
            assignee_id=world.team.worker.user_id,
            tags=("pump", "blue"),
        ),
    )
    listed = await world.do(tasks.add_items, manager, made.id, "Drain\nOpen\nClose")
    await world.do(tasks.tick, manager, made.id, listed.items[0].id, done=True)
    await world.do(tasks.comment, manager, made.id, "Hurry")
    await world.do(tasks.move, world.team.worker, made.id, Action.START)
    await world.do(tasks.move, world.team.worker, made.id, Action.SUBMIT)
    return made.id


async def test_a_copy_has_the_parts_but_nothing_of_what_happened(world):
    source = await full_task(world)
    copied = await world.do(tasks.copy, world.team.admin, source)
    read = await world.do(tasks.card, world.team.admin, copied.id)
    assert (read.ref, read.title, read.description) == ("WEB-8", "Fix the pump", "It drips")
    assert (read.status, read.priority, read.due_at) == (Status.NEW, Priority.HIGH, None)
    assert (read.assignee, read.author) == ("Wanda", "Ada")
    assert read.tags == ("blue", "pump")
    assert await items_of(world, copied.id) == [("Drain", False), ("Open", False), ("Close", False)]
    assert (read.comments, read.review) == ((), None)
    assert (copied.ref, copied.tags, copied.items, copied.assignee) == (
        read.ref, read.tags, read.items, read.assignee
    )  # fmt: skip
    created = (await world.audit())[-1]
    assert (created.action, created.entity_id) == ("task.created", copied.id)
    assert created.after["copied_from"] == "WEB-7"
    assert (await world.told()).count(("assigned", "Wanda")) == 2


async def test_who_can_not_work_there_any_more_does_not_get_the_copy(world):
    source = await full_task(world)
    await world.value(
        "delete from project_members where user_id = :u returning 1", u=world.team.worker.user_id
    )
    copied = await world.do(tasks.copy, world.team.manager, source)
    assert copied.assignee_id is None
    assert (await world.do(tasks.card, world.team.manager, copied.id)).assignee_id is None


async def test_copies_are_for_those_who_create_tasks_there(world):
    task = world.tasks[Status.DONE]
    copied = await world.do(tasks.copy, world.team.worker, task)
    assert copied.author == "Wanda"
    with pytest.raises(Forbidden):
        await world.do(tasks.copy, world.team.client, task)
    with pytest.raises(NotFound):
        await world.do(tasks.copy, world.team.worker, world.elsewhere)


async def test_nothing_is_copied_in_an_archived_project(world):
    await world.value(
        "update projects set status = 'archived' where id = :p returning 1", p=world.web
    )
    with pytest.raises(Conflict, match="project-archived"):
        await world.do(tasks.copy, world.team.admin, world.tasks[Status.NEW])


# Mentions


@pytest.mark.parametrize(
    ("words", "mentioned"),
    [
        ("@wanda look", {"Wanda"}),
        ("Ask @Walt Smith, please", {"Walt Smith"}),
        ("Ask @walt_smith.", {"Walt Smith"}),
        ("@Walt and @clive!", {"Walt Smith", "Clive"}),
        ("@wilma_w is not attached", set()),
        ("mail@wanda.com and Wanda", set()),
        ("@nobody @ @@wanda", set()),
        ("@Max (oneself)", set()),
    ],
)
async def test_those_mentioned_are_told_so_and_nobody_is_told_twice(world, words, mentioned):
    team, database = world.team, world.database
    walt = await factories.member(database, team.id, Role.WORKER, "Walt Smith")
    await factories.member(database, team.id, Role.WORKER, "Wilma", username="wilma_w")
    await world.value(
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)"
        " returning 1", c=team.id, p=world.web, u=walt.user_id,
    )  # fmt: skip
    await world.do(tasks.comment, team.manager, world.tasks[Status.NEW], words)
    told = await world.told()
    assert {name for kind, name in told if kind == "mentioned"} == mentioned
    assert ("commented", "Wanda") in told or "Wanda" in mentioned, "she is the assignee"
    assert len({name for _, name in told}) == len(told)


async def test_a_client_never_hears_of_an_internal_mention(world):
    for internal in (True, False):
        await world.do(
            tasks.comment,
            world.team.manager,
            world.tasks[Status.NEW],
            "@clive @wanda",
            internal=internal,
        )
    assert await world.told() == [
        ("mentioned", "Clive"),
        ("mentioned", "Wanda"),
        ("mentioned", "Wanda"),
    ]


async def test_someone_of_another_company_is_never_mentioned(world, database):
    other = await factories.company(database, "Globex")
    await factories.member(database, other.id, Role.ADMIN, "Zoe", username="zoe_z")
    await world.do(tasks.comment, world.team.manager, world.tasks[Status.NEW], "@zoe_z @Zoe")
    assert {name for _, name in await world.told()} == {"Wanda"}


# Whom a line calls


async def test_a_person_is_called_by_what_means_nobody_else(world):
    team, database = world.team, world.database
    named = {
        "Max": ("max", "Max"),
        "Anna Petrova": ("anna", "Anna_Petrova"),
        "Ян": ("zzz", None),
    }
    people = {}
    for name in ("Anna Petrova", "Ян"):
        people[name] = await factories.member(database, team.id, Role.MANAGER, name)
    people["Max"] = team.manager
    for name, (handle, call) in named.items():
        offers = await world.do(tasks.offers, team.admin, world.web, handle)
        expected = people[name] if call else None
        assert (offers.called and offers.called.id) == (expected and expected.user_id)
        found = await world.do(tasks.worker, team.admin, world.web, people[name].user_id)
        assert found.call == (call or str(people[name].user_id))
        again = await world.do(tasks.offers, team.admin, world.web, found.call)
        assert again.called == found


async def test_of_two_of_the_same_name_neither_is_guessed(world):
    team, database = world.team, world.database
    twins = [await factories.member(database, team.id, Role.MANAGER, "Anna") for _ in range(2)]
    assert (await world.do(tasks.offers, team.admin, world.web, "anna")).called is None
    for one in twins:
        found = await world.do(tasks.worker, team.admin, world.web, one.user_id)
        assert found.call == str(one.user_id)
        assert (await world.do(tasks.offers, team.admin, world.web, found.call)).called == found


async def test_a_username_goes_before_a_name_and_an_id_before_both(world):
    team, database = world.team, world.database
    await factories.member(database, team.id, Role.MANAGER, "anna")
    boris = await factories.member(database, team.id, Role.MANAGER, "Boris", username="Anna")
    liar = await factories.member(database, team.id, Role.MANAGER, str(boris.user_id))
    offers = await world.do(tasks.offers, team.admin, world.web, "ANNA")
    assert offers.called.id == boris.user_id
    assert offers.called.call == "Boris", "the other one goes by anna, too"
    offers = await world.do(tasks.offers, team.admin, world.web, str(boris.user_id))
    assert offers.called.id == boris.user_id != liar.user_id


async def test_nobody_is_offered_who_can_not_work_on_the_project(world):
    offers = await world.do(tasks.offers, world.team.admin, world.ops, "wanda")
    assert offers.called is None
    assert {one.name for one in offers.people} == {"Ada", "Max"}
    assert {key for _, key in offers.projects} == {"WEB"}
    with pytest.raises(NotFound):
        await world.do(tasks.worker, world.team.admin, world.ops, world.team.worker.user_id)
    with pytest.raises(Forbidden):
        await world.do(tasks.offers, world.team.client, world.web, "")
