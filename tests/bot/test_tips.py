"""First-use tips: once for each person, where they help, and never in the way."""

import asyncio

import pytest
from aiogram import Router

from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.core.middlewares.tips import handler_name
from saas_bot.domain.permissions import Role, may
from saas_bot.domain.task_flow import Status
from saas_bot.handlers import build_routers
from saas_bot.screens.help import LESSONS
from saas_bot.screens.screen import TEXT_LIMIT, Screen, length
from saas_bot.screens.tips import TIPS, with_tip
from saas_bot.services import tips
from tests.bot.rows import change, fingerprint, rows
from tests.bot.test_statements import MOST_TO_CHANGE, MOST_TO_READ

ALL = [one.name for one in TIPS]
SEEN = "select tips_seen from accounts where telegram_id = :person"
TAUGHT = {
    Role.ADMIN: "project invite roles people create accept report discuss files find hear work",
    Role.MANAGER: "project invite people create accept report discuss files find hear work",
    Role.WORKER: "work create report discuss files find hear",
    Role.CLIENT: "accept report discuss files find hear",
}
"""The lessons of each role, in their order."""


def seen(text) -> str:
    """A text as the stage shows it."""
    return text.striptags().replace("\N{WORD JOINER}", "")


HANDLERS = sorted({name for tip in TIPS for name in tip.after})


async def have_seen(cast, names: list[str]) -> None:
    """What everyone has seen."""
    await change(cast.database, "update accounts set tips_seen = :names", names=names)


@pytest.fixture
async def fresh(acme):
    """Acme, whose people have seen no tip yet."""
    await have_seen(acme, [])
    return acme


def tip_under(person) -> str:
    """The last paragraph of the screen, if it is a tip."""
    last = person.screen.text.rpartition("\n\n")[2]
    return last if last.startswith("💡") else ""


def text_of(name: str, language: str = "en") -> str:
    return translator(language)(f"tip-{name}").striptags()


async def ways(acme) -> dict[str, tuple[str, ...]]:
    """How to come to each handler that has a tip: words, or what is clicked after a `>`."""
    task = await acme.task("Pump", status=Status.REVIEW, assignee=acme.team.worker)
    new = await acme.task("Hose", assignee=acme.team.worker)
    await change(
        acme.database,
        "insert into checklist_items (company_id, task_id, text)"
        " select company_id, id, 'Oil it' from tasks where id = :task",
        task=task,
    )
    return {
        "company.account.show_settings": ("/settings",),
        "drafts.beginning.begin": ("/newtask",),
        "drafts.parts.create": ("/newtask", f">d:project:{acme.project}:", "Valve", ">d:create::"),
        "lists.pages.show_approvals": ("/approvals",),
        "lists.pages.show_tasks": (">tl:o:0:",),
        "projects.pages.show_project": (f">p:{acme.project}",),
        "reports.commanded": ("/report",),
        "reports.show_report": (">o:report",),
        "search.pages.commanded": ("/search pump",),
        "tasks.pages.show_numbered": ("WEB-1",),
        "tasks.pages.show_task": (f">t:{task}",),
        "tasks.pages.show_task submit": (f">t:{new}",),
        "tasks.pages.show_numbered submit": ("WEB-2",),
        "tasks.parts.show_checklist": (f">te:{task}:checklist",),
    }


async def go(person, step: str) -> None:
    await (person.clicks_data(step[1:]) if step.startswith(">") else person.sends(step))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
async def test_each_is_shown_once_where_it_helps_to_those_who_may(
    acme, database, statements, role, language
):
    await acme.speak(language)
    person, there = acme.everyone[role], await ways(acme)
    assert {name.partition(" ")[0] for name in there} == set(HANDLERS)
    for tip in TIPS:
        for handler in tip.after:
            *before, last = there.get(f"{handler} {tip.name}") or there[handler]
            for shown in (may(role, tip.needs), False):
                for step in before:
                    await go(person, step)
                if shown:
                    await have_seen(acme, [name for name in ALL if name != tip.name])
                with statements() as said:
                    await go(person, last)
                expected = text_of(tip.name, language) if shown else ""
                assert tip_under(person) == expected, (tip.name, handler)
                most = MOST_TO_CHANGE if handler.endswith("create") else MOST_TO_READ
                assert len(said) <= most, (handler, said.verbs)


async def test_there_is_one_at_a_time_in_the_order_of_the_table(fresh, database):
    await fresh.task(assignee=fresh.team.admin)
    shown = []
    for _ in range(5):
        await fresh.ada.sends("/tasks")
        shown.append(tip_under(fresh.ada))
    assert shown == [*(text_of(name) for name in ("number", "filter", "board")), "", ""]
    assert await rows(database, SEEN, person=fresh.ada.id) == [["number", "filter", "board"]]
    await fresh.max.clicks_data("tl:o:0:")
    assert tip_under(fresh.max) == text_of("number"), "each person sees them"


async def test_who_has_written_one_line_is_not_told_of_it(fresh):
    for first, tip in (("/task WEB Valve", "forward"), ("/newtask", "one-line")):
        await fresh.ada.sends(first)
        if first == "/newtask":
            await fresh.ada.sends("Valve")
        await fresh.ada.clicks("Create")
        assert tip_under(fresh.ada) == text_of(tip)


