"""The states of a task: every action from every state, by everybody."""

import pytest

from saas_bot.core.errors import Conflict
from saas_bot.domain.permissions import Role, Standing
from saas_bot.domain.task_flow import OPEN, WAYS, Action, Status, actions, target

NEW, GOING, REVIEW = Status.NEW, Status.IN_PROGRESS, Status.REVIEW
DONE, CANCELLED = Status.DONE, Status.CANCELLED

# product.md, "Tasks": the only ways between the states.
PRODUCT = {
    ("new", "start"): "in_progress",
    ("in_progress", "submit"): "review",
    ("review", "accept"): "done",
    ("review", "return"): "in_progress",
    ("new", "cancel"): "cancelled",
    ("in_progress", "cancel"): "cancelled",
    ("review", "cancel"): "cancelled",
    ("done", "reopen"): "in_progress",
    ("cancelled", "reopen"): "in_progress",
}

ASSIGNEE = Standing(in_project=True, is_assignee=True, is_author=False, is_new=False)
BYSTANDER = Standing(in_project=True, is_assignee=False, is_author=False, is_new=False)
OUTSIDER = Standing(in_project=False, is_assignee=False, is_author=False, is_new=False)
DETACHED_ASSIGNEE = Standing(in_project=False, is_assignee=True, is_author=True, is_new=True)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_an_action_leads_where_product_md_says_or_nowhere(action, status):
    expected = PRODUCT.get((status, action))
    if expected is None:
        with pytest.raises(Conflict, match="task-already-moved") as refused:
            target(action, status)
        assert refused.value.params == {"status": status}
    else:
        assert target(action, status) == expected


def test_every_action_has_its_way():
    assert set(WAYS) == set(Action)


def test_open_are_the_tasks_that_are_neither_done_nor_cancelled():
    assert set(OPEN) == set(Status) - {DONE, CANCELLED}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
@pytest.mark.parametrize("standing", [ASSIGNEE, BYSTANDER, OUTSIDER])
@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (NEW, ["start", "cancel"]),
        (GOING, ["submit", "cancel"]),
        (REVIEW, ["accept", "return", "cancel"]),
        (DONE, ["reopen"]),
        (CANCELLED, ["reopen"]),
    ],
)
def test_admins_and_managers_take_every_way_wherever_they_stand(role, standing, status, offered):
    assert actions(role, standing, status) == offered


@pytest.mark.parametrize(
    ("status", "offered"),
    [(NEW, ["start"]), (GOING, ["submit"]), (REVIEW, []), (DONE, []), (CANCELLED, [])],
)
def test_the_assigned_worker_starts_and_submits(status, offered):
    assert actions(Role.WORKER, ASSIGNEE, status) == offered


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("standing", [BYSTANDER, OUTSIDER, DETACHED_ASSIGNEE])
def test_a_worker_moves_no_task_that_is_not_theirs_in_their_projects(standing, status):
    assert actions(Role.WORKER, standing, status) == []


@pytest.mark.parametrize("status", Status)
def test_a_client_of_the_project_decides_reviews_and_nothing_else(status):
    expected = ["accept", "return"] if status is REVIEW else []
    assert actions(Role.CLIENT, BYSTANDER, status) == expected
    assert actions(Role.CLIENT, ASSIGNEE, status) == expected


@pytest.mark.parametrize("status", Status)
def test_a_client_of_another_project_decides_nothing(status):
    assert actions(Role.CLIENT, OUTSIDER, status) == []
