"""What has to come of a verb, told from the permissions table and from nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from saas_bot.domain.permissions import TABLE, Permission, Reach, Role

if TYPE_CHECKING:
    from tests.rights.verbs import Verb

Table = Mapping[Permission, tuple[Reach, ...]]


class Kind(StrEnum):
    """What a verb is about."""

    COMPANY = "company"
    PROJECT = "project"
    TASK = "task"
    MEMBER = "member"
    INVITE = "invite"
    INVOICE = "invoice"


SEEN_BY = {
    Kind.COMPANY: (),
    Kind.PROJECT: (Permission.PROJECT_SEE,),
    Kind.TASK: (Permission.TASK_SEE,),
    Kind.MEMBER: (Permission.MEMBER_SEE,),
    Kind.INVITE: (),
    Kind.INVOICE: (),
}
"""The rights without which there is no such thing for somebody."""


class Answer(StrEnum):
    """What comes of it."""

    DONE = "done"
    REFUSED = "refused"
    """They see it, and may not do this to it."""
    AS_MISSING = "as missing"
    """The very answer that an id which does not exist gets."""
    CONFLICT = "conflict"
    """They might, were its project not archived."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a verb is done to, and how the person who does it stands to that."""

    where: str
    id: int = 0
    name: str = ""
    """What it is called: a title or a name."""
    ref: str = ""
    """What it is called for short: `WEB-42`, or the key of a project."""
    exists: bool = True
    """Whether the company of the person has it."""
    in_project: bool = False
    is_assignee: bool = False
    is_author: bool = False
    is_new: bool = False
    archived: bool = False
    role: Role | None = None
    """The role of a member, or the one that an invite gives."""
    project: int = 0
    """The project of a task."""
    item: int = 0
    """An item of its checklist."""
    comment: int = 0
    """A comment on it that everybody may see, by its author."""
    file: int = 0
    """A file of it that everybody may see, by its author."""
    hidden: int = 0
    """An internal one, likewise."""
    evidence: int = 0
    """One that is part of its submission, where it has one."""
    word: str = ""
    """A word that its description has and nothing else."""
    secret: str = ""
    """A word that an internal comment on it has and nothing else."""
    away: int = 0
    """Another active project, to which it could be moved."""
    heir: int = 0
    """An admin, to whom anything can be given."""
    junior: int = 0
    """A client, of HID and no other project."""
    state: str = ""
    """Where it stands: the status of a task or member."""


Rule = Callable[[Target], bool]

_RULES: dict[Kind, dict[Reach, Rule]] = {
    Kind.COMPANY: dict.fromkeys(Reach, lambda _: True),
    Kind.PROJECT: dict.fromkeys(Reach, lambda x: x.in_project) | {Reach.JUNIORS: lambda _: True},
    Kind.TASK: {
        Reach.OWN_PROJECTS: lambda x: x.in_project,
        Reach.PUBLIC_IN_OWN_PROJECTS: lambda x: x.in_project,
        Reach.ASSIGNED: lambda x: x.in_project and x.is_assignee,
        Reach.OWN_WORK: lambda x: x.in_project and x.is_assignee,
        Reach.OWN_DRAFTS: lambda x: x.in_project and x.is_author and x.is_new,
        Reach.OWN_COMMENTS: lambda x: x.is_author,  # who has written all that is said there
        Reach.OWN_FILES: lambda x: x.is_author,  # and sent all that is there
    },
    Kind.MEMBER: {Reach.JUNIORS: lambda x: x.role in (Role.WORKER, Role.CLIENT)},
    Kind.INVITE: {Reach.JUNIORS: lambda x: x.role in (Role.WORKER, Role.CLIENT)},
    Kind.INVOICE: {},
}
"""What a reach means for each kind of thing; `NONE` is never and `ALL` is always."""


def has(
    role: Role, permission: Permission, kind: Kind, target: Target, table: Table = TABLE
) -> bool:
    """Whether the table gives `role` that right over the target."""
    reach = table[permission][list(Role).index(role)]
    if reach in (Reach.NONE, Reach.ALL):
        return reach is Reach.ALL
    return _RULES[kind].get(reach, lambda _: False)(target)


def expected(verb: "Verb", role: Role, target: Target, table: Table = TABLE) -> Answer:
    """What has to come of it when somebody of `role` does `verb` to the target."""

    def may(permission: Permission) -> bool:
        # Whoever is to have a right everywhere is asked about what is nobody's.
        asked = Target("nobody's") if permission in verb.everywhere else target
        kind = Kind.TASK if permission in verb.everywhere else verb.on
        return has(role, permission, kind, asked, table)

    if not target.exists or not all(may(one) for one in (*SEEN_BY[verb.on], *verb.sees)):
        return Answer.AS_MISSING
    if not all(may(one) for one in verb.needs):
        return Answer.REFUSED
    return verb.archived if target.archived else Answer.DONE


def secrets(role: Role, table: Table = TABLE) -> list[str]:
    """The words that nobody of that role may ever come across (see `world.py`)."""
    beyond = Target("beyond")
    hidden = ["globex", "quarry", "qry", "gwen"]
    if not has(role, Permission.PROJECT_SEE, Kind.PROJECT, beyond, table):
        hidden += ["harbour", "hid-", "hid "]
        if not has(role, Permission.MEMBER_SEE, Kind.COMPANY, beyond, table):
            hidden += ["walt", "cora"]
    if not has(role, Permission.INTERNAL_SEE, Kind.COMPANY, beyond, table):
        hidden += ["between us"]
    return hidden
