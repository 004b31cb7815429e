"""The permissions table, held against product.md: every role and permission spelled out."""

import pytest

from saas_bot.core.errors import Forbidden, LimitReached
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import (
    LOOKS,
    TABLE,
    WAYS_OUT,
    Permission,
    Reach,
    Role,
    Standing,
    covers,
    may,
    may_manage,
    reach,
)

# admin, manager, worker, client, in the words of product.md; "-" is nothing.
PRODUCT = {
    "account": ("all", "all", "all", "all"),
    "company.settings": ("all", "-", "-", "-"),
    "company.delete": ("all", "-", "-", "-"),
    "billing": ("all", "-", "-", "-"),
    "audit.see": ("all", "-", "-", "-"),
    "member.role": ("all", "-", "-", "-"),
    "member.see": ("all", "all", "-", "-"),
    "member.invite": ("all", "workers, clients", "-", "-"),
    "member.deactivate": ("all", "workers, clients", "-", "-"),
    "project.manage": ("all", "all", "-", "-"),
    "project.archive": ("all", "all", "-", "-"),
    "project.delete": ("all", "-", "-", "-"),
    "project.see": ("all", "all", "own projects", "own projects"),
    "task.see": ("all", "all", "own projects", "own projects"),
    "task.create": ("all", "all", "own projects", "-"),
    "task.edit": ("all", "all", "own drafts", "-"),
    "task.assign": ("all", "all", "own drafts", "-"),
    "task.cancel": ("all", "all", "-", "-"),
    "task.reopen": ("all", "all", "-", "-"),
    "task.work": ("all", "all", "assigned to them", "-"),
    "task.tick": ("all", "all", "assigned to them", "-"),
    "task.comment": ("all", "all", "own projects", "own projects"),
    "comment.edit": ("own comments",) * 4,
    "comment.delete": ("all", "all", "own comments", "own comments"),
    "task.attach": ("all", "all", "own projects", "own projects"),
    "review.decide": ("all", "all", "-", "own projects"),
    "file.download": ("all", "all", "own projects", "own projects, unless marked internal"),
    "file.change": ("all", "all", "own files", "own files"),
    "evidence.delete": ("all", "-", "-", "-"),
    "internal.see": ("all", "all", "all", "-"),
    "reports": ("all", "all", "own work", "own projects"),
}
CELLS = [
    pytest.param(Role(role), Permission(permission), word, id=f"{permission}-{role}")
    for permission, words in PRODUCT.items()
    for role, word in zip(("admin", "manager", "worker", "client"), words, strict=True)
]

# (in project, is assignee, is author, is new, wrote the comment)
STANDINGS = [
    Standing(in_project, assignee, author, new, wrote)
    for in_project in (False, True)
    for assignee in (False, True)
    for author in (False, True)
    for new in (False, True)
    for wrote in (False, True)
]
NEEDED = {
    "-": lambda _: False,
    "all": lambda _: True,
    "own projects": lambda s: s.in_project,
    "own projects, unless marked internal": lambda s: s.in_project,
    "own drafts": lambda s: s.in_project and s.is_author and s.is_new,
    "assigned to them": lambda s: s.in_project and s.is_assignee,
    "own work": lambda s: s.in_project and s.is_assignee,
    "own comments": lambda s: s.wrote_comment,
    "own files": lambda _: False,
    "workers, clients": lambda _: False,
}


def test_nothing_is_in_the_table_that_product_md_does_not_name():
    assert {str(permission) for permission in TABLE} == set(PRODUCT) == set(Permission)


@pytest.mark.parametrize(("role", "permission", "word"), CELLS)
def test_a_role_reaches_exactly_as_far_as_product_md_says(role, permission, word):
    assert reach(role, permission) == ("none" if word == "-" else word)
    assert may(role, permission) is (word != "-")


@pytest.mark.parametrize(("role", "permission", "word"), CELLS)
def test_a_permission_covers_the_tasks_within_its_reach_and_no_other(role, permission, word):
    covered = [one for one in STANDINGS if covers(role, permission, one)]
    assert covered == [one for one in STANDINGS if NEEDED[word](one)]


@pytest.mark.parametrize("permission", [Permission.MEMBER_INVITE, Permission.MEMBER_DEACTIVATE])
@pytest.mark.parametrize(
    ("role", "others"),
    [
        (Role.ADMIN, {Role.ADMIN, Role.MANAGER, Role.WORKER, Role.CLIENT}),
        (Role.MANAGER, {Role.WORKER, Role.CLIENT}),
        (Role.WORKER, set()),
        (Role.CLIENT, set()),
    ],
)
def test_managers_invite_and_deactivate_workers_and_clients_and_admins_anyone(
    role, others, permission
):
    assert {other for other in Role if may_manage(role, permission, other)} == others


def test_only_admins_change_roles_and_then_anyones():
    managed = {
        (role, other)
        for role in Role
        for other in Role
        if may_manage(role, Permission.MEMBER_ROLE, other)
    }
    assert managed == {(Role.ADMIN, other) for other in Role}


def test_clients_never_see_what_is_internal_and_everybody_else_does():
    assert [role for role in Role if may(role, Permission.INTERNAL_SEE)] == [
        Role.ADMIN,
        Role.MANAGER,
        Role.WORKER,
    ]


def test_every_permission_has_a_column_for_every_role():
    assert [len(columns) for columns in TABLE.values()] == [len(Role)] * len(TABLE)
    assert all(isinstance(one, Reach) for columns in TABLE.values() for one in columns)


@pytest.mark.parametrize(("role", "permission", "word"), CELLS)
def test_an_actor_without_a_permission_is_forbidden(role, permission, word):
    actor = Actor(Account(1, "Nora", None, "en", "UTC"), 1, "Acme", 1, role)
    if word == "-":
        with pytest.raises(Forbidden, match="not-allowed"):
            actor.need(permission)
    else:
        assert actor.need(permission) is None


@pytest.mark.parametrize(("role", "permission", "word"), CELLS)
def test_beyond_the_plan_one_only_looks_and_admins_keep_the_ways_out(role, permission, word):
    actor = Actor(Account(1, "Nora", None, "en", "UTC"), 1, "Acme", 1, role, over_limit=True)
    stays = permission in LOOKS or (role is Role.ADMIN and permission in WAYS_OUT)
    assert actor.may(permission) is (word != "-" and stays)
    if word != "-" and not stays:
        with pytest.raises(LimitReached, match="limit-no-seat"):
            actor.need(permission)
