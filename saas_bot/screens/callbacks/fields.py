"""What buttons carry besides words: ids, and places in a list."""

from typing import Annotated

from pydantic import Field

from saas_bot.core.errors import Invalid

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
OptionalId = Annotated[int, Field(ge=0, le=2**63 - 1)]
At = Annotated[str, Field(max_length=42, pattern=r"^$|^[fb]\d{1,19}\.(\d{1,12}|-)(\.\d{1,7})?$")]


def parse_id(value: str) -> int:
    """An id that a button carries as text.

    Raises:
        Invalid: it can't be one.
    """
    if not value.isdecimal() or not 0 < int(value) < 2**63:
        raise Invalid("stale-button")
    return int(value)
