"""/members: who is here, their roles, shutting out and letting back in."""

import pytest
from aiogram.methods import SetMyCommands
from sqlalchemy import select

from saas_bot.db.models import OutboxMessage
from saas_bot.domain.permissions import Role
from saas_bot.screens.notifications import render
from tests import factories
from tests.bot.delivering import deliver
from tests.bot.rows import change, rows


async def roles(database) -> dict[str, tuple[str, str]]:
    found = await rows(database, "select name, role, status from users order by id")
    return {name: (role, status) for name, role, status in found}


async def test_the_admin_makes_the_worker_a_manager_and_her_old_keyboard_obeys(acme, database):
    await acme.wanda.sends("/menu")
    await acme.ada.sends("/members")
    assert acme.ada.screen.text == (
        "👥 People of Acme\n💺 4 of 25 seats (Team)\n📎 0 B of 20 GB for files"
    )
    await acme.ada.clicks("Wanda – worker")
    assert acme.ada.screen.text == (
        "👤 Wanda\nUsername: none, write here (in a task’s line or a comment: @3)\nRole: worker\n\n"
        "📁 Website\n📋 Open: 0 · ⏰ overdue: 0 · 🟣 in review: 0"
    )
    assert f'<a href="tg://user?id={acme.wanda.id}">' in acme.ada.screen.html
    await acme.ada.clicks("Change role")
    assert "• worker" in acme.ada.screen.buttons
    await acme.ada.clicks("manager")
    assert acme.ada.screen.text.startswith("Make Wanda a manager?")
    await acme.ada.clicks("No")
    assert (await roles(database))["Wanda"] == ("worker", "active")
    await acme.ada.clicks("Change role")
    await acme.ada.clicks("manager")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Saved."
    assert "Role: manager" in acme.ada.screen.text
    assert "📋 Open: 0" in acme.ada.screen.text, "the whole card"
    assert (await roles(database))["Wanda"] == ("manager", "active")
    await acme.wanda.clicks("Tasks")
    assert "To accept" in acme.wanda.screen.buttons
    told = await rows(database, "select telegram_id, payload ->> 'role' from outbox")
    assert told == [(acme.wanda.id, "manager")]


async def test_the_command_menu_follows_ones_own_change_of_role(acme, stage, database):
    await change(database, "update users set role = 'admin' where name = 'Max'")
    await acme.ada.sends("/menu")
    assert "invite" in stage.telegram.commands[acme.ada.id]
    await acme.ada.clicks_data(f"mr:{acme.team.admin.user_id}:worker")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Saved."
    assert acme.ada.screen.text == "Acme\nAda, worker"
    assert "invite" not in stage.telegram.commands[acme.ada.id]
    await change(database, "update users set role = 'admin' where name = 'Ada'")
    await acme.ada.clicks_data(f"mr:{acme.team.admin.user_id}:manager")
    await acme.ada.clicks("Yes")
    assert "Role: manager" in acme.ada.screen.text
    assert "invite" in stage.telegram.commands[acme.ada.id]


async def commands_told(database) -> list[str]:
    """The command menu that comes with the newest notification."""
    async with database.system_session("test") as session:
        newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        calls = await render(session, (await session.scalars(newest)).one())
    (menu,) = [one for one in calls or [] if isinstance(one, SetMyCommands)]
    return [one.command for one in menu.commands]


async def test_the_command_menu_of_another_person_comes_with_the_news(acme, database):
    await acme.ada.clicks_data(f"mr:{acme.team.worker.user_id}:manager")
    await acme.ada.clicks("Yes")
    assert "invite" in await commands_told(database)
    await acme.ada.agrees_to(f"ho:d:{acme.team.worker.user_id}:0:0:0:")
    assert await commands_told(database) == ["start", "settings", "help", "cancel"]


