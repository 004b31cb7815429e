"""What a file really is, by its first bytes: names and media types are anybody's to choose.

`puremagic` knows the signatures, and nothing of text, which has none.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from typing import Final

import puremagic

from saas_bot.domain.files import UNKNOWN_TYPE

HEAD: Final = 4096
"""Bytes that are looked at."""

_BINARY_MATCH, _TEXT_MATCH = 2, 4
"""Bytes of a signature at least: shorter ones begin many a text."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A media type, and how names of such files end (`.exe`); empty where that is not known."""

    media_type: str
    ending: str = ""


# Programs of Windows and of Linux: puremagic takes some of them for something else.
_PROGRAMS: Final = {
    b"MZ": Sniffed("application/x-msdownload", ".exe"),
    b"\x7fE": Sniffed("application/x-executable"),
}
_ZIP: Final = b"PK\x03\x04"

# Where puremagic has no name, or not the one that people write into settings.
_OTHERWISE_CALLED: Final = {
    "application/excel": "application/vnd.ms-excel",
    "application/x-gzip": "application/gzip",
    "audio/wave": "audio/wav",
    "image/x-ms-bmp": "image/bmp",
    "video/avi": "video/x-msvideo",
}
# One container, and what people call what is in it.
_MAY_HOLD: Final = {
    "application/ogg": ("audio/", "video/"),
    "video/mp4": ("audio/", "video/"),
    "video/quicktime": ("audio/", "video/"),
    "video/webm": ("audio/", "video/"),
    "image/heif": ("image/heic",),
    "application/xml": ("text/", "image/svg+xml"),
}
_TEXT_TYPES: Final = ("text/", "image/svg+xml", "message/")
_TEXT_ENDS: Final = ("json", "xml", "yaml", "javascript", "sql", "toml", "csv", "x-sh", "rtf")
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"


def sniffed(head: bytes, name: str, told: str) -> Sniffed:
    """What a file that begins so is; what Telegram has `told` decides only among what fits."""
    told, text = told.lower(), is_text(head)
    shortest = _TEXT_MATCH if text else _BINARY_MATCH
    if not text and (program := _PROGRAMS.get(head[:2])):
        return program
    fitting = [one for one in _matches(head) if len(one.byte_match) >= shortest]
    if not fitting:
        return Sniffed(told if text and _is_text_type(told) else UNKNOWN_TYPE)
    named = next((one for one in fitting if name.lower().endswith(one.extension or "?")), None)
    best = named or fitting[0]
    if head.startswith(_ZIP) and named is None:
        return Sniffed("application/zip", ".zip")
    kind = _OTHERWISE_CALLED.get(best.mime_type, best.mime_type)
    among = any(one.mime_type == told for one in fitting)
    if among or told.startswith(_MAY_HOLD.get(kind, ("?",))):
        kind = told
    return Sniffed(kind, best.extension.lower())


def is_text(head: bytes) -> bool:
    """Whether the bytes look like text, in whatever encoding."""
    if head.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)):
        return True
    return not any(one in _CONTROLS for one in head)


def _is_text_type(told: str) -> bool:
    return told.startswith(_TEXT_TYPES) or told.endswith(_TEXT_ENDS)


def _matches(head: bytes) -> list[puremagic.main.PureMagicWithConfidence]:
    """What begins so, and has a media type that tells anything."""
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return []
    return [one for one in found if one.mime_type not in ("", UNKNOWN_TYPE)]
