"""What both tiers look at: what was said, without the names of what was asked for, and the rows."""

import re
from collections.abc import Iterable

from tests.bot.rows import TENANT_TABLES
from tests.rights.expected import Target

OF_COMPANIES = {"companies", *TENANT_TABLES}
"""The tables with rows of companies."""


def anonymous(said: str, x: Target) -> str:
    """What was said, without what names the target."""
    ids = (x.id, x.item, x.away, x.file, x.hidden, x.evidence)
    for own in {*map(str, ids), x.word, x.secret, x.ref} - {"", "0"}:
        said = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", "#", said)
    return said


def told(said: str, words: Iterable[str]) -> list[str]:
    """Those of the words that it tells."""
    return [one for one in words if re.search(rf"\b{one}", said, re.IGNORECASE)]
