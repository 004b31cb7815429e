"""The company of the demo: one person per role, two projects, tasks in every state.

Everything is done through the services, as if the people had done it in the past two weeks, so that
history, reviews and notifications are real.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.models import AccountRow
from saas_bot.db.tenancy import Database
from saas_bot.demo.past import Past
from saas_bot.demo.people import DemoPerson
from saas_bot.demo.story import STORIES, Act, Story, TaskStory, When
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Role
from saas_bot.domain.task_flow import Action, Priority
from saas_bot.services import accounts, attachments, companies, invites, projects, tasks
from saas_bot.services.tasks import Draft

FIRST_ID = 7_000_001
"""The Telegram id of the first person of the demo; the others follow."""

FOUNDED: When = (-10, "09:30")
JOINED: When = (-9, "10:00")


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays whom, once they are in the company."""

    admin: Actor
    manager: Actor
    worker: Actor
    client: Actor


async def seed(settings: Settings, wanted: str) -> tuple[list[DemoPerson], str]:
    """Make the demo company unless it is there; gives who plays in it, and the data's language.

    That is the language of an earlier start where there was one, whatever is wanted now.
    """
    language = wanted
    engine = create_plain_engine(settings)
    try:
        database = Database(engine)
        async with database.system_session("demo") as session:
            known = await session.scalar(
                select(AccountRow.name).where(AccountRow.telegram_id == FIRST_ID)
            )
            if known is None:
                await _write(session, STORIES[wanted], wanted)
            else:
                admins = {story.people[0][0]: spoken for spoken, story in STORIES.items()}
                language = admins.get(known, wanted)
    finally:
        await engine.dispose()
    return _people(STORIES[language], language), language


def _people(story: Story, language: str) -> list[DemoPerson]:
    return [
        DemoPerson(FIRST_ID + place, name, username, language, note)
        for place, (name, username, note) in enumerate(story.people)
    ]


async def _write(session: AsyncSession, story: Story, language: str) -> None:
    past = Past(session, story.timezone)
    cast, projects_by_key = await _gather(session, past, story, language)
    created: dict[TaskStory, int] = {}
    for when, key, told, act in sorted(_events(story), key=lambda event: past.moment(event[0])):
        past.go_to(when)
        if act is None:
            created[told] = await _create(session, past, cast, projects_by_key[key], told)
        else:
            await _play(session, cast, created[told], act)
        await past.settle(created[told])
    # What happened before anybody looked is no news.
    await session.execute(
        text("update outbox set status = 'skipped', finished_at = now() where status = 'pending'")
    )


def _events(story: Story) -> Iterator[tuple[When, str, TaskStory, Act | None]]:
    """When what happens to which task of which project; without an act it is created."""
    for project in story.projects:
        for told in project.tasks:
            yield told.created, project.key, told, None
            yield from ((act[0], project.key, told, act) for act in told.acts)


async def _gather(
    session: AsyncSession, past: Past, story: Story, language: str
) -> tuple[_Cast, dict[str, int]]:
    """The company with its people and projects; worker and client are attached to all of these."""
    people = [
        await accounts.remember(
            session, Account(FIRST_ID + place, name, username, language, story.timezone)
        )
        for place, (name, username, _) in enumerate(story.people)
    ]
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id.in_([one.telegram_id for one in people]))
        .values(timezone=story.timezone)
    )
    past.go_to(FOUNDED)
    admin = await companies.create(session, people[0], story.company, story.timezone)
    ids = {
        told.key: await projects.create(
            session, admin, key=told.key, name=told.name, description=told.description
        )
        for told in story.projects
    }
    past.go_to(JOINED)
    first, *others = ids.values()
    joined = []
    for account, role in zip(people[1:], (Role.MANAGER, Role.WORKER, Role.CLIENT), strict=True):
        project_id = first if role in JUNIOR_ROLES else None
        invite = await invites.create(session, admin, role, project_id)
        joined.append(await invites.join(session, account, invite.token))
    cast = _Cast(admin, *joined)
    for project_id in others:
        for junior in (cast.worker, cast.client):
            await attachments.attach(session, admin, project_id, junior.user_id, attached=True)
    await session.flush()
    return cast, ids


async def _create(
    session: AsyncSession, past: Past, cast: _Cast, project_id: int, told: TaskStory
) -> int:
    draft = Draft(
        project_id=project_id,
        title=told.title,
        description=told.description,
        priority=Priority(told.priority),
        due_at=past.moment(told.due) if told.due else None,
        assignee_id=getattr(cast, told.assignee).user_id if told.assignee else None,
    )
    return (await tasks.create(session, cast.manager, draft)).id


async def _play(session: AsyncSession, cast: _Cast, task_id: int, act: Act) -> None:
    _, role, what, words = act
    actor = getattr(cast, role)
    if what == "comment":
        await tasks.comment(session, actor, task_id, words or "")
    else:
        await tasks.move(session, actor, task_id, Action(what), words)
