"""An empty list says what to do next, and has the button for it: every list, role and language."""

import ast
import re
from dataclasses import dataclass

import pytest

from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import allowed
from saas_bot.screens.task_lists import OFFERED
from tests.bot.rows import change
from tests.bot.test_statements import MOST_TO_READ
from tests.test_architecture import trees

NOTHING = ("delete from projects",)
NO_TASKS = ("delete from tasks",)
ARCHIVED = ("update projects set status = 'archived'",)
ALONE = (
    "delete from project_members",
    "update users set status = 'left' where role in ('worker', 'client')",
)


@dataclass(frozen=True, slots=True)
class Empty:
    """A list with nothing in it, after the changes of `world`."""

    screen: str
    """The function that shows it."""
    way: tuple[str, ...]
    """How to come to it: words, or what is clicked after a `>`."""
    says: str
    leads: str
    """What the button carries, or begins with, that leads on."""
    needs: Permission = Permission.TASK_SEE
    world: tuple[str, ...] = NO_TASKS
    to_member: str = ""
    """What it says and, after a `>`, where it leads to, for those who can't fill it."""
    fills: Permission = Permission.TASK_CREATE
    """Who can."""


def _views() -> list[Empty]:
    """Of each list of tasks: the others are one click away."""
    listed = []
    for view in View:
        other = to.Tasks(view=View.CLOSED if view is View.OPEN else View.OPEN).pack()
        says, needed = f"tasks-{view.name.lower()}-empty", OFFERED.get(view, Permission.TASK_SEE)
        way = (f">{to.Tasks(view=view).pack()}",)
        listed.append(Empty("task_lists.task_list", way, says, other, needed))
    return listed


