"""Which problems a route may answer with: what its service refuses, and what the way there does."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from saas_bot.domain.permissions import Permission, Role, may, may_over_limit
from saas_bot.web.api.models import PageQuery
from saas_bot.web.api.routes import OPERATOR, Door, Route

SIGN_IN = ("not-signed-in", "token-expired", "token-refused", "session-over")
"""Why someone is not known."""

ALWAYS: Mapping[int, tuple[str, ...]] = {
    406: ("not-acceptable",),
    429: ("too-many-requests",),
    500: ("unexpected",),
    503: ("unavailable", "took-too-long"),
}


def refusals(route: Route) -> Mapping[int, tuple[str, ...]]:
    """The codes that the route may answer, by status, in order."""
    found: dict[int, set[str]] = defaultdict(set)
    for codes in (ALWAYS, dict(_on_the_way(route)), route.problems):
        for status, some in codes.items():
            found[status].update(some)
    for status, code in _shared(route):
        found[status].add(code)
    return {status: tuple(sorted(codes)) for status, codes in sorted(found.items())}


def _on_the_way(route: Route) -> Iterator[tuple[int, tuple[str, ...]]]:
    if route.permission is not None:
        yield 401, SIGN_IN
    if route.models:
        yield 422, ("not-valid",)
    if "body" in route.models:
        yield 400, ("body-malformed",)
        yield 413, ("body-too-large",)
        yield 415, ("body-not-json", "body-encoded")
    elif route.takes:
        yield 415, ("body-encoded",)
        yield 408, ("body-too-slow",)


def _shared(route: Route) -> Iterator[tuple[int, str]]:
    """What comes beside others of its status."""
    permission = route.permission
    if permission is OPERATOR:
        yield 404, "no-such-route"
    elif permission is not None and (
        permission is not Permission.ACCOUNT or route.door is Door.TENANT
    ):
        yield 404, "no-company"
    if isinstance(permission, Permission) and permission is not Permission.ACCOUNT:
        yield 403, "not-allowed"
        if any(may(role, permission) and not may_over_limit(role, permission) for role in Role):
            yield 403, "limit-no-seat"
    if issubclass(route.models.get("query", BaseModel), PageQuery):
        yield 422, "cursor-not-valid"
    if route.takes_key:
        yield 400, "idempotency-key-shape"
        yield 422, "idempotency-key-reused"
