"""Reports as files: asked for, waited for, downloaded."""

from typing import Any, Final, Self

from aiohttp import web
from pydantic import Field

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict
from saas_bot.domain.files import UNKNOWN_TYPE
from saas_bot.domain.permissions import Permission
from saas_bot.domain.report_export import Delivery, Format, State
from saas_bot.domain.report_period import Period
from saas_bot.services import export_files, exports
from saas_bot.services.exports import Wanted
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment, PageOf, PageQuery
from saas_bot.web.api.resources.reports import SCOPE
from saas_bot.web.api.resources.transfers import (
    GIVEN_FOR,
    Transfer,
    from_storage,
    given,
    through_us,
)
from saas_bot.web.api.routes import Door, Route


class NewExport(Model):
    """A report as a file."""

    format: Format
    period: Period = Period.WEEK
    project_id: Id | None = None
    user_id: Id | None = None
    delivery: Delivery = Field(
        default=Delivery.DOWNLOAD,
        description="download: kept for a day for you to fetch; chat: the bot sends it to you",
    )


class Export(Answer):
    """A file that is being prepared, or was."""

    id: int
    format: Format
    period: Period
    project_id: int | None
    user_id: int | None
    delivery: Delivery
    state: State = Field(
        description="queued and running: wait; ready: download it; sent: it is in the chat"
    )
    rows: int = Field(description="Tasks that are written so far")
    total: int = Field(description="Of so many; 0 before they are counted")
    error: str | None = Field(description="Why it has failed", examples=["too-many-rows"])
    name: str | None = Field(description="Of the file, once it is ready")
    size: int | None = Field(description="Bytes")
    created_at: Moment
    finished_at: Moment | None
    expires_at: Moment | None = Field(description="Until when it can be downloaded")

    @classmethod
    def of(cls, one: Any) -> Self:
        """That of a row."""
        parts = {name: getattr(one, name) for name in cls.model_fields if name not in _OWN}
        failed = one.state == State.FAILED
        error = one.error.replace(" ", "-") if failed and one.error else None
        return cls(user_id=one.person_id, error=error, **parts)


_OWN: Final = ("user_id", "error")
"""What is not called here as in the row."""


class ExportPath(Model):
    """Which file."""

    export: Id


async def make(call: Call, body: NewExport) -> Export:
    """Ask for it, then look at it every few seconds until it is `ready`, and fetch it as its
    `link` says. Ten thousand tasks take some seconds; your files are made one after the other."""
    wanted = Wanted(body.format, body.period, body.project_id, body.user_id, body.delivery)
    made = await exports.ask(call.session, call.actor, wanted)
    if made is None:
        raise Conflict("export-under-way")
    return Export.of(made)


async def page(call: Call, query: PageQuery) -> PageOf[Export]:
    """Those that you have asked for within 30 days, the newest first."""
    found = await export_files.page(call.session, call.actor, query.place, size=query.limit)
    return PageOf[Export].of(found, Export.of)


async def get(call: Call, path: ExportPath) -> Export:
    """How far it has come."""
    return Export.of(await export_files.get(call.session, call.actor, path.export))


async def link(call: Call, path: ExportPath) -> Transfer:
    """How to download it, for some minutes; whoever has a link elsewhere may use it. You need the
    rights still with which it was made."""
    where = call.session, call.actor, path.export
    until = now() + GIVEN_FOR
    if call.parts.settings.s3_public_endpoint_url is None:
        await export_files.to_fetch(*where)
        return through_us("GET", f"/exports/{path.export}/content", until)
    kept = await export_files.fetch(*where)
    return from_storage(call, kept.object_key, kept.name, until)


async def content(call: Call, path: ExportPath) -> web.Response:
    """The file, to be saved under its name (RFC 6266)."""
    async with call.parts.database.tenant_session(call.actor.company_id) as session:
        kept = await export_files.fetch(session, call.actor, path.export)
    return await given(call, kept.object_key, kept.name, kept.size)


async def cancel(call: Call, path: ExportPath) -> None:
    """Give up a file that you wait for."""
    await exports.cancel(call.session, call.actor, path.export)


_ONE: Final = "/exports/{export}"
_NONE: Final = {404: ("export-not-found",)}
_KEPT: Final = {404: ("export-not-found", "export-gone"), 409: ("export-not-ready",)}

ROUTES: Final = (
    Route(
        "POST",
        "/exports",
        Permission.REPORTS,
        make,
        "Have a report made into a file",
        status=201,
        problems={404: SCOPE, 409: ("export-under-way", "exports-enough", "exports-busy")},
    ),
    Route("GET", "/exports", Permission.REPORTS, page, "List my files"),
    Route("GET", _ONE, Permission.REPORTS, get, "A file of mine", problems=_NONE),
    Route(
        "GET",
        f"{_ONE}/link",
        Permission.REPORTS,
        link,
        "How to download a file of mine",
        problems=_KEPT,
    ),
    Route(
        "GET",
        f"{_ONE}/content",
        Permission.REPORTS,
        content,
        "Download a file of mine",
        door=Door.NONE,
        streams=True,
        produces=UNKNOWN_TYPE,
        problems=_KEPT | {404: (*_KEPT[404], "file-lost")},
    ),
    Route(
        "DELETE",
        _ONE,
        Permission.REPORTS,
        cancel,
        "Give up a file of mine",
        status=204,
        problems={404: ("export-over",), 409: ("export-sent",)},
    ),
)
