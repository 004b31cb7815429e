"""The way of a request to its handler and back: rates, sign-in, rights, models, transaction."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from pydantic import BaseModel

from saas_bot.core import context
from saas_bot.core.i18n import Translator, translator
from saas_bot.core.tokens import Claims
from saas_bot.db.tenancy import Database, Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.services import idempotency
from saas_bot.services.idempotency import Kept
from saas_bot.web.api import languages
from saas_bot.web.api.call import Call, Parts
from saas_bot.web.api.cursors import mark_of, marked, unmarked
from saas_bot.web.api.models import Answer
from saas_bot.web.api.problems import Problem
from saas_bot.web.api.rates import Kind, Rates, Standing
from saas_bot.web.api.reading import body_of, need_acceptable, need_plain, parts_of
from saas_bot.web.api.routes import OPERATOR, Door, Raw, Route
from saas_bot.web.api.signing_in import address_of, claims_of, signed_by

if TYPE_CHECKING:
    from saas_bot.services.sessions import Signed

TIMEOUT: Final = 30.0
"""Seconds after which a request is given up."""

STREAMING: Final = 600.0
"""The same for one whose body is a file."""

KEY: Final = "Idempotency-Key"
_KEY_SHAPE: Final = re.compile(r"[\x21-\x7e]{1,255}")

TRANSLATOR: Final = web.RequestKey("t", Translator)
ROUTE: Final = web.RequestKey("route", Route)
ACTOR: Final = web.RequestKey[Actor | None]("actor")
STANDING: Final = web.RequestKey[Standing | None]("standing")
"""Under which the request keeps where it goes, who asks, in which language, and what is left of an
allowance: for whoever words a refusal."""


class Served:
    """One route with all that leads to its handler.

    `gate` lets only so many requests to the database that the bot keeps connections of its own.
    """

    def __init__(self, route: Route, parts: Parts, rates: Rates, gate: asyncio.Semaphore) -> None:
        self._route, self._parts, self._rates, self._gate = route, parts, rates, gate

    @cached_property
    def _reads_nothing(self) -> bool:
        """Whether nothing more is read once it is known who asks: then one connection does it."""
        route = self._route
        return route.door is not Door.NONE and "body" not in route.models and not route.streams

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to a request, given after its effect is committed.

        Raises:
            Problem: the API refuses it.
            AppError: the service does.
        """
        try:
            async with asyncio.timeout(STREAMING if self._route.streams else TIMEOUT):
                return await self._answer(request)
        except TimeoutError:
            raise Problem(503, "took-too-long", headers={"Retry-After": "5"}) from None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        request[ROUTE] = self._route
        t = request[TRANSLATOR] = translator_of(request)
        need_acceptable(request, self._route)
        need_plain(request, self._route)
        claims, refused = None, None
        try:
            claims = claims_of(request, self._parts.keys)
        except Problem as problem:
            refused = problem
        address = address_of(request, self._parts.settings)
        session_id = claims.session_id if claims else None
        kind = self._route.counts_as or (Kind.SIGNED_IN if claims else Kind.STRANGER)
        request[STANDING] = await self._rates.count(address, kind, session_id)
        if self._route.permission is not None and refused is not None:
            raise refused
        call = Call(request, self._parts, t)
        if self._reads_nothing:
            async with self._gate, self._parts.database.held() as database:
                answer = await self._worked(
                    await self._known(call, claims, database), b"", database
                )
        else:
            async with self._gate:
                call = await self._known(call, claims, self._parts.database)
            body = await body_of(request, self._route)
            async with nullcontext() if self._route.streams else self._gate:
                answer = await self._worked(call, body, self._parts.database)
        if answer.later is not None:
            answer = replace(answer, body=await answer.later())
        return _response(self._route, answer)

    async def _known(self, call: Call, claims: Claims | None, database: Database) -> Call:
        """The call of whoever asks, who may; where anyone may, nobody looks who it is."""
        if self._route.permission is None:
            return call
        signed = await signed_by(claims, database, self._parts.settings)
        t = call.request[TRANSLATOR] = _known_as(call.request, signed)
        _need_right(self._route, signed)
        return replace(call, t=t, signed_in=signed)

    async def _worked(self, call: Call, body: bytes, database: Database) -> "_Done":
        sent = parts_of(call.t, call.request, self._route, body)
        mark = mark_of(self._route, sent)
        given = unmarked(sent, mark)
        asked = _Asked.of(call.request, self._route, sent)
        async with self._door(call, database) as session:
            if session is not None:
                call = replace(call, opened=session)
            if not asked.key:
                result = await self._route.handler(call, **given)
                return _Done.of(self._route, marked(result, mark))
            return await self._once(call, given, asked)

    async def _once(self, call: Call, given: Mapping[str, BaseModel], asked: "_Asked") -> "_Done":
        """What comes again with the same key gets the same answer, and has no effect."""
        actor = call.signed.actor
        about = (actor, asked.key, asked.fingerprint)
        place = await idempotency.begin(call.session, call.account, *about)
        if isinstance(place, Kept):
            if self._route.within is not None:
                await self._route.within(call, given, json.loads(place.body))
            return _Done(place.status, place.body.encode(), again=True)
        result = await self._route.handler(call, **given)
        kept = _Done.of(self._route, result.to_keep() if isinstance(result, Answer) else result)
        await idempotency.finish(call.session, place, Kept(kept.status, kept.body.decode()))
        return _Done.of(self._route, result)

    def _door(self, call: Call, database: Database) -> AbstractAsyncContextManager[Session | None]:
        if self._route.door is Door.NONE:
            return nullcontext()
        if self._route.door is Door.SYSTEM:
            return database.system_session(self._route.name)
        return database.tenant_session(call.actor.company_id)


