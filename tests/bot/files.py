"""Files that are there already, for the tests of what people do with them."""

from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.rows import rows

NOT_FOUND = "I can’t find that file. It may have been deleted."


async def a_file(acme, name="plan.pdf", *, task=None, by="worker", **more):
    who = getattr(acme.team, by)
    return await factories.file(acme.database, acme.project, name, by=who, task=task, **more)


async def submitted(acme, name="plan.pdf", **more):
    """A task in review, and a file of its submission."""
    task = await acme.task(assignee=acme.team.worker, status=Status.REVIEW)
    (review,) = await rows(acme.database, "select id from reviews where task_id = :t", t=task)
    return task, await a_file(acme, name, task=task, review_id=review, **more)


async def queued(acme):
    """What the worker is to send: which file to whom."""
    jobs = "select args->>'subject', args->>'person' from procrastinate.procrastinate_jobs"
    return await rows(acme.database, f"{jobs} where task_name = 'send_file' order by id")