LISTS = (
    *_views(),
    Empty(
        "task_lists.task_list",
        (">lf:o:0:priority:low:", ">tl:o:0:"),
        "filter-nothing",
        "lf:o:0:clear",
    ),
    Empty(
        "board.board", ("/board",), "board-empty", "o:newtask",
        to_member="board-empty-member>o:tasks",
    ),
    Empty("board.board", (">lf:o:0:priority:low:", "/board"), "filter-nothing", "lf::0:clear"),
    *(
        Empty(
            screen, way, "ask-project-empty", "o:newproject", world=world,
            fills=Permission.PROJECT_MANAGE, to_member="ask-project-empty-member>o:menu",
        )
        for world in (NOTHING, ARCHIVED)
        for screen, way in (
            ("task_lists.task_list", ("/tasks",)),
            ("task_lists.task_list", (">lf:o:0:priority:low:", ">tl:o:0:")),
            ("board.board", ("/board",)),
        )
    ),
    Empty("search.results", ("/search pump",), "search-empty-one", "o:search"),
    Empty("search.results", ("/search old pump",), "search-empty", "o:search"),
    Empty(
        "task_lists.choose_project", (">lf:o:0:project::",), "filter-no-projects", "lf:o:0:::",
        world=NOTHING,
    ),
    Empty("task_lists.choose_tag", (">lf:o:0:tag::",), "filter-no-tags", "lf:o:0:::"),
    Empty(
        "projects.projects", ("/projects",), "projects-empty", "o:newproject",
        world=NOTHING, fills=Permission.PROJECT_MANAGE, to_member="projects-empty-member>o:menu",
    ),
    Empty(
        "projects.projects", ("/projects",), "projects-all-archived", "o:newproject",
        world=ARCHIVED, fills=Permission.PROJECT_MANAGE,
        to_member="projects-all-archived-member>o:menu",
    ),
    Empty(
        "projects.projects", (">pl:1:",), "projects-archived-empty", "pl:0:",
        needs=Permission.PROJECT_MANAGE,
    ),
    Empty(
        "files.of_task", (">ft:{task}:0:0:",), "files-empty", "fa:{task}:0",
        needs=Permission.FILE_DOWNLOAD, world=(),
    ),
    Empty(
        "files.of_task", (">ff:{task}:0", "plan"), "files-none-found", "ft:{task}:0:0:",
        needs=Permission.FILE_DOWNLOAD, world=(),
    ),
    *(
        Empty(
            "files.of_task", (f">{part}:{{task}}:1:0:",), "files-empty-part", "ft:{task}:0:0:",
            needs=Permission.FILE_DOWNLOAD, world=(),
        )
        for part in ("ft", "fb", "fc")
    ),
    Empty(
        "files.of_project", (">fp:{project}:0:",), "files-empty", "fa:0:{project}",
        needs=Permission.FILE_DOWNLOAD,
    ),
    Empty(
        "files.of_project", (">fp:{project}:0:",), "files-empty-archived", "p:{project}",
        needs=Permission.FILE_DOWNLOAD, world=ARCHIVED,
    ),
    Empty(
        "invoices.invoices", ("/invoices",), "invoices-empty", "o:plan",
        needs=Permission.BILLING, world=(),
    ),
    Empty(
        "sign_in.sessions", ("/sessions",), "sessions-empty", "o:login",
        needs=Permission.ACCOUNT, world=(),
    ),
    Empty(
        "audit.trail", ("/audit",), "audit-empty", "au:0::0:area:",
        needs=Permission.AUDIT_SEE, world=(),
    ),
    Empty(
        "audit.trail", (">au:0:billing:0::",), "audit-nothing", "au:0::0::",
        needs=Permission.AUDIT_SEE, world=(),
    ),
    Empty("preferences.muted", (">mu:",), "muted-empty", "o:tasks", world=()),
    Empty("projects.project", (">p:{project}",), "project-no-tasks", "tl:o:{project}:"),
    Empty(
        "projects.project", (">p:{project}",), "project-nobody", "pp:{project}:0:0:",
        needs=Permission.PROJECT_MANAGE, world=ALONE,
    ),
    Empty(
        "projects.people", (">pp:{project}:0:0:",), "project-attach-nobody", "it:{project}",
        needs=Permission.PROJECT_MANAGE, world=ALONE,
    ),
    Empty(
        "inviting.open_invites", (">il:",), "invites-empty", "o:invite",
        needs=Permission.MEMBER_INVITE,
    ),
    Empty(
        "inviting.projects", ("/invite", ">ir:worker"), "invite-no-project", "o:newproject",
        needs=Permission.MEMBER_INVITE, world=NOTHING,
    ),
    Empty(
        "drafts.choose_project", ("/newtask",), "ask-project-empty", "o:newproject",
        needs=Permission.TASK_CREATE, world=NOTHING, fills=Permission.PROJECT_MANAGE,
        to_member="ask-project-empty-member>o:menu",
    ),
    Empty(
        "files_in.choose_project", ("*", ">fw:project:0:"), "files-no-project", "o:newproject",
        needs=Permission.TASK_ATTACH, world=NOTHING, fills=Permission.PROJECT_MANAGE,
        to_member="files-no-project-member>fw:back:",
    ),
    Empty(
        "reports.choose_project", (">ro:project:week:",), "report-no-projects", "rp:",
        needs=Permission.REPORTS, world=NOTHING,
    ),
    Empty("task_details.comments", (">te:{task}:comments",), "comments-empty", "te:{task}:comment",
          world=()),
    Empty("task_history.history", (">te:{task}:history",), "history-empty", "te:{task}:more",
          world=()),
    Empty(
        "moving.choose", (">tp:{task}:0:",), "move-nowhere", "o:newproject",
        needs=Permission.PROJECT_MANAGE, world=(),
    ),
    Empty(
        "task_parts.checklist", (">te:{task}:checklist",), "checklist-empty", "te:{task}:items",
        needs=Permission.PROJECT_MANAGE, world=(),
    ),
    Empty(
        "task_parts.tags", (">te:{task}:tags",), "task-tags-none", "t:{task}",
        needs=Permission.PROJECT_MANAGE, world=(),
    ),
)  # fmt: skip

NEVER_EMPTY = {
    "audit.pick_person": "whoever looks is one of them",
    "people.members": "whoever looks is one of them",
    "people.member_projects": "without projects the person's page stays, with a word on it",
    "operators.dead": "that of no role; test_operators.py empties it",
    "operators_companies.companies": "likewise; test_operators_companies.py finds none",
    "operators_ledger.ledger": "likewise; test_operators_ledger.py sees one",
    "operators_payments.waiting": "likewise; test_operators_payments.py pays the last one",
    "operators_payments.payments": "likewise",
    "operators_payments.of_company": "likewise",
    "reports.choose_person": "whoever looks is one of them",
    "task_lists.choose_assignee": "nobody can be chosen too",
    "tasks.assignees": "the lead who looks is one of them, and nobody can be chosen too",
    "drafts.choose_assignee": "whoever writes the task is one of them, nobody can be chosen too",
    "handover.choose": "nobody can be chosen too, and it says when there is no one else",
    "task_details.reviews": "without any it is the card that is shown",
    "search.ask": "a question, with what was searched for of late",
}


def _name(one: Empty) -> str:
    return f"{one.says} in {one.screen}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("one", LISTS, ids=_name)
