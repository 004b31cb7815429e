"""What a company has paid for, as rules: states, steps in time, calendar months, shares of money.

Money is whole minor units of a currency, or whole Telegram Stars (`XTR`). Moments are aware
datetimes; months are those of UTC. docs/decisions/0018-billing.md says why it is so.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from saas_bot.core.errors import Conflict

STARS: Final = "XTR"
"""The currency of Telegram Stars (Bot API, "Payments in Telegram Stars")."""

FREE: Final = "free"
"""The code of the plan that every company has without paying."""

TRIAL: Final = timedelta(days=14)
GRACE: Final = timedelta(days=7)
"""How long after its end an unpaid period is still good."""

RENEWAL_LEAD: Final = timedelta(days=3)
"""How long before a period ends the invoice for the next one is there."""

OFFER: Final = timedelta(days=7)
"""How long an invoice that nobody has begun to pay stays payable."""


class Status(StrEnum):
    """How a company stands. A trial is no subscription; the others are states of one."""

    TRIAL = "trial"
    PENDING = "pending"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    EXPIRED = "expired"
    CANCELED = "canceled"


RUNNING: Final = (Status.ACTIVE, Status.PAST_DUE)
"""Those in which the plan of the subscription holds."""


class Event(StrEnum):
    """What happens to it."""

    ASKED = "asked"
    """An invoice for its first month was issued."""
    PAID = "paid"
    """The invoice for a period was paid in full: the first, the next, or one of a better plan."""
    GRANTED = "granted"
    """An operator gave a period."""
    ABANDONED = "abandoned"
    """The invoice for the first month was not paid in time, or was withdrawn."""
    PERIOD_ENDED = "period_ended"
    LAST_PERIOD_ENDED = "last_period_ended"
    """The period ended, and nobody wanted another one."""
    GRACE_ENDED = "grace_ended"
    CANCELED = "canceled"
    """Nobody wants it any more, and no paid time is left of it."""
    REFUNDED = "refunded"
    """The money for the running period went back, and no other period is left."""


NEXT: Final[dict[tuple[Status, Event], Status]] = {
    (Status.TRIAL, Event.ASKED): Status.PENDING,
    (Status.TRIAL, Event.GRANTED): Status.ACTIVE,
    (Status.PENDING, Event.ASKED): Status.PENDING,
    (Status.PENDING, Event.PAID): Status.ACTIVE,
    (Status.PENDING, Event.GRANTED): Status.ACTIVE,
    (Status.PENDING, Event.ABANDONED): Status.EXPIRED,
    (Status.ACTIVE, Event.PAID): Status.ACTIVE,
    (Status.ACTIVE, Event.GRANTED): Status.ACTIVE,
    (Status.ACTIVE, Event.PERIOD_ENDED): Status.PAST_DUE,
    (Status.ACTIVE, Event.LAST_PERIOD_ENDED): Status.CANCELED,
    (Status.ACTIVE, Event.REFUNDED): Status.CANCELED,
    (Status.PAST_DUE, Event.PAID): Status.ACTIVE,
    (Status.PAST_DUE, Event.GRANTED): Status.ACTIVE,
    (Status.PAST_DUE, Event.GRACE_ENDED): Status.EXPIRED,
    (Status.PAST_DUE, Event.CANCELED): Status.CANCELED,
    (Status.PAST_DUE, Event.REFUNDED): Status.CANCELED,
    (Status.EXPIRED, Event.ASKED): Status.PENDING,
    (Status.EXPIRED, Event.GRANTED): Status.ACTIVE,
    (Status.CANCELED, Event.ASKED): Status.PENDING,
    (Status.CANCELED, Event.GRANTED): Status.ACTIVE,
}
"""Every way from one state to another; what is not in it can't happen.

