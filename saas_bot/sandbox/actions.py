"""The people's side: what they do in their chats."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import BodyPartReader, web

from saas_bot.sandbox.bodies import (
    ClickBody,
    ContactBody,
    LocationBody,
    PayBody,
    StartBody,
    StickerBody,
    TextBody,
    body_of,
)
from saas_bot.sandbox.bot_api import SERVICE, json_response
from saas_bot.sandbox.entities import find_entities, trim
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.files import Upload, as_api
from saas_bot.sandbox.limits import CAPTION_MAX, START_PAYLOAD_MAX, TEXT_MAX
from saas_bot.sandbox.methods.media import attachment_view
from saas_bot.sandbox.params import CHUNK, MALFORMED, write_part
from saas_bot.sandbox.people import chat_of, world_of
from saas_bot.sandbox.state import Chat, Json, Message
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.world import World

FILE_MAX: Final = 60 << 20  # bytes; beyond what the bot may fetch, so that this can be tried
KINDS: Final = frozenset({"document", "photo", "video", "audio", "voice"})
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]*")


def _active_chat(request: web.Request) -> Chat:
    chat = chat_of(request)
    if chat.blocked:
        raise Refused(409, "the person has blocked the bot")
    if chat.person.deactivated:
        raise Refused(409, "the person's account is deactivated")
    return chat


def _message(chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise Refused(404, "no such message")
    return message


def _sent(chat: Chat, sent: tuple[Message, Update]) -> web.Response:
    message, update = sent
    return json_response(
        {"update_id": update.update_id, "message": message.view(), "seq": chat.acted_seq}
    )


def _text(text: str, most: int = TEXT_MAX) -> tuple[str, list[Json]]:
    """What a person typed, as Telegram stores it."""
    text = trim(text.replace("\r\n", "\n"), [])[0]
    if len(text) > most:
        raise Refused(400, f"the text is longer than {most} characters")
    return text, find_entities(text)


def _text_content(text: str) -> Json:
    text, entities = _text(text)
    if not text:
        raise Refused(400, "the text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


async def post_message(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/messages`."""
    chat = _active_chat(request)
    body = await body_of(request, TextBody)
    reply_to = None
    if body.reply_to_message_id is not None:
        reply_to = _message(chat, body.reply_to_message_id)
    return _sent(chat, world_of(request).say(chat, _text_content(body.text), reply_to))


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
    return _sent(chat, world.say(chat, _text_content(f"/start {payload}")))


async def patch_message(request: web.Request) -> web.Response:
    """`PATCH /api/people/{id}/messages/{message_id}`: the person edits an own message."""
    world, chat = world_of(request), _active_chat(request)
    message = _message(chat, int(request.match_info["message_id"]))
    body = await body_of(request, TextBody)
    if message.from_bot or "text" not in message.api:
        raise Refused(409, "only one's own text messages can be edited")
    content = _text_content(body.text)
    if content == message.content():
        raise Refused(409, "nothing has changed")
    world.edit_message(chat, message, content, None)
    world.acted(chat)
    return _sent(chat, (message, world.push("edited_message", message.api, chat)))


async def delete_message(request: web.Request) -> web.Response:
    """`DELETE /api/people/{id}/messages/{message_id}`. Telegram tells bots nothing of it."""
    world, chat = world_of(request), chat_of(request)
    world.delete_message(chat, _message(chat, int(request.match_info["message_id"])))
    return json_response({"ok": True, "seq": world.acted(chat)})


async def post_contact(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/contact`."""
    chat = _active_chat(request)
    body = await body_of(request, ContactBody)
    contact: Json = {
        "phone_number": body.phone_number,
        "first_name": body.first_name or chat.person.first_name,
        "user_id": chat.id if body.user_id is None else body.user_id,
    }
    return _sent(chat, world_of(request).say(chat, {"contact": contact}))


async def post_location(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/location`."""
    chat = _active_chat(request)
    body = await body_of(request, LocationBody)
    return _sent(chat, world_of(request).say(chat, {"location": body.model_dump()}))


async def post_sticker(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/sticker`."""
    chat = _active_chat(request)
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
    return _sent(chat, world_of(request).say(chat, {"sticker": sticker}))


async def _file_form(request: web.Request, world: World) -> tuple[Upload, dict[str, str]]:
    if not request.content_type.startswith("multipart/"):
        raise Refused(400, "multipart/form-data expected")
    upload: Upload | None = None
    fields: dict[str, str] = {}
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or len(fields) > 10:
                raise Refused(400, "unexpected part")
            if part.filename is not None and upload is None:
                upload = await write_part(part, world.files, FILE_MAX)
            else:
                value = await part.read_chunk(CHUNK)
                fields[part.name or ""] = bytes(value).decode()
    except MALFORMED:
        if upload is not None:
            upload.path.unlink(missing_ok=True)
        raise Refused(400, "malformed multipart/form-data") from None
    if upload is None:
        raise Refused(400, "a part named file is expected")
    return upload, fields


async def post_file(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/files`: multipart with `file`, `kind` and perhaps `caption`."""
    world, chat = world_of(request), _active_chat(request)
    upload, fields = await _file_form(request, world)
    kind = fields.get("kind") or "document"
    try:
        if kind not in KINDS:
            raise Refused(400, f"kind must be one of {', '.join(sorted(KINDS))}")
        caption, entities = _text(fields.get("caption", ""), CAPTION_MAX)
        if upload.size == 0:
            raise Refused(400, "the file is empty")
    except Refused:
        upload.path.unlink(missing_ok=True)
        raise
    stored = world.files.add(kind, upload)
    content: Json = {kind: as_api(stored)}
    if caption:
        content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
    return _sent(chat, world.say(chat, content, attachment=attachment_view(stored)))


async def post_click(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/clicks`."""
    world, chat = world_of(request), _active_chat(request)
    body = await body_of(request, ClickBody)
    if not body.forged and not _message(chat, body.message_id).has_button(body.data):
        raise Refused(404, "no such button")
    query_id, update = world.click(chat, body.message_id, body.data)
    return json_response(
        {"callback_query_id": query_id, "update_id": update.update_id, "seq": chat.acted_seq}
    )


def _invoice(request: web.Request, chat: Chat, body: PayBody) -> Json:
    """What is to be paid, with the payload only the bot knows."""
    if body.message_id is not None:
        message = _message(chat, body.message_id)
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
    chat = _active_chat(request)
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
            web.post(f"{person}/files", post_file),
            web.post(f"{person}/contact", post_contact),
            web.post(f"{person}/location", post_location),
            web.post(f"{person}/sticker", post_sticker),
            web.post(f"{person}/clicks", post_click),
            web.post(f"{person}/pay", post_payment),
            web.post(f"{person}/block", post_block),
            web.post(f"{person}/unblock", post_block),
        ]
    )
