"""Getting in: founding a company, and joining one by an invite."""

import re

import pytest

from tests import factories
from tests.bot.rows import change, rows


def link_in(text: str) -> str:
    return re.search(r"https://t\.me/\S+", text)[0]


def token_in(text: str) -> str:
    return link_in(text).partition("start=")[2]


async def test_anna_founds_a_company_and_lands_on_the_menu(stage, database):
    anna = stage.person(1, "Anna", username="anna")
    await anna.sends("/start")
    assert "Hello, Anna" in anna.screen.text
    await anna.clicks("Create a company")
    assert anna.screen.text == "What is your company called?"
    await anna.sends("  Anna   & Sons ")
    assert anna.screen.text.startswith("Where is your company?")
    await anna.clicks("Berlin")
    assert "Anna & Sons is ready. You have 14 days" in anna.screen.text
    assert "Anna, admin" in anna.screen.text
    assert "New task" in " ".join(anna.screen.buttons)
    found = await rows(
        database,
        "select c.name, c.timezone, u.role, a.timezone, t.ends_at > now() + interval '13 days' "
        "from companies c join users u on u.company_id = c.id "
        "join accounts a using (telegram_id) join trials t on t.company_id = c.id",
    )
    assert found == [("Anna & Sons", "Europe/Berlin", "admin", "Europe/Berlin", True)]
    assert await rows(database, "select action from audit_logs") == ["company.created"]
    assert await anna.step() is None
    assert "members" in stage.telegram.commands[anna.id]
    assert anna.messages == [anna.screen], "a screen is one message, not a trail of them"


async def test_anna_does_the_same_in_russian_and_writes_her_city(stage, database):
    anna = stage.person(1, "Анна", language="ru")
    await anna.sends("/start")
    assert "Здравствуйте, Анна" in anna.screen.text
    await anna.clicks("Создать компанию")
    await anna.sends("Рога и копыта")
    assert "Где находится компания?" in anna.screen.text
    await anna.sends("omsk")
    assert "Компания Рога и копыта готова. 14 дней" in anna.screen.text
    assert "Анна, администратор" in anna.screen.text
    assert await rows(database, "select timezone from companies") == ["Asia/Omsk"]


@pytest.mark.parametrize(
    ("code", "hello"), [("ru-RU", "Здравств"), ("en-GB", "Hello"), ("de", "Hello"), (None, "Hello")]
)
async def test_the_first_language_is_that_of_telegram(stage, code, hello):
    anna = stage.person(1, "Anna", language=code)
    await anna.sends("/start")
    assert anna.screen.text.startswith(hello)


async def test_the_founders_timezone_stays_when_it_was_chosen_before(stage, database):
    anna = stage.person(1, "Anna")
    await anna.sends("/settings")
    await anna.clicks("Timezone")
    await anna.sends("Madrid")
    await anna.sends("/start")
    await anna.clicks("Create a company")
    await anna.sends("Acme")
    await anna.clicks("Dubai")
    assert await rows(database, "select timezone from accounts") == ["Europe/Madrid"]
    assert await rows(database, "select timezone from companies") == ["Asia/Dubai"]


async def test_a_client_joins_by_the_link_that_the_admin_passes_on(stage, acme, database):
    await acme.ada.sends("/invite")
    assert acme.ada.screen.buttons[:4] == ["admin", "manager", "worker", "client"]
    await acme.ada.clicks("client")
    assert acme.ada.screen.text == "Which project is the new client for?"
    await acme.ada.clicks("WEB – Website")
    link = link_in(acme.ada.screen.text)
    assert link.startswith("https://t.me/saas_test_bot?start=")
    carla = stage.person(1, "Carla")
    await carla.sends(f"/start {token_in(link)}")
    assert "Welcome to Acme! Your role here: client." in carla.screen.text
    assert "Carla, client" in carla.screen.text
    assert stage.telegram.commands[carla.id][0] == "tasks"
    joined = await rows(
        database,
        "select u.role, p.key from users u join project_members m on m.user_id = u.id "
        "join projects p on p.id = m.project_id where u.name = 'Carla'",
    )
    assert joined == [("client", "WEB")]
    told = await rows(
        database, "select telegram_id from outbox where kind = 'member_joined' order by 1"
    )
    assert told == sorted([acme.ada.id, acme.max.id])
    assert token_in(link) not in str(await rows(database, "select i::text from invites i"))


