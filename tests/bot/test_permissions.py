"""Nothing is allowed that a role does not have: each command and button, for each role."""

import pytest

from saas_bot.core.middlewares.access import FLAG, Access
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.task_lists import View
from saas_bot.handlers import build_routers
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import COMMANDS
from tests.bot.rows import TABLES, change, fingerprint, rows

NOT_ALLOWED = {
    "en": "Your role doesn’t allow that. If you need it, ask an admin of your company.",
    "ru": "Ваша роль этого не позволяет. Если это нужно, попросите администратора компании.",
}


def handlers():
    """Every registered handler."""
    routers = list(build_routers())
    while routers:
        router = routers.pop()
        routers += router.sub_routers
        for observer in router.observers.values():
            yield from observer.handlers


def test_every_handler_declares_what_it_needs():
    undeclared = [one.callback for one in handlers() if not isinstance(one.flags.get(FLAG), Access)]
    assert undeclared == []
    assert len(list(handlers())) > 60


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("role", Role)
async def test_a_command_outside_the_role_changes_nothing_and_says_so(
    acme, database, role, language
):
    await acme.speak(language)
    person = acme.everyone[role]
    await person.sends("/menu")
    kept = set(TABLES) - {"login_codes", "processed_updates"}  # /login gives anybody a code
    before = await fingerprint(database, kept)
    for command, needed in COMMANDS.items():
        for words in (f"/{command}", f"/{command} WEB Fix the pump"):
            await person.sends(words)
            refused = person.screen.text == NOT_ALLOWED[language]
            assert refused is not may(role, needed), words
        await person.sends("/cancel")
    assert await fingerprint(database, kept) == before


def buttons(cast, task: int, invite: int) -> list[tuple[str, Permission]]:
    """A button of each kind with real ids, and the right that it needs."""
    member, other = cast.team.client.user_id, cast.team.worker.user_id
    data = [
        (to.Members(), Permission.MEMBER_SEE),
        (to.Member(id=member), Permission.MEMBER_SEE),
        (to.MemberRole(id=member), Permission.MEMBER_ROLE),
        (to.MemberRole(id=member, role=Role.ADMIN), Permission.MEMBER_ROLE),
        (to.MemberActive(id=member, active=False), Permission.MEMBER_DEACTIVATE),
        (to.MemberActive(id=member, active=True), Permission.MEMBER_DEACTIVATE),
        *(
            (to.HandOver(act=act, id=member, project=cast.project, to=who, sure=sure), needed)
            for act, needed in HANDED
            for who in (-1, 0)
            for sure in "01"
        ),
        (to.AdminRights(id=member), Permission.MEMBER_ROLE),
        (to.MemberProjects(id=member), Permission.PROJECT_MANAGE),
        (to.MemberProjects(id=member, project=cast.project), Permission.PROJECT_MANAGE),
        (to.InviteRole(role=Role.CLIENT), Permission.MEMBER_INVITE),
        (to.InviteProject(role=Role.CLIENT, project=cast.project), Permission.MEMBER_INVITE),
        (to.Invites(), Permission.MEMBER_INVITE),
        (to.InviteRevoke(id=invite), Permission.MEMBER_INVITE),
        (to.Projects(), Permission.PROJECT_SEE),
        (to.Project(id=cast.project), Permission.PROJECT_SEE),
        (to.ProjectEdit(id=cast.project, what="name"), Permission.PROJECT_MANAGE),
        (to.ProjectEdit(id=cast.project, what="about"), Permission.PROJECT_MANAGE),
        (to.ProjectEdit(id=cast.project, what="delete"), Permission.PROJECT_DELETE),
        (to.ProjectEdit(id=cast.project, what="archive"), Permission.PROJECT_ARCHIVE),
        (to.ProjectEdit(id=cast.project, what="restore"), Permission.PROJECT_MANAGE),
        (to.Confirm(what="archive", id=cast.project), Permission.PROJECT_ARCHIVE),
        (to.People(project=cast.project), Permission.PROJECT_MANAGE),
        (to.People(project=cast.project, user=other), Permission.PROJECT_MANAGE),
        (to.Tasks(view="o"), Permission.TASK_SEE),
        (to.TaskProject(id=task), Permission.PROJECT_MANAGE),
        (to.TaskProject(id=task, project=cast.project), Permission.PROJECT_MANAGE),
        (to.Tasks(view="r"), Permission.REVIEW_DECIDE),
        *((to.Tasks(view=view), Permission.TASK_SEE) for view in View if view is not View.REVIEW),
        (to.Board(), Permission.TASK_SEE),
        (to.Filter(view="o"), Permission.TASK_SEE),
        (to.Filter(view="o", what="priority", value="high"), Permission.TASK_SEE),
        (to.Filter(what="clear"), Permission.TASK_SEE),
        (to.Found(search=1), Permission.TASK_SEE),
        (to.FoundTask(id=task, search=1), Permission.TASK_SEE),
        (to.Task(id=task), Permission.TASK_SEE),
        (to.TaskEdit(id=task, field="comment"), Permission.TASK_COMMENT),
        (to.TaskEdit(id=task, field="reviews"), Permission.TASK_SEE),
        (to.TaskComments(id=task), Permission.TASK_SEE),
        (to.TaskReviews(id=task), Permission.TASK_SEE),
        (to.TaskHistory(id=task), Permission.TASK_SEE),
        (to.TaskMove(id=task, action="cancel"), Permission.TASK_CANCEL),
        (to.Confirm(what="canceltask", id=task), Permission.TASK_CANCEL),
        (to.TaskMove(id=task, action="reopen"), Permission.TASK_REOPEN),
        (to.TaskDecision(id=task, review=1, action="accept"), Permission.REVIEW_DECIDE),
        (to.TaskDecision(id=task, review=1, action="return"), Permission.REVIEW_DECIDE),
        (to.TaskMove(id=task, action="start"), Permission.TASK_WORK),
        (to.TaskMove(id=task, action="submit"), Permission.TASK_WORK),
        (to.TaskSet(id=task, field="priority", value="low"), Permission.TASK_EDIT),
        (to.TaskAssign(id=task, user=0), Permission.TASK_ASSIGN),
        (to.TaskEdit(id=task, field="tags"), Permission.TASK_EDIT),
        (to.TaskTag(id=task, on=True, tag="pump"), Permission.TASK_EDIT),
        (to.TaskEdit(id=task, field="checklist"), Permission.TASK_SEE),
        (to.TaskEdit(id=task, field="copy"), Permission.TASK_CREATE),
        (to.Checklist(id=task), Permission.TASK_SEE),
        (to.Tick(id=task, item=1, done=True), Permission.TASK_TICK),
        (to.ChecklistItem(id=task, item=1), Permission.TASK_EDIT),
        (to.Draft(field="project", value=str(cast.project)), Permission.TASK_CREATE),
        *((to.Open(what=what), needed) for what, needed in COMMANDS.items() if what in OPENED),
        (to.Open(what="newproject"), Permission.PROJECT_MANAGE),
        (to.Subscribe(plan="team"), Permission.BILLING),
        (to.Subscribe(plan="team", currency="XTR"), Permission.BILLING),
        (to.Renew(), Permission.BILLING),
        (to.Renew(currency="XTR"), Permission.BILLING),
        *((to.Open(what=what), Permission.BILLING) for what in ("plancancel", "planresume")),
        (to.Confirm(what="plancancel"), Permission.BILLING),
    ]
    return [(one.pack(), needed) for one, needed in data]


