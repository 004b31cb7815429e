"""Invites, the only way into a company."""

from datetime import datetime
from typing import Final, Self

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from saas_bot.domain.permissions import JUNIOR_ROLES, Permission, Role
from saas_bot.services import invites
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, PageOf, PageQuery
from saas_bot.web.api.routes import Route


class Invite(Answer):
    """An invite that can still be used."""

    id: int
    role: Role
    project_name: str | None = Field(description="Whoever joins is in that project at once")
    archived: bool = Field(description="Its project is, so that nobody can join for now")
    multi_use: bool
    uses: int
    expires_at: datetime


class MadeInvite(Answer):
    """An invite just made. Its token is told this once and stored nowhere."""

    id: int
    role: Role
    project_name: str | None
    multi_use: bool
    expires_at: datetime
    token: str | None = Field(
        description="What follows `/start ` in the bot; null where the same request comes again"
    )
    link: str | None = Field(
        description="To give to whoever is invited; null also while Telegram is away",
        examples=["https://t.me/acme_bot?start=9xYk2cSc0P0a3sXo5hS0H0d7yQ1nZb8w"],
    )

    def to_keep(self) -> Self:
        """The same without what opens the company."""
        return self.model_copy(update=dict.fromkeys(("token", "link")))


class InvitePath(Model):
    """Which invite."""

    invite: Id


class NewInvite(Model):
    """An invite to be made."""

    role: Role
    project_id: Id | None = Field(
        default=None,
        validate_default=True,
        description="For workers and clients, who need one; for others it is ignored",
    )
    multi_use: bool = False

    @field_validator("project_id")
    @classmethod
    def _needed(cls, project_id: int | None, info: ValidationInfo) -> int | None:
        if project_id is None and info.data.get("role") in JUNIOR_ROLES:
            raise PydanticCustomError("missing", "needed for this role")
        return project_id


async def page(call: Call, query: PageQuery) -> PageOf[Invite]:
    """Those that can still be used, oldest first."""
    found = await invites.page(call.session, call.actor, query.place, size=query.limit)
    return PageOf[Invite].of(found, Invite.model_validate)


async def create(call: Call, body: NewInvite) -> MadeInvite:
    """It works for seven days, once unless `multi_use`."""
    made = await invites.create(
        call.session, call.actor, body.role, body.project_id, multi_use=body.multi_use
    )
    username = await call.parts.username()
    return MadeInvite(
        id=made.id,
        role=body.role,
        project_name=made.project_name,
        multi_use=body.multi_use,
        expires_at=made.expires_at,
        token=made.token,
        link=f"https://t.me/{username}?start={made.token}" if username else None,
    )


async def revoke(call: Call, path: InvitePath) -> None:
    """Make it useless. Whoever has joined by it stays."""
    await invites.revoke(call.session, call.actor, path.invite)


ROUTES: Final = (
    Route("GET", "/invites", Permission.MEMBER_INVITE, page, "List invites"),
    Route(
        "POST",
        "/invites",
        Permission.MEMBER_INVITE,
        create,
        "Invite somebody",
        status=201,
        problems={403: ("limit-seats",), 404: ("project-not-found",)},
    ),
    Route(
        "DELETE",
        "/invites/{invite}",
        Permission.MEMBER_INVITE,
        revoke,
        "Revoke an invite",
        status=204,
        problems={404: ("invite-not-found",)},
    ),
)
