"""What is shown back as "understood as", typed again, gives the same task."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from saas_bot.core import dates
from saas_bot.core.errors import Invalid
from saas_bot.domain import limits
from saas_bot.domain.tags import tag
from saas_bot.domain.task_flow import Priority
from saas_bot.handlers.drafts.words import Parts, parted, read, written

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONES = ("UTC", "Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kathmandu",
         "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns")  # fmt: skip


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(dates, "now", lambda: NOW)


def is_tag(word: str) -> bool:
    try:
        return tag(word) == word
    except Invalid:
        return False


def tidy(title: str) -> str:
    try:
        return limits.line(title, limits.TITLE)
    except Invalid:
        return ""


# Words that a line is made of: in a title they have to come back as they are.
_marks = st.sampled_from([
    "WEB", "@anna", "!high", "!срочно", "#pump", "#404", "tomorrow", "завтра", "в", "15:00", "at",
    "9", "2026-12-01", "18:00", "31.12", "from", "с", '"', '""', '"a"', "«b»", "in", "2", "hours",
    "fri", "noon", "midnight", "!мега", "«»", "next", "friday", "-",
    "every", "monday", "each", "до", "к", "3.11", "12", "this", "этот", "четверг", "the", "5th",
    "day", "after", "1-го", "декабря", "31", "Feb", "30", "today", "в", "5", "Python", "по", "#c++",
    "24", "24:00", "daily", "еженедельно", "раз", "неделю", "числа", "каждого", "месяца",
    "утром", "рано", "вечером", "часов", "три", "обеду", "eod", "tmrw", "включительно", "не",
    "@Ян", "!urgent.", "/task", "<b>", "&amp;", "{ $x }", "👩‍🚀", "2026-12-01 10:00", "@7",
])  # fmt: skip
titles = (
    st.one_of(
        st.lists(_marks, min_size=1, max_size=8).map(" ".join),
        st.text(min_size=1, max_size=40),
        st.lists(st.one_of(_marks, st.text(max_size=6)), max_size=6).map(" ".join),
    )
    .map(tidy)
    .filter(bool)
)
handles = st.one_of(
    st.none(),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_]{2,31}", fullmatch=True),
    st.sampled_from(["Анна_Петрова", "7", "12345678901"]),
)
tags = st.lists(
    st.text(st.characters(categories=["Ll", "Lo", "Nd", "Pc"], include_characters="-"), max_size=12)
    .filter(is_tag),
    max_size=4,
    unique=True,
).map(tuple)  # fmt: skip
moments = st.one_of(
    st.none(),
    st.integers(1, 60 * 24 * 700).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    # The hours around the changes of clocks in Berlin, New York and on Lord Howe Island.
    st.builds(
        lambda day, minutes: day + timedelta(minutes=minutes),
        st.sampled_from([
            datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC),
            datetime(2027, 3, 14, 6, tzinfo=UTC), datetime(2027, 11, 7, 5, tzinfo=UTC),
            datetime(2027, 4, 3, 14, tzinfo=UTC), datetime(2027, 10, 2, 14, tzinfo=UTC),
        ]),
        st.integers(0, 240),
    ),
)  # fmt: skip
priorities = st.sampled_from([None, Priority.LOW, Priority.HIGH, Priority.URGENT])
parts = st.builds(Parts, titles, handles, priorities, tags, moments)


@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=parts, zone=st.sampled_from(ZONES), language=st.sampled_from(["en", "ru"]))
def test_the_line_that_is_shown_back_gives_the_same_task(parts, zone, language):
    line = written("WEB", parts, zone, language)
    assert line.startswith("WEB ")
    assert "\n" not in line
    assert read(line.removeprefix("WEB "), zone) == parts


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=parts, zone=st.sampled_from(ZONES), about=st.text(max_size=80))
def test_with_a_description_below_it_too(parts, zone, about):
    assume("\r" not in about)
    below = "\n".join(line.rstrip() for line in about.strip().splitlines())
    words, description = parted(f"{written('WEB', parts, zone)}\n{below}")
    assert read(words.removeprefix("WEB "), zone) == parts
    assert description == below.strip()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Fix the pump tomorrow 15:00 #pump @anna !high",
         "WEB Fix the pump @anna !high #pump 2026-11-24 15:00"),
        ("завтра починить насос !низкий", "WEB починить насос !low 2026-11-24 18:00"),
        ('"Meet tomorrow" next mon 9am', 'WEB "Meet tomorrow" 2026-11-30 09:00'),
        ('Read "War and Peace" 31.12', 'WEB Read "War and Peace" 2026-12-31 18:00'),
        ("Fix the pump tomorrow !мега", "WEB Fix the pump !мега 2026-11-24 18:00"),
        ("Fix the pump fri @boris @anna", "WEB Fix the pump @anna 2026-11-27 18:00"),
        ('"tomorrow" fri', 'WEB "tomorrow" 2026-11-27 18:00'),
        ('"Pump" and "Seal" tomorrow', 'WEB "Pump" and "Seal" 2026-11-24 18:00'),
    ],
)  # fmt: skip
def test_a_line_is_shown_back_in_its_plainest_form(words, line):
    assert written("WEB", read(words, "UTC"), "UTC") == line


@pytest.mark.parametrize("words", ['""', "«»", "", "@anna !high #pump", "tomorrow", '"" in 3 days'])
def test_a_line_without_a_word_for_a_title_has_none(words):
    parts = read(words, "UTC")
    assert parts.title == ""
    assert (parts.due_at is not None) is words.endswith(("tomorrow", "days"))


def test_what_was_not_understood_is_remarked_on():
    assert read("Fix it @anna @boris !мега", "UTC").remarks == {
        "passed-over": "@anna",
        "unknown-priority": "!мега",
    }


def test_days_that_come_again_stay_in_the_title_whatever_the_due_date():
    parts = read("Standup every monday tomorrow", "UTC")
    assert (parts.title, parts.due_at) == (
        "Standup every monday",
        datetime(2026, 11, 24, 18, tzinfo=UTC),
    )
    assert parts.remarks == {"date-repeated": "every monday"}


def test_what_is_no_mark_hides_no_date_before_it():
    parts = read("Learn tomorrow !urgent. #c++", "UTC")
    assert (parts.title, parts.priority) == ("Learn #c++", Priority.URGENT)
    assert parts.due_at == datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert parts.remarks == {"unknown-tag": "#c++"}


def test_the_first_ten_tags_are_taken_and_the_others_named():
    parts = read(f"Many {' '.join(f'#a{n}' for n in range(1, 13))} tomorrow", "UTC")
    assert (parts.title, parts.tags) == ("Many", tuple(f"a{n}" for n in range(1, 11)))
    assert parts.remarks == {"tags-left-out": "#a11 #a12"}


def test_an_hour_that_comes_twice_is_told_apart_by_its_offset():
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    lines = [
        written("WEB", Parts("Fix it", due_at=first + timedelta(hours=more)), "Europe/Berlin")
        for more in (0, 1)
    ]
    assert lines == ["WEB Fix it 2027-10-31 02:30", "WEB Fix it 2027-10-31 02:30+01:00"]


def test_what_is_replied_to_comes_first_and_what_is_below_becomes_the_description():
    assert parted("!high\nSince Monday", "The boiler is cold\nKitchen") == (
        "The boiler is cold !high", "Kitchen\nSince Monday"
    )  # fmt: skip
    words, about = parted("", "x" * 300)
    assert words == "x" * 198 + "…"
    assert about == "x" * 300


def test_a_moment_is_shown_in_the_persons_zone():
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    line = written("WEB", Parts("Fix it", due_at=moment), "Asia/Tokyo")
    assert line == "WEB Fix it 2026-11-24 21:00"
    assert moment.astimezone(ZoneInfo("Asia/Tokyo")).hour == 21


def test_punctuation_before_what_is_taken_off_a_title_goes_with_it():
    said = read("fix, !high, #a, @will_turner, tomorrow", "UTC")
    assert written("WEB", said, "UTC") == "WEB fix @will_turner !high #a 2026-11-24 18:00"
    assert read("Note: call", "UTC").title == "Note: call"
    assert read("Call:", "UTC").title == "Call:"


@pytest.mark.parametrize(
    ("words", "remark", "date"),
    [
        ("Fix it today at 5am", "past", "today at 5am"),
        ("Fix it yesterday", "past", "yesterday"),
        ("Fix it yesterday, @anna", "past", "yesterday"),
        ("Починить вчера", "past", "вчера"),
        ("Fix it 01.01.2020", "past", "01.01.2020"),
        ("Fix it 31.02", "unknown", "31.02"),
        ("Fix it 31.02 !мега", "unknown", "31.02"),
        ("31.02 fix it", "unknown", "31.02"),
        ("Fix it tomorrow 25:00", "unknown", "tomorrow 25:00"),
        ("Call tomorrow 15:00 the client", "within", "tomorrow 15:00"),
        ("Call on Friday at noon the client", "within", "on Friday at noon"),
        ("Позвонить завтра клиенту", "within", "завтра"),
        ("Fix it at 5am today", "past", "at 5am today"),
        ("Встать в 5 утра сегодня", "past", "в 5 утра сегодня"),
        ("Сдать 31 февраля", "unknown", "31 февраля"),
        ("Party on Feb 30 at 9", "unknown", "on Feb 30 at 9"),
        ("Feb 30 party", "unknown", "Feb 30"),
        ("Ship next month", "vague", "next month"),
        ("Сдать на этой неделе", "vague", "на этой неделе"),
        ("Standup every monday", "repeated", "every monday"),
        ("Каждую пятницу в 10 отчёт", "repeated", "Каждую пятницу в 10"),
        ("Weekly standup", "repeated", "Weekly"),
        ("Standup daily at 10", "repeated", "daily at 10"),
        ("Clean the filter twice a week", "repeated", "twice a week"),
        ("Standup every weekday", "repeated", "every weekday"),
        ("Fridays report", "repeated", "Fridays"),
        ("Rent every 1st of the month", "repeated", "every 1st"),
        ("Сдать ежемесячный отчёт", "repeated", "ежемесячный"),
        ("Планёрка ежедневно в 10", "repeated", "ежедневно в 10"),
        ("По будням в 9 планёрка", "repeated", "По будням в 9"),
        ("Чистить фильтр раз в месяц", "repeated", "раз в месяц"),
        ("Аренда 5 числа каждого месяца", "repeated", "5 числа каждого месяца"),
        ("Отчёт каждый последний рабочий день", "repeated", "каждый последний рабочий день"),
        ("Обновить Python до 3.11", "number", "до 3.11"),
        ("Обновить Python до 10.12", "number", "до 10.12"),
        ("Call tomorrow after 9", "within", "tomorrow"),
        ("Позвонить в следующую пятницу в 10:00 клиенту", "within", "в следующую пятницу в 10:00"),
    ],
)
def test_a_date_that_stays_in_the_title_is_remarked_on(words, remark, date):
    parts = read(words, "UTC")
    assert parts.due_at is None
    assert date in parts.title
    assert parts.remarks[f"date-{remark}"] == date


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("завтра в 9:00 и в 15:00 звонки", "в 9:00 и в 15:00"),
        ("в понедельник в 9 или вторник", "в 9"),
        ("at 25 tomorrow", "at 25"),
        ("Call Bob at 25 tomorrow !мега", "at 25"),
        ("tomorrow at 25 call Bob", "at 25"),
        ("в 25 завтра", "в 25"),
        ("between 9 and 11 tomorrow", "between 9 and 11"),
        ("Встреча с 9 до 11 завтра", "с 9 до 11"),
        ("tomorrow calls at 9 or 15", "at 9 or 15"),
    ],
)
def test_hours_that_gave_the_due_date_no_time_are_remarked_on(words, left):
    parts = read(words, "UTC")
    assert parts.due_at == datetime(2026, 11, 30 if "понедельник" in words else 24, 18, tzinfo=UTC)
    assert left in parts.title
    assert parts.remarks["date-time"] == left


@pytest.mark.parametrize(
    "words",
    ["Buy eggs at 30 each tomorrow", "Обновить Python с 3.11 до 3.12 завтра",
     "Встреча с 9 до 11 завтра 18:00", "call Bob at 25 tomorrow 15:00", "Lunch at 12 main st fri"],
)  # fmt: skip
def test_numbers_that_are_no_hours_and_hours_beside_a_time_are_not(words):
    assert "date-time" not in read(words, "UTC").remarks


@pytest.mark.parametrize(
    "words",
    ["Перенести встречу на завтра", "Отпуск с 10.12", "Check yesterday logs", "Release 1.2",
     "Fix it at 9 tomorrow", "Check every door tomorrow", "Call every customer friday",
     "Fix daily.csv", "Fix the weekly-report job", "Каждый клиент", "Annual report",
     "Clean the 5th floor", "Fix it tomorrow", "tomorrow call Bob at 9", "Support 24/7",
     '"Call tomorrow Bob"'],
)  # fmt: skip
def test_a_date_that_no_one_could_mean_as_due_is_not(words):
    assert not read(words, "UTC").remarks


def test_a_title_that_is_too_long_leaves_the_rest_of_the_line_noted():
    said = read("x" * 201 + " !high tomorrow", "UTC")
    assert (said.title, said.priority) == ("", Priority.HIGH)
    assert said.due_at == datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert said.remarks == {"title-long": "201"}
