"""What operators hear of backups."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiogram.methods import SendMessage, TelegramMethod
from markupsafe import Markup

from saas_bot.core.i18n import Translator, translator
from saas_bot.db.direct import driver_of
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Session
from saas_bot.screens.formats import size
from saas_bot.screens.screen import Screen, screen
from saas_bot.services import accounts
from saas_bot.services.notifications import Kind

TABLE: Final = frozenset({Kind.BACKUP_MADE, Kind.BACKUP_FAILED})
"""What is told to whoever asked for a backup, whatever the company and the hour."""


def asked(t: Translator, *, queued: bool) -> Screen:
    """That it will be made, or that one is being made already."""
    return screen(t("op-backup-queued" if queued else "op-backup-busy"))


async def notice(session: Session, message: OutboxMessage) -> Sequence[TelegramMethod[Any]] | None:
    """What came of it. It needs a system session."""
    who = await accounts.who_is(driver_of(session), message.telegram_id)
    if who is None:
        return None
    t, said = translator(who.account.language), message.payload
    made = message.kind == Kind.BACKUP_MADE
    text = _made(t, said) if made else t("notify-backup_failed", why=_why(t, said["why"]))
    return [SendMessage(chat_id=message.telegram_id, text=text)]


def _made(t: Translator, said: Mapping[str, Any]) -> Markup:
    facts = {"file": said["file"], "size": size(t, said["bytes"]), "rows": said["rows"]}
    lines = [t("notify-backup_made", **facts, seconds=said["seconds"])]
    lines += [t(f"backup-{what}") for what in ("copied", "proven") if said[what]]
    lines += [t("backup-problem", why=_why(t, why)) for why in said["problems"]]
    return Markup("\n").join(lines)


def _why(t: Translator, code: str) -> str:
    return t.plain(f"backup-why-{code}")
