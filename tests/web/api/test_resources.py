"""Me, the company, projects and tasks, as programs use them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from saas_bot.domain.task_flow import Status
from saas_bot.domain.task_lists import View
from saas_bot.web.api.resources.tasks import ListName
from tests import factories
from tests.statements import recording
from tests.web.api.calling import Caller
from tests.web.api.conftest import Api, World


async def items(caller: Caller, path: str) -> list[Any]:
    """All items of a list, page by page, and back again."""
    found, seen, cursor = [], [], ""
    mark = "&" if "?" in path else "?"
    while True:
        page = (await caller("GET", f"{path}{mark}limit=2&cursor={cursor}")).json
        assert len(page["items"]) <= 2
        seen.append(page["items"])
        found += page["items"]
        if page["next"] is None:
            break
        cursor = page["next"]
    for expected in reversed(seen[:-1]):
        page = (await caller("GET", f"{path}{mark}limit=2&cursor={page['previous']}")).json
        assert page["items"] == expected
    assert page["previous"] is None
    return found


async def test_who_i_am_and_what_i_may(api: Api, acme: World) -> None:
    client = await api.caller(acme.team.client)
    said = (await client("GET", "/me")).json
    assert said["company"]["role"] == "client"
    assert "task.create" not in said["company"]["permissions"]
    assert "review.decide" in said["company"]["permissions"]


async def test_settings_of_my_own(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.worker)
    said = await caller("PATCH", "/me", {"timezone": "Москва"})
    assert (said.json["timezone"], said.json["language"]) == ("Europe/Moscow", "en")
    assert (await caller("PATCH", "/me", {"timezone": "Atlantis"})).code == "timezone-unknown"
    assert (await caller("PATCH", "/me", {"language": None})).code == "not-valid"
    assert (await caller("GET", "/me")).json["timezone"] == "Europe/Moscow"


async def test_the_company(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    assert (await caller("GET", "/company")).json["people"] == 4
    said = await caller("PATCH", "/company", {"name": "  Acme   Ltd "})
    assert said.json["name"] == "Acme Ltd"
    assert (await caller("PATCH", "/company", {"name": "x" * 65})).code == "text-too-long"


async def test_projects_from_making_one_to_putting_it_away(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    made = (await caller("POST", "/projects", {"key": "app", "name": "App"})).json
    assert (made["key"], made["active"], made["description"]) == ("APP", True, "")
    assert (await caller("POST", "/projects", {"key": "APP", "name": "B"})).status == 409
    path = f"/projects/{made['id']}"
    changed = await caller("PATCH", path, {"name": "Apps", "description": "For phones"})
    assert (changed.json["name"], changed.json["description"]) == ("Apps", "For phones")
    assert (await caller("PATCH", path, {"description": ""})).json["description"] == ""
    assert (await caller("POST", f"{path}/archive")).json["active"] is False
    assert [one["key"] for one in await items(caller, "/projects")] == ["WEB", "OTHER"]
    assert [one["key"] for one in await items(caller, "/projects?archived=true")] == ["OLD", "APP"]
    assert (await caller("POST", f"{path}/restore")).json["active"] is True


async def test_no_more_projects_than_the_plan_allows(api: Api) -> None:
    database = api.parts.database
    plan = await factories.plan(database, projects=1)
    team = await factories.company(database, "Small", plan=plan)
    caller = await api.caller(team.admin)
    assert (await caller("POST", "/projects", {"key": "ONE", "name": "1"})).status == 201
    said = await caller("POST", "/projects", {"key": "TWO", "name": "2"})
    assert (said.status, said.code) == (403, "limit-projects")


async def test_a_change_of_six_parts_reads_the_task_three_times(api: Api, acme: World) -> None:
    manager = await api.caller(acme.team.manager)
    path = f"/tasks/{acme.tasks[Status.NEW]}"
    await manager("PATCH", path, {"tags": ["old"]})
    parts = {
        "title": "Mend the pump",
        "description": "It drips",
        "priority": "urgent",
        "due_at": "2030-05-01T09:00:00Z",
        "assignee_id": acme.team.manager.user_id,
        "tags": ["pump"],
    }
    with recording(api.parts.database.engine) as said:
        changed = await manager("PATCH", path, parts)
    assert {name: changed.json[name] for name in parts} == parts
    assert len(said) <= 15, said.verbs
    history = await items(manager, f"{path}/history")
    assert [one["action"] for one in history[:6]] == [
        "task.tags",
        "task.due_at",
        "task.priority",
        "task.description",
        "task.title",
        "task.assigned",
    ]
    with recording(api.parts.database.engine) as said:
        await manager("PATCH", path, {name: parts[name] for name in ("title", "due_at")})
    assert [verb for verb in said.verbs if not verb.startswith("select")] == ["with"], said.verbs


async def test_a_task_from_making_it_to_its_end(api: Api, acme: World) -> None:
    manager, worker = await api.caller(acme.team.manager), await api.caller(acme.team.worker)
    client = await api.caller(acme.team.client)
    body = {
        "project_id": acme.project,
        "title": "Paint the fence",
        "priority": "high",
        "due_at": "2030-05-01T12:00:00+03:00",
        "assignee_id": acme.team.worker.user_id,
        "tags": ["#Garden", "fence"],
    }
    made = (await manager("POST", "/tasks", body)).json
    assert made["due_at"] == "2030-05-01T09:00:00Z"
    assert made["tags"] == ["fence", "garden"]
    path = f"/tasks/{made['id']}"
    mine = (await worker("GET", "/tasks?view=mine&tag=garden")).json["items"]
    assert [one["ref"] for one in mine] == [made["ref"]]
    assert (await worker("GET", path)).json["actions"] == ["start"]
    assert (await worker("POST", f"{path}/start")).json["status"] == "in_progress"
    assert (await client("POST", f"{path}/start")).code == "not-allowed"
    submitted = (await worker("POST", f"{path}/submit")).json
    assert submitted["review"]["number"] == 1
    late = await client("POST", f"{path}/accept", {"review": 2})
    assert late.code == "newer-submission"
    assert (await client("POST", f"{path}/return", {})).code == "not-valid"
    given = await client("POST", f"{path}/return", {"reason": "It drips", "review": 1})
    assert given.json["review"]["decision"] == "returned"
    await worker("POST", f"{path}/submit", {"comment": "Now?"})
    done = (await client("POST", f"{path}/accept", {"review": 2})).json
    assert (done["status"], done["actions"]) == ("done", [])
    again = await client("POST", f"{path}/accept")
    assert (again.status, again.code) == (409, "task-already-moved")


async def test_changing_a_task(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    path = f"/tasks/{acme.tasks[Status.NEW]}"
    changed = await caller(
        "PATCH",
        path,
        {
            "title": "Another",
            "description": "More",
            "priority": "low",
            "due_at": "2030-01-01T00:00:00Z",
            "assignee_id": acme.team.admin.user_id,
            "tags": ["one"],
        },
    )
    assert changed.json["assignee"] == "Ada"
    cleared = await caller("PATCH", path, {"due_at": None, "assignee_id": None, "tags": ["two"]})
    assert (cleared.json["due_at"], cleared.json["assignee_id"]) == (None, None)
    assert (cleared.json["tags"], cleared.json["title"]) == (["two"], "Another")
    assert (await caller("PATCH", path, {})).json == cleared.json
    closed = await caller("PATCH", f"/tasks/{acme.tasks[Status.DONE]}", {"title": "Late"})
    assert closed.code == "task-closed"


async def test_a_change_that_is_refused_in_part_changes_nothing(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    path = f"/tasks/{acme.tasks[Status.NEW]}"
    said = await caller("PATCH", path, {"title": "Half", "tags": ["!"]})
    assert said.code == "tag-shape"
    assert (await caller("GET", path)).json["title"] == "Fix the pump"


@pytest.mark.parametrize("view", ListName)
async def test_each_list_pages_there_and_back(view: ListName, api: Api, acme: World) -> None:
    database = api.parts.database
    for number in range(3):
        await factories.task(
            database,
            acme.project,
            author=acme.team.admin,
            status=(
                Status(View[view.name].name.lower()) if view.value in list(Status) else Status.NEW
            ),
            due_at=datetime(2020, 1, number + 1, tzinfo=UTC) if number else None,
        )
    caller = await api.caller(acme.team.admin)
    found = await items(caller, f"/tasks?view={view}")
    assert len({one["id"] for one in found}) == len(found)
    assert found or view in (ListName.MINE, ListName.TODAY, ListName.WEEK)


async def test_lists_are_filtered_and_sorted(api: Api, acme: World) -> None:
    caller, worker = await api.caller(acme.team.admin), acme.team.worker.user_id
    urgent = {"project_id": acme.project, "title": "Now", "priority": "urgent"}
    await caller("POST", "/tasks", urgent)
    assert len(await items(caller, f"/tasks?assignee={worker}")) == 3
    assert [one["title"] for one in await items(caller, "/tasks?assignee=0")] == ["Now"]
    assert [one["title"] for one in await items(caller, "/tasks?priority=urgent")] == ["Now"]
    assert (await items(caller, "/tasks?sort=priority"))[0]["title"] == "Now"
    assert (await items(caller, "/tasks?sort=newest"))[0]["title"] == "Now"
    assert (await caller("GET", "/tasks?project=987654321")).code == "project-not-found"
    assert (await caller("GET", "/tasks?cursor=nonsense")).code == "cursor-not-valid"
    assert (await caller("GET", "/tasks?tag=!")).code == "tag-shape"


async def test_a_client_decides_only_where_they_are(api: Api, acme: World) -> None:
    other = await factories.project(api.parts.database, acme.team.id, key="OWN")
    hidden = await factories.task(api.parts.database, other, author=acme.team.admin)
    client = await api.caller(acme.team.client)
    assert (await client("GET", f"/tasks/{hidden}")).code == "task-not-found"
    assert [one["key"] for one in await items(client, "/projects")] == ["WEB"]
    assert (await client("GET", f"/projects/{other}")).code == "project-not-found"
