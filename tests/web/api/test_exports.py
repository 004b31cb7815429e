"""Reports as files: asked for, waited for, downloaded with the rights of that moment."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram import Bot

from saas_bot.core.clock import now
from saas_bot.domain.actor import Actor
from saas_bot.worker.exports import Exports
from saas_bot.worker.keeping import delete_gone
from tests.web.api.conftest import Api, World
from tests.web.api.desk import Desk
from tests.web.api.test_resources import items

WEEK = {"format": "csv"}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """It has nothing to say: a call of it would fail."""
    bot = Bot("1:none")
    yield bot
    await bot.session.close()


async def made(desk: Desk, bot: Bot, who: Actor, **wanted: object) -> str:
    """The path of an export that a worker has made."""
    caller, parts = await desk.api.caller(who), desk.api.parts
    asked = await caller("POST", "/exports", WEEK | wanted)
    assert (asked.status, asked.json["state"], asked.json["delivery"]) == (
        201,
        "queued",
        "download",
    )
    path = f"/exports/{asked.json['id']}"
    for what in ("link", "content"):
        assert (await caller("GET", f"{path}/{what}")).code == "export-not-ready"
    await Exports(bot, parts.database, parts.storage).make(who.company_id, asked.json["id"])
    return path


async def test_a_file_is_asked_for_once_and_given_up(api: Api, acme: World) -> None:
    manager = await api.caller(acme.team.manager)
    wanted = {"format": "xlsx", "period": "month"}
    made = (await manager("POST", "/exports", wanted, Idempotency_Key="e-1")).json
    assert (await manager("POST", "/exports", wanted, Idempotency_Key="e-1")).json == made
    assert (await manager("POST", "/exports", wanted)).code == "export-under-way"
    admin = await api.caller(acme.team.admin)
    assert (await admin("DELETE", f"/exports/{made['id']}")).code == "export-over"
    assert (await manager("DELETE", f"/exports/{made['id']}")).status == 204
    assert (await manager("DELETE", f"/exports/{made['id']}")).code == "export-over"


async def test_a_file_is_made_and_downloaded(desk: Desk, bot: Bot) -> None:
    manager = await desk.api.caller(desk.world.team.manager)
    path = await made(desk, bot, desk.world.team.manager)
    one = (await manager("GET", path)).json
    assert (one["state"], one["rows"], one["total"], one["error"]) == ("ready", 5, 5, None)
    assert one["name"].startswith("report-7d-")
    way = (await manager("GET", f"{path}/link")).json
    status, body, headers = await desk.sent(manager, way)
    assert (status, len(body)) == (200, one["size"])
    assert body.decode("utf-8-sig").count("Fix the pump") == 5
    assert one["name"] in headers["Content-Disposition"]
    assert (await manager("GET", f"{path}/content")).body == body
    admin = await desk.api.caller(desk.world.team.admin)
    fetched = await items(admin, "/audit?action=report.export_fetched")
    assert {one["after"]["file"] for one in fetched} == {one["name"]}
    assert [one["id"] for one in await items(manager, "/exports")] == [one["id"]]
    for what in ("", "/link", "/content"):
        assert (await admin("GET", path + what)).code == "export-not-found"


@pytest.mark.parametrize(
    "loss",
    [
        "update users set role = 'worker' where id = $1 returning id",
        "update project_members set user_id = (select min(id) from users) where user_id = $1"
        " returning user_id",
        "update exports set expires_at = now() where user_id = $1 returning id",
    ],
    ids=["another role", "detached", "too late"],
)
async def test_who_has_lost_the_right_gets_it_no_more(desk: Desk, bot: Bot, loss: str) -> None:
    client = await desk.api.caller(desk.world.team.client)
    path = await made(desk, bot, desk.world.team.client)
    assert (await client("GET", f"{path}/content")).status == 200
    await desk.value(loss, desk.world.team.client.user_id)
    for what in ("link", "content"):
        assert (await client("GET", f"{path}/{what}")).code == "export-gone"


async def test_it_is_kept_for_a_day_and_leaves_nothing(desk: Desk, bot: Bot) -> None:
    parts = desk.api.parts
    await made(desk, bot, desk.world.team.admin)
    assert len(await desk.objects()) == 1
    await delete_gone(parts.database, parts.storage)
    assert len(await desk.objects()) == 1
    sql = "update gone_objects set due_at = due_at - interval '25 hours 1 second' returning due_at"
    assert await desk.value(sql) < now() + timedelta(seconds=1)
    await delete_gone(parts.database, parts.storage)
    assert await desk.objects() == set()


async def test_the_same_report_may_come_both_ways(api: Api, acme: World) -> None:
    manager = await api.caller(acme.team.manager)
    for delivery in ("chat", "download"):
        said = await manager("POST", "/exports", WEEK | {"delivery": delivery})
        assert (said.status, said.json["delivery"]) == (201, delivery)
