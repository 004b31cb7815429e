"""Random lives of companies, beside a model of what they ought to have (hypothesis, stateful).

Each run draws others; `BILLING_LIVES=2000` looks longer. One that fails is told step by step, and
lived again by `BILLING_LIFE=...` with the text (`AX...`) that is printed for `@reproduce_failure`.
"""

import asyncio
import os
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, __version__, reproduce_failure
from hypothesis import settings as bounded
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    get_state_machine_test,
    invariant,
    multiple,
    precondition,
    rule,
)

from saas_bot.core.errors import Conflict
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.billing import RENEWAL_LEAD
from saas_bot.services.billing import checking, refunds
from saas_bot.services.billing.payments import Method
from saas_bot.services.operators import voiding
from tests import factories
from tests.services.billing.model import PRICES, Model
from tests.services.billing.office import NOON, OPERATOR, Office

EXAMPLES, STEPS = int(os.environ.get("BILLING_LIVES", "20")), 30
LONG = 15
"""After so many steps the company may be deleted."""
PROJECTS, FREE_PROJECTS = 3, 2
DAY = timedelta(days=1)

PLANS = st.sampled_from(["team", "business"])
CURRENCIES = st.sampled_from(["XTR", "EUR"])
JUMPS = st.one_of(
    st.timedeltas(timedelta(microseconds=1), 2 * DAY),
    st.timedeltas(2 * DAY, 12 * DAY),
    st.timedeltas(12 * DAY, 45 * DAY),
)

_FACTS = """
    select i.id, p.code as plan, i.purpose, i.currency, i.amount_minor, i.status = 'void' as void
    from invoices i join plans p on p.id = i.plan_id
    where i.company_id = $1 and i.kind = 'invoice' order by i.id
    """
_PAID = """
    select i.id, i.status, i.paid_minor, note.id is not null
    from invoices i left join invoices note on note.corrects_id = i.id
    where i.company_id = $1 and i.kind = 'invoice' order by i.id
    """
_MONEY = """
    select p.id, p.amount_minor - p.allocated_minor - p.refunded_minor, r.amount_minor
    from payments p left join refunds r on r.payment_id = p.id where p.company_id = $1 order by p.id
    """
_PRICE = "update plans set price_stars = $2, price_minor = $3 where code = $1 and code <> 'free'"
_ODD_PERIODS = """
    select a.id from subscription_periods a
    where a.company_id = $1 and a.ended_at is null and (
        a.invoice_id is not null and a.ends_at - a.starts_at not between '28 days' and '31 days'
        or exists (select from subscription_periods b
                   where b.company_id = a.company_id and b.id <> a.id and b.ended_at is null
                     and b.starts_at < a.ends_at and a.starts_at < b.ends_at))
    """
_BEYOND = "select count(*) from projects where company_id = $1 and over_limit"
_CANCEL = "update subscriptions set status = 'canceled', next_at = null where company_id = $1"
_DELETE = "update companies set deleted_at = $2 where id = $1"
_OPEN = (
    "select count(*) from invoices"
    " where company_id = $1 and status = 'issued' and kind = 'invoice'"
)


