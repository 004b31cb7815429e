"""The draft of a task that something else came between: kept, to be gone on with.

A person has one in each company, the last one left. It is a convenience, and lives where habits do.
"""

from collections.abc import Mapping
from typing import Any

from saas_bot.core.memory import Memory
from saas_bot.domain.actor import Actor

_PARTS = (
    "project_id",
    "title",
    "description",
    "priority",
    "due_at",
    "assignee_id",
    "username",
    "tags",
    "remarks",
    "files",
    "album",
    "internal",
)


def leave(memory: Memory, actor: Actor, said: Mapping[str, Any]) -> None:
    """Keep what the dialog of a new task has gathered, once it has a title."""
    if "title" in said:
        memory.keep(_name(actor), {part: said[part] for part in _PARTS if said.get(part)})


def left(memory: Memory, actor: Actor) -> dict[str, Any]:
    """What is kept; empty where nothing is."""
    return dict(memory.recall(_name(actor)) or {})


def take(memory: Memory, actor: Actor) -> dict[str, Any]:
    """The same, and it is kept no longer."""
    said = left(memory, actor)
    memory.keep(_name(actor), {})
    return said


def _name(actor: Actor) -> str:
    return f"draft:{actor.company_id}"
