"""Billing as one would explain it, and as docs/decisions/0018-billing.md has it.

It knows no table. That an invoice was written or is void are facts it is told; what is paid of it,
what is credit, what goes back, and what time a company has of which plan, it works out itself.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from saas_bot.domain.billing import GRACE, RENEWAL_LEAD, Period, month_after, unused

Prices = dict[str, int]

PRICES: dict[str, Prices] = {
    "free": {"XTR": 0, "EUR": 0},
    "team": {"XTR": 1500, "EUR": 1900},
    "business": {"XTR": 7500, "EUR": 9900},
}


@dataclass(eq=False)
class Stretch:
    """Time on a plan: paid for by an invoice, or granted."""

    plan: str
    starts: datetime
    ends: datetime
    invoice: int | None = None
    prices: Prices = field(default_factory=lambda: {"XTR": 0, "EUR": 0})
    replaced_by: "Stretch | None" = None

    def credit(self, currency: str, now: datetime) -> int:
        """What its unused part is worth."""
        return unused(self.prices[currency], Period(self.starts, self.ends), now)

    @property
    def anchor(self) -> int:
        """The day on which months end after it: that of a month, else the one on which it ends."""
        day = max(self.starts.day, self.ends.day)
        return day if month_after(self.starts, day) == self.ends else self.ends.day


@dataclass(eq=False)
class Paper:
    """An invoice: what was paid of it by which payment."""

    id: int
    plan: str
    purpose: str
    currency: str
    amount: int
    prices: Prices
    parts: dict[int, int] = field(default_factory=dict)
    state: str = "open"
    """`open`, `paid`, `void`, or `corrected` by a credit note."""

    @property
    def missing(self) -> int:
        """What is still to come."""
        return self.amount - sum(self.parts.values())


@dataclass(eq=False)
class Money:
    """A payment; `left` of it is credit, unless it goes back."""

    id: int
    method: str
    currency: str
    amount: int
    left: int = 0
    back: bool = False


@dataclass
class Former:
    """What ran until nobody paid any more."""

    plan: str
    ended: datetime
    anchor: int
    over: datetime
    """When the grace was over."""


@dataclass
class Model:
    """A company; `ahead` is what is not over, `all` what there ever was by its invoice."""

    now: datetime
    trial_ends: datetime
    prices: dict[str, Prices] = field(default_factory=lambda: deepcopy(PRICES))
    ahead: list[Stretch] = field(default_factory=list)
    all: dict[int, Stretch] = field(default_factory=dict)
    bought: list[Stretch] = field(default_factory=list)
    """What was paid for since nothing ran."""
    given: list[Stretch] = field(default_factory=list)
    papers: dict[int, Paper] = field(default_factory=dict)
    money: dict[int, Money] = field(default_factory=dict)
    anchor: int = 0
    ended: datetime | None = None
    """Until when the subscription that runs is paid for; None: none runs."""
    grace_plan: str = "free"
    next_plan: str | None = None
    cancels: bool = False
    former: Former | None = None
    deleted: bool = False

    @property
    def plan(self) -> str:
        """The plan that holds now."""
        if self.ended is None:
            return "team" if self.now < self.trial_ends else "free"
        return self.ahead[0].plan if self.ahead else self.grace_plan

    @property
    def status(self) -> str:
        """How it stands, whether it was asked for or not."""
        if self.ended is not None:
            return "active" if self.ahead else "past_due"
        return "trial" if self.now < self.trial_ends else "none"

    @property
    def last_plan(self) -> str:
        """The plan that goes on if nobody wants another one."""
        return self.ahead[-1].plan if self.ahead else self.grace_plan

    @property
    def open(self) -> Paper | None:
        """The invoice that wants to be paid."""
        return next((one for one in self.papers.values() if one.state == "open"), None)

    @property
    def pays_in(self) -> str:
        """The currency of the next month's invoice: that which was paid last, if it stands."""
        stand = [one for one in self.bought if one.invoice in self.all and not one.replaced_by]
        return self.papers[stand[-1].invoice or 0].currency if stand else "XTR"

    def void_in(self, currency: str) -> bool:
        """Whether any invoice in this currency is void."""
        return any(one.state == "void" and one.currency == currency for one in self.papers.values())

    def passes(self, now: datetime) -> None:
        """Time goes by."""
        self.now = now
        if self.ended is None:
            return
        was_past_due = not self.ahead
        follows = self.next_plan or self.last_plan
        self.ahead = [one for one in self.ahead if one.ends > now]
        if self.ahead:
            return
        if not was_past_due and not self.cancels:
            self.grace_plan, self.next_plan = follows, None
        if self.cancels:
            self._end()
        elif now >= self.ended + GRACE:
            self._end(self.ended + GRACE)

    def credit(self, currency: str) -> int:
        """What is unused of all that is paid for."""
        return sum(one.credit(currency, self.now) for one in self.ahead)

    def upgrades(self, plan: str, currency: str) -> bool:
        """Whether the plan is taken at once."""
        price = self.prices[plan][currency]
        return price > self.prices[self.plan][currency] and self.credit(currency) < price

    # Money.

    def issued(self, id_: int, plan: str, purpose: str, currency: str, amount: int) -> None:
        """An invoice was written; credit pays what it can, the oldest first."""
        paper = Paper(id_, plan, purpose, currency, amount, dict(self.prices[plan]))
        self.papers[id_] = paper
        self._from_credit(paper)

    def asked_again(self, id_: int) -> None:
        """What is open already was asked for: credit that came since pays what it can of it."""
        self._from_credit(self.papers[id_])

    def voided(self, id_: int) -> None:
        """An open invoice is withdrawn; what was paid of it is credit."""
        self.papers[id_].state = "void"
        self._give_back(self.papers[id_])

    def comes(self, id_: int, invoice: int, method: str, currency: str, amount: int) -> str:
        """A payment comes for an invoice; gives what becomes of it."""
        paper, money = self.papers[invoice], Money(id_, method, currency, amount)
        self.money[id_] = money
        fits = paper.state == "open" and not self.deleted and currency == paper.currency
        if method != "bank" and not (fits and amount == paper.missing):
            money.back = True
            return "kept"
        money.left = amount
        if not fits:
            return "kept"
        self._take(paper, money)
        if paper.missing:
            return "part"
        self._paid(paper)
        return "paid"

    def begins_anew(self, invoice: int, reason: str) -> bool:
        """Whether a transfer that came too late for a void invoice begins what it was for."""
        wanted = reason in ("not-paid", "replaced", "subscription-ended")
        stands = self.deleted or self.ended is not None or self.open is not None
        return wanted and not stands and self.papers[invoice].purpose != "upgrade"

    def refunded(self, id_: int) -> bool:
        """A payment is to go back; gives whether it does."""
        money = self.money[id_]
        settled = [one for one in self.papers.values() if id_ in one.parts]
        if money.back or any(self._credited(one) for one in settled):
            return False
        for paper in settled:
            if paper.state == "paid":
                paper.state = "corrected"
                self._give_back(paper)
                self.undone(paper.id)
            else:
                money.left += paper.parts.pop(id_, 0)
        money.left, money.back = 0, True
        return True

    def _credited(self, paper: Paper) -> bool:
        """Whether its unused part was taken off the invoice of a better plan, which stands."""
        better = self.all[paper.id].replaced_by if paper.id in self.all else None
        return better is not None and self.papers[better.invoice or 0].state == "paid"

    def _from_credit(self, paper: Paper) -> None:
        for money in self.money.values():
            if money.currency == paper.currency and money.left:
                self._take(paper, money)
        if not paper.missing:
            self._paid(paper)

    def _take(self, paper: Paper, money: Money) -> None:
        amount = min(money.left, paper.missing)
        if amount:
            paper.parts[money.id] = paper.parts.get(money.id, 0) + amount
            money.left -= amount

    def _give_back(self, paper: Paper) -> None:
        for id_, amount in paper.parts.items():
            self.money[id_].left += amount
        paper.parts = {}

    def _paid(self, paper: Paper) -> None:
        paper.state = "paid"
        self.paid(paper)

    # Time.

    def paid(self, paper: Paper) -> None:
        """An invoice was paid in full."""
        if self.ended is None:
            self._begin(paper.plan, graced=True)
            new = self._month(paper, self.ended or self.now)
        elif paper.purpose == "upgrade":
            self.anchor, self.next_plan = self.now.day, None
            new = self._month(paper, self.now)
            for one in self.ahead:
                one.replaced_by = new
            self.ahead = []
        else:
            new = self._month(paper, self.ended)
            if paper.plan == self.next_plan:
                self.next_plan = None
        self._append(new)

    def granted(self, plan: str, days: int) -> None:
        """An operator gave days."""
        if self.ended is None:
            self._begin(plan)
            starts = self.ended or self.now
        else:
            starts = self.ended if self.ahead else self.now
        new = Stretch(plan, starts, starts + timedelta(days=days))
        self.anchor = new.ends.day
        self.given.append(new)
        self._append(new)

    def trial_granted(self, days: int) -> None:
        """An operator made the trial longer."""
        self.trial_ends = max(self.trial_ends, self.now) + timedelta(days=days)

    def undone(self, invoice: int) -> None:
        """The money for an invoice went back: what it was for ends, and others move up."""
        gone = self.all.pop(invoice)
        behind = [one for one in (*self.all.values(), *self.given) if one.replaced_by is gone]
        if gone.replaced_by is not None:
            for one in behind:
                one.replaced_by = gone.replaced_by
            return
        if self.ended is None or (gone not in self.ahead and gone.ends != self.ended):
            return
        revived = [one for one in behind if one.ends > self.now]
        for one in revived:
            one.replaced_by = None
        self.ahead = sorted(
            [*revived, *(one for one in self.ahead if one is not gone)], key=lambda one: one.starts
        )
        if not self.ahead:
            self._end(self.now)
            return
        moved, hole = False, max([gone.starts, self.now, *(one.starts for one in revived)])
        starts = min(self.ahead[0].starts, hole)
        for one in self.ahead:
            if one.starts != starts:
                one.starts, one.ends, moved = starts, starts + (one.ends - one.starts), True
            starts = one.ends
        if moved or revived:
            self.anchor = self.ahead[-1].anchor
        self.ended = self.ahead[-1].ends

    def canceled(self) -> None:
        """Nobody wants another period."""
        if self.ahead:
            self.cancels, self.next_plan = True, None
        else:
            self._end(self.now)

    def follows(self, plan: str) -> None:
        """A plan was chosen that comes after what is paid for."""
        assert self.ended is not None
        # What is asked to be paid for takes a cancellation back when it is paid.
        self.cancels = self.cancels and self.now >= self.ended - RENEWAL_LEAD
        self.next_plan = None if self.cancels or plan == self.last_plan else plan

    def _begin(self, plan: str, *, graced: bool = False) -> None:
        """What begins again right after the grace of the same plan begins where that ended."""
        on_trial = plan == "team" and self.now < self.trial_ends
        former = self.former
        self.ended = self.trial_ends if on_trial else self.now
        self.anchor = self.ended.day
        again = former if graced and not on_trial and former and former.plan == plan else None
        if again and again.ended < again.over and self.now < again.over + GRACE:
            self.ended, self.anchor = again.ended, again.anchor
        self.next_plan, self.cancels, self.ahead, self.bought = None, False, [], []

    def _month(self, paper: Paper, starts: datetime) -> Stretch:
        ends = month_after(starts, self.anchor)
        new = self.all[paper.id] = Stretch(paper.plan, starts, ends, paper.id, paper.prices)
        self.bought.append(new)
        return new

    def _append(self, new: Stretch) -> None:
        self.ahead.append(new)
        self.ended, self.cancels = new.ends, False

    def _end(self, over: datetime | None = None) -> None:
        """Nothing runs any more; `over` is when, unless it was wanted so."""
        self.former = None
        if over and self.ended and not self.cancels:
            self.former = Former(self.grace_plan, self.ended, self.anchor, over)
        self.ended, self.ahead, self.next_plan, self.cancels = None, [], None, False
