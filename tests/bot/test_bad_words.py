"""Anything but the words that a dialog asks for: a clear answer, and nothing is lost."""

import pytest
from aiogram.fsm.state import StatesGroup

from saas_bot.handlers.tasks.dialog import _WRITERS
from saas_bot.handlers.tasks.states import TaskWords
from tests.bot.people import CONTACT, PHOTO, STICKER
from tests.bot.rows import fingerprint
from tests.bot.steps import STEPS, come_to, person_of

WRONG = ("went wrong", "сломалось")
NOTHING = ("\u200b\u2060\ufeff", "\u0301", "\u3164\u115f\u1160\uffa0", "\u2800", " ", "\n \t\u00a0")
FILE = {"file_id": "CCC", "file_unique_id": "ccc", "file_size": 9}
CAT = {**FILE, "width": 90, "height": 90, "duration": 1}
NO_WORDS = (
    {"sticker": STICKER},
    {"contact": CONTACT},
    {"location": {"latitude": 52.5, "longitude": 13.4}},
    {"venue": {"location": {"latitude": 1, "longitude": 1}, "title": "Here", "address": "1 Way"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"poll": {
        "id": "1", "question": "Which?", "options": [
            {"text": "This", "voter_count": 0, "persistent_id": "1"},
            {"text": "That", "voter_count": 0, "persistent_id": "2"},
        ], "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
        "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
    }},
    {"game": {"title": "Chess", "description": "A game", "photo": PHOTO}},
    {"web_app_data": {"data": "{}", "button_text": "Go"}},
    {"pinned_message": {
        "message_id": 1, "date": 0, "chat": {"id": 1, "type": "private", "first_name": "A"},
    }},
    {"a_kind_of_the_future": {"id": 1}},
    {"text": "/nonsense"},
    {"text": "/"},
)  # fmt: skip
FILES = (
    {"photo": PHOTO, "caption": "Here it is"},
    {"voice": {**FILE, "duration": 1}},
    {"audio": {**FILE, "duration": 1}},
    {"video": CAT},
    {"video_note": {**FILE, "length": 90, "duration": 1}},
    {"animation": CAT, "document": FILE},
    {"document": {**FILE, "file_name": "<b>../../etc/passwd"}, "caption": "Fix it"},
)
ODD_WORDS = (
    "<b>Bold & <i>broken",
    "&lt;script&gt;",
    "\u202eevil\u202c",
    "مرحبا שלום",
    "👩‍👩‍👧‍👦🇩🇪",
    "{ $name } { DATETIME() }",
    "'; drop table tasks; --",
    "\x00\x07 bell",
    "%s %(x)s {0} \\",
    "a\u0301" * 20,
)


def test_every_step_of_every_dialog_is_tried():
    groups = [one for one in _below(StatesGroup) if one.__module__.startswith("saas_bot.")]
    states = {state.state for group in groups for state in group.__states__}
    assert states == {step.state for step in STEPS}


def _below(group: type) -> list[type]:
    return [one for child in group.__subclasses__() for one in (child, *_below(child))]


async def test_every_question_about_a_task_is_tried(stage, acme):
    asked = set()
    for step in STEPS:
        if step.state == TaskWords.asking.state:
            person = await come_to(step, stage, acme)
            asked.add((await person.said())["what"])
    assert asked == set(_WRITERS)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_empty_and_too_long_words_are_refused_and_the_step_stays(
    stage, acme, database, step, language
):
    person = await come_to(step, stage, acme, language)
    before, said = await fingerprint(database), await person.said()
    for nothing in NOTHING:
        await person.sends(nothing)
        assert person.screen.text.startswith(step.to_nothing(language))
    await person.sends("я" * (step.limit + 1 if step.limit else 4096))
    assert person.screen.text.startswith(step.to_too_much(language))
    assert await person.step() == step.after_words
    assert await fingerprint(database) == before
    assert {**await person.said(), "remarks": said.get("remarks")} == {"remarks": None, **said}
    assert person.messages[-1] == person.screen
    assert len(person.messages) <= 2, "the question and what is wrong, no more"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_other_things_than_words_are_answered_and_the_step_stays(stage, acme, database, step):
    person = await come_to(step, stage, acme, "ru")
    before, said = await fingerprint(database), await person.said()
    for content in NO_WORDS:
        await person.does(person.message(**content))
        assert person.screen.text.startswith(step.to_a_sticker("ru")), content
        assert {"Отмена", "‹ Назад"} & {*person.screen.buttons}, "the way out is at hand"
    assert await person.step() == step.after_words
    assert await fingerprint(database) == before
    assert await person.said() == said


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_a_file_is_an_answer_or_said_to_be_lost(stage, acme, database, step):
    for content in FILES:
        person = await come_to_again(step, stage, acme)
        before = await person.step(), await fingerprint(database)
        await person.does(person.message(**content))
        assert person.heard, content
        assert not any(wrong in person.screen.text for wrong in WRONG), content
        if not step.takes_files:
            assert person.screen.text.startswith(step.to_a_file("en")), content
            assert (await person.step(), await fingerprint(database)) == before


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
async def test_no_words_whatever_break_a_step(stage, acme, step):
    for words in ODD_WORDS:
        person = await come_to_again(step, stage, acme)
        await person.sends(words)
        assert not any(wrong in person.screen.text for wrong in WRONG), words


async def come_to_again(step, stage, acme):
    person = person_of(step, stage, acme)
    if await person.step() == step.state:
        return person
    return await come_to(step, stage, acme)


async def test_words_that_fit_exactly_are_taken(acme, database):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("x" * 200)
    await acme.ada.clicks("More")
    await acme.ada.clicks("Description")
    await acme.ada.sends("я" * 4000)
    await acme.ada.clicks("Create")
    assert "x" * 200 in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_words_out_of_the_blue_get_the_menu(acme, stage, language):
    await acme.speak(language)
    hint = {"en": "I can’t do anything with that yet.", "ru": "Пока я этого не понимаю."}
    for person in (acme.ada, stage.person(7, "Nora", language=language)):
        await person.sends("Hi there")
        assert person.screen.text.startswith(hint[language])
        await person.sends_sticker()
        assert person.screen.text.startswith(hint[language])


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_unknown_command_gets_the_known_ones(acme, language):
    await acme.speak(language)
    hint = {"en": "I don’t know that command.", "ru": "Я не знаю такой команды."}
    for command in ("/nonsense", "/op_stats", "/", "/tasks@another_bot"):
        await acme.wanda.sends(command)
        assert acme.wanda.screen.text.startswith(hint[language])
        assert "/tasks – " in acme.wanda.screen.text
