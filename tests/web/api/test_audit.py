"""The audit trail, as a program reads it."""

from datetime import timedelta
from urllib.parse import quote

from saas_bot.core.clock import now
from tests.web.api.conftest import Api, World
from tests.web.api.test_resources import items


async def test_it_tells_what_happened_newest_first_and_can_be_narrowed(
    api: Api, acme: World
) -> None:
    admin, manager = [await api.caller(one) for one in (acme.team.admin, acme.team.manager)]
    began = quote((now() - timedelta(hours=1)).isoformat())
    made = (await manager("POST", "/projects", {"key": "APP", "name": "App"})).json["id"]
    await admin("PATCH", f"/projects/{made}", {"name": "Phone"})
    new = {"project_id": made, "title": "Paint it"}
    await manager("POST", "/tasks", new, X_Request_ID="paint-0001")
    rows = await items(admin, "/audit")
    assert [one["action"] for one in rows] == ["task.created", "project.renamed", "project.created"]
    task, edited, _ = rows
    assert (task["actor_name"], task["request_id"]) == ("Max", "paint-0001")
    assert (edited["before"], edited["after"]) == ({"name": "App"}, {"name": "Phone"})
    narrowed = {
        "entity=project": 2,
        f"entity=project&entity_id={made}": 2,
        "entity=project&entity_id=1": 0,
        f"user_id={acme.team.manager.user_id}": 2,
        "action=project.renamed": 1,
        f"since={began}": 3,
        f"until={began}": 0,
        f"action=task.created&user_id={acme.team.admin.user_id}": 0,
    }
    found = {query: len(await items(admin, f"/audit?{query}")) for query in narrowed}
    assert found == narrowed
    assert (await admin("GET", "/audit?since=yesterday")).code == "not-valid"
