"""One request as its handler sees it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from redis.asyncio import Redis

from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database, Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.storage import Storage

if TYPE_CHECKING:
    from saas_bot.core.tokens import Keys
    from saas_bot.services.sessions import Signed


async def nobody() -> str | None:
    """No name: there is no bot."""
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API stands on."""

    settings: Settings
    database: Database
    redis: Redis
    keys: "Keys"
    storage: Storage
    username: Callable[[], Awaitable[str | None]] = nobody
    """How the bot is called in Telegram; None while that is not known."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may come to its handler: whose it is, and the transaction it works in."""

    request: web.Request
    parts: Parts
    t: Translator
    signed_in: "Signed | None" = None
    opened: Session | None = None

    @property
    def session(self) -> Session:
        """The transaction behind the door of the route, which commits before the answer."""
        if self.opened is None:
            raise LookupError("a route without a door has no session")
        return self.opened

    @property
    def signed(self) -> "Signed":
        """Who has signed in, and by which session; not for routes that anyone may call."""
        if self.signed_in is None:
            raise LookupError("a route for anyone knows nobody")
        return self.signed_in

    @property
    def account(self) -> Account:
        """The person."""
        return self.signed.account

    @property
    def actor(self) -> Actor:
        """The person at work in the company of their session.

        Raises:
            NotFound: they are in none.
        """
        if self.signed.actor is None:
            raise NotFound("no-company")
        return self.signed.actor
