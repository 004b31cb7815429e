"""Telegram's MarkdownV2 parse mode: marked-up text to plain text and entities, or its refusal.

Source: Bot API "MarkdownV2 style", and Telegram's own parser (`parse_markdown_v2` in tdlib) for
what the page leaves open and the wording. Byte offsets in errors count UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from saas_bot.sandbox.entities import Entity, utf16_length
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.html_entities import checked_url
from saas_bot.sandbox.markdown import block_start, byte_offset, not_parsed

# Marks in the order they are tried, with what they begin; the longer ones first.
_OPENING: Final = {
    "__": "underline",
    "||": "spoiler",
    "```": "pre",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
_MARKS: Final = re.compile("|".join(map(re.escape, _OPENING)))
_CLOSING: Final = {
    **{kind: mark for mark, kind in _OPENING.items()},
    "text_link": "]",
    "custom_emoji": "]",
}
_NAMES: Final = {
    "underline": "Underline",
    "spoiler": "Spoiler",
    "pre": "Pre",
    "custom_emoji": "CustomEmoji",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}
_VERBATIM: Final = frozenset({"code", "pre"})
_SPECIAL: Final = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!\n]")
_SPECIAL_IN_CODE: Final = re.compile(r"[\\`]")
_ESCAPED: Final = re.compile(r"\\([\x01-\x7e])")
_URL: Final = re.compile(r"\(((?:[^)\\]|\\[\x01-\x7e]|\\(?![\x01-\x7e]))*+)\)")
_EMOJI_URL: Final = re.compile(r"tg://emoji/?\?id=([1-9]\d*)")
_TIME_URL: Final = re.compile(r"tg://time/?\?unix=\d+")


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of `source`, or `ApiError` as Telegram words it."""
    return _Parser(source).parse()


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int  # in the plain text, UTF-16
    begins: int  # piece of the plain text
    at: int  # in the source
    language: str = ""

    @property
    def name(self) -> str:
        return "PreCode" if self.language else _NAMES[self.kind]


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []
        self._quoting = False
        self._line_starts = True

    def parse(self) -> tuple[str, list[Entity]]:
        source = self._source
        while self._at < len(source):
            verbatim = bool(self._open) and self._open[-1].kind in _VERBATIM
            special = (_SPECIAL_IN_CODE if verbatim else _SPECIAL).search(source, self._at)
            until = special.start() if special else len(source)
            if until > self._at:
                self._emit(source[self._at : until])
            elif (escaped := _ESCAPED.match(source, self._at)) is not None:
                self._emit(escaped.group(1), escaped.end())
            elif source[self._at] == "\\":
                self._emit("\\")
            elif self._ends_quote():
                self._end_quote()
            elif self._open and self._closes(self._open[-1].kind):
                self._close()
            else:
                self._begin()
        self._end_of_text()
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._out), self._entities

    def _emit(self, text: str, then: int | None = None) -> None:
        self._out.append(text)
        self._offset += utf16_length(text)
        self._at = self._at + len(text) if then is None else then
        if text != "\r":
            self._line_starts = text == "\n"

    def _closes(self, kind: str) -> bool:
        if kind == "blockquote":
            return False
        doubled = kind == "italic" and self._source.startswith("__", self._at)
        return not doubled and self._source.startswith(_CLOSING[kind], self._at)

    def _begin(self) -> None:
        source, begin = self._source, self._at
        character = source[begin]
        if character == "\n":
            self._emit("\n")
            return
        if character == ">" and self._line_starts:
            if not self._quoting:
                self._quoting = True
                self._open.append(_Open("blockquote", self._offset, len(self._out), begin))
            self._at += 1
            return
        mark = _MARKS.match(source, begin)
        if mark is None:
            raise not_parsed(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        kind, self._at, language = _OPENING[mark.group()], mark.end(), ""
        if kind == "pre":
            language, self._at = block_start(source, self._at)
        self._open.append(_Open(kind, self._offset, len(self._out), begin, language))

    def _close(self) -> None:
        opened = self._open.pop()
        self._at += len(_CLOSING[opened.kind])
        entity: Entity | None = {"type": opened.kind}
        if opened.language:
            entity = {"type": "pre", "language": opened.language}
        elif opened.kind == "text_link":
            entity = self._link(opened)
        elif opened.kind == "custom_emoji":
            entity = self._emoji()
        if entity is not None and self._offset > opened.offset:
            self._add(entity, opened)

    def _add(self, entity: Entity, opened: _Open) -> None:
        where = {"offset": opened.offset, "length": self._offset - opened.offset}
        self._entities.append({"type": entity["type"], **where, **entity})

    def _address(self) -> str | None:
        """The address in parentheses that comes now; None when there are no parentheses."""
        if not self._source.startswith("(", self._at):
            return None
        match = _URL.match(self._source, self._at)
        if match is None:
            at = byte_offset(self._source, self._at + 1)
            raise not_parsed(f"Can't find end of a URL at byte offset {at}")
        self._at = match.end()
        return _ESCAPED.sub(r"\1", match.group(1))

    def _link(self, opened: _Open) -> Entity | None:
        address = self._address()
        url = checked_url("".join(self._out[opened.begins :]) if address is None else address)
        return None if url is None else {"type": "text_link", "url": url}

    def _emoji(self) -> Entity | None:
        address = self._address()
        if address is None:
            raise not_parsed("The entity must contain a tg://emoji or tg://time URL")
        emoji = _EMOJI_URL.fullmatch(address)
        if emoji is not None:
            return {"type": "custom_emoji", "custom_emoji_id": emoji.group(1)}
        if _TIME_URL.match(address):
            return None
        raise not_parsed("Invalid tg://emoji or tg://time URL specified")

    # Quotations: lines that begin with ">", the first of them opens and the next other one closes.

    def _ends_quote(self) -> bool:
        follows = self._source[self._at + 1 : self._at + 2]
        return self._quoting and self._source[self._at] == "\n" and follows != ">"

    def _end_quote(self) -> None:
        kind = self._take_quote(self._at)
        if kind is None:
            raise self._never_ends()
        opened = self._open.pop()
        self._emit("\n")
        self._quoting = False
        self._add({"type": kind}, opened)

    def _take_quote(self, end: int) -> str | None:
        """Which kind of quotation ends at `end`; "||" there makes it an expandable one."""
        last = self._open[-1]
        if last.kind == "blockquote":
            return "blockquote"
        written = self._source[last.at : end].rstrip("\r")
        if last.kind == "spoiler" and written == "||" and len(self._open) > 1:
            self._open.pop()
            if self._open[-1].kind == "blockquote":
                return "expandable_blockquote"
        return None

    def _end_of_text(self) -> None:
        if self._quoting:
            kind = self._take_quote(len(self._source))
            if kind is not None:
                opened = self._open.pop()
                if self._offset > opened.offset:
                    self._add({"type": kind}, opened)
        if self._open:
            raise self._never_ends()

    def _never_ends(self) -> ApiError:
        opened = self._open[-1]
        at = byte_offset(self._source, opened.at)
        return not_parsed(f"Can't find end of {opened.name} entity at byte offset {at}")
