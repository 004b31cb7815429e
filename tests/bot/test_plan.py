"""/plan, /subscribe, /cancel_subscription, and what the chat is like beyond a plan."""

import re

import pytest
from sqlalchemy import select

from saas_bot.core.i18n import translator
from saas_bot.db.models import Payment
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import STARS
from saas_bot.services import entitlements
from saas_bot.services.billing import payments, refunds, subscriptions
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.payments import Charge, Method
from tests import factories
from tests.bot.rows import change, rows
from tests.factories import put


async def pays(acme, plan: str) -> None:
    """The admin has paid for a month of a plan in Stars."""
    admin, seller = acme.team.admin, Seller("Bot")
    async with acme.database.system_session("test") as session:
        invoice = (await subscriptions.choose(session, admin, plan, STARS, seller)).invoice
        payer = admin.account.telegram_id
        amount = invoice.amount_minor
        charge = Charge(Method.STARS, f"c{plan}", None, payer, invoice.id, STARS, amount)
        await payments.receive(session, charge)


async def beyond(acme, database) -> None:
    """The trial is over, and there are more people and projects than the free plan allows."""
    for one in range(3):
        await factories.member(database, acme.team.id, "admin", f"A{one}")
    for one in range(3):
        await factories.project(database, acme.team.id, key=f"P{one}", name=f"No {one}")
    await change(database, "update trials set ends_at = now()")
    async with database.system_session("test") as session:
        await entitlements.settle(session, [acme.team.id])


async def test_the_plan_tells_what_is_taken_until_when_and_what_else_there_is(acme):
    await acme.ada.sends("/plan")
    shown = acme.ada.screen.text
    assert "💎 Acme: plan “Team”\nOn trial until " in shown
    assert "💺 People: 4 of 25\n▰▰▱▱▱▱▱▱▱▱" in shown
    assert "📁 Active projects: 1 of 20" in shown
    assert "Business – 7,500 ⭐ or €99.00 a month\n200 people · any number of projects" in shown
    assert "💎 Take Business" in acme.ada.screen.buttons
    assert "“Team” costs 1,500 ⭐ or €19.00 a month." in shown
    assert "✅ Keep Team" in acme.ada.screen.buttons
    for person in (acme.max, acme.wanda, acme.clive):
        await person.sends("/plan")
        assert person.screen.text == translator("en").plain("error-not-allowed")


async def test_a_plan_is_chosen_priced_and_then_invoiced(acme, database):
    await acme.ada.sends("/subscribe")
    await acme.ada.clicks("Business – 7,500 ⭐ or €99.00 a month")
    assert "It begins as soon as it is paid" in acme.ada.screen.text
    assert await rows(database, "select count(*) from invoices") == [0]
    await acme.ada.clicks("Invoice for 7,500 ⭐")
    assert "INV-" in acme.ada.screen.text
    assert await rows(database, "select amount_minor, status from invoices") == [(7500, "issued")]
    await acme.ada.sends("/plan")
    await acme.ada.clicks("💳 To the payment")
    assert "INV-" in acme.ada.screen.text


async def test_whoever_pays_by_bank_is_asked_first_who_the_buyer_is(acme, database):
    await acme.ada.clicks_data("bu:team:EUR")
    assert await rows(database, "select count(*) from invoices") == [0]
    for answer in ("Acme GmbH", "Hauptstr. 1\nBerlin", "DE1", "buyer@acme.example"):
        await acme.ada.sends(answer)
    await acme.ada.clicks_data("bu:team:EUR")
    assert await rows(database, "select currency from invoices") == ["EUR"]


async def test_an_upgrade_tells_the_credit_before_anything_is_issued(acme, database):
    await pays(acme, "team")
    await change(database, "delete from trials")
    half = "starts_at = now() - interval '15 days', ends_at = now() + interval '15 days'"
    await change(database, f"update subscription_periods set {half}")
    await acme.ada.sends("/plan")
    await acme.ada.clicks("⬆️ Upgrade to Business")
    assert "7,500 ⭐ − 749 ⭐ (unused part of “Team”) = 6,751 ⭐" in acme.ada.screen.text
    assert await rows(database, "select count(*) from invoices") == [1]
    await acme.ada.clicks("Invoice for 6,751 ⭐")
    newest = "select amount_minor from invoices order by id desc limit 1"
    (asked,) = await rows(database, newest)
    assert 6751 <= asked <= 6752, "time goes on"


