"""The bot's command menus, names, descriptions and menu button."""

from __future__ import annotations

import re
from typing import Any, Final

from aiogram.methods import (
    DeleteMyCommands,
    GetChatMenuButton,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.limits import (
    BOT_DESCRIPTION_MAX,
    BOT_NAME_MAX,
    BOT_SHORT_DESCRIPTION_MAX,
    COMMAND_DESCRIPTION_MAX,
    COMMAND_MAX,
    COMMANDS_MAX,
)
from saas_bot.sandbox.methods.table import Service, handles, known_chat
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import DEFAULT_SCOPE, Json, Scope
from saas_bot.sandbox.world import World

_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_COMMAND: Final = re.compile(r"[a-z0-9_]+")


def _language(code: str | None) -> str:
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code or ""


def _scope(world: World, scope: Any) -> Scope:
    """Bot API `BotCommandScope`: a scope of one chat needs a chat the bot knows."""
    if scope is None:
        return DEFAULT_SCOPE
    if getattr(scope, "chat_id", None) is None:
        return (str(scope.type), 0, 0)
    chat = known_chat(world, scope.chat_id)
    return (str(scope.type), chat.id, int(getattr(scope, "user_id", None) or 0))


def _refresh(world: World, scope: Scope) -> None:
    """Show people their menus anew; groups show none."""
    if not scope[1]:
        world.refresh_commands()
    elif scope[1] in world.chats:
        world.refresh_commands([world.chats[scope[1]]])


def _command(command: str, description: str) -> Json:
    command, description = command.strip().removeprefix("/"), description.strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > COMMAND_MAX:
        raise bad_request(f"command length must not exceed {COMMAND_MAX}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > COMMAND_DESCRIPTION_MAX:
        raise bad_request(f"command description length must not exceed {COMMAND_DESCRIPTION_MAX}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


@handles(SetMyCommands)
def set_my_commands(service: Service, method: SetMyCommands, _: Uploads) -> bool:
    """Bot API: setMyCommands."""
    world, language = service.world, _language(method.language_code)
    if len(method.commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(one.command, one.description) for one in method.commands]
    scope = _scope(world, method.scope)
    world.bot.commands[scope, language] = commands
    _refresh(world, scope)
    return True


@handles(GetMyCommands)
def get_my_commands(service: Service, method: GetMyCommands, _: Uploads) -> list[Json]:
    """Bot API: getMyCommands: exactly the given scope and language, nothing inherited."""
    scope = _scope(service.world, method.scope)
    return service.world.bot.commands.get((scope, _language(method.language_code)), [])


@handles(DeleteMyCommands)
def delete_my_commands(service: Service, method: DeleteMyCommands, _: Uploads) -> bool:
    """Bot API: deleteMyCommands."""
    scope = _scope(service.world, method.scope)
    service.world.bot.commands.pop((scope, _language(method.language_code)), None)
    _refresh(service.world, scope)
    return True


def _set_text(texts: dict[str, str], code: str | None, text: str | None, most: int) -> bool:
    language, text = _language(code), (text or "").strip()
    if len(text) > most:
        raise bad_request("text is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _get_text(texts: dict[str, str], code: str | None) -> str:
    return texts.get(_language(code)) or texts.get("", "")


@handles(SetMyName)
def set_my_name(service: Service, method: SetMyName, _: Uploads) -> bool:
    """Bot API: setMyName."""
    return _set_text(service.world.bot.names, method.language_code, method.name, BOT_NAME_MAX)


@handles(GetMyName)
def get_my_name(service: Service, method: GetMyName, _: Uploads) -> Json:
    """Bot API: getMyName."""
    bot = service.world.bot
    return {"name": _get_text(bot.names, method.language_code) or bot.first_name}


@handles(SetMyDescription)
def set_my_description(service: Service, method: SetMyDescription, _: Uploads) -> bool:
    """Bot API: setMyDescription."""
    texts = service.world.bot.descriptions
    return _set_text(texts, method.language_code, method.description, BOT_DESCRIPTION_MAX)


@handles(GetMyDescription)
def get_my_description(service: Service, method: GetMyDescription, _: Uploads) -> Json:
    """Bot API: getMyDescription."""
    return {"description": _get_text(service.world.bot.descriptions, method.language_code)}


@handles(SetMyShortDescription)
def set_my_short_description(service: Service, method: SetMyShortDescription, _: Uploads) -> bool:
    """Bot API: setMyShortDescription."""
    texts, text = service.world.bot.short_descriptions, method.short_description
    return _set_text(texts, method.language_code, text, BOT_SHORT_DESCRIPTION_MAX)


@handles(GetMyShortDescription)
def get_my_short_description(service: Service, method: GetMyShortDescription, _: Uploads) -> Json:
    """Bot API: getMyShortDescription."""
    texts = service.world.bot.short_descriptions
    return {"short_description": _get_text(texts, method.language_code)}


@handles(SetChatMenuButton)
def set_chat_menu_button(service: Service, method: SetChatMenuButton, _: Uploads) -> bool:
    """Bot API: setChatMenuButton; without a chat the default for all."""
    button: Json = {"type": "default"}
    if method.menu_button is not None:
        button = method.menu_button.model_dump(exclude_none=True, mode="json")
    if method.chat_id is None:
        service.world.bot.menu_button = button
    else:
        known_chat(service.world, method.chat_id).menu_button = button
    return True


@handles(GetChatMenuButton)
def get_chat_menu_button(service: Service, method: GetChatMenuButton, _: Uploads) -> Json:
    """Bot API: getChatMenuButton."""
    if method.chat_id is None:
        return service.world.bot.menu_button
    chat = known_chat(service.world, method.chat_id)
    return chat.menu_button or service.world.bot.menu_button
