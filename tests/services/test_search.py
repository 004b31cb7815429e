"""Full-text search: in both languages, ranked, with passages, and within one's reach only."""

import pytest

from saas_bot.core.errors import Invalid
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action
from saas_bot.services import projects, search, tasks
from tests import factories
from tests.services.paging import there_and_back


async def described(world, title: str, description: str = "", project: int | None = None) -> int:
    """The id of a task with that text."""
    draft = tasks.Draft(project or world.web, title, description=description)
    return (await world.do(tasks.create, world.team.admin, draft)).id


async def found(world, actor, words: str) -> list[str]:
    """The titles of what is found, the best match first."""
    hits = await there_and_back(lambda at: world.do(search.page, actor, words, at))
    return [hit.title for hit in hits]


def bold(passage) -> str:
    return "".join(f"[{text}]" if is_match else text for text, is_match in passage.pieces)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Заменить насосы в подвале", "насос"),
        ("Отчёт по смете", "отчеты"),
        ("Replace the pumps", "pump replacing"),
        ("Настроить login для насосов", "logins насос"),
        ("Order a new pump", '"new pump"'),
        ("Order a valve", "насос или valve"),
        ("Order a seal", "pump or seal"),
        ("Order a hose", "hose -pump"),
    ],
)
async def test_words_are_found_in_any_form_in_both_languages(world, title, words):
    await described(world, title)
    await described(world, "Something else")
    assert await found(world, world.team.admin, words) == [title]


async def test_all_words_are_wanted_unless_told_otherwise(world):
    await described(world, "New pump")
    await described(world, "Old pump for the new house")
    admin = world.team.admin
    assert set(await found(world, admin, "new pump")) == {"New pump", "Old pump for the new house"}
    assert await found(world, admin, '"new pump"') == ["New pump"]
    assert await found(world, admin, "pump -old") == ["New pump"]
    assert await found(world, admin, "pump valve") == []


async def test_a_title_counts_more_than_a_description_and_that_more_than_a_comment(world):
    remarked = await described(world, "Third")
    await world.do(tasks.comment, world.team.admin, remarked, "The pump drips")
    await described(world, "Second", "About the pump")
    await described(world, "First: pump")
    assert await found(world, world.team.admin, "pump") == ["First: pump", "Second", "Third"]


async def test_equal_matches_page_the_newest_first_and_lose_and_repeat_nothing(world):
    for number in range(20):
        await described(world, f"Pump {number:02}", "pump " * (number % 3))
    titles = await found(world, world.team.admin, "pump")
    assert len(titles) == len(set(titles)) == 20
    plain = [title for title in titles if int(title[-2:]) % 3 == 0]
    assert plain == sorted(plain, reverse=True)


async def test_passages_tell_where_it_was_found(world):
    task = await described(world, "Fix the <b>pump</b>", "In the cellar. " * 40 + "Насосы & pumps!")
    await world.do(tasks.comment, world.team.admin, task, "Which pump?")
    await world.do(tasks.comment, world.team.admin, task, "No matter")
    (hit,) = (await world.do(search.page, world.team.admin, "pump")).items
    assert bold(hit.in_title) == "Fix the <b>[pump]</b>"
    assert "Насосы & [pumps]" in bold(hit.in_description)
    assert len(bold(hit.in_description)) < 200
    assert bold(hit.in_comment) == "Which [pump]?"
    (hit,) = (await world.do(search.page, world.team.admin, "насос")).items
    assert hit.in_title is None
    assert "[Насосы]" in bold(hit.in_description)
    assert hit.in_comment is None


async def test_what_changes_is_found_as_it_is_now(world):
    task = await described(world, "Pump")
    await world.do(tasks.change, world.team.admin, task, "title", "Valve")
    assert await found(world, world.team.admin, "pump") == []
    assert await found(world, world.team.admin, "valve") == ["Valve"]


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_workers_and_clients_find_what_is_in_their_projects_only(world, role):
    await described(world, "Pump here")
    there = await described(world, "Pump there", project=world.ops)
    silent = await described(world, "Silent", project=world.ops)
    await world.do(tasks.comment, world.team.admin, silent, "A pump")
    assert await found(world, world.team.actor(role), "pump") == ["Pump here"]
    assert len(await found(world, world.team.manager, "pump")) == 3
    await world.do(tasks.move, world.team.admin, there, Action.CANCEL)
    assert "Pump there" in await found(world, world.team.manager, "pump")
    outsider = await factories.member(world.database, world.team.id, role, "Out")
    assert await found(world, outsider, "pump") == []


async def test_clients_find_nothing_in_comments_for_the_team_only(world):
    task = await described(world, "Cellar")
    await world.do(tasks.comment, world.team.manager, task, "The client pays late", internal=True)
    for role in (Role.ADMIN, Role.MANAGER, Role.WORKER):
        (hit,) = (await world.do(search.page, world.team.actor(role), "late")).items
        assert hit.internal
    assert await found(world, world.team.client, "late") == []
    await world.do(tasks.comment, world.team.manager, task, "We are late")
    (hit,) = (await world.do(search.page, world.team.client, "late")).items
    assert (bold(hit.in_comment), hit.internal) == ("We are [late]", False)


async def test_another_company_finds_nothing_of_ours(world):
    task = await described(world, "Pump")
    await world.do(tasks.comment, world.team.admin, task, "A pump")
    strangers = await factories.company(world.database, "Strangers")
    for actor in strangers.everyone:
        assert await found(world, actor, "pump") == []


async def test_archived_projects_are_searched_and_said_to_be_archived(world):
    await described(world, "Pump")
    await world.do(projects.set_archived, world.team.admin, world.web, archived=True)
    (hit,) = (await world.do(search.page, world.team.admin, "pump")).items
    assert hit.archived


@pytest.mark.parametrize("words", ["the", "и в на", "!!!", "-pump", "&|!():*<->", '""', "'"])
async def test_words_that_say_nothing_are_refused(world, words):
    await described(world, "The pump и в на")
    with pytest.raises(Invalid, match="search-nothing"):
        await world.do(search.page, world.team.admin, words)


@pytest.mark.parametrize(
    "words", ["pump &", "'pump'", "pump:*", "!pump", "(pump", "pump <-> x or", "\\pump", "pump\x01"]
)
async def test_no_words_are_a_mistake(world, words):
    await described(world, "Pump")
    await world.do(search.page, world.team.admin, search.tidy(words))


def test_words_are_short_and_readable():
    assert search.tidy("  new \n pump\u200b ") == "new pump"
    for words in ("", " ", "\u200b", "x" * (search.LONGEST + 1)):
        with pytest.raises(Invalid):
            search.tidy(words)


@pytest.mark.parametrize("role", Role)
async def test_a_page_takes_two_statements_whoever_asks(world, role, statements):
    await described(world, "Pump")
    with statements() as said:
        page = await world.do(search.page, world.team.actor(role), "pump")
    assert (len(said), len(page.items)) == (2, 1)
