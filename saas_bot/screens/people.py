"""Screens of people: onboarding, the menu, settings, members."""

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommandScopeChat, InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.cities import city_of
from saas_bot.core.i18n import LANGUAGES, Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Permission, Role, may, may_manage, plan_is_for
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import IN_MENU, allowed, bot_commands, commands_of
from saas_bot.screens.formats import moment, size, told_apart
from saas_bot.screens.screen import (
    QUOTED,
    Row,
    Screen,
    button,
    clip,
    column,
    grid,
    pager,
    screen,
)
from saas_bot.services.accounts import Membership
from saas_bot.services.attachments import MemberProject
from saas_bot.services.entitlements import Use
from saas_bot.services.member_rows import Member
from saas_bot.services.profiles import Profile

ZONES: dict[str, tuple[str, ...]] = {
    "en": (
        "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles",
        "Asia/Dubai", "Asia/Singapore",
    ),
    "ru": (
        "Europe/Moscow", "Europe/Kaliningrad", "Europe/Samara", "Asia/Yekaterinburg",
        "Asia/Novosibirsk", "Asia/Vladivostok",
    ),
}  # fmt: skip
"""The timezones offered by a button; any other can be written."""


def command_menu(t: Translator, account: Account, actor: Actor | None) -> SetMyCommands:
    """Telegram's command menu in this chat: what the person has, in their language."""
    return SetMyCommands(
        commands=bot_commands(t, commands_of(account, actor)),
        scope=BotCommandScopeChat(chat_id=account.telegram_id),
    )


def welcome(t: Translator, account: Account) -> Screen:
    """What someone in no company sees."""
    return screen(
        t("welcome", name=account.name),
        [button(t.plain("button-create-company"), to.Open(what="create"))],
        [button(t.plain("button-have-invite"), to.Open(what="join"))],
        [button(t.plain("button-settings"), to.Open(what="settings"))],
    )


def menu(t: Translator, actor: Actor) -> Screen:
    """The main menu of a role."""
    role = t(f"role-{actor.role}")
    mine = [command for command in allowed(actor) if command in IN_MENU]
    buttons = [button(t.plain(f"button-{command}"), to.Open(what=command)) for command in mine]
    shown = screen(
        t("menu", company=actor.company_name, name=actor.account.name, role=role),
        *grid(buttons, 2),
    )
    if not actor.over_limit:
        return shown
    return shown.with_notice(t("menu-no-seat", who=plan_is_for(actor.role)))


def joined(t: Translator, actor: Actor, project: str | None) -> Screen:
    """The menu for someone who has just come in."""
    said = {"company": actor.company_name, "role": t(f"role-{actor.role}")}
    notice = t("joined-project", project=project, **said) if project else t("joined", **said)
    return menu(t, actor).with_notice(notice)


def home(t: Translator, account: Account, actor: Actor | None) -> Screen:
    """Where one is when one is nowhere else: the menu, or the ways in."""
    return menu(t, actor) if actor else welcome(t, account)


def back_to_menu(t: Translator) -> list[InlineKeyboardButton]:
    """The row that leads back to the menu."""
    return [button(t.plain("button-menu"), to.Open(what="menu"))]


def prompt(t: Translator, key: str, /, *rows: Row, **params: object) -> Screen:
    """A question of a dialog; the way out is always there."""
    return screen(
        t(key, **params), *rows, [button(t.plain("button-cancel"), to.Open(what="cancel"))]
    )


def timezones(t: Translator, key: str) -> Screen:
    """The question of the timezone: a button for the common ones, or write a city."""
    zones = [
        button(city_of(zone, t.language), to.Timezone(name=zone)) for zone in ZONES[t.language]
    ]
    return prompt(t, key, *grid(zones, 2))


