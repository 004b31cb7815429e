"""Access tokens of the admin API: short-lived JWTs (RFC 7519) that say who and by which session.

They say nothing of rights: those are looked up anew for each request.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Self

import jwt

from saas_bot.core.clock import now
from saas_bot.core.errors import Unauthorized
from saas_bot.core.settings import Settings

LIFETIME: Final = timedelta(minutes=15)

LEEWAY: Final = timedelta(seconds=10)
"""By which clocks of our own processes may differ."""

LONGEST: Final = 1024
"""Characters of the longest token that is looked at; ours have some 300."""

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "saas-bot/api/v1"
_REMEMBERED: Final = 1024
"""Tokens whose signature is not checked again with each request: a program sends one many times."""

_CLAIMS: Final = ("iss", "aud", "sub", "sid", "iat", "exp")


class TokenRefused(Unauthorized):
    """A token that opens nothing: `token-expired`, or `token-refused` whatever else is wrong."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: whose it is (a Telegram id), and by which session."""

    telegram_id: int
    session_id: int


class Keys:
    """The keys that sign tokens, the newest one, and read them, each of them.

    A key is named by the `kid` in a token's header, which is made of the key itself: all processes
    name it alike. The algorithm is ours to say, never the token's (RFC 8725, 3.1).
    """

    def __init__(self, issuer: str, newest: bytes, *previous: bytes) -> None:
        self._issuer, self._newest = issuer, newest
        self._by_name: Mapping[str, bytes] = {_name_of(key): key for key in (*previous, newest)}
        self._checked = lru_cache(maxsize=_REMEMBERED)(self._check)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keys of these settings.

        Where there is no `JWT_SECRET`, which production must have, the key is made of the bot's
        token: a secret of the deployment that each of its processes knows.
        """
        issuer = f"saas-bot:{settings.bot_id}"
        if settings.jwt_secret is None:
            token = settings.bot_token.get_secret_value().encode()
            return cls(issuer, hmac.digest(token, b"saas_bot access tokens", "sha256"))
        given = (settings.jwt_secret, settings.jwt_secret_previous)
        return cls(issuer, *(one.get_secret_value().encode() for one in given if one))

    def issue(self, claims: Claims) -> str:
        """A token that is good from now on, for `LIFETIME`."""
        at = now()
        said = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(claims.telegram_id),
            "sid": claims.session_id,
            "iat": at,
            "exp": at + LIFETIME,
        }
        header = {"kid": _name_of(self._newest)}
        return jwt.encode(said, self._newest, ALGORITHM, headers=header)

    def read(self, token: str) -> Claims:
        """What a token of ours says.

        Raises:
            TokenRefused: its time is over (`token-expired`), or it is none of ours.
        """
        if len(token) > LONGEST:
            raise TokenRefused("token-refused")
        claims, until = self._checked(token)
        if now() >= until + LEEWAY:
            raise TokenRefused("token-expired")
        return claims

    def _check(self, token: str) -> tuple[Claims, datetime]:
        """What it says, and until when it is good; those that are refused are not remembered."""
        try:
            said = jwt.decode(
                token,
                self._by_name[jwt.get_unverified_header(token)["kid"]],
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": list(_CLAIMS), "strict_aud": True},
            )
            return _claims(said), datetime.fromtimestamp(said["exp"], UTC)
        except jwt.ExpiredSignatureError:
            raise TokenRefused("token-expired") from None
        except (jwt.InvalidTokenError, LookupError, ValueError, TypeError):
            raise TokenRefused("token-refused") from None


def _claims(said: Mapping[str, Any]) -> Claims:
    claims = Claims(int(said["sub"]), int(said["sid"]))
    if not (0 < claims.telegram_id < 2**63 and 0 < claims.session_id < 2**63):
        raise ValueError("out of range")
    return claims


def _name_of(key: bytes) -> str:
    return hashlib.sha256(b"kid:" + key).hexdigest()[:12]
