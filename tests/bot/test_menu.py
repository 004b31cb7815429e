"""The menu, /help and the command menu: exactly what the permissions table gives to each role."""

import pytest

from saas_bot.domain.permissions import Role
from tests.bot.rows import change

MENUS = {
    Role.ADMIN: (
        "Tasks, Board, Search, New task, To accept, Projects, "
        "Report, People, Invite, Company, Plan, Settings, Help"
    ),
    Role.MANAGER: (
        "Tasks, Board, Search, New task, To accept, Projects, "
        "Report, People, Invite, Settings, Help"
    ),
    Role.WORKER: "Tasks, Board, Search, New task, Projects, Report, Settings, Help",
    Role.CLIENT: "Tasks, Board, Search, To accept, Projects, Report, Settings, Help",
}

MENUS_RU = {
    Role.ADMIN: (
        "Задачи, Доска, Поиск, Новая задача, На приёмке, Проекты, "
        "Отчёт, Люди, Пригласить, Компания, Тариф, Настройки, Помощь"
    ),
    Role.MANAGER: (
        "Задачи, Доска, Поиск, Новая задача, На приёмке, Проекты, "
        "Отчёт, Люди, Пригласить, Настройки, Помощь"
    ),
    Role.WORKER: "Задачи, Доска, Поиск, Новая задача, Проекты, Отчёт, Настройки, Помощь",
    Role.CLIENT: "Задачи, Доска, Поиск, На приёмке, Проекты, Отчёт, Настройки, Помощь",
}

COMMANDS = {
    Role.ADMIN: (
        "tasks board search newtask task approvals projects report members invite company"
        " audit plan subscribe invoices billing cancel_subscription"
    ),
    Role.MANAGER: "tasks board search newtask task approvals projects report members invite",
    Role.WORKER: "tasks board search newtask task projects report",
    Role.CLIENT: "tasks board search approvals projects report",
}
FOR_ALL = "menu switch settings login sessions leave help cancel"


def labels(person) -> str:
    return ", ".join(text.split(" ", 1)[1] for text in person.screen.buttons)


@pytest.mark.parametrize("role", Role)
async def test_the_menu_has_exactly_the_buttons_of_the_role(acme, role):
    person = acme.everyone[role]
    for way in ("/menu", "/start"):
        await person.sends(way)
        assert person.screen.text == f"Acme\n{person.name}, {role}"
        assert labels(person) == MENUS[role]


@pytest.mark.parametrize("role", Role)
async def test_so_it_has_in_russian(acme, role):
    await acme.speak("ru")
    await acme.everyone[role].sends("/menu")
    assert labels(acme.everyone[role]) == MENUS_RU[role]


@pytest.mark.parametrize("role", Role)
async def test_telegrams_command_menu_and_help_show_the_commands_of_the_role(acme, stage, role):
    person = acme.everyone[role]
    await person.sends("/menu")
    expected = [*COMMANDS[role].split(), *FOR_ALL.split()]
    assert stage.telegram.commands[person.id] == expected
    await person.sends("/help")
    lines = [line.partition(" – ") for line in person.screen.text.splitlines()]
    shown = [command for command, dash, _ in lines if dash and command.startswith("/")]
    assert shown == [f"/{command}" for command in expected]
    await person.clicks("Menu")
    assert labels(person) == MENUS[role]


@pytest.mark.parametrize("role", Role)
async def test_every_button_of_the_menu_leads_somewhere_in_both_languages(acme, role):
    person = acme.everyone[role]
    for language in ("en", "ru"):
        await acme.speak(language)
        await person.sends("/menu")
        menu = person.screen
        for data in menu.data:
            await person.does(person.pressing(data, menu))
            assert person.toast == "", person.toast
            assert person.screen.text != menu.text


async def test_outside_of_any_company_there_is_onboarding_only(stage):
    nora = stage.person(1, "Nora")
    await nora.sends("/start")
    assert stage.telegram.commands[nora.id] == ["start", "settings", "help", "cancel"]
    assert labels(nora) == "Create a company, I have an invite, Settings"
    await nora.sends("/help")
    assert "Create a company, or open an invite link" in nora.screen.text
    for command in ("/tasks", "/newtask", "/projects", "/members", "/invite", "/leave", "/task x"):
        await nora.sends(command)
        assert nora.screen.text.startswith("You are not in a company right now. Press /start")


async def test_a_lost_role_is_lost_at_the_very_next_click(acme, database):
    await acme.max.sends("/menu")
    await change(database, "update users set role = 'client' where name = 'Max'")
    await acme.max.clicks("Invite")
    assert acme.max.toast.startswith("Your role doesn’t allow that.")
    assert acme.max.alert
    assert "Max, manager" in acme.max.screen.text, "the old screen stays as it was"
    await acme.max.sends("/menu")
    assert labels(acme.max) == MENUS[Role.CLIENT]
