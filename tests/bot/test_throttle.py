"""Too fast: one polite word, then silence, then all is well again."""

import pytest
from aiogram.methods import AnswerCallbackQuery, SendMessage

from saas_bot.core.chat_storage import Allowance
from tests.bot.people import Stage

WORDS = {
    "en": "⏳ That was a bit fast for me. Please wait 2 seconds and go on.",
    "ru": "⏳ Я не успеваю. Подождите 2 секунды и продолжайте.",
}


@pytest.fixture
def strict(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Three updates in two seconds; the window ends when a test says so."""
    monkeypatch.setattr(stage.dispatcher.storage, "allowance", Allowance(limit=3, window=2))
    return stage


async def let_the_window_end(stage: Stage, person) -> None:
    key = f"throttle:{person.id}"
    assert 0 < await stage.redis.pttl(key) <= 2000, "it ends by itself"
    await stage.redis.pexpire(key, 0)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_messages_get_one_polite_answer_and_go_on_after_the_window(strict, language):
    anna = strict.person(7, "Anna", language=language, hasty=True)
    for _ in range(3):
        await anna.sends("/help")
        assert anna.screen.text != WORDS[language]
    await anna.sends("/help")
    assert [call.text for call in anna.heard] == [WORDS[language]]
    for _ in range(5):
        await anna.sends("/help")
        assert anna.heard == []
    await let_the_window_end(strict, anna)
    await anna.sends("/help")
    assert "What I do for you" in anna.screen.text or "Чем я полезен" in anna.screen.text


async def test_it_speaks_the_language_that_was_chosen(strict, acme):
    acme.ada.language = "en"
    await acme.speak("ru")
    acme.ada.hasty = True
    for _ in range(3):
        await acme.ada.sends("/help")
    await acme.ada.sends("/help")
    assert [call.text for call in acme.ada.heard] == [WORDS["ru"]]


async def test_clicks_get_an_alert(strict):
    anna = strict.person(7, "Anna", hasty=True)
    for _ in range(3):
        await anna.clicks_data("o:help")
    await anna.clicks_data("o:menu")
    assert anna.toast == WORDS["en"]
    assert anna.alert
    assert [type(call) for call in anna.heard] == [AnswerCallbackQuery]
    await anna.clicks_data("o:menu")
    assert [type(call) for call in anna.heard] == [AnswerCallbackQuery]
    assert anna.toast == ""


async def test_others_are_not_held_up(strict):
    anna, boris = (strict.person(n, name, hasty=True) for n, name in ((7, "Anna"), (8, "Boris")))
    for _ in range(6):
        await anna.sends("/help")
    await boris.sends("/help")
    assert "What I do for you" in boris.screen.text


async def test_many_at_once_are_counted_each(strict):
    anna = strict.person(7, "Anna", hasty=True)
    await strict.feed_at_once(*(anna.writing("/help") for _ in range(12)))
    texts = [call.text for call in strict.telegram.calls_of(SendMessage)]
    assert len([text for text in texts if "What I do for you" in text]) == 3
    assert texts.count(WORDS["en"]) == 1


async def test_someone_who_has_blocked_the_bot_is_left_in_peace(strict, log):
    anna = strict.person(7, "Anna", hasty=True)
    for _ in range(3):
        await anna.sends("/help")
    strict.telegram.refuse(SendMessage, "Forbidden: bot was blocked by the user", code=403)
    await anna.sends("/help")
    assert len(anna.heard) == 1
    assert log.of("update.failed") == []


async def test_thirty_in_ten_seconds_is_what_the_bot_allows(stage):
    anna = stage.person(7, "Anna", hasty=True)
    for _ in range(30):
        await anna.sends("/help")
        assert "What I do for you" in anna.screen.text
    await anna.sends("/help")
    assert anna.screen.text.startswith("⏳")
    assert 9_000 < await stage.redis.pttl("throttle:7") <= 10_000
