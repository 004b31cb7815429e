"""The people's side: what they do in their chats."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from saas_bot.sandbox.bodies import (
    ClickBody,
    ContactBody,
    ForwardBody,
    LocationBody,
    PayBody,
    StartBody,
    StickerBody,
    TextBody,
    body_of,
)
from saas_bot.sandbox.bot_api import SERVICE, json_response
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.limits import START_PAYLOAD_MAX
from saas_bot.sandbox.people import active_chat, chat_of, message_in, sent, world_of
from saas_bot.sandbox.people_files import text_content
from saas_bot.sandbox.state import Json, PrivateChat

_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]*")


async def post_message(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/messages`."""
    chat = active_chat(request)
    body = await body_of(request, TextBody)
    reply_to = None
    if body.reply_to_message_id is not None:
        reply_to = message_in(chat, body.reply_to_message_id)
    return sent(chat, world_of(request).say(chat, text_content(body.text), reply_to))


async def post_start(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/start`: the START button, which also lifts a block.

    Source: Bot API "Deep linking": up to 64 characters of A-Z, a-z, 0-9, _ and -.
    """
    world, chat = world_of(request), chat_of(request)
    payload = (await body_of(request, StartBody)).payload
    if len(payload) > START_PAYLOAD_MAX or not _PAYLOAD.fullmatch(payload):
        raise Refused(400, "the payload must be up to 64 characters of A-Z, a-z, 0-9, _ and -")
    if chat.person.deactivated:
        raise Refused(409, "the person's account is deactivated")
    world.set_blocked(chat, blocked=False)
    return sent(chat, world.say(chat, text_content(f"/start {payload}")))


async def patch_message(request: web.Request) -> web.Response:
    """`PATCH /api/people/{id}/messages/{message_id}`: the person edits an own message."""
    world, chat = world_of(request), active_chat(request)
    message = message_in(chat, int(request.match_info["message_id"]))
    body = await body_of(request, TextBody)
    if message.from_bot or "text" not in message.api or "forward_origin" in message.api:
        raise Refused(409, "only one's own text messages can be edited")
    content = text_content(body.text)
    if content == message.content():
        raise Refused(409, "nothing has changed")
    world.edit_message(chat, message, content, None)
    world.acted(chat)
    return sent(chat, (message, world.push("edited_message", message.api, chat)))


async def delete_message(request: web.Request) -> web.Response:
    """`DELETE /api/people/{id}/messages/{message_id}`. Telegram tells bots nothing of it."""
    world, chat = world_of(request), chat_of(request)
    world.delete_message(chat, message_in(chat, int(request.match_info["message_id"])))
    return json_response({"ok": True, "seq": world.acted(chat)})


async def post_contact(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/contact`."""
    chat = active_chat(request)
    body = await body_of(request, ContactBody)
    contact: Json = {
        "phone_number": body.phone_number,
        "first_name": body.first_name or chat.person.first_name,
        "user_id": chat.id if body.user_id is None else body.user_id,
    }
    return sent(chat, world_of(request).say(chat, {"contact": contact}))


async def post_location(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/location`."""
    chat = active_chat(request)
    body = await body_of(request, LocationBody)
    return sent(chat, world_of(request).say(chat, {"location": body.model_dump()}))


async def post_sticker(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/sticker`."""
    chat = active_chat(request)
    emoji = (await body_of(request, StickerBody)).emoji
    unique = emoji.encode().hex()
    sticker: Json = {
        "file_id": f"sticker-{unique}",
        "file_unique_id": unique,
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }
    return sent(chat, world_of(request).say(chat, {"sticker": sticker}))


async def post_forward(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/forward`: a message of this chat, or of another person's chat.

    The person forwards it into their own chat with the bot. Text, files and captions go along,
    buttons don't.
    """
    world, chat = world_of(request), active_chat(request)
    body = await body_of(request, ForwardBody)
    there = world.chats.get(chat.id if body.from_person is None else body.from_person)
    if there is None:
        raise Refused(404, "no such person")
    source = message_in(there, body.message_id)
    content = source.content()
    if not content:
        raise Refused(409, "this message can't be forwarded")
    extra = source.forward_parts()
    return sent(chat, world.say(chat, content, attachment=source.attachment, extra=extra))


async def post_click(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/clicks`."""
    world, chat = world_of(request), active_chat(request)
    body = await body_of(request, ClickBody)
    if not body.forged and not message_in(chat, body.message_id).has_button(body.data):
        raise Refused(404, "no such button")
    query_id, update = world.click(chat, body.message_id, body.data)
    return json_response(
        {"callback_query_id": query_id, "update_id": update.update_id, "seq": chat.acted_seq}
    )


def _invoice(request: web.Request, chat: PrivateChat, body: PayBody) -> Json:
    """What is to be paid, with the payload only the bot knows."""
    if body.message_id is not None:
        message = message_in(chat, body.message_id)
        if "invoice" not in message.api:
            raise Refused(404, "there is no invoice in this message")
        return {**message.api["invoice"], "payload": message.payload}
    slug = (body.link or "").rpartition("$")[2]
    invoice = request.app[SERVICE].payments.links.get(slug)
    if invoice is None:
        raise Refused(404, "no such invoice")
    return invoice


async def post_payment(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/pay`; how it ends comes as an event of type `payment`."""
    chat = active_chat(request)
    body = await body_of(request, PayBody)
    invoice = _invoice(request, chat, body)
    checkout, update = request.app[SERVICE].payments.begin(chat, invoice, body.message_id)
    return json_response(
        {
            "pre_checkout_query_id": checkout,
            "update_id": update.update_id,
            "seq": chat.acted_seq,
        }
    )


async def post_block(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/block` and `/unblock`."""
    world, chat = world_of(request), chat_of(request)
    update = world.set_blocked(chat, request.path.endswith("/block"))
    return json_response(
        {
            "blocked": chat.blocked,
            "update_id": None if update is None else update.update_id,
            "seq": chat.acted_seq,
        }
    )


def add_routes(app: web.Application) -> None:
    """Register what people do."""
    person = r"/api/people/{id:\d{1,16}}"
    message = person + r"/messages/{message_id:\d{1,16}}"
    app.router.add_routes(
        [
            web.post(f"{person}/messages", post_message),
            web.post(f"{person}/start", post_start),
            web.patch(message, patch_message),
            web.delete(message, delete_message),
            web.post(f"{person}/forward", post_forward),
            web.post(f"{person}/contact", post_contact),
            web.post(f"{person}/location", post_location),
            web.post(f"{person}/sticker", post_sticker),
            web.post(f"{person}/clicks", post_click),
            web.post(f"{person}/pay", post_payment),
            web.post(f"{person}/block", post_block),
            web.post(f"{person}/unblock", post_block),
        ]
    )
