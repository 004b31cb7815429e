"""/projects: the list, a project, its people; the dialogs that create and rename one."""

import pytest

from tests import factories
from tests.bot.rows import change, rows


async def test_the_manager_creates_a_project_and_attaches_people(acme, database):
    await acme.max.sends("/projects")
    assert acme.max.screen.buttons[0] == "WEB – Website · 0 open"
    await acme.max.clicks("New project")
    await acme.max.sends("Mobile <App> & more")
    assert "Pick a short key for Mobile <App> & more" in acme.max.screen.text
    assert acme.max.screen.buttons == ["MAM", "Cancel"]
    await acme.max.sends("app")
    assert "Project APP – Mobile <App> & more is created." in acme.max.screen.text
    await acme.max.clicks("Wanda – worker")
    assert acme.max.screen.buttons[0] == "✅ Wanda – worker"
    await acme.max.clicks("Clive – client")
    await acme.max.clicks("Clive – client")
    assert acme.max.screen.text == "Take Clive out of the project Mobile <App> & more?"
    await acme.max.clicks("Yes")
    assert acme.max.screen.buttons[1] == "▫️ Clive – client"
    await acme.max.clicks("Done")
    assert "Workers: Wanda" in acme.max.screen.text
    assert "Clive" not in acme.max.screen.text
    await acme.wanda.sends("/projects")
    assert len([b for b in acme.wanda.screen.buttons if "open" in b]) == 2
    await acme.clive.sends("/projects")
    assert len([b for b in acme.clive.screen.buttons if "open" in b]) == 1
    told = await rows(database, "select telegram_id, kind from outbox order by id")
    assert told == [
        (acme.wanda.id, "attached"), (acme.clive.id, "attached"), (acme.clive.id, "detached"),
    ]  # fmt: skip


async def test_the_suggested_key_takes_one_click(acme, database):
    await acme.speak("ru")
    await acme.ada.sends("/projects")
    await acme.ada.clicks("Новый проект")
    assert acme.ada.screen.text == "Как называется проект?"
    await acme.ada.sends("Ремонт офиса")
    await acme.ada.clicks("RO")
    assert "Проект RO – Ремонт офиса создан." in acme.ada.screen.text
    assert await rows(database, "select name from projects where key = 'RO'") == ["Ремонт офиса"]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("web", "The key WEB is taken. Write another one."),
        ("1AB", "A key has 2 to 10 Latin letters and digits"),
        ("ключ", "A key has 2 to 10 Latin letters and digits"),
        ("<b>", "A key has 2 to 10 Latin letters and digits"),
        ("ABCDEFGHIJK", "A key has 2 to 10 Latin letters and digits"),
    ],
)
async def test_a_key_that_can_not_be_leaves_the_question_open(acme, database, key, answer):
    await acme.ada.sends("/projects")
    await acme.ada.clicks("New project")
    await acme.ada.sends("Second")
    await acme.ada.sends(key)
    assert acme.ada.screen.text.startswith(answer)
    await acme.ada.sends("NEXT")
    assert "Project NEXT – Second is created." in acme.ada.screen.text
    assert await rows(database, "select key from projects order by id") == ["WEB", "NEXT"]


async def test_the_plan_may_allow_no_more(stage, database):
    team = await factories.company(database, plan=await factories.plan(database, projects=1))
    await factories.project(database, team.id)
    ada = stage.person(team.admin.account.telegram_id, "Ada")
    await ada.sends("/projects")
    await ada.clicks("New project")
    assert "allows one project at a time, and there is one. Archive one" in ada.screen.text
    assert await ada.step() is None
    # The room may go while the questions are answered.
    await change(database, "update plans set projects = 2")
    await ada.clicks_data("o:newproject")
    await change(database, "update plans set projects = 1")
    await ada.sends("Second")
    await ada.clicks("SEC")
    assert "allows one project at a time, and there is one. Archive one" in ada.screen.text
    assert ada.screen.buttons == ["💎 Plan", "Cancel"]
    assert await rows(database, "select key from projects") == ["WEB"]


async def test_renaming_archiving_and_restoring(acme, database):
    await acme.ada.sends("/projects")
    await acme.ada.clicks("WEB – Website · 0 open")
    assert "Workers: Wanda" in acme.ada.screen.text
    assert "Clients: Clive" in acme.ada.screen.text
    await acme.ada.clicks("Rename")
    await acme.ada.sends("Web & Co")
    assert acme.ada.screen.text.startswith("Saved.\n\n📁 WEB – Web & Co")
    await acme.ada.clicks("Archive")
    assert "Archive WEB – Web & Co?" in acme.ada.screen.text
    await acme.ada.clicks("No")
    assert await rows(database, "select status from projects") == ["active"]
    await acme.ada.clicks("Archive")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Archived."
    assert "(archived, read only)" in acme.ada.screen.text
    assert not any("People" in button for button in acme.ada.screen.buttons)
    await acme.ada.clicks("Projects")
    assert acme.ada.screen.text.startswith("📁 All projects are archived.")
    await acme.wanda.sends("/projects")
    assert acme.wanda.screen.text.startswith("📁 All your projects are archived.")
    await acme.ada.clicks("Archive")
    await acme.ada.clicks("WEB – Web & Co · 0 open")
    await acme.ada.clicks("Restore")
    assert acme.ada.toast == "Restored."
    actions = await rows(database, "select action from audit_logs order by id")
    assert actions == ["project.renamed", "project.archived", "project.restored"]


async def test_a_worker_sees_and_changes_nothing_more_than_is_theirs(acme, database):
    await factories.project(database, acme.team.id, key="HID", name="Hidden")
    await acme.wanda.sends("/projects")
    assert [b for b in acme.wanda.screen.buttons if " open" in b] == ["WEB – Website · 0 open"]
    assert not any("New project" in b for b in acme.wanda.screen.buttons)
    await acme.wanda.clicks("WEB – Website · 0 open")
    labels = [b.split(" ", 1)[1] for b in acme.wanda.screen.buttons]
    assert labels == ["Tasks", "New task", "Files", "Mute", "Projects", "Menu"]
    await acme.clive.sends("/projects")
    await acme.clive.clicks("WEB – Website · 0 open")
    labels = [b.split(" ", 1)[1] for b in acme.clive.screen.buttons]
    assert labels == ["Tasks", "Files", "Mute", "Projects", "Menu"]


async def test_an_unattached_worker_is_told_what_to_do(acme, database):
    await change(database, "delete from project_members")
    await acme.wanda.sends("/projects")
    assert "Ask your manager to add you to one." in acme.wanda.screen.text
    await acme.wanda.sends("/newtask")
    assert "Ask your manager to add you to one." in acme.wanda.screen.text


async def test_many_projects_page_forwards_and_back(acme, database):
    for number in range(18):
        await factories.project(database, acme.team.id, key=f"P{number:02}", name=f"No {number}")
    await acme.ada.sends("/projects")
    pages = [acme.ada.screen.buttons]
    while any("Next" in button for button in acme.ada.screen.buttons):
        await acme.ada.clicks("Next ›")
        pages.append(acme.ada.screen.buttons)
    assert len({b for page in pages for b in page if " open" in b}) == 19
    for page in reversed(pages[:-1]):
        await acme.ada.clicks("‹ Previous")
        assert acme.ada.screen.buttons == page


async def test_a_long_description_is_cut_without_breaking_the_message(acme, database):
    await change(database, "update projects set description = :d", d="<&>" * 1300)
    await acme.ada.sends("/projects")
    await acme.ada.clicks("WEB – Website · 0 open")
    assert "<&>" * 100 in acme.ada.screen.text
