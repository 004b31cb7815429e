"""Whatever a bot or a page sends, the answer is a refusal or a result, never a failure of ours."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from saas_bot.sandbox.cleaning import trim
from saas_bot.sandbox.client import Person
from saas_bot.sandbox.entities import find_entities, render, utf16_length
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.html_entities import parse_html
from saas_bot.sandbox.methods.table import TABLE
from tests.sandbox.conftest import Running

NASTY: list[Any] = [
    None,
    "",
    "x",
    0,
    -1,
    2**63,
    2**200,
    1.5,
    True,
    [],
    {},
    [[]],
    [[[]]],
    [None],
    [{}],
    {"type": "chat"},
    {"type": "document", "media": "attach://x"},
    {"message_id": "x"},
    {"inline_keyboard": 1},
    {"inline_keyboard": [1]},
    {"inline_keyboard": [[None]]},
    {"inline_keyboard": [[]]},
    {"keyboard": [[{"text": None}]]},
    {"keyboard": [[1]]},
    [{"type": "bold", "offset": 5, "length": 90}],
    [{"type": "text_link", "offset": 0, "length": 1}],
    [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}],
    [{"type": "bold", "offset": -3, "length": -2}],
    "\ud800",
    "\x00",
    "[" * 10_000,
    "attach://x",
]
WAITING = {"getupdates"}


@pytest.mark.parametrize("method", sorted(set(TABLE) - WAITING))
async def test_methods_survive_any_value(running: Running, anna: Person, method: str) -> None:
    sane: dict[str, Any] = {
        "chat_id": anna.id,
        "from_chat_id": anna.id,
        "user_id": anna.id,
        "text": "text",
        "message_id": (await anna.messages())[-1].message_id,
        "commands": [{"command": "a", "description": "b"}],
    }
    fields = TABLE[method][0].model_fields
    sane = {name: value for name, value in sane.items() if name in fields}
    for name in fields:
        for value in NASTY:
            body = await running.call(method, **{**sane, name: value})
            assert body["ok"] or body["error_code"] < 500, (name, value)
    async with running.http.get(f"{running.url}/api/people/{anna.id}/chat") as response:
        assert response.status == 200
        assert "javascript:" not in json.dumps(
            [one["html"] for one in (await response.json())["messages"]]
        )


PIECES = [
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<a href='t.me/x'>",
    "</a>",
    "<pre>",
    "</pre>",
    "<code class=language-c>",
    "</code>",
    "<blockquote expandable>",
    "</blockquote>",
    "<",
    ">",
    "&",
    "&lt;",
    "&#128512;",
    "😀",
    "я",
    " ",
    "\n",
    "/cmd",
    "@name",
    "#tag",
    "https://e.org/x",
    "</>",
    '"',
    "'",
    "=",
    '<span class="tg-spoiler">',
    "</span>",
    "x",
]


def test_any_markup_is_parsed_or_refused() -> None:
    dice = random.Random(7)
    parsed = 0
    for _ in range(20_000):
        source = "".join(dice.choices(PIECES, k=dice.randint(1, 12)))
        try:
            text, entities = parse_html(source)
        except ApiError:
            continue
        parsed += 1
        text, entities = trim(text, entities)
        entities = find_entities(text, entities)
        size = utf16_length(text)
        assert all(0 <= one["offset"] < one["offset"] + one["length"] <= size for one in entities)
        assert render(text, entities).count("<b>") == render(text, entities).count("</b>")
    assert parsed > 1500
