"""How long things may be, in characters, and the shape of a project key."""

import re
import unicodedata

from saas_bot.core.errors import Invalid

NAME = 64
TITLE = 200
DESCRIPTION = 4000
COMMENT = 4000
REASON = 1000
TAG = 32
TAGS = 10
ITEM = 200
ITEMS = 50
FILE_NAME = 120
LEGAL_NAME = 160
ADDRESS = 400
TAX_ID = 40
EMAIL = 254

_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
# Zero-width and bidirectional controls, and blank letters, would let a name pose as another one or
# as none: Hangul fillers and the empty Braille pattern count as letters and symbols in Unicode.
_INVISIBLE = frozenset(
    "\u200b\u200c\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\u115f\u1160\u3164\uffa0\u2800"
)


def line(value: str, limit: int, field: str = "") -> str:
    """`value` as one tidy line of at most `limit` characters; errors name its `field`.

    Raises:
        Invalid: nothing visible is left, or it is too long.
    """
    tidy = " ".join(_visible(value).split())
    return _within(tidy, limit, field)


def text(value: str, limit: int, field: str = "") -> str:
    """`value` as tidy text that may have several lines; errors as in `line`."""
    tidy = "\n".join(part.rstrip() for part in _visible(value).strip().splitlines())
    return _within(tidy, limit, field)


def shown_name(value: str, fallback: str) -> str:
    """A person's name as Telegram gives it, made tidy; `fallback` where nothing visible is left."""
    try:
        return line(value[:NAME], NAME)
    except Invalid:
        return fallback


def project_key(value: str) -> str:
    """`value` as a project key: 2 to 10 capital Latin letters and digits, a letter first.

    Raises:
        Invalid: it has another shape.
    """
    key = value.strip().upper()
    if not _KEY.fullmatch(key):
        raise Invalid("project-key-shape", field="key")
    return key


def _visible(value: str) -> str:
    return "".join(
        character
        for character in value
        if character not in _INVISIBLE
        and (character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn"))
    )


def _within(value: str, limit: int, field: str) -> str:
    # Invisible combining marks alone would leave a button without a label.
    if not any(unicodedata.category(c)[0] in "LNPS" for c in value):
        raise Invalid("text-empty", field=field)
    if len(value) > limit:
        raise Invalid("text-too-long", field=field, limit=limit, length=len(value))
    return value
