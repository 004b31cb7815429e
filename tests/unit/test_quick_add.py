"""One line that makes a task."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.domain.quick_add import QuickTask, parse
from saas_bot.domain.task_flow import Priority

KEYS = frozenset({"WEB", "APP2"})


def test_a_full_line_is_taken_apart():
    assert parse("WEB Fix the pump @anna !high tomorrow 15:00", KEYS) == QuickTask(
        "WEB", "Fix the pump tomorrow 15:00", "anna", Priority.HIGH
    )


def test_a_russian_line_is_taken_apart():
    assert parse("web Починить насос @anna !срочно завтра 15:00", KEYS) == QuickTask(
        "WEB", "Починить насос завтра 15:00", "anna", Priority.URGENT
    )


@pytest.mark.parametrize("line", ["", "   ", "\n"])
def test_an_empty_line_is_an_empty_task(line):
    assert parse(line, KEYS) == QuickTask(None, "")


@pytest.mark.parametrize("key", ["WEB", "web", "Web"])
def test_the_first_word_is_the_project_in_any_case(key):
    assert parse(f"{key} Fix it", KEYS) == QuickTask("WEB", "Fix it")


def test_a_first_word_that_is_no_project_belongs_to_the_title():
    assert parse("FIX the pump", KEYS) == QuickTask(None, "FIX the pump")


def test_a_project_key_further_on_belongs_to_the_title():
    assert parse("Open the WEB console", KEYS) == QuickTask(None, "Open the WEB console")


def test_a_key_alone_is_a_project_without_a_title():
    assert parse("APP2", KEYS) == QuickTask("APP2", "")


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("!low", Priority.LOW),
        ("!normal", Priority.NORMAL),
        ("!high", Priority.HIGH),
        ("!urgent", Priority.URGENT),
        ("!HIGH", Priority.HIGH),
        ("!низкий", Priority.LOW),
        ("!обычный", Priority.NORMAL),
        ("!высокий", Priority.HIGH),
        ("!Срочно", Priority.URGENT),
    ],
)
def test_priorities_are_read_in_both_languages(word, priority):
    assert parse(f"Fix {word} it", KEYS) == QuickTask(None, "Fix it", None, priority)


@pytest.mark.parametrize("word", ["!", "!!", "!asap", "wow!", "high", "!high!", "a!high"])
def test_other_words_with_an_exclamation_mark_stay_in_the_title(word):
    assert parse(f"Fix {word} it", KEYS) == QuickTask(None, f"Fix {word} it")


@pytest.mark.parametrize("word", ["@", "@ab", "me@mail.com", "@anna!", "@anna-b", "@" + "a" * 33])
def test_what_is_no_username_stays_in_the_title(word):
    assert parse(f"Write to {word}", KEYS) == QuickTask(None, f"Write to {word}")


def test_the_last_name_and_the_last_priority_count():
    assert parse("Fix @anna !low it @boris_2 !high", KEYS) == QuickTask(
        None, "Fix it", "boris_2", Priority.HIGH
    )


@given(st.text())
def test_any_line_is_taken_apart_without_losing_a_word(line):
    found = parse(line, KEYS)
    kept = [word for word in line.split() if word[0] not in "@!"]
    if found.key is not None:
        kept = kept[1:]
    assert [word for word in found.text.split() if word[0] not in "@!"] == kept
