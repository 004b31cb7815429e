"""What a person is told, and when: events, quiet hours, the digest, what is muted."""

from datetime import time
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from saas_bot.domain.actor import Account
from saas_bot.domain.events import Event
from saas_bot.domain.permissions import Permission
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.services import digests, mutes, preferences
from saas_bot.services.digests import Choice
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment, PageOf, PageQuery, left_out
from saas_bot.web.api.routes import Door, Route

Clock = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["22:00"])
]
"""What the clock on one's wall shows."""


class Quiet(Answer):
    """The hours, of one's own timezone, in which nothing comes by itself."""

    start: str = Field(examples=["22:00"])
    end: str = Field(examples=["08:00"])


class QuietChoice(Model):
    """When to be left alone; over midnight if it ends earlier than it begins."""

    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.start == self.end:
            raise ValueError("they would never begin")
        return self

    @property
    def hours(self) -> QuietHours:
        """The same as the services know it."""
        return QuietHours(time.fromisoformat(self.start), time.fromisoformat(self.end))


class Digest(Answer):
    """When the daily digest comes."""

    hour: int | None = Field(description="Of one's own clock; null: it does not come")
    weekdays: bool = Field(description="On weekdays only")
    next_at: Moment | None


class DigestChoice(Model):
    """When the daily digest is to come."""

    hour: int | None = Field(ge=0, le=23, description="Of one's own clock; null: never")
    weekdays: bool = Field(default=False, description="On weekdays only")


class Notifications(Answer):
    """What comes, and when, whatever the company."""

    events: dict[Event, bool] = Field(description="Whether one is told of each, if it concerns one")
    quiet_hours: Quiet | None
    digest: Digest

    @classmethod
    def of(cls, account: Account, digest: Choice) -> Self:
        """The settings of an account."""
        quiet = account.quiet_hours
        return cls(
            events={event: event not in account.events_off for event in Event},
            quiet_hours=quiet and Quiet(start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}"),
            digest=Digest.model_validate(digest),
        )


class NotificationsChange(Model):
    """What to change of it."""

    events: dict[Event, bool] = left_out(description="Those that are not named stay as they are")
    quiet_hours: QuietChoice | None = Field(default=None, description="null: none")
    digest: DigestChoice = left_out()


class MutedThing(Answer):
    """A task or a project of which one hears only when called by name."""

    ref: str = Field(description="How people call it", examples=["WEB-42"])
    name: str
    task_id: int | None
    project_id: int | None = Field(description="Of a project that is muted as a whole")


class MutedTask(Model):
    """Which task."""

    task: Id


class MutedProject(Model):
    """Which project."""

    project: Id


async def get(call: Call) -> Notifications:
    """What you are told of, your quiet hours, and your digest."""
    return Notifications.of(call.account, await digests.chosen(call.session, call.account))


async def edit(call: Call, body: NotificationsChange) -> Notifications:
    """Change what is there of these; the rest stays. What waits to be sent goes by it at once."""
    session, account, given = call.session, call.account, body.model_fields_set
    if "events" in given:
        for event, on in body.events.items():
            account = await preferences.tell_of(session, account, event, on=on)
    if "quiet_hours" in given:
        hours = body.quiet_hours.hours if body.quiet_hours else None
        account = await preferences.set_quiet_hours(session, account, hours)
    if "digest" in given:
        wanted = body.digest
        await digests.choose(session, account, wanted.hour, weekdays=wanted.weekdays)
    return Notifications.of(account, await digests.chosen(session, account))


async def muted(call: Call, query: PageQuery) -> PageOf[MutedThing]:
    """What you have muted and still see, the newest first."""
    found = await mutes.page(call.session, call.actor, query.place, size=query.limit)
    return PageOf[MutedThing].of(found, MutedThing.model_validate)


async def mute_task(call: Call, path: MutedTask) -> None:
    """Hear of it only when you are called by name."""
    await mutes.mute_task(call.session, call.actor, path.task, on=True)


async def unmute_task(call: Call, path: MutedTask) -> None:
    """Hear of it again."""
    await mutes.mute_task(call.session, call.actor, path.task, on=False)


async def mute_project(call: Call, path: MutedProject) -> None:
    """Hear of it only when you are called by name, or have work in it."""
    await mutes.mute_project(call.session, call.actor, path.project, on=True)


async def unmute_project(call: Call, path: MutedProject) -> None:
    """Hear of it again."""
    await mutes.mute_project(call.session, call.actor, path.project, on=False)


_OWN: Final = "/me/notifications"
_TASK: Final = "/tasks/{task}/mute"
_PROJECT: Final = "/projects/{project}/mute"
_NO_TASK: Final = {404: ("task-not-found",)}
_NO_PROJECT: Final = {404: ("project-not-found",)}
_SEE_TASK: Final = Permission.TASK_SEE
_SEE_PROJECT: Final = Permission.PROJECT_SEE

ROUTES: Final = (
    Route("GET", _OWN, Permission.ACCOUNT, get, "What I am told", door=Door.SYSTEM),
    Route("PATCH", _OWN, Permission.ACCOUNT, edit, "Change what I am told", door=Door.SYSTEM),
    Route("GET", "/me/mutes", Permission.ACCOUNT, muted, "List what I have muted"),
    Route("PUT", _TASK, _SEE_TASK, mute_task, "Mute a task", status=204, problems=_NO_TASK),
    Route("DELETE", _TASK, _SEE_TASK, unmute_task, "Unmute a task", status=204, problems=_NO_TASK),
    Route(
        "PUT",
        _PROJECT,
        _SEE_PROJECT,
        mute_project,
        "Mute a project",
        status=204,
        problems=_NO_PROJECT,
    ),
    Route(
        "DELETE",
        _PROJECT,
        _SEE_PROJECT,
        unmute_project,
        "Unmute a project",
        status=204,
        problems=_NO_PROJECT,
    ),
)
