"""Filters of the lists: they combine, are remembered and shown, and one button clears them."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Priority, Status
from tests import factories


def tasks_in(person) -> list[str]:
    return [
        label.split()[1] for label in person.screen.buttons if "WEB-" in label or "APP-" in label
    ]


@pytest.fixture
async def stocked(acme, database):
    """Tasks that differ in each part."""
    app = await factories.project(database, acme.team.id, acme.team.worker, key="APP", name="App")
    urgent, worker = Priority.URGENT, acme.team.worker
    await acme.task("1", assignee=worker, priority=urgent)
    await acme.task("2", assignee=worker)
    await acme.task("3", priority=urgent)
    await factories.task(database, app, "4", author=acme.team.admin, priority=urgent)
    return acme


async def test_parts_combine_are_shown_and_cleared_at_once(stocked):
    ada = stocked.ada
    await ada.clicks_data("tl:o:0:")
    for part, label, left in (
        ("Priority: any", "urgent", ["WEB-1", "WEB-2", "WEB-3"]),
        ("Project: any", "WEB – Website", ["WEB-1", "WEB-3"]),
        ("Assignee: any", "Wanda", ["WEB-1"]),
    ):
        await ada.clicks("Filter")
        await ada.clicks(part)
        await ada.clicks(label)
        assert ada.toast == "Saved."
        await ada.clicks("Show the list")
        if part != "Priority: any":
            assert tasks_in(ada) == left
    assert ada.screen.text == "📋 Open tasks\n🎛 📁 WEB · 👤 Wanda · 🔥 urgent"
    assert ada.screen.buttons[0] == "✖️ Clear the filter"
    await ada.clicks("Clear the filter")
    assert ada.toast == "Showing everything again."
    assert ada.screen.text == "📋 Open tasks"
    assert len(tasks_in(ada)) == 4


async def test_it_is_remembered_for_every_list_the_board_and_the_next_day(stocked):
    ada = stocked.ada
    await ada.clicks_data("lf:o:0:priority:urgent:")
    for way in ("/tasks", "/board", "/menu", "/tasks"):
        await ada.sends(way)
    await ada.clicks("All open")
    assert sorted(tasks_in(ada)) == ["APP-1", "WEB-1", "WEB-3"]
    await ada.sends("/board")
    assert "⚪ new · 3" in ada.screen.text
    await ada.clicks("Clear the filter")
    assert "⚪ new · 4" in ada.screen.text


async def test_it_belongs_to_one_person_in_one_company(stocked, globex):
    await stocked.ada.clicks_data("lf:o:0:priority:urgent:")
    await stocked.max.clicks_data("tl:o:0:")
    assert len(tasks_in(stocked.max)) == 4
    account = stocked.team.admin.account
    await factories.member(stocked.database, globex.team.id, "manager", person=account)
    await globex.task("Normal")
    await stocked.ada.clicks_data(f"sw:{globex.team.id}")
    await stocked.ada.clicks_data("tl:o:0:")
    assert stocked.ada.screen.text == "📋 Open tasks"


async def test_me_and_nobody_can_be_chosen(stocked):
    await stocked.wanda.clicks_data("tl:o:0:")
    await stocked.wanda.clicks("Filter")
    await stocked.wanda.clicks("Assignee: any")
    await stocked.wanda.clicks("Me")
    await stocked.wanda.clicks("Show the list")
    assert tasks_in(stocked.wanda) == ["WEB-1", "WEB-2"]
    assert "👤 Wanda" in stocked.wanda.screen.text
    await stocked.wanda.clicks("Filter")
    await stocked.wanda.clicks("Assignee: 👤 Wanda")
    assert "• Me" in stocked.wanda.screen.buttons
    await stocked.wanda.clicks("nobody")
    await stocked.wanda.clicks("Show the list")
    assert sorted(tasks_in(stocked.wanda)) == ["APP-1", "WEB-3"]


async def test_orders_change_what_comes_first_and_are_shown(stocked):
    ada = stocked.ada
    await ada.clicks_data("tl:o:0:")
    await ada.clicks("Filter")
    await ada.clicks("Order: nearest due date first")
    await ada.clicks("newest first")
    await ada.clicks("Show the list")
    assert ada.screen.text == "📋 Open tasks\n🎛 newest first"
    assert tasks_in(ada)[0] == "APP-1"
    await ada.clicks_data("lf:o:0:sort:priority:")
    await ada.clicks("Show the list")
    assert tasks_in(ada)[-1] == "WEB-2"
    await ada.clicks("Closed")
    assert "🎛" not in ada.screen.text


async def test_a_tag_is_chosen_among_the_most_used_in_any_alphabet(stocked):
    ada, tag = stocked.ada, "насос-" * 5
    await ada.clicks_data("lf:o:0:tag::")
    assert "No task has a tag yet." in ada.screen.text
    await ada.sends("WEB-1")
    await ada.clicks("More")
    await ada.clicks("Tags")
    await ada.sends(f"#{tag}")
    await ada.clicks_data("lf:o:0:tag::")
    await ada.clicks(f"#{tag}")
    await ada.clicks("Show the list")
    assert tasks_in(ada) == ["WEB-1"]
    assert f"#{tag}" in ada.screen.text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nothing here fits the filter."), ("ru", "здесь пусто")]
)
async def test_an_empty_list_says_that_the_filter_is_why(stocked, language, words):
    await stocked.speak(language)
    await stocked.ada.clicks_data("lf:o:0:priority:low:")
    for data in ("tl:o:0:", "tl:c:0:", "bd:0"):
        await stocked.ada.clicks_data(data)
        assert words in stocked.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_empty_list_of_a_project_names_it(stocked, language):
    await stocked.speak(language)
    there = f"tl:o:{stocked.project}:"
    await stocked.ada.clicks_data(there)
    assert stocked.ada.screen.text.startswith("📁 WEB · 📋")
    await stocked.ada.clicks_data("lf:o:0:priority:low:")
    await stocked.ada.clicks_data(there)
    assert stocked.ada.screen.text.startswith("📁 WEB · 📋")
    assert tasks_in(stocked.ada) == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The order stays as you chose it."), ("ru", "Порядок остался")]
)
async def test_clearing_says_that_the_order_stays(stocked, language, words):
    await stocked.speak(language)
    await stocked.ada.clicks_data("lf:o:0:sort::")
    assert {"en": "By me", "ru": "От меня"}[language] in stocked.ada.screen.text
    await stocked.ada.clicks_data("lf:o:0:sort:newest:")
    await stocked.ada.clicks_data("lf:o:0:priority:low:")
    await stocked.ada.clicks_data("lf:o:0:clear::")
    assert words in stocked.ada.toast


async def test_a_filter_that_makes_no_sense_any_more_is_a_stale_button(stocked):
    await stocked.ada.sends("/menu")
    for data in (
        "lf:o:0:priority:extreme:",
        "lf:o:0:sort:mood:",
        "lf:o:0:tag:12345:",
        "lf:o:0:mood:good:",
        "lf:o:0:mood::",
        "lf:o:0:assignee:-5:",
        "lf:x:0:::",
    ):
        await stocked.ada.clicks_data(data)
        assert stocked.ada.toast == "This button is out of date. Open /menu to go on.", data


async def test_the_board_shows_the_first_of_each_status_and_leads_to_their_lists(stocked):
    await stocked.task("Ready", status=Status.REVIEW, assignee=stocked.team.worker)
    await stocked.ada.sends("/board")
    text = stocked.ada.screen.text
    assert text.startswith("🗂 Board\n\n⚪ new · 4\n")
    assert "🟣 in review · 1\n/WEB_4 Ready · Wanda" in text
    assert "in progress" not in text
    await stocked.ada.clicks("in review 1")
    assert stocked.ada.screen.text == "🟣 In review"
    assert tasks_in(stocked.ada) == ["WEB-4"]
    await stocked.ada.clicks("Board")
    assert stocked.ada.screen.text == text
    await stocked.ada.sends("/WEB_4")
    assert stocked.ada.screen.text.startswith("WEB-4 Ready")


async def test_a_project_has_a_board_of_its_own(stocked):
    await stocked.ada.clicks_data(f"tl:o:{stocked.project}:")
    await stocked.ada.clicks("Board")
    assert stocked.ada.screen.text.startswith("📁 WEB · 🗂 Board\n\n⚪ new · 3")
    await stocked.ada.clicks("new 3")
    assert sorted(tasks_in(stocked.ada)) == ["WEB-1", "WEB-2", "WEB-3"]
    await stocked.ada.clicks("‹ Project")
    assert stocked.ada.screen.text.startswith("📁 WEB – Website")


@pytest.mark.parametrize(("language", "words"), [("en", "no tasks here"), ("ru", "Задач здесь")])
async def test_an_empty_board_says_what_to_do_next(acme, statements, language, words):
    await acme.speak(language)
    await acme.clive.sends("/board")
    assert words in acme.clive.screen.text
    with statements() as said:
        await acme.clive.clicks_data(f"bd:{acme.project}")
    assert len(said) <= 4, said.verbs
    assert acme.clive.screen.text.startswith("📁 WEB · 🗂 ")


async def test_a_column_that_is_cut_says_how_much_more_there_is(acme):
    for number in range(5):
        await acme.task(f"No {number}")
    await acme.ada.sends("/board")
    assert acme.ada.screen.text.endswith("/WEB_3 No 2\n… and 2 more")
    await acme.speak("ru")
    await acme.ada.clicks_data("bd:0")
    assert acme.ada.screen.text.endswith("… и ещё 2")


@pytest.mark.parametrize("data", ["bd:{}", "tl:o:{}:", "lf:o:{}:clear::", "lf::{}:clear::"])
async def test_lists_and_boards_of_projects_beyond_reach_are_refused(acme, globex, data):
    hidden = await factories.project(acme.database, acme.team.id, key="HID", name="Hidden")
    await factories.task(acme.database, hidden, "Hidden", author=acme.team.admin)
    await globex.task("Secret")
    for project in (hidden, globex.project, 2**62):
        await acme.wanda.clicks_data(data.format(project))
        assert acme.wanda.toast.startswith("I can’t find that project."), project


async def test_a_client_can_choose_whoever_holds_tasks_of_their_projects(acme, database):
    """Max is in no project; Ada holds none of their tasks."""
    await acme.task("Of Max", assignee=acme.team.manager)
    other = await factories.project(database, acme.team.id, key="OPS", name="Ops")
    await factories.task(database, other, "Hid", author=acme.team.admin, assignee=acme.team.admin)
    for person in (acme.clive, acme.wanda):
        await person.clicks_data("lf:o:0:assignee::")
        assert "Max" in person.screen.buttons
        assert "Ada" not in person.screen.buttons
        await person.clicks("Max")
        await person.clicks("Show the list")
        assert next(one for one in person.screen.buttons if "WEB-" in one).endswith("Of Max")
        forged = f"lf:o:0:assignee:{acme.team.admin.user_id}:"
        await person.clicks_data(forged)
        assert person.toast.startswith("I can’t find that person here.")


async def test_a_namesake_out_of_reach_is_not_told_of(acme, database):
    await factories.member(database, acme.team.id, Role.WORKER, "Wanda")
    for person, label in ((acme.clive, "Wanda"), (acme.max, "Wanda (№3)")):
        await person.clicks_data("lf:o:0:assignee::")
        assert label in person.screen.buttons
