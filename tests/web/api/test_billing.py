"""The plan and its money, as a program of the company's admin has to do with them."""

import asyncio
from dataclasses import asdict

import pytest
from redis.asyncio import Redis

from saas_bot.core.i18n import translator
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.drawing import papers, process
from saas_bot.screens import invoice_paper
from saas_bot.services.billing import documents
from tests import factories
from tests.factories import Team
from tests.web.api.conftest import Api, World, serving
from tests.web.api.money import BANK, PAID
from tests.web.api.test_resources import items

DETAILS = {"legal_name": "Acme Ltd", "address": "1 Main Street\nLeeds"}
LISTS = ("/invoices", "/payments", "/billing/ledger", "/audit", "/me/mutes", "/search?words=pump")


async def test_a_plan_in_stars_is_quoted_chosen_and_paid_in_the_chat(api: Api, team: Team) -> None:
    admin = await api.caller(team.admin)
    plan = (await admin("GET", "/plan")).json
    assert (plan["plan"]["code"], plan["subscription"]["status"]) == ("team", "trial")
    assert plan["usage"]["seats"]["used"] == 4
    assert {"free", "team", "business"} <= {one["code"] for one in plan["offers"]}
    quote = (await admin("GET", "/plan/quote?plan=business")).json
    (way,) = quote["ways"]  # nobody can pay in euros here
    assert (quote["what"], way["currency"], way["credit"]) == ("start", "XTR", 0)
    assert (way["from_credit"], way["left"]) == (0, way["total"])
    assert (await admin("GET", "/plan/quote?plan=none")).code == "plan-not-offered"
    assert (await admin("GET", "/plan/renewal")).code == "billing-nothing-runs"
    wanted = {"plan": "business", "currency": "XTR"}
    chosen = (await admin("POST", "/subscription", wanted, Idempotency_Key="s-1")).json
    invoice = chosen["invoice"]
    assert (chosen["what"], invoice["amount_minor"]) == ("start", way["total"])
    assert invoice["paying"] == {"left_minor": way["total"], "in_chat": "/invoices", "bank": None}
    assert [line["text"] for line in invoice["lines"]] == ["“Business” for one month"]
    assert (await admin("POST", "/subscription", wanted)).json == chosen
    assert (await admin("GET", f"/invoices/{invoice['id']}")).json == invoice
    listed = await items(admin, "/invoices")
    assert [one["id"] for one in listed] == [invoice["id"]]
    assert (await admin("GET", "/subscription")).json["open_invoice_id"] == invoice["id"]
    (line,) = await items(admin, "/billing/ledger")
    assert (line["kind"], line["balance"]) == ("charge", way["total"])
    balance = (await admin("GET", "/billing/balance")).json
    assert [(one["currency"], one["owes"]) for one in balance["accounts"]] == [
        ("XTR", way["total"])
    ]
    assert balance["credit"] == {}
    dropped = (await admin("POST", "/subscription", {"plan": "free"})).json
    assert dropped == {"what": "cancel", "invoice": None}
    void = (await admin("GET", f"/invoices/{invoice['id']}")).json
    assert (void["status"], void["void_reason"], void["paying"]) == ("void", "canceled", None)


async def test_what_is_paid_and_settles_nothing_is_credit(api: Api, acme: World) -> None:
    admin = await api.caller(acme.team.admin)
    assert (await admin("GET", "/billing/balance")).json["credit"] == {"EUR": 500}
    (payment,) = await items(admin, "/payments")
    assert (payment["id"], payment["credit_minor"]) == (acme.money.payment, 500)


async def test_money_needs_a_way_to_pay_it_and_somebody_who_does(
    api: Api, team: Team, api_settings: Settings, database: Database, redis: Redis
) -> None:
    wanted = {"plan": "team", "currency": "EUR"}
    admin = await api.caller(team.admin)
    assert (await admin("POST", "/subscription", wanted)).code == "currency-not-taken"
    odd = await admin("POST", "/subscription", wanted | {"currency": "euro"})
    assert odd.code == "not-valid"
    banked = api_settings.model_copy(update={"billing_bank_details": BANK})
    async with serving(banked, database, redis) as there:
        admin = await there.caller(team.admin)
        assert (await admin("POST", "/subscription", wanted)).code == "details-missing"
        foreign = await admin("POST", "/subscription", wanted | {"currency": "USD"})
        assert foreign.code == "details-missing"
        assert (await admin("GET", "/billing/details")).json["legal_name"] is None
        wrong = await admin("PUT", "/billing/details", DETAILS | {"email": "nobody"})
        assert wrong.code == "email-shape"
        given = await admin("PUT", "/billing/details", DETAILS | {"tax_id": "GB1"})
        assert given.json == DETAILS | {"tax_id": "GB1", "email": None}
        anew = await admin("PUT", "/billing/details", DETAILS)
        assert (await admin("GET", "/billing/details")).json == anew.json
        assert anew.json["tax_id"] is None
        foreign = await admin("POST", "/subscription", wanted | {"currency": "USD"})
        assert foreign.code == "currency-not-taken"
        invoice = (await admin("POST", "/subscription", wanted)).json["invoice"]
        assert invoice["buyer"]["name"] == "Acme Ltd"
        bank = {"account": BANK, "reference": invoice["number"]}
        assert invoice["paying"] == {"left_minor": 1900, "in_chat": None, "bank": bank}


