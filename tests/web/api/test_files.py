"""Files over HTTP: announced, sent by a link or through us, completed, given back."""

import asyncio
import hashlib
from datetime import timedelta

from redis.asyncio import Redis

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.services import login_codes
from saas_bot.services.files.announced import LINK_LASTS
from saas_bot.services.files.keeping import SETTLED
from saas_bot.worker.keeping import delete_gone, take_up_strays
from tests import factories
from tests.web.api.calling import Caller
from tests.web.api.conftest import World, serving
from tests.web.api.desk import PDF, Desk

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(2000)


async def test_a_file_goes_in_and_comes_out(desk: Desk) -> None:
    worker, client = [
        await desk.api.caller(who) for who in (desk.world.team.worker, desk.world.team.client)
    ]
    made = (await desk.announced(worker, PDF, 'план "А".pdf')).json
    path = f"/files/{made['file']['id']}"
    assert made["file"]["state"] == "pending"
    assert (await client("GET", f"{path}/link")).code == "file-not-stored-yet"
    assert (await client("GET", f"{path}/content")).code == "file-not-stored-yet"
    assert (await worker("POST", f"{path}/complete")).code == "file-not-uploaded"
    assert (await desk.sent(worker, made["upload"], PDF))[0] in (200, 204)
    done = (await worker("POST", f"{path}/complete")).json
    assert (done["state"], done["media_type"], done["size"]) == (
        "stored",
        "application/pdf",
        len(PDF),
    )
    assert (await worker("POST", f"{path}/complete")).json == done
    way = (await client("GET", f"{path}/link")).json
    status, body, headers = await desk.sent(client, way)
    assert (status, body) == (200, PDF)
    assert "filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD" in headers["Content-Disposition"]
    assert headers["Content-Type"] == "application/pdf"
    if way["with_token"]:
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Length"] == str(len(PDF))
        assert headers["Accept-Ranges"] == "none"
        assert headers["Content-Disposition"].startswith("attachment")
    listed = (await client("GET", f"/tasks/{desk.task}/files?named=ПЛАН")).json["items"]
    assert [one["id"] for one in listed] == [done["id"]]
    assert await desk.value("select sha256 from files where id = $1", done["id"]) == done["sha256"]


