"""What a company has of plans, held for a change and brought up to now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.models import Company, Invoice, Plan, Subscription, SubscriptionPeriod, Trial
from saas_bot.domain.billing import RUNNING, Course, Period, Status, look, month_after
from saas_bot.services import companies
from saas_bot.services.billing.catching_up import catch_up

_LIVE: ColumnElement[bool] = literal_column(
    "subscriptions.status in ('pending', 'active', 'past_due')"
)
_OPEN: ColumnElement[bool] = literal_column("status = 'issued' and kind = 'invoice'")

# A company has one that runs or pends; and one open invoice.
_STANDS = (
    select(Company, Subscription, Plan, Trial, Invoice)
    .select_from(Company)
    .outerjoin(Subscription, (Subscription.company_id == Company.id) & _LIVE)
    .outerjoin(Plan, Plan.id == Subscription.plan_id)
    .outerjoin(Trial, Trial.company_id == Company.id)
    .outerjoin(
        Invoice,
        Invoice.id
        == select(Invoice.id)
        .where(Invoice.company_id == Company.id, _OPEN)
        .order_by(Invoice.id.desc())
        .limit(1)
        .correlate(Company)
        .scalar_subquery(),
    )
    .execution_options(populate_existing=True)
)


@dataclass(slots=True)
class Held:
    """A company whose billing nobody else changes until the transaction ends.

    `subscription` is the one that runs or pends, `plan` its plan, `ahead` the periods of it that
    are not over, in order; `invoice` is the one that wants to be paid.
    """

    company_id: int
    moment: datetime
    subscription: Subscription | None
    plan: Plan | None
    trial: Trial | None
    invoice: Invoice | None
    ahead: Sequence[SubscriptionPeriod]

    @property
    def running(self) -> Subscription | None:
        """The subscription, if its plan holds now."""
        one = self.subscription
        return one if one and one.status in RUNNING else None

    def starts_at(self, plan_id: int) -> datetime:
        """When a first period of that plan begins: now, or when the trial of it is over."""
        trial = self.trial
        if trial and trial.plan_id == plan_id and trial.ends_at > self.moment:
            return trial.ends_at
        return self.moment

    def next_period(self) -> Period:
        """The month after all that is paid for or granted."""
        running = self.running
        if running is None or running.period_end is None or running.anchor_day is None:
            raise ValueError("nothing runs")
        return Period(running.period_end, month_after(running.period_end, running.anchor_day))


async def hold(session: AsyncSession, company_id: int, moment: datetime) -> Held:
    """Lock the company's billing, and make up for what time has done to it.

    Raises:
        NotFound: there is no such company.
    """
    await companies.hold(session, company_id)
    held = await _read(session, company_id, moment)
    # Somebody may have looked by a later clock while this waited for the lock.
    looked_at = held.subscription.looked_at if held.subscription else None
    moment = held.moment = max(moment, looked_at or moment)
    due = held.running and held.running.next_at
    if due and due <= moment and await catch_up(session, moment, 1, company_id):
        held = await _read(session, company_id, moment)
        if held.running:
            # The sweep sees to the invoice that may be due.
            held.running.next_at = moment
    if held.running:
        held.ahead = await _ahead(session, held.running, moment)
    return held


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


async def _read(session: AsyncSession, company_id: int, moment: datetime) -> Held:
    row = (await session.execute(_STANDS.where(Company.id == company_id))).one_or_none()
    if row is None:
        raise NotFound("company-not-found")
    _, subscription, plan, trial, invoice = row
    return Held(company_id, moment, subscription, plan, trial, invoice, ())


async def _ahead(
    session: AsyncSession, subscription: Subscription, moment: datetime
) -> Sequence[SubscriptionPeriod]:
    query = (
        select(SubscriptionPeriod)
        .where(
            SubscriptionPeriod.company_id == subscription.company_id,
            SubscriptionPeriod.subscription_id == subscription.id,
            SubscriptionPeriod.ended_at.is_(None),
            SubscriptionPeriod.ends_at > moment,
        )
        .order_by(SubscriptionPeriod.starts_at)
    )
    return (await session.scalars(query)).all()
