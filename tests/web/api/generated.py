"""Requests that schemathesis makes of the OpenAPI document, and what it holds against the answers.

A request is made once and sent by everybody. Ids in it are mostly those of rows that there are, of
one's own company and of another one.
"""

import asyncio
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case

from saas_bot.web.api import openapi
from saas_bot.web.api.routes import Route

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
"""Good requests of each operation; there are half as many bad ones. More find more."""

load_all_checks()
HELD = [
    not_a_server_error,
    *(
        CHECKS.get_one(name)
        for name in (
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
            "negative_data_rejection",
        )
    ),
]
"""No 5xx, nothing that is not in the document, and nothing bad taken for good."""

_SEED = 8
_OFTEN = 0.85
"""How many ids are of a row that there is."""


def cases_of(routes: Sequence[Route]) -> Iterator[Case]:
    """The requests of these routes: the same ones each time."""
    document = openapi.document(routes)
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)  # We have tokens; made-up ones have tests of their own.
    schema = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        for mode, number in (
            (GenerationMode.POSITIVE, EXAMPLES),
            (GenerationMode.NEGATIVE, EXAMPLES // 2),
        ):
            yield from _made(found.ok().as_strategy(generation_mode=mode), number)


def _made(strategy: Any, number: int) -> list[Case]:
    made: list[Case] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(case: Case) -> None:
        made.append(case)

    with suppress(Unsatisfiable):  # What has no parameters can't be asked badly.
        take()
    return made


def is_bad(case: Case) -> bool:
    """Whether it has been made bad on purpose."""
    return case.meta is not None and case.meta.generation.mode.is_negative


class Ids:
    """Puts ids of rows that there are into requests, by the names of parameters."""

    def __init__(self, rows: Mapping[str, Sequence[int]], names: Mapping[str, str]) -> None:
        """`rows` are ids by table; `names` say of which table is what isn't named so."""
        self._rows, self._names, self._random = rows, names, random.Random(_SEED)

    def put(self, case: Case) -> None:
        """Change a good request; a bad one has been made bad on purpose."""
        if is_bad(case):
            return
        if case.path_parameters:
            case.path_parameters = self._with_ids(case.path_parameters, all_of_them=True)
        if case.query:
            case.query = self._with_ids(case.query)
        if isinstance(case.body, dict) and not isinstance(case.body, NotSet):
            case.body = self._with_ids(case.body)

    def _with_ids(self, given: Mapping[str, Any], *, all_of_them: bool = False) -> dict[str, Any]:
        return {
            name: self._id(name, value) if all_of_them or self._table(name) else value
            for name, value in given.items()
        }

    def _table(self, name: str) -> str | None:
        bare = name.removesuffix("_id")
        table = self._names.get(bare, f"{bare}s")
        return table if table in self._rows else None

    def _id(self, name: str, value: Any) -> Any:
        there = self._rows.get(self._table(name) or "")
        if not isinstance(value, int) or not there or self._random.random() > _OFTEN:
            return value
        return self._random.choice(there)


async def sent(case: Case, url: str, session: requests.Session, token: str | None) -> Response:
    """The answer to a request; `requests` waits for it in a thread."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await asyncio.to_thread(case.call, url, session, headers, timeout=40)


def held_against(case: Case, response: Response) -> list[str]:
    """What is wrong with an answer, a paragraph each."""
    try:
        case.validate_response(response, checks=HELD)
    except FailureGroup as found:
        return [f"{case.operation.label}: {one.title}\n{one}\n{case.as_curl_command()}\n"
                f"{response.status_code} {response.content[:600]!r}"
                for one in found.exceptions]  # fmt: skip
    return []
