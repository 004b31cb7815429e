"""Forwarding and copying what there is in a chat, one message or several."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

from aiogram.methods import CopyMessage, CopyMessages, ForwardMessage, ForwardMessages

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.markup import NO_MARKUP, check_markup
from saas_bot.sandbox.methods.messages import checked_ids, post
from saas_bot.sandbox.methods.table import (
    Service,
    count_message,
    handles,
    known_chat,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.methods.texts import caption_parts, without_caption
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Json, Message
from saas_bot.sandbox.world import World

_DONE: Final = {"forward": "forwarded", "copy": "copied"}


def _source(world: World, method: ForwardMessage | CopyMessage, what: str) -> Message:
    chat = known_chat(world, method.from_chat_id)
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request(f"message to {what} not found")
    if not message.content():
        raise bad_request(f"the message can't be {_DONE[what]}")
    return message


@handles(ForwardMessage)
def forward_message(service: Service, method: ForwardMessage, _: Uploads) -> Json:
    """Bot API: forwardMessage."""
    world = service.world
    chat = writable_chat(world, method.chat_id)
    source = _source(world, method, "forward")
    count_message(world, chat)
    content = {**source.content(), **source.forward_parts()}
    return post(world, chat, content, NO_MARKUP, attachment=source.attachment)


@handles(CopyMessage)
def copy_message(service: Service, method: CopyMessage, _: Uploads) -> Json:
    """Bot API: copyMessage. Another caption may be given for media."""
    world = service.world
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    source = _source(world, method, "copy")
    reply_to = reply_target(world, chat, method)
    content = source.content()
    if method.caption is not None and "text" not in content:
        content = {**without_caption(content), **caption_parts(method)}
    count_message(world, chat)
    api = post(world, chat, content, markup, reply_to, source.attachment)
    return {"message_id": api["message_id"]}


@handles(ForwardMessages)
def forward_messages(service: Service, method: ForwardMessages, _: Uploads) -> list[Json]:
    """Bot API: forwardMessages."""
    return _several(service.world, method, forwards=True)


@handles(CopyMessages)
def copy_messages(service: Service, method: CopyMessages, _: Uploads) -> list[Json]:
    """Bot API: copyMessages."""
    return _several(service.world, method, forwards=False)


def _several(world: World, method: ForwardMessages | CopyMessages, forwards: bool) -> list[Json]:
    """What can't be found is skipped, albums stay together: their numbers are returned."""
    ids = checked_ids(method.message_ids)
    if any(after <= before for before, after in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = writable_chat(world, method.chat_id)
    there = known_chat(world, method.from_chat_id)
    found = [
        there.messages[one] for one in sorted(set(method.message_ids)) if one in there.messages
    ]
    found = [message for message in found if message.content()]
    if not found:
        raise bad_request(f"there are no messages to {'forward' if forwards else 'copy'}")
    count_message(world, chat)
    albums = _new_albums(world, found)
    sent: list[Json] = []
    for message in found:
        content = message.content()
        if forwards:
            content.update(message.forward_parts())
        elif isinstance(method, CopyMessages) and method.remove_caption:
            content = without_caption(content)
        content.update(albums.get(message.api.get("media_group_id"), {}))
        api = post(world, chat, content, NO_MARKUP, attachment=message.attachment)
        sent.append({"message_id": api["message_id"]})
    return sent


def _new_albums(world: World, messages: list[Message]) -> dict[str | None, Json]:
    """A fresh album for each of which more than one message goes along."""
    sizes = Counter(message.api.get("media_group_id") for message in messages)
    return {
        album: {"media_group_id": world.new_album_id()}
        for album, size in sizes.items()
        if album is not None and size > 1
    }
