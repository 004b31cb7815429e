"""People over HTTP: lists, roles, shutting somebody out with a handover, projects, invites."""

from saas_bot.domain.task_flow import Status
from saas_bot.services import invites
from tests import factories
from tests.web.api.calling import Caller
from tests.web.api.conftest import Api, World
from tests.web.api.samples import MISSING
from tests.web.api.test_resources import items


async def names(caller: Caller, path: str) -> list[str]:
    return [one["name"] for one in (await caller("GET", path)).json["items"]]


async def test_members_are_filtered_and_paged(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    assert await names(caller, "/members") == ["Ada", "Max", "Wanda", "Clive", "Wim"]
    assert await names(caller, "/members?role=worker") == ["Wanda", "Wim"]
    assert await names(caller, "/members?active=false") == ["Wim"]
    assert await names(caller, "/members?working=true&active=true") == ["Ada", "Max", "Wanda"]
    first = (await caller("GET", "/members?limit=3")).json
    rest = (await caller("GET", f"/members?limit=3&cursor={first['next']}")).json
    assert [one["name"] for one in rest["items"]] == ["Clive", "Wim"]
    assert rest["next"] is None


async def test_whom_somebody_works_for(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    found = (await caller("GET", f"/members/{acme.team.worker.user_id}")).json
    assert (found["member"]["role"], found["projects"]) == ("worker", ["Website"])
    assert (found["open"], found["in_review"]) == (3, 1)
    assert found["last_done"]["ref"].startswith("WEB-")


async def test_whoever_is_shut_out_hands_over_and_comes_back(api: Api, acme: World) -> None:
    team = acme.team
    admin, worker = await api.caller(team.admin), await api.caller(team.worker)
    path, manager = f"/members/{team.worker.user_id}", team.manager.user_id
    takers = (await admin("GET", f"{path}/heirs")).json["items"]
    assert [(one["name"], one["takes"]) for one in takers] == [("Ada", 3), ("Max", 3)]
    done = (await admin("POST", f"{path}/deactivate", {"hand_to": manager})).json
    assert (done["member"]["active"], done["tasks"]) == (
        False,
        {"given": 3, "heir": "Max", "left": []},
    )
    assert (await worker("GET", "/me")).status == 401
    task = (await admin("GET", f"/tasks/{acme.tasks[Status.NEW]}")).json
    assert task["assignee_id"] == manager
    assert (await admin("POST", f"{path}/deactivate")).json["tasks"]["given"] == 0
    assert (await admin("POST", f"{path}/reactivate")).json["active"] is True
    assert (await worker("GET", "/me")).status == 401


async def test_a_company_keeps_an_admin(api: Api, acme: World) -> None:
    team = acme.team
    admin, manager = await api.caller(team.admin), await api.caller(team.manager)
    own = f"/members/{team.admin.user_id}"
    assert (await admin("POST", f"{own}/deactivate")).code == "last-admin"
    assert (await admin("POST", f"{own}/role", {"role": "worker"})).code == "last-admin"
    assert (await manager("POST", f"{own}/deactivate")).code == "not-allowed"
    heir = f"/members/{team.manager.user_id}/hand-over-admin"
    assert (await admin("POST", heir)).json["role"] == "admin"
    assert (await admin("POST", heir)).code == "not-allowed"
    stepped = await manager("POST", f"{own}/role", {"role": "worker", "keep_tasks": True})
    assert stepped.json["member"]["role"] == "worker"
    assert (await admin("GET", "/members")).code == "not-allowed"


async def test_projects_and_their_people(api: Api, acme: World) -> None:
    team, project = acme.team, acme.project
    manager, worker = await api.caller(team.manager), await api.caller(team.worker)
    path = f"/projects/{project}/members/{team.worker.user_id}"
    assert await names(worker, f"/projects/{project}/assignees") == ["Ada", "Max", "Wanda"]
    gone = (await manager("DELETE", f"{path}?hand_to={team.manager.user_id}")).json
    assert gone == {"given": 3, "heir": "Max", "left": []}
    assert (await worker("GET", f"/projects/{project}")).code == "project-not-found"
    there = (await manager("GET", f"/projects/{project}/members")).json["items"]
    assert {one["name"]: one["attached"] for one in there} == {"Wanda": False, "Clive": True}
    assert (await manager("PUT", path)).json["attached"] is True
    places = (await manager("GET", f"/members/{team.worker.user_id}/projects")).json["items"]
    assert {one["key"]: one["attached"] for one in places} == {"WEB": True, "OTHER": False}


async def test_an_invite_is_told_once_works_and_ends(api: Api, acme: World) -> None:
    manager = await api.caller(acme.team.manager)
    body = {"role": "worker", "project_id": acme.project}
    made = await manager("POST", "/invites", body, Idempotency_Key="invite-1")
    again = await manager("POST", "/invites", body, Idempotency_Key="invite-1")
    token = made.json["token"]
    assert again.json == made.json | {"token": None, "link": None}
    kept = await factories.ask(
        api.parts.database, "select string_agg(body, '') from idempotency_keys"
    )
    assert token
    assert token not in kept
    listed = (await manager("GET", "/invites")).json["items"]
    assert [one["id"] for one in listed] == [acme.work.invite, made.json["id"]]
    assert token not in str(listed)
    newcomer = await factories.account(api.parts.database, "Nora")
    async with api.parts.database.system_session("test") as session:
        nora = await invites.join(session, newcomer, token)
    caller = await api.caller(nora)
    assert (await caller("GET", f"/projects/{acme.project}")).status == 200
    assert (await manager("DELETE", f"/invites/{acme.work.invite}")).status == 204
    assert (await manager("GET", "/invites")).json["items"] == []
    assert (await manager("POST", "/invites", {"role": "manager"})).code == "not-allowed"
    there_is_none = {"role": "client", "project_id": MISSING}
    assert (await manager("POST", "/invites", there_is_none)).code == "project-not-found"


async def test_seats_are_guarded(api: Api) -> None:
    database = api.parts.database
    team = await factories.company(database, "Small", plan=await factories.plan(database, seats=4))
    admin = await api.caller(team.admin)
    assert (await admin("POST", "/invites", {"role": "manager"})).code == "limit-seats"
    path = f"/members/{team.client.user_id}"
    await admin("POST", f"{path}/deactivate")
    assert (await admin("POST", "/invites", {"role": "manager"})).status == 201
    sql = "update plans set seats = 3 where seats = 4 returning id"
    await factories.ask(database, sql)
    assert (await admin("POST", f"{path}/reactivate")).code == "limit-seats"


async def test_somebody_leaves_and_hands_their_tasks_over(api: Api, acme: World) -> None:
    worker, manager = await api.caller(acme.team.worker), await api.caller(acme.team.manager)
    path = f"/companies/{acme.team.id}/leave"
    assert (await worker("POST", f"/companies/{acme.team.id + 1}/leave", {})).code == (
        "company-not-found"
    )
    heir = {"hand_to": acme.team.manager.user_id}
    assert (await worker("POST", path, heir)).code == "not-allowed"
    done = await worker("POST", path, {})
    assert (done.status, done.json["given"], len(done.json["left"])) == (200, 0, 3)
    assert (await worker("GET", "/me")).code == "session-over"
    done = await manager("POST", path, {"hand_to": acme.team.admin.user_id})
    assert (done.status, done.json["given"]) == (200, 0)
    admin = await api.caller(acme.team.admin)
    assert (await admin("POST", path, {})).code == "last-admin"
    left = await items(admin, "/audit?action=member.left")
    assert [one["actor_name"] for one in left] == ["Max", "Wanda"]
