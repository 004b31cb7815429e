"""The state in a file, so that chats outlive the process.

JSON, written beside its place and moved there, so that a crash leaves the old file or the new one.
Callback queries, faults and the inspector aren't part of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from saas_bot.sandbox.groups import add_group
from saas_bot.sandbox.methods import Service
from saas_bot.sandbox.state import BotProfile, Chat, Json, Message, Person, PrivateChat
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.webhook import Webhook
from saas_bot.sandbox.world import World

STATE_FILE: Final[web.AppKey[Path | None]] = web.AppKey("state_file")
FORMAT: Final = 1


def files_beside(path: Path) -> Path:
    """The directory that keeps the files people and the bot have sent."""
    return path.with_name(f"{path.name}.files")


def save(service: Service, path: Path) -> None:
    """Write the state; raises `OSError` when that can't be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as target:
        json.dump(_dump(service), target)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(path)


def load(service: Service, path: Path) -> Webhook | None:
    """Take the state from `path`, if there is one; `ValueError` when it isn't such a file.

    Returns the webhook that was set, for the caller to start.
    """
    if not path.exists():
        return None
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["format"] != FORMAT:
            raise ValueError(f"unknown format {state['format']}")
        _restore(service.world, state)
        service.payments.load(state["payments"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} isn't a state file of the sandbox: {error}") from None
    return Webhook(**state["webhook"]) if state["webhook"] else None


def _dump(service: Service) -> Json:
    world, bot, target = service.world, service.world.bot, service.webhook.target
    return {
        "format": FORMAT,
        "bot": {
            "names": bot.names,
            "descriptions": bot.descriptions,
            "short_descriptions": bot.short_descriptions,
            "menu_button": bot.menu_button,
            "commands": [
                [list(scope), language, commands]
                for (scope, language), commands in bot.commands.items()
            ],
        },
        "chats": [_dump_chat(chat) for chat in world.chats.values()],
        "groups": [_kept(group, _KEPT_OF_GROUPS) for group in world.groups.values()],
        "payments": service.payments.dump(),
        "files": world.files.dump(),
        "updates": [asdict(update) for update in world.updates.pending.values()],
        "next_update": world.updates.next_id,
        "allowed_updates": None if world.updates.allowed is None else [*world.updates.allowed],
        "webhook": None if target is None else asdict(target),
        "seq": world.events.seq,
    }


_KEPT: Final = ("next_message_id", "reply_keyboard", "acted_seq", "menu_button")
_KEPT_OF_PEOPLE: Final = (*_KEPT, "started", "blocked")
_KEPT_OF_GROUPS: Final = (*_KEPT, "id", "title", "members", "bot")


def _dump_chat(chat: PrivateChat) -> Json:
    return {"person": asdict(chat.person), **_kept(chat, _KEPT_OF_PEOPLE)}


def _kept(chat: Chat, names: Iterable[str]) -> Json:
    messages = [asdict(message) for message in chat.messages.values()]
    return {**{name: getattr(chat, name) for name in names}, "messages": messages}


def _restore(world: World, state: Json) -> None:
    _restore_bot(world.bot, state["bot"])
    world.files.load(state["files"])
    for one in state["chats"]:
        _restore_chat(world.add_person(Person(**one["person"])), one, _KEPT_OF_PEOPLE)
    for one in state.get("groups", ()):
        group = add_group(world, one["title"], one["members"], one["id"])
        _restore_chat(group, one, _KEPT_OF_GROUPS)
    world.events.seq = max(world.events.seq, int(state["seq"]))
    world.updates.continue_from(int(state["next_update"]))
    world.updates.allow(state["allowed_updates"] or ())
    _restore_updates(world, state["updates"])


def _restore_chat(chat: Chat, state: Json, names: Iterable[str]) -> None:
    first = chat.next_message_id
    for name in names:
        setattr(chat, name, state[name])
    chat.next_message_id = max(first, chat.next_message_id)
    for message in state["messages"]:
        chat.keep(Message(**message))


def _restore_bot(bot: BotProfile, state: Json) -> None:
    bot.names = state["names"]
    bot.descriptions = state["descriptions"]
    bot.short_descriptions = state["short_descriptions"]
    bot.menu_button = state["menu_button"]
    for (kind, chat_id, user_id), language, commands in state["commands"]:
        bot.commands[(kind, chat_id, user_id), language] = commands


def _restore_updates(world: World, updates: Iterable[dict[str, Any]]) -> None:
    for one in updates:
        update = Update(**one)
        world.updates.pending[update.update_id] = update
