"""The verbs about the company's plan.

Invoices are written for good, so that nothing here ends with one: another currency is refused.
"""

from typing import Any

from saas_bot.domain.permissions import Permission as Right
from saas_bot.screens import callbacks as to
from saas_bot.services.billing import quotes, subscriptions
from tests.rights.expected import Kind
from tests.rights.verbs import Verb, Way, given

BILLING = (Right.BILLING,)
CANCEL = to.Confirm(what="plancancel")


def of_plan(name: str, *ways: Way, shows: str = "", **more: Any) -> Verb:
    return Verb(
        name,
        BILLING,
        Kind.COMPANY,
        args=more.pop("args", lambda _: given()),
        ways=ways,
        shows=lambda _: shows,
        **more,
    )


PLAN = [
    of_plan(
        "see the plan",
        lambda _: ("/plan",),
        lambda _: (to.Open(what="plan"),),
        service=quotes.overview,
        shows="Business",
    ),
    of_plan(
        "see the plans to choose from",
        lambda _: ("/subscribe",),
        lambda _: (to.Open(what="subscribe"),),
        shows="Team",
    ),
    of_plan(
        "see what a plan would cost",
        lambda _: (to.Subscribe(plan="team"),),
        service=quotes.quote,
        args=lambda _: given("team"),
        shows="Team",
    ),
    of_plan(
        "see what the next month would cost",
        lambda _: (to.Renew(),),
        service=quotes.renewal,
        shows="Business",
    ),
    of_plan(
        "take another plan",
        lambda _: (to.Subscribe(plan="team", currency="XTR"),),
        tries=(subscriptions.choose,),
        changes="subscriptions",
    ),
    of_plan(
        "pay ahead",
        lambda _: (to.Renew(currency="USD"),),
        tries=(subscriptions.renew_early,),
    ),
    of_plan(
        "ask to cancel the subscription",
        lambda _: ("/cancel_subscription",),
        lambda _: (to.Open(what="plancancel"),),
        shows="Business",
    ),
    of_plan(
        "cancel the subscription",
        lambda _: (CANCEL,),
        tries=(subscriptions.cancel,),
        changes="subscriptions",
    ),
    of_plan(
        "go on with it after all",
        lambda _: (CANCEL, to.Open(what="planresume")),
        tries=(subscriptions.resume,),
        changes="subscriptions",
    ),
]
