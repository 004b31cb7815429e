"""That what is expected of every verb really comes from the permissions table, cell by cell."""

from itertools import product

import pytest

from saas_bot.domain.permissions import TABLE, Permission, Reach, Role
from tests.rights import VERBS
from tests.rights.expected import Kind, Target, expected

ASKED = sorted({one for verb in VERBS for one in (*verb.needs, *verb.sees)})

TARGETS = {
    Kind.COMPANY: [Target("the company")],
    Kind.PROJECT: [Target("a project", in_project=own) for own in (True, False)],
    Kind.TASK: [
        Target("a task", in_project=own, is_assignee=mine, is_author=written, is_new=new)
        for own, mine, written, new in product((True, False), repeat=4)
    ],
    Kind.MEMBER: [Target("a member", role=role) for role in Role],
    Kind.INVITE: [Target("an invite", role=role) for role in Role],
    Kind.INVOICE: [Target("an invoice")],
}


def test_every_right_has_a_verb():
    assert set(ASKED) == set(Permission)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", ASKED)
def test_a_changed_cell_of_the_table_changes_what_is_expected(permission, role):
    told = [what_is_expected(role, permission, reach) for reach in shown(permission, role)]
    assert len(told) > 1
    assert all(one != other for place, one in enumerate(told) for other in told[:place])


LIMITS = {
    "account": (),
    "audit": (),
    "billing": (),
    "comment": (Reach.OWN_COMMENTS,),
    "company": (),
    "evidence": (Reach.OWN_FILES,),
    "file.change": (Reach.OWN_FILES,),
    "file.download": (),
    "internal.see": (),
    "member": (Reach.JUNIORS,),
    "project": (Reach.OWN_PROJECTS,),
    "reports": (),
    "review": (Reach.OWN_PROJECTS,),
    "task": (Reach.OWN_PROJECTS, Reach.ASSIGNED, Reach.OWN_DRAFTS),
}
"""Reaches between nothing and everything, by the beginning of a right's name."""


def shown(permission: Permission, role: Role) -> set[Reach]:
    """What stands in the cell, and other reaches that it could hold."""
    limits = next(some for name, some in LIMITS.items() if permission.startswith(name))
    return {TABLE[permission][list(Role).index(role)], Reach.NONE, Reach.ALL, *limits}


def what_is_expected(role: Role, permission: Permission, reach: Reach) -> list[object]:
    """Of every verb on everything, were that the reach and all other rights without a limit."""
    table = dict.fromkeys(Permission, (Reach.ALL,) * len(Role)) | {permission: (reach,) * len(Role)}
    return [expected(verb, role, x, table) for verb in VERBS for x in TARGETS[verb.on]]
