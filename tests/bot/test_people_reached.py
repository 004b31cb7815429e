"""Whoever gives work to somebody whom no message reaches learns of it."""

import pytest

from tests.bot.rows import change

BLOCKED = "update accounts set blocked_at = now() where telegram_id = :who"


@pytest.fixture
async def deaf(acme, database):
    """Wanda has blocked the bot."""
    await acme.ada.sends("/menu")
    await change(database, BLOCKED, who=acme.wanda.id)
    return acme.team.worker.user_id


async def test_a_profile_says_that_messages_do_not_reach_the_person(acme, database, deaf):
    for language, said in (("en", "📵 Gets no messages now"), ("ru", "📵 Сообщения сейчас")):
        await acme.speak(language)
        await acme.ada.clicks_data(f"mb:{deaf}")
        assert said in acme.ada.screen.text
        await acme.ada.clicks_data(f"mb:{acme.team.manager.user_id}")
        assert "📵" not in acme.ada.screen.text


async def test_whoever_is_about_to_give_them_a_task_sees_it(acme, database, deaf):
    task = await acme.task()
    await acme.ada.sends("/task WEB Fix the tap")
    for data in ("d:assignee::", f"ta:{task}:-1:"):
        await acme.ada.clicks_data(data)
        assert "📵 Wanda" in acme.ada.screen.buttons
        assert "Max" in acme.ada.screen.buttons
        assert "📵 Gets no messages now" in acme.ada.screen.text
    await acme.ada.clicks("📵 Wanda")
    assert "👤 Wanda" in acme.ada.screen.text
    await change(database, "update accounts set blocked_at = null")
    await acme.ada.clicks_data(f"ta:{task}:-1:")
    assert "📵" not in acme.ada.screen.text + str(acme.ada.screen.buttons)
