"""Screens of passing on someone's open tasks, before an act that takes them away and after it."""

from aiogram.filters.callback_data import CallbackData
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import told_apart
from saas_bot.screens.screen import Screen, button, column, pager, screen
from saas_bot.services.handover import NAMED, AtStake, Handed, Heir, seen

NOBODY, CHOICE, KEEP = 0, -1, -2
"""What the buttons name instead of an heir."""

ROLES = {"a": Role.ADMIN, "m": Role.MANAGER, "w": Role.WORKER, "c": Role.CLIENT}
"""The acts that give a role."""

WORDS = {"d": "deactivate", "h": "handadmin", "x": "detach", "p": "detach", **ROLES}


def to_role(user_id: int, role: Role) -> to.HandOver:
    """The act of giving someone a role."""
    return to.HandOver(act=next(act for act, one in ROLES.items() if one is role), id=user_id)


def back(act: to.HandOver) -> CallbackData:
    """Where one comes from, and gets back to without doing it."""
    match act.act:
        case "l":
            return to.Open(what="menu")
        case "x":
            return to.People(project=act.project, at=_page(act))
        case "p":
            return to.MemberProjects(id=act.id, at=_page(act))
        case _:
            return to.Member(id=act.id)


def _page(act: to.HandOver) -> str:
    """The page of the list one came from; while an heir is chosen, `at` pages the heirs."""
    return "" if act.to == CHOICE else act.at


def choose(t: Translator, act: to.HandOver, name: str, stake: AtStake, page: Page[Heir]) -> Screen:
    """Who gets the tasks: the count is told, and nothing has happened yet."""
    names = told_apart(page.items)
    rows = [
        button(
            t.plain(
                "handover-heir",
                name=names[one.id],
                role=t.plain(f"role-{one.role}"),
                takes=one.takes,
                count=stake.count,
            ),
            act.model_copy(update={"to": one.id, "at": ""}),
        )
        for one in page.items
    ]
    nobody = button(t.plain("handover-nobody"), act.model_copy(update={"to": NOBODY, "at": ""}))
    keep = button(t.plain("handover-keep"), act.model_copy(update={"to": KEEP, "at": ""}))
    ask = "handover-ask" if page.items else "handover-ask-nobody"
    return screen(
        Markup("\n\n").join([_stake(t, act, name, stake), t(ask)]),
        *column(rows),
        pager(t, page, act),
        [keep] if act.act == "w" else None,
        [nobody],
        [button(t.plain("button-back"), back(act))],
    )


def sure(
    t: Translator,
    act: to.HandOver,
    question: Markup,
    heir: str | None,
    left: AtStake,
    version: str,
    *,
    gives: bool = True,
) -> Screen:
    """Asks once more, and names the tasks that nobody will have.

    The yes counts as long as the person, of that `version`, and those tasks stay as they are.
    Who `gives` no tasks to others hears that others will.
    """
    lines = [question]
    if act.to == KEEP:
        lines.append(t("handover-kept"))
    elif heir is not None:
        lines.append(t("handover-to", heir=heir))
    if left.count:
        told = {"count": left.count, "refs": refs(left.refs, left.count)}
        lines.append(t("handover-left" if gives else "handover-own", **told))
    return screen(
        Markup("\n\n").join(lines),
        [
            button(
                t.plain("button-yes"), act.model_copy(update={"sure": seen(version, left.count)})
            ),
            button(t.plain("button-no"), back(act)),
        ],
    )


def done(t: Translator, handed: Handed) -> Markup | None:
    """What became of the tasks; None where there were none."""
    lines = []
    if handed.given:
        lines.append(t("handover-given", count=handed.given, heir=handed.heir or ""))
    if handed.left:
        count = len(handed.left)
        lines.append(t("handover-left-now", count=count, refs=refs(handed.left[:NAMED], count)))
    return Markup("\n").join(lines) if lines else None


def with_done(t: Translator, shown: Screen, handed: Handed) -> Screen:
    """The screen with what became of the tasks above it."""
    notice = done(t, handed)
    return shown if notice is None else shown.with_notice(notice)


def refs(named: tuple[str, ...], count: int) -> str:
    """The numbers of a few tasks, and a sign that there are more."""
    return ", ".join(named) + (" …" if count > len(named) else "")


def _stake(t: Translator, act: to.HandOver, name: str, stake: AtStake) -> Markup:
    key = "handover-stake-own" if act.act == "l" else "handover-stake"
    return t(key, name=name, count=stake.count, refs=refs(stake.refs, stake.count))
