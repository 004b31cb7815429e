"""What a company has of plans, held for a change and brought up to now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, exists, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.models import (
    Company,
    Invoice,
    Payment,
    Plan,
    Subscription,
    SubscriptionPeriod,
    Trial,
    User,
)
from saas_bot.db.models.money import CREDIT, OPEN
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import (
    RUNNING,
    Course,
    Period,
    Status,
    look,
    month_after,
    owes_grace,
)
from saas_bot.domain.permissions import Permission, Role
from saas_bot.services import companies
from saas_bot.services.billing.catching_up import catch_up

_LIVE: Final[ColumnElement[bool]] = literal_column(
    "subscriptions.status in ('pending', 'active', 'past_due')"
)
_OVER: Final[ColumnElement[bool]] = literal_column(
    "status in ('canceled', 'expired') and period_end is not null"
)

_former, _wanted = aliased(Subscription), aliased(Plan)

# A company has one subscription that runs or pends, and one open invoice; there is a row for each
# period ahead. Who acts, and the plan they want, are left out where there is nobody.
_STANDS = (
    select(
        Company,
        User,
        Subscription,
        Plan,
        Trial,
        Invoice,
        _former,
        _wanted,
        exists()
        .where(Payment.company_id == Company.id, literal_column(CREDIT))
        .label("has_credit"),
        SubscriptionPeriod,
    )
    .select_from(Company)
    .outerjoin(
        User,
        (User.company_id == Company.id) & (User.id == bindparam("user_id", type_=BigInteger())),
    )
    .outerjoin(Subscription, (Subscription.company_id == Company.id) & _LIVE)
    .outerjoin(Plan, Plan.id == Subscription.plan_id)
    .outerjoin(Trial, Trial.company_id == Company.id)
    .outerjoin(
        Invoice,
        Invoice.id
        == select(Invoice.id)
        .where(Invoice.company_id == Company.id, literal_column(OPEN))
        .order_by(Invoice.id.desc())
        .limit(1)
        .correlate(Company)
        .scalar_subquery(),
    )
    .outerjoin(
        _former,
        _former.id
        == select(Subscription.id)
        .where(Subscription.company_id == Company.id, _OVER)
        .order_by(Subscription.id.desc())
        .limit(1)
        .correlate(Company)
        .scalar_subquery(),
    )
    .outerjoin(_wanted, _wanted.code == bindparam("plan", type_=Text()))
    .outerjoin(
        SubscriptionPeriod,
        (SubscriptionPeriod.company_id == Company.id)
        & (SubscriptionPeriod.subscription_id == Subscription.id)
        & SubscriptionPeriod.ended_at.is_(None)
        & (SubscriptionPeriod.ends_at > bindparam("moment")),
    )
    .where(Company.id == bindparam("company_id", type_=BigInteger()))
    .order_by(SubscriptionPeriod.starts_at)
    .execution_options(populate_existing=True)
)


@dataclass(slots=True)
class Held:
    """A company whose billing nobody else changes until the transaction ends.

    `subscription` is the one that runs or pends, `plan` its plan, `ahead` the periods of it that
    are not over, in order; `former` is the last one that ran and is over. `invoice` is the one that
    wants to be paid. `given` is a moment that tests say it is; `moment` that of the lock.
    """

    company_id: int
    given: datetime | None
    moment: datetime
    deleted: bool
    subscription: Subscription | None
    plan: Plan | None
    trial: Trial | None
    invoice: Invoice | None
    former: Subscription | None
    wanted: Plan | None
    """The plan that was asked for by its code."""
    has_credit: bool
    ahead: Sequence[SubscriptionPeriod]

    @property
    def running(self) -> Subscription | None:
        """The subscription, if its plan holds now."""
        one = self.subscription
        return one if one and one.status in RUNNING else None

    @property
    def until(self) -> datetime | None:
        """When what holds now ends: what runs, else the trial; None where neither is."""
        if self.running:
            return self.running.period_end
        on_trial = self.trial and self.trial.ends_at > self.moment
        return self.trial.ends_at if self.trial and on_trial else None

    @property
    def last_plan_id(self) -> int:
        """The plan of the last period that is paid for or granted."""
        if self.running is None:
            raise ValueError("nothing runs")
        return self.ahead[-1].plan_id if self.ahead else self.running.plan_id

    @property
    def next_plan_id(self) -> int:
        """The plan of the next period: the one that was chosen for it, else the last one's."""
        last = self.last_plan_id
        return (self.running and self.running.next_plan_id) or last

    def starts_at(self, plan_id: int) -> datetime:
        """When what is given of that plan begins: now, or when the trial of it is over."""
        trial = self.trial
        if trial and trial.plan_id == plan_id and trial.ends_at > self.moment:
            return trial.ends_at
        return self.moment

    def first_period(self, plan_id: int) -> tuple[Period, int]:
        """A first month of that plan, and on which day of the month it and later ones end.

        Where the grace of the plan was used just now, it begins where the last month ended.
        """
        starts_at, former = self.starts_at(plan_id), self.former
        again = former is not None and former.plan_id == plan_id and starts_at == self.moment
        if former and again and _owes_grace(former, self.moment):
            return _month(former)
        anchor_day = day_of(starts_at)
        return Period(starts_at, month_after(starts_at, anchor_day)), anchor_day

    def begins(self, plan_id: int) -> str:
        """How a first month of that plan begins, if it is paid by now.

        `trial`: after that; `again`: where the last one ended; else (empty) with the payment.
        """
        starts_at = self.first_period(plan_id)[0].starts_at
        if starts_at == self.moment:
            return ""
        return "trial" if starts_at > self.moment else "again"

    def next_period(self) -> Period:
        """The month after all that is paid for or granted."""
        if self.running is None:
            raise ValueError("nothing runs")
        return _month(self.running)[0]


