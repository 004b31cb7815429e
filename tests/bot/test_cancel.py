"""Every dialog can be left at every step: by the command, by its button, by another command."""

import pytest

from tests.bot.rows import fingerprint
from tests.bot.steps import STEPS, come_to

NOTHING = {"en": "There is nothing to cancel.", "ru": "Отменять нечего."}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_cancel_leaves_the_question_and_changes_nothing(stage, acme, database, step):
    person = await come_to(step, stage, acme)
    before = await fingerprint(database)
    await person.sends("/cancel")
    await is_back(person, step)
    assert person.messages == [person.screen], "the question is gone"
    assert await fingerprint(database) == before


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_so_does_its_button(stage, acme, database, step):
    person = await come_to(step, stage, acme, "ru")
    before = await fingerprint(database)
    into_draft = step.back_to and step.state.startswith("NewTask")
    leave = "‹ Назад" if into_draft else step.leave
    await person.clicks(leave)
    told = "✖️ Файл не сохранён." if step.state == "FilesFor:placing" else "Отменено."
    assert person.toast.startswith(told) if leave == "Отмена" else person.toast == ""
    await is_back(person, step)
    assert await fingerprint(database) == before


WITH_A_WAY_BACK = {step.state: step for step in STEPS if step.back_to and step.takes_words}
"""One step of each kind that leads back to something else than the menu."""


@pytest.mark.parametrize("step", [*WITH_A_WAY_BACK.values(), STEPS[0]], ids=lambda step: step.name)
async def test_so_does_the_button_under_a_refusal(stage, acme, database, step):
    person = await come_to(step, stage, acme, "ru")
    before = await fingerprint(database)
    for _ in range(2):
        await person.sends_sticker()
        assert len(person.messages) == 2, "the question and what is wrong, no more"
    await person.clicks("Отмена")
    await is_back(person, step)
    assert person.messages == [person.screen], "the question is gone, too"
    assert await fingerprint(database) == before


async def is_back(person, step):
    """At the draft or the task that the question was about; anything else is over."""
    assert step.back_to in person.screen.text
    if step.state.startswith("NewTask") and step.back_to:
        assert await person.step() == "NewTask:draft"
    else:
        assert await person.step() is None
        assert await person.remembered() == {}


@pytest.mark.parametrize("language", NOTHING)
async def test_outside_of_a_dialog_there_is_nothing_to_cancel(acme, language):
    await acme.speak(language)
    await acme.ada.sends("/cancel")
    assert acme.ada.screen.text.startswith(NOTHING[language])
    await acme.ada.clicks_data("o:cancel")
    assert acme.ada.toast == NOTHING[language]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_another_command_leads_out_of_it(stage, acme, step):
    person = await come_to(step, stage, acme)
    await person.sends("/help")
    assert "What I do for you" in person.screen.text
    assert await person.step() is None
    await person.sends("Words that nobody asked for")
    assert person.screen.text.startswith("I can’t do anything with that yet.")
