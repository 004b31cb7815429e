"""Another command in the middle of something: what was begun is not dropped silently."""

import pytest

from tests import factories


@pytest.mark.parametrize("command", ["/help", "/tasks", "/newtask", "/settings", "/projects"])
async def test_a_draft_that_is_left_is_named(acme, command):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the <pump>")
    await acme.ada.sends(command)
    assert acme.ada.screen.text.startswith("✖️ The task “Fix the <pump>” was not created.\n\n")
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme") or command == "/newtask"


async def test_any_other_dialog_is_said_to_be_over_in_russian(acme):
    await acme.speak("ru")
    await acme.ada.clicks_data("o:newproject")
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("✖️ Начатое отменено.\n\nAcme")
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")


async def test_a_button_of_another_message_says_it_in_passing(acme):
    await acme.ada.sends("/menu")
    menu = acme.ada.screen
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    await acme.ada.does(acme.ada.pressing(menu.data_of("Projects"), menu))
    assert acme.ada.toast == "✖️ The task “Fix the pump” was not created."
    assert await acme.ada.step() is None


async def test_so_does_a_button_that_begins_something_else(acme):
    await acme.ada.clicks_data(f"p:{acme.project}")
    project = acme.ada.screen
    await acme.ada.sends("/projects")
    await acme.ada.clicks("New project")
    await acme.ada.does(acme.ada.pressing(project.data_of("New task"), project))
    assert acme.ada.toast == "✖️ What you had begun is cancelled."
    assert await acme.ada.step() == "NewTask:line"


async def test_the_steps_of_a_dialog_interrupt_nothing(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task Fix the pump")
    await acme.ada.clicks("APP – App")
    assert acme.ada.toast == ""


async def test_buttons_of_the_question_itself_are_no_interruption(acme):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:due_at")
    await acme.ada.clicks("Tomorrow")
    assert acme.ada.toast == "Saved."


async def test_what_is_refused_interrupts_nothing(acme, database):
    await factories.project(database, acme.team.id, acme.team.worker, key="APP", name="App")
    await acme.wanda.sends("/task Fix the pump")
    await acme.wanda.sends("/members")
    assert acme.wanda.screen.text.startswith("Your role doesn’t allow that.")
    await acme.wanda.clicks_data(f"d:project:{acme.project}:")
    assert "Fix the pump" in acme.wanda.screen.text