@pytest.mark.parametrize("pasted", ["{link}", "{token}", "Here: {link}, come in!", " {token} "])
async def test_an_invite_may_be_pasted_as_text(stage, acme, database, pasted):
    await acme.max.sends("/invite")
    await acme.max.clicks("worker")
    await acme.max.clicks("WEB – Website")
    link = link_in(acme.max.screen.text)
    wim = stage.person(1, "Wim")
    await wim.sends("/start")
    await wim.clicks("I have an invite")
    await wim.sends(pasted.format(link=link, token=token_in(link)))
    assert "Welcome to Acme! Your role here: worker." in wim.screen.text
    assert await wim.step() is None


async def test_a_refused_invite_leaves_the_question_open(stage, acme):
    wim = stage.person(1, "Wim")
    await wim.sends("/start")
    await wim.clicks("I have an invite")
    await wim.sends("no idea")
    assert wim.screen.text == "This invite is not valid. Ask for a new link."
    assert wim.messages[-2].buttons == ["Cancel"]
    assert await wim.step() == "Onboarding:invite"


@pytest.mark.parametrize(
    ("meanwhile", "answer"),
    [
        ("update invites set uses = 1", "This invite was used already"),
        ("update invites set expires_at = now()", "This invite has expired"),
        ("update invites set revoked_at = now()", "This invite was revoked"),
        ("delete from invites", "This invite is not valid"),
        ("update companies set deleted_at = now()", "This invite is not valid"),
        ("update plans set seats = 4 where code = 'team'", "Acme has no free seat right now"),
    ],
)
async def test_an_invite_that_does_not_work_says_why(stage, acme, database, meanwhile, answer):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("manager")
    token = token_in(acme.ada.screen.text)
    before = await rows(database, "select seats from plans where code = 'team'")
    await change(database, meanwhile)
    wim = stage.person(1, "Wim")
    await wim.sends(f"/start {token}")
    await change(database, "update plans set seats = :s where code = 'team'", s=before[0])
    assert answer in wim.screen.text
    assert await rows(database, "select count(*) from users where name = 'Wim'") == [0]


async def test_a_reusable_link_lets_several_in_until_it_is_revoked(stage, acme):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("worker")
    await acme.ada.clicks("WEB – Website")
    await acme.ada.clicks("Make a reusable link")
    assert "Anyone with this link becomes a worker" in acme.ada.screen.text
    token = token_in(acme.ada.screen.text)
    for number in (1, 2):
        guest = stage.person(number, f"Guest {number}")
        await guest.sends(f"/start {token}")
        assert "Welcome to Acme" in guest.screen.text
    await acme.ada.clicks("Open invites")
    assert "worker, project Website" in acme.ada.screen.text
    assert "used 2 times" in acme.ada.screen.text
    assert "<b>" not in acme.ada.screen.text
    while "🗑 Revoke 1" in acme.ada.screen.buttons:
        await acme.ada.clicks("🗑 Revoke 1")
        await acme.ada.clicks("Yes")
        assert acme.ada.toast == "Revoked. The link no longer works."
    assert "There are no open invites" in acme.ada.screen.text
    late = stage.person(3, "Late")
    await late.sends(f"/start {token}")
    assert late.screen.text == "This invite was revoked. Ask for a new link."


async def test_someone_who_is_in_already_is_told_so(stage, acme):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("admin")
    token = token_in(acme.ada.screen.text)
    await acme.wanda.sends(f"/start {token}")
    assert acme.wanda.screen.text == "You are in Acme already.\n\nAcme\nWanda, worker"


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update invites set uses = uses",
        "update invites set expires_at = now()",
        "update invites set revoked_at = now()",
    ],
)
async def test_the_link_one_came_in_by_opens_the_company_ever_after(
    stage, acme, globex, database, meanwhile
):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("manager")
    token = token_in(acme.ada.screen.text)
    await globex.wanda.sends(f"/start {token}")
    assert "Welcome to Acme!" in globex.wanda.screen.text
    await globex.wanda.clicks_data(f"sw:{globex.team.id}")
    await change(database, meanwhile)
    await globex.wanda.sends(f"/start {token}")
    assert globex.wanda.screen.text == "You are in Acme already.\n\nAcme\nWanda, manager"
    await globex.wanda.sends("/menu")
    assert globex.wanda.screen.text == "Acme\nWanda, manager"
    assert "members" in stage.telegram.commands[globex.wanda.id]