async def hold(
    session: AsyncSession,
    company_id: int,
    moment: datetime | None = None,
    *,
    by: Actor | None = None,
    plan: str | None = None,
) -> Held:
    """Lock the company's billing, and make up for what time has done to it.

    `by` is the admin who acts, whose rights may be others once it is locked; `plan` the code of the
    one that is wanted. `moment` is that of the lock, but for tests of the clock.

    Raises:
        NotFound: there is no such company, or it is deleted or they have left it meanwhile.
        Forbidden: they have nothing to do with billing any more.
    """
    await companies.hold(session, company_id)
    held = await read(session, company_id, moment, by=by, plan=plan)
    return await up_to_now(session, held, plan)


async def read(
    session: AsyncSession,
    company_id: int,
    moment: datetime | None,
    *,
    by: Actor | None = None,
    plan: str | None = None,
) -> Held:
    """How a company that is locked stands, without making up for anything."""
    at = moment or now()
    asked = {"company_id": company_id, "user_id": by and by.user_id, "plan": plan, "moment": at}
    rows = (await session.execute(_STANDS, asked)).all()
    if not rows:
        raise NotFound("company-not-found")
    company, user, subscription, holds, trial, invoice, former, wanted, has_credit, _ = rows[0]
    if by is not None:
        _need(by, company, user)
    # Somebody may have looked by a later clock while this waited for the lock.
    at = max(at, subscription.looked_at or at) if subscription else at
    ahead = [row[-1] for row in rows if row[-1] and row[-1].ends_at > at]
    return Held(
        company_id,
        moment,
        at,
        company.deleted_at is not None,
        subscription,
        holds,
        trial,
        invoice,
        former,
        wanted,
        has_credit,
        ahead,
    )


async def up_to_now(session: AsyncSession, held: Held, plan: str | None = None) -> Held:
    """Make up for what time has done to what was read."""
    due = held.running and held.running.next_at
    if not due or due > held.moment:
        return held
    if session.new or session.dirty:
        await session.flush()
    if not await catch_up(session, held.moment, 1, held.company_id):
        return held
    fresh = await read(session, held.company_id, held.moment, plan=plan)
    fresh.given = held.given
    if fresh.running:
        # The sweep sees to the invoice that may be due.
        fresh.running.next_at = fresh.moment
    return fresh


def goes_on(
    subscription: Subscription, ahead: Sequence[SubscriptionPeriod], moment: datetime
) -> None:
    """Have an active subscription span these periods, of which the first one is now or next."""
    subscription.plan_id = ahead[0].plan_id
    subscription.period_end = ahead[-1].ends_at
    look_later(subscription, ahead, moment)


def look_later(
    subscription: Subscription, ahead: Sequence[SubscriptionPeriod], moment: datetime
) -> None:
    """Note when the sweep has to look at a running subscription that was changed just now."""
    if subscription.period_end is None:
        raise ValueError("it never began")
    course = Course(
        Status(subscription.status),
        subscription.plan_id,
        subscription.period_end,
        looked_at=moment,
        cancels_at_end=subscription.cancels_at_end,
        ahead=[(one.starts_at, one.plan_id) for one in ahead],
    )
    subscription.looked_at = moment
    subscription.next_at = look(course, moment).next_at


def day_of(moment: datetime) -> int:
    """The day of the month in UTC, on which months that begin then end."""
    return moment.astimezone(UTC).day


def _need(by: Actor, company: Company, user: User | None) -> None:
    """Pass if they have still to do with billing there, as they had when they were let in."""
    if company.deleted_at is not None or user is None or user.status != "active":
        raise NotFound("no-company")
    replace(by, role=Role(user.role), over_limit=user.over_limit).need(Permission.BILLING)


def _owes_grace(former: Subscription, moment: datetime) -> bool:
    if former.cancels_at_end or former.period_end is None or former.ended_at is None:
        return False
    return owes_grace(former.period_end, former.ended_at, moment)


def _month(one: Subscription) -> tuple[Period, int]:
    """The month after the last period of a subscription."""
    if one.period_end is None or one.anchor_day is None:
        raise ValueError("it never began")
    return Period(one.period_end, month_after(one.period_end, one.anchor_day)), one.anchor_day
