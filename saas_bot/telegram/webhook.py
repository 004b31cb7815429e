"""Updates by webhook: telling Telegram where to send them. `web.webhook` takes them."""

import asyncio
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError

from saas_bot.core.outage import Outage
from saas_bot.telegram.bot import outcome_of
from saas_bot.telegram.in_hand import MOST_IN_HAND
from saas_bot.telegram.polling import TokenRefused

log = structlog.get_logger(__name__)

PATH: Final = "/telegram/webhook"


def address(base: str) -> str:
    """The address that Telegram is to send to, from the public one of the API server."""
    base = base.rstrip("/")
    return base if base.endswith(PATH) else base + PATH


class Webhook:
    """Registers the address, and stays for as long as updates may come."""

    def __init__(self, bot: Bot, url: str, secret: str, allowed_updates: list[str]) -> None:
        self.connected = asyncio.Event()
        """Set once Telegram has accepted the address."""
        self._bot, self._url, self._secret = bot, address(url), secret
        self._allowed = allowed_updates
        self._outage = Outage("telegram")

    @property
    def problem(self) -> str | None:
        """A short word for why no updates come; None once the address is registered."""
        return self._outage.code

    async def run(self) -> None:
        """Register the address, trying until it is accepted, then wait until cancelled.

        Raises:
            TokenRefused: there is no bot with this token.
        """
        while not self.connected.is_set():
            try:
                await self._bot.set_webhook(
                    self._url,
                    secret_token=self._secret,
                    max_connections=MOST_IN_HAND,
                    allowed_updates=self._allowed,
                )
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise TokenRefused from error
            except (AiogramError, OSError) as error:
                await self._outage.wait_out(outcome_of(error), error)
            else:
                self._outage.over()
                self.connected.set()
                log.info("webhook.set", url=self._url)
        await asyncio.Event().wait()

    async def confirm(self) -> None:
        """Nothing to do: answers confirm updates, and the address stays for the next start."""