From `expired` and `canceled` a new subscription begins: the row of the old one stays as it ended.
"""


def after(status: Status, event: Event) -> Status:
    """The state after `event`.

    Raises:
        Conflict: it can't happen in this state.
    """
    try:
        return NEXT[status, event]
    except KeyError:
        raise Conflict("billing-changed-meanwhile") from None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time on one plan, its end not included."""

    starts_at: datetime
    ends_at: datetime


def month_after(moment: datetime, anchor_day: int) -> datetime:
    """The same time of day a calendar month later, on `anchor_day` or the last day of the month.

    So what began on 31 January ends on 28 February, and then on 31 March.
    """
    year, month = moment.year + moment.month // 12, moment.month % 12 + 1
    day = min(anchor_day, monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)


def over_at(period_end: datetime, ended_at: datetime, *, canceled: bool) -> datetime:
    """When a subscription stopped holding whose last period was to end at `period_end`.

    `ended_at` is when that was noticed, or made so; `canceled` means that no grace came after it.
    """
    return min(ended_at, period_end if canceled else period_end + GRACE)


def owes_grace(period_end: datetime, ended_at: datetime, now: datetime) -> bool:
    """Whether the grace of a plan that nobody paid for any more was used just now.

    It was used from the end of the last period until the plan expired or was canceled, at
    `ended_at` or before somebody looked; "just now" is for as long again as a whole grace.
    """
    over = over_at(period_end, ended_at, canceled=False)
    return period_end < over and now < over + GRACE


