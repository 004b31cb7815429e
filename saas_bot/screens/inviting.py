"""Screens of inviting: whom, to which project, the link, the invites still open."""

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Permission, Role, may_manage
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment
from saas_bot.screens.people import back_to_menu, confirm, seats_taken
from saas_bot.screens.screen import Screen, button, column, grid, pager, screen
from saas_bot.services.entitlements import Use
from saas_bot.services.invites import Open as OpenInvite
from saas_bot.services.projects import ProjectLine


def roles(t: Translator, actor: Actor) -> Screen:
    """Whom to invite."""
    rows = [
        button(t.plain(f"role-{role}"), to.InviteRole(role=role))
        for role in Role
        if may_manage(actor.role, Permission.MEMBER_INVITE, role)
    ]
    return screen(
        t("invite-role"),
        *grid(rows, 2),
        [button(t.plain("button-invites"), to.Invites())],
        back_to_menu(t),
    )


def roles_in_project(t: Translator, actor: Actor, project: ProjectLine) -> Screen:
    """Whom to invite to a project: those who are attached to projects at all."""
    rows = [
        button(t.plain(f"role-{role}"), to.InviteProject(role=role, project=project.id))
        for role in Role
        if role in JUNIOR_ROLES and may_manage(actor.role, Permission.MEMBER_INVITE, role)
    ]
    return screen(
        t("invite-role-project", project=project.name),
        *grid(rows, 2),
        [button(t.plain("button-back"), to.People(project=project.id))],
    )


def projects(t: Translator, role: Role, page: Page[ProjectLine]) -> Screen:
    """Which project the invited will be attached to."""
    if not page.items:
        return screen(
            t("invite-no-project", role=t(f"role-{role}")),
            [button(t.plain("button-new-project"), to.Open(what="newproject"))],
            back_to_menu(t),
        )
    rows = [
        button(f"{one.key} – {one.name}", to.InviteProject(role=role, project=one.id))
        for one in page.items
    ]
    return screen(
        t("invite-project", role=t(f"role-{role}")),
        *column(rows),
        pager(t, page, to.InviteProject(role=role)),
        [button(t.plain("button-back"), to.Open(what="invite"))],
    )


def link(t: Translator, made: to.InviteProject, project: str | None, url: str) -> Screen:
    """A fresh invite, to be passed on; its link is shown this once, so its message stays."""
    said = {"role": t(f"role-{made.role}"), "link": url}
    others = [button(t.plain("button-invites"), to.Open(what="invites"))]
    if project is None:
        return screen(t("invite-link", **said), others)
    if made.multi:
        return screen(t("invite-link-multi", project=project, **said), others).as_new()
    again = made.model_copy(update={"multi": True})
    return screen(
        t("invite-link-project", project=project, **said),
        [button(t.plain("button-invite-multi"), again)],
        others,
    )


def open_invites(t: Translator, actor: Actor, page: Page[OpenInvite], seats: Use) -> Screen:
    """The invites that can still be used, and the seats there are for those who come by them.

    A button revokes each that the actor may revoke.
    """
    lines = [
        Markup("<b>{}.</b> {}").format(place, _line(t, actor.account, one))
        for place, one in enumerate(page.items, 1)
    ]
    rows = [
        button(t.plain("button-revoke", number=place), to.InviteRevoke(id=one.id))
        for place, one in enumerate(page.items, 1)
        if may_manage(actor.role, Permission.MEMBER_INVITE, one.role)
    ]
    parts = [t("invites"), "\n".join(lines)] if lines else [t("invites-empty")]
    return screen(
        "\n\n".join([*parts, seats_taken(t, actor, seats)]),
        *grid(rows, 3),
        pager(t, page, to.Invites()),
        [
            button(t.plain("button-invite"), to.Open(what="invite")),
            button(t.plain("button-members"), to.Open(what="members")),
        ],
        back_to_menu(t),
    )


def ask_revoke(t: Translator, actor: Actor, one: OpenInvite) -> Screen:
    """Ask before an invite is made useless."""
    yes, no = to.Confirm(what="revoke", id=one.id), to.Invites()
    return confirm(t, "revoke", yes, no, invite=_line(t, actor.account, one))


def _line(t: Translator, account: Account, one: OpenInvite) -> Markup:
    if one.project_name is None:
        kind = "-company"
    else:
        kind = "" if not one.multi_use else "-used" if one.uses else "-multi"
    line = t(
        f"invite-line{kind}",
        role=t(f"role-{one.role}"),
        project=one.project_name or "",
        until=moment(t, one.expires_at, account.timezone),
        uses=one.uses,
    )
    return Markup("\n").join([line, t("invite-line-archived")]) if one.archived else line
