"""What a route of the API is. Routing, validation, rights and the OpenAPI document come from it.

A resource is a module of `resources/` with handlers and their table:

    async def edit(call: Call, path: TaskPath, body: TaskChange) -> TaskOut:
        card = await tasks.change(call.session, call.actor, path.task, ...)
        return TaskOut.of(card)

    ROUTES = (
        Route("PATCH", "/tasks/{task}", Permission.TASK_EDIT, edit, "Change a task",
              problems={404: ("task-not-found",), 409: ("task-closed",)}),
    )

The models are those of the handler's parameters `path`, `query` and `body`, each of which it has or
has not, and of what it returns (None: there is nothing to say, 204).
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final, get_type_hints

from pydantic import BaseModel

from saas_bot.core.middlewares.access import Door
from saas_bot.domain.permissions import Permission
from saas_bot.web.api.rates import Kind

__all__ = ["ANY_TYPE", "OPERATOR", "Door", "Needs", "Raw", "Route"]


class Special(Enum):
    """What a route may need that is no right within a company."""

    OPERATOR = "operator"


OPERATOR: Final = Special.OPERATOR
"""For those who run the deployment; for everyone else the route does not exist."""

Needs = Permission | Special | None
"""A permission, OPERATOR, or None: anyone may call it, signed in or not."""

Handler = Callable[..., Awaitable[Any]]

Within = Callable[..., Awaitable[object]]
"""Passes, of `(call, given, made)`, if what was `made` by a request whose parts were `given` is
still within the caller's reach; otherwise it raises as a service does."""

ANY_TYPE: Final = "*/*"
"""What a route produces whose answer says by itself of which media type it is, as a file does."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is no JSON, as a PDF; its route says of which media type (`produces`).

    What takes a while is given as a function: it is called once the transaction is over, when the
    request holds nothing of the database any more.
    """

    body: bytes | Callable[[], Awaitable[bytes]]
    filename: str | None = None


@dataclass(frozen=True)
class Route:
    """One route, beneath `/api/v1`.

    With `Permission.ACCOUNT` and a door that is not the tenant's, one needs no company.
    What answers 201 has made something: it takes an `Idempotency-Key`, unless it has no door.
    `problems` are the codes that its service may raise, by status; those of the way there (401,
    429, validation and so on) go without saying.
    """

    method: str
    path: str
    permission: Needs
    handler: Handler
    summary: str
    """In English: the heading of its documentation. The rest is the handler's docstring."""

    door: Door = Door.TENANT
    status: int = 200
    problems: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    produces: str = "application/json"
    body_limit: int = 256 * 1024
    """Bytes of the largest body."""

    takes: str = ""
    """The media type of a body that is no JSON, which the handler reads itself."""

    counts_as: Kind | None = None
    """What its calls count as of an address; None: by whether the caller has signed in."""

    within: Within | None = None
    """Of what makes something that not all who have its right may see: who has lost sight of it
    gets no kept answer either."""

    streams: bool = False
    """Its handler takes or gives a body piece by piece: it has longer, and as it opens what it
    needs of the database itself, it takes no place there meanwhile. It may answer a `web.Response`.
    """

    @property
    def name(self) -> str:
        """Its operation id, made of its module and its handler: `tasks.edit`."""
        return f"{self.tag}.{self.handler.__name__.strip('_')}"

    @property
    def tag(self) -> str:
        """The resource that it belongs to."""
        return self.handler.__module__.rpartition(".")[2]

    @property
    def takes_key(self) -> bool:
        """Whether it takes an `Idempotency-Key`."""
        return self.status == 201 and self.door is not Door.NONE

    @cached_property
    def models(self) -> dict[str, type[BaseModel]]:
        """The models of `path`, `query` and `body`, as far as the handler has them."""
        return {name: self._hints[name] for name in ("path", "query", "body") if self._has(name)}

    @cached_property
    def answer(self) -> type[BaseModel] | None:
        """The model of the answer; None where it has no JSON body."""
        model = self._hints["return"]
        return model if isinstance(model, type) and issubclass(model, BaseModel) else None

    @property
    def description(self) -> str:
        """The handler's docstring, for the documentation."""
        return inspect.getdoc(self.handler) or ""

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.handler)

    def _has(self, name: str) -> bool:
        return name in self._hints
