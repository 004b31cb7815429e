"""Random lives of companies, beside a model of what they ought to have (hypothesis, stateful)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounded
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from saas_bot.core.errors import Conflict
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.billing import RENEWAL_LEAD
from tests.services.billing.model import PRICES, Model
from tests.services.billing.office import NOON, Office

EXAMPLES, STEPS = 12, 25
DAY = timedelta(days=1)

PLANS = st.sampled_from(["team", "business"])
CURRENCIES = st.sampled_from(["XTR", "EUR"])
JUMPS = st.one_of(
    st.timedeltas(timedelta(microseconds=1), 2 * DAY), st.timedeltas(2 * DAY, 45 * DAY)
)

_FACTS = """
    select i.id, p.code as plan, i.purpose, note.id is not null as undone
    from invoices i join plans p on p.id = i.plan_id
    left join invoices note on note.corrects_id = i.id
    where i.company_id = $1 and i.kind = 'invoice' and i.status = 'paid' order by i.paid_at, i.id
    """
_ODD_PERIODS = """
    select a.id from subscription_periods a
    where a.company_id = $1 and a.ended_at is null and (
        a.invoice_id is not null and a.ends_at - a.starts_at not between '28 days' and '31 days'
        or exists (select from subscription_periods b
                   where b.company_id = a.company_id and b.id <> a.id and b.ended_at is null
                     and b.starts_at < a.ends_at and a.starts_at < b.ends_at))
    """
_OPEN = (
    "select count(*) from invoices"
    " where company_id = $1 and status = 'issued' and kind = 'invoice'"
)


class Life(RuleBasedStateMachine):
    """One company through its admins, payers, operators and the clock."""

    loop: asyncio.AbstractEventLoop
    database: Database
    charges = Bundle("charges")

    def __init__(self) -> None:
        super().__init__()
        self.office = self._do(Office.of(self.database, "team"))
        ((ends,),) = self._rows("select ends_at from trials where company_id = $1", self.office.id)
        shift = "update trials set ends_at = $2, looked_at = $3, next_at = $3 where company_id = $1"
        ends = NOON + 10 * DAY
        self._rows(shift, self.office.id, ends, NOON)
        self.model = Model(NOON, ends)
        self.seen: set[int] = set()

    def _do(self, what: Any) -> Any:
        return self.loop.run_until_complete(what)

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._do(self.office.rows(sql, *values))
        return rows

    def _learn(self) -> None:
        """Tell the model of what has been paid and refunded since."""
        for invoice, plan, purpose, undone in self._rows(_FACTS, self.office.id):
            if not undone and invoice not in self.model.all:
                self.model.paid(invoice, plan, purpose)
            if undone and invoice in self.model.all:
                self.model.undone(invoice)

    def _open(self) -> Any:
        return self._do(self.office.open())

    @rule(plan=PLANS, currency=CURRENCIES)
    def choose(self, plan: str, currency: str) -> None:
        model, there = self.model, self._open()
        expected = "start"
        if model.ended is not None:
            expected = "keep" if plan == model.plan else "downgrade"
            if model.upgrades(plan, currency):
                expected = "upgrade"
        amount = PRICES[plan][currency] - (model.credit(currency) if expected == "upgrade" else 0)
        try:
            choice = self._do(self.office.chooses(plan, currency))
        except Conflict:
            assert there is not None
            assert there.paid_minor
            return
        assert choice.what == expected
        if expected in ("keep", "downgrade"):
            model.follows(plan)
            in_time = model.now >= model.ended - RENEWAL_LEAD
            assert (choice.invoice is not None) == in_time
        if choice.invoice and (there is None or choice.invoice.id != there.id):
            assert choice.invoice.amount_minor == amount
        self._learn()

    @rule(currency=CURRENCIES)
    @precondition(lambda self: self.model.ended is not None)
    def renew(self, currency: str) -> None:
        ahead, there = self.model.ahead, self._open()
        try:
            self._do(self.office.renews(currency))
        except Conflict as error:
            if error.code == "renewed-already":
                assert ahead[-1].starts > self.model.now
            else:
                assert there.paid_minor
            return
        self.model.cancels = False
        self._learn()

    @rule(target=charges, half=st.booleans())
    @precondition(lambda self: self._open() is not None)
    def pay(self, half: bool) -> Any:
        invoice = self._open()
        charge = self.office.charge(invoice)
        if half and invoice.currency == "EUR":
            charge = replace(charge, amount=charge.amount // 2 or 1)
        outcome = self._do(self.office.receives(charge))
        assert outcome.status in ("paid", "part")
        self._learn()
        return (charge, outcome.payment.id)

    @rule(charge=charges)
    def comes_again(self, charge: Any) -> None:
        assert self._do(self.office.receives(charge[0])).repeated

    @rule(charge=charges, number=st.integers(1, 99))
    def comes_late(self, charge: Any, number: int) -> None:
        """Another payment for an invoice that was to be paid once."""
        first = charge[0]
        late = replace(first, charge_id=f"{first.charge_id}/{number}")
        self._do(self.office.receives(late))
        self._learn()

    @rule(charge=charges)
    def refund(self, charge: Any) -> None:
        try:
            self._do(self.office.refunds(charge[1]))
        except Conflict:
            return
        self._learn()

    @rule()
    @precondition(lambda self: self.model.ended is not None)
    def cancel(self) -> None:
        until = self._do(self.office.cancels())
        self.model.canceled()
        assert until == self.model.ended

    @rule()
    @precondition(lambda self: self.model.cancels)
    def resume(self) -> None:
        self._do(self.office.resumes())
        self.model.cancels = False

    @rule(plan=PLANS, days=st.integers(1, 40))
    def grant(self, plan: str, days: int) -> None:
        until = self._do(self.office.grants(plan, days))
        self.model.granted(plan, days)
        assert until == self.model.ended

    @rule(days=st.integers(1, 20))
    @precondition(lambda self: self.model.ended is None)
    def grant_trial(self, days: int) -> None:
        until = self._do(self.office.grants(None, days))
        self.model.trial_granted(days)
        assert until == self.model.trial_ends

    @rule(by=JUMPS)
    def time_passes(self, by: timedelta) -> None:
        self.office.moment += by
        self.model.passes(self.office.moment)

    @rule()
    def sweep(self) -> None:
        self._do(self.office.sweeps())
        self._learn()
        stands = self._do(self.office.stands())
        assert stands.plan.lower() == self.model.plan
        if self.model.ended is not None:
            assert (stands.status, stands.until) == (self.model.status, self.model.ended)
            assert stands.cancels_at_end == self.model.cancels
        else:
            assert stands.status not in ("active", "past_due")

    @invariant()
    def it_adds_up(self) -> None:
        assert self._do(self.office.adds_up())
        assert self._rows(_ODD_PERIODS, self.office.id) == []
        assert self._rows(_OPEN, self.office.id)[0][0] <= 1


def lives(database: Database, loop: asyncio.AbstractEventLoop, examples: int, steps: int) -> None:
    """Run so many of them."""
    machine = type("LifeHere", (Life,), {"database": database, "loop": loop})
    run_state_machine_as_test(
        machine,
        settings=bounded(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            # A life of so few steps is read as it is; to make it shorter would take minutes.
            phases=[Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_whatever_happens_money_time_and_rights_are_as_they_ought_to_be(
    settings: Settings, database: Database
) -> None:
    # The rules are no coroutines, so they have a loop and connections of their own.
    loop = asyncio.new_event_loop()
    engine = create_engine(settings)
    try:
        lives(Database(engine), loop, EXAMPLES, STEPS)
    finally:
        loop.run_until_complete(engine.dispose())
        loop.close()