@dataclass
class Numbered:
    """An invoice by its number."""

    number: str


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
        self.annulled: set[int] = set()
        self.steps = 0
        for number in range(PROJECTS):
            about = (self.database, self.office.id)
            self._do(factories.project(*about, key=f"P{number}A", name=f"P{number}"))

    def _do(self, what: Any) -> Any:
        return self.loop.run_until_complete(what)

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._do(self.office.rows(sql, *values))
        return rows

    def _learn(self) -> list[int]:
        """Tell the model which invoices were written and withdrawn since; gives the new ones."""
        facts, papers = self._rows(_FACTS, self.office.id), self.model.papers
        for id_, *_, void in facts:
            if void and id_ in papers and papers[id_].state != "void":
                assert papers[id_].state == "open"
                self.model.voided(id_)
        new = [one for one in facts if one[0] not in papers]
        for *about, void in new:
            self.model.issued(*about)
            if void:
                self.model.voided(about[0])
        return [one[0] for one in new]

    def _open(self) -> Any:
        return self._do(self.office.open())

    @rule(plan=PLANS, currency=CURRENCIES)
    @precondition(lambda self: not self.model.deleted)
    def choose(self, plan: str, currency: str) -> None:
        model, there = self.model, self._open()
        expected = "start"
        if model.ended is not None:
            expected = "keep" if plan == model.last_plan else "downgrade"
            if model.upgrades(plan, currency):
                expected = "upgrade"
        price = model.prices[plan][currency]
        amount = price - (model.credit(currency) if expected == "upgrade" else 0)
        choice = self._do(self.office.chooses(plan, currency))
        assert choice.what == expected
        if expected in ("keep", "downgrade"):
            assert model.ended is not None
            in_time = model.now >= model.ended - RENEWAL_LEAD
            model.follows(plan)
            assert (choice.invoice is not None) == in_time
        if choice.invoice and not self._again(there, choice.invoice):
            assert choice.invoice.amount_minor == amount
        self._learn()

    def _again(self, there: Any, asked: Any) -> bool:
        """Whether what was asked for was open already."""
        again = there is not None and there.id == asked.id
        if again:
            self.model.asked_again(asked.id)
        return again

    @rule(target=charges, currency=CURRENCIES)
    @precondition(lambda self: self.model.ended is not None and not self.model.deleted)
    def renew(self, currency: str) -> Any:
        """The next month is paid ahead."""
        ahead = self.model.ahead
        paid_ahead = bool(ahead and ahead[-1].starts > self.model.now)
        if paid_ahead:
            with pytest.raises(Conflict) as refused:
                self._do(self.office.renews(currency))
            assert refused.value.code == "renewed-already"
            return multiple()
        there = self._open()
        self._again(there, self._do(self.office.renews(currency)))
        self._learn()
        return self.pay(half=False, by_card=False) if self.model.open else multiple()

    @rule(target=charges, plan=PLANS, currency=CURRENCIES, better=st.booleans())
    @precondition(lambda self: not self.model.deleted)
    def buy(self, plan: str, currency: str, better: bool) -> Any:
        """What is chosen is paid at once, a better plan if there is one."""
        if better and self.model.ended is not None:
            upgrades = (one for one in self.model.prices if self.model.upgrades(one, currency))
            plan = next(upgrades, plan)
        self.choose(plan, currency)
        return self.pay(half=False, by_card=False) if self.model.open else multiple()

    @rule(target=charges, half=st.booleans(), by_card=st.booleans())
    @precondition(lambda self: self.model.open is not None)
    def pay(self, half: bool, by_card: bool) -> Any:
        invoice = self._open()
        charge = self.office.charge(invoice)
        if invoice.currency == "EUR" and by_card:
            charge = replace(charge, method=Method.PROVIDER)
        elif invoice.currency == "EUR" and half:
            charge = replace(charge, amount=charge.amount // 2 or 1)
        return self._receive(charge)

    def _receive(self, charge: Any) -> Any:
        outcome = self._do(self.office.receives(charge))
        about = (charge.invoice_id, charge.method, charge.currency, charge.amount)
        assert outcome.status == self.model.comes(outcome.payment.id, *about)
        self._learn()
        return (charge, outcome.payment.id)

    @rule(charge=charges, more=st.sampled_from([0, 0, 700]))
    def comes_late(self, charge: Any, more: int) -> None:
        """Another payment for an invoice that was to be paid once; the first one comes again."""
        first = charge[0]
        if charge[1] not in self.annulled:
            assert self._do(self.office.receives(first)).repeated
        name = f"{first.charge_id}/{self.steps}"
        self._receive(replace(first, charge_id=name, amount=first.amount + more))

    @rule(which=st.integers(0, 5))
    @precondition(lambda self: self.model.void_in("EUR"))
    def comes_too_late(self, which: int) -> None:
        """A transfer for an invoice that is void."""
        query = (
            "select id, number, amount_minor, void_reason from invoices where company_id = $1"
            " and status = 'void' and currency = 'EUR' order by id desc offset $2 limit 1"
        )
        rows = self._rows(query, self.office.id, which)
        if not rows:
            return
        reference = f"{self.office.id}-late-{self.steps}"
        ((id_, document, amount, reason),) = rows
        anew = self.model.begins_anew(id_, reason)
        outcome = self._do(self.office.notes(Numbered(document), amount, reference))
        assert self.model.comes(outcome.payment.id, id_, "bank", "EUR", amount) == "kept"
        assert (outcome.status == "anew") == anew
        assert bool(self._learn()) == anew

    @rule(charge=charges, annul=st.booleans())
    def refund(self, charge: Any, annul: bool) -> None:
        first, payment_id = charge
        annul = annul and first.method is Method.BANK
        goes = self.model.refunded(payment_id)
        try:
            self._do(self._annul(payment_id) if annul else self.office.refunds(payment_id))
        except Conflict:
            assert not goes
            return
        assert goes
        if annul:
            self.annulled.add(payment_id)
        self._learn()

    async def _annul(self, payment_id: int) -> None:
        async with self.database.system_session("test") as session:
            await refunds.annul(session, OPERATOR, payment_id, self.office.moment)

    @rule()
    @precondition(lambda self: self.model.open is not None and not self.model.deleted)
    def void(self) -> None:
        self._do(self._void(self._open().id))
        self._learn()
        assert self.model.open is None

    async def _void(self, invoice_id: int) -> None:
        async with self.database.system_session("test") as session:
            await voiding.void(session, OPERATOR, invoice_id, "asked", self.office.moment)

    @rule(plan=PLANS, factor=st.sampled_from([50, 100, 120, 600]))
    def price_changes(self, plan: str, factor: int) -> None:
        """What runs keeps its price; business may become cheaper than team."""
        new = {currency: price * factor // 100 for currency, price in PRICES[plan].items()}
        self._rows(_PRICE, plan, new["XTR"], new["EUR"])
        self.model.prices[plan] = new

    @rule()
    @precondition(lambda self: self.model.ended is not None and not self.model.deleted)
    def cancel(self) -> None:
        """Or think better of it."""
        if self.model.cancels:
            self._do(self.office.resumes())
            self.model.cancels = False
            return
        until = self._do(self.office.cancels())
        self.model.canceled()
        assert until == self.model.ended
        self._learn()

    @rule(plan=PLANS, days=st.integers(1, 40))
    @precondition(lambda self: not self.model.deleted)
    def grant(self, plan: str, days: int) -> None:
        until = self._do(self.office.grants(plan, days))
        self.model.granted(plan, days)
        assert until == self.model.ended
        self._learn()

    @rule(days=st.integers(1, 20))
    @precondition(lambda self: self.model.ended is None and not self.model.deleted)
    def grant_trial(self, days: int) -> None:
        until = self._do(self.office.grants(None, days))
        self.model.trial_granted(days)
        assert until == self.model.trial_ends
        self._learn()

    @rule()
    @precondition(lambda self: self.steps > LONG and not self.model.deleted)
    def delete(self) -> None:
        """Its money is seen to all the same; nothing else becomes of it."""
        self._rows(_DELETE, self.office.id, self.office.moment)
        self.model.deleted = True

    @rule(by=JUMPS, sweeps=st.booleans())
    def time_passes(self, by: timedelta, sweeps: bool) -> None:
        self.office.moment += by
        self.model.passes(self.office.moment)
        if sweeps:
            self.sweep()

    @rule()
    @precondition(lambda self: self.model.ahead and self.model.ended > self.model.now + 2 * DAY)
    def the_next_month_is_due(self) -> None:
        assert self.model.ended is not None
        self.time_passes(self.model.ended - 2 * DAY - self.model.now, sweeps=True)

    def sweep(self) -> None:
        pays_in = self.model.pays_in
        self._do(self.office.sweeps())
        new = self._learn()
        assert all(self.model.papers[one].currency == pays_in for one in new)
        if self.model.deleted:
            assert new == []
            return
        stands = self._do(self.office.stands())
        assert stands.plan.lower() == self.model.plan
        beyond = self._rows(_BEYOND, self.office.id)[0][0]
        assert beyond == (PROJECTS - FREE_PROJECTS if self.model.plan == "free" else 0)
        if self.model.ended is not None:
            assert (stands.status, stands.until) == (self.model.status, self.model.ended)
            assert stands.cancels_at_end == self.model.cancels
        else:
            assert stands.status not in ("active", "past_due")

    @invariant()
    def it_adds_up(self) -> None:
        self.steps += 1
        # What is wrong stays so: it takes too long to look at each step.
        if self.steps % 5 == 0:
            self._proves()
        assert self._rows(_OPEN, self.office.id)[0][0] <= 1

    def _proves(self) -> None:
        # What is wrong with another life is told there.
        ours = (None, self.office.id)
        assert [one for one in self._do(self._differences()) if one.company_id in ours] == []
        assert self._rows(_ODD_PERIODS, self.office.id) == []

    @invariant()
    def what_is_paid_is_what_the_model_says(self) -> None:
        papers = [
            (one.id, _STATUS[one.state], one.amount - one.missing, one.state == "corrected")
            for one in self.model.papers.values()
        ]
        found = self._rows(_PAID, self.office.id)
        # A credit note has taken the place of what had paid a corrected one.
        assert [(*one[:2], 0 if one[3] else one[2], one[3]) for one in found] == papers
        money = [
            (one.id, one.left, one.amount if one.back else None)
            for one in self.model.money.values()
        ]
        assert self._rows(_MONEY, self.office.id) == money

    async def _differences(self) -> list[checking.Difference]:
        async with self.database.system_session("test") as session:
            return await checking.check_all(session, self.office.moment)

    def teardown(self) -> None:
        try:
            # What has failed is told by its own error.
            if sys.exc_info()[0] is None:
                self._proves()
        finally:
            # The lives to come are at other moments, by which this one can't be judged.
            self._rows(_CANCEL, self.office.id)
            for plan, price in PRICES.items():
                self._rows(_PRICE, plan, price["XTR"], price["EUR"])


_STATUS = {"open": "issued", "paid": "paid", "void": "void", "corrected": "paid"}


def lives(database: Database, loop: asyncio.AbstractEventLoop, examples: int, steps: int) -> None:
    """Run so many of them."""
    machine = type("LifeHere", (Life,), {"database": database, "loop": loop})
    life = get_state_machine_test(
        machine,
        settings=bounded(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            # A life of so few steps is read as it is; to make it shorter would take minutes.
            phases=[Phase.reuse, Phase.generate],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if "BILLING_LIFE" in os.environ:
        life = reproduce_failure(__version__, os.environ["BILLING_LIFE"].encode())(life)
    life()


@pytest.mark.timeout(300 + 10 * EXAMPLES)
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
