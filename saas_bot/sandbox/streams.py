"""Events as they happen: server-sent events for pages, long polls for tests."""

from __future__ import annotations

import json
from typing import Final

from aiohttp import web

from saas_bot.sandbox.bot_api import json_response
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.people import chat_of, world_of
from saas_bot.sandbox.people_groups import group_of
from saas_bot.sandbox.query_numbers import seconds_in, whole
from saas_bot.sandbox.world import World

HEARTBEAT: Final = 15.0  # seconds of silence before a comment keeps proxies from hanging up
WAIT_MAX: Final = 60.0  # seconds one long poll may last


def _after(request: web.Request, world: World) -> int:
    """Where to go on: `after`, what a reconnecting browser says, or now."""
    given = request.headers.get("Last-Event-ID") or request.query.get("after")
    if not given:
        return world.events.seq
    after = whole(given, digits=18)
    if after is None:
        raise Refused(400, "after must be a whole number")
    return after


async def person_events(request: web.Request) -> web.StreamResponse:
    """`GET /api/people/{id}/events?after=`: a stream, or JSON for `Accept: application/json`."""
    return await _events(request, chat_of(request).id)


async def group_events(request: web.Request) -> web.StreamResponse:
    """`GET /api/groups/{group}/events?after=`: as for a person."""
    return await _events(request, group_of(request).id)


async def _events(request: web.Request, chat_id: int) -> web.StreamResponse:
    if "application/json" not in request.headers.get("Accept", ""):
        return await _stream(request, chat_id)
    world = world_of(request)
    after = _after(request, world)
    seconds = seconds_in(request, "wait", WAIT_MAX)
    events = await world.events.wait(after, chat_id, seconds)
    last = events[-1].seq if events else after
    return json_response({"seq": last, "events": [event.as_json() for event in events]})


async def all_events(request: web.Request) -> web.StreamResponse:
    """`GET /api/events?after=`: all people's events in one stream, each with `person_id`."""
    return await _stream(request, None)


async def _stream(request: web.Request, person_id: int | None) -> web.StreamResponse:
    world = world_of(request)
    after = _after(request, world)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-cache",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    try:
        await response.write(f"retry: 1000\n: {after}\n\n".encode())
        while not world.events.closed:
            events = await world.events.wait(after, person_id, HEARTBEAT)
            if not events:
                await response.write(b": still here\n\n")
                continue
            lines: list[str] = []
            for event in events:
                body = json.dumps(event.as_json(with_person=person_id is None))
                lines.append(f"id: {event.seq}\ndata: {body}\n\n")
            after = events[-1].seq
            await response.write("".join(lines).encode())
    except ConnectionError:
        pass
    return response


def add_routes(app: web.Application) -> None:
    """Register the streams."""
    app.router.add_get(r"/api/people/{id:\d{1,16}}/events", person_events)
    app.router.add_get(r"/api/groups/{group:-\d{1,16}}/events", group_events)
    app.router.add_get("/api/events", all_events)
