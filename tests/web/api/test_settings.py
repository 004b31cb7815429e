"""What a person is told, and when."""

from typing import Any

import pytest

from saas_bot.domain.events import Event
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.web.api.conftest import Api, World
from tests.web.api.test_resources import items

OWN = "/me/notifications"


async def test_settings_are_changed_in_parts_and_hold_in_the_chat(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.worker)
    before = (await caller("GET", OWN)).json
    assert before["events"] == dict.fromkeys(Event, True)
    changed = await caller("PATCH", OWN, {"events": {"commented": False, "due": False}})
    off = [event for event, on in changed.json["events"].items() if not on]
    assert (sorted(off), changed.json["digest"]) == (["commented", "due"], before["digest"])
    quiet = {"start": "22:15", "end": "07:00"}
    digest = {"hour": 8, "weekdays": True}
    changed = await caller("PATCH", OWN, {"quiet_hours": quiet, "digest": digest})
    assert changed.json["quiet_hours"] == quiet
    assert changed.json["digest"]["next_at"] is not None
    back = {"quiet_hours": None, "digest": {"hour": None}, "events": {"due": True}}
    changed = await caller("PATCH", OWN, back)
    assert (changed.json["quiet_hours"], changed.json["digest"]["hour"]) == (None, None)
    assert (await caller("GET", OWN)).json == changed.json
    sql = "select array_to_string(events_off, ',') from accounts where telegram_id = $1"
    telegram_id = acme.team.worker.account.telegram_id
    assert await factories.ask(api.parts.database, sql, telegram_id) == "commented"


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_hours": {"start": "22:00", "end": "22:00"}},
        {"quiet_hours": {"start": "24:00", "end": "08:00"}},
        {"quiet_hours": {"start": "22:00"}},
        {"digest": {"hour": 24}},
        {"digest": None},
        {"events": {"rain": True}},
        {"events": {"due": None}},
    ],
)
async def test_what_cannot_be_is_refused(body: dict[str, Any], api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.worker)
    before = (await caller("GET", OWN)).json
    assert (await caller("PATCH", OWN, body)).code == "not-valid"
    assert (await caller("GET", OWN)).json == before


async def test_tasks_and_projects_are_muted_and_heard_of_again(api: Api, acme: World) -> None:
    caller, task = await api.caller(acme.team.client), acme.tasks[Status.NEW]
    for _ in range(2):
        assert (await caller("PUT", f"/tasks/{task}/mute")).status == 204
    await caller("PUT", f"/projects/{acme.project}/mute")
    project, one = await items(caller, "/me/mutes")
    assert (project["ref"], project["project_id"], project["task_id"]) == (
        "WEB", acme.project, None,
    )  # fmt: skip
    assert (one["ref"], one["task_id"]) == ("WEB-1", task)
    await caller("DELETE", f"/tasks/{task}/mute")
    await caller("DELETE", f"/projects/{acme.project}/mute")
    assert await items(caller, "/me/mutes") == []
