"""What those who run the deployment do by the API; that it is not there for others is in
test_rights.py."""

from dataclasses import replace

import pytest

from saas_bot.core.settings import Settings
from saas_bot.web.api.resources import ROUTES
from saas_bot.web.api.routes import OPERATOR as FOR_OPERATORS
from saas_bot.web.api.routes import Door
from tests import factories
from tests.factories import Team
from tests.web.api.calling import Caller
from tests.web.api.conftest import OPERATOR, Api, World, world
from tests.web.api.money import BANK
from tests.web.api.samples import MISSING, SAMPLES
from tests.web.api.test_resources import items

ROUTES_OF_OPERATORS = [route for route in ROUTES if route.permission is FOR_OPERATORS]


@pytest.fixture
def api_settings(api_settings: Settings) -> Settings:
    return api_settings.model_copy(update={"billing_bank_details": BANK})


@pytest.fixture
async def olga(api: Api) -> Caller:
    """An operator who is in no company."""
    olga = await factories.account(api.parts.database, "Olga")
    sql = "update accounts set telegram_id = $2 where telegram_id = $1 returning telegram_id"
    await factories.ask(api.parts.database, sql, olga.telegram_id, OPERATOR)
    return await api.caller(replace(olga, telegram_id=OPERATOR))


async def test_each_route_works_and_knows_what_there_is_not(api: Api, olga: Caller) -> None:
    for route in ROUTES_OF_OPERATORS:
        assert route.door is Door.SYSTEM, route.name
        own, sample = await world(api.parts.database, route.name), SAMPLES[route.name]
        if sample.ready:
            await factories.ask(api.parts.database, sample.ready, own.team.id)
        body = sample.body(own) if sample.body else None
        said = await olga(route.method, sample.path(route, own), body)
        assert said.status == route.status, (route.name, said.text)
        if sample.of is not None:
            none = await olga(route.method, sample.path(route, None), body)
            assert none.status == 404, (route.name, none.text)


async def test_a_plan_from_making_it_to_retiring_it(api: Api, olga: Caller) -> None:
    new = {"code": "Studio", "name": "Studio", "seats": 7, "price_minor": 900}
    made = (await olga("POST", "/operators/plans", new, Idempotency_Key="p-1")).json
    assert (made["code"], made["offered"], made["storage_bytes"]) == ("studio", False, None)
    again = await olga("POST", "/operators/plans", new, Idempotency_Key="p-1")
    assert again.json == made
    path = f"/operators/plans/{made['id']}"
    changed = await olga("PATCH", path, {"seats": None, "price_stars": 700, "offered": True})
    assert (changed.json["seats"], changed.json["price_stars"]) == (None, 700)
    assert (changed.json["price_minor"], changed.json["offered"]) == (900, True)
    assert (await olga("GET", path)).json == changed.json
    free = {"price_stars": 0, "price_minor": 0, "offered": False}
    assert (await olga("PATCH", path, free)).json["offered"] is False
    assert (await olga("PATCH", path, {"offered": True})).code == "plan-without-price"
    assert (await olga("PATCH", path, {"seats": 0})).code == "plan-value"
    assert (await olga("PATCH", path, {"price_minor": None})).code == "not-valid"
    taken = await olga("POST", "/operators/plans", new | {"offered": True})
    assert taken.code == "plan-code-taken"
    bare = {"code": "bare", "name": "Bare", "offered": True}
    assert (await olga("POST", "/operators/plans", bare)).code == "plan-without-price"
    odd = await olga("POST", "/operators/plans", bare | {"currency": "ABC"})
    assert odd.code == "plan-currency"
    codes = [one["code"] for one in (await olga("GET", "/operators/plans")).json["items"]]
    assert {"free", "team", "studio"} < set(codes)
    assert "bare" not in codes
    team = await factories.ask(api.parts.database, "select id from plans where code = 'team'")
    refused = await olga("PATCH", f"/operators/plans/{team}", {"offered": False})
    assert refused.code == "plan-built-in"


