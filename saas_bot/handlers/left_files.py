"""Files that wait for their place, and that something else came between: they go on waiting.

A person has some in each company. They live where habits do, for as long as a dialog would.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from saas_bot.core.chat_storage import DIALOG_LIFETIME
from saas_bot.core.clock import now
from saas_bot.core.dialog import PROMPT
from saas_bot.core.memory import Memory
from saas_bot.domain.actor import Actor
from saas_bot.handlers.sent_files import ALBUM, FILES, MOST_WAITING

PLACING: Final = "FilesFor:placing"
"""The step at which it is asked where files go."""

_UNTIL: Final = "until"


def leave(
    memory: Memory, actor: Actor, said: Mapping[str, Any], question: Sequence[int] = ()
) -> None:
    """Keep the files of a dialog, beside those that wait already.

    `question` is the message that asks where they go, where it stays in the chat.
    """
    before = left(memory, actor)
    kept = {
        FILES: [*before.get(FILES, ()), *said[FILES]][-MOST_WAITING:],
        ALBUM: said.get(ALBUM),
        "words": "\n".join(filter(None, [before.get("words"), said.get("words")])),
        "internal": bool(before.get("internal") or said.get("internal")),
        PROMPT: [*question] or before.get(PROMPT, []),
        _UNTIL: now().timestamp() + DIALOG_LIFETIME,
    }
    memory.keep(_name(actor), kept)


def left(memory: Memory, actor: Actor) -> dict[str, Any]:
    """What is kept, as the data of a dialog; empty where nothing is, or for too long."""
    kept = dict(memory.recall(_name(actor)) or {})
    return kept if kept.pop(_UNTIL, 0.0) > now().timestamp() else {}


def forget(memory: Memory, actor: Actor) -> None:
    """They wait no longer, or in a dialog again."""
    memory.keep(_name(actor), {})


def _name(actor: Actor) -> str:
    return f"files:{actor.company_id}"
