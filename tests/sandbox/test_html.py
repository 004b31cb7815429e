"""The HTML parse mode: what comes out of it, and the words it is refused with."""

from __future__ import annotations

import time

import pytest

from saas_bot.sandbox.cleaning import trim
from saas_bot.sandbox.entities import find_entities, render
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.html_entities import parse_html


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a &lt;b&gt; &amp; &quot;c&quot;", 'a <b> & "c"', []),
        ("&#1078;&#x436; &copy; &", "жж &copy; &", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("<strong>x</strong><em>y</em>", "xy", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<ins>a</ins><del>b</del><strike>c</strike>", "abc", None),
        ("😀<b>я</b>", "😀я", [("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<B>x</B >", "x", [("bold", 0, 1)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<code>x &lt; y</code>", "x < y", [("code", 0, 5)]),
        ("<a href='javascript:alert(1)'>x</a>", "x", []),
        ("<a>no address</a>", "no address", []),
    ],
)
def test_accepted(source: str, text: str, entities: list[tuple[str, int, int]] | None) -> None:
    got_text, got = parse_html(source)
    assert got_text == text
    if entities is not None:
        assert [(one["type"], one["offset"], one["length"]) for one in got] == entities


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://example.com/a?b=1&amp;c=2">x</a>', "https://example.com/a?b=1&c=2"),
        ("<a href='example.com'>x</a>", "http://example.com/"),
        ("<a href=example.com>x</a>", "http://example.com/"),
        ("<a>https://example.com</a>", "https://example.com/"),
        ("<a href='tg://user?id=7'>x</a>", "tg://user?id=7/"),
    ],
)
def test_links(source: str, url: str) -> None:
    (entity,) = parse_html(source)[1]
    assert entity["type"] == "text_link"
    assert entity["url"].rstrip("/") == url.rstrip("/")


@pytest.mark.parametrize(
    "source",
    [
        '<pre><code class="language-python">x = 1</code></pre>',
        '<code class="language-python"><pre>x = 1</pre></code>',
    ],
)
def test_code_block_with_language(source: str) -> None:
    text, entities = parse_html(source)
    assert text == "x = 1"
    assert entities == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("яя<br>", 'Unsupported start tag "br" at byte offset 4'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>z</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<tg-emoji emoji-id="x">z</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_refused(source: str, error: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description == f"Bad Request: can't parse entities: {error}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("😀 /a@some_bot!", [("bot_command", 3, 11)]),
        ("a/b //c /d/ 1/2", []),
        ("(/x) <b>/y", [("bot_command", 1, 2)]),
        ("@anna #tag #1 me@site.org", [("mention", 0, 5), ("hashtag", 6, 4), ("email", 14, 11)]),
        ("see https://t.me/x?start=a.", [("url", 4, 22)]),
        ("example.com/a, ok", [("url", 0, 13)]),
    ],
)
def test_found_in_plain_text(text: str, found: list[tuple[str, int, int]]) -> None:
    got = [(one["type"], one["offset"], one["length"]) for one in find_entities(text)]
    assert got == found


def test_nothing_is_found_inside_code() -> None:
    text, given = parse_html("<code>/x @anna</code> /y")
    assert [one["type"] for one in find_entities(text, given)] == ["code", "bot_command"]


def test_trimming_moves_entities() -> None:
    text, given = parse_html("  😀 <b> x </b>\n")
    assert trim(text, given) == ("😀  x", [{"type": "bold", "offset": 3, "length": 2}])


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("<b>a<i>b</i>c</b>d", "<b>a<i>b</i>c</b>d"),
        ("<b>&lt;script&gt;</b>&amp;", "<b>&lt;script&gt;</b>&amp;"),
        ("😀<b>я</b>", "😀<b>я</b>"),
        ("<tg-spoiler>s</tg-spoiler>", '<span class="tg-spoiler">s</span>'),
        (
            '<a href="https://e.org/&quot;&gt;&lt;img">x</a>',
            '<a href="https://e.org/&quot;&gt;&lt;img" target="_blank" '
            'rel="noopener noreferrer">x</a>',
        ),
    ],
)
def test_drawing(source: str, drawn: str) -> None:
    assert render(*parse_html(source)) == drawn


def test_crossing_entities_are_drawn_nested() -> None:
    crossing = [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "italic", "offset": 2, "length": 3},
    ]
    assert render("abcde", crossing) == "<b>ab<i>c</i></b>de"


@pytest.mark.parametrize("piece", ["a.", "1.2.", "ab.", "a-", "a@", "http://!", "/a ", "@#", "._"])
def test_looking_for_entities_takes_no_long_time(piece: str) -> None:
    began = time.process_time()
    find_entities((piece * 4096)[:4096])
    assert time.process_time() - began < 0.25


def test_addresses_are_found_where_they_begin() -> None:
    text = "(example.com) a.b.example.org. sub-domain.io, x@example.com .example.net not.a.domainn"
    found = [
        (one["type"], text[one["offset"] : one["offset"] + one["length"]])
        for one in find_entities(text)
    ]
    assert found == [
        ("url", "example.com"),
        ("url", "a.b.example.org"),
        ("url", "sub-domain.io"),
        ("email", "x@example.com"),
    ]
