"""The card of a task: its buttons by state and role, and what a click on each of them does."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from tests.bot.rows import change, fingerprint, rows

LEADING = {
    Status.NEW: "Start, Cancel task",
    Status.IN_PROGRESS: "Submit, Cancel task",
    Status.REVIEW: "Accept, Return, Cancel task",
    Status.DONE: "Reopen",
    Status.CANCELLED: "Reopen",
}
WORKING = {Status.NEW: "Start", Status.IN_PROGRESS: "Submit"}
DECIDING = {Status.REVIEW: "Accept, Return"}
AT_HAND = "Assignee, Due, Checklist"
BEYOND = "Title, Description, Priority, Tags"
OPEN = (Status.NEW, Status.IN_PROGRESS, Status.REVIEW)

MOVES = ("Start", "Submit", "Accept", "Return", "Cancel task", "Reopen")
ASKING = ("Submit", "Return", "Cancel task")
LEADS_TO = {
    (Status.NEW, "Start"): "in_progress",
    (Status.REVIEW, "Accept"): "done",
    (Status.DONE, "Reopen"): "in_progress",
    (Status.CANCELLED, "Reopen"): "in_progress",
}


async def labels(person, task: int) -> list[str]:
    """The buttons of the card and of what lies behind the last of them, without the ways on."""
    await person.clicks_data(f"t:{task}")
    card = [text.split(" ", 1)[1] for text in person.screen.buttons]
    await person.clicks("More")
    more = [text.split(" ", 1)[1] for text in person.screen.buttons]
    assert (card[-3:], more[-1]) == (["More", "Tasks", "Menu"], "Back")
    return card[:-3] + more[:-1]


def expected(role: Role, status: Status, *, assigned: bool = False, author: bool = False) -> list:
    parts = {Role.WORKER: WORKING if assigned else {}, Role.CLIENT: DECIDING}.get(role, LEADING)
    leads = role in (Role.ADMIN, Role.MANAGER)
    edits = status in OPEN if leads else role is Role.WORKER and author and status is Status.NEW
    listed = [
        parts.get(status, ""),
        "Comment",
        AT_HAND if edits else "",
        "Files",
        BEYOND if edits else "",
        "Move" if edits and leads else "",
        "" if role is Role.CLIENT else "Copy",
        "Submissions" if status in (Status.REVIEW, Status.DONE) else "",
        "History",
        "Mute",
    ]
    return [label for part in listed if part for label in part.split(", ")]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
async def test_the_card_has_the_buttons_of_its_state_and_the_role(acme, role, status):
    person, actor = acme.everyone[role], acme.team.actor(role)
    free = await acme.task("Nobody’s", status=status)
    own = await acme.task("Given", status=status, assignee=acme.team.worker)
    assert await labels(person, free) == expected(role, status)
    assert await labels(person, own) == expected(role, status, assigned=actor is acme.team.worker)


@pytest.mark.parametrize("status", Status)
async def test_a_worker_may_edit_what_she_wrote_while_it_is_new(acme, status):
    task = await acme.task("Idea", author=acme.team.worker, status=status)
    assert await labels(acme.wanda, task) == expected(Role.WORKER, status, author=True)


async def test_the_fullest_card_has_few_rows(acme, database):
    task = await acme.task(status=Status.REVIEW)
    await change(database, "update tasks set description = repeat('я', 4000)")
    await acme.ada.clicks_data(f"t:{task}")
    assert len(acme.ada.screen.keyboard) <= 6


PARTS = {
    "Priority": ("More", "Priority", "high"),
    "Title": ("More", "Title", "Another title"),
    "Description": ("More", "Description", "All about it"),
    "Tags": ("More", "Tags", "#pump"),
    "Assignee": ("Assignee", "Wanda"),
    "Due": ("Due", "Tomorrow"),
    "Checklist": ("Checklist", "Drain"),
    "Comment": ("Comment", "Seen"),
}


@pytest.mark.parametrize("part", PARTS)
async def test_every_part_is_changed_by_three_taps_or_words_at_most(acme, database, part):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    before = await fingerprint(database)
    assert len(PARTS[part]) <= 3
    for step in PARTS[part]:
        asked = await acme.ada.step()
        await (acme.ada.sends(step) if asked and part != "Due" else acme.ada.clicks(step))
    assert await fingerprint(database) != before


async def test_back_from_what_lies_behind_more_leads_there_and_then_to_the_card(acme):
    task = await acme.task(status=Status.REVIEW)
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("Seen")
    await acme.ada.clicks("More")
    more = acme.ada.screen
    for label in ("Priority", "Move", "All comments", "Submissions", "History"):
        await acme.ada.clicks(label)
        assert acme.ada.screen.text != more.text, label
        await acme.ada.clicks("‹ Back")
        assert acme.ada.screen == more, label
    await acme.ada.clicks("‹ Back")
    assert "📁 Website" in acme.ada.screen.text


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
async def test_a_forged_step_works_only_where_the_card_offers_it(acme, database, role, status):
    person = acme.everyone[role]
    for action, label in zip(Action, MOVES, strict=True):
        task = await acme.task(status=status, assignee=acme.team.worker)
        await person.clicks_data(f"t:{task}")
        decides = action in (Action.ACCEPT, Action.RETURN)
        step = f"td:{task}:1:{action}" if decides else f"tm:{task}:{action}"
        offered = step in person.screen.data
        before = await fingerprint(database)
        await person.clicks_data(step)
        unchanged = await fingerprint(database) == before
        if not offered:
            assert person.alert
            assert person.toast.startswith(("Your role doesn’t allow that.", "Someone was faster"))
        now = await rows(database, "select status from tasks where id = :id", id=task)
        assert now == [LEADS_TO.get((status, label), status) if offered else status]
        assert unchanged is (not offered or label in ASKING)


@pytest.mark.parametrize("role", Role)
async def test_edits_work_for_those_who_see_the_buttons_and_for_nobody_else(acme, database, role):
    person = acme.everyone[role]
    task = await acme.task(assignee=acme.team.worker)
    may = role in (Role.ADMIN, Role.MANAGER)
    for data in (
        f"ts:{task}:priority:urgent",
        f"ts:{task}:due_at:week",
        f"ta:{task}:{acme.team.manager.user_id}:",
        f"ta:{task}:0:",
    ):
        before = await fingerprint(database)
        await person.clicks_data(data)
        changed = await fingerprint(database) != before
        assert changed is may, data
        assert may or person.toast.startswith("Your role doesn’t allow that.")
    for field in ("title", "description", "due_at"):
        await person.clicks_data(f"te:{task}:{field}")
        assert (await person.step() == "TaskWords:asking") is may


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
async def test_a_closed_task_is_not_edited_any_more(acme, database, status):
    task = await acme.task(status=status)
    before = await fingerprint(database)
    for data in (f"ts:{task}:priority:urgent", f"ta:{task}:0:", f"ts:{task}:due_at:none"):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast == "The task is closed. Reopen it to change it."
    assert await fingerprint(database) == before


async def test_the_card_speaks_russian(acme):
    await acme.speak("ru")
    task = await acme.task(status=Status.REVIEW)
    await acme.ada.clicks_data(f"t:{task}")
    assert "📁 Website · 🟣 на приёмке" in acme.ada.screen.text
    assert "Сдача 1: Ada" in acme.ada.screen.text
    moves = [text.split(" ", 1)[1] for text in acme.ada.screen.buttons[:3]]
    assert moves == ["Принять", "Вернуть", "Отменить"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_card_filled_to_the_brim_still_fits(acme, database, language):
    await acme.speak(language)
    worst = "&" * 4000
    name = "Ж" * 64
    for person in (acme.ada, acme.wanda, acme.clive):
        person.name = name
    task = await acme.task("&" * 200, assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await acme.ada.clicks_data(f"te:{task}:description")
    await acme.ada.sends(worst)
    for _ in range(3):
        await acme.wanda.clicks_data(f"te:{task}:comment")
        await acme.wanda.sends(worst)
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.wanda.sends("&" * 1000)
    await acme.clive.clicks_data(f"td:{task}:1:return")
    await acme.clive.sends("&" * 1000)
    await acme.ada.clicks_data(f"t:{task}")
    assert acme.ada.screen.text.count("&") > 1200 + 5 * 340
    assert name in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_history_filled_to_the_brim_still_fits(acme, language):
    await acme.speak(language)
    acme.ada.name = "&" * 64
    task = await acme.task("&" * 200)
    for number in range(16):
        await acme.ada.clicks_data(f"te:{task}:title")
        await acme.ada.sends(f"{number:02}" + "&" * 198)
    await acme.ada.clicks("More" if language == "en" else "Ещё")
    await acme.ada.clicks("History" if language == "en" else "История")
    assert "14&&&" in acme.ada.screen.text
    assert len(acme.ada.screen.text) <= 4096
    await acme.ada.clicks("Next ›" if language == "en" else "Следующие ›")
    assert "00&&&" in acme.ada.screen.text
    assert "14&&&" not in acme.ada.screen.text
    previous, back, card = acme.ada.screen.data[-3:]
    assert (previous[:3], back, card) == ("th:", f"te:{task}:more", f"t:{task}")
