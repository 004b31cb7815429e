"""What the tests of files that people send have in common."""

import pytest
from aiogram.methods import SendChatAction

from saas_bot.domain.task_flow import Status
from tests.bot.rows import rows

FILES = """
    select f.name, coalesce(p.key || '-' || t.number, p.key), f.internal,
        f.comment_id is not null, f.review_id is not null
    from files f join projects p on p.id = f.project_id left join tasks t on t.id = f.task_id
    order by f.id
"""
COMMENTS = "select body from comments order by id"
JOBS = "select count(*) from procrastinate.procrastinate_jobs where task_name = 'upload'"
SAME = """
    select coalesce((select bytes from storage_usage where company_id = :company), 0)
        = (select coalesce(sum(size), 0) from files where company_id = :company)
"""
ALBUM = {"media_group_id": "99"}
SIGN = [SendChatAction]
PLAIN = ("report.pdf", "WEB-1", False, False, False)


def kinds(person):
    """What the bot has called, the last time it heard of the person."""
    return [type(call) for call in person.heard]


@pytest.fixture
async def working(acme):
    """Acme with a task that Wanda is at."""
    await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    return acme


async def task_id(database):
    """The only task there is, or the oldest."""
    (found,) = await rows(database, "select min(id) from tasks")
    return found
