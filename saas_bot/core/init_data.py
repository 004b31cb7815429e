"""Who opened the Mini App, as Telegram signs it (`Telegram.WebApp.initData`).

Source: https://core.telegram.org/bots/webapps, "Validating data received via the Mini App".
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from saas_bot.core.clock import now
from saas_bot.core.errors import Unauthorized

LIFETIME: Final = timedelta(minutes=5)
"""How long after its `auth_date` it is taken. Telegram's page leaves that to the bot."""

LEEWAY: Final = timedelta(seconds=30)
"""By which Telegram's clock may be ahead of ours."""

LONGEST: Final = 8192
"""Characters of the longest that is looked at; Telegram's have some 500."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened it. `proof` names this one opening, so that it counts once."""

    telegram_id: int
    proof: str


def check(init_data: str, bot_token: str) -> Opened:
    """Who opened the Mini App of that bot, provided that Telegram says so and it was just now.

    Raises:
        Unauthorized: `init-data-expired`, or `init-data-refused` whatever else is wrong.
    """
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    if not hmac.compare_digest(_hash(fields, bot_token).encode(), given.encode()):
        raise Unauthorized("init-data-refused")
    try:
        user: Any = json.loads(fields["user"])
        telegram_id, said_at = int(user["id"]), int(fields["auth_date"])
        a_bot = bool(user.get("is_bot"))
    except (LookupError, ValueError, TypeError, AttributeError):
        raise Unauthorized("init-data-refused") from None
    age = now().timestamp() - said_at
    if age > LIFETIME.total_seconds():
        raise Unauthorized("init-data-expired")
    if age < -LEEWAY.total_seconds() or a_bot or not 0 < telegram_id < 2**63:
        raise Unauthorized("init-data-refused")
    return Opened(telegram_id, hashlib.sha256(given.encode()).hexdigest())


def _fields(init_data: str) -> dict[str, str]:
    """The fields, each of which may be there once."""
    if len(init_data) > LONGEST:
        raise Unauthorized("init-data-refused")
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=30)
    except ValueError:
        raise Unauthorized("init-data-refused") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unauthorized("init-data-refused")
    return fields


def _hash(fields: dict[str, str], bot_token: str) -> str:
    checked = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", bot_token.encode(), "sha256")
    return hmac.new(key, checked.encode(), "sha256").hexdigest()
