"""Telegram's old Markdown parse mode: marked-up text to plain text and entities, or its refusal.

Source: Bot API "Markdown style" (legacy), and Telegram's own parser (`parse_markdown` in tdlib) for
what the page leaves open and the wording. Entities don't nest; byte offsets count UTF-8.
"""

from __future__ import annotations

import re
from typing import Final

from saas_bot.sandbox.entities import Entity, utf16_length
from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.html_entities import checked_url

_SPECIAL: Final = re.compile(r"\\[_*`\[]|```|[_*`\[]")
_LINE_BREAK: Final = re.compile(r"\r\n|\n\r|[\r\n]")
_LANGUAGE: Final = re.compile(r"[^\s`]++(?=[^`])")
_URL: Final = re.compile(r"\(([^)]*)\)?")
_KINDS: Final = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}


def not_parsed(what: str) -> ApiError:
    """The 400 for markup that can't be parsed."""
    return bad_request(f"can't parse entities: {what}")


def byte_offset(source: str, at: int) -> int:
    """Where a character of `source` is in its UTF-8 form."""
    return len(source[:at].encode("utf-8", "surrogatepass"))


def block_start(source: str, at: int) -> tuple[str, int]:
    """The language after an opening ```, "" for none, and where the block's text begins."""
    language = _LANGUAGE.match(source, at)
    if language is not None:
        at = language.end()
    line_break = _LINE_BREAK.match(source, at)
    return language.group() if language else "", line_break.end() if line_break else at


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of `source`, or `ApiError` as Telegram words it."""
    out: list[str] = []
    entities: list[Entity] = []
    at = offset = 0

    def emit(text: str) -> int:
        nonlocal offset
        out.append(text)
        offset += utf16_length(text)
        return offset

    while (special := _SPECIAL.search(source, at)) is not None:
        emit(source[at : special.start()])
        mark, at = special.group(), special.end()
        if mark.startswith("\\"):
            emit(mark[1])
            continue
        language = ""
        if mark == "```":
            language, at = block_start(source, at)
        closing = "]" if mark == "[" else mark
        end = source.find(closing, at)
        if end < 0:
            begin = byte_offset(source, special.start())
            raise not_parsed(f"Can't find end of the entity starting at byte offset {begin}")
        text, at, begin = source[at:end], end + len(closing), offset
        entity: Entity | None = {"type": _KINDS[mark], "offset": begin, "length": 0}
        if mark == "[":
            entity, at = _link(source, at, text, begin)
        elif language:
            entity = {"type": "pre", "offset": begin, "length": 0, "language": language}
        length = emit(text) - begin
        if entity is not None and length:
            entities.append({**entity, "length": length})
    emit(source[at:])
    return "".join(out), entities


def _link(source: str, at: int, text: str, begin: int) -> tuple[Entity | None, int]:
    """The link that follows `text`, or its text as the link; None for no good address."""
    match = _URL.match(source, at)
    url = checked_url(text if match is None else match.group(1))
    at = at if match is None else match.end()
    if url is None:
        return None, at
    return {"type": "text_link", "offset": begin, "length": 0, "url": url}, at
