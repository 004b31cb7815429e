"""The people's side: who there is, and what their chats look like."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from aiohttp import web

from saas_bot.sandbox.bodies import PersonChanges, PersonFields, body_of
from saas_bot.sandbox.bot_api import SERVICE, json_response
from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.state import Chat, Json, Message, Person, PrivateChat
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.world import World

MESSAGES_SHOWN: Final = 200


def world_of(request: web.Request) -> World:
    """The world a request acts in."""
    return request.app[SERVICE].world


def chat_of(request: web.Request) -> PrivateChat:
    """The chat of the person a path names."""
    chat = world_of(request).chats.get(int(request.match_info["id"]))
    if chat is None:
        raise Refused(404, "no such person")
    return chat


def active_chat(request: web.Request) -> PrivateChat:
    """As `chat_of`, for someone who acts: neither blocking the bot nor deactivated."""
    chat = chat_of(request)
    if chat.blocked:
        raise Refused(409, "the person has blocked the bot")
    if chat.person.deactivated:
        raise Refused(409, "the person's account is deactivated")
    return chat


def message_in(chat: Chat, message_id: int) -> Message:
    """A message of the chat, or a 404."""
    message = chat.messages.get(message_id)
    if message is None:
        raise Refused(404, "no such message")
    return message


def sent(chat: Chat, said: tuple[Message, Update]) -> web.Response:
    """The answer to what puts a message into the chat or changes one."""
    message, update = said
    return json_response(
        {"update_id": update.update_id, "message": message.view(), "seq": chat.acted_seq}
    )


def person_view(world: World, person: Person) -> Json:
    """A person as the people-side API shows one."""
    chat = world.chats[person.id]
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "blocked": chat.blocked,
        "note": person.note,
        "started": chat.started,
        "deactivated": person.deactivated,
    }


def create_person(world: World, fields: PersonFields) -> Person:
    """Add a person; a taken id or username is a 409."""
    if fields.username and (
        world.by_username(fields.username) or fields.username.lower() == world.bot.username.lower()
    ):
        raise Refused(409, f"the username {fields.username} is taken")
    person_id = fields.id if fields.id is not None else world.new_person_id()
    if person_id in world.people or person_id == world.bot.id:
        raise Refused(409, f"the id {person_id} is taken")
    person = Person(
        id=person_id,
        first_name=fields.first_name,
        last_name=fields.last_name or None,
        username=fields.username or None,
        language_code=fields.language_code,
        note=fields.note,
    )
    world.add_person(person).started = fields.started
    return person


async def get_bot(request: web.Request) -> web.Response:
    """`GET /api/bot`: names and descriptions by language code too, "" being the fallback."""
    bot = world_of(request).bot
    return json_response(
        {
            "id": bot.id,
            "username": bot.username,
            "first_name": bot.names.get("") or bot.first_name,
            "description": bot.descriptions.get("", ""),
            "short_description": bot.short_descriptions.get("", ""),
            "names": bot.names,
            "descriptions": bot.descriptions,
            "short_descriptions": bot.short_descriptions,
        }
    )


async def get_people(request: web.Request) -> web.Response:
    """`GET /api/people`."""
    world = world_of(request)
    return json_response([person_view(world, one) for one in world.people.values()])


async def post_person(request: web.Request) -> web.Response:
    """`POST /api/people`."""
    world = world_of(request)
    person = create_person(world, await body_of(request, PersonFields))
    view = person_view(world, person)
    world.events.emit(person.id, "person", view)
    return json_response(view, 201)


async def patch_person(request: web.Request) -> web.Response:
    """`PATCH /api/people/{id}`."""
    world, chat = world_of(request), chat_of(request)
    changes = await body_of(request, PersonChanges)
    person = chat.person
    if changes.username is not None:
        holder = world.by_username(changes.username)
        if holder is not None and holder is not person:
            raise Refused(409, f"the username {changes.username} is taken")
        world.rename(person, changes.username)
    for name in ("first_name", "language_code", "note", "deactivated"):
        value = getattr(changes, name)
        if value is not None:
            setattr(person, name, value)
    if changes.last_name is not None:
        person.last_name = changes.last_name or None
    chat.renamed()
    view = person_view(world, person)
    world.events.emit(person.id, "person", view)
    world.refresh_commands([chat])
    return json_response(view)


async def get_chat(request: web.Request) -> web.Response:
    """`GET /api/people/{id}/chat`."""
    world, chat = world_of(request), chat_of(request)
    newest = list(chat.messages.values())[-MESSAGES_SHOWN:]
    return json_response(
        {
            "messages": [message.view() for message in newest],
            "commands": world.bot.commands_for(chat.id, chat.person.language_code),
            "reply_keyboard": chat.reply_keyboard,
            "typing": world.typing_seconds(chat) > 0,
            "typing_seconds": world.typing_seconds(chat),
            "blocked": chat.blocked,
            "started": chat.started,
            "menu_button": chat.menu_button or world.bot.menu_button,
            "seq": world.events.seq,
            "acted_seq": chat.acted_seq,
        }
    )


async def get_file(request: web.Request) -> web.StreamResponse:
    """`GET /api/files/{unique_id}`: a file's bytes, which a browser must not take for a page."""
    world = world_of(request)
    stored = world.files.unique(request.match_info["unique_id"])
    if stored is None:
        raise Refused(404, "no such file")
    shown = stored.mime.startswith(("image/", "audio/", "video/")) and "svg" not in stored.mime
    disposition = (
        f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(stored.name, safe='')}"
    )
    return web.FileResponse(
        world.files.place(stored),
        headers={
            "Content-Type": stored.mime if shown else "application/octet-stream",
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        },
    )


def add_routes(app: web.Application) -> None:
    """Register people, chats and files."""
    person = r"/api/people/{id:\d{1,16}}"
    app.router.add_routes(
        [
            web.get("/api/bot", get_bot),
            web.get("/api/people", get_people),
            web.post("/api/people", post_person),
            web.patch(person, patch_person),
            web.get(f"{person}/chat", get_chat),
            web.get(r"/api/files/{unique_id:[0-9a-f]{16}}", get_file),
        ]
    )
