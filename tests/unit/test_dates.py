"""Dates as people write them; now is Monday, 23 November 2026, 12:00 in Moscow."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core import dates
from saas_bot.core.dates import parse_due
from saas_bot.core.due_in_line import split_due
from saas_bot.core.errors import Invalid

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(MOSCOW))


@pytest.fixture
def today(monkeypatch):
    """Sets the clock that due dates are read by; noon of the day above to begin with."""

    def is_now(moment: datetime) -> None:
        monkeypatch.setattr(dates, "now", lambda: moment.astimezone(UTC))

    is_now(NOON)
    return is_now


def local(moment: datetime | None, timezone: str = MOSCOW) -> str | None:
    return moment and moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("завтра в 15:00", "2026-11-24 15:00"),
        ("завтра 15:00", "2026-11-24 15:00"),
        ("Завтра", "2026-11-24 18:00"),
        ("завтра в 9", "2026-11-24 09:00"),
        ("послезавтра 9", "2026-11-25 09:00"),
        ("в пятницу 9", "2026-11-27 09:00"),
        ("tomorrow 9", "2026-11-24 09:00"),
        ("в пятницу 18-00", "2026-11-27 18:00"),
        ("Friday 9-30", "2026-11-27 09:30"),
        ("в среду в 9", "2026-11-25 09:00"),
        ("сегодня 18:00", "2026-11-23 18:00"),
        ("послезавтра", "2026-11-25 18:00"),
        ("в пятницу", "2026-11-27 18:00"),
        ("пятница 10:00", "2026-11-27 10:00"),
        ("до пятницы", "2026-11-27 18:00"),
        ("к пятнице", "2026-11-27 18:00"),
        ("в понедельник", "2026-11-30 18:00"),
        ("через 2 дня", "2026-11-25 18:00"),
        ("через неделю", "2026-11-30 18:00"),
        ("через 2 часа", "2026-11-23 14:00"),
        ("через 15 минут", "2026-11-23 12:15"),
        ("5 декабря", "2026-12-05 18:00"),
        ("5 декабря в 10:00", "2026-12-05 10:00"),
        ("1 января", "2027-01-01 18:00"),
        ("31.12", "2026-12-31 18:00"),
        ("15.12", "2026-12-15 18:00"),
        ("03.11", "2027-11-03 18:00"),
        ("к 31.12", "2026-12-31 18:00"),
        ("25.12.2026 09:30", "2026-12-25 09:30"),
        ("31.12 00:00", "2026-12-31 00:00"),
        ("tomorrow", "2026-11-24 18:00"),
        ("tomorrow at 3pm", "2026-11-24 15:00"),
        ("next mon 9am", "2026-11-30 09:00"),
        ("on Friday", "2026-11-27 18:00"),
        ("by friday", "2026-11-27 18:00"),
        ("in 2 hours", "2026-11-23 14:00"),
        ("in 3 days", "2026-11-26 18:00"),
        ("next week", "2026-11-30 18:00"),
        ("Dec 5", "2026-12-05 18:00"),
        ("31/12", "2026-12-31 18:00"),
        ("2026-12-31 10:00", "2026-12-31 10:00"),
        ("15:00", "2026-11-23 15:00"),
        ("в 15:00", "2026-11-23 15:00"),
        ("08:00", "2026-11-24 08:00"),
        ("завтра утром", "2026-11-24 09:00"),
        ("завтра с утра", "2026-11-24 09:00"),
        ("завтра днём", "2026-11-24 15:00"),
        ("сегодня вечером", "2026-11-23 18:00"),
        ("в понедельник утром", "2026-11-30 09:00"),
        ("tomorrow morning", "2026-11-24 09:00"),
        ("friday afternoon", "2026-11-27 15:00"),
        ("tomorrow evening", "2026-11-24 18:00"),
        ("завтра в 9 утра", "2026-11-24 09:00"),
        ("завтра в 3 дня", "2026-11-24 15:00"),
        ("завтра в 8:30 вечера", "2026-11-24 20:30"),
        ("завтра в 12 дня", "2026-11-24 12:00"),
        ("в следующий понедельник", "2026-11-30 18:00"),
        ("в следующую пятницу в 10:00", "2026-12-04 10:00"),
        ("next friday", "2026-12-04 18:00"),
        ("next sunday", "2026-12-06 18:00"),
        ("до конца дня", "2026-11-23 18:00"),
        ("до конца месяца", "2026-11-30 18:00"),
        ("к концу месяца", "2026-11-30 18:00"),
        ("by the end of the month", "2026-11-30 18:00"),
        ("end of day", "2026-11-23 18:00"),
        ("mon", "2026-11-30 18:00"),
        ("Fri", "2026-11-27 18:00"),
        ("thurs 9am", "2026-11-26 09:00"),
        ("пт", "2026-11-27 18:00"),
        ("tomorrow at noon", "2026-11-24 12:00"),
        ("завтра в полдень", "2026-11-24 12:00"),
        ("в пятницу к полудню", "2026-11-27 12:00"),
        ("midnight", "2026-11-23 23:59"),
        ("friday at midnight", "2026-11-27 23:59"),
        ("завтра в полночь", "2026-11-24 23:59"),
        ("12/31", "2026-12-31 18:00"),
        ("5/12", "2026-12-05 18:00"),
        ("tomorrow 15.30", "2026-11-24 15:30"),
        ("friday, 27 november", "2026-11-27 18:00"),
        ("в пятницу 27.11 в 15:00", "2026-11-27 15:00"),
        ("dec 5", "2026-12-05 18:00"),
        ("december 5", "2026-12-05 18:00"),
        ("Dec 5th", "2026-12-05 18:00"),
        ("by eod", "2026-11-23 18:00"),
        ("by eow", "2026-11-27 18:00"),
        ("noon tomorrow", "2026-11-24 12:00"),
        ("до конца недели", "2026-11-27 18:00"),
        ("by the end of the week", "2026-11-27 18:00"),
        ("by the end of next week", "2026-12-04 18:00"),
        ("by the end of next month", "2026-12-31 18:00"),
        ("до конца следующего года", "2027-12-31 18:00"),
        ("eoy", "2026-12-31 18:00"),
        ("at 9 tomorrow", "2026-11-24 09:00"),
        ("в 9 завтра", "2026-11-24 09:00"),
        ("к 12 завтра", "2026-11-24 12:00"),
        ("завтра к 12", "2026-11-24 12:00"),
        ("завтра к 12:00", "2026-11-24 12:00"),
        ("к 10 к пятнице", "2026-11-27 10:00"),
        ("by 5pm tomorrow", "2026-11-24 17:00"),
        ("at 10 on friday", "2026-11-27 10:00"),
        ("at 9 on the 5th", "2026-12-05 09:00"),
        ("at 9 dec 2", "2026-12-02 09:00"),
        ("в 9 2 декабря", "2026-12-02 09:00"),
        ("в 10 через 2 дня", "2026-11-25 10:00"),
        ("at 10 in 2 days", "2026-11-25 10:00"),
        ("today at 5", "2026-11-23 17:00"),
        ("в 5 сегодня", "2026-11-23 17:00"),
        ("tonight at 9", "2026-11-23 21:00"),
        ("at 9 tonight", "2026-11-23 21:00"),
        ("this evening at 8", "2026-11-23 20:00"),
        ("friday evening at 7", "2026-11-27 19:00"),
        ("завтра 7 вечера", "2026-11-24 19:00"),
        ("this friday", "2026-11-27 18:00"),
        ("this monday", "2026-11-23 18:00"),
        ("coming monday", "2026-11-30 18:00"),
        ("в этот четверг", "2026-11-26 18:00"),
        ("в ближайшую среду в 10", "2026-11-25 10:00"),
        ("к следующей среде", "2026-12-02 18:00"),
        ("friday next week", "2026-12-04 18:00"),
        ("на следующей неделе во вторник", "2026-12-01 18:00"),
        ("на следующей неделе", "2026-11-30 18:00"),
        ("the day after tomorrow", "2026-11-25 18:00"),
        ("day after tomorrow at 10", "2026-11-25 10:00"),
        ("1-го декабря", "2026-12-01 18:00"),
        ("on the 1st of december", "2026-12-01 18:00"),
        ("5-го числа", "2026-12-05 18:00"),
        ("31 числа", "2026-12-31 18:00"),
        ("in half an hour", "2026-11-23 12:30"),
        ("within an hour", "2026-11-23 13:00"),
        ("within 3 days", "2026-11-26 18:00"),
        ("в течение недели", "2026-11-30 18:00"),
        ("in a couple of days", "2026-11-25 18:00"),
        ("3 days from now", "2026-11-26 18:00"),
    ],
)
def test_a_date_is_read_as_people_mean_it(text, expected):
    assert local(parse_due(text, MOSCOW)) == expected


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "text", ["вчера", "yesterday", "2020-01-01", "сегодня 11:59", "11:00 today", "в 5 утра сегодня"]
)
def test_the_past_is_refused(text):
    with pytest.raises(Invalid, match="date-past"):
        parse_due(text, MOSCOW)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "когда-нибудь",
        "32.13",
        "31/13",
        "31/02",
        "12-31",
        "12-31 15:00",
        "12 31",
        "11/2027",
        "2026-02-30",
        "5",
        "2027",
        "May",
        "in May",
        "at 9",
        "в этом месяце",
        "на этой неделе",
        "в следующем месяце",
        "this month",
        "next year",
        "24/7",
        "now",
        "сейчас",
        "in 3 days 25:99",
        "tomorrow 9:75",
        "tomorrow 12/31",
        "завтра 31.12",
        "friday 5 december",
        "this friday 5 december",
        "в пятницу 1-го декабря",
        "tomorrow after 9:00",
        "завтра с 9:00",
        "tomorrow 9:00 or 10:00",
        "today at",
        "at 25 tomorrow",
        "31 февраля",
        "Feb 30",
        "in 1000000 days",
        "31.12.9999",
        "с 10.12",
        "tomorrow " * 20,
        "<b>",
        "\u200b",
        "🙂",
        "завтра'; drop table tasks",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Invalid, match="date-unclear"):
        parse_due(text, MOSCOW)


def test_the_same_words_mean_another_moment_in_another_timezone(today):
    assert parse_due("tomorrow 15:00", MOSCOW) == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert parse_due("tomorrow 15:00", "America/New_York") == datetime(2026, 11, 24, 20, tzinfo=UTC)


def test_today_is_the_persons_own_day(today):
    today(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))  # already the 24th in Tokyo
    assert local(parse_due("today 18:00", "Asia/Tokyo"), "Asia/Tokyo") == "2026-11-24 18:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-28 01:30", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("2027-03-28 03:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31 12:00", datetime(2027, 10, 31, 11, 0, tzinfo=UTC)),
        ("2027-10-30 12:00", datetime(2027, 10, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_date_beyond_the_change_of_clocks_has_the_offset_of_its_own_day(today, text, expected):
    assert parse_due(text, BERLIN) == expected


def test_hours_are_counted_as_they_pass_though_the_clocks_change_meanwhile(today):
    today(datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo(BERLIN)))
    assert parse_due("in 2 hours", BERLIN) == datetime(2027, 3, 28, 2, 30, tzinfo=UTC)


def test_a_day_is_a_day_though_the_clocks_change_meanwhile(today):
    today(datetime(2027, 3, 27, 12, tzinfo=ZoneInfo(BERLIN)))
    assert local(parse_due("tomorrow 15:00", BERLIN), BERLIN) == "2027-03-28 15:00"


def test_a_moment_has_no_seconds(today):
    today(NOON.replace(second=42, microsecond=7))
    assert parse_due("in 2 hours", MOSCOW) == NOON.replace(hour=14)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("line", "title", "due"),
    [
        ("Починить насос завтра 15:00", "Починить насос", "2026-11-24 15:00"),
        ("Починить насос завтра в 15:00", "Починить насос", "2026-11-24 15:00"),
        ("Отчёт до пятницы", "Отчёт", "2026-11-27 18:00"),
        ("Сдать отчёт 31.12", "Сдать отчёт", "2026-12-31 18:00"),
        ("Заказать 3 кабеля через 2 дня", "Заказать 3 кабеля", "2026-11-25 18:00"),
        ("Заявка 123 завтра в 9", "Заявка 123", "2026-11-24 09:00"),
        ("Fix the pump in 2 hours", "Fix the pump", "2026-11-23 14:00"),
        ("Order 12 chairs next mon 9am", "Order 12 chairs", "2026-11-30 09:00"),
        ("Buy 10 pumps on friday", "Buy 10 pumps", "2026-11-27 18:00"),
        ("Fix pump 3 tomorrow", "Fix pump 3", "2026-11-24 18:00"),
        ("Release 2.0 tomorrow", "Release 2.0", "2026-11-24 18:00"),
        ("Pay invoice 15.12", "Pay invoice", "2026-12-15 18:00"),
        ("Party 2026-12-31 10:00", "Party", "2026-12-31 10:00"),
        ("Report fri", "Report", "2026-11-27 18:00"),
        ("Отчёт пт", "Отчёт", "2026-11-27 18:00"),
        ("Обед завтра в полдень", "Обед", "2026-11-24 12:00"),
        ("Ship by midnight", "Ship", "2026-11-23 23:59"),
        ("Paint the fence 12/31", "Paint the fence", "2026-12-31 18:00"),
        ("Paint dec 5", "Paint", "2026-12-05 18:00"),
        ("Paint december 5", "Paint", "2026-12-05 18:00"),
        ("Paint Dec 5th", "Paint", "2026-12-05 18:00"),
        ("Paint by eod", "Paint", "2026-11-23 18:00"),
        ("Lunch noon tomorrow", "Lunch", "2026-11-24 12:00"),
        ("Сдать отчёт до конца недели", "Сдать отчёт", "2026-11-27 18:00"),
        ("Call at 9 tomorrow", "Call", "2026-11-24 09:00"),
        ("Позвонить в 5 сегодня", "Позвонить", "2026-11-23 17:00"),
        ("Call at 10 on friday", "Call", "2026-11-27 10:00"),
        ("Снег в ближайшую среду", "Снег", "2026-11-25 18:00"),
        ("Call this friday at 10", "Call", "2026-11-27 10:00"),
        ("Meet on the 5th at 9", "Meet", "2026-12-05 09:00"),
        ("Сдать до 3.12", "Сдать", "2026-12-03 18:00"),
        ("Позвонить Анне до 5.12", "Позвонить Анне", "2026-12-05 18:00"),
        ("Написать Bob до 15.12", "Написать Bob", "2026-12-15 18:00"),
        ("Обновить сайт до 15.12", "Обновить сайт", "2026-12-15 18:00"),
        ("Сократить штат до 5 декабря", "Сократить штат", "2026-12-05 18:00"),
        ("Raise prices by 5 tomorrow", "Raise prices by 5", "2026-11-24 18:00"),
        ("Поднять цену до 12 завтра", "Поднять цену до 12", "2026-11-24 18:00"),
        ("Созвон с 9 до 12 завтра", "Созвон с 9 до 12", "2026-11-24 18:00"),
        ("Звонить после 9 завтра", "Звонить после 9", "2026-11-24 18:00"),
        ("Clean the 5th floor tomorrow", "Clean the 5th floor", "2026-11-24 18:00"),
        ("Standup every monday tomorrow", "Standup every monday", "2026-11-24 18:00"),
    ],
)
def test_the_date_is_taken_off_the_end_of_a_line_and_nothing_else(line, title, due):
    rest, moment = split_due(line, MOSCOW)
    assert (rest, local(moment)) == (title, due)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("line", "title", "due"),
    [
        ("завтра купить хлеб", "купить хлеб", "2026-11-24 18:00"),
        ("Завтра утром, забрать торт", "забрать торт", "2026-11-24 09:00"),
        ("В пятницу – отчёт для банка", "отчёт для банка", "2026-11-27 18:00"),
        ("через 2 дня позвонить Анне", "позвонить Анне", "2026-11-25 18:00"),
        ("31.12 закрыть год", "закрыть год", "2026-12-31 18:00"),
        ("Tomorrow at 3pm call Bob", "call Bob", "2026-11-24 15:00"),
        ("On Friday order 3 chairs", "order 3 chairs", "2026-11-27 18:00"),
        ("Завтра созвон с банком в 15:00", "созвон с банком", "2026-11-24 15:00"),
        ("tomorrow call Bob at 9", "call Bob", "2026-11-24 09:00"),
        ("Починить насос завтра утром", "Починить насос", "2026-11-24 09:00"),
        ("Отчёт в следующий понедельник", "Отчёт", "2026-11-30 18:00"),
        ("Закрыть акты до конца месяца", "Закрыть акты", "2026-11-30 18:00"),
        ("Пт отчёт", "отчёт", "2026-11-27 18:00"),
        ("В 9 завтра позвонить", "позвонить", "2026-11-24 09:00"),
        ("This friday at 10 call Bob", "call Bob", "2026-11-27 10:00"),
        ("Day after tomorrow call Bob", "call Bob", "2026-11-25 18:00"),
        ("Завтра отчёт к 12", "отчёт", "2026-11-24 12:00"),
        ("in 3 days", "", "2026-11-26 18:00"),
        ("завтра", "", "2026-11-24 18:00"),
    ],
)
def test_a_date_may_stand_at_the_beginning_or_have_its_time_at_the_end(line, title, due):
    rest, moment = split_due(line, MOSCOW)
    assert (rest, local(moment)) == (title, due)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "line",
    [
        "Отпуск с 10.12",
        "Перенести встречу на завтра",
        "Отчёт за понедельник",
        "Созвон в понедельник и вторник",
        "Book a table for friday",
        "Finish before friday",
        "Отпуск с 10.12 по 20.12",
        "Closed from 10.12",
        "After 31.12 nothing",
        "Сдать отчёт в этом месяце",
        "Обзор на этой неделе",
        "Plan this month",
        "Support 24/7",
        "24/7 support",
        "Sat nav update",
        "On call rota",
        "In house training",
        "At home on my desk",
        "3 marketing plans",
        "2 decks of cards",
        "Next steps",
        "Завтрак с клиентом",
        "В офис за ключами",
        "К врачу",
        "Созвон в 9",
        "Meet at 9",
        "Call May",
        "Meet in May",
        "Fix the 2 pumps",
        "Fix pump 3",
        "Buy 5",
        "Room 12",
        "Fix bug 404",
        "Report 2026",
        "Plan for 2027",
        "Release 2.0",
        "Release 1.2",
        "Version 3.11",
        "Meet on 31.02 at noon",
        "Check yesterday 9am",
        "Отчёт за вчера в 9:00",
        "Check last friday 10am",
        "Check last fri 10am",
        "Разбор прошлой пятницы 10:00",
        "Ship 2020-01-01 10:00",
        "Meet 31/02 15:00",
        "Check mark 5",
        "Send marketing 5",
        "Fix the noon bug",
        "Fix the sun",
        "Call Sat",
        "Check the monitor",
        "Send to Fred",
        "Fix door on the 3rd floor",
        "Купить 3 кабеля",
        "Купить 2",
        "Standup every monday",
        "Standup every second friday at 10",
        "Standup every day 10:00",
        "Планёрка каждый понедельник",
        "Планёрка по пятницам",
        "Report on mondays",
        "Обновить Python до 3.11",
        "Обновить до 3.11",
        "Обновить Python до 10.12",
        "Перейти с 8.2 до 8.3",
        "Поднять цену до 3.5",
        "Call at 5am today",
        "Call tomorrow after 9",
        "Fix the 5th",
        "On the 5th floor fix the lamp",
        "Сдать 31 февраля",
        "Fix this",
        "Это понедельник",
        "Позвонить Маю",
        "Lunch with Mona",
        "",
        "x",
    ],
)
def test_a_title_loses_no_word_that_is_not_clearly_a_date(line):
    assert split_due(line, MOSCOW) == (line, None)