async def test_from_signing_in_to_an_accepted_submission_with_a_file(desk: Desk) -> None:
    async def signed_in(who: Actor) -> Caller:
        async with desk.api.parts.database.system_session("test") as session:
            code = await login_codes.issue(session, who.account, who)
        tokens = (await desk.api.anyone()("POST", "/auth/code", {"code": code})).json
        return Caller(desk.api.client, tokens["access_token"])

    team = desk.world.team
    manager, worker, client = [
        await signed_in(who) for who in (team.manager, team.worker, team.client)
    ]
    project = (await manager("POST", "/projects", {"key": "APP", "name": "App"})).json["id"]
    for who in (team.worker, team.client):
        assert (await manager("PUT", f"/projects/{project}/members/{who.user_id}")).json["attached"]
    wanted = {"project_id": project, "title": "Draw it", "assignee_id": team.worker.user_id}
    task = (await manager("POST", "/tasks", wanted)).json["id"]
    await worker("POST", f"/tasks/{task}/start")
    said = {"name": "plan.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest()}
    made = (await worker("POST", f"/tasks/{task}/files", said | {"for_answer": True})).json
    file = made["file"]["id"]
    submission = {"comment": "Here it is", "files": [file]}
    early = await worker("POST", f"/tasks/{task}/submit", submission)
    assert early.code == "file-not-stored-yet"
    await desk.sent(worker, made["upload"], PDF)
    await worker("POST", f"/files/{file}/complete")
    assert (await worker("POST", f"/tasks/{task}/submit", submission)).json["review"]["number"] == 1
    (review,) = (await client("GET", f"/tasks/{task}/reviews")).json["items"]
    assert (review["files"], review["decision"]) == (1, None)
    (shown,) = (await client("GET", f"/tasks/{task}/files?review=1")).json["items"]
    way = (await client("GET", f"/files/{shown['id']}/link")).json
    assert (await desk.sent(client, way))[1] == PDF
    assert (await worker("DELETE", f"/files/{file}")).code == "file-of-submission"
    done = (await client("POST", f"/tasks/{task}/accept", {"review": 1})).json
    assert (done["status"], done["review"]["decided_by"]) == ("done", team.client.account.name)
    assert (await worker("PATCH", f"/files/{file}", {"name": "b.pdf"})).code == "file-decided"
    history = (await manager("GET", f"/tasks/{task}/history")).json["items"]
    assert [one["action"] for one in history][:3] == [
        "task.accept",
        "task.submit",
        "task.file_added",
    ]


async def test_only_what_was_announced_is_taken(desk: Desk) -> None:
    worker = await desk.api.caller(desk.world.team.worker)
    made = (await desk.announced(worker, PDF)).json
    path = f"/files/{made['file']['id']}"
    for other in (PDF[:-1], PDF[:-1] + b"x", PDF + b"x"):
        await desk.sent(worker, made["upload"], other)
        said = await worker("POST", f"{path}/complete")
        assert said.code in ("file-content-differs", "file-not-uploaded")
    await desk.sent(worker, made["upload"], PDF)
    assert (await worker("POST", f"{path}/complete")).status == 200


async def test_what_comes_to_the_link_later_changes_nothing(desk: Desk) -> None:
    worker = await desk.api.caller(desk.world.team.worker)
    made = (await desk.announced(worker, PDF)).json
    path = f"/files/{made['file']['id']}"
    await desk.sent(worker, made["upload"], PDF)
    await worker("POST", f"{path}/complete")
    await desk.sent(worker, made["upload"], PDF[:-1] + b"x")
    way = (await worker("GET", f"{path}/link")).json
    assert (await desk.sent(worker, way))[1] == PDF


async def test_a_type_that_is_not_taken_leaves_nothing(desk: Desk) -> None:
    worker = await desk.api.caller(desk.world.team.worker)
    assert (await desk.announced(worker, EXE, "setup.exe")).code == "file-type"
    before = await desk.value("select count(*) from files")
    made = (await desk.announced(worker, EXE)).json
    await desk.sent(worker, made["upload"], EXE)
    path = f"/files/{made['file']['id']}"
    assert (await worker("POST", f"{path}/complete")).code == "file-type"
    assert (await worker("POST", f"{path}/complete")).code == "file-not-found"
    assert await desk.value("select count(*) from files") == before
    await desk.value("update gone_objects set due_at = now() returning object_key")
    await delete_gone(desk.api.parts.database, desk.api.parts.storage)
    assert await desk.objects() == set()


async def test_an_object_that_is_lost_is_said_to_be(desk: Desk) -> None:
    worker = await desk.api.caller(desk.world.team.worker)
    file = await desk.stored(worker)
    await desk.api.parts.storage.delete(await desk.objects())
    said = await worker("GET", f"/files/{file['id']}/content")
    assert (said.status, said.code) == (404, "file-lost")


async def test_what_is_announced_counts_and_what_is_too_much_is_refused(desk: Desk) -> None:
    team, database = desk.world.team, desk.api.parts.database
    worker = await desk.api.caller(team.worker)
    taken = await desk.value("select bytes from storage_usage where company_id = $1", team.id)
    await factories.storage(database, team.id, taken + 3 * len(PDF) // 2)
    answers = await asyncio.gather(*(desk.announced(worker, PDF) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 403, 403, 403]
    assert {answer.code for answer in answers} == {None, "limit-storage"}
    large = {"name": "a.bin", "size": 2**40, "sha256": "0" * 64}
    assert (await worker("POST", f"/tasks/{desk.task}/files", large)).code == "file-too-large"
    assert (await desk.announced(worker, b"")).code == "file-empty"


async def test_what_is_not_completed_is_forgotten(desk: Desk) -> None:
    worker, database = await desk.api.caller(desk.world.team.worker), desk.api.parts.database
    used = "select bytes from storage_usage where company_id = $1"
    before = await desk.value(used, desk.world.team.id)
    made = (await desk.announced(worker, PDF)).json
    file = made["file"]["id"]
    await desk.sent(worker, made["upload"], PDF)
    for age, left in ((LINK_LASTS, 1), (SETTLED + timedelta(minutes=1), 0)):
        sql = "update files set created_at = $2 where id = $1 returning id"
        await desk.value(sql, file, now() - age)
        await take_up_strays(database)
        assert await desk.value("select count(*) from files where id = $1", file) == left
    assert await desk.value(used, desk.world.team.id) == before
    assert await desk.value("select count(*) from gone_objects") == 1


async def test_of_several_who_complete_one_does_and_others_hear_of_it_once(desk: Desk) -> None:
    manager = await desk.api.caller(desk.world.team.manager)
    made = (await desk.announced(manager, PDF)).json
    await desk.sent(manager, made["upload"], PDF)
    path = f"/files/{made['file']['id']}/complete"
    answers = await asyncio.gather(*(manager("POST", path) for _ in range(5)))
    assert {answer.code for answer in answers} <= {None, "file-changed"}
    assert any(answer.status == 200 for answer in answers)
    told = "select count(*) from outbox where kind = 'files_added'"
    assert await desk.value(told) == 1
    await desk.value("update gone_objects set due_at = now() returning object_key")
    await delete_gone(desk.api.parts.database, desk.api.parts.storage)
    assert len(await desk.objects()) == 1


async def test_a_file_is_its_senders_until_it_is_there_and_internal_ones_are_no_clients(
    desk: Desk,
) -> None:
    team = desk.world.team
    worker, manager, client = [
        await desk.api.caller(who) for who in (team.worker, team.manager, team.client)
    ]
    assert (await desk.announced(client, PDF, internal=True)).code == "not-allowed"
    made = (await desk.announced(worker, PDF, internal=True)).json
    path = f"/files/{made['file']['id']}"
    assert (await manager("POST", f"{path}/complete")).code == "file-not-found"
    assert (await manager("PUT", f"{path}/content")).code == "file-not-found"
    await desk.sent(worker, made["upload"], PDF)
    await worker("POST", f"{path}/complete")
    for method, what in (("GET", ""), ("GET", "/link"), ("GET", "/content"), ("DELETE", "")):
        assert (await client(method, path + what)).code == "file-not-found"
    changed = await worker("PATCH", path, {"name": "drawing", "internal": False})
    assert (changed.json["name"], changed.json["internal"]) == ("drawing.pdf", False)
    assert (await client("GET", path)).json["may_change"] is False
    assert (await client("DELETE", path)).code == "not-allowed"
    assert (await worker("DELETE", path)).status == 204
    assert (await worker("GET", path)).code == "file-not-found"


async def test_a_return_takes_its_files_along(desk: Desk) -> None:
    worker, client = [
        await desk.api.caller(who) for who in (desk.world.team.worker, desk.world.team.client)
    ]
    path = f"/tasks/{desk.task}"
    await worker("POST", f"{path}/submit", {"comment": "Done"})
    photo = await desk.stored(client, name="drips.pdf", for_answer=True)
    theirs = await desk.stored(worker, name="mine.pdf", for_answer=True)
    back = {"reason": "It drips", "files": [photo["id"]]}
    stolen = back | {"files": [theirs["id"]]}
    assert (await client("POST", f"{path}/return", stolen)).code == "file-not-found"
    given = await client("POST", f"{path}/return", back)
    assert (given.status, given.json["review"]["decision"]) == (200, "returned")
    (review,) = (await worker("GET", f"{path}/reviews")).json["items"]
    assert (review["files"], review["return_files"]) == (0, 1)
    shown = await worker("GET", f"{path}/files?review={review['number']}&of_return=true")
    assert [one["id"] for one in shown.json["items"]] == [photo["id"]]
    assert (await worker("POST", f"{path}/submit", back | {"comment": "x"})).code == "not-valid"


async def test_a_comment_takes_its_files_along(desk: Desk) -> None:
    worker = await desk.api.caller(desk.world.team.worker)
    file = await desk.stored(worker, for_answer=True)
    where = f"/tasks/{desk.task}/comments"
    said = await worker("POST", where, {"body": "Look", "files": [file["id"]], "internal": True})
    assert said.json["files"] == 1
    assert (await worker("GET", f"/files/{file['id']}")).json["internal"] is True
    again = await worker("POST", where, {"body": "Again", "files": [file["id"]]})
    assert again.code == "file-not-found"
    theirs = await desk.api.caller(desk.world.team.manager)
    assert (await theirs("POST", where, {"body": "Mine", "files": [file["id"]]})).status == 404


async def test_without_storage_the_caller_is_asked_to_come_again(
    api_settings: Settings, database: Database, redis: Redis, acme: World, closed_port: int
) -> None:
    away = {"s3_endpoint_url": f"http://127.0.0.1:{closed_port}"}
    async with serving(api_settings.model_copy(update=away), database, redis) as api:
        caller = await api.caller(acme.team.admin)
        for method, path in (
            ("GET", f"/files/{acme.work.file}/content"),
            ("POST", f"/files/{acme.work.announced}/complete"),
            ("PUT", f"/files/{acme.work.announced}/content"),
        ):
            raw = b"x" * 1200 if method == "PUT" else None
            said = await caller(method, path, raw=raw)
            assert (said.status, said.code) == (503, "unavailable")
            assert said.headers["Retry-After"]
