"""Numbers that come as text: in a query string, a header, a form."""

from __future__ import annotations

from aiohttp import web

from saas_bot.sandbox.errors import Refused


def whole(given: str, digits: int = 15) -> int | None:
    """A number of up to so many ASCII digits; None for anything else."""
    if given.isascii() and given.isdigit() and len(given) <= digits:
        return int(given)
    return None


def whole_in(request: web.Request, name: str, default: int) -> int:
    """A whole number from the query string, or a 400."""
    given = request.query.get(name, "")
    number = whole(given) if given else default
    if number is None:
        raise Refused(400, f"{name} must be a whole number")
    return number


def seconds_in(request: web.Request, name: str, most: float) -> float:
    """Seconds from the query string, 0 by default and `most` at most, or a 400."""
    given = request.query.get(name, "")
    try:
        seconds = float(given) if given else 0.0
    except ValueError:
        raise Refused(400, f"{name} must be a number") from None
    if not seconds >= 0:
        raise Refused(400, f"{name} must not be negative")
    return min(seconds, most)
