"""People and companies: first meetings, founding, switching, settings."""

import asyncio

import pytest

from saas_bot.core.cities import zone_of
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, audit, companies, members
from tests import factories

NORA = Account(77, "Nora <b>", "nora", "ru", "UTC")


async def who_is(database, telegram_id: int, **more):
    async with database.reading() as driver:
        return await accounts.who_is(driver, telegram_id, **more)


async def remember(database, account: Account) -> None:
    async with database.system_session("test") as session:
        await accounts.remember(session, account)


async def found(database, account: Account, name="Acme", timezone="Europe/Berlin"):
    async with database.system_session("test") as session:
        return await companies.create(session, account, name, timezone)


async def test_a_newcomer_is_nobody_yet(database):
    assert await who_is(database, 77) is None


async def test_a_person_is_remembered_with_the_language_of_the_first_meeting(database):
    await remember(database, NORA)
    who = await who_is(database, 77)
    assert (who.account, who.actor, who.stale) == (NORA, None, False)


async def test_a_new_name_is_noted_everywhere_but_own_settings_stay(database):
    await remember(database, NORA)
    await found(database, NORA)
    await remember(database, Account(77, "Eleonora", None, "en", "Asia/Tokyo"))
    who = await who_is(database, 77)
    assert (who.account.name, who.account.username) == ("Eleonora", None)
    assert (who.account.language, who.account.timezone) == ("ru", "UTC")
    async with database.tenant_session(who.actor.company_id) as session:
        assert [one.name for one in (await members.page(session, who.actor)).items] == ["Eleonora"]


async def test_who_had_blocked_the_bot_is_reachable_again_when_they_write(database):
    await remember(database, NORA)
    async with database.system_session("test") as session:
        await accounts.set_reachable(session, NORA, reachable=False)
    assert (await who_is(database, 77)).stale
    await remember(database, NORA)
    assert not (await who_is(database, 77)).stale


async def test_two_first_meetings_at_once_make_one_account(database):
    await asyncio.gather(*(remember(database, NORA) for _ in range(5)))
    assert (await who_is(database, 77)).account == NORA


async def test_an_operator_is_one_by_the_settings_alone(database):
    await remember(database, NORA)
    assert (await who_is(database, 77, is_operator=True)).account.is_operator
    assert not (await who_is(database, 77)).account.is_operator


async def test_asking_who_someone_is_takes_one_statement(database, statements):
    team = await factories.company(database)
    with statements() as said:
        await who_is(database, team.worker.account.telegram_id)
    assert len(said) == 1


async def test_a_founder_is_admin_of_a_company_on_trial_and_works_in_it(database):
    await remember(database, NORA)
    actor = await found(database, NORA, "  Nora's\n pumps ", "berlin")
    assert (actor.role, actor.company_name) == (Role.ADMIN, "Nora's pumps")
    assert (await who_is(database, 77)).actor == actor
    async with database.tenant_session(actor.company_id) as session:
        connection = await session.connection()
        trial = await connection.exec_driver_sql(
            "select p.code, extract(day from t.ends_at - t.started_at), c.timezone"
            " from trials t join plans p on p.id = t.plan_id join companies c on true"
        )
        assert trial.one() == ("team", 14, "Europe/Berlin")
        page = await audit.history(session, "company", actor.company_id, internal=True)
    (entry,) = page.items
    assert (entry.action, entry.actor_name) == ("company.created", "Nora <b>")


