"""Write `docs/roles.md` from the tables of the domain; `--check` only says whether it is current.

python scripts/roles_doc.py [--check]
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from saas_bot.domain.permissions import (
    LOOKS,
    TABLE,
    WAYS_OUT,
    Permission,
    Reach,
    Role,
    may,
)
from saas_bot.domain.task_flow import WAYS
from saas_bot.screens.commands import COMMANDS, OUTSIDE

ROOT = Path(__file__).resolve().parent.parent
PATH = ROOT / "docs" / "roles.md"
SOURCE = ROOT / "saas_bot"
TABLE_ITSELF = SOURCE / "domain" / "permissions.py"

MEANINGS = {
    Permission.ACCOUNT: "one's own settings, switching company, leaving",
    Permission.COMPANY_SETTINGS: "settings of the company",
    Permission.COMPANY_DELETE: "delete the company",
    Permission.BILLING: "plan, subscription, invoices",
    Permission.AUDIT_SEE: "read the audit log",
    Permission.MEMBER_ROLE: "change a member's role",
    Permission.MEMBER_SEE: "see the people of the company",
    Permission.MEMBER_INVITE: "invite people",
    Permission.MEMBER_DEACTIVATE: "deactivate people and let them back in",
    Permission.PROJECT_MANAGE: "create, edit and restore projects, attach people, move tasks",
    Permission.PROJECT_ARCHIVE: "archive projects",
    Permission.PROJECT_DELETE: "delete projects for good",
    Permission.PROJECT_SEE: "see projects",
    Permission.TASK_SEE: "see tasks",
    Permission.TASK_CREATE: "create tasks",
    Permission.TASK_EDIT: "change title, text, due date, priority, tags, checklist",
    Permission.TASK_ASSIGN: "choose the assignee",
    Permission.TASK_CANCEL: "cancel tasks",
    Permission.TASK_REOPEN: "reopen done and cancelled tasks",
    Permission.TASK_WORK: "start tasks and submit them for review",
    Permission.TASK_TICK: "tick items of the checklist",
    Permission.TASK_COMMENT: "comment on tasks",
    Permission.COMMENT_EDIT: "change the words of a comment",
    Permission.COMMENT_DELETE: "delete a comment",
    Permission.TASK_ATTACH: "attach files to tasks and projects",
    Permission.REVIEW_DECIDE: "accept or return submitted work",
    Permission.FILE_DOWNLOAD: "download files",
    Permission.FILE_CHANGE: "rename, delete and hide files",
    Permission.EVIDENCE_DELETE: "delete a file of a submission",
    Permission.INTERNAL_SEE: "see comments and files marked internal",
    Permission.REPORTS: "reports and exports",
}

WORDS = {
    Reach.NONE: "–",
    Reach.ALL: "all",
    Reach.OWN_PROJECTS: "own projects",
    Reach.OWN_DRAFTS: "own new tasks",
    Reach.ASSIGNED: "assigned to them",
    Reach.OWN_WORK: "own work",
    Reach.OWN_COMMENTS: "own comments",
    Reach.OWN_FILES: "own files",
    Reach.JUNIORS: "workers, clients",
    Reach.PUBLIC_IN_OWN_PROJECTS: "own projects, unless internal",
}

TEMPLATE = """\
<!-- Written by scripts/roles_doc.py; change the tables in saas_bot/domain, then run it. -->

# Roles and rights

A person has one role in each company they are in. Rights come from one table,
`saas_bot/domain/permissions.py`; what is not in it is not allowed. Handlers, buttons, /help, the
command menu and this page derive from it.

| Role | Who that is |
| --- | --- |
| admin | runs the company |
| manager | runs projects, gives out tasks |
| worker | does the tasks |
| client | follows their projects and accepts the work |

## Rights

{rights}

What the words mean:

| Word | Meaning |
| --- | --- |
| all | everything of that kind in the company, and nothing of any other company |
| own projects | projects the person is attached to |
| own new tasks | tasks they wrote themselves in own projects, until somebody starts them |
| own files | files they sent themselves, where they still see them |
| own comments | comments they wrote themselves, on tasks they see |
| assigned to them | tasks in own projects whose assignee they are |
| workers, clients | members who have, or are to get, one of these two roles |

Rules beside the table:

- A lost right is lost at the very next click: the role is read anew for every update, and old
  buttons are checked like new ones.
- What is out of reach answers as if it did not exist.
- The last active admin can't be demoted or deactivated, and can't leave. Admin rights can be handed
  over in one step: the other becomes admin, oneself manager.
- `task.tick` goes further than `task.edit`: whoever has a task ticks off its checklist while they
  work on it, and still leaves its wording to those who give out the work.
- `project.delete` goes less far than `project.manage`: archiving keeps everything and can be taken
  back, deleting takes tasks, comments and the evidence of acceptance for good.
- Whoever is beyond the seats of the plan sees what they saw and changes nothing: only {looks} are
  left to them, and {ways_out} to admins, with which a company comes back within its plan. Projects
  beyond the plan can only be read, like archived ones.
- Nobody keeps an open task they can't work on: it goes to an heir or to nobody, together with what
  took the right away.

## Moves of a task

From `saas_bot/domain/task_flow.py`. There are no other ways between the states.

{moves}

A return needs a reason. Starting a task that nobody has makes one its assignee.

## Commands

{commands}

Someone in no company has {outside}.

## What is not there yet

These rights stand in the table, and no command or button uses them so far: {unused}.
"""


def page() -> str:
    """The whole page."""
    return TEMPLATE.format(
        rights=_table(("Right", "What it allows", *Role), _rights()),
        moves=_table(("Move", "From", "To", "Right needed"), _moves()),
        commands=_table(("Command", *Role), _commands()),
        outside=", ".join(f"`/{command}`" for command in OUTSIDE),
        looks=", ".join(f"`{one}`" for one in Permission if one in LOOKS),
        ways_out=", ".join(f"`{one}`" for one in Permission if one in WAYS_OUT),
        unused=", ".join(f"`{one}`" for one in _unused()),
    )


def _rights() -> Iterator[Sequence[str]]:
    for permission, reaches in TABLE.items():
        yield (f"`{permission}`", MEANINGS[permission], *(WORDS[reach] for reach in reaches))


def _moves() -> Iterator[Sequence[str]]:
    for action, way in WAYS.items():
        sources = ", ".join(source.value for source in way.sources)
        yield (action.value, sources, way.target.value, f"`{way.permission}`")


def _commands() -> Iterator[Sequence[str]]:
    for command, needed in COMMANDS.items():
        yield (f"`/{command}`", *("yes" if may(role, needed) else "–" for role in Role))


def _unused() -> list[Permission]:
    """The permissions that no code but the table names."""
    code = [
        path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path != TABLE_ITSELF
    ]
    return [one for one in Permission if not any(f"Permission.{one.name}" in text for text in code)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page, or with `--check` compare it; 1 when it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it differs")
    if parser.parse_args(argv).check:
        if not PATH.exists() or PATH.read_text(encoding="utf-8") != page():
            print("docs/roles.md is out of date: run python scripts/roles_doc.py", file=sys.stderr)
            return 1
        return 0
    PATH.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
