"""Groups: people together, and what of their talk reaches the bot.

Source: Bot API `ChatMemberUpdated`, bots FAQ "What messages will my bot get?"; a basic group knows
members and those who have left, as tdlib tells of them.
"""

from __future__ import annotations

import time

from saas_bot.sandbox.state import GroupChat, Json, Message, PrivateChat
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.world import World


def add_group(
    world: World, title: str, members: list[int], group_id: int | None = None
) -> GroupChat:
    """A new group of people, without the bot."""
    taken = min(world.groups, default=-1_000_000)
    group = GroupChat.of(
        group_id or taken - 1, title, members, next_message_id=world.first_message_id()
    )
    world.groups[group.id] = group
    return group


def set_bot(world: World, group: GroupChat, who: Json, status: str) -> Update | None:
    """`who` (a Bot API `User`) makes the bot a member, left or kicked; None for no change.

    The bot hears of it in `my_chat_member`, and of its coming by a service message too.
    """
    before, after = group.bot == "member", status == "member"
    group.bot = status
    if before == after:
        return None
    bot = world.bot.as_user()
    kinds = ["left", "member"]
    update = world.push(
        "my_chat_member",
        {
            "chat": group.chat_json,
            "from": who,
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": kinds[before]},
            "new_chat_member": {"user": bot, "status": kinds[after]},
        },
        group,
    )
    if after:
        came: Json = {
            "new_chat_participant": bot,
            "new_chat_member": bot,
            "new_chat_members": [bot],
        }
        _tell(world, group, world.add_message(group, came, sender=who))
    else:
        gone: Json = {"left_chat_participant": bot, "left_chat_member": bot}
        world.add_message(group, gone, sender=who)
    return update


def say_in(
    world: World, group: GroupChat, chat: PrivateChat, content: Json, reply_to: Message | None
) -> tuple[Message, Update | None]:
    """A member says something; the update is None when the bot doesn't hear it."""
    heard = group.bot == "member" and (not world.options.privacy or _meant(world, group, content))
    if reply_to is not None and reply_to.from_bot and group.bot == "member":
        heard = True
    message = world.add_message(group, content, sender=chat.user_json, reply_to=reply_to)
    group.acted_seq = world.events.seq
    return message, _tell(world, group, message) if heard else None


def _tell(world: World, group: GroupChat, message: Message) -> Update:
    return world.push("message", message.api, group)


def _meant(world: World, group: GroupChat, content: Json) -> bool:
    """Whether there is a command for the bot: for it by name, or for whoever wrote last."""
    wrote_last = any(message.from_bot for message in group.messages.values())
    for one in content.get("entities", ()):
        if one["type"] == "bot_command":
            name = _covered(content["text"], one).partition("@")[2].lower()
            if name == world.bot.username.lower() or (not name and wrote_last):
                return True
    return False


def _covered(text: str, entity: Json) -> str:
    units = text.encode("utf-16-le")
    begin = 2 * entity["offset"]
    return units[begin : begin + 2 * entity["length"]].decode("utf-16-le")
