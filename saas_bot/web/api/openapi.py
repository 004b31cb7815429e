"""The OpenAPI 3.1 document, made of the table of routes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from saas_bot import __version__
from saas_bot.domain.permissions import Permission, Reach, Role, reach
from saas_bot.web.api.models import Answer
from saas_bot.web.api.problems import MEDIA_TYPE
from saas_bot.web.api.reading import FIELD_CODES
from saas_bot.web.api.refusals import refusals
from saas_bot.web.api.routes import OPERATOR, Route

PREFIX: Final = "/api/v1"
"""Of every route."""

ABOUT: Final = (
    "What the bot does in the chat, for programs, under the same rights. A person signs in with a"
    " code that the bot gives them (`/login`). Ids are whole numbers, times are RFC 3339 in UTC."
    " Lists come in pages: `next` of one is the `cursor` of the following. What is refused is told"
    " by a problem document (RFC 9457) whose `code` stays the same, in the language of"
    " `Accept-Language`. A request with an `Idempotency-Key` may be sent again for 24 hours: it"
    " makes nothing twice."
)


GROUPS: Final[Mapping[str, str]] = {
    "auth": "Signing in",
    "sessions": "Sessions",
    "me": "Me",
    "company": "The company",
    "projects": "Projects",
    "tasks": "Tasks",
    "copies": "Copies, moves and tags of tasks",
    "comments": "Comments",
    "checklist": "Checklists",
    "reviews": "Submissions and history",
    "files": "Files",
    "transfers": "Contents of files",
    "members": "Members",
    "invites": "Invites",
    "search": "Search",
    "settings": "Notifications",
    "reports": "Reports",
    "exports": "Reports as files",
    "audit": "The journal of changes",
    "billing": "Plan and billing",
    "invoices": "Invoices and payments",
    "operators": "Operators: the deployment",
    "operators_companies": "Operators: companies",
    "operators_payments": "Operators: invoices and payments",
    "operators_plans": "Operators: plans",
}
"""What the routes of each module are called in the documentation."""


class FieldProblem(Answer):
    """What is wrong with one part of a request."""

    place: str = Field(alias="in", description="`path`, `query` or `body`")
    field: str = Field(description="Its name; of what lies within, with dots")
    code: str = Field(description=f"One of `{'`, `'.join(FIELD_CODES)}`, or that of the problem")
    detail: str


class ProblemDocument(Answer):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Where the code is explained")
    title: str
    status: int
    code: str = Field(description="What a program may rely on")
    detail: str = Field(description="What happened and what to do, for people")
    request_id: str
    errors: list[FieldProblem] = Field(default=[], description="Of 422, each part that is wrong")


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The document of these routes."""
    schemas = _Schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "SaaS Bot", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [
            {"name": tag, "description": GROUPS[tag]}
            for tag in dict.fromkeys(route.tag for route in routes)
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def as_bytes(routes: Sequence[Route]) -> bytes:
    """The same, as it is sent."""
    return json.dumps(document(routes), ensure_ascii=False, separators=(",", ":")).encode()


class _Schemas:
    """The schemas of all models; parameters are told where they are used, not among them."""

    def __init__(self, routes: Sequence[Route]) -> None:
        wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
        self._of_addresses: set[type[BaseModel]] = set()
        for route in routes:
            for where, model in route.models.items():
                wanted[model, "validation"] = None
                if where != "body":
                    self._of_addresses.add(model)
            if route.answer:
                wanted[route.answer, "serialization"] = None
        wanted[ProblemDocument, "serialization"] = None
        self._names, made = models_json_schema(
            list(wanted), ref_template="#/components/schemas/{model}"
        )
        self._schemas: dict[str, Any] = made["$defs"]

    def of(self, model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
        """A reference to the schema of a model."""
        return self._names[model, mode]

    def written(self, model: type[BaseModel]) -> dict[str, Any]:
        """The schema itself of the parameters of an address."""
        name = self.of(model, "validation")["$ref"].rpartition("/")[2]
        schema: dict[str, Any] = self._schemas[name]
        return schema

    def components(self) -> dict[str, Any]:
        """All that are referred to."""
        written = [self.written(model) for model in self._of_addresses]
        return {name: one for name, one in self._schemas.items() if one not in written}


def _operation(route: Route, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": "\n\n".join(part for part in (route.description, _for_whom(route)) if part),
        "parameters": list(_parameters(route, schemas)),
        "responses": _responses(route, schemas),
    }
    body = route.models.get("body")
    if body is not None:
        operation["requestBody"] = {
            "required": any(field.is_required() for field in body.model_fields.values()),
            "content": {"application/json": {"schema": schemas.of(body, "validation")}},
        }
    if route.takes:
        content: dict[str, Any] = {route.takes: {"schema": {}}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.permission is not None:
        operation["security"] = [{"bearer": []}]
        operation["x-permission"] = route.permission.value
    return operation


def _for_whom(route: Route) -> str:
    """Whose right it is, in words."""
    if route.permission is None:
        return ""
    if route.permission is OPERATOR:
        return "For operators."
    reaches = {role: reach(role, Permission(route.permission)) for role in Role}
    if set(reaches.values()) == {Reach.ALL}:
        return "For everyone who has signed in."
    having = [
        role.value if how_far is Reach.ALL else f"{role.value} ({how_far.value})"
        for role, how_far in reaches.items()
        if how_far is not Reach.NONE
    ]
    return f"For: {', '.join(having)}."


def _parameters(route: Route, schemas: _Schemas) -> Iterator[dict[str, Any]]:
    for where in ("path", "query"):
        if where not in route.models:
            continue
        schema = schemas.written(route.models[where])
        for name, one in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield {"name": name, "in": where, "required": required, "schema": _bare(one)} | (
                {"description": one["description"]} if "description" in one else {}
            )
    if route.takes_key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Under which this may be sent again and has its effect once",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        }


def _bare(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("title", "description")}


def _responses(route: Route, schemas: _Schemas) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if route.answer is not None:
        schema = schemas.of(route.answer, "serialization")
        done["content"] = {"application/json": {"schema": schema}}
    elif route.status != 204:
        done["content"] = {route.produces: {"schema": {}}}
    problem = schemas.of(ProblemDocument, "serialization")
    responses = {str(route.status): done}
    for status, codes in refusals(route).items():
        narrowed = {"allOf": [problem, {"properties": {"code": {"enum": list(codes)}}}]}
        responses[str(status)] = {
            "description": ", ".join(f"`{code}`" for code in codes),
            "content": {MEDIA_TYPE: {"schema": narrowed}},
        }
    return responses
