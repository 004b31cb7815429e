"""What the bot may ask about itself, chats and people."""

from __future__ import annotations

from aiogram.methods import GetChat, GetChatMember, GetChatMemberCount, GetMe, LeaveChat

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.groups import set_bot
from saas_bot.sandbox.methods.table import Service, handles, known_chat, writable_chat
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import GroupChat, Json, PrivateChat


@handles(GetMe)
def get_me(service: Service, _method: GetMe, _: Uploads) -> Json:
    """Bot API: getMe."""
    return {
        **service.world.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not service.world.options.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@handles(GetChat)
def get_chat(service: Service, method: GetChat, _: Uploads) -> Json:
    """Bot API: getChat."""
    chat = known_chat(service.world, method.chat_id)
    return {
        **chat.chat_json,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


@handles(GetChatMember)
def get_chat_member(service: Service, method: GetChatMember, _: Uploads) -> Json:
    """Bot API: getChatMember; a private chat has its person and the bot."""
    world, chat = service.world, known_chat(service.world, method.chat_id)
    if method.user_id == world.bot.id:
        status = chat.bot if isinstance(chat, GroupChat) else "member"
        return {"user": world.bot.as_user(), "status": status}
    person = world.people.get(method.user_id)
    if person is None:
        raise bad_request("member not found")
    if person.id in _members(chat):
        return {"user": person.as_user(), "status": "member"}
    if isinstance(chat, GroupChat):
        return {"user": person.as_user(), "status": "left"}
    raise bad_request("member not found")


def _members(chat: PrivateChat | GroupChat) -> list[int]:
    return chat.members if isinstance(chat, GroupChat) else [chat.id]


@handles(GetChatMemberCount)
def get_chat_member_count(service: Service, method: GetChatMemberCount, _: Uploads) -> int:
    """Bot API: getChatMemberCount; the bot counts."""
    return len(_members(known_chat(service.world, method.chat_id))) + 1


@handles(LeaveChat)
def leave_chat(service: Service, method: LeaveChat, _: Uploads) -> bool:
    """Bot API: leaveChat."""
    chat = writable_chat(service.world, method.chat_id)
    if not isinstance(chat, GroupChat):
        raise bad_request("chat member status can't be changed in private chats")
    set_bot(service.world, chat, service.world.bot.as_user(), "left")
    return True