async def test_who_was_shut_out_is_not_let_in_by_it(stage, acme, database):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("manager")
    token = token_in(acme.ada.screen.text)
    await change(database, "update users set status = 'deactivated' where name = 'Wanda'")
    await acme.wanda.sends(f"/start {token}")
    assert acme.wanda.screen.text.startswith("Your access to Acme was closed.")


async def test_inviting_from_a_project_is_inviting_to_it(stage, acme, database):
    other = await factories.project(database, acme.team.id, key="APP", name="App & Co")
    await acme.max.sends("/projects")
    await acme.max.clicks("APP – App & Co")
    await acme.max.clicks("People")
    people = acme.max.screen.text
    await acme.max.clicks("Invite")
    assert acme.max.screen.text == "Whom do you want to invite to App & Co?"
    assert acme.max.screen.buttons == ["worker", "client", "‹ Back"]
    await acme.max.clicks("‹ Back")
    assert acme.max.screen.text == people
    await acme.max.clicks("Invite")
    await acme.max.clicks("worker")
    assert "your new worker in App & Co." in acme.max.screen.text
    wim = stage.person(1, "Wim")
    await wim.sends(f"/start {token_in(acme.max.screen.text)}")
    assert "Your role here: worker. Your project: App & Co." in wim.screen.text
    attached = "select project_id from project_members m join users u on u.id = m.user_id "
    assert await rows(database, attached + "where u.name = 'Wim'") == [other]


async def test_a_project_that_was_archived_meanwhile_invites_nobody(acme, database):
    await acme.max.clicks_data(f"it:{acme.project}")
    await change(database, "update projects set status = 'archived'")
    await acme.max.clicks("worker")
    assert acme.max.toast.startswith("I can’t find that project.")
    await acme.max.clicks_data(f"it:{acme.project}")
    assert acme.max.toast.startswith("I can’t find that project.")
    assert await rows(database, "select count(*) from invites") == [0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The single-use link you made before it works too."),
        ("ru", "Одноразовая ссылка, сделанная перед этой, тоже действует."),
    ],
)
async def test_a_reusable_link_tells_that_the_first_one_works_too(stage, acme, language, said):
    await acme.speak(language)
    await acme.max.clicks_data(f"ip:worker:{acme.project}:0:")
    first = token_in(acme.max.screen.text)
    await acme.max.clicks("reusable" if language == "en" else "Многоразовая")
    assert said in acme.max.screen.text
    assert "Website" in acme.max.screen.text
    wim = stage.person(1, "Wim")
    await wim.sends(f"/start {first}")
    assert "Welcome to Acme!" in wim.screen.text


async def test_a_worker_can_not_be_invited_before_there_is_a_project(stage, database):
    team = await factories.company(database, "Bare")
    ada = stage.person(team.admin.account.telegram_id, "Ada")
    await ada.sends("/invite")
    await ada.clicks("worker")
    assert "there is no active one. Create one" in ada.screen.text
    await ada.clicks("New project")
    assert ada.screen.text == "What is the project called?"


async def test_a_link_stays_whatever_is_pressed_below_it(acme):
    await acme.max.clicks_data(f"ip:worker:{acme.project}:0:")
    link = acme.max.screen
    for label in ("reusable", "Open invites"):
        above = acme.max.screen
        await acme.max.clicks(label)
        assert acme.max.screen.id != above.id
    links = [one.text for one in acme.max.messages if "start=" in one.text]
    assert len(links) == 2
    assert link.text in links


async def test_an_invite_is_named_before_it_is_revoked(acme, database):
    await acme.max.clicks_data(f"ip:worker:{acme.project}:1:")
    await acme.max.sends("/members")
    await acme.max.clicks("Open invites")
    assert "🔁 worker, project Website, until " in acme.max.screen.text
    assert "used" not in acme.max.screen.text, "not yet"
    assert "👥 People" in acme.max.screen.buttons
    await acme.max.clicks("🗑 Revoke 1")
    assert acme.max.screen.text.startswith("Revoke this invite? 🔁 worker, project Website, until ")
    await acme.max.clicks("No")
    await change(database, "update invites set revoked_at = now()")
    await acme.max.clicks("🗑 Revoke 1")
    assert acme.max.toast == "That invite does not work any more."
