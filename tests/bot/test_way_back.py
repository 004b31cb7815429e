"""From a task back to the list one came from: its view, project and page."""

from saas_bot.screens import callbacks as to
from tests.bot.rows import change


async def many(acme, count: int = 10) -> None:
    for number in range(count):
        await acme.task(f"No {number}", assignee=acme.team.worker)


async def test_back_from_the_card_to_the_same_page_of_the_same_view(acme):
    await many(acme)
    await acme.ada.sends("/tasks")
    await acme.ada.clicks("All open")
    await acme.ada.clicks("Next ›")
    page = acme.ada.screen
    await acme.ada.clicks("WEB-10 No 9")
    await acme.ada.clicks("Tasks")
    assert (acme.ada.screen.text, acme.ada.screen.data) == (page.text, page.data)


async def test_through_everything_that_can_be_done_with_the_task(acme):
    await many(acme)
    await acme.ada.sends("/projects")
    await acme.ada.clicks("WEB – Website")
    await acme.ada.clicks("Tasks")
    await acme.ada.clicks("Next ›")
    page = acme.ada.screen
    await acme.ada.clicks("WEB-10 No 9")
    for label in ("Start", "More", "Priority", "high", "More", "History", "‹ Back", "‹ Back"):
        await acme.ada.clicks(label)
    for label in ("Assignee", "Max", "Comment"):
        await acme.ada.clicks(label)
    await acme.ada.clicks("For the team only")
    await acme.ada.sends("Looks fine")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Title")
    await acme.ada.clicks("Cancel")
    await acme.ada.clicks("Due")
    await acme.ada.clicks("No date")
    await acme.ada.clicks("More")
    await acme.ada.clicks("All comments")
    await acme.ada.clicks("Task")
    await acme.ada.clicks("Cancel task")
    await acme.ada.clicks("No")
    await acme.ada.clicks("Submit")
    await acme.ada.sends("/cancel")
    await acme.ada.clicks("Tasks")
    assert acme.ada.screen.text == page.text
    assert acme.ada.screen.data[-7:] == page.data[-7:]
    assert "‹ Project" in acme.ada.screen.buttons


async def test_a_message_of_last_month_knows_its_way(acme):
    await acme.task(assignee=acme.team.worker)
    await acme.wanda.sends("/tasks")
    await acme.wanda.clicks("All open")
    await acme.wanda.clicks("WEB-1")
    card = acme.wanda.screen
    await acme.wanda.sends("/menu")
    await acme.wanda.does(acme.wanda.pressing(card.data_of("Start"), card))
    await acme.wanda.clicks("Tasks")
    assert acme.wanda.screen.text == "📋 Open tasks"
    assert "• All open" in acme.wanda.screen.buttons


async def test_a_card_opened_by_its_number_leads_to_the_first_list(acme):
    await acme.task(assignee=acme.team.worker)
    await acme.wanda.sends("WEB-1")
    await acme.wanda.clicks("Start")
    await acme.wanda.clicks("Tasks")
    assert acme.wanda.screen.text == "📋 My tasks"


async def test_a_page_that_has_run_empty_gives_way_to_the_first_one(acme, database):
    await many(acme, 9)
    await acme.wanda.sends("/tasks")
    await acme.wanda.clicks("Next ›")
    await acme.wanda.clicks("WEB-9 No 8")
    await change(database, "update tasks set assignee_id = null where number = 9")
    await acme.wanda.clicks("Tasks")
    assert "⚪ WEB-1 No 0" in acme.wanda.screen.buttons


def test_ids_too_long_for_a_button_lose_the_page_and_nothing_else():
    here = to.Tasks(view="o", project=2**62, at=f"f{2**62}.253402300799")
    listed = to.ListedTask.of(2**62, here)
    assert len(listed.pack().encode()) <= 64
    assert listed.list == to.Tasks(view="o", project=2**62)
    assert to.ListedTask.of(7, to.Tasks(view="o", at="f9.-")).list.at == "f9.-"
