"""The documentation: the OpenAPI document, the page for people, the root."""

from html.parser import HTMLParser

import pytest

from saas_bot.web.api import docs, openapi
from saas_bot.web.api.resources import ROUTES
from tests.web.api.conftest import Api


def references(node: object) -> set[str]:
    """All that a document refers to."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    if isinstance(node, list):
        return set().union(*map(references, node))
    return set()


def test_the_document_says_all_that_there_is_and_refers_to_nothing_else() -> None:
    document = openapi.document(ROUTES)
    assert document["openapi"].startswith("3.1")
    said = {
        (method.upper(), path.removeprefix(openapi.PREFIX))
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert said == {(route.method, route.path) for route in ROUTES}
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= there
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(set(names)) == len(names)


async def test_the_document_is_sent_once_to_whoever_keeps_it(api: Api) -> None:
    async with api.client.get("/api/openapi.json") as first:
        assert first.content_type == "application/json"
        assert await first.json() == openapi.document(ROUTES)
    headers = {"If-None-Match": first.headers["ETag"]}
    async with api.client.get("/api/openapi.json", headers=headers) as again:
        assert (again.status, await again.read()) == (304, b"")


class _Links(HTMLParser):
    """Collects what a page loads, links to, and can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str | None] = set()
        self.links: set[str | None] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "a":
            self.links.add(given.get("href"))
        if tag in ("script", "link", "img", "iframe") or "src" in given:
            self.loads.append(tag)


async def test_the_page_needs_nothing_else_and_explains_each_problem(api: Api) -> None:
    async with api.client.get("/api/docs") as response:
        assert response.content_type == "text/html"
        assert response.headers["Content-Security-Policy"] == docs.POLICY
        page = _Links()
        page.feed(await response.text())
    assert page.loads == []
    assert {f"#{one}" for one in page.ids if one} >= {
        one for one in page.links if one and one.startswith("#")
    }
    assert {"/api/openapi.json", "#tasks.page", "#not-allowed"} <= page.links


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/docs/", "/api/v1", "/api/v1/"])
async def test_near_addresses_lead_to_the_page(path: str, api: Api) -> None:
    async with api.client.get(path, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (301, "/api/docs")


async def test_the_page_names_groups_and_the_codes_of_fields(api: Api) -> None:
    async with api.client.get("/api/docs") as response:
        text = await response.text()
    assert "<h4>Operators: companies</h4>" in text
    assert "operators_companies</h4>" not in text
    assert "<code>no-choice</code></td><td>must be one of …</td>" in text
    assert "That is … characters; … fit. Send a shorter text." in text


async def test_whoever_finds_the_port_is_told_where_to_go(api: Api) -> None:
    async with api.client.get("/") as response:
        assert response.status == 200
        assert "/api/docs" in await response.text()
