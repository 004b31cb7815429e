"""Telegram's HTML parse mode: marked-up text to plain text and entities, or its exact refusal.

Source: Bot API "HTML style", and for the order of checks and the wording of errors the parser of
Telegram's own server (`parse_html` in tdlib). Byte offsets in errors count the
UTF-8 bytes of the input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from saas_bot.sandbox.entities import Entity, utf16_length
from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.query_numbers import whole

_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*))(;?)")
_SPECIAL: Final = re.compile(r"[<&]")
_START_NAME: Final = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>/\"']*")
_NAME_TOKEN: Final = re.compile(r"[A-Za-z0-9.\-]*")
_SPACE: Final = re.compile(r"\s*")
_SCHEME: Final = re.compile(r"(?i)(https?|tg|ton)://[^\s/?#]+")
_BARE_HOST: Final = re.compile(r"(?i)[a-z0-9\-]+(\.[a-z0-9\-]+)+(:\d+)?([/?#]|$)")

_STYLES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS: Final = frozenset({*_STYLES, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"})


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of `source`, or `ApiError` as Telegram words it.

    Entities are ordered as Telegram orders them: by offset, the longer first.
    """
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).parse()


def checked_url(url: str) -> str | None:
    """`url` as Telegram keeps it in a text link, or None where Telegram would drop the link."""
    if _SCHEME.match(url):
        checked = url
    elif _BARE_HOST.match(url):
        checked = f"http://{url}"
    else:
        return None
    return checked if "/" in checked.partition("://")[2] else f"{checked}/"


def _reference(source: str, at: int) -> tuple[str, int] | None:
    """The character a reference at `at` stands for and where it ends; None for plain text."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return None
    hexadecimal, decimal, name, _ = match.groups()
    if name is not None:
        character = _NAMED.get(name)
        return None if character is None else (character, match.end())
    code = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    if code == 0 or code >= 0x10FFFF or match.end() - len(match.group(4)) - at >= 10:
        return None
    return chr(code), match.end()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begins: int


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []
        self._languages: dict[int, str] = {}

    def parse(self) -> tuple[str, list[Entity]]:
        source, size = self._source, len(self._source)
        while self._at < size:
            special = _SPECIAL.search(source, self._at)
            until = special.start() if special else size
            if until > self._at:
                self._emit(source[self._at : until])
                self._at = until
            if special is None:
                break
            if source[until] == "&":
                self._character()
            elif source.startswith("/", until + 1):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            raise self._error(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"'
            )
        text = "".join(self._out)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self._error(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return text, self._entities

    @staticmethod
    def _error(what: str) -> ApiError:
        return bad_request(f"can't parse entities: {what}")

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode("utf-8", "surrogatepass"))

    def _emit(self, text: str) -> None:
        self._out.append(text)
        self._offset += utf16_length(text)

    def _character(self) -> None:
        found = _reference(self._source, self._at)
        if found is None:
            self._emit("&")
            self._at += 1
        else:
            self._emit(found[0])
            self._at = found[1]

    def _skip_space(self) -> None:
        match = _SPACE.match(self._source, self._at)
        if match is not None:
            self._at = match.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._take(_START_NAME).lower()
        if not self._peek():
            raise self._error(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TAGS:
            raise self._error(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = ""
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            raise self._error(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self._open.append(_Open(tag, argument, self._offset, len(self._out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str | None]:
        name = self._take(_ATTRIBUTE_NAME)
        if not name:
            raise self._error(
                f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
            )
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise self._unclosed(tag, begin)
            return name, None
        self._at += 1
        self._skip_space()
        quote = self._peek()
        if not quote:
            raise self._unclosed(tag, begin)
        value = self._quoted(quote) if quote in "'\"" else self._name_token()
        if not self._peek():
            raise self._error(f"Unclosed start tag at byte offset {self._byte(begin)}")
        return name, value

    def _unclosed(self, tag: str, begin: int) -> ApiError:
        return self._error(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')

    def _name_token(self) -> str:
        begin = self._at
        value = self._take(_NAME_TOKEN).lower()
        following = self._peek()
        if following != ">" and not following.isspace():
            raise self._error(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return value

    def _quoted(self, quote: str) -> str:
        self._at += 1
        end = self._source.find(quote, self._at)
        end = len(self._source) if end < 0 else end
        raw, self._at = self._source[self._at : end], min(end + 1, len(self._source))
        if "&" not in raw:
            return raw
        parts: list[str] = []
        at = 0
        while at < len(raw):
            found = _reference(raw, at) if raw[at] == "&" else None
            parts.append(raw[at] if found is None else found[0])
            at = at + 1 if found is None else found[1]
        return "".join(parts)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._error(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self._at += 2
        name = self._take(_START_NAME).lower()
        self._skip_space()
        if self._peek() != ">":
            raise self._error(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.tag:
            raise self._error(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{name}>"'
            )
        length = self._offset - opened.offset
        if length > 0:
            self._close(opened, length)

    def _close(self, opened: _Open, length: int) -> None:
        where: Entity = {"offset": opened.offset, "length": length}
        if opened.tag in _STYLES:
            self._entities.append({"type": _STYLES[opened.tag], **where})
        elif opened.tag == "a":
            self._link(opened, where)
        elif opened.tag in ("pre", "code"):
            self._preformatted(opened, where)
        elif opened.tag == "blockquote":
            kind = "expandable_blockquote" if opened.argument else "blockquote"
            self._entities.append({"type": kind, **where})
        elif opened.tag == "tg-emoji":
            if not whole(opened.argument, digits=19):
                raise self._error("Invalid custom emoji identifier specified")
            self._entities.append(
                {"type": "custom_emoji", **where, "custom_emoji_id": opened.argument}
            )

    def _link(self, opened: _Open, where: dict[str, Any]) -> None:
        url = checked_url(opened.argument or "".join(self._out[opened.begins :]))
        if url is not None:
            self._entities.append({"type": "text_link", **where, "url": url})

    def _preformatted(self, opened: _Open, where: dict[str, Any]) -> None:
        """`<pre>` around `<code class="language-x">`, either way round, is one block in x."""
        inner = self._entities[-1] if self._entities else None
        same = inner is not None and all(inner[key] == where[key] for key in where)
        if inner is not None and same and {opened.tag, inner["type"]} == {"pre", "code"}:
            language = opened.argument or self._languages.get(id(inner), "")
            if language:
                inner["type"] = "pre"
                inner["language"] = language
                return
        entity: Entity = {"type": opened.tag, **where}
        self._entities.append(entity)
        if opened.tag == "code" and opened.argument:
            self._languages[id(entity)] = opened.argument


def _argument(tag: str, name: str, value: str | None) -> str:
    """What one attribute contributes to the entity; an empty string when nothing."""
    if tag == "blockquote" and name == "expandable":
        return "1"
    if value is None:
        return ""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""
