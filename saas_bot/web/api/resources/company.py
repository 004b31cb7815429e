"""The company of the session."""

from typing import Final

from pydantic import Field

from saas_bot.core.errors import NotFound
from saas_bot.domain.permissions import Permission
from saas_bot.services import companies, members
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Model, Text, left_out
from saas_bot.web.api.resources.members import Inheritance, Passed
from saas_bot.web.api.routes import Route


class Company(Answer):
    """A company, and how much there is in it."""

    name: str
    timezone: str = Field(description="What newcomers get", examples=["Europe/Berlin"])
    people: int = Field(description="Those who are active")
    projects: int = Field(description="Archived ones too")
    tasks: int
    open_tasks: int
    files_bytes: int


class CompanyChange(Model):
    """What to change of the company."""

    name: Text = left_out(examples=["Acme"])
    timezone: Text = left_out(
        max_length=100, description="An IANA zone, or a city", examples=["Europe/Berlin"]
    )


async def get(call: Call) -> Company:
    """The company of the session."""
    return Company.model_validate(await companies.overview(call.session, call.actor))


async def edit(call: Call, body: CompanyChange) -> Company:
    """Change what is there of these; the rest stays."""
    if "name" in body.model_fields_set:
        await companies.rename(call.session, call.actor, body.name)
    if "timezone" in body.model_fields_set:
        await companies.set_timezone(call.session, call.actor, body.timezone)
    return await get(call)


class CompanyPath(Model):
    """Which company."""

    company: Id = Field(description="That of the session: `/me` says its id")


async def leave(call: Call, path: CompanyPath, body: Inheritance) -> Passed:
    """You go, your past work stays; an invite can bring you back. Your open tasks go to somebody
    else or to nobody, and your sessions there are over, this one too."""
    if path.company != call.actor.company_id:
        raise NotFound("company-not-found")
    return Passed.of(await members.leave(call.session, call.actor, to=body.hand_to))


ROUTES: Final = (
    Route("GET", "/company", Permission.COMPANY_SETTINGS, get, "The company"),
    Route(
        "PATCH",
        "/company",
        Permission.COMPANY_SETTINGS,
        edit,
        "Change the company",
        problems={404: ("company-not-found",), 422: (*TEXT, "timezone-unknown")},
    ),
    Route(
        "POST",
        "/companies/{company}/leave",
        Permission.ACCOUNT,
        leave,
        "Leave the company",
        problems={
            403: ("not-allowed",),
            404: ("company-not-found", "member-not-found"),
            409: ("last-admin",),
        },
    ),
)
