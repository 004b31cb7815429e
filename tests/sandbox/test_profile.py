"""Command menus and who sees which; names, descriptions, the menu button."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    MenuButtonDefault,
)

from saas_bot.sandbox.client import Person, Sandbox
from tests.sandbox.conftest import Running


def named(name: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=f"What {name} does")]


async def test_menus_are_resolved_as_telegram_does(
    bot: Bot, anna: Person, sandbox: Sandbox
) -> None:
    boris = await sandbox.person("Boris", language="ru-RU")
    private = BotCommandScopeAllPrivateChats()
    assert await anna.commands() == []
    await bot.set_my_commands(named("default"))
    await bot.set_my_commands(named("default_ru"), language_code="ru")
    assert (await anna.commands(), await boris.commands()) == (["default"], ["default_ru"])
    await bot.set_my_commands(named("private"), scope=private)
    assert (await anna.commands(), await boris.commands()) == (["private"], ["private"])
    await bot.set_my_commands(named("private_ru"), scope=private, language_code="ru")
    await bot.set_my_commands(named("hers"), scope=BotCommandScopeChat(chat_id=anna.id))
    assert (await anna.commands(), await boris.commands()) == (["hers"], ["private_ru"])
    await boris.speaks("en")
    assert await boris.commands() == ["private"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=anna.id))
    assert await anna.commands() == ["private"]
    (command,) = await bot.get_my_commands(scope=BotCommandScopeDefault())
    assert (command.command, command.description) == ("default", "What default does")
    assert await bot.get_my_commands(language_code="de") == []


async def test_menus_change_before_one_s_eyes(bot: Bot, anna: Person, running: Running) -> None:
    seq = running.world.events.seq
    await bot.set_my_commands(named("tasks"))
    await bot.set_my_commands(named("tasks"))
    (event,) = running.world.events.after(seq, anna.id)
    assert event.type == "commands"
    assert [one["command"] for one in event.data] == ["tasks"]


@pytest.mark.parametrize(
    ("command", "description", "error"),
    [
        ("Tasks", "x", "BOT_COMMAND_INVALID"),
        ("a-b", "x", "BOT_COMMAND_INVALID"),
        (" ", "x", "command must be non-empty"),
        ("x" * 33, "x", "command length must not exceed 32"),
        ("x", "\n", "command description must be non-empty"),
        ("x", "x" * 257, "command description length must not exceed 256"),
    ],
)
async def test_commands_have_limits(bot: Bot, command: str, description: str, error: str) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.set_my_commands([BotCommand(command=command, description=description)])
    assert refusal.value.message == f"Bad Request: {error}"


async def test_other_refusals(bot: Bot, sandbox: Sandbox) -> None:
    with pytest.raises(TelegramBadRequest, match="BOT_COMMANDS_TOO_MUCH"):
        await bot.set_my_commands(named("x") * 101)
    with pytest.raises(TelegramBadRequest, match="invalid language code specified"):
        await bot.set_my_commands(named("x"), language_code="rus")
    stranger = await sandbox.person("Stranger")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.set_my_commands(named("x"), scope=BotCommandScopeChat(chat_id=stranger.id))


async def test_names_and_descriptions(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_name("Задачи")
    await bot.set_my_description("Long")
    await bot.set_my_description("Длинно", language_code="ru")
    await bot.set_my_short_description("Short")
    assert (await bot.get_me()).first_name == "Задачи"
    assert (await bot.get_my_name()).name == "Задачи"
    assert (await bot.get_my_description(language_code="ru")).description == "Длинно"
    assert (await bot.get_my_description(language_code="de")).description == "Long"
    assert (await bot.get_my_short_description()).short_description == "Short"
    shown = await sandbox.bot()
    assert (shown["first_name"], shown["description"]) == ("Задачи", "Long")
    with pytest.raises(TelegramBadRequest):
        await bot.set_my_name("x" * 65)


async def test_menu_button(bot: Bot, anna: Person) -> None:
    assert (await bot.get_chat_menu_button()).type == "commands"
    await bot.set_chat_menu_button(anna.id, MenuButtonDefault())
    assert (await bot.get_chat_menu_button(anna.id)).type == "default"


async def test_chats_and_members(bot: Bot, anna: Person) -> None:
    chat = await bot.get_chat(anna.id)
    assert (chat.type, chat.username) == ("private", "anna")
    assert (await bot.get_chat_member(anna.id, anna.id)).user.first_name == "Anna"
    assert (await bot.get_chat_member(anna.id, bot.id)).user.is_bot
    with pytest.raises(TelegramBadRequest, match="member not found"):
        await bot.get_chat_member(anna.id, 1)