async def test_credit_is_spent_by_a_button_that_says_so(acme, database):
    await change(database, "delete from trials")
    await put(
        database,
        "payments",
        company_id=acme.team.id,
        method="bank",
        charge_id="A-1",
        amount_minor=4900,
        currency="EUR",
    )
    await change(
        database,
        "insert into billing_details (company_id, legal_name, address)"
        " values (:id, 'Acme Inc.', 'High Street 1')",
        id=acme.team.id,
    )
    await acme.ada.sends("/plan")
    assert "💰 You have €49.00 of credit." in acme.ada.screen.text
    await acme.ada.clicks("💎 Take Business")
    assert "€99.00 − €49.00 from your credit = €50.00" in acme.ada.screen.text
    assert "Invoice, €50.00 left to pay" in acme.ada.screen.buttons
    await acme.ada.clicks("‹ Plan")
    await acme.ada.clicks("💎 Take Team")
    assert "€19.00 is paid from your credit at once; €30.00 of credit remain." in (
        acme.ada.screen.text
    )
    await acme.ada.clicks("💰 Pay €19.00 from credit")
    assert re.search(r"✅ paid on .+\d{4} – \d+ \w+ \d{4}", acme.ada.screen.text, re.DOTALL)
    await acme.ada.sends("/plan")
    assert "💰 You have €30.00 of credit." in acme.ada.screen.text


async def test_taps_on_one_way_to_pay_write_one_invoice(acme, database):
    await change(
        database,
        "insert into billing_details (company_id, legal_name, address)"
        " values (:id, 'Acme Inc.', 'High Street 1')",
        id=acme.team.id,
    )
    for _ in range(3):
        await acme.ada.clicks_data("bu:business:XTR")
    number = acme.ada.screen.text.split()[1]
    await acme.ada.clicks("💱 Pay in EUR instead")
    await acme.ada.clicks("💳 To the payment of 7,500 ⭐")
    assert number in acme.ada.screen.text
    assert await rows(database, "select count(*) from invoices") == [1]
    await acme.ada.clicks("💱 Pay in EUR instead")
    await acme.ada.clicks("Invoice for €99.00")
    assert "⭐ Pay in Stars instead" in acme.ada.screen.buttons
    assert await rows(database, "select status from invoices order by id") == ["void", "issued"]


async def test_free_days_that_a_better_plan_ends_are_told_before(acme, database):
    await pays(acme, "team")
    await acme.ada.sends("/plan")
    assert re.search(r"On trial until (.+), then paid until ", acme.ada.screen.text)
    await acme.ada.clicks("⬆️ Upgrade to Business")
    assert re.search(r"🎁 Your free “Team” until .+ ends with it\.", acme.ada.screen.text)


async def test_what_ended_before_its_time_does_not_end_in_the_future(acme, database):
    await pays(acme, "business")
    olga = Account(1, "Olga", None, "en", "UTC", is_operator=True)
    await change(database, "delete from trials")
    async with database.system_session("test") as session:
        (payment,) = await session.scalars(select(Payment))
        await refunds.ask(session, olga, payment.id, "asked")
    await acme.ada.sends("/plan")
    assert "The subscription ended today " in acme.ada.screen.text


async def test_less_is_agreed_to_for_the_next_period_and_can_be_taken_back(acme, database):
    await pays(acme, "business")
    await acme.ada.sends("/plan")
    await acme.ada.clicks("⬇️ Change to Team")
    assert "Nothing changes until " in acme.ada.screen.text
    await acme.ada.clicks("Yes")
    follows = re.compile(r"Paid until (.+)\.\nFrom \1: “Team”\.\n")
    assert acme.ada.screen.text.startswith("✅ Agreed!\n")
    assert follows.search(acme.ada.screen.text)
    await acme.ada.clicks("‹ Plan")
    assert follows.search(acme.ada.screen.text)
    assert "⬇️ Change to Team" not in acme.ada.screen.buttons
    assert "📅 Pay the next month now" in acme.ada.screen.buttons
    await acme.ada.clicks("↩️ Stay on Business")
    assert "you stay on “Business”, in place of “Team”." in acme.ada.screen.text
    await acme.ada.clicks("Yes")
    assert acme.ada.screen.text.startswith("✅ Agreed!\nPaid until ")
    assert "“Team”" not in acme.ada.screen.text
    await acme.ada.clicks_data("bu:business:")
    assert "You have this plan already." in acme.ada.screen.text
    assert "Yes" not in acme.ada.screen.buttons