async def test_news_of_a_newcomer_queued_by_an_earlier_release_fails_nothing(acme, stage, database):
    queue = (
        "insert into outbox (company_id, telegram_id, kind, payload)"
        " values (:company, :who, 'member_joined', cast(:said as jsonb))"
    )
    said = '{"name": "Wim", "role": "worker"}'
    await change(database, queue, company=acme.team.id, who=acme.ada.id, said=said)
    await deliver(stage, database)
    assert await rows(database, "select status from outbox") == ["skipped"]


async def test_it_is_that_of_the_company_they_work_in(acme, globex, database):
    person = acme.team.worker.account
    await factories.member(database, globex.team.id, Role.MANAGER, person=person)
    await acme.ada.clicks_data(f"mr:{acme.team.worker.user_id}:client")
    await acme.ada.clicks("Yes")
    assert "invite" in await commands_told(database), "a manager of Globex"
    await acme.ada.agrees_to(f"ho:d:{acme.team.worker.user_id}:0:0:0:")
    assert "invite" in await commands_told(database)


async def test_a_demoted_manager_presses_an_old_button_in_vain(acme, database):
    await acme.max.sends("/members")
    await acme.max.clicks("Wanda – worker")
    await acme.ada.sends("/members")
    await acme.ada.clicks("Max – manager")
    await acme.ada.clicks("Change role")
    await acme.ada.clicks("worker")
    await acme.ada.clicks("Yes")
    await acme.max.clicks("Deactivate")
    assert acme.max.toast.startswith("Your role doesn’t allow that.")
    assert (await roles(database))["Wanda"] == ("worker", "active")


async def test_deactivation_ends_access_at_once_and_can_be_taken_back(acme, database):
    await acme.wanda.sends("/tasks")
    await acme.ada.sends("/members")
    await acme.ada.clicks("Wanda – worker")
    await acme.ada.clicks("Deactivate")
    assert acme.ada.screen.text.startswith("Shut Wanda out of the company?")
    await acme.ada.clicks("No")
    assert (await roles(database))["Wanda"] == ("worker", "active")
    await acme.ada.clicks("Deactivate")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Wanda has no access now."
    assert "Has no access now." in acme.ada.screen.text
    await acme.wanda.clicks("All open")
    assert acme.wanda.toast.startswith("You are not in a company right now.")
    await acme.wanda.sends("/menu")
    assert "Create a company" in acme.wanda.screen.buttons[0]
    await acme.ada.clicks("Let back in")
    assert acme.ada.toast == "Wanda is back."
    assert "📁 Website\n📋 Open: 0" in acme.ada.screen.text, "the whole card"
    await acme.wanda.sends("/tasks")
    assert "You have no open tasks" in acme.wanda.screen.text


async def test_there_is_no_seat_to_come_back_to(stage, database):
    code = await factories.plan(database, seats=3)
    team = await factories.company(database, plan=code)
    await change(database, "update users set status = 'deactivated' where name = 'Clive'")
    await change(database, "update plans set seats = 3 where code = :code", code=code)
    ada = stage.person(team.admin.account.telegram_id, "Ada")
    await ada.clicks_data(f"ma:{team.client.user_id}:1")
    assert ada.screen.text.startswith("💺 3 of 3 seats of the plan")
    assert ada.screen.buttons == ["💎 Plan", "🏠 Menu"]
    assert (await roles(database))["Clive"][1] == "deactivated"


async def test_a_manager_shuts_out_workers_and_clients_only(acme, database):
    await acme.max.sends("/members")
    for line in ("Ada – admin", "Max – manager"):
        await acme.max.clicks(line)
        assert [b.split(" ", 1)[1] for b in acme.max.screen.buttons] == ["People", "Menu"]
        await acme.max.clicks("People")
    await acme.max.clicks("Clive – client")
    labels = [b.split(" ", 1)[1] for b in acme.max.screen.buttons]
    assert labels == ["Projects", "Deactivate", "People", "Menu"]
    await acme.max.clicks_data(f"ho:d:{acme.team.admin.user_id}:0:0:1:")
    assert acme.max.toast.startswith("Your role doesn’t allow that.")
    await acme.max.clicks_data(f"mr:{acme.team.client.user_id}:admin")
    assert acme.max.toast.startswith("Your role doesn’t allow that.")
    assert {status for _, status in (await roles(database)).values()} == {"active"}


