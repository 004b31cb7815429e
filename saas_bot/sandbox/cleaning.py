"""What Telegram does to every text before it stores it: control characters, white space.

Source: tdlib, which every Telegram client and the Bot API server clean texts with
(`clean_input_string`, `fix_formatted_text`, `is_empty_string`). Offsets are in UTF-16 code units.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from saas_bot.sandbox.entities import Entity, utf16_length
from saas_bot.sandbox.errors import bad_request

# Become a space: control characters but the line break. "\r" goes without a trace.
_BLANK: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Go without a trace: line and paragraph separators, directional embeddings and overrides, and
# three combining lines that can be stacked over neighbouring text.
_GONE: Final = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
# Of several direction marks in a row all but the last become zero-width non-joiners.
_REPEATED_MARK: Final = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
_WHITE: Final = " \n"
_VISIBLE: Final = re.compile(
    "[^ \n\xa0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]"
)


def is_blank(text: str) -> bool:
    """Whether nothing of `text` can be seen: for Telegram such a text is empty."""
    return _VISIBLE.search(text) is None


def clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """`text` as Telegram stores it, and its entities moved and cut to fit.

    Raises the 400 for an entity that begins or ends inside a surrogate pair.
    """
    _check_boundaries(text, entities)
    text = _REPEATED_MARK.sub("\u200c", _BLANK.sub(" ", text))
    if _GONE.search(text):
        text, entities = _without(text, entities)
    return trim(text, entities)


def _check_boundaries(text: str, entities: list[Entity]) -> None:
    if not entities or text.isascii() or max(text) <= "\uffff":
        return
    inside: dict[int, int] = {}  # UTF-16 offsets within a pair, to the byte offset of what follows
    offset = byte = 0
    for character in text:
        byte += len(character.encode("utf-8", "surrogatepass"))
        if character > "\uffff":
            inside[offset + 1] = byte
        offset += 1 + (character > "\uffff")
    for one in entities:
        begin, end = one["offset"], one["offset"] + one["length"]
        if begin in inside:
            raise bad_request(
                f"entity begins in a middle of a UTF-16 symbol at byte offset {inside[begin]}"
            )
        if end in inside:
            raise bad_request(
                f"entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol "
                f"at byte offset {inside[end]}"
            )


def _without(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Leave out what `_GONE` matches: characters of one UTF-16 code unit all of them."""
    gone: list[int] = []
    offset = 0
    for character in text:
        if _GONE.match(character):
            gone.append(offset)
        offset += 1 + (character > "\uffff")

    def moved(offset: int) -> int:
        return offset - bisect_left(gone, offset)

    kept: list[Entity] = []
    for one in entities:
        begin, end = moved(one["offset"]), moved(one["offset"] + one["length"])
        if end > begin:
            kept.append({**one, "offset": begin, "length": end - begin})
    return _GONE.sub("", text), kept


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """`text` without surrounding spaces and line breaks, and its entities moved and cut to fit."""
    kept = text.rstrip(_WHITE)
    left = len(kept) - len(kept.lstrip(_WHITE))
    kept = kept[left:]
    if len(kept) == len(text):
        return text, entities
    size = utf16_length(kept)
    moved: list[Entity] = []
    for entity in entities:
        begin = max(0, entity["offset"] - left)
        end = min(size, entity["offset"] + entity["length"] - left)
        if end > begin:
            moved.append({**entity, "offset": begin, "length": end - begin})
    return kept, moved