async def test_each_plan_that_follows_is_told_with_its_day_and_paid_for_once(acme, database):
    """Team is paid for, then come five days of Business that were granted."""
    await change(database, "delete from trials")
    await pays(acme, "team")
    olga = Account(1, "Olga", None, "en", "UTC", is_operator=True)
    async with database.system_session("test") as session:
        await subscriptions.grant_period(session, olga, acme.team.id, "business", 5)
    await acme.ada.sends("/plan")
    said = r"Paid until (.+)\.\nFrom \1: “Business”, a gift from us until (.+)\."
    (until, gift), day = re.search(said, acme.ada.screen.text).groups(), r"(\d+ \w+)( \d{4})? "
    days = "select to_char(unnest(array[starts_at, ends_at]), 'FMDD Mon') from subscription_periods"
    told = [re.search(day, one)[1] for one in (until, gift)]
    assert await rows(database, f"{days} where invoice_id is null") == told
    assert "📅 Pay the next month now" not in acme.ada.screen.buttons
    await acme.ada.clicks_data("br:")
    assert acme.ada.toast.startswith("The next month is paid for already.")
    await acme.ada.clicks("↩️ Stay on Team")
    assert "in place of “Business”.\nBefore that comes “Business”, from " in acme.ada.screen.text
    await acme.ada.clicks("Yes")
    assert acme.ada.screen.text.count("\nFrom ") == 2


async def test_a_plan_that_is_over_just_now_says_from_when_its_month_counts(acme, database):
    await pays(acme, "team")
    await change(database, "delete from trials")
    over = "status = 'expired', period_end = now() - interval '8 days', ended_at = now()"
    await change(database, f"update subscriptions set {over}, next_at = null")
    await acme.ada.sends("/plan")
    assert "The subscription expired " in acme.ada.screen.text
    await acme.ada.clicks("💎 Take Team")
    assert "It goes on where it ended, so the month counts from " in acme.ada.screen.text
    await acme.ada.clicks_data("bu:business:")
    assert "It begins as soon as it is paid" in acme.ada.screen.text


async def test_where_nobody_takes_money_prices_are_in_stars(acme, stage, database, monkeypatch):
    monkeypatch.setitem(stage.dispatcher.workflow_data, "seller", Seller("Bot"))
    await acme.ada.sends("/subscribe")
    assert "€" not in acme.ada.screen.text
    await acme.ada.clicks("Team – 1,500 ⭐ a month")
    assert [one for one in acme.ada.screen.buttons if "Invoice" in one] == ["Invoice for 1,500 ⭐"]
    await acme.ada.clicks_data("bu:team:EUR")
    assert acme.ada.toast.startswith("Paying in EUR isn’t possible here right now.")
    assert await rows(database, "select count(*) from invoices") == [0]


async def test_whoever_pays_the_next_month_by_bank_is_asked_who_the_buyer_is(acme, database):
    await pays(acme, "team")
    await change(database, "delete from trials")
    half = "starts_at = now() - interval '15 days', ends_at = now() + interval '15 days'"
    await change(database, f"update subscription_periods set {half}")
    await acme.ada.clicks_data("br:")
    await acme.ada.clicks("€19.00")
    for answer in ("Acme GmbH", "Hauptstr. 1\nBerlin", "DE1", "buyer@acme.example"):
        await acme.ada.sends(answer)
    await acme.ada.clicks("Go on to payment")
    bought = "select currency, buyer->>'name' from invoices where purpose = 'renewal'"
    assert await rows(database, bought) == [("EUR", "Acme GmbH")]


