"""Watching and disturbing: the inspector, health, faults, and snapshots on request."""

from __future__ import annotations

from aiohttp import web

from saas_bot.sandbox.bodies import body_of
from saas_bot.sandbox.bot_api import SERVICE, json_response
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.faults import DELIVERY_KINDS, Fault
from saas_bot.sandbox.people import world_of
from saas_bot.sandbox.query_numbers import seconds_in, whole_in
from saas_bot.sandbox.snapshot import STATE_FILE, save
from saas_bot.sandbox.streams import WAIT_MAX


async def get_inspector(request: web.Request) -> web.Response:
    """`GET /api/inspector?after=&limit=`."""
    after, limit = whole_in(request, "after", 0), whole_in(request, "limit", 200)
    return json_response(world_of(request).inspector.after(after, min(limit, 2000)))


async def get_health(request: web.Request) -> web.Response:
    """`GET /api/health`; with `wait`, up to so many seconds for a bot to come."""
    service = request.app[SERVICE]
    seconds = seconds_in(request, "wait", WAIT_MAX)
    if seconds > 0:
        await service.world.updates.wait_for_bot(seconds)
    target, updates = service.webhook.target, service.world.updates
    return json_response(
        {
            "ok": True,
            "pollers": updates.pollers,
            "webhook": target.url if target else None,
            "pending": len(updates),
        }
    )


async def get_faults(request: web.Request) -> web.Response:
    """`GET /api/faults`: the rules in force."""
    return json_response(world_of(request).faults.as_json())


async def post_fault(request: web.Request) -> web.Response:
    """`POST /api/faults`: see `Fault`."""
    world = world_of(request)
    fault = await body_of(request, Fault)
    if fault.kind not in DELIVERY_KINDS:
        world.faults.add(fault)
    elif fault.kind == "duplicate":
        world.updates.duplicates += fault.times
    else:
        world.updates.reorders += fault.times
    return json_response(world.faults.as_json(), 201)


async def delete_faults(request: web.Request) -> web.Response:
    """`DELETE /api/faults`."""
    world = world_of(request)
    world.faults.clear()
    world.updates.duplicates = world.updates.reorders = 0
    return json_response([])


async def post_snapshot(request: web.Request) -> web.Response:
    """`POST /api/snapshot`: write the state file now."""
    path = request.app[STATE_FILE]
    if path is None:
        raise Refused(409, "the sandbox was started without --state")
    save(request.app[SERVICE], path)
    return json_response({"ok": True})


def add_routes(app: web.Application) -> None:
    """Register the control API."""
    app.router.add_routes(
        [
            web.get("/api/inspector", get_inspector),
            web.get("/api/health", get_health),
            web.get("/api/faults", get_faults),
            web.post("/api/faults", post_fault),
            web.delete("/api/faults", delete_faults),
            web.post("/api/snapshot", post_snapshot),
        ]
    )
