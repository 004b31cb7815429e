"""Who may do what: the one table that handlers, keyboards, texts, routes and docs derive from.

A right that is not in `TABLE` does not exist.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user is within one company."""

    ADMIN = "admin"
    MANAGER = "manager"
    WORKER = "worker"
    CLIENT = "client"


class Permission(StrEnum):
    """One thing that can be allowed."""

    ACCOUNT = "account"
    COMPANY_SETTINGS = "company.settings"
    COMPANY_DELETE = "company.delete"
    BILLING = "billing"
    AUDIT_SEE = "audit.see"
    MEMBER_ROLE = "member.role"
    MEMBER_SEE = "member.see"
    MEMBER_INVITE = "member.invite"
    MEMBER_DEACTIVATE = "member.deactivate"
    PROJECT_MANAGE = "project.manage"
    PROJECT_ARCHIVE = "project.archive"
    PROJECT_DELETE = "project.delete"
    PROJECT_SEE = "project.see"
    TASK_SEE = "task.see"
    TASK_CREATE = "task.create"
    TASK_EDIT = "task.edit"
    TASK_ASSIGN = "task.assign"
    TASK_CANCEL = "task.cancel"
    TASK_REOPEN = "task.reopen"
    TASK_WORK = "task.work"
    TASK_TICK = "task.tick"
    TASK_COMMENT = "task.comment"
    COMMENT_EDIT = "comment.edit"
    COMMENT_DELETE = "comment.delete"
    TASK_ATTACH = "task.attach"
    REVIEW_DECIDE = "review.decide"
    FILE_DOWNLOAD = "file.download"
    FILE_CHANGE = "file.change"
    EVIDENCE_DELETE = "evidence.delete"
    INTERNAL_SEE = "internal.see"
    REPORTS = "reports"


class Reach(StrEnum):
    """How far a permission goes."""

    NONE = "none"
    ALL = "all"
    OWN_PROJECTS = "own projects"
    OWN_DRAFTS = "own drafts"
    ASSIGNED = "assigned to them"
    OWN_WORK = "own work"
    OWN_COMMENTS = "own comments"
    OWN_FILES = "own files"
    JUNIORS = "workers, clients"
    PUBLIC_IN_OWN_PROJECTS = "own projects, unless marked internal"


JUNIOR_ROLES = frozenset({Role.WORKER, Role.CLIENT})

_NO, _ALL, _OWN = Reach.NONE, Reach.ALL, Reach.OWN_PROJECTS
_WRITTEN, _SENT = Reach.OWN_COMMENTS, Reach.OWN_FILES

#                                admin  manager  worker  client
TABLE: dict[Permission, tuple[Reach, Reach, Reach, Reach]] = {
    Permission.ACCOUNT: (_ALL, _ALL, _ALL, _ALL),
    Permission.COMPANY_SETTINGS: (_ALL, _NO, _NO, _NO),
    Permission.COMPANY_DELETE: (_ALL, _NO, _NO, _NO),
    Permission.BILLING: (_ALL, _NO, _NO, _NO),
    Permission.AUDIT_SEE: (_ALL, _NO, _NO, _NO),
    Permission.MEMBER_ROLE: (_ALL, _NO, _NO, _NO),
    Permission.MEMBER_SEE: (_ALL, _ALL, _NO, _NO),
    Permission.MEMBER_INVITE: (_ALL, Reach.JUNIORS, _NO, _NO),
    Permission.MEMBER_DEACTIVATE: (_ALL, Reach.JUNIORS, _NO, _NO),
    Permission.PROJECT_MANAGE: (_ALL, _ALL, _NO, _NO),
    Permission.PROJECT_ARCHIVE: (_ALL, _ALL, _NO, _NO),
    Permission.PROJECT_DELETE: (_ALL, _NO, _NO, _NO),
    Permission.PROJECT_SEE: (_ALL, _ALL, _OWN, _OWN),
    Permission.TASK_SEE: (_ALL, _ALL, _OWN, _OWN),
    Permission.TASK_CREATE: (_ALL, _ALL, _OWN, _NO),
    Permission.TASK_EDIT: (_ALL, _ALL, Reach.OWN_DRAFTS, _NO),
    Permission.TASK_ASSIGN: (_ALL, _ALL, Reach.OWN_DRAFTS, _NO),
    Permission.TASK_CANCEL: (_ALL, _ALL, _NO, _NO),
    Permission.TASK_REOPEN: (_ALL, _ALL, _NO, _NO),
    Permission.TASK_WORK: (_ALL, _ALL, Reach.ASSIGNED, _NO),
    Permission.TASK_TICK: (_ALL, _ALL, Reach.ASSIGNED, _NO),
    Permission.TASK_COMMENT: (_ALL, _ALL, _OWN, _OWN),
    Permission.COMMENT_EDIT: (_WRITTEN, _WRITTEN, _WRITTEN, _WRITTEN),
    Permission.COMMENT_DELETE: (_ALL, _ALL, _WRITTEN, _WRITTEN),
    Permission.TASK_ATTACH: (_ALL, _ALL, _OWN, _OWN),
    Permission.REVIEW_DECIDE: (_ALL, _ALL, _NO, _OWN),
    Permission.FILE_DOWNLOAD: (_ALL, _ALL, _OWN, Reach.PUBLIC_IN_OWN_PROJECTS),
    Permission.FILE_CHANGE: (_ALL, _ALL, _SENT, _SENT),
    Permission.EVIDENCE_DELETE: (_ALL, _NO, _NO, _NO),
    Permission.INTERNAL_SEE: (_ALL, _ALL, _ALL, _NO),
    Permission.REPORTS: (_ALL, _ALL, Reach.OWN_WORK, _OWN),
}

