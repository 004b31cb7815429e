"""Months, shares of money, steps in time, and the table of a subscription's states."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saas_bot.core.errors import Conflict
from saas_bot.domain.billing import (
    GRACE,
    NEXT,
    PERIOD_STEPS,
    RENEWAL_LEAD,
    RUNNING,
    TRIAL_STEPS,
    Course,
    Event,
    Period,
    Status,
    after,
    look,
    month_after,
    passed,
    tax_in,
    unused,
    upgrade_credit,
)

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
PRICES = st.integers(0, 10**9)
SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
END = datetime(2027, 3, 31, 12, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2027-01-31", "2027-02-28 2027-03-31 2027-04-30 2027-05-31"),
        ("2028-01-30", "2028-02-29 2028-03-30 2028-04-30"),
        ("2028-02-29", "2028-03-29 2028-04-29"),
        ("2027-11-30", "2027-12-30 2028-01-30 2028-02-29 2028-03-30"),
        ("2099-12-31", "2100-01-31 2100-02-28 2100-03-31"),
    ],
)
def test_a_month_ends_on_its_day_or_on_the_last_one(begins, ends):
    moment, anchor = day(begins), day(begins).day
    for end in ends.split():
        moment = month_after(moment, anchor)
        assert moment == day(end)


@given(MOMENTS)
def test_twelve_months_are_a_year_and_end_on_the_first_day_again(begins):
    moment = begins
    for _ in range(12):
        later = month_after(moment, begins.day)
        assert timedelta(days=28) <= later - moment <= timedelta(days=31)
        assert later.time() == begins.time()
        moment = later
    assert (moment.year, moment.month) == (begins.year + 1, begins.month)
    leap = (begins.month, begins.day) == (2, 29)
    assert moment.day == (28 if leap else begins.day)


@given(PRICES, MOMENTS, SPANS, st.timedeltas(-timedelta(days=500), timedelta(days=500)))
def test_what_is_unused_shrinks_from_the_whole_price_to_nothing(price, start, span, passes):
    period, now = Period(start, start + span), start + passes
    left = unused(price, period, now)
    assert 0 <= left <= price
    assert left >= unused(price, period, now + timedelta(microseconds=1))
    if now <= period.starts_at:
        assert left == price
    if now >= period.ends_at:
        assert left == 0


@given(PRICES, MOMENTS, SPANS, st.floats(0, 1))
def test_what_is_used_and_unused_are_the_price_but_for_a_unit(price, start, span, share):
    period, now = Period(start, start + span), start + span * share
    used = unused(price, Period(start, start + span), start + (period.ends_at - now))
    assert price - 1 <= unused(price, period, now) + used <= price


@dataclass
class Month:
    """A plan's month from a moment on; as a price list, only its prices count."""

    price_stars: int
    price_minor: int
    starts_at: datetime = END
    currency: str = "EUR"

    @property
    def ends_at(self):
        return self.starts_at + timedelta(days=30)


@pytest.mark.parametrize(
    ("wanted", "currency", "days", "off"),
    [
        (Month(7500, 9900), "XTR", 0, 1500),
        (Month(7500, 9900), "XTR", 10, 1000),
        (Month(7500, 9900), "EUR", 10, 1266),
        (Month(7500, 9900), "XTR", 30, 0),
        # No better in this currency; not sold in it; worth less than what is left.
        (Month(1500, 9900), "XTR", 10, None),
        (Month(0, 9900), "XTR", 10, None),
        (Month(2900, 2900), "EUR", 0, 1900),
        (Month(1501, 9900), "XTR", 0, 1500),
    ],
)
def test_what_a_better_plan_takes_off_now_if_it_is_one(wanted, currency, days, off):
    team, now = Month(1500, 1900), END + timedelta(days=days)
    assert upgrade_credit(wanted, team, [team], currency, now) == off


def test_what_is_unused_may_reach_the_price_and_another_currency_is_worth_nothing():
    team = Month(1500, 1900)
    ahead = [team, Month(1500, 1900, END + timedelta(days=30))]
    assert upgrade_credit(Month(3000, 0), team, ahead, "XTR", END) is None
    assert upgrade_credit(Month(3001, 0), team, ahead, "XTR", END) == 3000
    dollars = Month(1500, 1900, currency="USD")
    assert upgrade_credit(Month(0, 2000), dollars, [dollars], "EUR", END) == 0


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_the_tax_in_a_total_is_the_nearest_unit_of_what_the_rate_adds_to_the_rest(total, rate):
    tax = tax_in(total, rate)
    assert 0 <= tax <= total
    # Half a unit at most is between the two sides, scaled to whole numbers.
    assert abs(2 * (total * rate - tax * (10_000 + rate))) <= 10_000 + rate