HANDED = (
    ("d", Permission.MEMBER_DEACTIVATE),
    ("x", Permission.PROJECT_MANAGE),
    ("c", Permission.MEMBER_ROLE),
    ("w", Permission.MEMBER_ROLE),
)
OPENED = (
    "tasks",
    "board",
    "search",
    "newtask",
    "approvals",
    "projects",
    "plan",
    "subscribe",
    "members",
    "invite",
    "settings",
    "help",
)


@pytest.mark.parametrize("role", Role)
async def test_a_button_outside_the_role_changes_nothing_and_says_so(acme, database, role):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"ip:client:{acme.project}:0:")
    invite = (await rows(database, "select id from invites"))[0]
    person = acme.everyone[role]
    await person.sends("/menu")
    for data, needed in buttons(acme, task, invite):
        before = await fingerprint(database)
        await person.clicks_data(data)
        if not may(role, needed):
            assert person.toast == NOT_ALLOWED["en"], data
            assert person.alert
            assert await fingerprint(database) == before, data
        else:
            assert "went wrong" not in person.screen.text, data


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_old_keyboards_give_nothing_away_after_a_demotion(acme, database, language):
    """Everything a manager has ever had on the screen, pressed as the client they are now."""
    await acme.speak(language)
    task = await acme.task(assignee=acme.team.worker)
    kept = []
    for way in (
        "o:members",
        "o:invite",
        f"p:{acme.project}",
        f"pp:{acme.project}:0:0:",
        f"t:{task}",
    ):
        await acme.max.clicks_data(way)
        kept.append(acme.max.screen)
    await change(database, "update users set role = 'client' where name = 'Max'")
    before = await fingerprint(database)
    for screen in kept:
        for data in screen.data:
            await acme.max.does(acme.max.pressing(data, screen))
            assert "Wanda" not in str(acme.max.heard), data
    assert await fingerprint(database) == before


async def test_the_draft_of_someone_who_may_not_create_any_more_is_not_created(acme, database):
    await acme.max.sends("/newtask")
    await acme.max.sends("Fix the pump")
    await change(database, "update users set role = 'client' where name = 'Max'")
    await acme.max.clicks("Create")
    assert acme.max.toast == NOT_ALLOWED["en"]
    await acme.max.sends("Another title")
    assert acme.max.screen.text == NOT_ALLOWED["en"]
    assert await rows(database, "select count(*) from tasks") == [0]


async def test_a_worker_drafts_in_the_projects_that_are_hers_only(acme, database):
    await acme.wanda.sends("/newtask")
    await acme.wanda.sends("Fix the pump")
    await change(database, "delete from project_members")
    await acme.wanda.clicks("Create")
    assert acme.wanda.toast.startswith("I can’t find that project.")
    assert await rows(database, "select count(*) from tasks") == [0]
