"""/op_companies and /op_grant: how each company stands, and what it is given for nothing."""

import asyncio
import re

import pytest

from saas_bot.core.clock import now
from saas_bot.screens import callbacks as to
from saas_bot.services.operators import companies, granting
from saas_bot.services.operators.companies import PAGE
from tests import factories
from tests.bot.rows import change, rows
from tests.services.billing.desk import OPERATOR, Desk
from tests.services.billing.office import Office


def ids(screen):
    return [int(one) for one in re.findall(r"· #(\d+)", screen.text)]


async def test_a_company_is_shown_with_all_that_matters(acme, olga, database):
    await change(database, "update storage_usage set bytes = 2048 where company_id = :id",
                 id=acme.team.id)  # fmt: skip
    await acme.ada.sends("/settings")
    await acme.ada.clicks_data(f"pe:{acme.project}:archive")
    await acme.ada.clicks_data(f"y:archive:{acme.project}")
    await Desk(database, acme.team, now()).invoice("EUR")
    await olga.sends("/op_companies")
    text = olga.screen.text
    assert f"Acme · #{acme.team.id}\n💎 Team: on trial until " in text
    assert "👥 4 · 📁 0 · 📎 " in text
    assert "Last activity: today " in text
    assert "🧾 To be paid: €19.00" in text
    await olga.clicks(f"#{acme.team.id} Acme")
    assert olga.screen.buttons == [
        "💳 Payments", "📒 Account", "🧾 Open invoice", "✖️ Void it",
        "🎁 Longer trial", "🎁 Days of a plan", "⬅️ Companies",
    ]  # fmt: skip
    await olga.clicks("Open invoice")
    assert "Acme" in olga.screen.text
    assert "€19.00, to be paid by" in olga.screen.text


@pytest.mark.parametrize(("status", "said"), [
    ("active", "💎 Business: paid until "),
    ("cancels", "💎 Business: cancelled, runs until "),
    ("past_due", "⚠️ Business: past due since "),
    ("expired", "💎 Free\n"),
    ("deleted", "🗑 Deleted; it will be purged: "),
])  # fmt: skip
async def test_each_state_is_told(olga, database, status, said):
    team = await factories.company(database, "Initech", plan="business")
    changed = {
        "cancels": "update subscriptions set cancels_at_end = true",
        "deleted": "update companies set deleted_at = now() where id = :id",
    }.get(status, "update subscriptions set status = :status")
    values = {name: value for name, value in (("id", team.id), ("status", status))
              if f":{name}" in changed}  # fmt: skip
    await change(database, changed, **values)
    await olga.sends("/op_companies initech")
    assert said in olga.screen.text
    await olga.clicks(f"#{team.id}")
    assert ("🎁 Longer trial" in olga.screen.buttons) is (status == "expired")


async def test_pages_go_from_the_newest_on_and_a_search_keeps_its_words(olga, database):
    made = [await factories.empty_company(database, f"Shop {n % 2} <b>") for n in range(2 * PAGE)]
    newest = made[::-1]
    await olga.sends("/op_companies")
    assert ids(olga.screen) == newest[:PAGE]
    await olga.clicks("Next")
    assert ids(olga.screen) == newest[PAGE : 2 * PAGE]
    await olga.clicks("Previous")
    assert ids(olga.screen) == newest[:PAGE]
    made += [await factories.empty_company(database, f"Shop 1 again {n}") for n in range(PAGE)]
    await olga.sends("/op_companies SHOP 1")
    wanted = [one for one in made[::-1] if one in made[1 : 2 * PAGE : 2] or one in made[2 * PAGE :]]
    assert ids(olga.screen) == wanted[:PAGE]
    assert "found by “SHOP 1”" in olga.screen.text
    await olga.clicks("Next")
    assert ids(olga.screen) == wanted[PAGE:]
    await olga.sends(f"/op_companies #{made[3]}")
    assert ids(olga.screen) == [made[3]]
    await olga.sends("/op_companies 100% _none")
    assert olga.screen.text.startswith("There is no such company.")
    await olga.clicks("All companies")
    assert ids(olga.screen) == made[::-1][:PAGE]


