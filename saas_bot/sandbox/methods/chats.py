"""What the bot may ask about itself, chats and people."""

from __future__ import annotations

from aiogram.methods import GetChat, GetChatMember, GetMe

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.methods.table import Service, handles, known_chat
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Json


@handles(GetMe)
def get_me(service: Service, _method: GetMe, _: Uploads) -> Json:
    """Bot API: getMe."""
    return {
        **service.world.bot.as_user(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
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
    chat = known_chat(service.world, method.chat_id)
    if method.user_id == chat.id:
        return {"user": chat.user_json, "status": "member"}
    if method.user_id == service.world.bot.id:
        return {"user": service.world.bot.as_user(), "status": "member"}
    raise bad_request("member not found")
