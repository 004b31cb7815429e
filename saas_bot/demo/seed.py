"""The company of the demo: one person per role, two projects, tasks in every state.

Everything is done through the services, as if the people had done it, so that history, reviews and
notifications are real.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.models import AccountRow
from saas_bot.db.tenancy import Database
from saas_bot.demo.people import DemoPerson
from saas_bot.demo.story import STORIES, Story, TaskStory
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Role
from saas_bot.domain.task_flow import Action, Priority
from saas_bot.services import accounts, companies, invites, projects, tasks
from saas_bot.services.tasks import Draft

FIRST_ID = 7_000_001
"""The Telegram id of the first person of the demo; the others follow."""


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays whom, once they are in the company."""

    admin: Actor
    manager: Actor
    worker: Actor
    client: Actor


async def seed(settings: Settings, language: str) -> list[DemoPerson]:
    """Make the demo company unless it is there, and give the people who play in it."""
    story = STORIES[language]
    engine = create_plain_engine(settings)
    try:
        database = Database(engine)
        async with database.system_session("demo") as session:
            known = await session.scalar(
                select(AccountRow.telegram_id).where(AccountRow.telegram_id == FIRST_ID)
            )
            if known is None:
                await _write(session, story, language)
    finally:
        await engine.dispose()
    return _people(story, language)


def _people(story: Story, language: str) -> list[DemoPerson]:
    return [
        DemoPerson(FIRST_ID + place, name, username, language, note)
        for place, (name, username, note) in enumerate(story.people)
    ]


async def _write(session: AsyncSession, story: Story, language: str) -> None:
    cast = await _gather(session, story, language)
    for project in story.projects:
        project_id = await projects.create(
            session,
            cast.admin,
            key=project.key,
            name=project.name,
            description=project.description,
        )
        for junior in (cast.worker, cast.client):
            await projects.attach(session, cast.admin, project_id, junior.user_id, attached=True)
        for task in project.tasks:
            await _play(session, cast, project_id, task)
    # What happened before anybody looked is no news.
    await session.execute(
        text("update outbox set status = 'skipped', finished_at = now() where status = 'pending'")
    )


async def _gather(session: AsyncSession, story: Story, language: str) -> _Cast:
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
    admin = await companies.create(session, people[0], story.company, story.timezone)
    first = await projects.create(session, admin, key=story.office_key, name=story.office)
    joined = []
    for account, role in zip(people[1:], (Role.MANAGER, Role.WORKER, Role.CLIENT), strict=True):
        project_id = first if role in JUNIOR_ROLES else None
        token = await invites.create(session, admin, role, project_id)
        joined.append(await invites.join(session, account, token))
    return _Cast(admin, *joined)


async def _play(session: AsyncSession, cast: _Cast, project_id: int, told: TaskStory) -> None:
    due_at = now() + timedelta(hours=told.due_in_hours) if told.due_in_hours else None
    draft = Draft(
        project_id=project_id,
        title=told.title,
        description=told.description,
        priority=Priority(told.priority),
        due_at=due_at.replace(minute=0, second=0, microsecond=0) if due_at else None,
        assignee_id=getattr(cast, told.assignee).user_id if told.assignee else None,
    )
    created = await tasks.create(session, cast.manager, draft)
    for role, act, words in told.acts:
        actor = getattr(cast, role)
        if act == "comment":
            await tasks.comment(session, actor, created.id, words or "")
        else:
            await tasks.move(session, actor, created.id, Action(act), words)
