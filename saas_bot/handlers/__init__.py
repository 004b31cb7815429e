"""The Telegram edge: which update goes to which handler, in one explicit order."""

from aiogram import Bot, Dispatcher, Router
from aiogram.dispatcher.event.bases import MiddlewareType
from aiogram.types import BotCommandScopeAllPrivateChats, TelegramObject
from redis.asyncio import Redis

from saas_bot.core.chat_storage import Allowance, ChatStorage
from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.core.middlewares.access import AccessMiddleware, SessionMiddleware
from saas_bot.core.middlewares.actor import ActorMiddleware
from saas_bot.core.middlewares.answers import LenientAnswers
from saas_bot.core.middlewares.chat import ChatMiddleware
from saas_bot.core.middlewares.context_middleware import ContextMiddleware
from saas_bot.core.middlewares.elsewhere import ElsewhereMiddleware
from saas_bot.core.middlewares.errors import ApologyMiddleware, WordsMiddleware
from saas_bot.core.middlewares.money import ForOthers, MoneyMiddleware
from saas_bot.core.middlewares.private import PrivateMiddleware
from saas_bot.core.middlewares.replies import ReplyMiddleware
from saas_bot.core.middlewares.tips import TipsMiddleware
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.files import Rules
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.handlers import (
    audit,
    billing,
    company,
    drafts,
    exports,
    fallback,
    files,
    lists,
    members,
    operators,
    projects,
    reports,
    search,
    sign_in,
    start,
    tasks,
)
from saas_bot.handlers.albums import WholeAlbum
from saas_bot.handlers.billing import paying
from saas_bot.handlers.sent_files import NotKept
from saas_bot.screens.commands import OUTSIDE, bot_commands
from saas_bot.services.billing.details import Seller
from saas_bot.storage import Storage

__all__ = ["announce", "build_dispatcher", "build_routers", "file_rules"]


def build_routers() -> list[Router]:
    """Fresh routers in the order they are asked: commands, then dialogs, then the rest."""
    # The busiest first: an update is held against each handler until one takes it.
    features = (tasks, start, drafts, projects, files, members, company, search, billing)
    listed = (lists, *features, reports, exports, audit, paying, sign_in, operators)
    commands = [feature.commands() for feature in listed]
    # A file is asked for where words are, so that whoever wants words does not refuse it first.
    others = [one.dialogs() for one in (*features, operators) if one is not files]
    return [paying.money(), *commands, files.dialogs(), *others, fallback.rest()]


def file_rules(settings: Settings) -> Rules:
    """Which files these settings take."""
    return Rules(settings.telegram_api_local, settings.files_allowed, settings.files_refused)


def build_dispatcher(
    *, settings: Settings, database: Database, redis: Redis, storage: Storage | None = None
) -> Dispatcher:
    """The Dispatcher with everything an update passes; it answers by itself.

    It raises nothing but `Undone`, and that only where updates come by webhook. Whoever gives the
    `storage` closes it.
    """
    chats = ChatStorage(redis, Allowance())
    dispatcher = Dispatcher(storage=chats, disable_fsm=True)
    dispatcher["database"] = database
    dispatcher["rules"] = file_rules(settings)
    dispatcher["seller"] = Seller.of(settings)
    dispatcher["provider_token"] = settings.payment_provider_token
    links = storage or Storage(settings)
    dispatcher["links"] = links if settings.s3_public_endpoint_url else None
    actor = ActorMiddleware(
        database,
        settings.operator_ids,
        digest_hour=settings.digest_hour,
        quiet_hours=QuietHours(*settings.quiet_times) if settings.quiet_times else None,
    )
    _outer(dispatcher, chats, actor, can_come_again=settings.updates == "webhook")
    for observer in (dispatcher.message, dispatcher.callback_query, dispatcher.my_chat_member):
        if observer is dispatcher.callback_query:
            observer.middleware(LenientAnswers())
        if observer is dispatcher.message:
            observer.middleware(WholeAlbum())
        observer.middleware(WordsMiddleware())
        if observer is dispatcher.message:
            observer.middleware(NotKept())
        if observer is dispatcher.callback_query:
            observer.middleware(ElsewhereMiddleware(database))
        observer.middleware(TipsMiddleware(database))
        observer.middleware(AccessMiddleware())
        observer.middleware(SessionMiddleware(database))
    dispatcher.include_routers(*build_routers())
    return dispatcher


def _outer(
    dispatcher: Dispatcher, storage: ChatStorage, actor: ActorMiddleware, *, can_come_again: bool
) -> None:
    """Around every update. Our context comes before aiogram's own, so that they log within it."""
    chain = dispatcher.update.outer_middleware
    _, *builtin = list(chain)  # aiogram's error middleware gives way to ours
    for present in list(chain):
        chain.unregister(present)
    ordered: list[MiddlewareType[TelegramObject]] = [
        ContextMiddleware(),
        PrivateMiddleware(),
        ApologyMiddleware(can_come_again=can_come_again),
        *builtin,
        MoneyMiddleware(),
        ForOthers(ChatMiddleware(storage, dispatcher.fsm)),
        ForOthers(ReplyMiddleware(storage)),
        ForOthers(actor),
    ]
    for middleware in ordered:
        chain.register(middleware)


async def announce(bot: Bot) -> None:
    """Tell Telegram what newcomers see: the commands and descriptions in each language.

    Raises:
        TelegramAPIError: it would not take them; the bot works without.
    """
    for language in (None, *LANGUAGES):
        t = translator(language or "en")
        await bot.set_my_commands(
            bot_commands(t, OUTSIDE), scope=BotCommandScopeAllPrivateChats(), language_code=language
        )
        await bot.set_my_description(t.plain("bot-description"), language_code=language)
        await bot.set_my_short_description(t.plain("bot-short-description"), language_code=language)