async def test_a_month_ahead_an_end_and_thinking_better_of_it(api: Api, team: Team) -> None:
    await factories.ask(api.parts.database, PAID, team.id)
    admin = await api.caller(team.admin)
    assert (await admin("GET", "/plan/renewal")).json["ways"][0]["total"] == 1500
    asked = await admin("POST", "/subscription/renewal", {}, Idempotency_Key="r-1")
    assert (asked.json["purpose"], asked.json["amount_minor"]) == ("renewal", 1500)
    again = await admin("POST", "/subscription/renewal", {}, Idempotency_Key="r-1")
    assert again.json == asked.json
    ending = (await admin("POST", "/subscription/cancel")).json
    assert (ending["status"], ending["cancels_at_end"]) == ("active", True)
    assert ending["open_invoice_id"] is None
    assert (await admin("POST", "/subscription/resume")).json["cancels_at_end"] is False
    assert (await admin("POST", "/subscription/resume")).code == "billing-nothing-canceled"


async def test_the_pdf_is_the_one_that_the_bot_sends(api: Api, acme: World) -> None:
    path = f"/invoices/{acme.money.invoice}"
    async with api.parts.database.tenant_session(acme.team.id) as session:
        document = await documents.one(session, acme.team.admin, acme.money.invoice)
    admin = await api.caller(acme.team.admin)
    for language, query in (("en", ""), ("ru", "?language=ru")):
        said = await admin("GET", f"{path}/pdf{query}")
        drawn = papers.draw(asdict(invoice_paper.paper(translator(language), document)))
        assert said.body == drawn
        assert said.headers["Content-Type"] == "application/pdf"
        name = said.headers["Content-Disposition"]
        assert name == f'attachment; filename="{document.invoice.number}-{language}.pdf"'
    assert (await admin("GET", f"{path}/pdf?language=de")).code == "not-valid"


async def test_what_is_drawn_holds_nothing_that_others_wait_for(
    acme: World, api_settings: Settings, database: Database, redis: Redis
) -> None:
    # With a pool of two, one request at a time gets to the database.
    narrow = api_settings.model_copy(update={"database_pool_size": 2})
    async with serving(narrow, database, redis) as api:
        admin = await api.caller(acme.team.admin)
        path = f"/invoices/{acme.money.invoice}/pdf"
        process.kept.clear()
        drawings = [asyncio.create_task(admin("GET", path)) for _ in range(2)]
        async with asyncio.timeout(10):
            while not process.under_way():  # noqa: ASYNC110 - the drawing begins in its own time
                await asyncio.sleep(0)
        assert (await admin("GET", "/plan")).status == 200
        assert not any(one.done() for one in drawings)
        assert {one.status for one in await asyncio.gather(*drawings)} == {200}


async def test_what_cannot_be_drawn_may_be_asked_for_again(
    api: Api, acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "TIMEOUT", 0.01)
    process.kept.clear()
    admin = await api.caller(acme.team.admin)
    said = await admin("GET", f"/invoices/{acme.money.invoice}/pdf")
    assert (said.code, said.headers["Retry-After"]) == ("unavailable", "5")


@pytest.mark.parametrize("path", LISTS)
async def test_lists_have_what_is_of_the_own_company_only(
    path: str, api: Api, acme: World, globex: World
) -> None:
    own, other = [await api.caller(one.team.admin) for one in (acme, globex)]
    for caller, one in ((own, acme), (other, globex)):
        await caller("PUT", f"/projects/{one.project}/mute")
        await caller("POST", "/subscription", {"plan": "business"})
    mine, theirs = [await items(one, path) for one in (own, other)]
    assert mine
    keys = {name for one in mine for name in ("id", "project_id") if one.get(name)}
    for key in keys:
        assert {one[key] for one in mine}.isdisjoint(one[key] for one in theirs)
