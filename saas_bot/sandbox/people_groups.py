"""The people's side of groups: making one, adding and removing the bot, talking."""

from __future__ import annotations

from aiohttp import web

from saas_bot.sandbox.bodies import GroupFields, GroupTextBody, MembershipBody, body_of
from saas_bot.sandbox.bot_api import json_response
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.groups import add_group, say_in, set_bot
from saas_bot.sandbox.people import MESSAGES_SHOWN, message_in, world_of
from saas_bot.sandbox.people_files import text_content
from saas_bot.sandbox.state import GroupChat, Json, PrivateChat


def group_of(request: web.Request) -> GroupChat:
    """The group a path names."""
    group = world_of(request).groups.get(int(request.match_info["group"]))
    if group is None:
        raise Refused(404, "no such group")
    return group


def _member(request: web.Request, group: GroupChat, person_id: int) -> PrivateChat:
    if person_id not in group.members:
        raise Refused(409, f"{person_id} is not a member of the group")
    return world_of(request).chats[person_id]


def _view(group: GroupChat) -> Json:
    return {"id": group.id, "title": group.title, "members": group.members, "bot": group.bot}


async def get_groups(request: web.Request) -> web.Response:
    """`GET /api/groups`."""
    return json_response([_view(group) for group in world_of(request).groups.values()])


async def post_group(request: web.Request) -> web.Response:
    """`POST /api/groups`: a group of people, without the bot."""
    world = world_of(request)
    body = await body_of(request, GroupFields)
    unknown = [one for one in body.members if one not in world.chats]
    if unknown:
        raise Refused(404, f"no such person: {unknown[0]}")
    members = list(dict.fromkeys(body.members))
    return json_response(_view(add_group(world, body.title, members)), 201)


async def post_membership(request: web.Request) -> web.Response:
    """`POST /api/groups/{group}/bot`: a member adds the bot, or removes it."""
    world, group = world_of(request), group_of(request)
    body = await body_of(request, MembershipBody)
    who = _member(request, group, body.person)
    update = set_bot(world, group, who.user_json, "member" if body.member else "kicked")
    group.acted_seq = world.events.seq
    return json_response(
        {
            "update_id": None if update is None else update.update_id,
            "bot": group.bot,
            "seq": group.acted_seq,
        }
    )


async def post_group_message(request: web.Request) -> web.Response:
    """`POST /api/groups/{group}/messages`; `update_id` is null for what the bot doesn't hear."""
    world, group = world_of(request), group_of(request)
    body = await body_of(request, GroupTextBody)
    who = _member(request, group, body.person)
    reply_to = None
    if body.reply_to_message_id is not None:
        reply_to = message_in(group, body.reply_to_message_id)
    message, update = say_in(world, group, who, text_content(body.text), reply_to)
    return json_response(
        {
            "update_id": None if update is None else update.update_id,
            "message": message.view(),
            "seq": group.acted_seq,
        }
    )


async def get_group_chat(request: web.Request) -> web.Response:
    """`GET /api/groups/{group}/chat`."""
    world, group = world_of(request), group_of(request)
    newest = list(group.messages.values())[-MESSAGES_SHOWN:]
    return json_response(
        {
            **_view(group),
            "messages": [message.view() for message in newest],
            "reply_keyboard": group.reply_keyboard,
            "typing": world.typing_seconds(group) > 0,
            "seq": world.events.seq,
            "acted_seq": group.acted_seq,
        }
    )


def add_routes(app: web.Application) -> None:
    """Register groups."""
    group = r"/api/groups/{group:-\d{1,16}}"
    app.router.add_routes(
        [
            web.get("/api/groups", get_groups),
            web.post("/api/groups", post_group),
            web.post(f"{group}/bot", post_membership),
            web.post(f"{group}/messages", post_group_message),
            web.get(f"{group}/chat", get_group_chat),
        ]
    )
