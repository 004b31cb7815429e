"""/login and /sessions: a code to sign in to the API with, where one is signed in, the way out."""

import re

import pytest

from saas_bot.core.errors import Unauthorized
from saas_bot.services import login_codes, sessions
from saas_bot.services.sessions import Device
from tests.bot.conftest import OPERATOR
from tests.bot.delivering import deliver
from tests.bot.rows import change, rows
from tests.bot.test_statements import MOST_TO_CHANGE, MOST_TO_READ

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b")
HERE = Device("curl/8.5", "192.0.2.7")


def code_in(person) -> str:
    return CODE.search(person.screen.text)[0]


async def shown(database, code) -> int:
    async with database.reading() as driver:
        return (await login_codes.try_out(driver, code)).telegram_id


async def signed_in(database, person, device=HERE, *, is_operator=False):
    async with database.system_session("test") as session:
        return await sessions.begin(session, person.id, device, is_operator=is_operator)


async def going_on(database, person) -> int:
    sql = "select count(*) from sessions where telegram_id = :id and revoked_at is null"
    return (await rows(database, sql, id=person.id))[0]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_everyone_gets_a_code_that_is_theirs(acme, database, language):
    await acme.speak(language)
    for person in acme.everyone.values():
        await person.sends("/login")
        assert await shown(database, code_in(person)) == person.id
    told = {"en": ("within 5 minutes", "Never pass it on"), "ru": ("5 минут", "Никому")}
    assert [one for one in told[language] if one not in acme.ada.screen.text] == []
    assert len(await rows(database, "select name from login_codes")) == 4


async def test_a_new_code_ends_the_one_before(acme, database):
    await acme.ada.sends("/login")
    old = code_in(acme.ada)
    await acme.ada.sends("/login")
    with pytest.raises(Unauthorized):
        await shown(database, old)
    assert await shown(database, code_in(acme.ada)) == acme.ada.id


async def test_the_button_ends_the_code_and_takes_it_from_the_screen(acme, database):
    await acme.ada.sends("/login")
    code = code_in(acme.ada)
    await acme.ada.clicks("End this code")
    assert acme.ada.toast == "The code is over."
    assert not CODE.search(acme.ada.screen.text)
    with pytest.raises(Unauthorized):
        await shown(database, code)
    await acme.ada.clicks_data("lx")
    assert acme.ada.toast == "The code was used or over already."


async def test_an_operator_without_a_company_signs_in_and_a_newcomer_does_not(
    olga, stage, database
):
    assert {"login", "sessions"} <= set(stage.telegram.commands[OPERATOR])
    await olga.sends("/login")
    assert await shown(database, code_in(olga)) == OPERATOR
    await olga.sends("/sessions")
    assert "signed in nowhere" in olga.screen.text
    nora = stage.person(7, "Nora")
    await nora.sends("/start")
    await nora.sends("/login")
    assert nora.screen.text.startswith("There is nothing to sign in to")
    assert await rows(database, "select telegram_id from login_codes") == [OPERATOR]


async def test_a_sign_in_is_told_with_the_way_to_end_it(acme, stage, database):
    await change(database, "update accounts set quiet_from = '0:00', quiet_to = '23:59'")
    await signed_in(database, acme.wanda, Device("<b>curl</b>", "192.0.2.7"))
    await deliver(stage, database)
    assert "New sign-in to the API as you, today at " in acme.wanda.screen.text
    assert "<b>curl</b>\n192.0.2.7" in acme.wanda.screen.text
    await acme.wanda.clicks("It wasn’t me: end it")
    assert acme.wanda.toast == "Ended."
    assert await going_on(database, acme.wanda) == 0
    assert "That session is over" in acme.wanda.screen.text


async def test_an_operator_in_no_company_is_told_too(olga, stage, database):
    await signed_in(database, olga, is_operator=True)
    await deliver(stage, database)
    assert "New sign-in" in olga.screen.text


