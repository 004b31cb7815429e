"""A task on its way: who hears of it, what evidence remains, and two who act at once."""

import asyncio

import pytest

from saas_bot.core.errors import AppError, Conflict, Invalid
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import attachments, members, tasks
from tests import factories
from tests.services.conftest import until_blocked

NEW, GOING, REVIEW, DONE, CANCELLED = Status

REVIEWS = """
    select jsonb_agg(jsonb_build_object('number', number, 'by', submitter_name, 'comment', comment,
        'decision', decision, 'decider', decided_by_name, 'role', decided_by_role,
        'reason', reason) order by number)
    from reviews where task_id = :task
"""


async def test_a_task_from_start_to_acceptance_with_one_return(world):
    team, task = world.team, world.tasks[NEW]
    await world.do(tasks.move, team.worker, task, Action.START)
    await world.do(tasks.move, team.worker, task, Action.SUBMIT, "First try")
    returned = await world.do(tasks.move, team.client, task, Action.RETURN, " Still drips ")
    assert (returned.status, returned.review.reason) == (GOING, "Still drips")
    await world.do(tasks.move, team.worker, task, Action.SUBMIT)
    accepted = await world.do(tasks.move, team.client, task, Action.ACCEPT)
    assert (accepted.status, accepted.review.decision) == (DONE, "accepted")
    assert await world.value(REVIEWS, task=task) == [
        {"number": 1, "by": "Wanda", "comment": "First try", "decision": "returned",
         "decider": "Clive", "role": "client", "reason": "Still drips"},
        {"number": 2, "by": "Wanda", "comment": None, "decision": "accepted",
         "decider": "Clive", "role": "client", "reason": None},
    ]  # fmt: skip
    assert [one.action for one in await world.audit()] == [
        "task.start", "task.submit", "task.return", "task.submit", "task.accept",
    ]  # fmt: skip
    assert await world.value("select closed_at is not null from tasks where id = :t", t=task)


async def test_what_the_card_says_after_a_move_is_what_is_stored(world):
    for action, task, words in (
        (Action.START, world.draft, None),
        (Action.SUBMIT, world.tasks[GOING], "See"),
        (Action.RETURN, world.tasks[REVIEW], "No"),
        (Action.REOPEN, world.tasks[DONE], None),
        (Action.CANCEL, world.tasks[NEW], None),
    ):
        moved = await world.do(tasks.move, world.team.manager, task, action, words)
        assert moved == await world.do(tasks.card, world.team.manager, task)


async def test_a_managers_acceptance_is_recorded_as_the_managers(world):
    await world.do(tasks.move, world.team.manager, world.tasks[REVIEW], Action.ACCEPT)
    (review,) = await world.value(REVIEWS, task=world.tasks[REVIEW])
    assert (review["decider"], review["role"]) == ("Max", "manager")


async def test_who_starts_a_task_of_nobody_is_its_assignee(world):
    moved = await world.do(tasks.move, world.team.manager, world.draft, Action.START)
    assert (moved.assignee_id, moved.assignee) == (world.team.manager.user_id, "Max")
    (entry,) = await world.audit()
    assert entry.after == {"status": "in_progress", "assignee": "Max"}


