"""From an HTTP request to the parameters of a Bot API call, and on to aiogram's method model.

Source: Bot API "Making requests": query string, urlencoded form, JSON, or multipart for files.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, get_args
from urllib.parse import parse_qsl

from aiogram.methods import EditMessageCaption, EditMessageReplyMarkup, EditMessageText
from aiogram.methods.base import TelegramMethod
from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.files import FileStore, Upload
from saas_bot.sandbox.limits import UPLOAD_MAX
from saas_bot.sandbox.markup import read_markup

BODY_MAX: Final = 1 << 20  # bytes of a request without files
FIELDS_MAX: Final = 200
CHUNK: Final = 1 << 16
_UNKNOWN: Final = "application/octet-stream"

Uploads = dict[str, Upload]
# What aiohttp raises for bodies that aren't what they claim to be, packed or in parts.
BROKEN: Final = (HttpProcessingError, web.RequestPayloadError)
MALFORMED: Final = (ValueError, AssertionError, LookupError, *BROKEN)

_INTEGER: Final = re.compile(r"-?\d{1,19}")
_JSON_NAMES: Final = {
    "reply_markup": "reply keyboard markup",
    "scope": "BotCommandScope",
    "menu_button": "menu button",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
}


class TooLarge(Exception):
    """A body or a file beyond its limit; what was read of it is already gone."""


@dataclass(slots=True)
class Params:
    """Parameters as sent, strings or JSON values, and the files that came along."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: Uploads = field(default_factory=dict)

    def drop_uploads(self) -> None:
        """Remove files that no message has taken over."""
        for upload in self.uploads.values():
            upload.path.unlink(missing_ok=True)


async def read_body(request: web.Request, limit: int = BODY_MAX) -> bytes:
    """The whole body, if it isn't over `limit` bytes; never holds more than that in memory.

    Raises `TooLarge`, or `ValueError` for one that isn't packed as its headers say.
    """
    if (request.content_length or 0) > limit:
        raise TooLarge
    try:
        return await read_whole(request.content, limit) if request.can_read_body else b""
    except BROKEN:
        raise ValueError("the body can't be unpacked") from None


async def read_whole(content: StreamReader, limit: int = BODY_MAX) -> bytes:
    """A stream to its end, if that is no more than `limit` bytes away."""
    body = bytearray()
    while chunk := await content.readany():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


async def read_params(request: web.Request, files: FileStore) -> Params:
    """Parameters of a Bot API request from its query string and body."""
    params = Params(dict(request.query) if request.query_string else {})
    kind = request.content_type
    if kind.startswith("multipart/"):
        try:
            await read_multipart(request.headers, request.content, params, files)
        except BaseException:
            params.drop_uploads()
            raise
        return params
    try:
        body = await read_body(request)
    except ValueError:
        raise bad_request("can't parse request body") from None
    params.values.update(parse_body(kind, body))
    return params


def parse_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Parameters from a JSON or urlencoded body."""
    if not body:
        return {}
    if content_type == "application/json":
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise bad_request("can't parse JSON object") from None
        if not isinstance(values, dict):
            raise bad_request("object expected")
        return values
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError:
        raise bad_request("can't parse request body") from None


async def read_multipart(
    headers: Mapping[str, str], content: StreamReader, params: Params, files: FileStore
) -> None:
    """Add the parts of a multipart body to `params`; files go straight to disk."""
    room, count = BODY_MAX, 0
    try:
        reader = MultipartReader(headers, content)
        while (part := await reader.next()) is not None:
            count += 1
            if not isinstance(part, BodyPartReader) or not part.name:
                raise bad_request("can't parse multipart/form-data")
            if count > FIELDS_MAX or part.name in params.uploads:
                raise bad_request("too many parameters")
            if part.filename is not None:
                params.uploads[part.name] = await write_part(part, files, UPLOAD_MAX)
            else:
                value = await _text_part(part, room)
                room -= len(value)
                params.values[part.name] = value
    except MALFORMED:
        raise bad_request("can't parse multipart/form-data") from None


async def _text_part(part: BodyPartReader, limit: int) -> str:
    value = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        value += chunk
        if len(value) > limit:
            raise TooLarge
    return value.decode()


async def write_part(part: BodyPartReader, files: FileStore, limit: int) -> Upload:
    """Write a file part to disk, up to `limit` bytes. Its name is data: it never becomes a path."""
    place = files.new_place()
    size = 0
    try:
        with place.open("wb") as target:
            while chunk := await part.read_chunk(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                target.write(chunk)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if character.isprintable())[:255]
    mime = part.headers.get("Content-Type", "").partition(";")[0].strip()
    if mime in ("", _UNKNOWN):
        mime = mimetypes.guess_type(name)[0] or _UNKNOWN
    return Upload(place, name or "file", mime, size)


def _mentions_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and not get_args(annotation):
        return issubclass(annotation, BaseModel) or annotation in (list, dict)
    origin = getattr(annotation, "__origin__", None)
    if origin in (list, dict):
        return True
    return any(_mentions_model(one) for one in get_args(annotation))


@cache
def _json_fields(model: type[TelegramMethod[Any]]) -> frozenset[str]:
    """Fields of `model` that a form carries as JSON."""
    return frozenset(
        name for name, one in model.model_fields.items() if _mentions_model(one.annotation)
    )


def to_model(model: type[TelegramMethod[Any]], params: Params) -> TelegramMethod[Any]:
    """The call as aiogram's model, or the 400 Telegram would give for it.

    As in Telegram an empty parameter is an absent one, and unknown parameters are ignored.
    """
    json_fields = _json_fields(model)
    data: dict[str, Any] = {}
    for name, value in params.values.items():
        if value is None or value == "" or name not in model.model_fields:
            continue
        if name in json_fields and isinstance(value, str) and value[:1] in '[{"':
            value = _decode(name, value)
        elif name.endswith("chat_id") and isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        data[name] = value
    if "reply_markup" in data:
        data["reply_markup"] = read_markup(data["reply_markup"], only_inline=model in _INLINE_ONLY)
    for name in params.uploads:
        if name in model.model_fields:
            data.setdefault(name, f"attach://{name}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _refusal(error) from None


def _decode(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {_JSON_NAMES.get(name, name)} JSON object") from None


_INLINE_ONLY: Final = frozenset({EditMessageText, EditMessageCaption, EditMessageReplyMarkup})


_MISSING: Final = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "from_chat_id": "from_chat_id is empty",
    "user_id": "invalid user_id specified",
    "file_id": "invalid file_id",
    "commands": "commands are not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "video": "there is no video in the request",
    "audio": "there is no audio in the request",
    "voice": "there is no voice in the request",
    "animation": "there is no animation in the request",
    "video_note": "there is no video note in the request",
}
_MALFORMED: Final = {
    "chat_id": "chat not found",
    "message_id": "message identifier is not specified",
}


def _refusal(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if len(first["loc"]) == 1 and first["type"] == "missing":
        return bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return bad_request(_MALFORMED.get(name, f'invalid parameter "{name}": {first["msg"]}'))