async def test_the_last_admin_stays_one(acme, database):
    own = acme.team.admin.user_id
    for data in (f"mr:{own}:worker", f"ho:w:{own}:0:0:0:"):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith("A company needs an admin. Make someone else an admin")
    assert (await roles(database))["Ada"] == ("admin", "active")


async def test_a_long_list_pages_forwards_and_back(acme, database):
    for number in range(20):
        await factories.member(database, acme.team.id, Role.WORKER, f"Wim {number:02}")
    await acme.ada.sends("/members")
    pages = [acme.ada.screen]
    while any("Next" in button for button in acme.ada.screen.buttons):
        await acme.ada.clicks("Next ›")
        pages.append(acme.ada.screen)
    names = [b for page in pages for b in page.buttons if " – " in b]
    assert len(pages) == 3
    assert len(names) == len(set(names)) == 24
    for page in reversed(pages[:-1]):
        await acme.ada.clicks("‹ Previous")
        assert acme.ada.screen.buttons == page.buttons


@pytest.mark.parametrize("name", ["<b>Bobby</b>", "R&D", "שלום", "👩‍🚀 Astro"])
async def test_names_appear_as_they_are_whatever_is_in_them(acme, database, name):
    await change(database, "update users set name = :name where name = 'Wanda'", name=name)
    await acme.ada.sends("/members")
    await acme.ada.clicks(f"{name} – worker")
    assert acme.ada.screen.text.startswith(f"👤 {name}\n")
    await acme.ada.clicks("Deactivate")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == f"{name} has no access now."


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_role_that_someone_has_is_no_change(acme, database, language):
    await acme.speak(language)
    await acme.ada.clicks_data(f"mr:{acme.team.worker.user_id}:worker")
    said = {"en": "Wanda has that role already: worker.", "ru": "Wanda: роль уже такая"}
    assert acme.ada.toast.startswith(said[language])
    assert "👤 Wanda" in acme.ada.screen.text
    assert await rows(database, "select count(*) from audit_logs") == [0]


async def test_namesakes_are_told_apart_and_long_names_leave_room_for_the_role(acme, database):
    for name, username in (("Ivan", "ivan_p"), ("Ivan", None), ("Ж" * 64, None)):
        await factories.member(database, acme.team.id, Role.WORKER, name, username=username)
    await acme.ada.sends("/members")
    assert acme.ada.screen.buttons[4:7] == [
        "Ivan (@ivan_p) – worker",
        "Ivan (№6) – worker",
        f"{'Ж' * 35}… – worker",
    ]
    await acme.ada.clicks("Ivan (№6) – worker")
    assert "none, write here (in a task’s line or a comment: @6)" in acme.ada.screen.text
    await acme.ada.clicks_data(f"pp:{acme.project}:0:0:")
    assert "▫️ Ivan (№6) – worker" in acme.ada.screen.buttons


