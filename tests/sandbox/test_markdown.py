"""Both Markdown parse modes: what comes out of them, and the words they are refused with."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiogram import Bot

from saas_bot.sandbox.client import Person
from saas_bot.sandbox.entities import Entity
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.markdown import parse_markdown
from saas_bot.sandbox.markdown_v2 import parse_markdown_v2

Parser = Callable[[str], tuple[str, list[Entity]]]


def short(entities: list[Entity]) -> list[tuple[Any, ...]]:
    """Each entity as type, offset, length and what else there is."""
    return [tuple(one.values()) for one in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("*b* _i_ `c`", "b i c", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
        ("😀*я*", "😀я", [("bold", 2, 1)]),
        ("**x", "x", []),
        (r"\*x\* \_ \` \[ \]", r"*x* _ ` [ \]", []),
        ("*a_b*", "a_b", [("bold", 0, 3)]),
        ("```\nx = 1```", "x = 1", [("pre", 0, 5)]),
        ("```python\nx = `1```", "x = `1", [("pre", 0, 6, "python")]),
        ("```python```", "python", [("pre", 0, 6)]),
        ("[a](https://e.org/x)", "a", [("text_link", 0, 1, "https://e.org/x")]),
        ("[https://e.org/x]", "https://e.org/x", [("text_link", 0, 15, "https://e.org/x")]),
        ("[a](javascript:alert)", "a", []),
        ("[a](e.org", "a", [("text_link", 0, 1, "http://e.org/")]),
    ],
)
def test_old_markdown(source: str, text: str, entities: list[tuple[Any, ...]]) -> None:
    got_text, got = parse_markdown(source)
    assert (got_text, short(got)) == (text, entities)


@pytest.mark.parametrize(("source", "at"), [("*x", 0), ("яя _x", 5), ("a [b", 2), ("```x``", 0)])
def test_old_markdown_refused(source: str, at: int) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown(source)
    assert refusal.value.description == (
        "Bad Request: can't parse entities: "
        f"Can't find end of the entity starting at byte offset {at}"
    )


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("*b* _i_", "b i", [("bold", 0, 1), ("italic", 2, 1)]),
        ("__u__ ~s~", "u s", [("underline", 0, 1), ("strikethrough", 2, 1)]),
        ("||s|| `c`", "s c", [("spoiler", 0, 1), ("code", 2, 1)]),
        (
            "*a _b ~c~ b_ a*",
            "a b c b a",
            [("bold", 0, 9), ("italic", 2, 5), ("strikethrough", 4, 1)],
        ),
        ("__a _i_\r__", "a i\r", [("underline", 0, 4), ("italic", 2, 1)]),
        ("😀*я*", "😀я", [("bold", 2, 1)]),
        ("**", "", []),
        (r"\*1\.5\*", "*1.5*", []),
        ("`a.b*c\\`d`", "a.b*c`d", [("code", 0, 7)]),
        ("```py\nx.y```", "x.y", [("pre", 0, 3, "py")]),
        ("```\nx.y```", "x.y", [("pre", 0, 3)]),
        ("[a](http://e.org/\\))", "a", [("text_link", 0, 1, "http://e.org/)")]),
        ("[*a*](e.org)", "a", [("text_link", 0, 1, "http://e.org/"), ("bold", 0, 1)]),
        ("[e\\.org]", "e.org", [("text_link", 0, 5, "http://e.org/")]),
        ("![x](tg://emoji?id=53)", "x", [("custom_emoji", 0, 1, "53")]),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
        (">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        (">a||\nb", "a\nb", [("expandable_blockquote", 0, 2)]),
        (">a\n**>b", "a\nb", [("blockquote", 0, 2), ("blockquote", 2, 1)]),
        ("\\я", "\\я", []),
    ],
)
def test_markdown_v2(source: str, text: str, entities: list[tuple[Any, ...]]) -> None:
    got_text, got = parse_markdown_v2(source)
    assert got_text == text
    assert sorted(short(got)) == sorted(entities)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("hey!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a]", "Character ']' is reserved and must be escaped with the preceding '\\'"),
        ("*x", "Can't find end of Bold entity at byte offset 0"),
        ("яя__x_", "Can't find end of Italic entity at byte offset 7"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        ("```py\nx", "Can't find end of PreCode entity at byte offset 0"),
        ("[x", "Can't find end of TextUrl entity at byte offset 0"),
        ("[x](e.org", "Can't find end of a URL at byte offset 4"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![x](e.org)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_markdown_v2_refused(source: str, error: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown_v2(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {error}"


@pytest.mark.parametrize("parse", [parse_markdown, parse_markdown_v2])
@pytest.mark.parametrize("piece", ["*", "_", "[", "\\a", "[x](\\)", ">\n", "`", "||", "a*"])
def test_parsing_takes_no_long_time(parse: Parser, piece: str) -> None:
    began = time.process_time()
    with contextlib.suppress(ApiError):
        parse(piece * (32_000 // len(piece)))
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize(
    ("mode", "source"),
    [("Markdown", "*Task* `1.5`"), ("MarkdownV2", "*Task* `1.5`"), ("markdownv2", "*Task* `1.5`")],
)
async def test_the_bot_may_use_them(bot: Bot, anna: Person, mode: str, source: str) -> None:
    sent = await bot.send_message(anna.id, source, parse_mode=mode)
    assert (sent.text, sent.html_text) == ("Task 1.5", "<b>Task</b> <code>1.5</code>")
