"""A bare aiohttp handler that gives a page of tasks by asyncpg: no sign-in, no rates, no policies.

python -m scripts.bench.bare_api PORT DSN LIMIT
"""

import asyncio
import json
import sys
from typing import Final

import asyncpg
import uvloop
from aiohttp import web

CONNECTIONS: Final = 10
"""To the database, as many as ours has."""

_QUERY: Final = """
    select t.id, p.key, t.number, t.title, t.status, t.priority, t.due_at, t.assignee_id,
           u.name as assignee
    from tasks t
    join lateral (select key from projects
                  where id = t.project_id and status = 'active' limit 1) p on true
    left join users u on u.id = t.assignee_id
    where t.company_id = $1 and t.status in ('new', 'in_progress', 'review')
    order by coalesce(t.due_at, 'infinity'::timestamptz), t.id limit $2
    """
"""What our policies make of our statement."""


async def serve(port: int, dsn: str, limit: int) -> None:
    """Until the process is ended."""
    pool = await asyncpg.create_pool(dsn, min_size=CONNECTIONS, max_size=CONNECTIONS)

    async def tasks(request: web.Request) -> web.Response:
        async with pool.acquire() as connection:
            rows = await connection.fetch(_QUERY, int(request.query["company"]), limit + 1)
        items = [
            {
                "id": row["id"],
                "ref": f"{row['key']}-{row['number']}",
                "title": row["title"],
                "status": row["status"],
                "priority": row["priority"],
                "due_at": row["due_at"].strftime("%Y-%m-%dT%H:%M:%SZ") if row["due_at"] else None,
                "assignee_id": row["assignee_id"],
                "assignee": row["assignee"],
            }
            for row in rows[:limit]
        ]
        last = rows[limit - 1]
        following = f"f{last['id']}.{int(last['due_at'].timestamp()) if last['due_at'] else '-'}"
        page = {"items": items, "next": following, "previous": None}
        return web.Response(
            text=json.dumps(page, ensure_ascii=False, separators=(",", ":")),
            content_type="application/json",
        )

    async def health(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/tasks", tasks)
    app.router.add_get("/health", health)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
