"""The verbs about projects and who is attached to them."""

from typing import Any

from saas_bot.domain.permissions import Permission as Right
from saas_bot.screens import callbacks as to
from saas_bot.services import attachments, mutes, project_changes, projects
from tests.rights.expected import Kind
from tests.rights.verbs import Verb, given, is_senior, press

ACTIVE = ("active",)
MANAGE = (Right.PROJECT_MANAGE,)


def project_change(name: str, service: Any, args: Any, *ways: Any, **more: Any) -> Verb:
    more = {"changes": "projects", **more}
    needs = more.pop("needs", MANAGE)
    return Verb(name, needs, Kind.PROJECT, service, args, ways, **more)


def edit(what: str, *then: Any) -> Any:
    return lambda x: (to.ProjectEdit(id=x.id, what=what), *then)


def has_the_junior(x: Any) -> bool:
    return x.ref == "HID"


def is_archived(x: Any) -> bool:
    return x.archived


def is_active(x: Any) -> bool:
    return x.exists and not x.archived


PROJECTS = [
    Verb(
        "list projects",
        (Right.PROJECT_SEE,),
        Kind.COMPANY,
        projects.page,
        lambda _: given(),
        (
            lambda _: ("/projects",),
            lambda _: (to.Open(what="projects"),),
            lambda _: (to.Projects(),),
        ),
        shows=lambda _: "Pumphouse",
    ),
    Verb(
        "see a project",
        (Right.PROJECT_SEE,),
        Kind.PROJECT,
        projects.get,
        ways=(lambda x: (to.Project(id=x.id),),),
    ),
    Verb(
        "mute a project",
        (Right.PROJECT_SEE,),
        Kind.PROJECT,
        mutes.mute_project,
        lambda x: given(x.id, on=True),
        (lambda x: (to.MuteProject(id=x.id, on=True),),),
        changes="mutes",
        noted=False,
    ),
    Verb(
        "create a project",
        MANAGE,
        Kind.COMPANY,
        projects.create,
        lambda _: given(key="NEW", name="New"),
        (
            lambda _: (to.Open(what="newproject"), "New one", "NEW"),
            lambda _: (to.Open(what="newproject"), "New one", to.Skip()),
        ),
        changes="projects",
    ),
    project_change(
        "rename a project",
        project_changes.rename,
        lambda x: given(x.id, "Other"),
        edit("name", "Other"),
    ),
    project_change(
        "describe a project",
        project_changes.describe,
        lambda x: given(x.id, "Other"),
        edit("about", "Other"),
    ),
    Verb(
        "leave a change of a project",
        MANAGE,
        Kind.PROJECT,
        ways=(
            edit("name", "/cancel"),
            edit("about", to.Open(what="cancel")),
            edit("about", to.Skip()),
        ),
    ),
    project_change(
        "archive a project",
        projects.set_archived,
        lambda x: given(x.id, archived=True),
        lambda x: (to.ProjectEdit(id=x.id, what="archive"), to.Confirm(what="archive", id=x.id)),
        lambda x: (to.Confirm(what="archive", id=x.id),),
        skips=is_archived,
        needs=(Right.PROJECT_ARCHIVE,),
    ),
    project_change(
        "restore a project",
        projects.set_archived,
        lambda x: given(x.id, archived=False),
        edit("restore"),
        skips=is_active,
    ),
    Verb(
        "ask what goes with a project",
        (Right.PROJECT_DELETE,),
        Kind.PROJECT,
        project_changes.contents,
        ways=(edit("delete"),),
    ),
    Verb(
        "delete a project",
        (Right.PROJECT_DELETE,),
        Kind.PROJECT,
        project_changes.remove,
        lambda x: given(x.id, x.ref),
        (lambda x: (to.ProjectEdit(id=x.id, what="delete"), x.ref),),
        changes="projects",
    ),
    Verb(
        "see whom to attach",
        MANAGE,
        Kind.PROJECT,
        attachments.attachable,
        ways=(lambda x: (to.People(project=x.id),),),
        shows=lambda _: "Wanda",
        skips=is_archived,
    ),
    Verb(
        "attach and detach someone",
        MANAGE,
        Kind.MEMBER,
        ways=(
            lambda x: (to.MemberProjects(id=x.id), press("mp:", but="✅")),
            lambda x: (
                to.MemberProjects(id=x.id, project=x.away, attached=False),
                to.HandOver(act="x", id=x.id, project=x.away, to=0),
                press("ho:x:"),
            ),
            lambda x: (
                to.HandOver(act="p", id=x.id, project=x.away, to=0),
                press("ho:p:"),
            ),
        ),
        changes="project_members",
        states=ACTIVE,
        skips=is_senior,
    ),
    Verb(
        "attach someone to a project",
        MANAGE,
        Kind.PROJECT,
        attachments.attach,
        lambda x: given(x.id, x.junior, attached=True),
        (lambda x: (to.People(project=x.id, user=x.junior, attached=True),),),
        changes="project_members",
        skips=has_the_junior,
    ),
    Verb(
        "detach someone from a project",
        MANAGE,
        Kind.PROJECT,
        attachments.attach,
        lambda x: given(x.id, x.junior, attached=False),
        (lambda x: (to.People(project=x.id, user=x.junior, attached=False), press("ho:x:")),),
        changes="project_members",
        skips=lambda x: x.exists and not has_the_junior(x),
    ),
    Verb(
        "see whether someone is attached",
        MANAGE,
        Kind.PROJECT,
        attachments.attachment,
        lambda x: given(x.id, x.junior),
        shows=lambda _: "Cora",
    ),
    Verb(
        "see the projects of someone",
        MANAGE,
        Kind.MEMBER,
        attachments.of_member,
        states=ACTIVE,
        shows=lambda _: "Pumphouse",
        skips=is_senior,
    ),
]
