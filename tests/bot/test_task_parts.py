"""Tags, the checklist and the copy of a task, from its card."""

from datetime import UTC, datetime

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests.bot.rows import change, fingerprint, rows

TAGS = "select tag from task_tags order by tag"
ITEMS = "select text, done from checklist_items order by id"


async def test_tags_are_written_in_one_message(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Tags")
    assert "No tags yet." in acme.ada.screen.text
    await acme.ada.sends("#Pump, urgent #old")
    assert "🏷 #old #pump #urgent" in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Tags")
    await acme.ada.sends("-#old blue")
    assert await rows(database, TAGS) == ["blue", "pump", "urgent"]
    await acme.ada.clicks("More")
    await acme.ada.clicks("History")
    assert "changed the tags: #old #pump #urgent → #blue #pump #urgent" in acme.ada.screen.text


async def test_tags_are_put_on_and_taken_off_by_one_tap_each_in_russian(acme, database):
    await acme.speak("ru")
    await acme.task("Другая")
    await change(
        database,
        "insert into task_tags select company_id, id, unnest(array['насос', 'срочно']) from tasks",
    )
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:tags")
    assert "Меток пока нет." in acme.ada.screen.text
    await acme.ada.clicks("➕ #насос")
    assert acme.ada.toast == "Сохранено."
    await acme.ada.clicks("➕ #срочно")
    await acme.ada.clicks("✖️ #насос")
    assert "🏷 #срочно" in acme.ada.screen.text
    await acme.ada.sends("#ещё")
    assert "🏷 #ещё #срочно" in acme.ada.screen.text
    assert await rows(database, f"select tag from task_tags where task_id = {task} order by 1") == [
        "ещё",
        "срочно",
    ]


@pytest.mark.parametrize(
    ("language", "none", "some"),
    [
        ("en", "this would make 12. Write fewer.", "make 11. Take some off (-#old), or add fewer."),
        ("ru", "вышло бы 12. Напишите меньше.", "вышло бы 11. Снимите лишние (-#старое) или"),
    ],
)
async def test_too_many_tags_are_refused_with_what_can_be_done(acme, language, none, some):
    await acme.speak(language)
    task = await acme.task()
    tags = [f"#a{number}" for number in range(12)]
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.sends(" ".join(tags))
    assert none in acme.ada.screen.text
    await acme.ada.sends(" ".join(tags[:10]))
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.sends("#more")
    assert some in acme.ada.screen.text


async def test_leaving_the_tags_cancels_nothing(acme):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.clicks_data(f"tg:{task}:1:pump")
    await acme.ada.clicks("Done")
    assert acme.ada.toast == ""
    assert "🏷 #pump" in acme.ada.screen.text
    assert await acme.ada.step() is None


async def test_a_word_that_is_no_tag_leaves_the_question_open(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.sends("#pump #a!")
    assert acme.ada.screen.text.startswith("“#a!” can’t be a tag.")
    assert await rows(database, TAGS) == []
    await acme.ada.sends("#pump")
    assert await rows(database, TAGS) == ["pump"]


async def test_a_tag_too_long_for_a_button_has_none(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.sends(f"#{'ж' * 32} #short")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Tags")
    assert "✖️ #short" in acme.ada.screen.buttons
    assert "ж" * 32 in acme.ada.screen.text
    await acme.ada.sends(f"-{'ж' * 32}")
    assert await rows(database, TAGS) == ["short"]


async def test_the_checklist_is_written_ticked_and_changed(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("Checklist")
    assert "The checklist is empty." in acme.ada.screen.text
    await acme.ada.clicks("Add items")
    await acme.ada.sends("Drain the <pump>\nOpen it\nClose it")
    assert "WEB-1 Fix the pump: 0/3\n\n⬜ Drain the <pump>\n⬜ Open it" in acme.ada.screen.text
    await acme.wanda.clicks_data(f"t:{task}")
    assert "☑ Checklist: 0/3" in acme.wanda.screen.text
    await acme.wanda.clicks("Checklist")
    assert acme.wanda.screen.buttons == [
        "⬜ Drain the <pump>", "⬜ Open it", "⬜ Close it", "‹ Back"
    ]  # fmt: skip
    await acme.wanda.clicks("Open it")
    assert ": 1/3\n\n⬜ Drain the <pump>\n✅ Open it" in acme.wanda.screen.text
    await acme.ada.clicks("Change items")
    await acme.ada.clicks("Close it")
    assert "WEB-1 · 3 of 3\n\nClose it\n\nWrite it anew" in acme.ada.screen.text
    await acme.ada.sends("Close it well")
    await acme.ada.clicks("Change items")
    await acme.ada.clicks("Drain")
    await acme.ada.clicks("Remove")
    assert acme.ada.toast == "Removed."
    assert await rows(database, ITEMS) == [("Open it", True), ("Close it well", False)]
    await acme.ada.clicks("‹ Back")
    assert "☑ Checklist: 1/2" in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("History")
    for told in ("removed from the checklist: Drain the <pump>", "ticked “Open it”",
                 "changed an item: Close it → Close it well"):  # fmt: skip
        assert told in acme.ada.screen.text


async def test_below_an_empty_checklist_its_items_are_just_written(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("Checklist")
    assert "Write the items, one on each line." in acme.ada.screen.text
    await acme.ada.sends("- [x] Drain\n• Open\n3) Close")
    assert ": 1/3\n\n✅ Drain\n⬜ Open\n⬜ Close" in acme.ada.screen.text
    assert await acme.ada.step() is None
    await acme.ada.sends("Hello")
    assert await rows(database, ITEMS) == [("Drain", True), ("Open", False), ("Close", False)]


async def test_to_leave_an_empty_checklist_cancels_nothing(acme):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:checklist")
    await acme.ada.clicks("‹ Back")
    assert acme.ada.toast == ""
    await acme.ada.clicks_data(f"te:{task}:checklist")
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")
    await acme.wanda.clicks_data(f"te:{task}:checklist")
    assert "Write the items" not in acme.wanda.screen.text
    assert await acme.wanda.step() is None


async def test_a_long_checklist_pages_and_a_tick_stays_on_its_page(acme):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:items")
    await acme.ada.sends("\n".join(f"{n:02} {'&' * 190}" for n in range(50)))
    assert "⬜ 49 &" in acme.ada.screen.text
    assert "Add items" not in str(acme.ada.screen.buttons), "fifty are all there can be"
    await acme.ada.clicks("‹ Previous")
    await acme.ada.clicks("⬜ 31")
    assert "✅ 31 &" in acme.ada.screen.text
    assert "Next ›" in acme.ada.screen.buttons


async def test_an_item_that_is_gone_is_said_to_be(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:items")
    await acme.ada.sends("Drain")
    (item,) = await rows(database, "select id from checklist_items")
    await acme.ada.clicks_data(f"ci:{task}:{item}:rename")
    await change(database, "delete from checklist_items")
    await acme.ada.sends("Drain it")
    assert acme.ada.screen.text.startswith("I can’t find that item.")
    changes = (f"ck:{task}:{item}:1", *(f"ci:{task}:{item}:{way}" for way in ("", "up", "remove")))
    for data in changes:
        await acme.ada.clicks_data(f"te:{task}:tags")
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith("I can’t find that item."), data
        assert acme.ada.screen.text.startswith("☑ WEB-1 Fix the pump"), "as it is now"
        assert await acme.ada.step() is None


async def test_an_old_tick_shows_the_checklist_as_it_is_now(acme):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:items")
    await acme.ada.sends("Drain\nOpen")
    old = acme.ada.screen
    await acme.wanda.clicks_data(f"te:{task}:checklist")
    await acme.wanda.clicks("Drain")
    await acme.ada.does(acme.ada.pressing(old.data_of("Drain"), old))
    assert "1/2\n\n✅ Drain" in acme.ada.screen.text
    await acme.wanda.clicks("Open")
    await acme.ada.clicks_data(f"te:{task}:tags")
    await acme.ada.does(acme.ada.pressing(old.data_of("Open"), old))
    assert "2/2\n\n✅ Drain\n✅ Open" in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_items_are_moved_by_buttons_of_one_item(acme, database, language):
    await acme.speak(language)
    top, up, down = {"en": ("To the top", "Up", "Down"), "ru": ("В начало", "Выше", "Ниже")}[
        language
    ]
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:items")
    await acme.ada.sends("One\nTwo\nThree")
    await acme.ada.clicks({"en": "Change items", "ru": "Изменить пункты"}[language])
    await acme.ada.clicks("Three")
    assert [one.split(" ", 1)[1] for one in acme.ada.screen.buttons[:2]] == [top, up]
    await acme.ada.clicks(up)
    assert "· 2 " in acme.ada.screen.text
    await acme.ada.clicks(top)
    assert [one.split(" ", 1)[1] for one in acme.ada.screen.buttons[:1]] == [down]
    await acme.ada.sends("3")
    assert "⬜ 3\n⬜ One\n⬜ Two" in acme.ada.screen.text
    in_order = "select text from checklist_items order by place, id"
    assert await rows(database, in_order) == ["3", "One", "Two"]


@pytest.mark.parametrize("role", Role)
async def test_buttons_of_parts_work_for_whom_they_are_shown_to(acme, database, role):
    person = acme.everyone[role]
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:items")
    await acme.ada.sends("Drain\nOpen")
    item, other = await rows(database, "select id from checklist_items order by id")
    leads = role in (Role.ADMIN, Role.MANAGER)
    for data, may in (
        (f"tg:{task}:1:pump", leads),
        (f"ck:{task}:{item}:1", role is not Role.CLIENT),
        (f"ci:{task}:{other}:remove", leads),
        (f"te:{task}:copy y:copytask:{task}", role is not Role.CLIENT),
    ):
        before = await fingerprint(database)
        for one in data.split():
            await person.clicks_data(one)
        assert (await fingerprint(database) != before) is may, data
        assert may or person.toast.startswith("Your role doesn’t allow that.")
    await person.clicks_data(f"te:{task}:checklist")
    assert "Drain" in person.screen.text
    assert ("Add items" in str(person.screen.buttons)) is leads


async def test_a_copy_is_made_once_it_is_said_what_it_has_and_who_hears_of_it(acme, database):
    due = datetime(2030, 1, 1, 15, tzinfo=UTC)
    task = await acme.task(
        "Monthly report", assignee=acme.team.worker, status=Status.DONE, due_at=due
    )
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Copy")
    assert await rows(database, "select count(*) from tasks") == [1]
    assert acme.ada.screen.text.startswith("📄 Copy WEB-1 Monthly report? The text, priority,")
    assert "👤 Wanda gets the copy and is told at once." in acme.ada.screen.text
    asked = acme.ada.screen
    await acme.ada.clicks("Make a copy")
    assert acme.ada.toast == "WEB-2 is a copy of it."
    assert acme.ada.screen.text.startswith(
        "📄 A copy of WEB-1: its text, priority, tags and checklist, with nothing ticked. Comments"
        " and submissions stay there. The due date (1 Jan 2030 15:00) is not copied: set one with"
        " Due. Wanda has it and is told.\n\nWEB-2 Monthly report"
    )
    await acme.ada.does(acme.ada.pressing(asked.data_of("Make a copy"), asked))
    assert acme.ada.toast.startswith("That copy is made.")
    assert await rows(database, "select count(*) from tasks") == [2]
    assert await rows(database, "select kind from outbox") == ["assigned"]
    await acme.ada.clicks_data(f"te:{task + 1}:history")
    assert "created the task as a copy of WEB-1" in acme.ada.screen.text


async def test_two_clicks_at_once_make_one_copy(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:copy")
    clicks = [acme.ada.click("Make a copy") for _ in range(2)]
    await acme.ada.stage.feed_at_once(*clicks)
    assert await rows(database, "select count(*) from tasks") == [2]


async def test_a_copy_can_be_for_nobody_yet(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:copy")
    await acme.ada.clicks("For nobody yet")
    assert "Nobody has it yet." in acme.ada.screen.text
    assert await rows(database, "select kind from outbox") == []
    await acme.wanda.clicks_data(f"te:{task}:copy")
    assert "The copy will be yours." in acme.wanda.screen.text
    assert "For nobody yet" not in str(acme.wanda.screen.buttons)
    await change(database, "delete from project_members")
    await acme.ada.clicks_data(f"te:{task}:copy")
    assert "Wanda can’t work on this project any more" in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_card_with_all_its_parts_filled_to_the_brim_still_fits(acme, database, language):
    await acme.speak(language)
    acme.ada.name = "Ж" * 64
    task = await acme.task("&" * 200, assignee=acme.team.worker, status=Status.IN_PROGRESS)
    for field, words in (
        ("description", "&" * 4000),
        ("tags", " ".join(f"{n}{'a' * 31}" for n in range(10))),
        ("items", "\n".join(["&" * 200] * 50)),
        *[("comment", "&" * 4000)] * 3,
    ):
        await acme.ada.clicks_data(f"te:{task}:{field}")
        await acme.ada.sends(words)
    await acme.ada.clicks_data(f"t:{task}")
    assert "#9aaa" in acme.ada.screen.text
    assert "0/50" in acme.ada.screen.text
    await acme.ada.clicks_data(f"te:{task}:text")
    assert acme.ada.screen.text == "&" * 4000


async def test_out_of_reach_nothing_is_told(acme, globex, database):
    task = await globex.task("Secret")
    await globex.ada.clicks_data(f"te:{task}:items")
    await globex.ada.sends("Hidden")
    (item,) = await rows(database, "select id from checklist_items")
    before = await fingerprint(database)
    for data in (
        f"te:{task}:tags", f"te:{task}:checklist", f"te:{task}:copy", f"te:{task}:items",
        f"tg:{task}:1:pump", f"cl:{task}:0:0", f"ck:{task}:{item}:1", f"ci:{task}:{item}:remove",
    ):  # fmt: skip
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith("I can’t find that task."), data
    assert await fingerprint(database) == before


async def test_a_forged_question_about_no_item_is_stale(acme):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:item")
    assert acme.ada.toast.startswith("This button is out of date.")
    for data in (f"tg:{task}:1:", f"tg:{task}:1:a b", f"cl:{task}:99:0", f"ck:{task}:0:1"):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith(("This button is out of date.", "“a b” can’t")), data


async def test_whoever_is_mentioned_is_told(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("@max, please look at this")
    assert sorted(await rows(database, "select kind, telegram_id from outbox")) == sorted(
        [("mentioned", acme.max.id), ("commented", acme.wanda.id)]
    )
