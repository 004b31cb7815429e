"""Faults on demand: what the network and Telegram do to a bot now and then."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "latency", "429", "500", "502", "timeout", "cut", "duplicate", "reorder", "lost_answer"
]
DELIVERY_KINDS: Final = frozenset({"duplicate", "reorder"})


class Fault(BaseModel):
    """One rule: the next `times` calls of `method` meet with `kind`.

    The method "*" stands for all but `getUpdates`, whose idle polls would use the rule up; name it
    to disturb polling. "download" is the fetching of a file.

    - `latency`: `seconds` of delay before the call is handled;
    - `429` (with `retry_after` seconds), `500`, `502`: refused, nothing is done;
    - `timeout`: nothing is done and no answer comes for `seconds`, then the connection is cut;
    - `cut`: nothing is done and the connection is cut;
    - `lost_answer`: the call is carried out, but the connection is cut instead of an answer;
    - `duplicate`, `reorder`: the next `times` batches of updates repeat the first one or come in
      reverse order (with a webhook: the next update is sent twice, the next time several of one
      chat wait they are reversed); `method` is of no matter.
    """

    model_config = ConfigDict(extra="forbid")

    method: Annotated[str, Field(min_length=1, max_length=64)] = "*"
    kind: Kind
    seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    times: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    retry_after: Annotated[int, Field(ge=1, le=3600)] = 1


def _applies(rule: str, method: str) -> bool:
    return rule == method or (rule == "*" and method != "getupdates")


class Faults:
    """The rules in force, in the order they were set."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a rule in force."""
        self._rules.append(fault)

    def clear(self) -> None:
        """Lift every rule."""
        self._rules.clear()

    def take(self, method: str) -> Fault | None:
        """Use up one of the first rule that applies to a call of `method`."""
        if not self._rules:
            return None
        for fault in self._rules:
            if _applies(fault.method.lower(), method.lower()):
                fault.times -= 1
                if fault.times <= 0:
                    self._rules.remove(fault)
                return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """The rules still in force."""
        return [fault.model_dump() for fault in self._rules]
