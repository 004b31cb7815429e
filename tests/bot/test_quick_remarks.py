"""What one line was not understood to mean, said plainly above the read-back."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from tests import factories
from tests.bot.rows import change, rows


async def test_someone_who_is_not_there_is_pointed_out_not_guessed(acme):
    await acme.ada.sends("/task WEB Fix the pump @nobody")
    assert "I can’t find @nobody in this project." in acme.ada.screen.text
    assert "👤 nobody" in acme.ada.screen.text


async def test_why_somebody_can_not_be_given_the_task_is_said(acme, database):
    await factories.member(database, acme.team.id, "worker", "Walt")
    await acme.ada.sends("/task WEB Fix the pump @clive")
    assert "⚠️ Clive is a client." in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Wanda")
    assert "⚠️" not in acme.ada.screen.text
    await acme.ada.sends("/task WEB Fix the pump @walt")
    assert "⚠️ Walt is not in this project." in acme.ada.screen.text
    await acme.speak("ru")
    await acme.max.sends("/task WEB Насос @clive")
    assert "⚠️ Clive – клиент." in acme.max.screen.text


async def test_a_worker_hears_of_nobody_beyond_the_project(acme, database):
    await factories.member(database, acme.team.id, "worker", "Walt")
    await acme.wanda.sends("/task WEB Fix the pump @walt")
    assert "⚠️ I can’t find @walt in this project." in acme.wanda.screen.text
    await acme.wanda.sends("/task WEB Fix the pump @clive")
    assert "⚠️ Clive is a client." in acme.wanda.screen.text


async def test_of_two_who_are_named_one_is_said_to_be_left_out(acme):
    await acme.ada.sends("/task WEB Fix the pump @max with @wanda")
    assert "👤 Wanda" in acme.ada.screen.text
    assert "Left out: @max" in acme.ada.screen.text
    assert len(acme.ada.screen.buttons) <= 9
    await acme.ada.clicks("👤 Max")
    assert "Left out" not in acme.ada.screen.text


@pytest.mark.parametrize(("language", "said"), [("en", "is no priority"), ("ru", "нет такого")])
async def test_an_unknown_priority_hides_no_date_and_is_pointed_out(acme, language, said):
    await acme.speak(language)
    await acme.ada.sends("/task WEB Fix the pump 2030-12-01 15:00 !мега")
    assert "Fix the pump !мега\n" in acme.ada.screen.text
    assert "📅 1" in acme.ada.screen.text
    assert said in acme.ada.screen.text
    await acme.ada.clicks({"en": "urgent", "ru": "срочно"}[language])
    assert said not in acme.ada.screen.text


async def test_a_key_in_capitals_that_is_none_is_pointed_out(acme, database):
    await acme.ada.sends("/task XYZ Fix the pump")
    assert "XYZ Fix the pump\n📁 WEB" in acme.ada.screen.text
    assert "⚠️ You have no project XYZ" in acme.ada.screen.text
    await acme.ada.clicks("Title")
    await acme.ada.sends("Fix the pump")
    assert "XYZ" not in acme.ada.screen.text
    await acme.ada.sends("/task fix the pump")
    assert "⚠️" not in acme.ada.screen.text
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task XYZ Fix the pump")
    assert "⚠️ You have no project XYZ" in acme.ada.screen.text
    assert acme.ada.screen.text.endswith("Which project is the task for?")


@pytest.mark.parametrize("line", ['WEB "" !high', "WEB in 3 days", "WEB «» завтра", 'WEB ""'])
async def test_a_line_without_a_title_is_asked_for_one(acme, database, line):
    await acme.ada.sends(f"/task {line}")
    assert "What is to be done?" in acme.ada.screen.text
    await acme.ada.sends("Fix the pump")
    assert ("🔼 high" in acme.ada.screen.text) is ("!high" in line)
    await acme.ada.clicks("Create")
    due = await rows(database, "select title, due_at is not null from tasks")
    assert due == [("Fix the pump", line.endswith(("days", "завтра")))]


async def test_a_title_that_is_too_long_is_asked_for_and_the_rest_is_noted(acme):
    await acme.ada.sends(f"/task WEB {'x' * 224} !high tomorrow")
    assert "That title has 224 characters, and 200 fit." in acme.ada.screen.text
    assert "📝 Noted so far: 📅 tomorrow 18:00" in acme.ada.screen.text
    await acme.ada.sends("x" * 201)
    assert "That title has 201 characters" in acme.ada.screen.text
    await acme.ada.sends("Fix the pump")
    assert "Fix the pump\n📁 WEB" in acme.ada.screen.text
    assert "📅 tomorrow 18:00" in acme.ada.screen.text
    assert "🔼 high" in acme.ada.screen.text
    assert "characters" not in acme.ada.screen.text


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("en", "Fix it yesterday", "“yesterday” is in the past"),
        ("en", "Fix it 31.02", "“31.02” is no date I know"),
        ("en", "Plan next month", "“next month” names no day"),
        (
            "en",
            "Standup every monday",
            "I can’t repeat tasks yet: this will be one task, and “every monday”",
        ),
        ("en", "Call tomorrow 15:00 the client", "I left “tomorrow 15:00” in the title."),
        ("ru", "Починить вчера", "«вчера» уже в прошлом"),
        ("ru", "Починить 31.02", "«31.02» – такой даты не знаю"),
        ("ru", "Снег в следующем месяце", "«в следующем месяце» не называет дня"),
        (
            "ru",
            "Планёрка каждый понедельник",
            "пока не умею: задача будет одна, а «каждый понедельник»",
        ),
        ("ru", "Обновить Python до 3.11", "«до 3.11» – похоже, это число, а не дата."),
        ("ru", "Позвонить завтра клиенту", "Оставил «завтра» в названии."),
    ],
)
async def test_a_date_that_stays_in_the_title_is_pointed_out_until_one_is_set(
    acme, language, line, said
):
    await acme.speak(language)
    await acme.ada.sends(f"/task WEB: {line}")
    assert f"{line}\n📁 WEB" in acme.ada.screen.text
    assert said in acme.ada.screen.text
    await acme.ada.clicks({"en": "Tomorrow", "ru": "Завтра"}[language])
    assert said not in acme.ada.screen.text


@pytest.mark.parametrize(
    ("language", "line", "days", "left"),
    [
        ("en", "Fix it tomorrow {day}", 40, "“tomorrow”"),
        ("en", "Fix it {day} tomorrow 15:00", 1, "“{day}”"),
        ("en", "yesterday Fix it {day}", 40, "“yesterday”"),
        ("ru", "Починить через 3 дня {day}", 40, "«через 3 дня»"),
    ],
)
async def test_of_two_dates_the_one_that_was_not_taken_is_named(
    acme, database, language, line, days, left
):
    await acme.speak(language)
    day = (now() + timedelta(days=40)).date()
    left = left.format(day=day)
    await acme.ada.sends(f"/task WEB: {line.format(day=day)}")
    assert left in acme.ada.screen.text
    await acme.ada.clicks({"en": "Create", "ru": "Создать"}[language])
    ((title, due_at),) = await rows(database, "select title, due_at from tasks")
    assert due_at.date() == (now() + timedelta(days=days)).date()
    assert left[1:-1] in title


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("en", "Call Bob at 45 tomorrow", "🕘 I left “at 45” in the title."),
        ("ru", "Встреча с 9 до 11 завтра", "🕘 Оставил «с 9 до 11» в названии."),
    ],
)
async def test_hours_that_gave_no_time_are_pointed_out_until_one_is_set(acme, language, line, said):
    await acme.speak(language)
    await acme.ada.sends(f"/task WEB: {line}")
    assert said in acme.ada.screen.text
    assert "18:00" in acme.ada.screen.text
    await acme.ada.clicks({"en": "Due", "ru": "Срок"}[language])
    await acme.ada.sends({"en": "tomorrow 9:00", "ru": "завтра 9:00"}[language])
    assert "🕘" not in acme.ada.screen.text


@pytest.mark.parametrize("line", ["Call in 3 days at 15:00", "The friday plan tomorrow"])
async def test_one_date_said_twice_or_about_something_else_needs_no_word(acme, line):
    await acme.ada.sends(f"/task WEB: {line}")
    assert "Two dates" not in acme.ada.screen.text
    assert "📅 not set" not in acme.ada.screen.text


async def test_the_line_shown_back_says_that_it_lacks_the_description(acme):
    await acme.ada.sends("/task WEB Fix the pump")
    assert "⌨️ In one line: /task" in acme.ada.screen.text
    await acme.ada.sends("/task WEB Fix the pump\nIt drips.")
    assert "⌨️ In one line, all but the description: /task" in acme.ada.screen.text


async def test_remarks_of_an_older_version_do_no_harm(acme):
    await acme.ada.sends("/task WEB Fix the pump")
    said = await acme.ada.said()
    await acme.ada.is_at("NewTask:draft", **said, notes=["assignee"])
    await acme.ada.clicks("Tomorrow")
    assert "📅 tomorrow 18:00" in acme.ada.screen.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "10 tags, so the rest is left out: #a11 #a12"),
        ("ru", "10 меток, остальные пропущены: #a11"),
    ],
)
async def test_of_too_many_tags_the_first_are_taken(acme, database, language, said):
    await acme.speak(language)
    await acme.ada.sends(f"/task WEB Pump {' '.join(f'#a{n}' for n in range(1, 13))} 2030-12-01")
    assert said in acme.ada.screen.text
    await acme.ada.clicks({"en": "Create", "ru": "Создать"}[language])
    assert await rows(database, "select count(*) from task_tags") == [10]
    assert await rows(database, "select title, due_at is not null from tasks") == [("Pump", True)]


async def test_what_can_be_no_tag_is_pointed_out(acme):
    await acme.ada.sends("/task WEB Learn #c++")
    assert "⚠️ #c++ stays in the title: a tag has letters" in acme.ada.screen.text
    await acme.ada.clicks("Tags")
    await acme.ada.sends("#cpp")
    assert "#c++ stays" not in acme.ada.screen.text


@pytest.mark.parametrize("name", ["Ян", "Anna-Maria"])
async def test_a_short_name_or_one_with_a_hyphen_is_somebody(acme, database, name):
    await change(database, "update users set name = :name where name = 'Wanda'", name=name)
    await acme.ada.sends(f"/task WEB Fix the pump @{name} tomorrow")
    assert f"👤 {name}" in acme.ada.screen.text
    assert "⚠️" not in acme.ada.screen.text


async def test_names_full_of_markup_are_shown_as_they_are(acme, database):
    await change(database, "update users set name = '<b>&' where name = 'Clive'")
    await change(database, "update users set username = 'clive_c' where name = '<b>&'")
    await acme.ada.sends("/task WEB Fix the pump @clive_c")
    assert "⚠️ <b>& is a client." in acme.ada.screen.text
