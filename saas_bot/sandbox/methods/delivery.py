"""How updates get to the bot: long polling, webhooks, and the farewell methods."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from aiogram.methods import (
    Close,
    DeleteWebhook,
    GetUpdates,
    GetWebhookInfo,
    LogOut,
    SetWebhook,
)
from yarl import URL

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.limits import LONG_POLL_MAX, SECRET_TOKEN_MAX, UPDATES_AT_ONCE
from saas_bot.sandbox.methods.table import Service, handles
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Json
from saas_bot.sandbox.webhook import Webhook

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]*")


@handles(GetUpdates)
async def get_updates(service: Service, method: GetUpdates, _: Uploads) -> list[Json]:
    """Bot API: getUpdates."""
    if service.webhook.target is not None:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    queue = service.world.updates
    if method.allowed_updates is not None:
        queue.allow(method.allowed_updates)
    limit = min(max(method.limit or UPDATES_AT_ONCE, 1), UPDATES_AT_ONCE)
    seconds = min(max(method.timeout or 0, 0), LONG_POLL_MAX)
    return [update.body for update in await queue.poll(method.offset or 0, limit, seconds)]


@handles(SetWebhook)
async def set_webhook(service: Service, method: SetWebhook, _: Uploads) -> bool:
    """Bot API: setWebhook. Plain HTTP and any port are fine, as with a local Bot API server.

    Setting the webhook that is set already disturbs no delivery.
    """
    queue = service.world.updates
    if not method.url:
        return await _remove(service, bool(method.drop_pending_updates))
    if service.world.rates is not None:
        service.world.rates.count_webhook(time.monotonic())
    try:
        url = URL(method.url)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise bad_request("invalid webhook URL specified")
    secret = method.secret_token or ""
    if len(secret) > SECRET_TOKEN_MAX:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if method.allowed_updates is not None:
        queue.allow(method.allowed_updates)
    queue.interrupt("terminated by setWebhook request")
    if method.drop_pending_updates:
        queue.clear()
    connections = min(max(method.max_connections or 40, 1), 100)
    target = Webhook(method.url, secret, connections)
    if service.webhook.target != target or method.drop_pending_updates:
        await service.webhook.start(target)
    return True


async def _remove(service: Service, drop: bool) -> bool:
    await service.webhook.stop()
    if drop:
        service.world.updates.clear()
    return True


@handles(DeleteWebhook)
async def delete_webhook(service: Service, method: DeleteWebhook, _: Uploads) -> bool:
    """Bot API: deleteWebhook."""
    return await _remove(service, bool(method.drop_pending_updates))


@handles(GetWebhookInfo)
def get_webhook_info(service: Service, _method: GetWebhookInfo, _: Uploads) -> Json:
    """Bot API: getWebhookInfo."""
    sender, queue = service.webhook, service.world.updates
    info: dict[str, Any] = {
        "url": sender.target.url if sender.target else "",
        "has_custom_certificate": False,
        "pending_update_count": len(queue),
    }
    if sender.target is not None:
        info["max_connections"] = sender.target.connections
    if sender.last_error is not None:
        info["last_error_date"], info["last_error_message"] = sender.last_error
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


@handles(LogOut)
def log_out(_service: Service, _method: LogOut, _: Uploads) -> bool:
    """Bot API: logOut. There is no other server to go to, so nothing changes."""
    return True


@handles(Close)
def close(_service: Service, _method: Close, _: Uploads) -> bool:
    """Bot API: close."""
    return True