def unused(price: int, period: Period, now: datetime) -> int:
    """What is left at `now` of the price of a period, rounded down; all of it before it begins."""
    whole = period.ends_at - period.starts_at
    left = min(max(period.ends_at - now, timedelta()), whole)
    # Whole microseconds: a timedelta's quotient would be a float.
    return price * (left // _TICK) // (whole // _TICK)


_TICK: Final = timedelta(microseconds=1)


class Priced(Protocol):
    """What has a price a month in Stars and in one currency: a plan, or a period of then."""

    @property
    def price_stars(self) -> int: ...
    @property
    def price_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...


class PaidFor(Priced, Protocol):
    """A period with the prices of its month."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def price_in(one: Priced, currency: str) -> int:
    """That of a month in this currency; 0 in one that it is not sold in."""
    if currency == STARS:
        return one.price_stars
    return one.price_minor if one.currency == currency else 0


def currencies_of(one: Priced) -> tuple[str, ...]:
    """Those in which it is sold, Stars first."""
    return tuple(currency for currency in (STARS, one.currency) if price_in(one, currency))


def credit(periods: Iterable[PaidFor], currency: str, now: datetime) -> int:
    """What is unused of the periods, by their own prices in this currency."""
    return sum(
        unused(price_in(one, currency), Period(one.starts_at, one.ends_at), now) for one in periods
    )


def upgrade_credit(
    wanted: Priced, held: Priced, ahead: Iterable[PaidFor], currency: str, now: datetime
) -> int | None:
    """What is taken off the price of a better plan than that which is held, if it begins now.

    None where the wanted one is no better, or what is unused reaches its price: then it follows.
    """
    price, off = price_in(wanted, currency), credit(ahead, currency, now)
    return off if price > price_in(held, currency) and off < price else None


class Asked(Protocol):
    """An invoice that wants to be paid."""

    @property
    def plan_id(self) -> int: ...
    @property
    def purpose(self) -> str | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def paid_minor(self) -> int: ...
    @property
    def due_at(self) -> datetime: ...


def asks_for(there: Asked, plan_id: int, purpose: str, currency: str, now: datetime) -> bool:
    """Whether an open invoice is for this already: no other one is written then.

    For a first plan it may have been for whatever it was then. Only what is due counts, or what
    somebody has begun to pay; but a better plan's credit lasts no longer than its invoice.
    """
    stays = bool(there.paid_minor) and there.purpose != "upgrade"
    return (
        (there.plan_id, there.currency) == (plan_id, currency)
        and purpose in ("start", there.purpose)
        and (stays or there.due_at > now)
    )


def tax_in(total: int, rate: int) -> int:
    """The tax in a total that includes it, half a unit up; `rate` in hundredths of a percent."""
    base = 10_000 + rate
    return (2 * total * rate + base) // (2 * base)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is due so long after the end of a trial or period, or before it."""

    name: str
    offset: timedelta


TRIAL_STEPS: Final = (
    Step("trial_ends_in_3", timedelta(days=-3)),
    Step("trial_ends_in_1", timedelta(days=-1)),
    Step("trial_ended", timedelta()),
)

PERIOD_STEPS: Final = (
    Step("renewal_ready", -RENEWAL_LEAD),
    Step("period_ended", timedelta()),
    Step("grace_half", timedelta(days=3)),
    Step("grace_ends_in_1", GRACE - timedelta(days=1)),
    Step("expired", GRACE),
)

LAST_PERIOD_STEPS: Final = (Step("last_period_ended", timedelta()),)
"""Of a period after which nobody wants another one."""


def passed(
    steps: Sequence[Step], end: datetime, looked_at: datetime | None, now: datetime
) -> tuple[list[Step], datetime | None]:
    """The steps whose moment came after `looked_at` and not after `now`, and when the next one is.

    None for `looked_at` where nobody has looked yet; None is given when no step is left. However
    often and however late one looks, each step comes up once.
    """
    come = [
        step
        for step in steps
        if end + step.offset <= now and (looked_at is None or end + step.offset > looked_at)
    ]
    left = [end + step.offset for step in steps if end + step.offset > now]
    return come, min(left, default=None)


@dataclass(frozen=True, slots=True)
class Course:
    """A running subscription as it was when somebody looked at it last.

    `next_plan_id` follows at `period_end`. `ahead` are the plans of the periods up to then, each
    from a moment on, in order.
    """

    status: Status
    plan_id: int
    period_end: datetime
    next_plan_id: int | None = None
    cancels_at_end: bool = False
    looked_at: datetime | None = None
    ahead: Sequence[tuple[datetime, int]] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What has become of it by now: what it says to do is due once."""

    status: Status
    plan_id: int
    next_plan_id: int | None
    step: Step | None
    """The last of the steps that came since; those before it are no news any more."""
    next_at: datetime | None
    renews: bool
    """Whether it is time for the invoice of the next period."""
    renews_as: int
    """Of which plan that is: the one that follows, else that of the last period."""


_BRINGS: Final = {
    "period_ended": Event.PERIOD_ENDED,
    "last_period_ended": Event.LAST_PERIOD_ENDED,
    "expired": Event.GRACE_ENDED,
}


def look(course: Course, now: datetime) -> Look:
    """Make up for all that happened to a running subscription until now, however long ago."""
    steps = LAST_PERIOD_STEPS if course.cancels_at_end else PERIOD_STEPS
    come, next_at = passed(steps, course.period_end, course.looked_at, now)
    status, next_plan = course.status, course.next_plan_id
    plan = next((plan for at, plan in reversed(course.ahead) if at <= now), course.plan_id)
    for step in come:
        if step.name in _BRINGS:
            # Whoever looks by a clock that is behind meets what has happened already.
            status = NEXT.get((status, _BRINGS[step.name]), status)
        if step.name == "period_ended":
            plan, next_plan = next_plan or plan, None
    if status not in RUNNING:
        return Look(status, plan, None, come[-1], None, renews=False, renews_as=plan)
    later = [(at, follows) for at, follows in course.ahead if at > now]
    renews = not course.cancels_at_end and now >= course.period_end - RENEWAL_LEAD
    changes = [at for at, _ in later]
    next_at = min([*changes, *([next_at] if next_at else [])], default=None)
    last = later[-1][1] if later else plan
    newest = come[-1] if come else None
    return Look(status, plan, next_plan, newest, next_at, renews, renews_as=next_plan or last)
