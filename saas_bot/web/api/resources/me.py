"""Oneself: who has signed in, what they may do, their settings."""

from typing import Final, Literal, Self

from pydantic import Field

from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, Role
from saas_bot.services import accounts
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Model, Text, left_out
from saas_bot.web.api.routes import Door, Route


class Work(Answer):
    """The company that the session is for, and what one is in it."""

    id: int
    name: str
    user_id: int
    role: Role
    over_limit: bool = Field(description="Whether the plan has no seat for them: they only read")
    permissions: list[Permission] = Field(description="What they have, however far it goes")

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The company of an actor."""
        return cls(
            id=actor.company_id,
            name=actor.company_name,
            user_id=actor.user_id,
            role=actor.role,
            over_limit=actor.over_limit,
            permissions=[one for one in Permission if actor.may(one)],
        )


class Me(Answer):
    """Who has signed in."""

    telegram_id: int
    name: str
    username: str | None
    language: str
    timezone: str = Field(examples=["Europe/Berlin"])
    is_operator: bool
    company: Work | None = Field(description="null for an operator who is in none")

    @classmethod
    def of(cls, account: Account, actor: Actor | None) -> Self:
        """A person, and the actor where they are in a company."""
        return cls(
            telegram_id=account.telegram_id,
            name=account.name,
            username=account.username,
            language=account.language,
            timezone=account.timezone,
            is_operator=account.is_operator,
            company=Work.of(actor) if actor else None,
        )


class MeChange(Model):
    """What to change of one's settings."""

    language: Literal["en", "ru"] = left_out(description="In which the bot speaks to them")
    timezone: Text = left_out(
        max_length=100,
        description="An IANA zone, or a city",
        examples=["Europe/Berlin"],
    )


async def get(call: Call) -> Me:
    """The person of the session, and their rights in its company."""
    return Me.of(call.account, call.signed.actor)


async def edit(call: Call, body: MeChange) -> Me:
    """Change what is there of these; the rest stays. The chat follows at once."""
    account = call.account
    if "language" in body.model_fields_set:
        account = await accounts.set_language(call.session, account, body.language)
    if "timezone" in body.model_fields_set:
        account = await accounts.set_timezone(call.session, account, body.timezone)
    return Me.of(account, call.signed.actor)


ROUTES: Final = (
    Route("GET", "/me", Permission.ACCOUNT, get, "Who am I", door=Door.NONE),
    Route(
        "PATCH",
        "/me",
        Permission.ACCOUNT,
        edit,
        "Change my settings",
        door=Door.SYSTEM,
        problems={422: ("timezone-unknown",)},
    ),
)
