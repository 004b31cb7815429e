"""Cursors of one list, which no other one takes.

A cursor of the database's says beside which row a page begins, and means something else in another
order. So what callers are given begins with a mark of the list that it belongs to: the route, what
its path names, filters and order.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2s
from typing import Any, Final

from pydantic import BaseModel

from saas_bot.web.api.models import PageOf, PageQuery
from saas_bot.web.api.problems import Problem
from saas_bot.web.api.routes import Route

BYTES: Final = 6
LENGTH: Final = 8
"""Of a mark: those bytes in base64."""


def mark_of(route: Route, given: Mapping[str, BaseModel]) -> str:
    """The mark of the list that is asked for; empty where it is no list."""
    if not isinstance(given.get("query"), PageQuery):
        return ""
    parts = {
        name: model.model_dump(mode="json", exclude={"limit", "cursor"})
        for name, model in given.items()
    }
    said = json.dumps([route.name, parts], sort_keys=True)
    return urlsafe_b64encode(blake2s(said.encode(), digest_size=BYTES).digest()).decode()


def unmarked(given: Mapping[str, BaseModel], mark: str) -> Mapping[str, BaseModel]:
    """The parts of a request with the database's own cursor.

    Raises:
        Problem: 422, the cursor is not of this list.
    """
    query = given.get("query")
    if not isinstance(query, PageQuery) or not query.cursor:
        return given
    if query.cursor[:LENGTH] != mark or len(query.cursor) == LENGTH:
        raise Problem(422, "cursor-not-valid")
    return {**given, "query": query.model_copy(update={"cursor": query.cursor[LENGTH:]})}


def marked(result: Any, mark: str) -> Any:
    """A page with the cursors that callers are given."""
    if not isinstance(result, PageOf):
        return result
    cursors = {"next": result.next, "previous": result.previous}
    return result.model_copy(update={name: mark + one for name, one in cursors.items() if one})
