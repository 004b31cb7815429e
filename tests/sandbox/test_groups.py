"""Groups: the bot comes and goes, and hears what is meant for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import BotCommand, BotCommandScopeChat

from saas_bot.sandbox.client import Group, NotSeen, Person, Sandbox, SandboxError
from saas_bot.sandbox.options import Options
from tests.sandbox.conftest import Running, bot_for, drain, serving


@pytest_asyncio.fixture(loop_scope="session")
async def team(sandbox: Sandbox, anna: Person, bot: Bot) -> Group:
    """A group with the bot in it, and nothing left for the bot to fetch."""
    team = await sandbox.group("Team", anna)
    await team.adds_bot(anna)
    await drain(bot)
    return team


async def heard(bot: Bot) -> list[str]:
    return [update.message.text for update in await drain(bot)]


async def test_the_bot_is_added_and_removed(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    team = await sandbox.group("Team", anna)
    await team.adds_bot(anna)
    member, came = await drain(bot)
    change = member.my_chat_member
    assert (change.chat.id, change.chat.type, change.chat.title) == (team.id, "group", "Team")
    assert change.from_user.id == anna.id
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("left", "member")
    assert [user.id for user in came.message.new_chat_members] == [bot.id]
    assert team.id < 0
    await team.removes_bot(anna)
    (gone,) = await drain(bot)
    change = gone.my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "left")


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("/start@saas_sandbox_bot", True),
        ("😀 /start@SAAS_sandbox_bot now", True),
        ("/start@another_bot", False),
        ("/start", False),
        ("hello", False),
        ("hello @saas_sandbox_bot", False),
    ],
)
async def test_privacy_mode(bot: Bot, anna: Person, team: Group, text: str, is_heard: bool) -> None:
    await team.says(anna, text)
    assert await heard(bot) == ([text] if is_heard else [])


async def test_privacy_mode_once_the_bot_has_spoken(bot: Bot, anna: Person, team: Group) -> None:
    sent = await bot.send_message(team.id, "hello")
    await team.says(anna, "/start")
    await team.says(anna, "just talk")
    await team.says(anna, "an answer", reply_to=sent.message_id)
    assert await heard(bot) == ["/start", "an answer"]


async def test_without_privacy_everything_is_heard(bot_session: AiohttpSession) -> None:
    async with serving(options=Options(privacy=False)) as open_, Sandbox(open_.url) as sandbox:
        bot = bot_for(open_, bot_session)
        assert (await bot.get_me()).can_read_all_group_messages
        anna = await sandbox.person("Anna")
        team = await sandbox.group("Team", anna)
        await team.says(anna, "before it came")
        await team.adds_bot(anna)
        await drain(bot)
        await team.says(anna, "just talk")
        assert await heard(bot) == ["just talk"]


async def test_the_bot_writes_and_leaves(bot: Bot, anna: Person, team: Group) -> None:
    sent = await bot.send_message(team.id, "Good morning")
    assert sent.chat.title == "Team"
    assert (await team.sees("morning")).message_id == sent.message_id
    with pytest.raises(NotSeen):
        await anna.sees("morning", timeout=0)
    theirs = await team.says(anna, "ok")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(team.id, theirs.message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_messages(team.id, [sent.message_id, theirs.message_id])
    await sent.delete().as_(bot)
    assert await bot.get_chat_member_count(team.id) == 2
    assert (await bot.get_chat_member(team.id, anna.id)).status == "member"
    assert (await bot.get_chat(team.id)).type == "group"
    scope = BotCommandScopeChat(chat_id=team.id)
    await bot.set_my_commands([BotCommand(command="a", description="b")], scope)
    await bot.leave_chat(team.id)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the group chat"):
        await bot.send_message(team.id, "anybody there?")
    with pytest.raises(TelegramBadRequest, match="can't be changed in private chats"):
        await bot.leave_chat(anna.id)


async def test_where_the_bot_is_not_it_cannot_write(
    bot: Bot, anna: Person, sandbox: Sandbox
) -> None:
    team = await sandbox.group("Team", anna)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(team.id, "hello")
    await team.adds_bot(anna)
    await team.removes_bot(anna)
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the group chat"):
        await bot.send_message(team.id, "hello")
    await drain(bot)
    await team.says(anna, "/start@saas_sandbox_bot")
    assert await heard(bot) == []


async def test_twenty_messages_a_minute(bot_session: AiohttpSession) -> None:
    async with (
        serving(options=Options(rate_limits=True)) as strict,
        Sandbox(strict.url) as sandbox,
    ):
        bot = bot_for(strict, bot_session)
        anna = await sandbox.person("Anna")
        team = await sandbox.group("Team", anna)
        await team.adds_bot(anna)
        rates = strict.world.rates
        assert rates is not None
        for number in range(20):  # as if it had written once a second since 40 seconds ago
            rates.count(team.id, is_group=True, now=time.monotonic() - 40 + number)
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message(team.id, "the 21st")
        assert 18 <= refusal.value.retry_after <= 20


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/groups", {"title": "", "members": [1]}, 400),
        ("/api/groups", {"title": "x", "members": []}, 400),
        ("/api/groups", {"title": "x", "members": [1]}, 404),
        ("/api/groups/-1/messages", {"person": 1, "text": "x"}, 404),
        ("/api/groups/{team}/messages", {"person": 1, "text": "x"}, 409),
        ("/api/groups/{team}/messages", {"person": "{anna}", "text": " "}, 400),
        ("/api/groups/{team}/bot", {"person": 1}, 409),
    ],
)
async def test_refusals(
    sandbox: Sandbox, anna: Person, team: Group, path: str, body: dict[str, Any], status: int
) -> None:
    body = {key: anna.id if value == "{anna}" else value for key, value in body.items()}
    with pytest.raises(SandboxError) as refusal:
        await sandbox.request("POST", path.format(team=team.id), json=body)
    assert refusal.value.status == status


async def test_groups_are_kept_in_a_snapshot(tmp_path: Path, bot_session: AiohttpSession) -> None:
    state = tmp_path / "state.json"
    async with serving(state=state) as before, Sandbox(before.url) as sandbox:
        anna = await sandbox.person("Anna")
        team = await sandbox.group("Team", anna)
        await team.adds_bot(anna)
        await bot_for(before, bot_session).send_message(team.id, "kept")
    async with serving(state=state) as after, Sandbox(after.url) as sandbox:
        (group,) = await sandbox.request("GET", "/api/groups")
        assert group == {"id": team.id, "title": "Team", "members": [anna.id], "bot": "member"}
        await bot_for(after, bot_session).send_message(team.id, "goes on")
        other = await sandbox.group("Other", await sandbox.existing("Anna"))
        assert other.id != team.id


async def test_the_stream_of_all_people_leaves_groups_out(
    running: Running, anna: Person, team: Group, bot: Bot
) -> None:
    after = running.world.events.seq
    await bot.send_message(team.id, "in the group")
    await bot.send_message(anna.id, "to Anna")
    assert [event.person_id for event in running.world.events.after(after)] == [anna.id]
