"""Where one is signed in."""

from typing import Final

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.services import sessions
from saas_bot.services.sessions import Line
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment, PageOf, PageQuery
from saas_bot.web.api.routes import Door, Route


class SessionOut(Answer):
    """One signed-in device or program."""

    id: int
    current: bool = Field(description="Whether it is the one that asks")
    company_id: int | None
    company_name: str | None
    device: str = Field(description="What it calls itself, shortened; may be empty")
    address: str = Field(description="Where it came from when its tokens were made")
    created_at: Moment
    last_used_at: Moment = Field(description="To the minute")
    expires_at: Moment = Field(description="When it is over if it is not refreshed")


class SessionPath(Model):
    """Which session."""

    session: Id


async def page(call: Call, query: PageQuery) -> PageOf[SessionOut]:
    """All of yours that go on, whatever the company, the newest first."""
    found = await sessions.page(call.session, call.account, query.place, size=query.limit)

    def shown(line: Line) -> SessionOut:
        current = line.id == call.signed.session_id
        about = {name: getattr(line, name) for name in Line.__slots__}
        return SessionOut(current=current, **about)

    return PageOf[SessionOut].of(found, shown)


async def end(call: Call, path: SessionPath) -> None:
    """It opens nothing from the next request on."""
    await sessions.end(call.session, call.account, path.session)


ROUTES: Final = (
    Route("GET", "/sessions", Permission.ACCOUNT, page, "List my sessions", door=Door.SYSTEM),
    Route(
        "DELETE",
        "/sessions/{session}",
        Permission.ACCOUNT,
        end,
        "End one of my sessions",
        status=204,
        door=Door.SYSTEM,
        problems={404: ("session-not-found",)},
    ),
)
