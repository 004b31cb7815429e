"""The bot's Mini App opened by a person: what Telegram would sign for it.

Source: Bot API "Mini Apps", "Validating data received via the Mini App" and `WebAppInitData`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

from aiohttp import web

from saas_bot.sandbox.bot_api import json_response
from saas_bot.sandbox.people import active_chat, world_of
from saas_bot.sandbox.state import Person


async def post_init_data(request: web.Request) -> web.Response:
    """`POST /api/people/{id}/init_data`: `Telegram.WebApp.initData` of the Mini App just opened."""
    world, person = world_of(request), active_chat(request).person
    return json_response({"init_data": signed(_fields(person), world.token)})


def signed(fields: dict[str, str], token: str) -> str:
    """The fields as a query string, with the `hash` that takes the bot's token to make."""
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    digest = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": digest})


def _fields(person: Person) -> dict[str, str]:
    user = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name or "",
        "language_code": person.language_code,
        "allows_write_to_pm": True,
    }
    if person.username:
        user["username"] = person.username
    return {
        "query_id": secrets.token_urlsafe(18),
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(time.time())),
        # Of Telegram's own key, for others than the bot: nobody here has that.
        "signature": secrets.token_urlsafe(64),
    }


def add_routes(app: web.Application) -> None:
    """Register the opening."""
    app.router.add_post(r"/api/people/{id:\d{1,16}}/init_data", post_init_data)
