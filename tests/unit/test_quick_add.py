"""One line that makes a task."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.domain.handles import calls
from saas_bot.domain.quick_add import QuickTask, compose, key_in, parse, unknown_at_end
from saas_bot.domain.task_flow import Priority


def test_a_full_line_is_taken_apart():
    assert parse("Fix the pump @anna !high #pump #Water-works tomorrow 15:00") == QuickTask(
        "Fix the pump tomorrow 15:00", "anna", Priority.HIGH, ("pump", "water-works")
    )


def test_a_russian_line_is_taken_apart():
    assert parse("Починить насос @Анна_Петрова !срочно #Насос завтра 15:00") == QuickTask(
        "Починить насос завтра 15:00", "Анна_Петрова", Priority.URGENT, ("насос",)
    )


@pytest.mark.parametrize("line", ["", "   ", "\n"])
def test_an_empty_line_is_an_empty_task(line):
    assert parse(line) == QuickTask("")
    assert key_in(line) is None


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("WEB Fix it", "WEB"),
        ("web Fix it", "WEB"),
        ("APP2", "APP2"),
        ("Fix it", "FIX"),
        ("Починить", None),
        ("2WEB Fix", None),
        ("W Fix", None),
    ],
)
def test_the_first_word_may_be_the_key_of_a_project_in_any_case(line, key):
    assert key_in(line) == key


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
        ("!срочный", Priority.URGENT),
        ("!высокая", Priority.HIGH),
        ("!низкое", Priority.LOW),
        ("!обычная", Priority.NORMAL),
    ],
)
def test_priorities_are_read_in_both_languages(word, priority):
    assert parse(f"Fix {word} it") == QuickTask("Fix it", None, priority)


@pytest.mark.parametrize("word", ["!", "!!", "!asap", "wow!", "high", "a!high"])
def test_other_words_with_an_exclamation_mark_stay_in_the_title(word):
    assert parse(f"Fix {word} it").text == f"Fix {word} it"
    assert parse(f"Fix {word} it").unknown == ("!asap" if word == "!asap" else "")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Fix tomorrow !мега", ("Fix tomorrow", "!мега")),
        ("Fix !мега tomorrow", ("Fix !мега tomorrow", "")),
        ("!мега !asap", ("", "!мега !asap")),
        ("Learn tomorrow #c++ !asap.", ("Learn tomorrow", "#c++ !asap.")),
        ("Fix #404", ("Fix #404", "")),
        ("Stop!", ("Stop!", "")),
    ],
)
def test_unknown_priorities_at_the_end_are_told_apart(text, split):
    assert unknown_at_end(text) == split


@pytest.mark.parametrize("word", ["@", "me@mail.com", "@anna/b", "@-b", "@" + "a" * 65])
def test_what_is_no_name_stays_in_the_title(word):
    assert parse(f"Write to {word}") == QuickTask(f"Write to {word}")


@pytest.mark.parametrize("name", ["Ян", "Anna-Maria", "O'Neil", "Я", "ab", "Жан-Поль_Дюбуа"])
def test_names_of_any_length_call_people_too(name):
    assert parse(f"Fix @{name} it") == QuickTask("Fix it", name)
    assert list(calls(f"Look, @{name}, here")) == [name]


def test_digits_call_a_member_by_their_id():
    assert parse("Fix it @7") == QuickTask("Fix it", "7")


@pytest.mark.parametrize("word", ["#", "##", "#404", "#2026", "a#b", "C#"])
def test_what_is_no_tag_stays_in_the_title(word):
    assert parse(f"Fix {word} it") == QuickTask(f"Fix {word} it")


@pytest.mark.parametrize("word", ["#c++", "##pump", "#" + "a" * 33])
def test_what_looks_like_a_tag_and_can_be_none_is_told_too(word):
    assert parse(f"Fix {word} it") == QuickTask(f"Fix {word} it", unknown_tag=word)


def test_the_last_name_and_priority_count_and_each_tag_once():
    assert parse("Fix @anna !low #pump it @boris_2 !high #Pump") == QuickTask(
        "Fix it", "boris_2", Priority.HIGH, ("pump",), passed_over=("anna",)
    )
    assert parse("Fix @anna it @Anna").passed_over == ()


def test_a_title_in_quotes_is_literal():
    assert parse('"Call @anna ""now"" !high" !low tomorrow') == QuickTask(
        "tomorrow", None, Priority.LOW, (), 'Call @anna "now" !high'
    )


def test_quotes_within_a_title_are_characters():
    line = 'Read "War and Peace"'
    assert parse(line) == QuickTask(line)
    assert parse('"Read', quotes=False) == QuickTask('"Read')


def test_a_line_is_put_together():
    assert (
        compose(
            "WEB", "Fix it", username="anna", priority=Priority.HIGH, tags=["a", "b"], quoted=True
        )
        == 'WEB "Fix it" @anna !high #a #b'
    )
    assert compose("WEB", "Fix it") == "WEB Fix it"


@given(st.text())
def test_any_line_is_taken_apart_without_losing_a_word(line):
    found = parse(line, quotes=False)
    kept = [word for word in line.split() if word[0] not in "@!#"]
    assert [word for word in found.text.split() if word[0] not in "@!#"] == kept


@pytest.mark.parametrize(
    "line", ["fix, !high, #a, @will_turner,", "fix, !high; #a: @will_turner:",
             "fix, !high. #a! @will_turner…"],
)  # fmt: skip
def test_punctuation_behind_a_mark_is_no_part_of_it(line):
    assert parse(line) == QuickTask("fix,", "will_turner", Priority.HIGH, ("a",))
    assert key_in("WEB: fix it") == "WEB"
    assert unknown_at_end("Fix tomorrow !asap,") == ("Fix tomorrow", "!asap,")
