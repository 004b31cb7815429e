"""The way of files in and out: announced, sent, completed; and given back."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import structlog
from aiohttp import web
from pydantic import Field, StringConstraints

from saas_bot.core.clock import now
from saas_bot.core.errors import AppError, Conflict, Invalid, NotFound
from saas_bot.db.tenancy import narrow
from saas_bot.domain.files import UNKNOWN_TYPE, State
from saas_bot.domain.permissions import Permission
from saas_bot.services import files, projects
from saas_bot.services.files import Place, announced
from saas_bot.services.files.announced import LINK_LASTS, Awaited
from saas_bot.storage import Promised, StorageError, attachment
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Model, Text
from saas_bot.web.api.openapi import PREFIX
from saas_bot.web.api.problems import Problem
from saas_bot.web.api.resources.files import File, FilePath, rules_of
from saas_bot.web.api.resources.projects import ProjectPath
from saas_bot.web.api.resources.tasks import TaskPath, within_path
from saas_bot.web.api.routes import ANY_TYPE, Door, Route

log = structlog.get_logger(__name__)

GIVEN_FOR: Final = timedelta(minutes=10)
"""How long a link to download by works."""

PIECE: Final = 64 * 1024

STALLED: Final = 30.0
"""Seconds without a single piece after which whoever sends, or S3, is not waited for any more."""


class Transfer(Answer):
    """How contents come or go: one request."""

    method: str
    url: str = Field(description="Elsewhere, or a path on this server")
    headers: dict[str, str] = Field(description="To be sent with it")
    with_token: bool = Field(
        description="Send `Authorization` as always: true on this server, and never elsewhere"
    )
    expires_at: datetime


class AnnouncedFile(Answer):
    """A file that is about to be sent: where to."""

    file: File
    upload: Transfer


class NewFile(Model):
    """A file to be sent: what is said of its contents is held against them."""

    name: Text = Field(description="Up to 120 characters", examples=["plan.pdf"])
    size: int = Field(ge=0, le=2**53, description="Bytes", examples=[52_311])
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="Hexadecimal", examples=["0" * 64]
    )
    media_type: Annotated[
        str, StringConstraints(pattern=r"^[\w!#$&^.+-]+/[\w!#$&^.+-]+$", max_length=100)
    ] = Field(default=UNKNOWN_TYPE, examples=["application/pdf"])
    internal: bool = Field(default=False, description="Clients never see it")


class NewTaskFile(NewFile):
    """The same for a task."""

    for_answer: bool = Field(
        default=False,
        description="It is for a comment or a submission that follows, by which others hear of it",
    )


async def add_to_task(call: Call, path: TaskPath, body: NewTaskFile) -> AnnouncedFile:
    """Say what you are about to send, send it as `upload` says within a quarter of an hour, then
    call `/files/{file}/complete`. It counts towards the plan's storage at once; what is not
    completed within an hour is forgotten."""
    place = Place(path.task, internal=body.internal, for_answer=body.for_answer)
    return await _announce(call, place, body)


async def add_to_project(call: Call, path: ProjectPath, body: NewFile) -> AnnouncedFile:
    """As for a task."""
    return await _announce(call, Place(project_id=path.project, internal=body.internal), body)


async def _within_project(call: Call, given: Mapping[str, Any], _: object) -> None:
    await projects.get(call.session, call.actor, given["path"].project)


async def _announce(call: Call, place: Place, body: NewFile) -> AnnouncedFile:
    what = Promised(body.size, body.sha256, body.media_type)
    one = await announced.announce(call.session, call.actor, place, body.name, what, rules_of(call))
    card = await files.get(call.session, call.actor, one.id)
    return AnnouncedFile(file=File.of(card), upload=_way_in(call, one))


def _way_in(call: Call, one: Awaited) -> Transfer:
    until = now() + LINK_LASTS
    if call.parts.settings.s3_public_endpoint_url is None:
        where = f"/files/{one.id}/content"
        return through_us("PUT", where, until, {"Content-Type": UNKNOWN_TYPE})
    seconds = int(LINK_LASTS.total_seconds())
    url, headers = call.parts.storage.presign_put(one.key, one.what, seconds=seconds)
    return Transfer(method="PUT", url=url, headers=headers, with_token=False, expires_at=until)


def through_us(
    method: str, path: str, until: datetime, headers: dict[str, str] | None = None
) -> Transfer:
    """The way by a route of our own."""
    return Transfer(
        method=method, url=PREFIX + path, headers=headers or {}, with_token=True, expires_at=until
    )


def from_storage(
    call: Call, key: str, name: str, until: datetime, media_type: str = UNKNOWN_TYPE
) -> Transfer:
    """The way to an object by a link of the bucket's own."""
    seconds = int((until - now()).total_seconds())
    url = call.parts.storage.presign(key, seconds=seconds, filename=name, media_type=media_type)
    return Transfer(method="GET", url=url, headers={}, with_token=False, expires_at=until)