def translator_of(request: web.Request, otherwise: str = "en") -> Translator:
    """The texts that the caller wants to read, or else those of this language."""
    wanted = languages.wanted(request.headers.get("Accept-Language", ""))
    return translator(wanted or otherwise)


def _known_as(request: web.Request, signed: "Signed") -> Translator:
    """Note whose request it is, for the log, the audit rows and refusals."""
    context.user_id.set(signed.account.telegram_id)
    context.username.set(signed.account.username)
    if signed.actor is not None:
        context.company_id.set(signed.actor.company_id)
    request[ACTOR] = signed.actor
    return translator_of(request, signed.account.language)


def _need_right(route: Route, signed: "Signed") -> None:
    """Pass if the person has what the route needs, as in the chat.

    Raises:
        Problem: 404, they are no operator, or in no company.
        Forbidden: their role has not the right.
        LimitReached: it has, but they are beyond the seats of the plan.
    """
    if route.permission is OPERATOR:
        if not signed.account.is_operator:
            raise Problem(404)
    elif route.permission is not Permission.ACCOUNT or route.door is Door.TENANT:
        if signed.actor is None:
            raise Problem(404, "no-company")
        if isinstance(route.permission, Permission):
            signed.actor.need(route.permission)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The key of a request that makes something, and what shows that one is the same request:
    what was read of it, however it was written."""

    key: str = ""
    fingerprint: str = ""

    @classmethod
    def of(cls, request: web.Request, route: Route, sent: Mapping[str, BaseModel]) -> "_Asked":
        key = request.headers.get(KEY)
        if key is None or not route.takes_key:
            return cls()
        if not _KEY_SHAPE.fullmatch(key):
            raise Problem(400, "idempotency-key-shape")
        read = {name: model.model_dump(mode="json") for name, model in sent.items()}
        what = json.dumps([route.name, read], sort_keys=True)
        return cls(key, hashlib.sha256(what.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class _Done:
    """What is answered."""

    status: int
    body: bytes
    filename: str | None = None
    again: bool = False
    later: Callable[[], Awaitable[bytes]] | None = None
    """Makes the body, where that is not there yet."""
    ready: web.Response | None = None
    """The answer itself, where the handler has made it."""

    @classmethod
    def of(cls, route: Route, result: Any) -> "_Done":
        if isinstance(result, web.Response):
            return cls(route.status, b"", ready=result)
        if isinstance(result, Raw):
            if callable(result.body):
                return cls(route.status, b"", result.filename, later=result.body)
            return cls(route.status, result.body, result.filename)
        body = result.model_dump_json() if isinstance(result, BaseModel) else ""
        return cls(route.status, body.encode())


def _response(route: Route, done: _Done) -> web.Response:
    if done.ready is not None:
        return done.ready
    response = web.Response(status=done.status)
    if done.status != 204:
        response.body = done.body
        response.headers["Content-Type"] = route.produces
    if done.filename is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{done.filename}"'
    if done.again:
        response.headers["Idempotent-Replayed"] = "true"
    return response
