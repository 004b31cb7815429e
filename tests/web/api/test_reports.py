"""Reports and the search."""

from urllib.parse import quote

from saas_bot.domain.task_flow import Status
from tests import factories
from tests.web.api.conftest import Api, World
from tests.web.api.test_resources import items


async def test_a_report_tells_what_its_reader_may_see(api: Api, acme: World) -> None:
    other = await factories.project(api.parts.database, acme.team.id, key="OWN")
    await factories.task(api.parts.database, other, author=acme.team.admin)
    admin, worker, client = [
        await api.caller(one) for one in (acme.team.admin, acme.team.worker, acme.team.client)
    ]
    said = (await admin("GET", "/report?period=month")).json
    figures = said["figures"]
    assert (figures["created"], figures["done"], figures["open"]) == (len(Status) + 1, 1, 4)
    assert [(one["name"], one["open"]) for one in said["people"]] == [("Wanda", 3)]
    assert sum(step["created"] for step in said["steps"]) == figures["created"]
    of_one = (await admin("GET", f"/report?project={acme.project}")).json
    assert (of_one["project"], of_one["figures"]["open"]) == ("WEB – Website", 3)
    assert (await client("GET", "/report")).json["figures"]["open"] == 3
    assert (await worker("GET", "/report")).json["person"] == "Wanda"
    somebody = f"/report?user={acme.team.admin.user_id}"
    assert (await worker("GET", somebody)).code == "not-allowed"
    assert (await client("GET", f"/report?project={other}")).code == "project-not-found"
    assert (await admin("GET", "/report?user=987654321")).code == "member-not-found"
    assert (await admin("GET", "/report?period=year")).code == "not-valid"


async def test_tasks_are_found_by_words(api: Api, acme: World, globex: World) -> None:
    client = await api.caller(acme.team.client)
    found = await items(client, "/search?words=pumps")
    assert {one["id"] for one in found} == set(acme.tasks.values())
    assert found[0]["in_title"] == [
        {"text": "Fix the ", "found": False},
        {"text": "pump", "found": True},
    ]
    assert (await client("GET", "/search?words=the")).code == "search-nothing"
    assert (await client("GET", "/search?words=" + quote("\u200b "))).code == "text-empty"
    assert (await client("GET", "/search?words=" + "x" * 101)).code == "search-too-long"
    assert (await client("GET", "/search")).code == "not-valid"