async def test_a_namesake_on_another_page_counts_as_well(acme, database):
    """Anna №5 is on the first page, Anna №14 on the second; neither has a username."""
    for name in ("Anna", *(f"Wim {number}" for number in range(8)), "Anna"):
        one = await factories.member(database, acme.team.id, Role.MANAGER, name)
    task = await acme.task(assignee=one)
    for way, suffix in (
        ("ml:", " – manager"),
        (f"ta:{task}:-1:", ""),
        ("lf:o:0:assignee::", ""),
        (f"ho:c:{acme.team.manager.user_id}:0:-1:0:", None),
    ):
        if suffix is None:
            await change(
                database, "update tasks set assignee_id = :max", max=acme.team.manager.user_id
            )
        await acme.ada.clicks_data(way)
        first = [label for label in acme.ada.screen.buttons if label.startswith("Anna")]
        await acme.ada.clicks("Next ›")
        labels = [label.removeprefix("• ") for label in acme.ada.screen.buttons]
        second = [label for label in labels if label.startswith("Anna")]
        signs = [label.removesuffix(suffix or "").split(" – ")[0] for label in (*first, *second)]
        assert signs == ["Anna (№5)", "Anna (№14)"], way
    await change(database, "update users set status = 'left' where id = :id", id=one.user_id)
    await acme.ada.clicks_data("ml:")
    assert "Anna – manager" in acme.ada.screen.buttons, "alone now"


async def render_newest(database) -> str | None:
    async with database.system_session("test") as session:
        newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        calls = await render(session, (await session.scalars(newest)).one())
    return calls[-1].text if calls else None


async def test_being_let_back_in_is_told_as_such_with_the_menu_of_the_role(acme, database):
    worker = acme.team.worker.user_id
    await acme.ada.agrees_to(f"ho:d:{worker}:0:0:0:")
    await acme.ada.clicks("Let back in")
    assert await render_newest(database) == ("👋 You are back in <b>Acme</b>. Your role: worker.")
    assert "tasks" in await commands_told(database)


async def test_news_of_a_project_reach_its_people_while_they_are_still_true(acme, database):
    worker, project = acme.team.worker.user_id, acme.project
    await acme.ada.agrees_to(f"ho:x:{worker}:{project}:0:0:")
    assert await render_newest(database) == "📁 You are no longer in the project <b>Website</b>."
    await change(database, "update projects set name = 'Secret'")
    assert "Secret" not in (await render_newest(database) or "")
    await change(
        database,
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)",
        c=acme.team.id, p=project, u=worker,
    )  # fmt: skip
    assert await render_newest(database) is None, "back in it already"
    await acme.ada.clicks_data(f"y:archive:{project}")
    assert (await render_newest(database) or "").startswith("🗄 Ada archived the project")
    await acme.ada.clicks_data(f"pe:{project}:restore")
    assert (await render_newest(database) or "").startswith("📁 Ada restored the project")
    await change(database, "update projects set status = 'archived'")
    assert await render_newest(database) is None, "archived again"
    await acme.ada.clicks_data(f"pe:{project}:delete")
    await acme.ada.sends("WEB")
    assert await render_newest(database) == (
        "🗑 Ada deleted the project <b>Secret</b> with all its tasks."
    )


async def test_nobody_hears_of_a_project_they_were_taken_out_of(acme, database):
    await acme.ada.clicks_data(f"mp:{acme.team.worker.user_id}:{acme.project}:1:")
    await acme.ada.clicks_data(f"y:archive:{acme.project}")
    await change(database, "delete from project_members")
    assert await render_newest(database) is None


async def test_a_stale_button_about_someone_shut_out_says_that_it_is_so(acme, database):
    await acme.ada.sends("/members")
    await acme.ada.clicks("Wanda – worker")
    wanda = acme.team.worker.user_id
    await change(database, "update users set status = 'deactivated' where name = 'Wanda'")
    for stale in ("Deactivate", f"mp:{wanda}:0:0:", f"ho:d:{wanda}:0:0:1:"):
        click = acme.ada.clicks_data if ":" in stale else acme.ada.clicks
        await click(stale)
        assert acme.ada.toast == "Wanda has no access already.", stale
        assert acme.ada.screen.text.startswith("🚫 Wanda")
    await change(database, "update users set status = 'active', role = 'manager'")
    await acme.ada.clicks_data(f"mp:{wanda}:0:0:")
    assert acme.ada.toast == "Wanda has all projects already: their role is manager."
