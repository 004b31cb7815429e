"""The filter of a person's lists, kept for each of their companies."""

from saas_bot.core.memory import Memory
from saas_bot.domain.actor import Actor
from saas_bot.domain.task_lists import TaskFilter


def wanted(memory: Memory, actor: Actor) -> TaskFilter:
    """What the person wants to see in this company."""
    return TaskFilter.read(memory.recall(_name(actor)))


def want(memory: Memory, actor: Actor, chosen: TaskFilter) -> None:
    """Keep what the person wants to see from now on."""
    memory.keep(_name(actor), chosen.plain)


def _name(actor: Actor) -> str:
    return f"lists:{actor.company_id}"
