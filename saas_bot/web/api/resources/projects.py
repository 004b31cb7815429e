"""Projects."""

from typing import Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission, Role
from saas_bot.services import project_changes, projects
from saas_bot.services.projects import ProjectCard
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Model, PageOf, PageQuery, Text, left_out
from saas_bot.web.api.routes import Route


class ProjectLine(Answer):
    """A project in a list."""

    id: int
    key: str = Field(examples=["WEB"])
    name: str
    active: bool = Field(description="Not archived")
    over_limit: bool = Field(description="Beyond what the plan allows: it can only be read")
    open_tasks: int


class Project(Answer):
    """A project with its people and its tasks."""

    id: int
    key: str = Field(examples=["WEB"])
    name: str
    description: str
    active: bool = Field(description="Not archived")
    over_limit: bool = Field(description="Beyond what the plan allows: it can only be read")
    people: dict[Role, list[str]] = Field(description="The names of those attached, by role")
    tasks: dict[str, int] = Field(description="How many tasks are in each status")
    files: int = Field(description="How many you see, those of its tasks included")

    @classmethod
    def of(cls, card: ProjectCard) -> Self:
        """The project of a card."""
        return cls.model_validate(card)


class ProjectPath(Model):
    """Which project."""

    project: Id


class ProjectsQuery(PageQuery):
    """Which projects."""

    archived: bool = Field(default=False, description="Those that are archived, and no others")


class NewProject(Model):
    """A project to be made."""

    key: Text = Field(description="2 to 10 Latin letters and digits", examples=["WEB"])
    name: Text = Field(description="1 to 64 characters", examples=["Website"])
    description: Text = Field(default="", description="Up to 4,000 characters")


class ProjectChange(Model):
    """What to change of a project."""

    name: Text = left_out(description="1 to 64 characters", examples=["Website"])
    description: Text = left_out(description="Up to 4,000 characters; empty takes it away")


class Certainty(Model):
    """That it is really meant."""

    key: Text = Field(description="The key of the project, to be sure", max_length=20)


async def page(call: Call, query: ProjectsQuery) -> PageOf[ProjectLine]:
    """Those within your reach, oldest first."""
    found = await projects.page(
        call.session, call.actor, query.place, archived=query.archived, size=query.limit
    )
    return PageOf[ProjectLine].of(found)


async def get(call: Call, path: ProjectPath) -> Project:
    """With its people, and how many tasks are in each status."""
    return Project.of(await projects.get(call.session, call.actor, path.project))


async def create(call: Call, body: NewProject) -> Project:
    """The key begins the numbers of its tasks and can't be changed."""
    made = await projects.create(
        call.session, call.actor, key=body.key, name=body.name, description=body.description
    )
    return Project.of(await projects.get(call.session, call.actor, made))


async def edit(call: Call, path: ProjectPath, body: ProjectChange) -> Project:
    """Change what is there of these; the rest stays."""
    if "name" in body.model_fields_set:
        await project_changes.rename(call.session, call.actor, path.project, body.name)
    if "description" in body.model_fields_set:
        await project_changes.describe(call.session, call.actor, path.project, body.description)
    return await get(call, path)


async def archive(call: Call, path: ProjectPath) -> Project:
    """Put it away: its tasks can only be read from then on. Its people are told."""
    await projects.set_archived(call.session, call.actor, path.project, archived=True)
    return await get(call, path)


async def restore(call: Call, path: ProjectPath) -> Project:
    """Bring it back, if the plan allows one more. Its people are told."""
    await projects.set_archived(call.session, call.actor, path.project, archived=False)
    return await get(call, path)


async def remove(call: Call, path: ProjectPath, query: Certainty) -> None:
    """For good, with all that is in it. Its people are told."""
    await project_changes.remove(call.session, call.actor, path.project, query.key)


_ONE: Final = "/projects/{project}"
_NONE: Final = {404: ("project-not-found",)}

ROUTES: Final = (
    Route("GET", "/projects", Permission.PROJECT_SEE, page, "List projects"),
    Route(
        "POST",
        "/projects",
        Permission.PROJECT_MANAGE,
        create,
        "Create a project",
        status=201,
        problems={
            403: ("limit-projects",),
            409: ("project-key-taken",),
            422: (*TEXT, "project-key-shape"),
        },
    ),
    Route("GET", _ONE, Permission.PROJECT_SEE, get, "One project", problems=_NONE),
    Route(
        "PATCH",
        _ONE,
        Permission.PROJECT_MANAGE,
        edit,
        "Change a project",
        problems=_NONE | {403: ("limit-project",), 422: TEXT},
    ),
    Route(
        "POST",
        f"{_ONE}/archive",
        Permission.PROJECT_ARCHIVE,
        archive,
        "Archive a project",
        problems=_NONE,
    ),
    Route(
        "POST",
        f"{_ONE}/restore",
        Permission.PROJECT_MANAGE,
        restore,
        "Restore a project",
        problems=_NONE | {403: ("limit-projects",)},
    ),
    Route(
        "DELETE",
        _ONE,
        Permission.PROJECT_DELETE,
        remove,
        "Delete a project",
        status=204,
        problems=_NONE | {422: ("project-key-differs",)},
    ),
)