def settings(t: Translator, account: Account, actor: Actor | None) -> Screen:
    """Language, timezone, and the way to one's companies and to where one is signed in."""
    names = {"en": "English", "ru": "Русский"}
    zone = city_of(account.timezone, t.language)
    may_sign_in = "sessions" in commands_of(account, actor)
    languages = [
        button(f"{'• ' if code == account.language else ''}{names[code]}", to.Language(code=code))
        for code in LANGUAGES
    ]
    return screen(
        t("settings", language=names[account.language], timezone=zone),
        languages,
        [
            button(t.plain("button-timezone"), to.Open(what="timezone")),
            button(t.plain("button-notifications"), to.Open(what="notifications")),
        ],
        [
            button(t.plain("button-digest"), to.Open(what="digest")),
            *([button(t.plain("button-switch"), to.Open(what="switch"))] if actor else ()),
        ],
        [button(t.plain("button-sessions"), to.Open(what="sessions"))] if may_sign_in else None,
        back_to_menu(t),
    )


def companies(t: Translator, actor: Actor | None, listed: Sequence[Membership]) -> Screen:
    """The person's companies, to switch between, and the ways to another one and out of this."""
    here = actor.company_id if actor else None
    leave = to.Open(what="leave")
    rows = [
        button(
            f"{'• ' if one.company_id == here else ''}{one.company_name} – "
            f"{t.plain(f'role-{one.role}')}",
            to.Switch(company=one.company_id),
        )
        for one in listed
    ]
    return screen(
        t("switch"),
        *column(rows),
        [
            button(t.plain("button-create-company"), to.Open(what="create")),
            button(t.plain("button-have-invite"), to.Open(what="join")),
        ],
        [button(t.plain("button-leave", company=actor.company_name), leave)] if actor else None,
        back_to_menu(t),
    )


def confirm(
    t: Translator, key: str, yes: to.Confirm, no: CallbackData, /, **params: object
) -> Screen:
    """Asks once before something that can't be taken back lightly."""
    return screen(
        t(f"confirm-{key}", **params),
        [button(t.plain("button-yes"), yes), button(t.plain("button-no"), no)],
    )


def members(t: Translator, actor: Actor, page: Page[Member], seats: Use, room: Use) -> Screen:
    """The people of the company, how many seats they take, and their files how much room."""
    names = told_apart(page.items)
    rows = [
        button(
            f"{_mark(one)}{names[one.id]} – {t.plain(f'role-{one.role}')}",
            to.Member(id=one.id),
        )
        for one in page.items
    ]
    heading = [
        t("members", company=actor.company_name),
        seats_taken(t, actor, seats),
        room_taken(t, room),
    ]
    return screen(
        Markup("\n").join(heading),
        *column(rows),
        pager(t, page, to.Members()),
        [
            button(t.plain("button-invite"), to.Open(what="invite")),
            button(t.plain("button-invites"), to.Invites()),
        ],
        back_to_menu(t),
    )


def _mark(one: Member) -> str:
    if not one.active:
        return "🚫 "
    return "🔒 " if one.over_limit else ""


def seats_taken(t: Translator, actor: Actor, seats: Use) -> Markup:
    """How many seats are taken; where that is all, what to do."""
    if seats.limit is None:
        return t("seats-unlimited", used=seats.used)
    said = t("seats", used=seats.used, limit=seats.limit, plan=seats.plan)
    if not seats.full:
        return said
    way_out = "seats-full" if may(actor.role, Permission.BILLING) else "seats-full-manager"
    return Markup("\n").join([said, t(way_out)])


def room_taken(t: Translator, room: Use) -> Markup:
    """How much of the plan's storage the files take."""
    used = size(t, room.used)
    if room.limit is None:
        return t("storage-unlimited", used=used)
    return t("storage", used=used, limit=size(t, room.limit))