@pytest.mark.parametrize(
    ("status", "action", "by", "told"),
    [
        (NEW, Action.START, Role.WORKER, []),
        # Clients decide, and the author hears too; the submitter knows already.
        (GOING, Action.SUBMIT, Role.WORKER, [("submitted", "Clive"), ("submitted", "Max")]),
        (REVIEW, Action.ACCEPT, Role.CLIENT, [("accepted", "Max"), ("accepted", "Wanda")]),
        (REVIEW, Action.ACCEPT, Role.MANAGER, [("accepted", "Clive"), ("accepted", "Wanda")]),
        (REVIEW, Action.RETURN, Role.CLIENT, [("returned", "Max"), ("returned", "Wanda")]),
        (GOING, Action.CANCEL, Role.MANAGER, [("cancelled", "Wanda")]),
        # Whoever did the work and whoever was to accept it need not wait any more.
        (REVIEW, Action.CANCEL, Role.MANAGER, [("cancelled", "Clive"), ("cancelled", "Wanda")]),
        (DONE, Action.REOPEN, Role.ADMIN, [("reopened", "Wanda")]),
    ],
)
async def test_a_move_is_told_to_those_concerned_and_not_to_who_made_it(
    status, action, by, told, world
):
    actor = world.team.actor(by)
    await world.do(tasks.move, actor, world.tasks[status], action, "Because")
    assert await world.told() == told
    if told[:1] and len(told) == 1:
        said = {"task_id": world.tasks[status], "by": actor.account.name, "words": "Because"}
        submitted = {"review": 1} if status is DONE else {}
        assert (await world.message()).payload == {**said, **submitted}


async def test_where_a_project_has_no_client_the_leaders_are_asked_to_review(world):
    await world.do(
        attachments.attach, world.team.admin, world.web, world.team.client.user_id, attached=False
    )
    await world.do(tasks.move, world.team.worker, world.tasks[GOING], Action.SUBMIT)
    assert await world.told() == [
        ("submitted", "Ada"), ("detached", "Clive"), ("submitted", "Max"),
    ]  # fmt: skip


