"""Billing as one would explain it: what stretches of which plan a company has, and what then.

It knows no table. Documents are facts it is told; time is what it works out.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from saas_bot.domain.billing import GRACE, Period, month_after, unused

PRICES = {"free": {"XTR": 0, "EUR": 0}, "team": {"XTR": 1500, "EUR": 1900},
          "business": {"XTR": 7500, "EUR": 9900}}  # fmt: skip


@dataclass(eq=False)
class Stretch:
    """Time on a plan: paid for by an invoice, or granted."""

    plan: str
    starts: datetime
    ends: datetime
    invoice: int | None = None
    replaced_by: "Stretch | None" = None

    def credit(self, currency: str, now: datetime) -> int:
        """What its unused part is worth."""
        price = PRICES[self.plan][currency] if self.invoice else 0
        return unused(price, Period(self.starts, self.ends), now)


@dataclass
class Model:
    """A company; `ahead` is what is not over, `all` what there ever was by its invoice."""

    now: datetime
    trial_ends: datetime
    ahead: list[Stretch] = field(default_factory=list)
    all: dict[int, Stretch] = field(default_factory=dict)
    anchor: int = 0
    ended: datetime | None = None
    """Until when the subscription that runs is paid for; None: none runs."""
    grace_plan: str = "free"
    next_plan: str | None = None
    cancels: bool = False

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

    def passes(self, now: datetime) -> None:
        """Time goes by."""
        self.now = now
        if self.ended is None:
            return
        last_plan = self.last_plan
        was_past_due = not self.ahead
        self.ahead = [one for one in self.ahead if one.ends > now]
        if self.ahead:
            return
        if self.cancels or now >= self.ended + GRACE:
            self._end()
        elif not was_past_due:
            self.grace_plan, self.next_plan = self.next_plan or last_plan, None

    def credit(self, currency: str) -> int:
        """What is unused of all that is paid for."""
        return sum(one.credit(currency, self.now) for one in self.ahead)

    def upgrades(self, plan: str, currency: str) -> bool:
        """Whether the plan is taken at once."""
        price = PRICES[plan][currency]
        return price > PRICES[self.plan][currency] and self.credit(currency) < price

    def paid(self, invoice: int, plan: str, purpose: str) -> None:
        """An invoice was paid in full."""
        if self.ended is None:
            on_trial = plan == "team" and self.now < self.trial_ends
            self._begin(self.trial_ends if on_trial else self.now)
            new = self._month(plan, self.ended or self.now, invoice)
        elif purpose == "upgrade":
            self.anchor, self.next_plan = self.now.day, None
            new = self._month(plan, self.now, invoice)
            for one in self.ahead:
                one.replaced_by = new
            self.ahead = []
        else:
            new = self._month(plan, self.ended, invoice)
            if plan == self.next_plan:
                self.next_plan = None
        self._append(new)

    def granted(self, plan: str, days: int) -> None:
        """An operator gave days."""
        if self.ended is None:
            on_trial = plan == "team" and self.now < self.trial_ends
            self._begin(self.trial_ends if on_trial else self.now)
            starts = self.ended or self.now
        else:
            starts = self.ended if self.ahead else self.now
        new = Stretch(plan, starts, starts + timedelta(days=days))
        self.anchor = new.ends.day
        self._append(new)

    def trial_granted(self, days: int) -> None:
        """An operator made the trial longer."""
        self.trial_ends = max(self.trial_ends, self.now) + timedelta(days=days)

    def undone(self, invoice: int) -> None:
        """The money for an invoice went back."""
        gone = self.all.pop(invoice)
        behind = [one for one in self.all.values() if one.replaced_by is gone]
        behind += [one for one in self._grants if one.replaced_by is gone]
        if gone.replaced_by is not None:
            for one in behind:
                one.replaced_by = gone.replaced_by
            return
        if self.ended is None or (gone.ends < self.ended and gone not in self.ahead):
            return
        if gone not in self.ahead and gone.ends != self.ended:
            return
        revived = [one for one in behind if one.ends > self.now]
        for one in revived:
            one.replaced_by = None
        self.ahead = sorted(
            [*revived, *(one for one in self.ahead if one is not gone)], key=lambda one: one.starts
        )
        if not self.ahead:
            self._end()
            return
        moved, hole = False, max([gone.starts, self.now, *(one.starts for one in revived)])
        starts = min(self.ahead[0].starts, hole)
        for one in self.ahead:
            if one.starts != starts:
                one.starts, one.ends, moved = starts, starts + (one.ends - one.starts), True
            starts = one.ends
        if moved or self.ended != self.ahead[-1].ends:
            self.anchor = self.ahead[-1].ends.day
        self.ended = self.ahead[-1].ends

    def canceled(self) -> None:
        """Nobody wants another period."""
        if self.ahead:
            self.cancels, self.next_plan = True, None
        else:
            self._end()

    def follows(self, plan: str) -> None:
        """A plan was chosen that comes after what is paid for."""
        self.cancels = False
        self.next_plan = None if plan == self.last_plan else plan

    @property
    def _grants(self) -> list[Stretch]:
        return [one for one in self.given if one.replaced_by is not None]

    given: list[Stretch] = field(default_factory=list)

    def _begin(self, starts: datetime) -> None:
        self.ended, self.anchor = starts, starts.day
        self.next_plan, self.cancels, self.ahead = None, False, []

    def _month(self, plan: str, starts: datetime, invoice: int) -> Stretch:
        self.all[invoice] = Stretch(plan, starts, month_after(starts, self.anchor), invoice)
        return self.all[invoice]

    def _append(self, new: Stretch) -> None:
        if new.invoice is None:
            self.given.append(new)
        self.ahead.append(new)
        self.ended, self.cancels = new.ends, False

    def _end(self) -> None:
        self.ended, self.ahead, self.next_plan, self.cancels = None, [], None, False
