"""Who asks: from the `Authorization` header to the person as things stand now; and from where."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp import web
from aiohttp.hdrs import AUTHORIZATION, USER_AGENT, X_FORWARDED_FOR, X_FORWARDED_PROTO

from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Claims, Keys, TokenRefused
from saas_bot.db.tenancy import Database
from saas_bot.services import sessions
from saas_bot.services.sessions import Device, Signed
from saas_bot.web.api.problems import Problem

Address = IPv4Address | IPv6Address

CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
"""How one can sign in, with each 401 (RFC 9110, 15.5.2; RFC 6750, 3)."""

_UNKNOWN: Final = "unknown"


def claims_of(request: web.Request, keys: Keys) -> Claims | None:
    """What the access token of a request says (RFC 6750, 2.1); None where it has none.

    Raises:
        Problem: 401, the token is over or none of ours.
    """
    header = request.headers.get(AUTHORIZATION)
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem(401, headers=CHALLENGE)
    try:
        return keys.read(token.strip())
    except TokenRefused as refused:
        raise _invalid(refused.code) from None


async def signed_by(claims: Claims | None, database: Database, settings: Settings) -> Signed:
    """Who that is, with the rights of this moment, in one statement.

    Raises:
        Problem: 401, nobody has signed in, or the session is over.
    """
    if claims is None:
        raise Problem(401, headers=CHALLENGE)
    async with database.reading() as driver:
        signed = await sessions.signed(driver, claims, operator_ids=settings.operator_ids)
    if signed is None:
        raise _invalid("session-over")
    return signed


def device_of(request: web.Request, settings: Settings) -> Device:
    """From what and where a request comes."""
    return Device.of(request.headers.get(USER_AGENT, ""), address_of(request, settings))


def address_of(request: web.Request, settings: Settings) -> str:
    """The address of whoever asks: the peer, or whom our own proxies (`TRUSTED_PROXIES`) name.

    Each proxy adds to the end of `X-Forwarded-For` whom it was asked by, so the newest that is no
    proxy of ours is the caller; what stands before it, anybody may have written.
    """
    trusted = settings.trusted_proxies
    caller = _address(request.remote or "")
    if caller is None:
        return _UNKNOWN
    listed = ",".join(request.headers.getall(X_FORWARDED_FOR, []))
    for one in reversed(listed.split(",")):
        said = _address(one.strip())
        if said is None or not _is_in(caller, trusted):
            break
        caller = said
    return str(caller)


def came_by_https(request: web.Request, settings: Settings) -> bool:
    """Whether the caller's own connection is encrypted, as far as we or our proxies know."""
    peer = _address(request.remote or "")
    if peer is not None and _is_in(peer, settings.trusted_proxies):
        return request.headers.get(X_FORWARDED_PROTO, "").lower() == "https"
    return request.secure


def _invalid(code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


@lru_cache(maxsize=1024)
def _address(text: str) -> Address | None:
    """An address with or without its port; an IPv4 one that came as IPv6 is what it is."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _is_in(address: Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