async def test_a_longer_trial_is_asked_once_and_given_once(acme, olga, database):
    (before,) = await rows(database, "select ends_at from trials where company_id = :id",
                           id=acme.team.id)  # fmt: skip
    await olga.sends(f"/op_grant {acme.team.id}")
    await olga.clicks("Longer trial")
    await olga.clicks("30 days")
    assert "30 days more of the trial for Acme" in olga.screen.text
    asked = olga.screen
    await olga.clicks("Give 30 days")
    assert olga.toast.startswith("Given. It now runs until ")
    await olga.does(olga.pressing(asked.data_of("Give 30 days"), asked))
    assert "nothing was done" in olga.toast
    (after,) = await rows(database, "select ends_at from trials where company_id = :id",
                          id=acme.team.id)  # fmt: skip
    assert (after - before).days == 30
    noted = (
        "select actor_kind, actor_name, company_id from audit_logs where action = 'trial.granted'"
    )
    assert await rows(database, noted) == [("operator", "Olga", acme.team.id)]
    told = await rows(database, "select kind, telegram_id from outbox")
    assert told == [("subscription_granted", acme.ada.id)]


async def test_of_two_operators_who_give_the_same_at_once_one_does(acme, database):
    async def gives(days):
        async with database.system_session("test") as session:
            company = await companies.one(session, OPERATOR, acme.team.id)
        await both.wait()
        async with database.system_session("test") as session:
            mark = granting.mark_of(company)
            await granting.give(session, OPERATOR, acme.team.id, "business", days, mark)

    both = asyncio.Barrier(2)
    done = await asyncio.gather(gives(7), gives(30), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "NoneType"]
    assert await rows(database, "select count(*) from subscription_periods") == [1]


async def test_days_of_a_plan_come_from_the_command_at_once(acme, olga, database):
    await olga.sends(f"/op_grant {acme.team.id} business 45")
    assert "45 days of “Business” for Acme" in olga.screen.text
    assert await rows(database, "select count(*) from subscriptions") == [0]
    await olga.clicks("Give 45 days")
    stands = "select s.status, p.code from subscriptions s join plans p on p.id = s.plan_id"
    assert await rows(database, stands) == [("active", "business")]
    assert "💎 Business: granted until " in olga.screen.text
    assert "🎁 Longer trial" not in olga.screen.buttons
    await olga.sends(f"/op_grant {acme.team.id} trial 7")
    assert olga.screen.text.startswith("This company has a paid plan")


async def test_a_plan_is_chosen_by_its_name(acme, olga, database):
    await olga.clicks_data(to.OpCompany(id=acme.team.id).pack())
    await olga.clicks("Days of a plan")
    assert olga.screen.buttons[:-1] == ["Team", "Business"]
    await olga.clicks("Business")
    await olga.clicks("90 days")
    await olga.clicks("Give 90 days")
    assert await rows(database, "select status from subscriptions") == ["active"]


@pytest.mark.parametrize(("words", "said"), [
    ("", "Which company?"),
    ("0", "Write it like this"),
    ("acme", "Write it like this"),
    ("99999999", "There is no such company"),
    ("{id} team", "Write it like this"),
    ("{id} nonsense 30", "There is no such plan"),
    ("{id} free 30", "There is no such plan"),
    ("{id} team 999", "Give a number of days from 1 to 366."),
    ("{id} team 99999", "Give a number of days from 1 to 366."),
    ("{id} team 0", "For how many days"),
])  # fmt: skip
async def test_what_can_not_be_granted_is_said_so(acme, olga, database, words, said):
    await olga.sends(f"/op_grant {words.format(id=acme.team.id)}")
    assert said in olga.screen.text
    assert await rows(
        database, "select count(*) from audit_logs where actor_kind = 'operator'"
    ) == [0]


async def test_what_is_paid_for_is_told_apart_from_what_is_given(acme, olga, database):
    await Office(database, acme.team, now()).takes("business", "EUR")
    for _ in range(2):
        await olga.sends(f"/op_grant {acme.team.id} team 7")
        await olga.clicks("Give 7 days")
    stands = olga.screen.text.splitlines()[1]
    assert re.fullmatch(r"💎 Business: paid until [^→]+ → Team: granted until [^→]+", stands)
