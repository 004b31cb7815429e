"""Names of files, made fit for disks and headers."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

NAME_BYTES: Final = 255
"""The longest name that file systems take (Linux, NAME_MAX), in bytes of UTF-8."""

NAMELESS: Final = "file"
_EXTENSION_BYTES: Final = 32

# Characters that part a path, or that Windows keeps from names.
_SEPARATING: Final = re.compile(r'[/\\:*?"<>|]')
# Those that turn the direction of text (Unicode, UAX #9), with which `exe.pdf` hides `fdp.exe`.
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Controls, surrogates, and what ends a line or paragraph.
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What may stand unquoted and unescaped in both forms of the parameter: a part of RFC 8187's
# attr-char. `%` is escaped in `filename*` and replaced in `filename` (RFC 6266, appendix D).
_PLAIN: Final = "!#$&+-.^_`|~"


def safe_name(name: str) -> str:
    """The name as it may be shown, stored on a disk or sent: one line, no path, at most 255 bytes.

    The extension survives shortening. What nothing is left of is called `file`.
    """
    name = unicodedata.normalize("NFC", _TURNING.sub("", name))
    name = "".join(one for one in name if unicodedata.category(one) not in _UNSEEN)
    name = _SEPARATING.sub("_", name).strip(" ").lstrip(". ").rstrip(". ")
    return _shortened(name) or NAMELESS


def attachment(name: str) -> str:
    """The value of a Content-Disposition header that saves under this name (RFC 6266, RFC 8187)."""
    name = safe_name(name)
    plain = "".join(one if one.isascii() and one not in "%;'" else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_PLAIN)}"


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = f"{dot}{extension}".encode()
    if not stem or len(ending) > _EXTENSION_BYTES:
        stem, ending = name, b""
    kept = stem.encode()[: NAME_BYTES - len(ending)].decode(errors="ignore")
    return kept.rstrip(". ") + ending.decode()
