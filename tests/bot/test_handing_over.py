"""Before someone loses tasks, their number is told and a choice is offered; then it is one act."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.conftest import as_person
from tests.bot.rows import change, fingerprint, rows

WHO_HAS = """
    select t.title, u.name from tasks t left join users u on u.id = t.assignee_id order by t.id
"""


@pytest.fixture
async def busy(acme, database):
    """Wanda has two tasks of WEB and one of OPS; Walt works on WEB only."""
    walt = await factories.member(database, acme.team.id, Role.WORKER, "Walt")
    await change(
        database,
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)",
        c=acme.team.id, p=acme.project, u=walt.user_id,
    )  # fmt: skip
    ops = await factories.project(database, acme.team.id, acme.team.worker, key="OPS", name="Ops")
    await acme.task("One", assignee=acme.team.worker)
    await acme.task("Two", assignee=acme.team.worker, status=Status.REVIEW)
    await factories.task(database, ops, "Three", author=acme.team.admin, assignee=acme.team.worker)
    return acme


async def test_deactivating_offers_the_tasks_first_and_names_what_stays(busy, database):
    await busy.ada.sends("/members")
    await busy.ada.clicks("Wanda – worker")
    assert "📋 Open: 3 · ⏰ overdue: 0 · 🟣 in review: 1" in busy.ada.screen.text
    await busy.ada.clicks("Deactivate")
    assert busy.ada.screen.text == (
        "Wanda has 3 open tasks that someone else has to take: WEB-1, WEB-2, OPS-1\n\n"
        "Who takes over? Nothing has changed yet."
    )
    assert busy.ada.screen.buttons == [
        "Ada – admin · 3 of 3",
        "Max – manager · 3 of 3",
        "Walt – worker · 2 of 3",
        "Nobody for now",
        "‹ Back",
    ]
    await busy.ada.clicks("Walt – worker · 2 of 3")
    assert busy.ada.screen.text == (
        "Shut Wanda out of the company? Access ends at once; their work stays.\n\n"
        "👤 What is open goes to Walt.\n\n"
        "⚠️ One task will have no assignee: OPS-1"
    )
    await busy.ada.clicks("Yes")
    assert busy.ada.toast == "Wanda has no access now."
    assert busy.ada.screen.text.startswith(
        "👤 2 tasks went to Walt.\n⚠️ One task has no assignee now: OPS-1\n\n🚫 Wanda"
    )
    assert await rows(database, WHO_HAS) == [("One", "Walt"), ("Two", "Walt"), ("Three", None)]


async def test_no_changes_nothing(busy, database):
    before = await rows(database, WHO_HAS)
    await busy.ada.clicks_data(f"ma:{busy.team.worker.user_id}:0")
    await busy.ada.clicks("Nobody for now")
    assert "3 tasks will have no assignee: WEB-1, WEB-2, OPS-1" in busy.ada.screen.text
    await busy.ada.clicks("No")
    assert busy.ada.screen.text.startswith("👤 Wanda")
    assert await rows(database, WHO_HAS) == before
    assert await rows(database, "select status from users where name = 'Wanda'") == ["active"]


async def test_detaching_from_the_project_and_from_the_person(busy, database):
    await busy.max.clicks_data(f"pp:{busy.project}:0:0:")
    await busy.max.clicks("Wanda – worker")
    assert "Wanda has 2 open tasks" in busy.max.screen.text
    await busy.max.clicks("Walt – worker · 2 of 2")
    assert busy.max.screen.text.startswith("Take Wanda out of the project Website?")
    await busy.max.clicks("Yes")
    assert busy.max.screen.text.startswith("👤 2 tasks went to Walt.")
    assert "▫️ Wanda – worker" in busy.max.screen.buttons
    await busy.max.sends("/members")
    await busy.max.clicks("Wanda – worker")
    await busy.max.clicks("Projects")
    assert busy.max.screen.text.startswith("Which projects is Wanda in?")
    assert busy.max.screen.buttons[:2] == ["▫️ WEB – Website", "✅ OPS – Ops"]
    await busy.max.clicks("WEB – Website")
    assert busy.max.screen.buttons[0] == "✅ WEB – Website"
    await busy.max.clicks("WEB – Website")
    assert busy.max.screen.text == "Take Wanda out of the project Website?"
    await busy.max.clicks("No")
    assert busy.max.screen.buttons[0] == "✅ WEB – Website"
    await busy.max.clicks("OPS – Ops")
    assert "Wanda has one open task that someone else has to take: OPS-1" in busy.max.screen.text
    await busy.max.clicks("Nobody for now")
    await busy.max.clicks("Yes")
    assert await rows(database, WHO_HAS) == [("One", "Walt"), ("Two", "Walt"), ("Three", None)]
    assert "Which projects is Wanda in?" in busy.max.screen.text, "where it began"
    assert busy.max.screen.buttons[:2] == ["✅ WEB – Website", "▫️ OPS – Ops"]


async def test_a_choice_of_heirs_for_nothing_is_just_the_question(busy, database):
    """A forged or late button: nobody is told of no tasks."""
    client, company = busy.team.client.user_id, busy.team.id
    for person, data, asked in (
        (busy.ada, f"ho:d:{client}:0:-1:0:", "Shut Clive out of the company?"),
        (busy.ada, f"ho:x:{client}:{busy.project}:-1:0:", "Take Clive out of the project Website?"),
        (busy.ada, f"ho:m:{client}:0:-1:0:", "Make Clive a manager?"),
        (busy.max, f"ho:l:{company}:0:-1:0:", "Leave Acme?"),
    ):
        await person.clicks_data(data)
        assert person.screen.text.startswith(asked)
        assert person.screen.buttons == ["Yes", "No"]
    await busy.ada.clicks_data(f"ho:x:{client}:{busy.project}:-1:0:")
    await busy.ada.clicks("Yes")
    assert "▫️ Clive – client" in busy.ada.screen.buttons


async def test_detaching_goes_back_to_the_page_it_began_on(busy, database):
    for number in range(9):
        wim = await factories.member(database, busy.team.id, Role.WORKER, f"Wim {number}")
    await change(
        database,
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)",
        c=busy.team.id, p=busy.project, u=wim.user_id,
    )  # fmt: skip
    await busy.ada.clicks_data(f"pp:{busy.project}:0:0:")
    await busy.ada.clicks("Next ›")
    page = busy.ada.screen.buttons
    for answer, shown in (("No", "✅ Wim 8 – worker"), ("Yes", "▫️ Wim 8 – worker")):
        await busy.ada.clicks("Wim 8 – worker")
        assert busy.ada.screen.text == "Take Wim 8 out of the project Website?"
        await busy.ada.clicks(answer)
        assert shown in busy.ada.screen.buttons
        assert len(busy.ada.screen.buttons) == len(page)


async def test_a_new_client_passes_on_everything_in_russian(busy, database):
    await busy.speak("ru")
    await busy.ada.clicks_data(f"mr:{busy.team.worker.user_id}:client")
    assert busy.ada.screen.text == (
        "Wanda: 3 открытые задачи нужно передать: WEB-1, WEB-2, OPS-1\n\n"
        "Кому передать? Пока ничего не изменилось."
    )
    await busy.ada.clicks("Max – менеджер · 3 из 3")
    assert busy.ada.screen.text.endswith("👤 Всё открытое получит Max.")
    await busy.ada.clicks("Да")
    assert busy.ada.screen.text.startswith("👤 Max получает 3 задачи.")
    assert "Роль: клиент" in busy.ada.screen.text
    assert {name for _, name in await rows(database, WHO_HAS)} == {"Max"}
    told = "select payload from outbox where kind = 'handed_over'"
    assert await rows(database, told) == [{"by": "Ada", "from": "Wanda", "count": 3}]


async def test_a_manager_made_a_worker_may_keep_the_tasks(busy, database):
    await change(database, "update tasks set assignee_id = :max", max=busy.team.manager.user_id)
    await busy.ada.clicks_data(f"mr:{busy.team.manager.user_id}:worker")
    await busy.ada.clicks("Keep them, attach to their projects")
    assert "They stay in the projects of their open tasks" in busy.ada.screen.text
    await busy.ada.clicks("Yes")
    assert "Role: worker" in busy.ada.screen.text
    assert {name for _, name in await rows(database, WHO_HAS)} == {"Max"}
    assert len(await rows(database, "select 1 from project_members m join users u"
                                    " on u.id = m.user_id where u.name = 'Max'")) == 2  # fmt: skip


async def test_a_worker_who_leaves_is_told_what_becomes_of_the_tasks(busy, database):
    await busy.wanda.sends("/leave")
    assert busy.wanda.screen.text == (
        "Leave Acme? You lose access at once. Only a new invite can bring you back.\n\n"
        "⚠️ You have 3 open tasks. They will have no assignee, and your managers will be told: "
        "WEB-1, WEB-2, OPS-1"
    )
    await busy.wanda.clicks("Yes")
    assert {name for _, name in await rows(database, WHO_HAS)} == {None}
    told = await rows(database, "select telegram_id, kind from outbox order by telegram_id")
    assert told == [(busy.ada.id, "member_left"), (busy.max.id, "member_left")]


async def test_a_manager_who_leaves_chooses_an_heir(busy, database):
    await change(database, "update tasks set assignee_id = :max", max=busy.team.manager.user_id)
    await busy.max.sends("/leave")
    assert busy.max.screen.text.startswith("You have 3 open tasks: WEB-1, WEB-2, OPS-1")
    await busy.max.clicks("Wanda – worker · 3 of 3")
    assert busy.max.screen.text.startswith("Leave Acme? You lose access at once.")
    await busy.max.clicks("Yes")
    assert busy.max.toast == "You have left Acme."
    assert {name for _, name in await rows(database, WHO_HAS)} == {"Wanda"}


async def test_whoever_has_no_tasks_is_asked_about_none(busy):
    await busy.ada.clicks_data(f"ma:{busy.team.client.user_id}:0")
    assert busy.ada.screen.text.startswith("Shut Clive out of the company?")
    await busy.max.sends("/leave")
    assert busy.max.screen.text.startswith("Leave Acme?")


async def test_long_choices_page(busy, database):
    for number in range(9):
        await factories.member(database, busy.team.id, Role.MANAGER, f"M{number}")
    await busy.ada.clicks_data(f"ma:{busy.team.worker.user_id}:0")
    await busy.ada.clicks("Next ›")
    assert "M5 – manager · 3 of 3" in busy.ada.screen.buttons
    await busy.ada.clicks("‹ Previous")
    assert "Ada – admin · 3 of 3" in busy.ada.screen.buttons


async def test_admin_rights_are_handed_over_in_one_confirmed_step(acme, database):
    await acme.ada.sends("/members")
    await acme.ada.clicks("Max – manager")
    await acme.ada.clicks("Hand over admin rights")
    assert acme.ada.screen.text.startswith("Hand your admin rights over to Max?")
    await acme.ada.clicks("No")
    await acme.ada.clicks("Hand over admin rights")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Max is an admin now, and you are a manager."
    assert "Role: admin" in acme.ada.screen.text
    assert await rows(database, "select role from users where name in ('Ada', 'Max')"
                                " order by name") == ["manager", "admin"]  # fmt: skip
    await acme.ada.clicks_data(f"ho:h:{acme.team.worker.user_id}:0:0:1:")
    assert acme.ada.toast.startswith("Your role doesn’t allow that.")


async def test_of_acceptance_and_return_at_once_one_wins_and_the_other_is_told(
    stage, acme, database
):
    task = await acme.task(assignee=acme.team.worker, status=Status.REVIEW)
    await acme.max.clicks_data(f"td:{task}:1:return")
    accept = acme.clive.pressing(f"td:{task}:1:accept")
    await stage.feed_at_once(acme.max.writing("Not yet"), accept)
    assert await rows(database, "select decision from reviews") in (["accepted"], ["returned"])
    (said,) = await rows(database, "select decided_by_name from reviews")
    told = [call for call in stage.telegram.calls if f"{said} was faster" in str(call)]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("used", "said"),
    [(5, "5 of 5 seats"), (6, "6 of 5 seats")],
)
async def test_a_full_company_is_told_what_to_do(stage, database, used, said):
    team = await factories.company(database, plan=await factories.plan(database, seats=5))
    for _ in range(used - 4):
        await factories.member(database, team.id, Role.WORKER)
    ada, max_ = as_person(stage, team.admin), as_person(stage, team.manager)
    await ada.sends("/members")
    assert said in ada.screen.text
    assert "deactivate someone or choose a larger plan" in ada.screen.text
    await max_.sends("/members")
    assert "ask an admin for a larger plan" in max_.screen.text


async def test_a_manager_sees_all_invites_and_revokes_those_of_workers_and_clients(acme):
    await acme.ada.clicks_data("ir:manager")
    await acme.ada.clicks_data(f"ip:worker:{acme.project}:0:")
    await acme.max.clicks_data("il:")
    assert "1. manager" in acme.max.screen.text
    assert [one for one in acme.max.screen.buttons if "Revoke" in one] == ["🗑 Revoke 2"]
    await acme.ada.clicks_data("il:")
    assert len([one for one in acme.ada.screen.buttons if "Revoke" in one]) == 2


STALE = "This has changed since you were asked, so nothing was done. Here is how it stands."


async def let_back_in(busy, database):
    """Max has shut her out meanwhile, and let her back in."""
    await busy.max.agrees_to(f"ho:d:{busy.team.worker.user_id}:0:0:0:")
    await busy.max.clicks("Let back in")


async def given_a_task(busy, database):
    await busy.task("Four", assignee=busy.team.worker)


async def detached_and_attached(busy, database):
    await change(database, "delete from project_members where project_id = :p", p=busy.project)
    await busy.max.clicks_data(f"pp:{busy.project}:{busy.team.worker.user_id}:1:")


@pytest.mark.parametrize(
    ("act", "meanwhile", "shown"),
    [
        ("ho:d:{user}:0:0:0:", let_back_in, "👤 Wanda"),
        ("ho:d:{user}:0:{heir}:0:", let_back_in, "👤 Wanda"),
        ("ho:d:{user}:0:0:0:", given_a_task, "👤 Wanda"),
        ("ho:c:{user}:0:0:0:", let_back_in, "👤 Wanda"),
        ("ho:c:{user}:0:0:0:", given_a_task, "👤 Wanda"),
        ("ho:m:{user}:0:0:0:", let_back_in, "👤 Wanda"),
        ("ho:h:{user}:0:0:0:", let_back_in, "👤 Wanda"),
        ("ho:x:{user}:{project}:0:0:", given_a_task, "Who"),
        ("ho:x:{user}:{project}:0:0:", detached_and_attached, "Who"),
        ("ho:p:{user}:{project}:0:0:", detached_and_attached, "Which projects is Wanda in?"),
    ],
)
async def test_an_old_yes_counts_only_for_what_was_asked(busy, database, act, meanwhile, shown):
    data = act.format(
        user=busy.team.worker.user_id, project=busy.project, heir=busy.team.manager.user_id
    )
    await busy.ada.clicks_data(data)
    yes = busy.ada.click("Yes")
    await meanwhile(busy, database)
    before = await fingerprint(database)
    await busy.ada.does(yes)
    assert busy.ada.toast == STALE
    assert busy.ada.screen.text.startswith(shown)
    after = await fingerprint(database)
    assert {name for name in before if before[name] != after[name]} <= {"processed_updates"}


async def test_so_it_is_with_leaving(busy, globex, database):
    """Wanda's role has been another one meanwhile; she also is in Globex."""
    person = busy.team.worker.account
    await factories.member(database, globex.team.id, Role.WORKER, person=person)
    await busy.wanda.clicks_data(f"sw:{busy.team.id}")
    await busy.wanda.sends("/leave")
    yes = busy.wanda.click("Yes")
    for role, keeps in (("a", 0), ("w", -2)):
        await busy.ada.agrees_to(f"ho:{role}:{busy.team.worker.user_id}:0:{keeps}:0:")
    await busy.wanda.does(yes)
    assert busy.wanda.toast == STALE
    assert busy.wanda.screen.text.startswith("Leave Acme?"), "asked anew"
    statuses = "select status from users where name = 'Wanda' order by id"
    assert set(await rows(database, statuses)) == {"active"}
    await busy.wanda.clicks("Yes")
    assert busy.wanda.toast == "You have left Acme."
    assert busy.wanda.screen.text.endswith("Globex\nWanda, worker")


@pytest.mark.parametrize("act", ["d", "c", "m", "x"])
async def test_nobody_keeps_tasks_but_a_new_worker(busy, database, act):
    """Forged: the buttons of other acts never say so."""
    project = busy.project if act == "x" else 0
    await busy.ada.clicks_data(f"ho:{act}:{busy.team.worker.user_id}:{project}:-2:0:")
    assert busy.ada.toast == "This button is out of date. Open /menu to go on."
