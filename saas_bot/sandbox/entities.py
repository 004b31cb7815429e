"""Message entities: their UTF-16 offsets, finding them in plain text, drawing them as safe HTML.

Source: Bot API `MessageEntity`: "offset in UTF-16 code units". The patterns follow the ones
Telegram's server uses for commands, mentions, hashtags, links and addresses.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Entity = dict[str, Any]

_FOUND: Final = re.compile(
    r"""
    (?P<url>(?<![\w@/])(?:https?://[^\s<>"']+[^\s<>"'.,:;!?)\]}]
        |(?<![.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|org|net|ru|me|io|dev|info|app|co)
         (?![\w.-]*@)(?:[/?\#][^\s<>"']*[^\s<>"'.,:;!?)\]}]|/)?(?![\w-])))
    |(?P<email>(?<![\w.+-])[a-z0-9._+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?![\w@]))
    |(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))
    |(?P<mention>(?<![\w/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w))
    |(?P<hashtag>(?<![\w/&])\#(?=\w*[^\W\d])\w{1,256}(?![\w\#]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORTH_SEARCHING: Final = re.compile(r"[/@#.]")
_HIDES_OTHERS: Final = frozenset({"pre", "code", "text_link", "text_mention"})


def utf16_length(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def _narrow(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"


def to_utf16(text: str) -> Callable[[int], int]:
    """A function from a Python index into `text` to its UTF-16 offset."""
    if _narrow(text):
        return lambda index: index
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + 1 + (character > "\uffff"))
    return offsets.__getitem__


def from_utf16(text: str) -> Callable[[int], int]:
    """A function from a UTF-16 offset to an index into `text`; inside a pair, the pair's start."""
    if _narrow(text):
        return lambda offset: offset
    indexes: list[int] = []
    for index, character in enumerate(text):
        indexes.append(index)
        if character > "\uffff":
            indexes.append(index)
    indexes.append(len(text))
    return indexes.__getitem__


def find_entities(text: str, given: list[Entity] | None = None) -> list[Entity]:
    """`given` entities together with those Telegram finds by itself, in Telegram's order."""
    entities = list(given or ())
    if not _WORTH_SEARCHING.search(text):
        return entities
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in _HIDES_OTHERS
    ]
    offset_of = to_utf16(text)
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        begin, end = offset_of(match.start()), offset_of(match.end())
        if match.lastgroup and not any(begin < upto and start < end for start, upto in taken):
            found.append({"type": match.lastgroup, "offset": begin, "length": end - begin})
    if found:
        entities.extend(found)
        entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return entities


_PLAIN_TAGS: Final = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def _opening(entity: Entity, covered: str) -> tuple[str, str]:
    """Opening and closing tag for one entity; two empty strings for one that isn't drawn."""
    kind = entity["type"]
    if kind in _PLAIN_TAGS:
        return f"<{_PLAIN_TAGS[kind]}>", f"</{_PLAIN_TAGS[kind]}>"
    if kind == "spoiler":
        return '<span class="tg-spoiler">', "</span>"
    if kind == "pre":
        language = html.escape(str(entity.get("language", "")))
        return f'<pre data-language="{language}">' if language else "<pre>", "</pre>"
    if kind == "bot_command":
        return f'<a href="#" data-command="{html.escape(covered)}">', "</a>"
    target = _target(kind, entity, covered)
    if target is None:
        return "", ""
    return f'<a href="{html.escape(target)}" target="_blank" rel="noopener noreferrer">', "</a>"


def _target(kind: str, entity: Entity, covered: str) -> str | None:
    if kind == "text_link":
        return str(entity["url"])
    if kind == "url":
        return (
            covered if covered.lower().startswith(("http://", "https://")) else f"http://{covered}"
        )
    if kind == "email":
        return f"mailto:{covered}"
    if kind == "mention":
        return f"https://t.me/{covered[1:]}"
    return None


def _spans(text: str, entities: list[Entity]) -> Iterator[tuple[int, int, str, str]]:
    index_of = from_utf16(text)
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        begin, end = index_of(entity["offset"]), index_of(entity["offset"] + entity["length"])
        opening, closing = _opening(entity, text[begin:end])
        if opening:
            yield begin, end, opening, closing


def render(text: str, entities: list[Entity] | None) -> str:
    """`text` as HTML that is safe to put into a page: our own tags, everything else escaped."""
    if not entities:
        return html.escape(text)
    out: list[str] = []
    open_spans: list[tuple[int, str]] = []
    at = 0

    def upto(position: int) -> None:
        nonlocal at
        while open_spans and open_spans[-1][0] <= position:
            end, closing = open_spans.pop()
            out.append(html.escape(text[at:end]))
            out.append(closing)
            at = max(at, end)
        out.append(html.escape(text[at:position]))
        at = max(at, position)

    for begin, end, opening, closing in _spans(text, entities):
        upto(begin)
        if open_spans:
            # A span that crosses its neighbour's end is cut there: HTML has to nest.
            end = min(end, open_spans[-1][0])
        out.append(opening)
        open_spans.append((end, closing))
    upto(len(text))
    return "".join(out)