async def test_what_was_seen_in_one_company_is_not_shown_in_another(fresh, globex, database):
    await fresh.ada.sends("/settings")
    assert tip_under(fresh.ada) == text_of("timezone")
    admin = globex.team.admin.account
    await change(
        database,
        "update users set telegram_id = :ada where telegram_id = :other",
        ada=fresh.ada.id,
        other=admin.telegram_id,
    )
    await fresh.ada.clicks_data(f"sw:{globex.team.id}")
    await fresh.ada.sends("/settings")
    assert tip_under(fresh.ada) == ""


async def test_many_updates_at_once_show_it_once(fresh, database):
    async def shows() -> bool:
        async with database.reading() as driver:
            return await tips.see(driver, fresh.team.admin.account, "number")

    assert sorted(await asyncio.gather(*(shows() for _ in range(8)))) == [False] * 7 + [True]
    assert await rows(database, SEEN, person=fresh.ada.id) == [["number"]]


@pytest.mark.parametrize("status", [Status.REVIEW, Status.DONE, Status.CANCELLED])
async def test_it_speaks_of_buttons_that_are_there(acme, database, status):
    task = await acme.task("Pump", status=status, assignee=acme.team.worker)
    await have_seen(acme, [name for name in ALL if name not in ("submit", "search")])
    for role in (Role.ADMIN, Role.WORKER):
        await acme.everyone[role].clicks_data(f"t:{task}")
        assert tip_under(acme.everyone[role]) == "", role
    await acme.ada.sends("/search")
    assert tip_under(acme.ada) == "", "the question says it already"
    seen = await rows(database, SEEN, person=acme.ada.id)
    assert "submit" not in seen[0][0], "it is kept until it helps"


async def test_a_refusal_has_none(fresh, database):
    task = await fresh.task(assignee=fresh.team.worker)
    before = await rows(database, SEEN, person=fresh.wanda.id)
    await fresh.wanda.clicks_data(f"td:{task}:1:accept")
    assert fresh.wanda.alert
    assert "💡" not in fresh.wanda.screen.text
    for words in ("WEB-99", "/search the", "/nonsense", "Hi there"):
        await fresh.wanda.sends(words)
        assert "💡 " not in fresh.wanda.screen.text.partition("💡 Tips")[0], words
    assert await rows(database, SEEN, person=fresh.wanda.id) == before


async def test_nobody_sees_one_before_they_are_in_a_company(stage, database):
    nora = stage.person(7, "Nora")
    for words in ("/start", "/settings", "/help", "/tasks"):
        await nora.sends(words)
        assert "💡" not in nora.screen.text, words
    for step in (">o:create", "Initech", "Berlin"):
        await go(nora, step)
        assert "💡" not in nora.screen.text, step
    await nora.sends("/settings")
    assert tip_under(nora) == text_of("timezone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_without_room_for_it_has_none(language):
    t = translator(language)
    for tip in TIPS:
        room = TEXT_LIMIT - length(t(f"tip-{tip.name}")) - 2
        fits = with_tip(t, Screen("🙂" * (room // 2)), tip)
        assert fits is not None
        assert length(fits.text) <= TEXT_LIMIT
        assert with_tip(t, Screen("🙂" * (room // 2 + 1)), tip) is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_shows_them_all_and_lets_them_begin_again(acme, database, role, language):
    await acme.speak(language)
    t, person = translator(language), acme.everyone[role]
    await person.sends("/help")
    before = await fingerprint(database)
    await person.clicks(t.plain("button-tips"))
    for tip in TIPS:
        assert (text_of(tip.name, language) in person.screen.text) is may(role, tip.needs)
    assert await fingerprint(database) == before
    await person.clicks(t.plain("button-tips-again"))
    assert person.toast == t.plain("tips-again")
    assert await rows(database, SEEN, person=person.id) == [[]]
    await person.sends("/settings")
    assert tip_under(person) == text_of("timezone", language)


async def test_outside_of_any_company_their_button_gives_help(stage):
    nora = stage.person(7, "Nora")
    await nora.sends("/help")
    assert not any("Tips" in label for label in nora.screen.buttons)
    for data in ("o:tips", "o:tipsagain"):
        await nora.clicks_data(data)
        assert nora.screen.text.startswith("What I do for you")


def test_every_tip_stands_under_a_handler_that_asks_for_no_more_than_it_needs():
    found = {}

    def collect(router: Router) -> None:
        for observer in (router.message, router.callback_query):
            for one in observer.handlers:
                found[handler_name(one)] = one.flags["access"].permission
        for inner in router.sub_routers:
            collect(inner)

    for router in build_routers():
        collect(router)
    assert set(HANDLERS) <= set(found)
    for tip in TIPS:
        for role in Role:
            reachable = any(may(role, found[handler]) for handler in tip.after)
            assert reachable or not may(role, tip.needs), (tip.name, role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_short(language):
    assert [one for one in ALL if length(translator(language)(f"tip-{one}")) > 200] == []
    assert 8 <= len(ALL) == len(set(ALL))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
async def test_help_teaches_first_what_the_role_does_first(acme, role, language):
    await acme.speak(language)
    t, person = translator(language), acme.everyone[role]
    await person.sends("/help")
    taught = TAUGHT[role].split()
    lessons = {name: seen(t(f"lesson-{name}")) for name in LESSONS}
    at = [person.screen.text.index(lessons[name]) for name in taught]
    assert at == sorted(at)
    for name in set(LESSONS) - set(taught):
        assert lessons[name] not in person.screen.text
