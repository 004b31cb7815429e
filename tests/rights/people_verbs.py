"""The verbs about people and invites, and those about oneself."""

from typing import Any

from saas_bot.domain.events import Event
from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.permissions import Role
from saas_bot.domain.trail import Area
from saas_bot.screens import callbacks as to
from saas_bot.services import (
    companies,
    invites,
    members,
    profiles,
    trail,
)
from tests.rights.expected import Answer, Kind
from tests.rights.verbs import Verb, given, is_senior, press

ACTIVE, AWAY = ("active",), ("deactivated",)
MANAGE = (Right.PROJECT_MANAGE,)
BOTH = ("active", "deactivated")
YES = press("ho:")


def handing(act: str, x: Any) -> tuple[Any, ...]:
    first = to.HandOver(act=act, id=x.id)
    return (first, first.model_copy(update={"to": 0}), YES)


MEMBERS = [
    Verb(
        "list members",
        (Right.MEMBER_SEE,),
        Kind.COMPANY,
        members.page,
        lambda _: given(),
        (
            lambda _: ("/members",),
            lambda _: (to.Open(what="members"),),
            lambda _: (to.Members(),),
        ),
        shows=lambda _: "Max",
    ),
    Verb("look a member up", (Right.MEMBER_SEE,), Kind.MEMBER, members.get, states=BOTH),
    Verb(
        "see a member",
        (Right.MEMBER_SEE,),
        Kind.MEMBER,
        profiles.profile,
        ways=(lambda x: (to.Member(id=x.id),),),
        states=BOTH,
    ),
    Verb(
        "change a role",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        members.change_role,
        lambda x: given(x.id, Role.CLIENT if x.role is Role.MANAGER else Role.MANAGER),
        (
            lambda x: (
                to.MemberRole(id=x.id),
                to.MemberRole(id=x.id, role=Role.ADMIN if x.role is Role.MANAGER else Role.MANAGER),
                press("ho:"),
            ),
        ),
        changes="users",
        states=ACTIVE,
    ),
    Verb(
        "know whether a role can be changed",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        members.check_role,
        lambda x: given(x.id, Role.MANAGER),
        states=ACTIVE,
    ),
    Verb(
        "know whether someone can be deactivated",
        (Right.MEMBER_DEACTIVATE,),
        Kind.MEMBER,
        members.check_deactivate,
        states=BOTH,
    ),
    Verb(
        "hand one's admin rights over",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        members.hand_over_admin,
        ways=(
            lambda x: (to.AdminRights(id=x.id), YES),
            lambda x: (to.HandOver(act="h", id=x.id), YES),
        ),
        changes="users",
        states=ACTIVE,
    ),
    Verb(
        "deactivate someone",
        (Right.MEMBER_DEACTIVATE,),
        Kind.MEMBER,
        members.deactivate,
        ways=(
            lambda x: (to.MemberActive(id=x.id, active=False), YES),
            lambda x: handing("d", x),
        ),
        changes="users",
        states=ACTIVE,
        skips=lambda x: x.role is Role.WORKER and x.exists,
    ),
    Verb(
        "deactivate someone who has tasks",
        (Right.MEMBER_DEACTIVATE,),
        Kind.MEMBER,
        members.deactivate,
        lambda x: given(x.id, to=x.heir),
        (
            lambda x: (
                to.MemberActive(id=x.id, active=False),
                to.HandOver(act="d", id=x.id, to=x.heir),
                YES,
            ),
        ),
        changes="tasks",
        states=ACTIVE,
        skips=lambda x: x.role is not Role.WORKER,
    ),
    Verb(
        "let someone back in",
        (Right.MEMBER_DEACTIVATE,),
        Kind.MEMBER,
        members.reactivate,
        ways=(lambda x: (to.MemberActive(id=x.id, active=True),),),
        changes="users",
        states=AWAY,
    ),
    Verb(
        "make someone a client, and give their tasks away",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        members.change_role,
        lambda x: given(x.id, Role.CLIENT, to=x.heir),
        (lambda x: handing("c", x),),
        changes="users",
        states=ACTIVE,
        skips=lambda x: x.role is Role.CLIENT,
    ),
    Verb(
        "make someone a worker",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        members.change_role,
        lambda x: given(x.id, Role.WORKER, keep=True),
        (lambda x: handing("w", x),),
        changes="users",
        states=ACTIVE,
        skips=lambda x: x.role is Role.WORKER and x.exists,
    ),
    Verb(
        "make someone a manager or an admin",
        (Right.MEMBER_ROLE,),
        Kind.MEMBER,
        ways=(lambda x: handing("m", x), lambda x: handing("a", x)),
        changes="users",
        states=ACTIVE,
        skips=lambda x: x.exists and is_senior(x),
    ),
]

