"""What buttons carry: ids, never rights; everything is checked again on every click.

Telegram takes 1 to 64 bytes (Bot API: InlineKeyboardButton). Data of another shape matches no
handler and is answered as a stale button.
"""

from typing import Annotated, Self

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.core.errors import Invalid
from saas_bot.domain.limits import ITEMS, TAG
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_flow import Action
from saas_bot.domain.task_lists import View

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
OptionalId = Annotated[int, Field(ge=0, le=2**63 - 1)]
At = Annotated[str, Field(max_length=42, pattern=r"^$|^[fb]\d{1,19}\.(\d{1,12}|-)(\.\d{1,7})?$")]


class Open(CallbackData, prefix="o"):
    """A screen that needs no id: menu, help, settings, switch, leave, invite ..."""

    what: Annotated[str, Field(max_length=20)]


class Language(CallbackData, prefix="lg"):
    """A language to speak."""

    code: Annotated[str, Field(max_length=2)]


class Timezone(CallbackData, prefix="tz"):
    """A timezone to live in."""

    name: Annotated[str, Field(max_length=40)]


class Switch(CallbackData, prefix="sw"):
    """A company to work in."""

    company: Id


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
    """Who gets the open tasks of someone before an act upon them.

    `act` names it: `d` deactivate, `l` leave (then `id` is the company), `x` detach from
    `project`, `c` or `w` make a client or a worker. Nobody is 0, -1 opens the choice, which `at`
    pages, -2 keeps the tasks; `sure` is the answer to the question that follows.
    """

    act: Annotated[str, Field(pattern="^[dlxcw]$")]
    id: Id
    project: OptionalId = 0
    to: Annotated[int, Field(ge=-2, le=2**63 - 1)] = -1
    sure: bool = False
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


class TaskProject(CallbackData, prefix="tp"):
    """The project to move a task to; 0 opens the choice, which `at` pages."""

    id: Id
    project: OptionalId = 0
    sure: bool = False
    at: At = ""


class Tasks(CallbackData, prefix="tl"):
    """A page of a list of tasks, perhaps of one project."""

    view: View
    project: OptionalId = 0
    at: At = ""

    def task(self, task_id: int) -> "ListedTask":
        """The button of a task of this page, which leads back here."""
        return ListedTask.of(task_id, self)


class Task(CallbackData, prefix="t"):
    """One task."""

    id: Id


class ListedTask(CallbackData, prefix="tk"):
    """One task of a list, with the list it was seen in, so that one can go back there."""

    id: Id
    view: View
    project: OptionalId = 0
    at: At = ""

    @classmethod
    def of(cls, task_id: int, here: Tasks) -> Self:
        """A task of that list; the page is left out in the rare case that it does not fit."""
        listed = cls(id=task_id, view=here.view, project=here.project, at=here.at)
        try:
            listed.pack()
        except ValueError:
            return listed.model_copy(update={"at": ""})
        return listed

    @property
    def list(self) -> Tasks:
        """The button of the list."""
        return Tasks(view=self.view, project=self.project, at=self.at)


class Board(CallbackData, prefix="bd"):
    """The board, perhaps of one project."""

    project: OptionalId = 0


class Filter(CallbackData, prefix="lf"):
    """A part of the filter of all lists to choose, or what was chosen for it.

    `view` and `project` name the list one came from; without a view it is the board.
    """

    view: View | None = None
    project: OptionalId = 0
    what: Annotated[str, Field(max_length=8)] = ""
    value: Annotated[str, Field(max_length=19)] = ""
    at: At = ""


class Found(CallbackData, prefix="sf"):
    """A page of what was found; `search` stands for the words, which the person's memory has."""

    search: OptionalId
    at: At = ""

    def task(self, task_id: int) -> "FoundTask":
        """The button of a task of this page, which leads back here."""
        return FoundTask(id=task_id, search=self.search, at=self.at)


class FoundTask(CallbackData, prefix="st"):
    """One task that was found, with the search, so that one can go back there."""

    id: Id
    search: OptionalId
    at: At = ""

    @property
    def list(self) -> Found:
        """The button of the page."""
        return Found(search=self.search, at=self.at)


class Report(CallbackData, prefix="rp"):
    """A report of a period, perhaps of one project or of one person."""

    period: Period = Period.WEEK
    project: OptionalId = 0
    user: OptionalId = 0


class ReportOf(CallbackData, prefix="ro"):
    """A page of the projects, or of the people, to choose one for a report."""

    what: Annotated[str, Field(pattern="^(project|user)$")]
    period: Period
    at: At = ""


class TaskMove(CallbackData, prefix="tm"):
    """A step of a task along its flow."""

    id: Id
    action: Action


class TaskEdit(CallbackData, prefix="te"):
    """A part of a task to change (title, description, priority, due_at, tags, items, comment),
    to copy, or to read.

    To read there are text (the whole description), comments, reviews and history.
    """

    id: Id
    field: Annotated[str, Field(max_length=12)]


class TaskComments(CallbackData, prefix="tc"):
    """A page of the comments of a task."""

    id: Id
    at: At = ""


class TaskHistory(CallbackData, prefix="th"):
    """A page of the history of a task."""

    id: Id
    at: At = ""


class TaskSet(CallbackData, prefix="ts"):
    """A value chosen for a part of a task; for `due_at` the name of a preset."""

    id: Id
    field: Annotated[str, Field(max_length=12)]
    value: Annotated[str, Field(max_length=20)]


class TaskTag(CallbackData, prefix="tg"):
    """A tag to put on a task, or to take off it."""

    id: Id
    on: bool
    tag: Annotated[str, Field(min_length=1, max_length=TAG)]


class Checklist(CallbackData, prefix="cl"):
    """A page of the checklist of a task, to tick, or to change its items."""

    id: Id
    page: Annotated[int, Field(ge=0, lt=ITEMS)] = 0
    editing: bool = False


class Tick(CallbackData, prefix="ck"):
    """An item of a checklist: done, or to be done again."""

    id: Id
    item: Id
    done: bool


class ChecklistItem(CallbackData, prefix="ci"):
    """An item of a checklist to change: without `what` the choice, else rename or remove."""

    id: Id
    item: Id
    what: Annotated[str, Field(max_length=6)] = ""


class TaskAssign(CallbackData, prefix="ta"):
    """Whom to give a task; 0 is nobody, -1 opens the choice, which `at` pages."""

    id: Id
    user: Annotated[int, Field(ge=-1, le=2**63 - 1)] = -1
    at: At = ""


class Draft(CallbackData, prefix="d"):
    """A part of the task being written to change, or what to do with it."""

    field: Annotated[str, Field(max_length=12)]
    value: Annotated[str, Field(max_length=33)] = ""
    at: At = ""


class Internal(CallbackData, prefix="in"):
    """Turn a comment that is being written into an internal one, or back."""

    on: bool


class Skip(CallbackData, prefix="sk"):
    """Go on without writing anything, where a dialog allows it."""


def parse_id(value: str) -> int:
    """An id that a button carries as text.

    Raises:
        Invalid: it can't be one.
    """
    if not value.isdecimal() or not 0 < int(value) < 2**63:
        raise Invalid("stale-button")
    return int(value)
