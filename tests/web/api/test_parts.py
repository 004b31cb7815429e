"""The parts of a task over HTTP: comments, checklist, history, copies, other projects, tags."""

from saas_bot.domain.task_flow import Status
from tests import factories
from tests.web.api.conftest import Api, World


async def test_comments_call_people_and_may_be_internal(api: Api, acme: World) -> None:
    team, where = acme.team, f"/tasks/{acme.tasks[Status.NEW]}/comments"
    worker, client = await api.caller(team.worker), await api.caller(team.client)
    said = (await worker("POST", where, {"body": "@max and @nobody: it drips"})).json
    assert (said["author"], said["unknown"], said["ambiguous"]) == ("Wanda", ["nobody"], {})
    told = await factories.ask(
        api.parts.database, "select count(*) from outbox where kind = 'mentioned'"
    )
    assert told == 1
    hidden = (await worker("POST", where, {"body": "A secret", "internal": True})).json
    assert (await client("POST", where, {"body": "x", "internal": True})).code == "not-allowed"
    seen = [one["id"] for one in (await client("GET", where)).json["items"]]
    assert seen == [said["id"], acme.work.comment]
    assert (await client("DELETE", f"{where}/{hidden['id']}")).code == "comment-not-found"
    first = (await worker("GET", f"{where}?limit=1")).json
    assert [one["id"] for one in first["items"]] == [hidden["id"]]
    assert (await worker("GET", f"{where}?limit=1&cursor={first['next']}")).json["items"] == [
        {name: said[name] for name in first["items"][0]}
    ]
    changed = (await worker("PATCH", f"{where}/{said['id']}", {"body": "It drips"})).json
    assert (changed["id"], changed["body"], changed["edited"]) == (said["id"], "It drips", True)
    assert (await worker("PATCH", f"{where}/{acme.work.comment}", {"body": "x"})).status == 403
    assert (await worker("POST", where, {"body": " "})).code == "text-empty"
    assert (await worker("DELETE", f"{where}/{said['id']}")).status == 204
    history = (await client("GET", f"/tasks/{acme.tasks[Status.NEW]}/history")).json["items"]
    assert "A secret" not in str(history)
    assert history[0]["action"] == "task.comment_deleted"


async def test_a_checklist_from_its_first_item_to_its_last(api: Api, acme: World) -> None:
    where = f"/tasks/{acme.tasks[Status.IN_PROGRESS]}/checklist"
    manager, worker = await api.caller(acme.team.manager), await api.caller(acme.team.worker)
    assert (await worker("POST", where, {"text": "Mine"})).code == "not-allowed"
    made = (await manager("POST", where, {"text": "Buy paint\n[x] Measure\nPaint"})).json
    assert [(one["text"], one["done"]) for one in made["items"]] == [
        ("Buy paint", False),
        ("Measure", True),
        ("Paint", False),
    ]
    paint, measure, last = [one["id"] for one in made["items"]]
    assert (await worker("POST", f"{where}/{paint}/tick")).json["items"][0]["done"] is True
    assert (await worker("POST", f"{where}/{paint}/untick")).json["items"][0]["done"] is False
    await manager("PATCH", f"{where}/{paint}", {"text": "Buy green paint"})
    moved = (await manager("POST", f"{where}/{last}/move", {"way": "top"})).json["items"]
    assert [one["id"] for one in moved] == [last, paint, measure]
    left = (await manager("DELETE", f"{where}/{last}")).json["items"]
    assert [one["text"] for one in left] == ["Buy green paint", "Measure"]
    assert (await worker("GET", where)).json["items"] == left
    assert (await manager("DELETE", f"{where}/{last}")).code == "item-not-found"
    assert (await manager("POST", where, {"text": "\n".join("x" * 99)})).code == "items-too-many"
    closed = f"/tasks/{acme.tasks[Status.DONE]}/checklist"
    assert (await manager("POST", closed, {"text": "Late"})).code == "task-closed"


async def test_a_task_is_made_anew_and_goes_elsewhere(api: Api, acme: World) -> None:
    manager, worker = await api.caller(acme.team.manager), await api.caller(acme.team.worker)
    path = f"/tasks/{acme.tasks[Status.NEW]}"
    await manager("PATCH", path, {"tags": ["pump", "garden"]})
    copied = (await manager("POST", f"{path}/copy", {})).json
    assert (copied["title"], copied["tags"]) == ("Fix the pump", ["garden", "pump"])
    assert copied["assignee_id"] == acme.team.worker.user_id
    assert (await manager("POST", f"{path}/copy", {"assign": False})).json["assignee"] is None
    assert set((await worker("GET", "/tags")).json["tags"]) == {"pump", "garden"}
    moved = (await manager("POST", f"{path}/move", {"project_id": acme.work.other})).json
    assert (moved["task"]["ref"], moved["lost_assignee"]) == ("OTHER-1", "Wanda")
    assert (await worker("GET", path)).code == "task-not-found"
    gone = await manager("POST", f"{path}/move", {"project_id": acme.archived})
    assert gone.code == "project-not-found"
