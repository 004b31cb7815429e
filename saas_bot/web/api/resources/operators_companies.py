"""For those who run the deployment: the companies, their accounts, and what they are given."""

from typing import Final, Literal

from pydantic import Field

from saas_bot.services.billing import grants, ledger
from saas_bot.services.operators import companies, granting, payments
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Key, Model, Moment, PageOf, PageQuery, Text
from saas_bot.web.api.resources.invoices import LedgerLine
from saas_bot.web.api.resources.operators_payments import OpPayment
from saas_bot.web.api.routes import OPERATOR, Door, Route


class OpCompany(Answer):
    """A company as operators see it."""

    id: int
    name: str
    created_at: Moment
    deleted_at: Moment | None
    purged_at: Moment | None = Field(description="When nothing will be left of it, if deleted")
    plan: str
    state: Literal["trial", "active", "past_due", "free"]
    until: Moment | None = Field(description="When that ends")
    cancels: bool
    people: int
    projects: int
    storage: int = Field(description="Bytes of its files")
    seen_at: Moment | None = Field(description="When one of its people changed something last")
    debt: dict[str, int] = Field(description="What is open on its invoices, by currency")
    invoice_id: int | None = Field(description="The newest of these")


class OpCompaniesQuery(PageQuery):
    """Which companies."""

    words: Text = Field(default="", description="In the name, or the number", examples=["Acme"])


class OpCompanyPath(Model):
    """Which company."""

    company: Id


class NewGrant(Model):
    """What to give a company for nothing."""

    plan: Key | None = Field(description="The code of a plan; null: a longer trial")
    days: int = Field(ge=1, le=grants.MOST_DAYS)
    until: Moment | None = Field(
        default=None,
        description="When its plan ends, as you know it (null: never): where that is not so any"
        " more, nothing is given",
    )


class Granted(Answer):
    """What was given."""

    until: Moment = Field(description="The new end")


async def page(call: Call, query: OpCompaniesQuery) -> PageOf[OpCompany]:
    """The newest first."""
    found = await companies.page(
        call.session, call.account, query.words, query.place, size=query.limit
    )
    return PageOf[OpCompany].of(found, OpCompany.model_validate)


async def get(call: Call, path: OpCompanyPath) -> OpCompany:
    """How it stands."""
    found = await companies.one(call.session, call.account, path.company)
    return OpCompany.model_validate(found)


async def lines(call: Call, path: OpCompanyPath, query: PageQuery) -> PageOf[LedgerLine]:
    """Line by line, the newest first."""
    company = await companies.one(call.session, call.account, path.company)
    found = await ledger.page(call.session, call.account, company.id, query.place, size=query.limit)
    return PageOf[LedgerLine].of(found, LedgerLine.model_validate)


async def paid(call: Call, path: OpCompanyPath, query: PageQuery) -> PageOf[OpPayment]:
    """What it has paid, the newest first."""
    company = await companies.one(call.session, call.account, path.company)
    found = await payments.of_company(
        call.session, call.account, company.id, query.place, size=query.limit
    )
    return PageOf[OpPayment].of(found, OpPayment.of)


async def grant(call: Call, path: OpCompanyPath, body: NewGrant) -> Granted:
    """They follow what is paid for, and begin at once where nothing runs; its admins are told."""
    wanted = (path.company, body.plan or "", body.days)
    offered = await granting.offer(call.session, call.account, *wanted)
    known = body.until if "until" in body.model_fields_set else offered.company.until
    about = (*wanted, grants.mark_of(known))
    return Granted(until=await granting.give(call.session, call.account, *about))


_ONE: Final = "/operators/companies/{company}"
_NONE: Final = {404: ("op-no-company",)}

ROUTES: Final = (
    Route(
        "GET",
        "/operators/companies",
        OPERATOR,
        page,
        "List companies",
        door=Door.SYSTEM,
        problems={422: ("text-too-long", "text-empty")},
    ),
    Route("GET", _ONE, OPERATOR, get, "One company", door=Door.SYSTEM, problems=_NONE),
    Route(
        "GET",
        f"{_ONE}/ledger",
        OPERATOR,
        lines,
        "A company's account",
        door=Door.SYSTEM,
        problems=_NONE,
    ),
    Route(
        "GET",
        f"{_ONE}/payments",
        OPERATOR,
        paid,
        "A company's payments",
        door=Door.SYSTEM,
        problems=_NONE,
    ),
    Route(
        "POST",
        f"{_ONE}/grants",
        OPERATOR,
        grant,
        "Give days of a plan, or a longer trial",
        door=Door.SYSTEM,
        status=201,
        problems={
            404: ("op-no-company", "op-no-plan", "company-not-found", "plan-not-offered"),
            409: ("changed-since-asked", "grant-trial-subscribed", "billing-changed-meanwhile"),
        },
    ),
)