async def test_it_says_what_to_do_next(acme, database, one, role, language):
    person, t = acme.everyone[role], translator(language)
    if not may(role, one.needs) or (one.world is ALONE and role not in (Role.ADMIN, Role.MANAGER)):
        return
    ids = {"project": acme.project, "task": await acme.task(assignee=acme.team.worker)}
    await acme.speak(language)
    for sql in one.world:
        await change(database, sql)
    for step in one.way:
        step = step.format(**ids)
        if step == "*":
            await person.sends_file()
        else:
            await (person.clicks_data(step[1:]) if step.startswith(">") else person.sends(step))
    says, leads = one.says, one.leads
    if one.to_member and not may(role, one.fills):
        says, leads = one.to_member.split(">", 1)
    assert _plain(language, says) in _flat(person.screen.text)
    assert any(data.startswith(leads.format(**ids)) for data in person.screen.data)
    labels = {label.split(" ", 1)[-1] for label in person.screen.buttons} | {
        label.removeprefix("• ") for label in person.screen.buttons
    }
    actor = acme.team.actor(role)
    for command in re.findall(r"(?<!\S)/([a-z]+)", person.screen.text):
        assert command in allowed(actor), f"/{command} is not for a {role}"
    for named in re.findall(r"<b>(.*?)</b>", str(t(says)) if _fixed(language, says) else ""):
        moves = {t.plain(f"move-{move}").split(" ", 1)[1] for move in ("start", "submit")}
        assert named in labels | moves, f"there is no button {named}"


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_who_is_in_no_project_is_told_whom_to_ask(acme, database, statements, role):
    await acme.task(assignee=acme.team.worker)
    await change(database, "delete from project_members")
    person = acme.everyone[role]
    for way in ("/tasks", "/board"):
        with statements() as said:
            await person.sends(way)
        assert person.screen.text == translator("en").plain("ask-project-empty-member")
        assert person.screen.data == ["o:menu"]
        assert len(said) <= MOST_TO_READ, said.verbs


@pytest.mark.parametrize("role", Role)
async def test_an_empty_list_takes_one_statement_more_than_another(acme, statements, role):
    person, counts = acme.everyone[role], []
    for _ in range(2):
        for way in ("tl:o:0:", "o:board"):
            with statements() as said:
                await person.clicks_data(way)
            counts.append(len(said))
            assert len(said) <= MOST_TO_READ, said.verbs
        await acme.task(assignee=acme.team.worker)
    assert [one - 1 for one in counts[:2]] == counts[2:]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("world", [NOTHING, ARCHIVED, NO_TASKS])
async def test_no_tip_stands_where_there_is_nothing(acme, database, role, language, world):
    await acme.speak(language)
    await change(database, "update accounts set tips_seen = :names", names=[])
    for sql in world:
        await change(database, sql)
    person = acme.everyone[role]
    for way in ("/tasks", "/board", "/search", "/search pump", "/report", "/approvals"):
        await person.sends(way)
        assert "💡" not in person.screen.text, way
    if world is not NO_TASKS:
        await person.sends("/newtask")
        assert "💡" not in person.screen.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
async def test_an_archived_project_names_no_button_that_it_lacks(acme, database, role):
    for sql in (*ALONE, *ARCHIVED):
        await change(database, sql)
    await acme.everyone[role].clicks_data(f"p:{acme.project}")
    text = acme.everyone[role].screen.text
    assert "No worker or client is attached." in text
    assert "press" not in text


def _fixed(language: str, key: str) -> bool:
    try:
        translator(language)(key)
    except LookupError:
        return False
    return True


def _plain(language: str, key: str) -> str:
    """The longest part of the text that is the same whatever is put into it."""
    texts = [
        translator(language)(key, **dict.fromkeys(PARAMETERS, value)).striptags()
        for value in ("1", "2")
    ]
    first, second = (_flat(text) for text in texts)
    parts = re.split(r"[12]", first) if first != second else [first]
    return max(parts, key=len).strip()


PARAMETERS = ("words", "role", "ref", "title", "done", "items")


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_every_screen_with_pages_is_among_them():
    paged = set()
    for path, tree in trees().items():
        if path.parent.name != "screens":
            continue
        for node in tree.body:
            called = {
                call.func.id
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            }
            if isinstance(node, ast.FunctionDef) and "pager" in called:
                paged.add(f"{path.stem}.{node.name}")
    paged -= {"reports._choice", "files._list"}  # what two of these share
    assert paged - {one.screen for one in LISTS} - set(NEVER_EMPTY) == set()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
async def test_a_person_without_projects_to_attach_to_is_shown_with_a_word_on_it(
    acme, database, role
):
    await change(database, "delete from projects")
    person = acme.everyone[role]
    await person.clicks_data(f"mp:{acme.team.worker.user_id}:0:0:")
    assert person.toast == "There are no active projects yet. Create one: /projects"
    assert "Wanda" in person.screen.text
