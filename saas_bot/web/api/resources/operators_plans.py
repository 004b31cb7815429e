"""For those who run the deployment: the plans."""

from typing import Final, Self

from pydantic import Field

from saas_bot.services.billing import plans
from saas_bot.services.billing.plans import Offer
from saas_bot.services.operators import planning
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Model, Text, left_out
from saas_bot.web.api.routes import OPERATOR, Door, Route


class OpPlan(Answer):
    """A plan, and its price a month; a limit that is null is no limit."""

    id: int
    code: str
    name: str
    seats: int | None
    projects: int | None
    storage_bytes: int | None
    price_stars: int
    price_minor: int
    currency: str
    offered: bool
    settling: bool = Field(description="A changed limit is still on its way to the companies")
    companies: int = Field(description="How many have it now")

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """The plan of an offer."""
        parts = {name: getattr(offer, name) for name in cls.model_fields if name != "offered"}
        return cls(**parts, offered=not offer.retired)


class OpPlans(Answer):
    """All plans."""

    items: list[OpPlan] = Field(description="Those that are offered first")


class OpPlanPath(Model):
    """Which plan."""

    plan: Id


class NewPlan(Model):
    """A plan to be made."""

    code: Text = Field(description="1 to 20 Latin letters and digits", examples=["studio"])
    name: Text = Field(description="1 to 64 characters", examples=["Studio"])
    currency: Text = Field(default=planning.CURRENCY, description="Of `price_minor`")
    seats: int | None = Field(default=None, description="null: no limit")
    projects: int | None = Field(default=None, description="null: no limit")
    storage_bytes: int | None = Field(default=None, description="null: no limit")
    price_stars: int = Field(default=0, description="A month, in Stars; 0: not sold for them")
    price_minor: int = Field(default=0, description="A month, in minor units; 0: not sold so")
    offered: bool = Field(default=False, description="At once; it needs a price for that")


class PlanChange(Model):
    """What to change of a plan."""

    name: Text = left_out(description="1 to 64 characters")
    seats: int | None = Field(default=None, description="null: no limit")
    projects: int | None = Field(default=None, description="null: no limit")
    storage_bytes: int | None = Field(default=None, description="null: no limit")
    price_stars: int = left_out()
    price_minor: int = left_out()
    offered: bool = left_out(description="Companies that have it keep it in any case")


async def page(call: Call) -> OpPlans:
    """All of them, each with how many companies have it."""
    every = await plans.every(call.session, call.account)
    return OpPlans(items=[OpPlan.of(one) for one in every])


async def get(call: Call, path: OpPlanPath) -> OpPlan:
    """With how many companies have it."""
    return OpPlan.of(await planning.one(call.session, call.account, path.plan))


async def create(call: Call, body: NewPlan) -> OpPlan:
    """Its code stays; all else can be changed."""
    session, operator = call.session, call.account
    made = await plans.create(session, operator, **body.model_dump(exclude={"offered"}))
    await plans.retire(session, operator, made.id)
    if body.offered:
        await plans.retire(session, operator, made.id, retired=False)
    return OpPlan.of(await planning.one(session, operator, made.id))


async def edit(call: Call, path: OpPlanPath, body: PlanChange) -> OpPlan:
    """Change what is there of these; the rest stays.

    A limit holds at once for whatever is added, a price from the next invoice on.
    """
    session, operator = call.session, call.account
    there = await planning.one(session, operator, path.plan)
    given = body.model_dump(exclude_unset=True)
    offered = given.pop("offered", None)
    for what, value in given.items():
        await plans.edit(session, operator, there.id, what, value)
    if offered is not None:
        await plans.retire(session, operator, there.id, retired=not offered)
    return await get(call, path)


_ALL: Final = "/operators/plans"
_ONE: Final = f"{_ALL}/{{plan}}"
_VALUES: Final = (*TEXT, "plan-value")
_NONE: Final = {404: ("op-no-plan",)}

ROUTES: Final = (
    Route("GET", _ALL, OPERATOR, page, "List all plans", door=Door.SYSTEM),
    Route(
        "POST",
        _ALL,
        OPERATOR,
        create,
        "Make a plan",
        door=Door.SYSTEM,
        status=201,
        problems={
            409: ("plan-code-taken", "plan-without-price"),
            422: (*_VALUES, "plan-code", "plan-currency"),
        },
    ),
    Route("GET", _ONE, OPERATOR, get, "One plan", door=Door.SYSTEM, problems=_NONE),
    Route(
        "PATCH",
        _ONE,
        OPERATOR,
        edit,
        "Change a plan",
        door=Door.SYSTEM,
        problems=_NONE | {409: ("plan-built-in", "plan-without-price"), 422: _VALUES},
    ),
)
