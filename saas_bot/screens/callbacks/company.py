"""Buttons of screens without an id, of people, invites and projects."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_lists import View
from saas_bot.screens.callbacks.fields import At, Id, OptionalId


class Open(CallbackData, prefix="o"):
    """A screen that needs no id: menu, help, settings, switch, leave, invite ..."""

    what: Annotated[str, Field(max_length=20)]


class Language(CallbackData, prefix="lg"):
    """A language to speak."""

    code: Annotated[str, Field(max_length=2)]


class Timezone(CallbackData, prefix="tz"):
    """A timezone to live in."""

    name: Annotated[str, Field(max_length=40)]


class Digest(CallbackData, prefix="dg"):
    """At which hour the daily digest is to come, or `off`, and whether on weekdays only."""

    hour: Annotated[str, Field(pattern="^(off|1?[0-9]|2[0-3])$")]
    weekdays: bool


class DigestList(CallbackData, prefix="dl"):
    """A list that a digest tells of, in its company, whichever one works in."""

    company: Id
    view: View


class Switch(CallbackData, prefix="sw"):
    """A company to work in."""

    company: Id


class TaskThere(CallbackData, prefix="sk"):
    """A task of a company, and to work in that one."""

    company: Id
    id: Id


class Confirm(CallbackData, prefix="y"):
    """A yes to a destructive act that was asked about."""

    what: Annotated[str, Field(max_length=20)]
    id: OptionalId = 0


class Members(CallbackData, prefix="ml"):
    """A page of the members."""

    at: At = ""


class Member(CallbackData, prefix="mb"):
    """One member."""

    id: Id


class MemberRole(CallbackData, prefix="mr"):
    """A role for a member; without one, the choice of roles."""

    id: Id
    role: Role | None = None


class MemberActive(CallbackData, prefix="ma"):
    """Let a member back in (1), or ask whether to shut them out (0)."""

    id: Id
    active: bool


class AdminRights(CallbackData, prefix="mh"):
    """A member to hand one's admin rights over to."""

    id: Id


class MemberProjects(CallbackData, prefix="mp"):
    """The projects to attach a member to, or detach them from."""

    id: Id
    project: OptionalId = 0
    attached: bool = False
    at: At = ""


class HandOver(CallbackData, prefix="ho"):
    """Who gets the open tasks of someone before an act upon them; the question of the act itself.

    `act` names it: `d` deactivate, `l` leave (then `id` is the company), `x` detach from
    `project` (`p` the same, asked from the person's projects), `a`, `m`, `w` or `c` make an admin,
    a manager, a worker or a client, `h` hand one's own admin rights over. Nobody is 0, -1 opens the
    choice, which `at` pages, -2 keeps the tasks. A yes to the question that follows has in `sure`
    what it was asked about, so that it counts for nothing else, and in `at` the page of the list
    one came from.
    """

    act: Annotated[str, Field(pattern="^[adhlmpxcw]$")]
    id: Id
    project: OptionalId = 0
    to: Annotated[int, Field(ge=-2, le=2**63 - 1)] = -1
    sure: Annotated[str, Field(pattern="^[0-9a-f]{1,6}$")] = "0"
    at: At = ""


class InviteRole(CallbackData, prefix="ir"):
    """A role to invite someone as."""

    role: Role


class InviteTo(CallbackData, prefix="it"):
    """The project that someone is to be invited to; the role is asked."""

    project: Id


class InviteProject(CallbackData, prefix="ip"):
    """The project the invited will be attached to; `multi` makes the link reusable."""

    role: Role
    project: OptionalId = 0
    multi: bool = False
    at: At = ""


class Invites(CallbackData, prefix="il"):
    """A page of the open invites."""

    at: At = ""


class InviteRevoke(CallbackData, prefix="ix"):
    """An invite to revoke."""

    id: Id


class Projects(CallbackData, prefix="pl"):
    """A page of the projects."""

    archived: bool = False
    at: At = ""


class Project(CallbackData, prefix="p"):
    """One project."""

    id: Id


class ProjectEdit(CallbackData, prefix="pe"):
    """A change of a project: name, about, archive, restore, delete."""

    id: Id
    what: Annotated[str, Field(max_length=10)]


class People(CallbackData, prefix="pp"):
    """The workers and clients of the company, to attach to a project or detach."""

    project: Id
    user: OptionalId = 0
    attached: bool = False
    at: At = ""