LOOKS: Final = frozenset(
    {
        Permission.ACCOUNT,
        Permission.AUDIT_SEE,
        Permission.MEMBER_SEE,
        Permission.PROJECT_SEE,
        Permission.TASK_SEE,
        Permission.FILE_DOWNLOAD,
        Permission.INTERNAL_SEE,
        Permission.REPORTS,
    }
)
"""Those that change nothing of the company's work: one keeps them beyond the plan's seats."""

WAYS_OUT: Final = frozenset(
    {
        Permission.BILLING,
        Permission.COMPANY_SETTINGS,
        Permission.COMPANY_DELETE,
        Permission.MEMBER_DEACTIVATE,
        Permission.PROJECT_ARCHIVE,
        Permission.PROJECT_DELETE,
    }
)
"""Those with which admins bring a company back within its plan: they keep these as well."""

_REACH: dict[tuple[Role, Permission], Reach] = {
    (role, permission): reaches[column]
    for permission, reaches in TABLE.items()
    for column, role in enumerate(Role)
}


def reach(role: Role, permission: Permission) -> Reach:
    """How far `permission` goes for `role`."""
    return _REACH[role, permission]


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission` at all, however far it goes."""
    return _REACH[role, permission] is not Reach.NONE


def may_over_limit(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission` even beyond the seats of the plan, where one only reads."""
    keeps = permission in LOOKS or (role is Role.ADMIN and permission in WAYS_OUT)
    return keeps and may(role, permission)


def plan_is_for(role: Role | None) -> str:
    """`admin` for those who see to the plan themselves, `other` for those who have to ask, and
    `client` for those whom the plan of the company is no business of."""
    if role is Role.CLIENT:
        return "client"
    return "admin" if role is not None and may(role, Permission.BILLING) else "other"


def may_manage(role: Role, permission: Permission, other: Role) -> bool:
    """Whether `role` may do `permission` to a member whose role is (or would be) `other`."""
    how_far = _REACH[role, permission]
    return how_far is Reach.ALL or (how_far is Reach.JUNIORS and other in JUNIOR_ROLES)


def may_change_file(role: Role, permission: Permission, *, sent: bool) -> bool:
    """Whether `role` may do `permission` to a file that they see; `sent` says that it is theirs."""
    how_far = _REACH[role, permission]
    return how_far is Reach.ALL or (how_far is Reach.OWN_FILES and sent)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a task, and to a comment on it: what a reach is measured against."""

    in_project: bool
    is_assignee: bool
    is_author: bool
    is_new: bool
    wrote_comment: bool = False


def covers(role: Role, permission: Permission, standing: Standing) -> bool:
    """Whether `role` has `permission` over a task to which the person stands like this."""
    match _REACH[role, permission]:
        case Reach.ALL:
            return True
        case Reach.OWN_PROJECTS | Reach.PUBLIC_IN_OWN_PROJECTS:
            return standing.in_project
        case Reach.ASSIGNED | Reach.OWN_WORK:
            return standing.in_project and standing.is_assignee
        case Reach.OWN_DRAFTS:
            return standing.in_project and standing.is_author and standing.is_new
        case Reach.OWN_COMMENTS:
            return standing.wrote_comment
        case _:
            return False