@pytest.mark.parametrize(
    ("name", "timezone", "code"),
    [
        ("", "UTC", "text-empty"),
        ("\u200b", "UTC", "text-empty"),
        ("x" * 65, "UTC", "text-too-long"),
        ("Acme", "Mars/Base", "timezone-unknown"),
        ("Acme", "", "timezone-unknown"),
    ],
)
async def test_a_company_of_a_wrong_shape_is_refused(name, timezone, code, database):
    await remember(database, NORA)
    with pytest.raises(Invalid, match=code):
        await found(database, NORA, name, timezone)
    assert (await who_is(database, 77)).actor is None


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Moscow", "Europe/Moscow"),
        ("europe/moscow", "Europe/Moscow"),
        (" Berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Москва", "Europe/Moscow"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("омск", "Asia/Omsk"),
        ("Saint Petersburg", "Europe/Moscow"),
        ("St. Petersburg", "Europe/Moscow"),
        ("St Louis", "America/Chicago"),
        ("Kiev", "Europe/Kyiv"),
        ("Алма-Ата", "Asia/Almaty"),
        ("Tel-Aviv", "Asia/Jerusalem"),
        ("Нью Йорк", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Bombay", "Asia/Kolkata"),
        ("Кишинёв", "Europe/Chisinau"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("Etc/GMT-3", "Etc/GMT-3"),
        ("etc/gmt+3", "Etc/GMT+3"),
        ("utc", "UTC"),
    ],
)
def test_a_timezone_is_known_by_its_name_or_city(said, zone):
    assert zone_of(said) == zone


async def test_switching_is_between_own_companies_only(database):
    ours, theirs = await factories.company(database, "Ours"), await factories.company(database, "B")
    person = ours.worker.account
    second = await factories.member(database, theirs.id, Role.CLIENT, person=person)
    assert (await who_is(database, person.telegram_id)).actor == second
    async with database.system_session("test") as session:
        back = await accounts.switch(session, person, ours.id)
    assert back == ours.worker
    assert (await who_is(database, person.telegram_id)).actor == back
    other = await factories.empty_company(database, "Other")
    for company in (other, 2**62):
        with pytest.raises(NotFound, match="company-not-found"):
            async with database.system_session("test") as session:
                await accounts.switch(session, person, company)


async def test_companies_left_or_deleted_are_not_offered(database):
    teams = [await factories.company(database, name) for name in ("b", "A", "c", "d")]
    person = teams[0].admin.account
    await factories.member(database, teams[1].id, Role.WORKER, person=person)
    await factories.member(database, teams[2].id, Role.WORKER, person=person, status="left")
    await factories.member(database, teams[3].id, Role.WORKER, person=person)
    async with database.system_session("test") as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update companies set deleted_at = now() where name = 'd'")
        offered = await accounts.memberships(session, person)
    assert [(one.company_name, one.role) for one in offered] == [("A", "worker"), ("b", "admin")]
    for gone in (teams[2], teams[3]):
        with pytest.raises(NotFound):
            async with database.system_session("test") as session:
                await accounts.switch(session, person, gone.id)


async def test_who_leaves_their_active_company_works_on_in_another(database):
    ours, theirs = await factories.company(database, "Ours"), await factories.company(database, "B")
    person = ours.worker.account
    second = await factories.member(database, theirs.id, Role.CLIENT, person=person)
    async with database.tenant_session(theirs.id) as session:
        await members.leave(session, second)
    assert (await who_is(database, person.telegram_id)).actor == ours.worker


async def test_language_and_timezone_are_the_persons_own(database):
    await remember(database, NORA)
    async with database.system_session("test") as session:
        account = await accounts.set_language(session, NORA, "en")
        account = await accounts.set_timezone(session, account, "tokyo")
    assert (account.language, account.timezone) == ("en", "Asia/Tokyo")
    assert (await who_is(database, 77)).account == account


@pytest.mark.parametrize("language", ["", "de", "EN"])
async def test_a_language_the_bot_does_not_speak_is_a_stale_button(language, database):
    with pytest.raises(Invalid, match="stale-button"):
        async with database.system_session("test") as session:
            await accounts.set_language(session, NORA, language)


async def test_an_update_has_its_effect_once(database):
    async def handle(update_id: int) -> bool:
        async with database.system_session("test") as session:
            return await accounts.first_time(session, update_id)

    assert sorted(await asyncio.gather(*(handle(5) for _ in range(6)))) == [False] * 5 + [True]
    assert await handle(6)


async def test_an_update_whose_effect_was_rolled_back_may_come_again(database):
    with pytest.raises(RuntimeError):
        async with database.system_session("test") as session:
            assert await accounts.first_time(session, 5)
            raise RuntimeError
    async with database.system_session("test") as session:
        assert await accounts.first_time(session, 5)