def member(t: Translator, actor: Actor, profile: Profile, *, deaf: bool = False) -> Screen:
    """One person with their workload, and what the actor may do about them.

    Whoever is `deaf` has blocked the bot, and gets no messages now.
    """
    one = profile.member
    right = Permission.MEMBER_DEACTIVATE
    can_end = actor.may(right) and may_manage(actor.role, right, one.role)
    standing = button(
        t.plain("button-deactivate" if one.active else "button-reactivate"),
        to.MemberActive(id=one.id, active=not one.active),
    )
    change = button(t.plain("button-change-role"), to.MemberRole(id=one.id))
    rights = button(t.plain("button-admin-rights"), to.AdminRights(id=one.id))
    theirs = button(t.plain("button-member-projects"), to.MemberProjects(id=one.id))
    manages = actor.may(Permission.PROJECT_MANAGE)
    changes_roles = one.active and actor.may(Permission.MEMBER_ROLE)
    no_seat = [t("member-no-seat")] if one.over_limit else []
    is_deaf = [t("member-deaf")] if deaf and one.active else []
    said = t(
        "member" if one.active else "member-deactivated",
        name=one.label,
        username=_write_to(t, one),
        role=t(f"role-{one.role}"),
    )
    return screen(
        Markup("\n\n").join([said, *no_seat, *is_deaf, *_workload(t, actor, profile)]),
        [change] if changes_roles else None,
        [rights] if changes_roles and one.id != actor.user_id else None,
        [theirs] if manages and one.active and one.role in JUNIOR_ROLES else None,
        [standing] if can_end and one.id != actor.user_id else None,
        [button(t.plain("button-members"), to.Open(what="members"))],
        back_to_menu(t),
    )


def _write_to(t: Translator, one: Member) -> Markup:
    if one.username:
        return t("member-username", username=one.username)
    # Bot API, formatting options: tg://user?id=... mentions someone without a username.
    return t("member-write-to", id=str(one.telegram_id), number=str(one.number))


def _workload(t: Translator, actor: Actor, profile: Profile) -> list[Markup]:
    if not profile.member.active:
        return []
    lines = []
    if profile.member.role in JUNIOR_ROLES:
        names = clip(", ".join(profile.projects), QUOTED)
        more = f" +{profile.more_projects}" if profile.more_projects else ""
        key = "member-projects" if names else "member-no-projects"
        lines.append(t(key, names=names, more=more))
    if profile.member.role is not Role.CLIENT:
        counts = {"open": profile.open, "overdue": profile.overdue, "review": profile.in_review}
        lines.append(t("member-workload", **counts))
    if (last := profile.last_done) is not None:
        at = moment(t, last.at, actor.account.timezone)
        lines.append(t("member-last-done", ref=last.ref, title=last.title, at=at))
    return [Markup("\n").join(lines)]


def member_projects(t: Translator, here: to.MemberProjects, page: Page[MemberProject]) -> Screen:
    """The active projects, with a tick at those of the person: a click attaches or detaches."""
    rows = [
        button(
            f"{'✅' if one.attached else '▫️'} {one.key} – {one.name}",
            to.MemberProjects(id=here.id, project=one.id, attached=not one.attached, at=here.at),
        )
        for one in page.items
    ]
    return screen(
        t("member-attach", name=page.items[0].member),
        *column(rows),
        pager(t, page, to.MemberProjects(id=here.id)),
        [button(t.plain("button-done"), to.Member(id=here.id))],
    )


def no_projects(t: Translator, one: Member) -> str:
    """Why there is nothing to attach someone to."""
    if not one.active:
        return t.plain("deactivated-already", name=one.label)
    if one.role not in JUNIOR_ROLES:
        return t.plain("member-attach-all", name=one.label, role=t.plain(f"role-{one.role}"))
    return t.plain("member-attach-nothing")


def member_roles(t: Translator, one: Member) -> Screen:
    """The choice of a role for a member."""
    rows = [
        button(
            f"{'• ' if role is one.role else ''}{t.plain(f'role-{role}')}",
            to.MemberRole(id=one.id, role=role),
        )
        for role in Role
    ]
    return screen(
        t("choose-role", name=one.label),
        *grid(rows, 2),
        [button(t.plain("button-back"), to.Member(id=one.id))],
    )