async def test_what_could_not_be_told_of_an_account_is_among_what_was_given_up(olga, database):
    await signed_in(database, olga, is_operator=True)
    dead = "update outbox set status = 'dead', finished_at = now(), error = 'broken'"
    await change(database, dead)
    await olga.clicks_data("oo:dead:")
    assert "signed_in" in olga.screen.text
    assert "broken" in olga.screen.text
    (letter,) = await rows(database, "select id from outbox")
    await olga.clicks_data(f"ol:{letter}:retry")
    assert await rows(database, "select status, company_id from outbox") == [("pending", None)]


async def test_a_used_up_key_that_is_shown_again_is_told(acme, stage, database):
    opened = await signed_in(database, acme.wanda)
    for _ in range(2):
        async with database.system_session("test") as session:
            await sessions.refresh(session, opened.refresh_token, Device("evil", "203.0.113.9"))
    await deliver(stage, database)
    assert acme.wanda.screen.text.startswith("⚠️ I ended one of your sessions")
    assert "evil\n203.0.113.9" in acme.wanda.screen.text


async def test_sessions_are_listed_by_pages_and_ended_one_by_one(acme, database):
    for number in range(7):
        await signed_in(database, acme.wanda, Device(f"device {number}", "192.0.2.7"))
    await signed_in(database, acme.ada)
    await acme.wanda.sends("/sessions")
    assert re.findall(r"device \d", acme.wanda.screen.text) == [
        f"device {n}" for n in (6, 5, 4, 3, 2)
    ]
    await acme.wanda.clicks("End 2")
    assert acme.wanda.toast == "Ended."
    assert "device 5" not in acme.wanda.screen.text
    await acme.wanda.clicks("Next ›")
    assert re.findall(r"device \d", acme.wanda.screen.text) == ["device 0"]
    assert "192.0.2.7, last used today" in acme.wanda.screen.text
    assert "Acme" in acme.wanda.screen.text
    assert await going_on(database, acme.wanda) == 6


async def test_all_sessions_end_after_a_question(acme, database):
    for _ in range(3):
        await signed_in(database, acme.wanda)
    await signed_in(database, acme.ada)
    await acme.wanda.sends("/sessions")
    await acme.wanda.clicks("End all")
    assert await going_on(database, acme.wanda) == 3
    await acme.wanda.clicks("End all")
    assert acme.wanda.toast == "3 sessions ended."
    assert "signed in nowhere" in acme.wanda.screen.text
    assert (await going_on(database, acme.wanda), await going_on(database, acme.ada)) == (0, 1)


async def test_another_persons_session_is_out_of_reach(acme, globex, database):
    theirs = await signed_in(database, globex.ada)
    for listed in ("0", "1"):
        await acme.ada.clicks_data(f"sx:{theirs.claims.session_id}:{listed}")
        assert acme.ada.toast == "That session is over already."
    assert await going_on(database, globex.ada) == 1


async def test_each_takes_few_statements(acme, database, statements):
    opened = await signed_in(database, acme.ada)
    for way, most in (
        ("o:login", MOST_TO_CHANGE),
        ("lx", MOST_TO_CHANGE),
        ("se:", MOST_TO_READ),
        (f"sx:{opened.claims.session_id}:1", MOST_TO_CHANGE),
        ("sy:1", MOST_TO_CHANGE),
    ):
        with statements() as said:
            await acme.ada.clicks_data(way)
        assert len(said) <= most, (way, said.verbs)


async def test_an_update_that_comes_twice_makes_no_second_code(acme, database):
    update = acme.ada.writing("/login")
    await acme.ada.does(update)
    code = code_in(acme.ada)
    await acme.ada.does(update)
    assert await shown(database, code) == acme.ada.id


async def test_the_log_has_no_code(acme, log):
    await acme.ada.sends("/login")
    code = code_in(acme.ada)
    assert "/login" not in code
    assert log.lines
    assert [line for line in log.lines if code in str(line) or code[6:] in str(line)] == []