async def test_cancelling_asks_once_says_until_when_and_can_be_taken_back(acme, database):
    await acme.ada.sends("/cancel_subscription")
    assert acme.ada.screen.text.startswith("There is nothing to cancel.")
    await pays(acme, "business")
    await acme.ada.sends("/cancel_subscription")
    assert acme.ada.screen.text.startswith("Cancel “Business”? What you have runs until ")
    await acme.ada.clicks("Yes, cancel")
    assert acme.ada.screen.text.startswith("✅ Cancelled. It runs until ")
    assert await rows(database, "select cancels_at_end from subscriptions") == [True]
    await acme.ada.clicks("↩️ Don’t cancel after all")
    assert acme.ada.screen.text == "✅ Good! The subscription goes on."
    assert await rows(database, "select cancels_at_end from subscriptions") == [False]


async def test_the_free_plan_is_never_taken_by_an_unasked_button(acme, database):
    await pays(acme, "business")
    await acme.ada.clicks_data("bu:free:XTR")
    assert acme.ada.toast == "This button is out of date. Open /menu to go on."
    assert await rows(database, "select cancels_at_end from subscriptions") == [False]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_beyond_the_seats_one_reads_and_hears_why_and_whom_to_ask(acme, database, language):
    task = await acme.task(assignee=acme.team.worker)
    await acme.ada.sends("/menu")
    await beyond(acme, database)
    await acme.speak(language)
    t, wanda = translator(language), acme.wanda
    await wanda.sends("/menu")
    assert wanda.screen.text.startswith(t("menu-no-seat", who="other").unescape())
    await wanda.clicks_data(f"t:{task}")
    assert "Fix the pump" in wanda.screen.text
    assert not [one for one in wanda.screen.data if one.startswith("tm:")]
    await wanda.clicks_data(f"tm:{task}:start")
    said = t("error-limit-no-seat", company="Acme", who="other").unescape()
    assert wanda.toast == said
    await wanda.sends("/task WEB Another one")
    assert wanda.screen.text.startswith(said)
    assert await rows(database, "select status from tasks") == ["new"]


async def test_an_admin_beyond_the_seats_is_shown_the_way_out(acme, database):
    await beyond(acme, database)
    await change(database, "update users set over_limit = true where name = 'Ada'")
    await acme.ada.sends("/newtask")
    assert acme.ada.screen.buttons == ["💎 Plan", "🏠 Menu"]
    await acme.ada.clicks("💎 Plan")
    assert "plan “Free”" in acme.ada.screen.text
    assert "🔒 You have more than the plan allows." in acme.ada.screen.text


async def test_a_limit_behind_a_button_leads_admins_to_the_plan_and_tells_others(acme, database):
    await change(database, "delete from trials")
    await factories.project(database, acme.team.id, key="SEC", name="Second")
    shelved = await factories.project(database, acme.team.id, key="OLD", status="archived")
    await acme.ada.sends("/menu")
    await acme.ada.clicks_data(f"pe:{shelved}:restore")
    assert "The plan “Free” allows 2 projects at a time, and there are 2." in acme.ada.screen.text
    assert acme.ada.screen.buttons == ["💎 Plan", "🏠 Menu"]
    await acme.max.sends("/menu")
    await acme.max.clicks_data(f"pe:{shelved}:restore")
    assert acme.max.toast.endswith("Archive one, or ask an admin for a larger plan.")


async def test_a_project_beyond_the_plan_says_so_and_offers_no_change(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await change(database, "update projects set over_limit = true")
    t = translator("en")
    await acme.ada.sends("/projects")
    assert acme.ada.screen.buttons[0].startswith("🔒 WEB")
    await acme.ada.clicks_data(f"p:{acme.project}")
    assert t("project-over-limit", who="admin").unescape() in acme.ada.screen.text
    assert "Rename" not in acme.ada.screen.buttons
    await acme.wanda.sends("/menu")
    await acme.wanda.clicks_data(f"t:{task}")
    assert t("project-over-limit", who="other").unescape() in acme.wanda.screen.text
    await acme.wanda.clicks_data(f"tm:{task}:start")
    assert acme.wanda.toast == t("error-limit-project", project="Website", who="other").unescape()
    assert await rows(database, "select status from tasks") == ["new"]


async def test_what_is_seen_of_the_plan_takes_four(acme, database, statements):
    """What changes it: test_money_statements.py."""
    await pays(acme, "team")
    await acme.ada.sends("/menu")
    for data in ("o:plan", "o:subscribe", "bu:business:", "bu:free:", "br:", "o:plancancel"):
        with statements() as said:
            await acme.ada.clicks_data(data)
        assert len(said) <= 4, (data, said.verbs)
