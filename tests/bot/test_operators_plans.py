"""/op_plans and /op_stats: what there is to be had, and how the deployment does."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.screens import callbacks as to
from saas_bot.services.billing import plans
from saas_bot.services.operators import planning, stats
from tests import factories
from tests.bot.rows import change, rows
from tests.services.billing.office import OPERATOR, Office


async def plan_of(database, code):
    return (await rows(database, "select * from plans where code = :code", code=code))[0]


async def plan_id(database, code):
    return (await rows(database, "select id from plans where code = :code", code=code))[0]


@pytest.fixture
async def spare(database):
    """A plan that only this test has."""
    code = await factories.plan(database, seats=2)
    yield code
    await change(database, "delete from trials")
    await change(database, "delete from subscriptions")
    await change(database, "delete from plans where code not in ('free', 'team', 'business')")


async def test_a_value_is_changed_by_one_message_which_says_what_it_touches(
    acme, olga, database, spare
):
    spare_id = await plan_id(database, spare)
    await change(database, "update trials set plan_id = :plan", plan=spare_id)
    await olga.sends("/op_plans")
    assert "🏢 One company has it" in olga.screen.text
    await olga.clicks_data(to.OpPlan(id=spare_id).pack())
    for button, asks, words in (
        ("People", "What exceeds it in the one company that has the plan", "3"),
        ("Projects", "How many active projects?", "-"),
        ("Files", "How much room for files", "1,5 ГБ"),
        ("Stars", "It holds from the next invoice on, also for the one", "2 500"),
        ("Price", "What does a month cost in EUR", "1.029,90"),
        ("Name", "Invoices that are written keep", "Studio <b>"),
    ):
        await olga.clicks(button)
        assert asks in olga.screen.text
        await olga.sends(words)
        if "✅ Change it" in olga.screen.buttons:
            await olga.clicks("Change it")
            assert olga.toast == "Saved.", words
            continue
        assert olga.screen.text.startswith("Saved."), words
    assert "💺 3 · 📁 ∞ · 📎 1.5 GB\n2,500 ⭐ or €1,029.90 a month" in olga.screen.text
    assert "Studio <b>" in olga.screen.text
    assert "⏳ Its new limits reach the companies" in olga.screen.text
    async with database.system_session("test") as session:
        await plans.settle_changed(session)
    beyond = await rows(database, "select count(*) from users where over_limit")
    assert beyond == [1], "four people, three seats"
    await olga.clicks("Plans")
    assert "⏳" not in olga.screen.text
    acts = "select actor_kind, action, after from audit_logs where entity = 'plan' order by id"
    noted = await rows(database, acts)
    assert {one[:2] for one in noted} == {("operator", "plan.edited")}
    assert len(noted) == 5, "the number of projects was not limited before either"


async def test_what_takes_from_companies_is_asked_first(acme, olga, database, spare):
    spare_id = await plan_id(database, spare)
    value = f"select seats, price_minor from plans where id = {spare_id}"
    await change(database, "update plans set seats = 9 where id = :id", id=spare_id)
    await change(database, "update trials set plan_id = :plan", plan=spare_id)
    await olga.clicks_data(to.OpPlan(id=spare_id, what="seats").pack())
    await olga.sends("4")
    assert "💺 People: 9 → 4. Is that right?" in olga.screen.text
    assert "No company with this plan has more than that" in olga.screen.text
    four = olga.screen
    await olga.clicks_data(to.OpPlan(id=spare_id, what="seats").pack())
    await olga.sends("3")
    assert "One company has more than that" in olga.screen.text
    await olga.clicks_data(to.OpPlan(id=spare_id, what="price_minor").pack())
    await olga.sends("2")
    assert "Price: €0.01 → €2.00. Is that right?" in olga.screen.text
    assert "also for the one company that has the plan" in olga.screen.text
    assert await rows(database, value) == [(9, 1)], "asked, not changed"
    await change(database, "update plans set seats = 3 where id = :id", id=spare_id)
    await olga.does(olga.pressing(four.data_of("Change it"), four))
    assert "changed since you were asked" in olga.toast
    assert "💺 People: 3 → 4" in olga.screen.text
    assert await rows(database, value) == [(3, 1)]


@pytest.mark.parametrize(("what", "lower"), [("seats", 1), ("projects", 1), ("storage_bytes", 9)])
async def test_who_has_more_than_a_limit_is_counted(acme, globex, database, spare, what, lower):
    """Those that have the plan and are not deleted, whatever limit is lowered."""
    spare_id = await plan_id(database, spare)
    await factories.project(database, acme.team.id, key="APP")
    await change(database, "insert into storage_usage (company_id, bytes) values (:id, 10) "
                 "on conflict (company_id) do update set bytes = 10", id=acme.team.id)  # fmt: skip
    counted = {}
    for plan, deleted in ((spare_id, "null"), (spare_id, "now()"), (1, "null")):
        await change(database, "update trials set plan_id = :plan where company_id = :id",
                     plan=plan, id=acme.team.id)  # fmt: skip
        await change(database, f"update companies set deleted_at = {deleted} where id = :id",
                     id=acme.team.id)  # fmt: skip
        async with database.system_session("test") as session:
            asked = await planning.change(session, OPERATOR, plan, what, lower)
            counted[plan, deleted] = asked.beyond
    assert counted[spare_id, "null"] == 1
    assert counted[spare_id, "now()"] == 0


async def test_what_is_no_value_is_refused_and_asked_again(olga, database, spare):
    before = await plan_of(database, spare)
    for what, words in (
        ("seats", ("0", "many", "1.5", "-1", "9" * 30)),
        ("storage_bytes", ("lots", "5", "5 XB", "9999999 TB")),
        ("price_stars", ("-", "10001", "1.5")),
        ("price_minor", ("free", "1.999", "-1", "99999999999")),
    ):
        await olga.clicks_data(to.OpPlan(id=before[0], what=what).pack())
        for one in words:
            await olga.sends(one)
            assert await olga.step() == "OperatorWords:plan", (what, one)
            assert "went wrong" not in olga.screen.text
    assert await plan_of(database, spare) == before


async def test_a_new_plan_is_offered_only_when_that_is_said(acme, olga, database, spare):
    await olga.sends("/op_plans")
    await olga.clicks("New plan")
    for words in ("team", "zwei wörter drei", "<b>", "studio EURO", "studio XTR", "st-udio"):
        await olga.sends(words)
        assert await olga.step() == "OperatorWords:plan", words
    await olga.sends("studio usd")
    assert "Studio · studio · 🚫 not offered" in olga.screen.text
    await olga.clicks("Offer it")
    assert "has no price yet" in olga.toast
    await olga.clicks("Price")
    await olga.sends("29.9")
    await acme.ada.sends("/plan")
    assert "Studio" not in acme.ada.screen.text
    await olga.clicks("Offer it")
    assert olga.toast == "Everybody can have it now."
    await acme.ada.sends("/plan")
    assert "$29.90" in acme.ada.screen.text
    await olga.clicks("Offer it no longer")
    assert "🚫 not offered" in olga.screen.text
    noted = "select action from audit_logs where actor_kind = 'operator' order by id"
    assert await rows(database, noted) == [
        "plan.created", "plan.retired", "plan.edited", "plan.offered", "plan.retired",
    ]  # fmt: skip


async def test_the_plans_that_everybody_needs_stay(olga, database):
    team = await plan_id(database, "team")
    await olga.clicks_data(to.OpPlan(id=team).pack())
    assert "🚫 Offer it no longer" not in olga.screen.buttons
    await olga.clicks_data(to.OpPlan(id=team, what="retire").pack())
    assert "can’t be retired" in olga.toast


async def test_the_figures_of_the_deployment(acme, globex, olga, database):
    await factories.company(database, "Free", plan="free")
    gone = await factories.company(database, "Gone")
    await change(database, "update companies set deleted_at = now() where id = :id", id=gone.id)
    await Office(database, globex.team, now()).takes("business", "XTR")
    initech = await factories.company(database, "Initech", plan="free")
    await Office(database, initech, now()).takes("team", "EUR")
    await change(database, "delete from outbox")
    done = """
        insert into audit_logs (company_id, actor_kind, actor_user_id, actor_name, action, entity,
                                entity_id, at)
        select :company, 'user', 1000 + n % 3, 'x',
               (array['task.created', 'task.accept'])[1 + n % 2], 'task', n,
               now() - make_interval(days => n * 2)
        from generate_series(9, 0, -1) n
        """
    await change(database, done, company=acme.team.id)
    await olga.sends("/op_stats")
    text = olga.screen.text
    assert (
        "🏢 Companies: 4\non trial 1 · paid 2 · past due 0 · free 1\n· Business: 1\n· Team: 1"
        in text
    )
    assert "A month brings: €19.00 + 7,500 ⭐" in text
    assert "Active: 3 in a day · 5 in 7 days · 5 in 30 days\n" in text
    assert "Tasks created: 1 in a day · 2 in 7 days\n" in text
    assert "Tasks done: 0 in a day · 2 in 7 days\n" in text
    assert "Notifications due: 0" in text
    assert "≥" not in text


async def test_a_month_brings_what_runs_and_is_paid_for(acme, globex, olga, database):
    """Neither what was granted or given back, nor the part of a month that a better plan took."""
    upgraded = await factories.company(database, "Initech", plan="free")
    office = Office(database, upgraded, now())
    await office.takes("team", "EUR")
    await office.takes("business", "EUR")
    other = Office(database, globex.team, now())
    payment = await other.takes("business", "XTR")
    await olga.sends("/op_stats")
    assert "A month brings: €99.00 + 7,500 ⭐" in olga.screen.text
    await other.refunds(payment)
    await olga.sends(f"/op_grant {acme.team.id} business 30")
    await olga.clicks("Give 30 days")
    # Invoices that nobody pays push nothing aside.
    for currency in ("EUR", "XTR") * 3:
        await other.chooses("business", currency)
    await olga.sends("/op_stats")
    assert "A month brings: €99.00" in olga.screen.text
    assert "⭐" not in olga.screen.text
    await change(database, "update companies set deleted_at = now() where id = :id",
                 id=upgraded.id)  # fmt: skip
    await olga.clicks("Refresh")
    assert "A month brings: 0" in olga.screen.text


async def test_a_sum_of_more_than_is_counted_is_a_lower_bound(acme, olga, database, monkeypatch):
    await Office(database, acme.team, now()).takes("business", "EUR")
    monkeypatch.setattr(stats, "MOST", 1)
    await olga.sends("/op_stats")
    assert "A month brings: ≥ €99.00" in olga.screen.text


async def test_where_not_all_was_looked_through_it_says_so(acme, olga, database, monkeypatch):
    monkeypatch.setattr(stats, "NEWEST_CHANGES", 2)
    for hours in (48, 2, 1):
        await change(
            database,
            "insert into audit_logs (company_id, actor_kind, actor_user_id, actor_name, action,"
            " entity, entity_id, at) values (:company, 'user', :who, 'x', 'task.created', 'task',"
            " 1, :at)",
            company=acme.team.id, who=hours, at=now() - timedelta(hours=hours),
        )  # fmt: skip
    await olga.sends("/op_stats")
    assert "Active: ≥ 2 in a day · ≥ 2 in 7 days" in olga.screen.text
    assert "only what was done since" in olga.screen.text
