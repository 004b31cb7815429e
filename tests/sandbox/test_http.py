"""Requests to the server: tokens, parameters in every form, bodies that are none."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from saas_bot.sandbox.client import Person
from tests.sandbox.conftest import Running


async def test_wrong_token_and_unknown_method(running: Running) -> None:
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await running.call("getMe", _token="1:wrong") == unauthorized
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await running.call("getMeNot") == not_found
    async with running.http.get(f"{running.url}/nowhere") as response:
        assert (response.status, await response.json()) == (404, not_found)
    async with running.http.put(f"{running.url}/bot{running.world.token}/getMe") as response:
        assert (response.status, await response.json()) == (404, not_found)


async def test_every_way_to_pass_parameters(running: Running, anna: Person) -> None:
    url = f"{running.url}/bot{running.world.token}/SENDMESSAGE"
    given = {"chat_id": str(anna.id), "text": "привет & всё", "disable_notification": "true"}
    parts = aiohttp.FormData(given, default_to_multipart=True)
    for request in (
        running.http.get(url, params=given),
        running.http.post(url, params=given),
        running.http.post(url, data=given),
        running.http.post(url, data=parts),
        running.http.post(url, json=given),
    ):
        async with request as response:
            assert (await response.json())["result"]["text"] == "привет & всё"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"\xff=\xff"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"--b\r\nno headers"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx"),
        ("multipart/form-data; boundary=b", b"something else"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        ),
    ],
)
async def test_malformed_bodies(running: Running, kind: str, body: bytes) -> None:
    url = f"{running.url}/bot{running.world.token}/sendMessage"
    async with running.http.post(url, data=body, headers={"Content-Type": kind}) as response:
        answer = await response.json()
    assert (response.status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert answer["description"].startswith("Bad Request: ")


async def test_large_bodies_are_cut_off(running: Running, anna: Person) -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * 65536

    url = f"{running.url}/bot{running.world.token}/sendMessage"
    async with running.http.post(url, data=b"x" * (2 << 20)) as response:
        assert response.status == 413
        assert (await response.json())["description"] == "Request Entity Too Large"
    people = f"{running.url}/api/people/{anna.id}/messages"
    async with running.http.post(people, data=b"x" * (2 << 20)) as response:
        assert (response.status, await response.json()) == (
            413,
            {"error": "the body is too large"},
        )
    async with running.http.post(url, data=endless()) as response:
        assert response.status == 413