async def test_a_transfer_that_is_noted_in_parts_and_given_back(
    api: Api, team: Team, olga: Caller
) -> None:
    admin = await api.caller(team.admin)
    asked = (await admin("POST", "/subscription", {"plan": "business", "currency": "XTR"})).json
    number, stars = asked["invoice"]["number"], f"/operators/invoices/{asked['invoice']['id']}"
    assert (await olga("GET", f"/operators/invoices/{number.lower()}")).json["id"] == (
        asked["invoice"]["id"]
    )
    part = {"amount": 400, "reference": "RF 1"}
    assert (await olga("POST", f"{stars}/payments", part)).code == "invoice-in-stars"
    void = {"reason": "Not asked for"}
    assert (await olga("POST", f"{stars}/void", void)).json["status"] == "void"
    assert (await olga("POST", f"{stars}/void", void)).code == "invoice-not-open"
    details = {"legal_name": "Acme Ltd", "address": "1 Main Street"}
    await admin("PUT", "/billing/details", details)
    bought = await admin("POST", "/subscription", {"plan": "business", "currency": "EUR"})
    invoice = bought.json["invoice"]
    path = f"/operators/invoices/{invoice['id']}"
    waiting = await items(olga, "/operators/invoices")
    assert [one["id"] for one in waiting] == [invoice["id"]]
    noted = await olga("POST", f"{path}/payments", part, Idempotency_Key="t-1")
    assert noted.json["what"] == "part"
    assert (await olga("POST", f"{path}/payments", part, Idempotency_Key="t-1")).json == noted.json
    assert (await olga("POST", f"{path}/payments", part)).code == "transfer-noted"
    left = (await olga("GET", path)).json["left"]
    assert left == invoice["amount_minor"] - 400
    rest = await olga("POST", f"{path}/payments", {"amount": left, "reference": "RF 2"})
    assert rest.json["what"] == "paid"
    assert (await admin("GET", "/subscription")).json["status"] == "active"
    company = f"/operators/companies/{team.id}"
    stands = (await olga("GET", company)).json
    assert (stands["state"], stands["plan"], stands["debt"]) == (
        "active",
        "Business",
        {},
    )
    payment = f"/operators/payments/{rest.json['payment_id']}"
    back = (await olga("POST", f"{payment}/refund", {"reason": "Asked for"})).json
    assert (back["status"], back["refund"], back["reason"]) == ("refunded", "pending", "Asked for")
    assert (await olga("POST", f"{payment}/refund", {})).code == "payment-goes-back-already"
    going = await items(olga, "/operators/payments?state=going_back")
    assert [one["id"] for one in going] == [back["id"]]
    assert (await olga("POST", f"{payment}/sent-back")).json["refund"] == "confirmed"
    assert (await olga("POST", f"{payment}/sent-back")).code == "payment-goes-back-already"
    assert len(await items(olga, f"{company}/payments")) == 2
    lines = await items(olga, f"{company}/ledger")
    assert lines == await items(admin, "/billing/ledger")
    assert {one["kind"] for one in lines} == {
        "charge", "void", "payment", "refund", "credit_note"
    }  # fmt: skip


async def test_days_are_given_once_for_how_the_company_stood(
    api: Api, acme: World, olga: Caller
) -> None:
    path = f"/operators/companies/{acme.team.id}"
    until = (await olga("GET", path)).json["until"]
    longer = {"plan": None, "days": 5, "until": until}
    given = await olga("POST", f"{path}/grants", longer, Idempotency_Key="g-1")
    assert given.json["until"] > until
    assert (await olga("POST", f"{path}/grants", longer, Idempotency_Key="g-1")).json == given.json
    assert (await olga("POST", f"{path}/grants", longer)).code == "changed-since-asked"
    plan = await olga("POST", f"{path}/grants", {"plan": "business", "days": 30})
    assert (await olga("GET", path)).json["until"] == plan.json["until"]
    trial = await olga("POST", f"{path}/grants", {"plan": None, "days": 5})
    assert trial.code == "grant-trial-subscribed"
    free = await olga("POST", f"{path}/grants", {"plan": "free", "days": 5})
    assert free.code == "op-no-plan"
    rows = await items(await api.caller(acme.team.admin), "/audit?entity=trial")
    assert [(one["actor_kind"], one["action"]) for one in rows] == [("operator", "trial.granted")]


async def test_companies_are_found_and_counted(
    api: Api, acme: World, globex: World, olga: Caller
) -> None:
    both = [globex.team.id, acme.team.id]
    assert [one["id"] for one in await items(olga, "/operators/companies")] == both
    for words in ("acm", str(acme.team.id)):
        found = await items(olga, f"/operators/companies?words={words}")
        assert [one["name"] for one in found] == ["Acme"]
    assert (await olga("GET", "/operators/companies?words=" + "x" * 65)).code == "text-too-long"
    stats = (await olga("GET", "/operators/stats")).json
    assert (stats["companies"], stats["trial"], stats["todo"]["flagged"]) == (2, 2, 2)


async def test_what_was_given_up_is_sent_again_or_dropped(
    api: Api, acme: World, globex: World, olga: Caller
) -> None:
    path = "/operators/outbox/dead"
    letters = [one.money.letter for one in (globex, acme)]
    assert [one["id"] for one in await items(olga, path)] == letters
    assert (await olga("POST", f"{path}/{letters[0]}/retry")).status == 204
    assert (await olga("POST", f"{path}/{letters[0]}/retry")).code == "dead-letter-gone"
    assert (await olga("DELETE", f"{path}/{letters[1]}")).status == 204
    assert (await olga("POST", f"{path}/retry")).json == {"count": 0}
    (kind,) = (await olga("GET", "/operators/outbox")).json["kinds"]
    assert (kind["kind"], kind["waiting"], kind["dead"]) == ("assigned", 1, 0)


async def test_a_payment_that_does_not_fit_is_seen_and_a_wrong_one_annulled(
    api: Api, acme: World, olga: Caller
) -> None:
    path = f"/operators/payments/{acme.money.payment}"
    flagged = "/operators/payments?state=flagged"
    assert [one["id"] for one in await items(olga, flagged)] == [acme.money.payment]
    seen = (await olga("POST", f"{path}/seen")).json
    assert (seen["status"], seen["credit"]) == ("received", 500)
    assert (await olga("POST", f"{path}/seen")).code == "payment-not-found"
    assert await items(olga, flagged) == []
    (received,) = await items(olga, "/operators/payments")
    assert (received["id"], received["status"]) == (acme.money.payment, "received")
    annulled = (await olga("POST", f"{path}/annul")).json
    assert (annulled["status"], annulled["credit"]) == ("annulled", 0)
    assert (await olga("POST", f"{path}/annul")).code == "payment-not-to-annul"
    assert (await olga("GET", f"/operators/payments/{MISSING}")).code == "payment-not-found"