def test_the_tax_of_known_totals():
    assert [tax_in(1900, rate) for rate in (0, 700, 1900, 2100)] == [0, 124, 303, 330]
    assert tax_in(1, 10_000) == 1


@given(
    st.sampled_from([TRIAL_STEPS, PERIOD_STEPS]),
    MOMENTS,
    st.lists(st.timedeltas(-timedelta(days=20), timedelta(days=20)), min_size=1, max_size=12),
)
def test_each_step_comes_once_and_in_order_however_one_looks(steps, end, looks):
    seen, looked_at = [], None
    for now in sorted(end + one for one in looks):
        come, next_at = passed(steps, end, looked_at, now)
        seen += come
        looked_at = now
        left = [one for one in steps if one not in seen]
        assert next_at == (end + left[0].offset if left else None)
    assert seen == [one for one in steps if end + one.offset <= looked_at]


def test_every_state_is_reached_and_ends_are_left_only_by_beginning_anew():
    reached, grows = {Status.TRIAL}, True
    while grows:
        new = {to for (status, _), to in NEXT.items() if status in reached} - reached
        reached, grows = reached | new, bool(new)
    assert reached == set(Status)
    assert {event for _, event in NEXT} == set(Event)
    for status in (Status.EXPIRED, Status.CANCELED):
        ways = {event: to for (one, event), to in NEXT.items() if one is status}
        assert ways == {Event.ASKED: Status.PENDING, Event.GRANTED: Status.ACTIVE}
    assert Status.TRIAL not in NEXT.values()


@given(st.sampled_from(Status), st.sampled_from(Event))
def test_what_is_not_in_the_table_is_refused(status, event):
    assume((status, event) not in NEXT)
    with pytest.raises(Conflict):
        after(status, event)


@given(
    st.lists(st.timedeltas(timedelta(days=-5), timedelta(days=9)), min_size=1, max_size=8),
    st.booleans(),
    st.sampled_from([None, 7]),
)
def test_often_or_once_a_look_finds_the_same_in_the_end(looks, cancels, follows):
    follows = None if cancels else follows
    first = Course(Status.ACTIVE, 1, END, follows, cancels, END - timedelta(days=20))
    moments = sorted(END + one for one in looks)
    last, told = first, []
    for now in moments:
        found = look(last, now)
        told += [found.step.name] if found.step else []
        if found.status not in RUNNING:
            break
        last = Course(found.status, found.plan_id, END, found.next_plan_id, cancels, now)
    late = look(first, now)
    assert (late.status, late.plan_id, late.next_at) == (found.status, found.plan_id, found.next_at)
    assert (late.next_plan_id, late.renews) == (found.next_plan_id, found.renews)
    assert len(told) == len(set(told))
    if late.step:
        assert told[-1] == late.step.name


@pytest.mark.parametrize(
    ("days", "status", "plan", "step", "renews"),
    [
        (-3.1, "active", 1, None, False),
        (-3, "active", 1, "renewal_ready", True),
        (0, "past_due", 2, "period_ended", True),
        (6.5, "past_due", 2, "grace_ends_in_1", True),
        (7, "expired", 2, "expired", False),
        (700, "expired", 2, "expired", False),
    ],
)
def test_a_period_that_nobody_pays_for_ends_with_its_grace(days, status, plan, step, renews):
    looked_at = END - timedelta(days=20)
    found = look(Course(Status.ACTIVE, 1, END, 2, looked_at=looked_at), END + timedelta(days=days))
    assert (found.status, found.plan_id, found.renews) == (status, plan, renews)
    assert (found.step.name if found.step else None) == step
    assert (found.next_at is None) == (status == "expired")


def test_a_plan_that_is_paid_ahead_begins_on_its_day_whatever_the_steps():
    begins = END - timedelta(days=20)
    ahead = [(begins - timedelta(days=30), 1), (begins, 2)]
    course = Course(Status.ACTIVE, 1, END, looked_at=begins - timedelta(days=9), ahead=ahead)
    before = look(course, begins - timedelta(days=1))
    assert (before.plan_id, before.next_at, before.step) == (1, begins, None)
    then = look(course, begins)
    assert (then.plan_id, then.next_at, then.step) == (2, END - RENEWAL_LEAD, None)
    assert look(course, END + GRACE - timedelta(hours=1)).plan_id == 2


def test_a_clock_that_is_behind_repeats_no_step():
    behind = Course(Status.PAST_DUE, 1, END, looked_at=END - timedelta(seconds=1))
    assert look(behind, END + timedelta(seconds=1)).status is Status.PAST_DUE
