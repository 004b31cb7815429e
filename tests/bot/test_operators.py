"""/op_outbox: operators see what waits and what was given up, and send it after all."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from saas_bot.core.errors import NotFound
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.permissions import Role
from saas_bot.handlers.operators import COMMANDS
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import OPERATORS
from saas_bot.screens.notifications import render
from saas_bot.services import dead_letters, members
from saas_bot.services.billing import ledger, plans, refunds
from saas_bot.services.operators import companies, granting, payments, planning, stats, voiding
from tests import factories
from tests.bot.conftest import OPERATOR
from tests.bot.rows import change, rows

BUTTONS = [
    *(to.OpOutbox(what=what) for what in ("state", "dead", "all", "sure")),
    *(to.OpLetter(id=1, what=what) for what in ("retry", "drop", "sure")),
    to.OpStats(),
    to.OpCompanies(),
    to.OpCompanies(found=True),
    to.OpCompany(id=1),
    to.OpGrantPlan(company=1),
    to.OpGrant(company=1),
    to.OpGrant(company=1, plan="team", days=7),
    to.OpGrant(company=1, days=7, mark=0),
    *(to.OpPayments(what=what) for what in ("waiting", "flagged", "refunds")),
    to.OpPaid(company=1),
    to.OpLedger(company=1),
    to.OpVoid(id=1),
    *(to.OpAnnul(id=1, sure=sure) for sure in (False, True)),
    *(to.OpInvoice(id=1, what=what) for what in ("", "note")),
    to.OpNote(id=1, mark=0),
    *(to.OpPayment(id=1, what=what) for what in ("", "refund", "sure", "seen", "sent")),
    to.OpPlan(),
    to.OpPlanChange(id=1, what="seats", value=1, mark=0),
    *(to.OpPlan(id=1, what=what) for what in ("", "code", "name", "seats", "retire", "offer")),
]


PUT = """
    insert into outbox (company_id, telegram_id, kind, payload, status, finished_at, error,
                        attempts, not_before)
    select :company, 77, :kind, '{}', :status,
           case when :status <> 'pending' then now() - interval '3 hours 5 minutes' end,
           'TelegramBadRequest: <b>' || n, case when :status = 'dead' then 10 else 0 end,
           now() + make_interval(secs => :after)
    from generate_series(1, :count) n
