"""The people-side and control API described, from the handlers themselves: `/api/openapi.json`."""

from __future__ import annotations

import inspect
import re
from typing import Final

from aiohttp import web
from pydantic import BaseModel

from saas_bot.sandbox import bodies
from saas_bot.sandbox.bot_api import json_response
from saas_bot.sandbox.faults import Fault
from saas_bot.sandbox.limits import CAPTION_MAX, MEDIA_GROUP_MAX, MEDIA_GROUP_MIN
from saas_bot.sandbox.people_files import DURATION_MAX, KINDS
from saas_bot.sandbox.state import Json

# Which JSON body a path takes.
_BODIES: Final[dict[tuple[str, str], type[BaseModel]]] = {
    ("POST", "/api/people"): bodies.PersonFields,
    ("PATCH", "/api/people/{id}"): bodies.PersonChanges,
    ("POST", "/api/people/{id}/messages"): bodies.TextBody,
    ("PATCH", "/api/people/{id}/messages/{message_id}"): bodies.TextBody,
    ("POST", "/api/people/{id}/forward"): bodies.ForwardBody,
    ("POST", "/api/people/{id}/start"): bodies.StartBody,
    ("POST", "/api/people/{id}/clicks"): bodies.ClickBody,
    ("POST", "/api/people/{id}/pay"): bodies.PayBody,
    ("POST", "/api/people/{id}/contact"): bodies.ContactBody,
    ("POST", "/api/people/{id}/location"): bodies.LocationBody,
    ("POST", "/api/people/{id}/sticker"): bodies.StickerBody,
    ("POST", "/api/groups"): bodies.GroupFields,
    ("POST", "/api/groups/{group}/bot"): bodies.MembershipBody,
    ("POST", "/api/groups/{group}/messages"): bodies.GroupTextBody,
    ("POST", "/api/faults"): Fault,
}
_FILE: Final[Json] = {"type": "string", "format": "binary"}
_KIND: Final[Json] = {"type": "string", "enum": sorted(KINDS), "default": "document"}
_ABOUT: Final[Json] = {
    "caption": {"type": "string", "maxLength": CAPTION_MAX},
    "duration": {"type": "integer", "minimum": 0, "maximum": DURATION_MAX, "default": 1},
}
# Which multipart form a path takes.
_FORMS: Final[dict[tuple[str, str], Json]] = {
    ("POST", "/api/people/{id}/files"): {"kind": _KIND, **_ABOUT, "file": _FILE},
    ("POST", "/api/people/{id}/album"): {
        "kind": {"type": "array", "items": _KIND},
        **_ABOUT,
        "file": {
            "type": "array",
            "items": _FILE,
            "minItems": MEDIA_GROUP_MIN,
            "maxItems": MEDIA_GROUP_MAX,
        },
    },
}
_PARAMETER: Final = re.compile(r"\{(\w+)\}")


def describe(app: web.Application) -> Json:
    """OpenAPI 3.1 of every path under `/api/` that `app` serves."""
    paths: dict[str, Json] = {}
    for resource in app.router.resources():
        path = resource.canonical
        if not path.startswith("/api/"):
            continue
        for route in resource:
            if route.method not in ("HEAD", "*"):
                paths.setdefault(path, {})[route.method.lower()] = _operation(path, route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sandbox: people and control", "version": "1"},
        "paths": paths,
    }


def _operation(path: str, route: web.AbstractRoute) -> Json:
    summary, _, description = (inspect.getdoc(route.handler) or "").partition("\n\n")
    operation: Json = {
        "operationId": route.handler.__name__,
        "summary": " ".join(summary.split()),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(path)
        ],
        "responses": {
            "200": {"description": "Done"},
            "default": {
                "description": "Refused",
                "content": {"application/json": {"schema": _ERROR}},
            },
        },
    }
    if description:
        operation["description"] = description
    model = _BODIES.get((route.method, path))
    if model is not None:
        schema = model.model_json_schema()
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    form = _FORMS.get((route.method, path))
    if form is not None:
        schema = {"type": "object", "properties": form, "required": ["file"]}
        operation["requestBody"] = {"content": {"multipart/form-data": {"schema": schema}}}
    return operation


_ERROR: Final[Json] = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
}


async def get_openapi(request: web.Request) -> web.Response:
    """`GET /api/openapi.json`: this description."""
    return json_response(describe(request.app))


def add_routes(app: web.Application) -> None:
    """Register the description."""
    app.router.add_get("/api/openapi.json", get_openapi)
