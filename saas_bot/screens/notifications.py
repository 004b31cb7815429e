"""Notifications in words: rendered when they are sent, with the rights of that moment."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from aiogram.methods import SendMessage, TelegramMethod
from markupsafe import Markup

from saas_bot.core.i18n import Translator, translator
from saas_bot.db.direct import driver_of
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Session, narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.events import Later
from saas_bot.screens import (
    billing_notices,
    company,
    digest,
    notices,
    operators_backups,
    people,
    reminders,
    sign_in,
)
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import day_and_clock
from saas_bot.screens.notices import Told
from saas_bot.screens.screen import Screen, button, screen
from saas_bot.services import accounts, preferences
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import Held

Render = Callable[[Told], Awaitable[Screen | None]]
"""What one notification looks like now; None: it no longer concerns the person."""

TABLE: Final[dict[Kind, Render]] = {
    Kind.ASSIGNED: notices.about_task,
    Kind.UNASSIGNED: notices.taken,
    Kind.SUBMITTED: notices.about_task,
    Kind.RETURNED: notices.about_task,
    Kind.ACCEPTED: notices.about_task,
    Kind.CANCELLED: notices.about_task,
    Kind.REOPENED: notices.about_task,
    Kind.COMMENTED: notices.about_task,
    Kind.MENTIONED: notices.about_task,
    Kind.FILES_ADDED: notices.about_files,
    Kind.ATTACHED: notices.about_project,
    Kind.DETACHED: notices.about_project,
    Kind.PROJECT_ARCHIVED: notices.about_project,
    Kind.PROJECT_RESTORED: notices.about_project,
    Kind.PROJECT_DELETED: notices.project_deleted,
    Kind.HANDED_OVER: notices.handed_over,
    Kind.MEMBER_JOINED: notices.member_joined,
    Kind.MEMBER_LEFT: notices.member_left,
    Kind.ROLE_CHANGED: notices.standing_changed,
    Kind.REACTIVATED: notices.standing_changed,
    Kind.DUE_SOON: reminders.about_due,
    Kind.OVERDUE: reminders.about_due,
    Kind.REVIEW_WAITS: reminders.about_review,
    Kind.DIGEST: digest.digest,
    Kind.COMPANY_RESTORED: company.restored,
    Kind.TRIAL_ENDS: billing_notices.news,
    Kind.TRIAL_ENDED: billing_notices.news,
    Kind.RENEWAL_READY: billing_notices.news,
    Kind.PERIOD_ENDED: billing_notices.news,
    Kind.GRACE_ENDS: billing_notices.news,
    Kind.SUBSCRIPTION_EXPIRED: billing_notices.news,
    Kind.SUBSCRIPTION_ENDED: billing_notices.news,
    Kind.SUBSCRIPTION_GRANTED: billing_notices.news,
    Kind.PAID: billing_notices.news,
    Kind.PAYMENT_PARTIAL: billing_notices.news,
    Kind.PAYMENT_FLAGGED: billing_notices.news,
    Kind.REFUNDED: billing_notices.news,
    Kind.INVOICE_VOIDED: billing_notices.news,
}
"""How each kind is rendered, by a session within the company of the person's membership."""

_CHANGES_COMMANDS: Final = frozenset(
    {Kind.ROLE_CHANGED, Kind.DEACTIVATED, Kind.REACTIVATED, Kind.COMPANY_RESTORED}
)

_LEADS_THERE: Final = frozenset({Kind.DIGEST, Kind.COMPANY_RESTORED})
"""Whose buttons name their company themselves."""

_SNOOZED: Final = frozenset(
    {notices.about_task, notices.about_files, reminders.about_due, reminders.about_review}
)
"""Whose notifications can be put off."""


async def render(
    session: Session, message: OutboxMessage, *, operators: frozenset[int] = frozenset()
) -> Sequence[TelegramMethod[Any]] | Held | None:
    """The calls that deliver a claimed message of the outbox.

    None when it no longer concerns the person, or they do not want to be told of such; `Held` in
    their quiet hours. It needs a system session, which it narrows to the company of the message,
    and only reads. `operators` have commands of their own in their menu.
    """
    is_operator = message.telegram_id in operators
    kind = Kind(message.kind)
    if kind in sign_in.TABLE:
        return await sign_in.notice(session, message)
    if kind in operators_backups.TABLE:
        return await operators_backups.notice(session, message) if is_operator else None
    if kind is Kind.COMPANY_DELETED:
        return await company.deleted_notice(session, message, is_operator=is_operator)
    member = await accounts.member_of(session, message.telegram_id, message.company_id)
    if member is None or not preferences.wants(member[0], kind):
        return None
    account, actor = replace(member[0], is_operator=is_operator), member[1]
    if (end := preferences.quiet_until(account, message)) is not None:
        return Held(end, tuple(await _new_menu(session, account, kind)))
    if actor is None:
        return await _farewell(session, account, message)
    calls = await _new_menu(session, account, kind)
    shown = await _rendered(session, actor, message, message.payload)
    if shown is None:
        return None
    if message.snooze_of is not None:
        shown = shown.with_notice(translator(account.language)("snooze-over"))
    return [*calls, _send(account, shown)]