"""


async def put(database, company, status, count=1, kind="commented", after=-90.0):
    values = {"company": company, "kind": kind, "status": status, "count": count, "after": after}
    await change(database, PUT, **values)


async def test_operators_see_how_it_stands(acme, olga, database):
    await olga.sends("/op_outbox")
    assert "Nothing waits" in olga.screen.text
    for status, count in (("pending", 2), ("sent", 3), ("blocked", 4), ("dead", 1), ("skipped", 6)):
        await put(database, acme.team.id, status, count)
    await put(database, acme.team.id, "pending", 5, "assigned", after=3600)
    await put(database, acme.team.id, "skipped", 1, "digest")
    await put(database, acme.team.id, "sent", 1, "accepted")
    await change(
        database, "update outbox set finished_at = now() - interval '25 hours'"
        " where kind = 'accepted'"
    )  # fmt: skip
    await olga.clicks("Refresh")
    text = olga.screen.text
    assert text.split("\n\n")[1:] == [
        "All: waiting 2 · for later 5 · given up 1 · sent 3 · blocked 4 · skipped 7\n"
        "Oldest one due for 1 min",
        "assigned: for later 5\n"
        "commented: waiting 2 · given up 1 · sent 3 · blocked 4 · skipped 6\n"
        "digest: skipped 1",
        "Sent, blocked and skipped: in the last 24 hours.",
    ]


async def test_what_was_given_up_is_sent_after_all_or_dropped(acme, olga, database):
    await put(database, acme.team.id, "dead", 7)
    await olga.sends("/op_outbox")
    await olga.clicks("Given up: 7")
    ids = await rows(database, "select id from outbox order by id desc")
    assert f"#{ids[0]} commented · Acme · 3 h ago\nTelegramBadRequest: <b>7" in olga.screen.text
    assert f"#{ids[5]}" not in olga.screen.text
    await olga.clicks("Next")
    assert f"#{ids[5]}" in olga.screen.text
    await olga.clicks(f"Send #{ids[5]}")
    assert olga.toast == "Queued again."
    await olga.clicks(f"Drop #{ids[0]}")
    assert olga.screen.text.startswith("🗑 Drop it?")
    assert f"#{ids[0]} commented" in olga.screen.text
    await olga.clicks(f"Drop #{ids[0]}")
    assert olga.toast == "Dropped."
    stale = to.OpLetter(id=ids[0], what="retry").pack()
    await olga.clicks_data(stale)
    assert "not among those given up" in olga.toast
    states = "select id, status, attempts, error is null as clean from outbox where id in ({}, {})"
    assert sorted(tuple(row) for row in await every(database, states.format(ids[0], ids[5]))) == [
        (ids[5], "pending", 0, True),
        (ids[0], "skipped", 10, False),
    ]
    old = f"update outbox set finished_at = now() - interval '73 hours' where id = {ids[6]}"
    await change(database, old)
    await olga.clicks("Send all again")
    assert "in the last 3 days" in olga.screen.text
    await olga.clicks("Send all again")
    assert olga.toast == "Queued again: 4"
    await olga.clicks_data(to.OpOutbox(what="dead").pack())
    await olga.clicks(f"Send #{ids[6]}")
    await olga.clicks_data(to.OpOutbox(what="dead").pack())
    assert olga.screen.text == "✅ Nothing was given up."
    assert olga.screen.buttons == ["⬅️ Outbox"]
    assert await rows(database, "select count(*) from outbox where status = 'dead'") == [0]
    acts = "select actor_kind, actor_name, company_id, action from audit_logs where entity = '{}'"
    noted = [tuple(row) for row in await every(database, acts.format("notification"))]
    assert {one[:3] for one in noted} == {("operator", "Olga", acme.team.id)}
    assert sorted(one[3] for one in noted) == [
        "notification.dropped",
        *["notification.retried"] * 6,
    ]


async def every(database, statement):
    async with database.system_session("test") as session:
        return (await session.execute(text(statement))).all()


async def test_operators_find_their_commands_in_menu_and_help(stage, olga, database):
    assert tuple(COMMANDS) == OPERATORS
    assert stage.telegram.commands[OPERATOR][-len(OPERATORS) :] == list(OPERATORS)
    await olga.sends("/help")
    assert [one for one in OPERATORS if f"\n/{one} – " not in olga.screen.text] == []
    team = await factories.company(database)
    person = replace(team.worker.account, telegram_id=OPERATOR, name="Olga")
    olga_there = await factories.member(database, team.id, Role.WORKER, person=person)
    async with database.tenant_session(team.id) as session:
        await members.change_role(session, team.admin, olga_there.user_id, Role.MANAGER)
    for operators, last in (({OPERATOR}, OPERATORS[-1]), (set(), "cancel")):
        async with database.system_session("test") as session:
            row = await session.scalar(
                select(OutboxMessage).where(OutboxMessage.telegram_id == OPERATOR)
            )
            menu, _ = await render(session, row, operators=frozenset(operators))
        assert menu.commands[-1].command == last


@pytest.mark.parametrize("command", COMMANDS)
async def test_for_anybody_else_there_is_no_such_command(acme, database, command):
    await put(database, acme.team.id, "dead")
    await acme.ada.sends(f"/{command}")
    op, screen = acme.ada.toast, acme.ada.screen.text
    await acme.ada.sends("/nonsense")
    assert (op, screen) == (acme.ada.toast, acme.ada.screen.text)


async def test_for_anybody_else_the_buttons_lead_nowhere(acme, database):
    await put(database, acme.team.id, "dead")
    await acme.ada.sends("/menu")
    for one in BUTTONS:
        await acme.ada.clicks_data(one.pack())
        assert acme.ada.toast.startswith("This button is out of date"), one
    assert await rows(database, "select status from outbox") == ["dead"]


@pytest.mark.parametrize("call", [
    lambda session, who: dead_letters.state(session, who),
    lambda session, who: dead_letters.dead(session, who),
    lambda session, who: dead_letters.one(session, who, 1),
    lambda session, who: dead_letters.retry(session, who, 1),
    lambda session, who: dead_letters.drop(session, who, 1),
    lambda session, who: dead_letters.retry_all(session, who),
    lambda session, who: stats.stats(session, who),
    lambda session, who: companies.page(session, who),
    lambda session, who: companies.one(session, who, 1),
    lambda session, who: granting.offer(session, who, 1, "team", 7),
    lambda session, who: granting.give(session, who, 1, "", 7, 0),
    lambda session, who: payments.waiting(session, who),
    lambda session, who: payments.todo(session, who),
    lambda session, who: payments.bill(session, who, 1),
    lambda session, who: payments.flagged(session, who),
    lambda session, who: payments.every(session, who),
    lambda session, who: payments.of_company(session, who, 1),
    lambda session, who: payments.going_back(session, who),
    lambda session, who: payments.one(session, who, 1),
    lambda session, who: ledger.page(session, who, 1),
    lambda session, who: voiding.void(session, who, 1, "asked"),
    lambda session, who: refunds.annul(session, who, 1),
    lambda session, who: plans.every(session, who),
    lambda session, who: planning.one(session, who, 1),
    lambda session, who: planning.begin(session, who, "studio"),
    lambda session, who: planning.read(session, who, 1, "seats", "7"),
])  # fmt: skip
async def test_the_services_ask_once_more_who_it_is(acme, database, call):
    async with database.system_session("test") as session:
        with pytest.raises(NotFound, match="stale-button"):
            await call(session, acme.team.admin.account)
