"""Oneself in one's companies: /switch, /leave, /settings."""

import pytest

from saas_bot.domain.permissions import Role
from tests import factories
from tests.bot.rows import rows


@pytest.fixture
async def both(acme, globex, database):
    """Wanda works for Globex too, as a manager; Acme was first and Globex is active."""
    person = acme.team.worker.account
    await factories.member(database, globex.team.id, Role.MANAGER, person=person)
    return acme.wanda


async def test_switching_between_companies(both, acme, stage):
    await both.sends("/menu")
    assert both.screen.text == "Globex\nWanda, manager"
    await both.sends("/switch")
    assert both.screen.buttons[:2] == ["Acme – worker", "• Globex – manager"]
    await both.clicks("Acme – worker")
    assert both.toast == "You are now in Acme."
    assert both.screen.text == "Acme\nWanda, worker"
    assert "members" not in stage.telegram.commands[both.id]
    await both.sends("/tasks")
    assert both.toast is None
    await both.sends("/switch")
    assert "• Acme – worker" in both.screen.buttons


async def test_only_ones_own_companies_can_be_switched_to(acme, globex):
    for company in (globex.team.id, 999_999_999):
        await acme.ada.clicks_data(f"sw:{company}")
        assert acme.ada.toast == "You are not in that company any more."
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")


async def test_someone_in_no_company_has_nothing_to_switch_between(stage):
    nora = stage.person(1, "Nora")
    await nora.sends("/switch")
    assert "Create a company to begin" in nora.screen.text


async def test_leaving_asks_once_and_ends_access(acme, database, stage):
    await acme.max.sends("/leave")
    assert acme.max.screen.text.startswith("Leave Acme? You lose access at once.")
    await acme.max.clicks("No")
    assert acme.max.screen.text.startswith("Acme")
    await acme.max.sends("/leave")
    await acme.max.clicks("Yes")
    assert acme.max.toast == "You have left Acme."
    assert "Create a company to begin" in acme.max.screen.text
    assert stage.telegram.commands[acme.max.id][0] == "start"
    assert await rows(database, "select status from users where name = 'Max'") == ["left"]
    await acme.max.sends("/tasks")
    assert acme.max.screen.text.startswith("You are not in a company right now.")


async def test_leaving_one_company_leads_to_the_other(both, database, stage):
    await both.sends("/leave")
    await both.clicks("Yes")
    assert both.toast == "You have left Globex."
    assert both.screen.text == "Acme\nWanda, worker"
    assert "tasks" in stage.telegram.commands[both.id]
    left = await rows(database, "select role from users where status = 'left'")
    assert left == ["manager"]


async def test_switching_and_leaving_are_a_few_clicks_away(both, acme):
    await both.sends("/menu")
    await both.clicks("Settings")
    await both.clicks("Companies")
    await both.clicks("Acme – worker")
    assert both.toast == "You are now in Acme."
    await both.clicks("Settings")
    await both.clicks("Companies")
    await both.clicks("Leave Acme")
    assert both.screen.text.startswith("Leave Acme?")
    await both.clicks("Yes")
    assert both.toast == "You have left Acme."


async def test_who_is_in_no_company_has_none_to_leave(stage):
    nora = stage.person(1, "Nora")
    await nora.sends("/settings")
    assert not any("Companies" in label for label in nora.screen.buttons)


async def test_the_last_admin_is_refused_at_once_and_told_what_to_do(acme, database):
    await acme.speak("ru")
    refusal = "В компании должен остаться администратор. Сначала дайте эту роль"
    await acme.ada.sends("/leave")
    assert acme.ada.screen.text.startswith(refusal)
    assert "/members" in acme.ada.screen.text
    await acme.ada.clicks_data("o:leave")
    assert acme.ada.toast.startswith(refusal)
    await acme.ada.clicks_data(f"ho:l:{acme.team.id}:0:0:1:")
    assert acme.ada.toast.startswith(refusal), "an old button"
    assert await rows(database, "select status from users where name = 'Ada'") == ["active"]
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")


async def test_the_last_admin_of_one_company_stays_where_she_is(acme, globex, database):
    person = acme.team.admin.account
    await factories.member(database, globex.team.id, Role.WORKER, person=person)
    await acme.ada.clicks_data(f"sw:{acme.team.id}")
    await acme.ada.clicks_data(f"ho:l:{acme.team.id}:0:0:1:")
    assert acme.ada.toast.startswith("A company needs an admin.")
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text == "Acme\nAda, admin"


async def test_a_confirmation_of_another_company_leaves_none(both, acme, globex, database):
    await both.clicks_data(f"ho:l:{acme.team.id}:0:0:1:")
    assert both.toast == "This button is out of date. Open /menu to go on."
    await both.clicks_data("ho:l:0:0:0:1:")
    assert await rows(database, "select count(*) from users where status = 'left'") == [0]


async def test_settings_language_and_timezone(acme, database, stage):
    await acme.ada.sends("/settings")
    assert "Language: English\nTimezone: UTC" in acme.ada.screen.text
    await acme.ada.clicks("Русский")
    assert acme.ada.toast == "Сохранено."
    assert "Язык: Русский" in acme.ada.screen.text
    await acme.ada.clicks("Часовой пояс")
    assert acme.ada.screen.text.startswith("Где вы находитесь?")
    await acme.ada.clicks("Самара")
    assert "Часовой пояс: Самара" in acme.ada.screen.text
    await acme.ada.clicks("Часовой пояс")
    await acme.ada.sends("atlantis")
    assert acme.ada.screen.text.startswith("Не знаю такого города.")
    await acme.ada.sends("new york")
    assert "Часовой пояс: Нью-Йорк" in acme.ada.screen.text
    kept = "select language, timezone from accounts where name = 'Ada'"
    assert await rows(database, kept) == [("ru", "America/New_York")]


async def test_a_new_name_in_telegram_is_remembered(acme, database):
    acme.wanda.name, acme.wanda.username = "Wanda\u202e the 2nd", "wanda2"
    await acme.wanda.sends("/menu")
    assert "Wanda the 2nd, worker" in acme.wanda.screen.text
    kept = "select name, username from users where role = 'worker'"
    assert await rows(database, kept) == [("Wanda the 2nd", "wanda2")]