async def link(call: Call, path: FilePath) -> Transfer:
    """How to download it, for some minutes; whoever has a link elsewhere may use it."""
    until = now() + GIVEN_FOR
    if call.parts.settings.s3_public_endpoint_url is None:
        card = await files.get(call.session, call.actor, path.file)
        if card.line.state is not State.STORED:
            raise Conflict("file-not-stored-yet")
        return through_us("GET", f"/files/{path.file}/content", until)
    file = await files.link(call.session, call.actor, path.file)
    return from_storage(call, file.object_key, file.name, until, file.media_type)


async def content(call: Call, path: FilePath) -> web.Response:
    """Its contents, to be saved under its name (RFC 6266)."""
    async with call.parts.database.tenant_session(call.actor.company_id) as session:
        file = await files.fetch(session, call.actor, path.file)
        if not file.stored:
            raise Conflict("file-not-stored-yet")
    return await given(call, file.object_key, file.name, file.size, file.media_type)


async def given(
    call: Call, key: str, name: str, size: int, media_type: str = UNKNOWN_TYPE
) -> web.Response:
    """An object piece by piece, from its beginning, to be saved under that name.

    Raises:
        NotFound: it is not there.
        Problem: 503, S3 is away.
    """
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": attachment(name),
        "Content-Length": str(size),
        "Accept-Ranges": "none",
    }
    if call.request.method == "HEAD":
        return web.Response(headers=headers)
    stack = AsyncExitStack()
    with _storage_there(NotFound("file-lost")):
        there = await stack.enter_async_context(call.parts.storage.opened(key))

    async def pieces() -> AsyncIterator[bytes]:
        async with stack:
            async for piece in there.pieces:
                yield piece

    return web.Response(body=pieces(), headers=headers)


async def receive(call: Call, path: FilePath) -> None:
    """The contents of an announced file, where its `upload` leads here; until it is completed they
    may be sent again."""
    one = await _awaited(call, path)
    if one.stored:
        raise Conflict("file-changed")
    if call.request.content_length != one.what.size:
        raise Invalid("file-content-differs")
    digest, size, from_caller = hashlib.sha256(), 0, True

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal size, from_caller
        async for piece in call.request.content.iter_chunked(PIECE):
            digest.update(piece)
            size += len(piece)
            from_caller = _now_waits_for(patience, caller=False)
            yield piece
            from_caller = _now_waits_for(patience, caller=size < one.what.size)

    with _storage_there():
        try:
            async with asyncio.timeout(STALLED) as patience:
                await call.parts.storage.put(one.key, one.what, pieces())
        except TimeoutError:
            if from_caller:
                raise Problem(408, "body-too-slow", seconds=STALLED) from None
            raise StorageError("timeout") from None
        except StorageError:
            # S3 may have seen by itself that it is something else.
            if size == one.what.size:
                _need_same(digest.hexdigest(), one)
            raise
    _need_same(digest.hexdigest(), one)


def _now_waits_for(patience: asyncio.Timeout, *, caller: bool) -> bool:
    """Begin to wait anew, for whom it says."""
    patience.reschedule(asyncio.get_running_loop().time() + STALLED)
    return caller


def _need_same(sha256: str, one: Awaited) -> None:
    if sha256 != one.what.sha256:
        raise Invalid("file-content-differs")


async def complete(call: Call, path: FilePath) -> File:
    """The contents are there: they are held against what was announced, and against the types that
    are taken; others hear of it. Done already is fine."""
    database, actor, storage = call.parts.database, call.actor, call.parts.storage
    one = await _awaited(call, path)
    if not one.stored:
        etag, head = await _looked_at(call, one)
        media_type = await _type_of(call, one, head)
        async with database.system_session("files.place") as session:
            key = await announced.place_kept(session, one)
        with _storage_there():
            await storage.copy(one.key, key, etag=etag)
        async with database.system_session("files.taken") as session:
            await announced.taken(session, actor, one, key, media_type)
            await narrow(session, actor.company_id)
            await announced.tell(session, actor, one)
    async with database.tenant_session(actor.company_id) as session:
        return File.of(await files.get(session, actor, path.file))


