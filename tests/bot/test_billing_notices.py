"""What admins hear of their plan and their money, as it is when it is sent."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from saas_bot.core.clock import now
from saas_bot.core.i18n import LANGUAGES
from saas_bot.db.models import OutboxMessage
from saas_bot.screens.notifications import render
from saas_bot.services.billing import refunds
from saas_bot.services.operators import voiding
from tests import factories
from tests.services.billing.office import OPERATOR, Office

DAY = timedelta(days=1)
MONTH = timedelta(days=31)


@pytest.fixture
async def office(database):
    return await Office.of(database)


async def heard(office, language="en"):
    """What the admin would be sent now of all that waits: kind, text and where buttons lead."""
    await office.write("update accounts set language = $1, timezone = 'Asia/Tokyo'", language)
    admin = office.team.admin.account.telegram_id
    found = []
    async with office.database.system_session("test") as session:
        query = select(OutboxMessage).where(OutboxMessage.telegram_id == admin)
        waiting = (await session.scalars(query.order_by(OutboxMessage.id))).all()
    for message in waiting:
        async with office.database.system_session("test") as session:
            calls = await render(session, message) or []
        for call in calls:
            text = html.unescape(re.sub("<[^>]+>", "", call.text))
            buttons = [one for row in call.reply_markup.inline_keyboard for one in row]
            found.append((message.kind, text, [one.callback_data for one in buttons]))
    return found


async def kinds(office):
    return [kind for kind, _, _ in await heard(office)]


async def trial_until(office, ends_at):
    await office.write(
        "insert into trials (company_id, plan_id, ends_at, next_at)"
        " select $1, id, $2, $2 from plans where code = 'team'"
        " on conflict (company_id) do update set ends_at = $2, next_at = now()",
        office.id,
        ends_at,
    )


async def months_ago(office, days):
    """A month of the plan was bought so that it ends in so many days."""
    office.moment = now() + days * DAY - 2 * MONTH
    while (await office.stands()).until is None:
        await office.takes("team")
    ends_at = (await office.stands()).until
    by = now() + days * DAY - ends_at
    await office.write(
        "update subscriptions set period_start = period_start + $1, period_end = period_end + $1,"
        " looked_at = period_start + $1, next_at = now() - interval '1 year'", by
    )  # fmt: skip
    await office.write(
        "update subscription_periods set starts_at = starts_at + $1, ends_at = ends_at + $1", by
    )
    await office.write("delete from outbox")
    office.moment = now()


async def test_of_a_trial_until_a_plan_is_taken(office):
    await trial_until(office, now() + DAY / 2)
    office.moment = now()
    await office.write("update trials set next_at = now() - interval '1 day'")
    await office.sweeps()
    ((kind, text, buttons),) = await heard(office)
    assert kind == "trial_ends"
    clock = (office.moment + DAY / 2 + timedelta(hours=9)).strftime("%-H:")
    assert re.search(rf"“Team” ends (today|tomorrow) at {clock}", text)
    assert buttons == ["o:plan"]
    await office.takes("team")
    assert await kinds(office) == ["paid"]


async def test_that_a_trial_is_over_unless_it_goes_on(office):
    await trial_until(office, now() - DAY)
    office.moment = now()
    await office.sweeps()
    ((kind, text, buttons),) = await heard(office)
    assert (kind, buttons) == ("trial_ended", ["o:plan"])
    assert "free plan now" in text
    await office.grants(None, 7)
    ((kind, text, _),) = await heard(office)
    assert kind == "subscription_granted"
    assert "you can try “Team” until" in text


@pytest.mark.parametrize(
    ("ends_in", "kind"),
    [(2, "renewal_ready"), (-1, "period_ended"), (-4, "grace_ends"), (-6.5, "grace_ends")],
)
async def test_that_it_is_time_to_pay_until_it_is_paid(office, ends_in, kind):
    await months_ago(office, ends_in)
    await office.sweeps()
    invoice = await office.open()
    ((told, text, buttons),) = await heard(office)
    assert (told, buttons) == (kind, [f"bi:{invoice.id}", "o:plan"])
    assert f"{invoice.number}: 1,500 ⭐" in text
    await office.pays(invoice)
    ((told, text, buttons),) = await heard(office)
    assert (told, buttons) == ("paid", [f"bi:{invoice.id}", "o:plan"])
    assert re.search(r"1,500 ⭐ for INV-\d{4}-\d{6} is here. Thank you!", text)
    assert "“Team”, until" in text


@pytest.mark.parametrize(
    ("language", "asked", "ready"),
    [
        ("en", "You asked for “Business”", "next month of “Team” is ready"),
        ("ru", "Вы выбрали тариф «Business»", "месяц тарифа «Team» готов"),
    ],
)
async def test_that_a_better_plan_is_to_be_paid_and_later_the_next_month(
    office, language, asked, ready
):
    await months_ago(office, 2)
    upgrade = (await office.chooses("business")).invoice
    await office.sweeps()
    assert await kinds(office) == []
    await months_ago(office, -1)
    await office.sweeps()
    ((kind, text, buttons),) = await heard(office, language)
    assert (kind, buttons) == ("period_ended", [f"bi:{upgrade.id}", "o:plan"])
    assert f"{asked}. {upgrade.number}" in text
    async with office.database.system_session("test") as session:
        await voiding.void(session, OPERATOR, upgrade.id, "asked")
    await office.write("update subscriptions set next_at = looked_at")
    await office.sweeps()
    renewal = await office.open()
    *_, (kind, text, buttons) = await heard(office, language)
    assert (kind, buttons) == ("renewal_ready", [f"bi:{renewal.id}", "o:plan"])
    assert ready in text
    assert renewal.number in text
    await office.pays(renewal)
    assert "renewal_ready" not in await kinds(office)


async def test_that_it_is_canceled_is_not_followed_by_a_word_of_renewing(office):
    await months_ago(office, 2)
    await office.sweeps()
    await office.cancels()
    assert await kinds(office) == []
    await months_ago(office, -1)
    await office.sweeps()
    ((kind, text, buttons),) = await heard(office)
    assert (kind, buttons) == ("subscription_ended", ["o:plan"])
    assert "as you wished" in text
    await office.takes("team")
    assert await kinds(office) == ["paid"]


async def test_that_it_has_expired(office):
    await months_ago(office, -8)
    await office.sweeps()
    ((kind, text, buttons),) = await heard(office)
    assert (kind, buttons) == ("subscription_expired", ["o:plan"])
    assert "Nothing is deleted" in text


async def test_of_payments_in_parts_too_much_too_late_and_back(office):
    office.moment = now()
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 900, "A-1")
    ((kind, text, _),) = await heard(office)
    assert (kind, text.partition(" is here")[0]) == (
        "payment_partial", f"🌓 €9.00 for {invoice.number}"
    )  # fmt: skip
    assert "€10.00 is left" in text
    await office.notes(invoice, 1000, "A-2")
    assert await kinds(office) == ["paid"]
    await office.notes(invoice, 500, "A-3")
    _, (kind, text, _) = await heard(office)
    assert kind == "payment_flagged"
    assert "€5.00 came" in text
    assert "paid already. It is your credit now" in text
    (payment,) = await office.rows("select id from payments where charge_id = 'A-1'")
    await office.refunds(*payment)
    # That it was paid is no longer so.
    _, (kind, text, _) = await heard(office)
    assert kind == "refunded"
    assert "goes back to whoever paid" in text
    assert "Your plan now: “Free”" in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_of_a_transfer_that_came_too_late(office, language):
    invoice = (await office.chooses("team", "EUR")).invoice
    office.moment += 7 * DAY
    await office.sweeps()
    anew = (await office.notes(invoice, 1000, "A-1")).invoice
    ((kind, text, buttons),) = await heard(office, language)
    assert kind == "payment_flagged"
    assert all(number in text for number in (invoice.number, anew.number))
    assert buttons == [f"bi:{anew.id}", "o:plan"]
    await office.notes(anew, 900, "A-2")
    assert await kinds(office) == ["payment_flagged", "paid"]


async def test_only_admins_and_only_as_long_as_they_are(office):
    office.moment = now()
    await office.takes("team")
    told = await office.rows("select distinct telegram_id from outbox")
    assert told == [(office.team.admin.account.telegram_id,)]
    await office.write("update users set role = 'worker' where role = 'admin'")
    assert await kinds(office) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_kind_has_its_words_in_both_languages(office, language):
    await trial_until(office, now() - DAY)
    office.moment = now()
    await office.sweeps()
    await office.grants(None, 7)
    await office.grants("business", 9)
    invoice = await office.renews("EUR")
    await office.notes(invoice, 100, "A-1")
    words = await heard(office, language)
    assert [kind for kind, *_ in words] == ["subscription_granted", "payment_partial"]
    assert all(("Business" in text) == (kind != "payment_partial") for kind, text, _ in words)
    await office.write("update accounts set events_off = '{billing}'")
    assert await kinds(office) == []


@pytest.mark.parametrize(
    ("language", "paid", "used", "left"),
    [
        ("en", "€29.00 for", "is paid: €19.00 from your credit", "You have €10.00 of credit"),
        ("ru", "29,00 € по", "19,00 € списаны с вашего баланса", "балансе 10,00 €"),
    ],
)
async def test_of_credit_that_is_left_and_of_what_it_pays(office, language, paid, used, left):
    office.moment = now()
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 2900, "A-1")
    ((kind, text, _),) = await heard(office, language)
    assert kind == "paid"
    assert paid in text.replace("\xa0", " ")
    assert left in text.replace("\xa0", " ")
    await office.write("delete from outbox")
    await office.notes(invoice, 1900, "A-2")
    await office.write("delete from outbox")
    await office.renews("EUR")
    ((kind, text, _),) = await heard(office, language)
    assert kind == "paid"
    assert used in text.replace("\xa0", " ")
    assert left in text.replace("\xa0", " ")


async def test_of_an_annulled_transfer_and_the_credit_that_stays(office):
    office.moment = now()
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 1000, "A-1")
    wrong = await office.notes(invoice, 900, "A-2")
    await office.write("delete from outbox")
    async with office.database.system_session("test") as session:
        await refunds.annul(session, OPERATOR, wrong.payment.id)
    *_, (kind, text, _) = await heard(office)
    assert kind == "refunded"
    assert "You have €10.00 of credit" in text


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("team", r"after “Business” comes “Team”, from .+ until "),
        ("business", r"your “Business” goes on from .+ until "),
    ],
)
async def test_of_a_gift_that_follows_what_is_paid_for(office, plan, said):
    office.moment = now()
    await office.takes("business")
    await office.write("delete from outbox")
    await office.grants(plan, 30)
    ((kind, text, _),) = await heard(office)
    assert kind == "subscription_granted"
    assert re.search(said, text)


async def test_what_could_only_be_read_is_told_while_there_is_time_to_pay(office):
    await months_ago(office, -1)
    for number in range(4):
        await factories.project(office.database, office.id, key=f"P{number}")
    await office.sweeps()
    ((kind, text, _),) = await heard(office)
    assert kind == "period_ended"
    assert "On the free plan 2 of 4 projects could only be read." in text
    assert "people could only read" not in text
    ((_, text, _),) = await heard(office, "ru")
    assert "только для чтения будут 2 из 4 проектов" in text