async def test_a_deactivated_client_is_not_asked_and_the_leaders_are(world):
    await world.do(members.deactivate, world.team.admin, world.team.client.user_id)
    await world.do(tasks.move, world.team.worker, world.tasks[GOING], Action.SUBMIT)
    assert await world.told() == [
        ("submitted", "Ada"), ("deactivated", "Clive"), ("submitted", "Max"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [None, "", "  ", "\u200b", "x" * 1001])
async def test_a_return_needs_a_reason_of_a_decent_length(words, world):
    with pytest.raises(Invalid, match="text-empty|text-too-long"):
        await world.do(tasks.move, world.team.client, world.tasks[REVIEW], Action.RETURN, words)
    assert (await world.do(tasks.card, world.team.client, world.tasks[REVIEW])).status is REVIEW


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
async def test_a_way_that_is_none_is_a_conflict_that_says_where_the_task_stands(
    action, status, world
):
    ways = {
        NEW: {"start", "cancel"},
        GOING: {"submit", "cancel"},
        REVIEW: {"accept", "return", "cancel"},
        DONE: {"reopen"},
        CANCELLED: {"reopen"},
    }
    move = world.do(tasks.move, world.team.admin, world.tasks[status], action, "Because")
    if action in ways[status]:
        assert (await move).status is not status
        return
    with pytest.raises(Conflict, match="task-already-moved") as refused:
        await move
    assert refused.value.params == {"status": status, "who": "someone", "by": "", "did": ""}
    assert (await world.audit(), await world.told()) == ([], [])


async def test_a_withdrawn_review_keeps_its_place_and_the_next_has_the_next_number(world):
    admin, task = world.team.admin, world.tasks[REVIEW]
    for action in (Action.CANCEL, Action.REOPEN, Action.SUBMIT, Action.ACCEPT):
        await world.do(tasks.move, admin, task, action)
    decisions = [(one["number"], one["decision"]) for one in await world.value(REVIEWS, task=task)]
    assert decisions == [(1, "withdrawn"), (2, "accepted")]


async def test_a_reopened_task_is_open_again(world):
    moved = await world.do(tasks.move, world.team.admin, world.tasks[DONE], Action.REOPEN)
    assert moved.is_open
    closed = await world.value("select closed_at from tasks where id = :t", t=world.tasks[DONE])
    assert closed is None


@pytest.mark.parametrize("second", [Action.ACCEPT, Action.RETURN])
async def test_of_two_who_decide_one_review_at_once_one_wins(second, world):
    task, both_open = world.tasks[REVIEW], asyncio.Barrier(2)

    async def decide(actor, action: Action) -> None:
        async with world.database.tenant_session(actor.company_id) as session:
            await both_open.wait()
            await tasks.move(session, actor, task, action, "Because")

    outcomes = await asyncio.gather(
        decide(world.team.client, Action.ACCEPT),
        decide(world.team.manager, second),
        return_exceptions=True,
    )
    (error,) = [one for one in outcomes if one is not None]
    assert (type(error), error.code) == (Conflict, "task-already-moved")
    assert len(await world.audit()) == 1
    (review,) = await world.value(REVIEWS, task=task)
    assert review["decision"] in ("accepted", "returned")


async def test_of_ten_clicks_on_submit_one_makes_a_review(world):
    task = world.tasks[GOING]
    outcomes = await asyncio.gather(
        *(world.do(tasks.move, world.team.worker, task, Action.SUBMIT) for _ in range(10)),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert (len(refused), {type(one) for one in refused}) == (9, {Conflict})
    assert len(await world.value(REVIEWS, task=task)) == 1


async def test_a_cancellation_that_waited_for_a_submission_withdraws_its_review(world):
    team, task = world.team, world.tasks[GOING]
    async with world.database.tenant_session(team.id) as session:
        await tasks.move(session, team.worker, task, Action.SUBMIT)
        later = asyncio.create_task(world.do(tasks.move, team.manager, task, Action.CANCEL))
        await until_blocked(world.database)
    assert (await later).status is CANCELLED
    (review,) = await world.value(REVIEWS, task=task)
    assert review["decision"] == "withdrawn"
    for action in (Action.REOPEN, Action.SUBMIT, Action.ACCEPT):
        await world.do(tasks.move, team.admin, task, action)


async def test_a_decision_that_waited_is_not_about_a_newer_submission(world):
    team, task = world.team, world.tasks[REVIEW]
    async with world.database.tenant_session(team.id) as session:
        await tasks.move(session, team.manager, task, Action.RETURN, "Once more")
        await tasks.move(session, team.worker, task, Action.SUBMIT)
        later = asyncio.create_task(world.do(tasks.move, team.client, task, Action.ACCEPT, seen=1))
        await until_blocked(world.database)
    with pytest.raises(Conflict, match="newer-submission"):
        await later
    await world.do(tasks.move, team.client, task, Action.ACCEPT, seen=2)
    decisions = [(one["number"], one["decision"]) for one in await world.value(REVIEWS, task=task)]
    assert decisions == [(1, "returned"), (2, "accepted")]


async def test_who_was_detached_meanwhile_can_no_longer_decide(world):
    client = world.team.client
    await world.do(attachments.attach, world.team.admin, world.web, client.user_id, attached=False)
    with pytest.raises(AppError, match="task-not-found"):
        await world.do(tasks.move, client, world.tasks[REVIEW], Action.ACCEPT)


BUDGET = {
    Action.START: (NEW, 4),
    Action.SUBMIT: (GOING, 5),
    Action.ACCEPT: (REVIEW, 5),
    Action.RETURN: (REVIEW, 5),
    Action.CANCEL: (REVIEW, 5),
    Action.REOPEN: (DONE, 6),
}


@pytest.mark.parametrize("action", Action)
async def test_a_move_takes_few_statements(action, world, statements):
    status, most = BUDGET[action]
    with statements() as said:
        await world.do(tasks.move, world.team.admin, world.tasks[status], action, "Because")
    assert len(said) <= most, said.verbs


async def test_people_of_another_company_hear_nothing(world):
    await factories.company(world.database, "Strangers")
    await world.do(tasks.move, world.team.worker, world.tasks[GOING], Action.SUBMIT)
    strangers = await world.value(
        "select count(*) from outbox where company_id <> :ours", ours=world.team.id
    )
    assert strangers == 0