async def _awaited(call: Call, path: FilePath) -> Awaited:
    async with call.parts.database.tenant_session(call.actor.company_id) as session:
        return await announced.awaited(session, call.actor, path.file)


async def _looked_at(call: Call, one: Awaited) -> tuple[str, bytes]:
    """The tag of what was brought, and its first bytes.

    Raises:
        Conflict: nothing was brought.
        Invalid: it is something else.
    """
    from saas_bot.storage.sniffing import HEAD

    digest, head = hashlib.sha256(), b""
    with _storage_there(Conflict("file-not-uploaded")):
        async with call.parts.storage.opened(one.key) as there:
            if there.size != one.what.size:
                raise Invalid("file-content-differs")
            async for piece in there.pieces:
                digest.update(piece)
                head += piece[: HEAD - len(head)]
    _need_same(digest.hexdigest(), one)
    return there.etag, head


async def _type_of(call: Call, one: Awaited, head: bytes) -> str:
    """What it is by its first bytes; what is not taken is deleted.

    Raises:
        Invalid: files of that type are not taken.
    """
    from saas_bot.storage.sniffing import sniffed

    kind = sniffed(head, one.name, one.what.media_type)
    try:
        rules_of(call).check_type(one.name, kind.media_type, kind.ending)
    except Invalid:
        async with call.parts.database.tenant_session(call.actor.company_id) as session:
            await announced.give_up(session, call.actor, one)
        raise
    return kind.media_type


@contextmanager
def _storage_there(missing: AppError | None = None) -> Iterator[None]:
    """What S3 can't do now may be asked again; what it has not is `missing`."""
    try:
        yield
    except StorageError as error:
        if missing is not None and error.code == "not_found":
            raise missing from None
        log.warning("files.storage_failed", code=error.code)
        raise Problem(503, headers={"Retry-After": "5"}) from error


_ONE: Final = "/files/{file}"
_NONE: Final = {404: ("file-not-found",)}
_UPLOAD: Final[dict[int, tuple[str, ...]]] = {
    403: ("limit-project", "limit-storage"),
    409: ("project-archived",),
    422: (*TEXT, "file-too-large", "file-empty", "file-type"),
}

ROUTES: Final = (
    Route(
        "POST",
        "/tasks/{task}/files",
        Permission.TASK_ATTACH,
        add_to_task,
        "Add a file to a task",
        status=201,
        within=within_path,
        problems=_UPLOAD | {404: ("task-not-found",)},
    ),
    Route(
        "POST",
        "/projects/{project}/files",
        Permission.TASK_ATTACH,
        add_to_project,
        "Add a file to a project",
        status=201,
        within=_within_project,
        problems=_UPLOAD | {404: ("project-not-found",)},
    ),
    Route(
        "GET",
        f"{_ONE}/link",
        Permission.FILE_DOWNLOAD,
        link,
        "How to download a file",
        problems=_NONE | {409: ("file-not-stored-yet",)},
    ),
    Route(
        "GET",
        f"{_ONE}/content",
        Permission.FILE_DOWNLOAD,
        content,
        "Download a file",
        door=Door.NONE,
        streams=True,
        produces=ANY_TYPE,
        problems={404: ("file-not-found", "file-lost"), 409: ("file-not-stored-yet",)},
    ),
    Route(
        "PUT",
        f"{_ONE}/content",
        Permission.TASK_ATTACH,
        receive,
        "Send the contents of a file",
        door=Door.NONE,
        streams=True,
        takes=UNKNOWN_TYPE,
        status=204,
        problems=_NONE | {409: ("file-changed",), 422: ("file-content-differs",)},
    ),
    Route(
        "POST",
        f"{_ONE}/complete",
        Permission.TASK_ATTACH,
        complete,
        "Complete a file",
        door=Door.NONE,
        streams=True,
        problems=_NONE
        | {
            409: ("file-not-uploaded", "file-changed"),
            422: ("file-content-differs", "file-type"),
        },
    ),
)
