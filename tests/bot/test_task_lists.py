"""/tasks and /approvals: which tasks a list shows, to whom, and how it pages."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests import factories


def tasks_in(person) -> list[str]:
    return [label for label in person.screen.buttons if "WEB-" in label]


async def test_a_worker_sees_hers_and_the_rest_one_click_away(acme, database):
    await acme.task("Hers", assignee=acme.team.worker)
    await acme.task("Done", assignee=acme.team.worker, status=Status.DONE)
    await acme.task("Someone else’s", due_at=now() - timedelta(days=1))
    hidden = await factories.project(database, acme.team.id, key="HID")
    await factories.task(database, hidden, "Hidden", author=acme.team.admin)
    await acme.wanda.sends("/tasks")
    assert acme.wanda.screen.text == "📋 My tasks"
    assert tasks_in(acme.wanda) == ["⚪ WEB-1 Hers"]
    views = [b for b in acme.wanda.screen.buttons if b in ("• Mine", "All open", "Overdue")]
    assert views == ["• Mine", "Overdue", "All open"]
    await acme.wanda.clicks("All open")
    assert [label.split()[1] for label in tasks_in(acme.wanda)] == ["WEB-3", "WEB-1"]
    await acme.wanda.clicks("Overdue")
    assert len(tasks_in(acme.wanda)) == 1
    assert "⏰ yesterday" in tasks_in(acme.wanda)[0]
    await acme.wanda.clicks("WEB-3")
    assert acme.wanda.screen.text.startswith("WEB-3 Someone else’s")
    assert "⏰ Overdue: yesterday" in acme.wanda.screen.text


async def test_empty_lists_say_what_to_do_next_in_both_languages(acme):
    for language, words in (
        ("en", ("You have no open tasks.", "There are no open tasks here.", "Nothing is overdue.")),
        ("ru", ("У вас нет открытых задач.", "Открытых задач здесь нет.", "Ничего не просрочено.")),
    ):
        await acme.speak(language)
        await acme.ada.sends("/tasks")
        for data, text in zip(("tl:m:0:", "tl:o:0:", "tl:v:0:"), words, strict=True):
            await acme.ada.clicks_data(data)
            assert text in acme.ada.screen.text


async def test_a_client_begins_with_all_open_tasks_of_their_projects(acme):
    await acme.task("Visible")
    await acme.clive.sends("/tasks")
    assert acme.clive.screen.text == "📋 Open tasks"
    assert tasks_in(acme.clive) == ["⚪ WEB-1 Visible"]
    assert not any("Mine" in b or "New task" in b for b in acme.clive.screen.buttons)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.CLIENT])
async def test_approvals_show_what_waits(acme, role):
    person = acme.everyone[role]
    await person.sends("/approvals")
    assert "Nothing waits for acceptance." in person.screen.text
    await acme.task("Ready", status=Status.REVIEW, assignee=acme.team.worker)
    await acme.task("Not ready")
    await person.sends("/approvals")
    assert tasks_in(person) == ["🟣 WEB-1 Ready"]
    await person.clicks("WEB-1 Ready")
    assert "Submission 1 by Ada" in person.screen.text


async def test_a_long_list_pages_forwards_and_back_and_shows_each_task_once(acme):
    for number in range(30):
        minute = now().replace(second=0, microsecond=0)
        due = minute + timedelta(hours=number // 3) if number % 2 else None
        await acme.task(f"No {number}", due_at=due)
    await acme.ada.sends("/tasks")
    await acme.ada.clicks("All open")
    pages = [tasks_in(acme.ada)]
    while any("Next" in button for button in acme.ada.screen.buttons):
        await acme.ada.clicks("Next ›")
        pages.append(tasks_in(acme.ada))
    assert [len(page) for page in pages] == [8, 8, 8, 6]
    assert len({label for page in pages for label in page}) == 30
    for page in reversed(pages[:-1]):
        await acme.ada.clicks("‹ Previous")
        assert tasks_in(acme.ada) == page
    assert not any("Previous" in button for button in acme.ada.screen.buttons)


async def test_a_project_has_its_own_list_and_the_way_back(acme, database):
    other = await factories.project(database, acme.team.id, key="APP", name="App")
    await factories.task(database, other, "Elsewhere", author=acme.team.admin)
    await acme.task("Here")
    await acme.ada.sends("/projects")
    await acme.ada.clicks("WEB – Website · 1 open")
    assert "⚪ new 1" in acme.ada.screen.text
    await acme.ada.clicks("Tasks")
    assert tasks_in(acme.ada) == ["⚪ WEB-1 Here"]
    await acme.ada.clicks("Overdue")
    assert "Nothing is overdue." in acme.ada.screen.text
    await acme.ada.clicks("New task")
    assert acme.ada.screen.text.startswith("A new task in WEB – Website.")
    await acme.ada.clicks_data(f"tl:o:{acme.project}:")
    await acme.ada.clicks("‹ Project")
    assert acme.ada.screen.text.startswith("📁 WEB – Website")


async def test_titles_of_any_kind_make_readable_buttons(acme):
    titles = ["<b>bold</b>", "R&D &amp; more", "עברית قلم", "👩‍🚀" * 60, "x" * 200]
    for title in titles:
        await acme.task(title, due_at=now() + timedelta(days=1))
    await acme.ada.sends("/tasks")
    await acme.ada.clicks("All open")
    assert "<b>bold</b>" in tasks_in(acme.ada)[0]
    assert "R&D &amp; more" in tasks_in(acme.ada)[1]
    for label, title in zip(list(tasks_in(acme.ada)), titles, strict=True):
        assert "tomorrow" in label
        await acme.ada.sends("/tasks")
        await acme.ada.clicks("All open")
        await acme.ada.clicks(label)
        assert title in acme.ada.screen.text


async def test_writing_a_tasks_number_opens_it_within_reach(acme, database):
    await acme.task("Fix the pump")
    hidden = await factories.project(database, acme.team.id, key="HID")
    await factories.task(database, hidden, "Hidden", author=acme.team.admin)
    await acme.wanda.sends("web-1")
    assert acme.wanda.screen.text.startswith("WEB-1 Fix the pump")
    for ref in ("HID-1", "WEB-99", "WEB-999999999"):
        await acme.wanda.sends(ref)
        assert "I can’t find that task." in acme.wanda.screen.text


async def test_the_list_of_a_project_says_whose_it_is(acme):
    await acme.task()
    await acme.ada.clicks_data(f"tl:o:{acme.project}:")
    assert acme.ada.screen.text.startswith("📁 WEB · 📋 Open tasks")
    await acme.ada.clicks_data("tl:o:0:")
    assert acme.ada.screen.text.startswith("📋 Open tasks")
