"""What there is of work around a company's tasks, for the tests of the API."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from saas_bot.core.clock import now
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Role
from tests import factories
from tests.factories import Team

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Work:
    """Ids: of a comment of the admin and an item of a checklist on the first task, of an invite, of
    a file that is stored there and one that the admin has announced, of a worker who is shut out,
    and of another project."""

    comment: int
    item: int
    invite: int
    file: int
    announced: int
    shut_out: int
    other: int


async def work(database: Database, team: Team, project: int, task: int) -> Work:
    """All of that."""
    of, who = {"company_id": team.id}, team.admin
    on = of | {"task_id": task}
    author = {"author_id": who.user_id, "author_name": who.account.name}
    upload = await factories.put(database, "uploads", **on, project_id=project, user_id=who.user_id)
    coming = {"status": "pending", "telegram_file_id": None, "sha256": "0" * 64}
    gone = await factories.member(database, team.id, Role.WORKER, "Wim", status="deactivated")
    return Work(
        comment=await factories.put(database, "comments", **on, **author, body="It drips"),
        item=await factories.put(database, "checklist_items", **on, text="Buy paint"),
        invite=await factories.put(
            database,
            "invites",
            **of,
            role="worker",
            project_id=project,
            token_hash=f"hash{next(_numbers)}",
            expires_at=now() + timedelta(days=1),
        ),
        file=await factories.file(database, project, by=who, task=task),
        announced=await factories.file(
            database, project, by=who, task=task, upload_id=upload, **coming
        ),
        shut_out=gone.user_id,
        other=await factories.project(database, team.id, key="OTHER"),
    )
