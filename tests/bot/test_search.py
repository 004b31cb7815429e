"""/search: the answer at once or after a question, its pages, and the way back to it."""

import pytest

from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.rows import change


def found_by(person) -> list[str]:
    return [label for label in person.screen.buttons if "WEB-" in label]


async def test_words_after_the_command_are_answered_at_once(acme, database):
    task = await acme.task("Fix the <b>pump</b> & more", assignee=acme.team.worker)
    await change(database, "update tasks set description = 'Насосы & <i>pumps</i>'")
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("Which pump?")
    await acme.ada.sends("/search pump")
    assert acme.ada.screen.text == (
        "🔎 pump\n\n⚪ WEB-1 · Fix the <b>pump</b> & more\n📝 Насосы & <i>pumps</i>\n💬 Which pump?"
    )
    assert "Fix the &lt;b&gt;<b>pump</b>&lt;/b&gt; &amp; more" in acme.ada.screen.html
    assert "&lt;i&gt;<b>pumps</b>&lt;/i&gt;" in acme.ada.screen.html
    assert found_by(acme.ada) == ["⚪ WEB-1 Fix the <b>pump</b> & more"]


@pytest.mark.parametrize(
    ("language", "asked", "nothing", "fewer", "stop", "word"),
    [
        ("en", "looking for?", "I found nothing for pump.", "fewer", "nearly every", "the"),
        ("ru", "Что найти?", "Ничего не нашлось: pump.", "меньше", "почти в любом тексте", "и"),
    ],
)
async def test_a_button_asks_and_whatever_is_written_is_answered_kindly(
    acme, language, asked, nothing, fewer, stop, word
):
    await acme.speak(language)
    await acme.wanda.sends("/menu")
    await acme.wanda.clicks("Search" if language == "en" else "Поиск")
    assert asked in acme.wanda.screen.text
    await acme.wanda.sends(word)
    assert stop in acme.wanda.screen.text
    assert await acme.wanda.step() == "Search:words"
    await acme.wanda.sends("pump")
    assert nothing in acme.wanda.screen.text
    assert fewer not in acme.wanda.screen.text, "of one word nothing can be left out"
    assert await acme.wanda.step() is None
    await acme.wanda.sends("/search pump or valve")
    assert fewer not in acme.wanda.screen.text, "either is looked for already"
    await acme.wanda.sends("/search old pump")
    assert fewer in acme.wanda.screen.text
    assert {"en": "in one text", "ru": "в одном тексте"}[language] in acme.wanda.screen.text
    for words in (word, "%%%", "x" * 101):
        await acme.wanda.sends(f"/search {words}")
        assert (stop in acme.wanda.screen.text) is (words == word)
        assert acme.wanda.screen.data == ["o:search", "o:menu"]


async def test_the_command_alone_asks_and_offers_what_was_searched_for_before(acme):
    await acme.task("Pump")
    for words in ("pump", "valve", "pump", "x" * 100):
        await acme.ada.sends(f"/search {words}")
    await acme.ada.sends("/search")
    offered = acme.ada.screen.buttons[:-1]
    assert [one.rstrip("…")[:10] for one in offered] == ["🔎 xxxxxxxx", "🔎 pump", "🔎 valve"]
    await acme.ada.clicks("pump")
    assert found_by(acme.ada) == ["⚪ WEB-1 Pump"]
    assert await acme.ada.step() is None


async def test_pages_go_on_and_the_card_leads_back_to_its_page(acme):
    for number in range(10):
        await acme.task(f"Pump {number}", assignee=acme.team.worker)
    await acme.ada.sends("/search pump")
    first = found_by(acme.ada)
    assert len(first) == 6
    await acme.ada.clicks("Next ›")
    page = acme.ada.screen
    assert len({*first, *found_by(acme.ada)}) == 10
    await acme.ada.clicks("Pump 1")
    await acme.ada.clicks("Start")
    await acme.ada.clicks("Comment")
    await acme.ada.sends("Begun")
    await acme.ada.clicks("Tasks")
    assert [label[-6:] for label in found_by(acme.ada)] == [
        label[-6:] for label in page.buttons[:4]
    ]
    await acme.ada.clicks("‹ Previous")
    assert found_by(acme.ada) == first