SETTLE = (Right.COMPANY_SETTINGS,)
COMPANY = [
    Verb(
        "see the company",
        SETTLE,
        Kind.COMPANY,
        companies.overview,
        lambda _: given(),
        (
            lambda _: ("/company",),
            lambda _: (to.Open(what="company"),),
            lambda _: (to.Open(what="companyname"), "/cancel"),
            lambda _: (to.Open(what="companyname"), to.Open(what="cancel")),
        ),
        shows=lambda _: "Acme",
    ),
    Verb(
        "rename the company",
        SETTLE,
        Kind.COMPANY,
        companies.rename,
        lambda _: given("Initech"),
        (lambda _: (to.Open(what="companyname"), "Initech"),),
        changes="companies",
    ),
    Verb(
        "change the timezone of the company",
        SETTLE,
        Kind.COMPANY,
        companies.set_timezone,
        lambda _: given("Asia/Dubai"),
        (
            lambda _: (to.Open(what="companyzone"), to.Timezone(name="Asia/Dubai")),
            lambda _: (to.Open(what="companyzone"), "Dubai"),
        ),
        changes="companies",
    ),
    Verb(
        "delete the company",
        (Right.COMPANY_DELETE,),
        Kind.COMPANY,
        companies.remove,
        lambda _: given("Acme"),
        (lambda _: (to.Open(what="companydelete"), "Acme"),),
        changes="companies",
    ),
    Verb(
        "read the audit trail",
        (Right.AUDIT_SEE,),
        Kind.COMPANY,
        trail.page,
        lambda _: given(),
        (
            lambda _: ("/audit",),
            lambda _: (to.Open(what="audit"),),
            lambda _: (to.Audit(area=Area.TASKS, days=7),),
            lambda _: (to.Audit(pick="area"), to.Audit(area=Area.BILLING)),
            lambda _: (to.Audit(pick="days"), to.Audit(days=1)),
        ),
        shows=lambda _: "",
    ),
    Verb(
        "choose a person for the audit trail",
        (Right.AUDIT_SEE,),
        Kind.COMPANY,
        trail.people,
        lambda _: given(),
        (lambda _: (to.Audit(pick="user"),),),
        shows=lambda _: "Max",
    ),
    Verb(
        "read what a person did",
        (Right.AUDIT_SEE,),
        Kind.MEMBER,
        trail.person,
        ways=(lambda x: (to.Audit(user=x.id),),),
        states=BOTH,
    ),
]

INVITE = (Right.MEMBER_INVITE,)


def is_junior(x: Any) -> bool:
    return not is_senior(x)


INVITES = [
    Verb(
        "list open invites",
        INVITE,
        Kind.COMPANY,
        invites.page,
        lambda _: given(),
        (lambda _: (to.Invites(),),),
        shows=lambda _: "Pumphouse",
    ),
    Verb(
        "choose whom to invite",
        INVITE,
        Kind.COMPANY,
        ways=(lambda _: ("/invite",), lambda _: (to.Open(what="invite"),)),
        shows=lambda _: "",
    ),
    Verb(
        "invite someone",
        INVITE,
        Kind.INVITE,
        invites.create,
        lambda x: given(x.role, x.away),
        (
            lambda x: (to.InviteRole(role=x.role),),
            lambda x: (to.InviteProject(role=x.role, multi=True),),
        ),
        changes="invites",
        skips=lambda x: is_junior(x) or not x.exists,
    ),
    Verb(
        "invite someone to work on a project",
        INVITE,
        Kind.PROJECT,
        invites.create,
        lambda x: given(Role.WORKER, x.id),
        (
            lambda x: (to.InviteProject(role=Role.WORKER, project=x.id),),
            lambda x: (to.InviteTo(project=x.id), press("ip:")),
        ),
        changes="invites",
        archived=Answer.AS_MISSING,
    ),
    Verb(
        "choose a project to invite to",
        INVITE,
        Kind.COMPANY,
        ways=(lambda _: (to.InviteRole(role=Role.CLIENT),),),
        shows=lambda _: "Pumphouse",
    ),
    Verb(
        "revoke an invite",
        INVITE,
        Kind.INVITE,
        invites.revoke,
        ways=(lambda x: (to.Confirm(what="revoke", id=x.id),),),
        changes="invites",
    ),
    Verb(
        "see an invite before it is revoked",
        INVITE,
        Kind.INVITE,
        invites.usable,
    ),
    Verb(
        "be asked about an invite",
        INVITE,
        Kind.COMPANY,
        ways=(lambda x: (to.InviteRevoke(id=1),), lambda x: (to.Open(what="invites"),)),
        shows=lambda _: "",
    ),
]

OWN = (Right.ACCOUNT,)
ONESELF = [
    Verb(
        "leave the company",
        OWN,
        Kind.COMPANY,
        members.leave,
        lambda _: given(),
        changes="users",
        tells=("hid-",),  # the numbers of the tasks that one leaves behind
    ),
    Verb(
        "ask whether one may leave",
        OWN,
        Kind.COMPANY,
        members.check_leave,
        lambda _: given(),
        (lambda _: ("/leave",), lambda _: (to.Open(what="leave"),)),
        shows=lambda _: "",
    ),
    Verb(
        "see the menu, the settings and help",
        OWN,
        Kind.COMPANY,
        ways=tuple(
            lambda _, step=step: (step,)
            for step in ("/menu", "/settings", "/help", "/switch", to.Open(what="menu"))
        ),
        shows=lambda _: "",
    ),
    Verb(
        "choose what to be told of",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        ways=(lambda _: (to.Open(what="events"), to.TellOf(event=Event.ACCEPTED, on=True)),),
        shows=lambda _: "What to tell me",
    ),
]