async def _new_menu(session: Session, account: Account, kind: Kind) -> list[TelegramMethod[Any]]:
    """The command menu, where it changes with what is told: that of the company the person works in
    now, which may be another one."""
    if kind not in _CHANGES_COMMANDS:
        return []
    t = translator(account.language)
    who = await accounts.who_is(driver_of(session), account.telegram_id)
    return [people.command_menu(t, account, who.actor if who else None)]


async def snoozed(
    session: Session, account: Account, message: OutboxMessage, at: datetime
) -> Screen | None:
    """A message that its reader has put off until then, as it is now.

    None where there is nothing left to tell them of.
    """
    shown = await _again(session, message)
    if shown is None:
        return None
    t = translator(account.language)
    day, clock = day_and_clock(t, at, account.timezone)
    *rows, _ = shown.rows
    back = (button(t.plain("button-unsnooze"), to.Unsnooze(id=message.id)),)
    return replace(shown, rows=(*rows, back)).with_notice(t("snoozed", day=day, clock=clock))


async def called_back(session: Session, message: OutboxMessage, *, undone: bool) -> Screen | None:
    """A message that was put off and is not to come again, as it is now, if there is anything left
    to tell. One that has come again meanwhile (not `undone`) can't be put off here any more."""
    shown = await _again(session, message)
    if shown is None or undone:
        return shown
    return replace(shown, rows=shown.rows[:-1])


async def _again(session: Session, message: OutboxMessage) -> Screen | None:
    """What was told once, as it is now."""
    member = await accounts.member_of(session, message.telegram_id, message.company_id)
    if member is None or member[1] is None:
        return None
    return await _rendered(session, member[1], message, {**message.payload, "snoozed": True})


async def _rendered(
    session: Session, actor: Actor, message: OutboxMessage, said: dict[str, Any]
) -> Screen | None:
    kind = Kind(message.kind)
    render_one = TABLE.get(kind)
    if render_one is None:
        return None
    await narrow(session, message.company_id)
    t = translator(actor.account.language)
    shown = await render_one(Told(session, t, actor, kind, said))
    if shown is not None and actor.elsewhere and kind not in _LEADS_THERE:
        shown = _from_elsewhere(t, actor, shown, said)
    if shown is None or render_one not in _SNOOZED:
        return shown
    later = [
        button(t.plain(f"button-snooze-{one}"), to.Snooze(id=message.id, later=one))
        for one in Later
    ]
    return replace(shown, rows=(*shown.rows, tuple(later)))


def _from_elsewhere(t: Translator, actor: Actor, shown: Screen, said: dict[str, Any]) -> Screen:
    """What comes from a company they don't work in now names it, and leads there first."""
    there: to.TaskThere | to.Switch = to.Switch(company=actor.company_id)
    if "task_id" in said:
        there = to.TaskThere(company=actor.company_id, id=said["task_id"])
    label = t.plain("button-open-company", company=actor.company_name)
    named = shown.with_notice(t("notify-from", company=actor.company_name))
    return replace(named, rows=((button(label, there),),))


async def _farewell(
    session: Session, account: Account, message: OutboxMessage
) -> list[TelegramMethod[Any]] | None:
    """The last word to someone who was shut out; they hear of nothing else."""
    if message.kind != Kind.DEACTIVATED:
        return None
    t = translator(account.language)
    who = await accounts.who_is(driver_of(session), account.telegram_id)
    goes_on = who.actor if who else None
    parts = [t("notify-deactivated", company=message.payload.get("company", ""))]
    if goes_on is not None:
        parts.append(t("notify-goes-on", company=goes_on.company_name))
    shown = screen(Markup(" ").join(parts), people.back_to_menu(t))
    return [people.command_menu(t, account, goes_on), _send(account, shown)]


def _send(account: Account, shown: Screen) -> SendMessage:
    return SendMessage(chat_id=account.telegram_id, text=shown.text, reply_markup=shown.keyboard)
