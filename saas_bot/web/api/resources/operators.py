"""For those who run the deployment: how it does, and what was not delivered."""

from collections.abc import Mapping
from typing import Final, Self

from pydantic import Field

from saas_bot.services import dead_letters
from saas_bot.services.operators import payments, stats
from saas_bot.services.operators.payments import Todo as ToDo
from saas_bot.services.operators.stats import Stats as Measured
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment, PageOf, PageQuery
from saas_bot.web.api.routes import OPERATOR, Door, Route


class Subscribed(Answer):
    """So many subscriptions in one state and of one plan."""

    state: str = Field(examples=["active"])
    plan: str
    companies: int


class Activity(Answer):
    """What was done in the last 1, 7 and 30 days: by how many people, tasks created and done."""

    people_1: int
    people_7: int
    people_30: int
    created_1: int
    created_7: int
    done_1: int
    done_7: int
    since: Moment | None = Field(description="Where there was more, the figures are of after then")
    outbox: int = Field(description="Notifications that are due now")


class Todo(Answer):
    """How much waits for operators."""

    flagged: int = Field(description="Payments that don't fit")
    refunds: int = Field(description="Under way, or given up")


class Stats(Answer):
    """How the whole deployment does."""

    moment: Moment
    companies: int = Field(description="Those that are not deleted")
    trial: int
    free: int
    paying: list[Subscribed]
    revenue: dict[str, int] = Field(description="What a month brings, by currency, in minor units")
    revenue_capped: bool = Field(description="That is a lower bound: there are too many to count")
    storage_bytes: int
    activity: Activity
    todo: Todo

    @classmethod
    def of(cls, measured: Measured, todo: ToDo) -> Self:
        """The figures as they are sent."""
        return cls(
            moment=measured.moment,
            companies=measured.companies,
            trial=measured.trial,
            free=measured.free,
            paying=_paying(measured.paying),
            revenue=dict(measured.revenue),
            revenue_capped=measured.capped,
            storage_bytes=measured.storage,
            activity=Activity.model_validate(measured.activity),
            todo=Todo.model_validate(todo),
        )


def _paying(counts: Mapping[tuple[str, str], int]) -> list[Subscribed]:
    return [
        Subscribed(state=state, plan=plan, companies=count)
        for (state, plan), count in counts.items()
    ]


class OutboxKind(Answer):
    """How it stands with the notifications of one kind; counts end at 10,000."""

    kind: str
    waiting: int
    oldest_seconds: float = Field(description="How long the oldest of those has been due")
    later: int = Field(description="Not due yet")
    sent: int = Field(description="In the last 24 hours, as `blocked` and `skipped`")
    blocked: int
    skipped: int = Field(description="Of no concern any more, or dropped")
    dead: int = Field(description="Given up")


class Outbox(Answer):
    """What waits to be sent, and what became of the rest."""

    kinds: list[OutboxKind]


class DeadLetter(Answer):
    """A notification that was given up."""

    id: int
    kind: str
    company_id: int | None
    company_name: str
    at: Moment
    reason: str


class LetterPath(Model):
    """Which one."""

    letter: Id


class Retried(Answer):
    """What is sent again."""

    count: int


async def get_stats(call: Call) -> Stats:
    """The figures of now."""
    measured = await stats.stats(call.session, call.account)
    return Stats.of(measured, await payments.todo(call.session, call.account))


async def outbox(call: Call) -> Outbox:
    """By kind."""
    kinds = await dead_letters.state(call.session, call.account)
    return Outbox(kinds=[OutboxKind.model_validate(one) for one in kinds])


async def dead(call: Call, query: PageQuery) -> PageOf[DeadLetter]:
    """The newest first."""
    found = await dead_letters.dead(call.session, call.account, query.place, size=query.limit)
    return PageOf[DeadLetter].of(found, DeadLetter.model_validate)


async def retry_all(call: Call) -> Retried:
    """All that was given up in the last three days, 1,000 of them at most."""
    return Retried(count=await dead_letters.retry_all(call.session, call.account))


async def retry(call: Call, path: LetterPath) -> None:
    """If it is still of concern when its turn comes."""
    await dead_letters.retry(call.session, call.account, path.letter)


async def drop(call: Call, path: LetterPath) -> None:
    """It is given up for good."""
    await dead_letters.drop(call.session, call.account, path.letter)


_DEAD: Final = "/operators/outbox/dead"
_GONE: Final = {404: ("dead-letter-gone",)}

ROUTES: Final = (
    Route("GET", "/operators/stats", OPERATOR, get_stats, "Figures", door=Door.SYSTEM),
    Route("GET", "/operators/outbox", OPERATOR, outbox, "The outbox", door=Door.SYSTEM),
    Route("GET", _DEAD, OPERATOR, dead, "List what was given up", door=Door.SYSTEM),
    Route("POST", f"{_DEAD}/retry", OPERATOR, retry_all, "Send all again", door=Door.SYSTEM),
    Route(
        "POST",
        f"{_DEAD}/{{letter}}/retry",
        OPERATOR,
        retry,
        "Send one again",
        door=Door.SYSTEM,
        status=204,
        problems=_GONE,
    ),
    Route(
        "DELETE",
        f"{_DEAD}/{{letter}}",
        OPERATOR,
        drop,
        "Drop one",
        door=Door.SYSTEM,
        status=204,
        problems=_GONE,
    ),
)
