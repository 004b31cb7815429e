"""Reading a request: what it may look like, and its parts as models."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from aiohttp import web
from aiohttp.hdrs import ACCEPT_ENCODING, CONTENT_ENCODING
from multidict import MultiMapping
from pydantic import BaseModel, ValidationError

from saas_bot.core.i18n import Translator
from saas_bot.web.api.problems import MEDIA_TYPE, Problem
from saas_bot.web.api.routes import ANY_TYPE, Route

M = TypeVar("M", bound=BaseModel)

_WORDS: Final[Mapping[str, str]] = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "too_long": "too-many",
    "greater_than_equal": "too-small",
    "greater_than": "too-small",
    "less_than_equal": "too-large",
    "less_than": "too-large",
    "int_type": "no-number",
    "int_parsing": "no-number",
    "int_from_float": "no-number",
    "bool_type": "no-boolean",
    "bool_parsing": "no-boolean",
    "string_type": "no-text",
    "string_unicode": "no-text",
    "string_pattern_mismatch": "wrong-shape",
    "enum": "no-choice",
    "literal_error": "no-choice",
    "timezone_aware": "no-time",
    "datetime_parsing": "no-time",
    "datetime_from_date_parsing": "no-time",
    "datetime_type": "no-time",
    "year": "out-of-years",
}
"""pydantic's kinds of error, and the texts `api-field-...` for them."""

FIELD_CODES: Final = tuple(dict.fromkeys((*_WORDS.values(), "wrong")))
"""What may be wrong with one part of a request."""

_CHOICE: Final = re.compile("'([^']*)'")
_LIMITS: Final = ("ge", "gt", "le", "lt", "max_length", "min_length")


def need_acceptable(request: web.Request, route: Route) -> None:
    """Pass if the caller takes what the route gives (RFC 9110, section 12.5.1).

    Raises:
        Problem: 406, they don't.
    """
    accept = request.headers.get("Accept", "")
    if not accept or route.produces == ANY_TYPE:
        return
    kind = route.produces.partition("/")[0]
    taken = {"*/*", f"{kind}/*", route.produces, MEDIA_TYPE}
    if not any(_named(part) in taken for part in accept.split(",")):
        raise Problem(406, produces=route.produces)


def need_plain(request: web.Request, route: Route) -> None:
    """Pass if the body, if the route takes one, comes as it is (RFC 9110, section 8.4).

    Raises:
        Problem: 415, it is compressed, by which a few bytes could become very many.
    """
    takes_one = route.takes or "body" in route.models
    coding = request.headers.get(CONTENT_ENCODING, "").strip().lower()
    if takes_one and coding not in ("", "identity"):
        raise Problem(415, "body-encoded", headers={ACCEPT_ENCODING: "identity"})


def _named(part: str) -> str:
    """The media type of one part of an `Accept`; nothing if it is ruled out."""
    kind, _, rest = part.partition(";")
    ruled_out = rest.replace(" ", "").rstrip("0") in ("q=", "q=0.")
    return "" if ruled_out else kind.strip().lower()


async def body_of(request: web.Request, route: Route) -> bytes:
    """The bytes of the body, if the route has one.

    Raises:
        Problem: 413, it is too large; 415, it is not JSON.
    """
    model = route.models.get("body")
    if model is None or not request.body_exists:
        return b""
    if (request.content_length or 0) > route.body_limit:
        raise Problem(413, limit=route.body_limit)
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size > route.body_limit:
            raise Problem(413, limit=route.body_limit)
        pieces.append(piece)
    if size and request.content_type != "application/json":
        raise Problem(415)
    return b"".join(pieces)


def parts_of(
    t: Translator, request: web.Request, route: Route, body: bytes
) -> dict[str, BaseModel]:
    """The models of the route's handler, made of this request.

    Raises:
        Problem: 400, the body can't be read at all; 422 with `errors`, parts of it are wrong.
    """
    wrong: list[dict[str, str]] = []
    read: dict[str, BaseModel] = {}
    for where, model in route.models.items():
        try:
            read[where] = _read(where, model, request, body)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            if any(one["type"] == "json_invalid" for one in problems):
                raise Problem(400, "body-malformed") from None
            wrong += [_said(t, where, one) for one in problems]
    if wrong:
        raise Problem(422, errors=wrong)
    return read


def _read(where: str, model: type[M], request: web.Request, body: bytes) -> M:
    if where == "path":
        return model.model_validate(dict(request.match_info))
    if where == "query":
        return model.model_validate(_flat(request.query))
    return model.model_validate_json(body or b"{}", strict=True)


def _flat(query: MultiMapping[str]) -> dict[str, Any]:
    """Each name once; what was given twice stays a list, which no parameter takes."""
    given = {name: query.getall(name) for name in query}
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}


def _said(t: Translator, where: str, problem: Mapping[str, Any]) -> dict[str, str]:
    context: Mapping[str, Any] = problem.get("ctx", {})
    key = _WORDS.get(problem["type"], "wrong")
    limit = next((context[name] for name in _LIMITS if name in context), "")
    return {
        "in": where,
        "field": _field(problem["loc"]),
        "code": key,
        "detail": t.plain(f"api-field-{key}", limit=str(limit), expected=_expected(context)),
    }


def _expected(context: Mapping[str, Any]) -> str:
    """What could stand there; pydantic lists choices as English does: `'a', 'b' or 'c'`."""
    expected = str(context.get("expected", ""))
    return ", ".join(_CHOICE.findall(expected)) or expected


def _field(place: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in place)
