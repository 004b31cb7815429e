"""Who presses what: the updates of each contender."""

from collections.abc import Callable
from itertools import cycle, islice

import asyncpg

from saas_bot.core.settings import Settings
from saas_bot.domain.task_flow import Action
from saas_bot.screens import callbacks as to
from scripts.bench.contenders import Supply
from scripts.bench.data import PEOPLE, plain_dsn
from scripts.bench.feeding import Raw, click, command


def tasks_command(companies: int) -> Supply:
    """`/tasks` from everybody in turn: neighbours are of different companies and of all roles."""
    people = cycle(
        company * PEOPLE + (company + turn) % PEOPLE + 1
        for turn in range(PEOPLE)
        for company in range(companies)
    )

    def supply(number: int) -> list[Raw]:
        return [command(next(people), "/tasks") for _ in range(number)]

    return supply


async def moves(settings: Settings, action: Action, status: str, most: int) -> Supply:
    """A manager takes a task along its flow; each task once."""
    return await _clicks(
        settings, status, most, lambda task: to.TaskMove(id=task, action=action).pack()
    )


async def cards(settings: Settings, status: str, most: int) -> Supply:
    """A manager opens the card of a task."""
    return await _clicks(settings, status, most, lambda task: to.Task(id=task).pack())


async def _clicks(
    settings: Settings, status: str, most: int, button: Callable[[int], str]
) -> Supply:
    connection = await asyncpg.connect(plain_dsn(settings))
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
        return [click(row["manager"], button(row["id"])) for row in islice(left, number)]

    return supply
