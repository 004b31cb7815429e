"""Who presses what: the updates of each contender."""

from itertools import cycle

import asyncpg

from saas_bot.core.settings import Settings
from saas_bot.domain.task_flow import Action
from saas_bot.screens import callbacks as to
from scripts.bench.contenders import Supply
from scripts.bench.data import PEOPLE
from scripts.bench.feeding import Raw, click, command


def tasks_command(companies: int) -> Supply:
    """`/tasks` from everybody in turn, neighbours being of different companies."""
    people = cycle(
        company * PEOPLE + person + 1 for person in range(PEOPLE) for company in range(companies)
    )

    def supply(number: int) -> list[Raw]:
        return [command(next(people), "/tasks") for _ in range(number)]

    return supply


async def moves(settings: Settings, action: Action, status: str, most: int) -> Supply:
    """A manager takes a task along its flow; each task once."""
    connection = await asyncpg.connect(settings.dsn.replace("postgresql+asyncpg", "postgresql"))
    try:
        rows = await connection.fetch(
            """
            select id, (company_id - 1) * $1 + 2 + id % 2 as manager from tasks
            where status = $2 and assignee_id is not null order by id limit $3
            """,
            PEOPLE,
            status,
            most,
        )
    finally:
        await connection.close()
    left = iter(rows)

    def supply(number: int) -> list[Raw]:
        return [
            click(row["manager"], to.TaskMove(id=row["id"], action=action).pack())
            for row, _ in zip(left, range(number), strict=False)
        ]

    return supply
