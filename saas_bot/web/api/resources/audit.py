"""The audit trail: what happened in the company, and who did it."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.domain.trail import Area
from saas_bot.services import trail
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Key, Moment, PageOf, PageQuery
from saas_bot.web.api.routes import Route


class AuditRow(Answer):
    """One change."""

    id: int
    at: datetime
    actor_kind: Literal["user", "operator", "system"]
    actor_user_id: int | None
    actor_name: str = Field(description="As it was then")
    action: str = Field(examples=["task.created"])
    entity: str = Field(examples=["task"])
    entity_id: int
    subject: str | None = Field(
        description="How people call that task or project, while it is there", examples=["WEB-42"]
    )
    before: dict[str, Any] | None = Field(description="What changed, as it was")
    after: dict[str, Any] | None = Field(description="And as it is since")
    request_id: str | None


class AuditQuery(PageQuery):
    """Which changes."""

    entity: Key | None = Field(default=None, description="Of that kind", examples=["task"])
    entity_id: Id | None = Field(default=None, description="Of the one of that id")
    user_id: Id | None = Field(default=None, description="By that user")
    area: Area | None = Field(default=None, description="About that")
    action: Key | None = Field(default=None, examples=["task.created"])
    since: Moment | None = Field(default=None, description="From then on")
    until: Moment | None = Field(default=None, description="Before then")

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters by their names."""
        return self.model_dump(exclude=set(PageQuery.model_fields))


async def page(call: Call, query: AuditQuery) -> PageOf[AuditRow]:
    """All that changed in the company, the newest first."""
    found = await trail.page(
        call.session, call.actor, query.place, size=query.limit, **query.wanted
    )
    return PageOf[AuditRow].of(found, AuditRow.model_validate)


ROUTES: Final = (Route("GET", "/audit", Permission.AUDIT_SEE, page, "Read the audit trail"),)