async def test_pages_of_two_searches_do_not_get_mixed_up(acme):
    for number in range(8):
        await acme.task(f"Pump {number}")
        await acme.task(f"Valve {number}")
    await acme.ada.sends("/search pump")
    pumps = acme.ada.screen
    await acme.ada.sends("/search valve")
    await acme.ada.does(acme.ada.pressing(pumps.data_of("Next ›"), pumps))
    assert acme.ada.screen.text.startswith("🔎 pump")
    assert all("Pump" in label for label in found_by(acme.ada))


async def test_a_search_of_long_ago_says_how_to_go_on(acme):
    await acme.task("Pump")
    await acme.ada.sends("/search pump")
    old = acme.ada.screen
    for number in range(10):
        await acme.ada.sends(f"/search word{number}")
    _, _, search, _ = old.data_of("WEB-1").split(":")
    await acme.ada.does(acme.ada.pressing(f"sf:{search}:", old))
    assert acme.ada.toast == "That search was too long ago. Start it again: /search"
    assert acme.ada.alert


async def test_a_tasks_number_opens_it_from_the_search_too(acme, database):
    await acme.task("Pump")
    hidden = await factories.project(database, acme.team.id, key="HID")
    await factories.task(database, hidden, "Hidden", author=acme.team.admin)
    await acme.wanda.sends("/search web-1")
    assert acme.wanda.screen.text.startswith("WEB-1 Pump")
    await acme.wanda.clicks_data("o:search")
    await acme.wanda.sends("HID-1")
    assert "I found nothing for HID-1." in acme.wanda.screen.text


async def test_what_was_searched_for_in_one_company_is_not_offered_in_another(acme, globex, stage):
    await acme.ada.sends("/search secret")
    await factories.member(acme.database, globex.team.id, "manager", person=acme.team.admin.account)
    await acme.ada.clicks_data(f"sw:{globex.team.id}")
    await acme.ada.sends("/search")
    assert "secret" not in str(acme.ada.screen.buttons)


async def test_the_longest_of_everything_fits_into_a_message(acme, database):
    for number in range(6):
        await acme.task("pump " * 39 + str(number), status=Status.REVIEW)
    long = "&" * 1900
    await change(database, "update tasks set description = :d", d=f"{long} pump {long}")
    await change(
        database,
        "insert into comments (company_id, task_id, author_name, body)"
        " select company_id, id, 'Ada', :b from tasks",
        b=f"pump{'<' * 3000}",
    )
    await acme.ada.sends("/search pump")
    assert len(found_by(acme.ada)) == 6


@pytest.mark.parametrize("words", ["%%%", "-pump", "—", "_ *", "🙂"])
@pytest.mark.parametrize(("language", "said"), [("en", "There is no word"), ("ru", "нет слова")])
async def test_what_holds_no_word_to_look_for_is_told_from_too_common_words(
    acme, language, said, words
):
    await acme.speak(language)
    await acme.ada.sends(f"/search {words}")
    assert said in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_tag_in_a_search_leads_to_the_filter(acme, language):
    await acme.speak(language)
    tagged = {"en": "By their tags", "ru": "По меткам"}[language]
    await acme.task("Pump")
    await acme.ada.sends("/search pump")
    assert tagged not in acme.ada.screen.text
    await acme.ada.sends("/search #pump")
    assert found_by(acme.ada) == ["⚪ WEB-1 Pump"]
    assert tagged in acme.ada.screen.text
    await acme.ada.clicks({"en": "Filter", "ru": "Фильтр"}[language])
    assert "🏷" in acme.ada.screen.text
