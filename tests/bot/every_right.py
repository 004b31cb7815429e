"""The stage on which every verb is played: one for all tests of a module, put back after each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.filters.callback_data import CallbackData

from saas_bot.core.i18n import translator
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Role
from saas_bot.handlers import build_dispatcher
from tests.bot.people import Person, Stage
from tests.bot.rows import fingerprint, fingerprint_of
from tests.bot.telegram import Shown, Telegram
from tests.environment import empty
from tests.rights.keeping import Kept
from tests.rights.outcome import OF_COMPANIES
from tests.rights.verbs import Step
from tests.rights.world import World, arrange

NOT_ALLOWED = translator("en").plain("error-not-allowed")
NOT_YOURS = "If it should be yours, ask a manager."


def refuses(said: str) -> bool:
    """Whether it says that the person may not, because of their role or whose the task is."""
    return NOT_ALLOWED in said or NOT_YOURS in said


ARCHIVED = translator("en").plain("error-project-archived")
NO_BUTTON = "there was no such button"


@dataclass
class Play:
    """The heroes before the bot, their company kept as it was."""

    database: Database
    stage: Stage
    world: World
    kept: Kept
    people: dict[Role, Person] = field(default_factory=dict)
    menus: dict[Role, Shown] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)
    """Those of the Dispatcher's handlers, by `id`, that have had something to do."""
    sums: dict[str, str] = field(default_factory=dict)
    own_sums: dict[str, str] = field(default_factory=dict)
    missing: dict[Any, str] = field(default_factory=dict)

    async def begin(self, role: Role) -> Person:
        """The hero of the role, with a menu before them and nothing behind."""
        await self.stage.redis.flushdb()
        person, menu = self.people[role], self.menus[role]
        self.stage.telegram.latest[person.id] = menu
        self.stage.telegram.chats[person.id] = {menu.id: menu}
        return person

    async def changed(self) -> set[str]:
        """The tables with rows of companies that are not as they were kept."""
        written = await self.kept.written() & OF_COMPANIES
        now = await fingerprint(self.database, written)
        return {name for name, value in now.items() if value != self.sums[name]}

    async def own(self) -> dict[str, str]:
        """A checksum of what belongs to Acme in each table."""
        written = await self.kept.written()
        now = await fingerprint_of(self.database, self.world.team.id, written)
        return {**self.own_sums, **now}

    async def back(self) -> None:
        """Put back whatever has changed."""
        await self.kept.restore()


async def take(person: Person, step: Step) -> str:
    """Take a step, and give whatever the bot did upon it."""
    try:
        match step:
            case CallbackData():
                update = person.pressing(step.pack())
            case str():
                update = person.writing(step)
            case _:
                made = step(person)
                update = await made if isawaitable(made) else made
    except AssertionError:
        return NO_BUTTON
    await person.does(update)
    return "\n".join(_written(call) for call in person.heard)


def _written(call: Any) -> str:
    """What a person sees of a call: text and buttons, or what appears over the chat."""
    markup = getattr(call, "reply_markup", None)
    rows = markup.inline_keyboard if markup else []
    buttons = [f"{one.text} <{one.callback_data}>" for row in rows for one in row]
    alert = getattr(call, "show_alert", None)
    return f"{type(call).__name__} {getattr(call, 'text', None)} {alert} {buttons}"


class Links:
    """S3 as far as links to it go."""

    async def ping(self, *, seconds: float) -> None:
        """It is there."""

    def presign(self, key: str, **_: Any) -> str:
        return f"https://s3.example/{key}"


@pytest.fixture(scope="module")
async def play(engine, settings, redis_client) -> AsyncIterator[Play]:
    await redis_client.flushdb()
    await empty(engine)
    database, telegram = Database(engine), Telegram()
    kept = Kept(database)
    token = settings.bot_token.get_secret_value()
    bot = Bot(token, session=telegram, default=DefaultBotProperties(parse_mode="HTML"))
    await bot.me()
    dispatcher = build_dispatcher(settings=settings, database=database, redis=redis_client)
    dispatcher["links"] = Links()
    play = Play(
        database,
        Stage(dispatcher, bot, telegram, redis_client, database),
        await arrange(database),
        kept,
    )

    async def note(handler: Any, event: Any, data: Any) -> Any:
        play.reached.add(id(data["handler"]))
        return await handler(event, data)

    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.middleware(note)
    for role in Role:
        account = play.world.hero(role).account
        person = play.people[role] = play.stage.person(account.telegram_id, account.name)
        await person.sends("/menu")
        play.menus[role] = person.screen
    await kept.keep()
    play.sums = await fingerprint(database)
    play.own_sums = await fingerprint_of(database, play.world.team.id)
    yield play
    await kept.forget()
    assert telegram.broken == []
