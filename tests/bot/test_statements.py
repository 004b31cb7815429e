"""How many SQL statements an update takes: 4 for something to read, 8 for something that changes.

Transaction control and the entering of a tenant aside, as the issue counts.
"""

import pytest

from saas_bot.domain.task_flow import Status
from saas_bot.domain.task_lists import View
from tests import factories
from tests.bot.rows import change, rows

MOST_TO_READ = 4
MOST_TO_CHANGE = 8

SAID = (
    "",
    "Cancelled.",
    "Saved.",
    "Showing everything again.",
    "Wanda has that role already: worker.",
    "This button is out of date. Open /menu to go on.",
)


@pytest.fixture
async def busy(acme, database):
    """Acme with lists of several pages, everybody known to the bot."""
    await change(
        database,
        "update trials set plan_id = (select id from plans where code = 'business'),"
        " ends_at = now() + interval '1 day' where company_id = :company",
        company=acme.team.id,
    )
    for number in range(20):
        await factories.member(database, acme.team.id, "worker", f"Wim {number}")
        await factories.project(database, acme.team.id, key=f"P{number}", name=f"No {number}")
        await acme.task(f"No {number}", assignee=acme.team.worker)
    for person in acme.everyone.values():
        await person.sends("/menu")
    return acme


async def test_lists_and_cards_take_four(busy, statements, database):
    task = await busy.task(status=Status.REVIEW)
    file = await factories.file(database, busy.project, by=busy.team.worker, task=task)
    invoice = await factories.invoice(database, busy.team.id, bank="IBAN 1")
    for data in (
        "o:menu",
        "o:help",
        "o:settings",
        "o:company",
        "o:companyname",
        "o:companydelete",
        "o:digest",
        f"dl:{busy.team.id}:m",
        "o:tasks",
        "tl:o:0:",
        "tl:v:0:",
        "tl:r:0:",
        "tl:c:0:",
        *(f"tl:{view}:{busy.project}:" for view in View),
        "o:board",
        f"bd:{busy.project}",
        "lf:o:0:::",
        *(f"lf:o:0:{part}::" for part in ("project", "assignee", "priority", "tag", "sort")),
        "lf:o:0:priority:normal:",
        f"lf:o:0:project:{busy.project}:",
        "lf:o:0:assignee:me:",
        "o:board",
        "o:tasks",
        "lf::0:clear::",
        "o:search",
        "o:sessions",
        "o:audit",
        "au:0:tasks:7::f999999.-",
        "au:0::0:user:",
        "au:0::0:area:",
        "se:",
        "sy:0",
        f"tl:o:{busy.project}:",
        f"t:{task}",
        f"te:{task}:history",
        f"te:{task}:text",
        f"te:{task}:comments",
        f"te:{task}:reviews",
        f"tc:{task}:",
        f"tv:{task}:",
        f"th:{task}:",
        f"te:{task}:priority",
        f"te:{task}:due_at",
        f"te:{task}:tags",
        f"te:{task}:checklist",
        f"te:{task}:items",
        f"cl:{task}:0:1",
        f"ft:{task}:0:0:",
        f"ft:{task}:1:0:",
        f"ft:{task}:0:0:f1.-",
        f"fp:{busy.project}:0:",
        f"ff:{task}:0",
        *(f"fi:{file}:{what}:t:0:" for what in ("", "get", "name", "delete")),
        f"te:{task}:comment",
        f"ta:{task}:-1:",
        f"td:{task}:1:return",
        f"tm:{task}:cancel",
        f"te:{task}:copy",
        "o:members",
        f"mb:{busy.team.client.user_id}",
        f"mr:{busy.team.client.user_id}:",
        f"ma:{busy.team.client.user_id}:0",
        f"mh:{busy.team.client.user_id}",
        f"mp:{busy.team.worker.user_id}:0:0:",
        *(
            f"ho:{act}:{busy.team.worker.user_id}:{project}:{who}:0:"
            for act, project in (
                ("d", 0),
                ("c", 0),
                ("w", 0),
                ("m", 0),
                ("x", busy.project),
                ("p", busy.project),
            )
            for who in (-1, 0, busy.team.manager.user_id)
        ),
        f"ma:{busy.team.worker.user_id}:0",
        f"mr:{busy.team.worker.user_id}:client",
        f"pp:{busy.project}:{busy.team.worker.user_id}:0:",
        f"tp:{task}:0:",
        f"pe:{busy.project}:about",
        f"pe:{busy.project}:delete",
        "o:projects",
        f"p:{busy.project}",
        f"pp:{busy.project}:0:0:",
        "pl:1:",
        "ir:worker",
        "il:",
        "o:newtask",
        f"d:project:{busy.project}:",
        "o:switch",
        *(f"o:{what}" for what in ("notifications", "events", "quiet")),
        "qh:22:",
        "mu:",
        "bl:",
        f"bl:f{invoice}.-",
        f"bi:{invoice}",
        f"bw:{invoice}:bank",
        "o:invoices",
        "o:billing",
        "o:plan",
        "o:subscribe",
        "o:plancancel",
        "bu:team:",
        "bu:business:",
        "bs:all::",
        "garbage",
    ):
        with statements() as said:
            await busy.ada.clicks_data(data)
        assert len(said) <= MOST_TO_READ, (data, said.verbs)
        assert busy.ada.toast in SAID, data


async def test_so_does_the_next_page(busy, statements):
    for way in ("/tasks", "/members", "/projects"):
        await busy.ada.sends(way)
        if way == "/tasks":
            await busy.ada.clicks("All open")
        for label in ("Next ›", "‹ Previous"):
            with statements() as said:
                await busy.ada.clicks(label)
            assert len(said) <= MOST_TO_READ, (way, label, said.verbs)


async def test_a_search_and_its_pages_take_four(busy, statements):
    for person in (busy.ada, busy.wanda, busy.clive):
        for words in ("/search no", "/search nothing at all", "/search the"):
            with statements() as said:
                await person.sends(words)
            assert len(said) <= MOST_TO_READ, (words, said.verbs)
    for number in range(10):
        await busy.task(f"Pump {number}")
    await busy.ada.sends("/search pump")
    for label in ("Next ›", "‹ Previous", "WEB-", "Tasks"):
        with statements() as said:
            await busy.ada.clicks(label)
        assert len(said) <= MOST_TO_READ, (label, said.verbs)


async def test_a_workers_and_a_clients_too(busy, statements):
    task = await busy.task(status=Status.REVIEW)
    for person in (busy.wanda, busy.clive):
        for data in ("o:tasks", "tl:o:0:", f"t:{task}", "o:projects", f"p:{busy.project}"):
            with statements() as said:
                await person.clicks_data(data)
            assert len(said) <= MOST_TO_READ, (data, said.verbs)


async def answer(person, data):
    """The click on such a button; a yes comes from the question that asks for it."""
    if data.startswith("ho:"):
        await person.clicks_data(data.removesuffix("1:") + "0:")
        data = person.screen.data[0]
    return person.pressing(data, person.screen)


async def test_a_change_takes_eight(busy, statements, database):
    task = await busy.task(assignee=busy.team.worker)
    worker, manager = busy.team.worker.user_id, busy.team.manager.user_id
    await busy.task(assignee=busy.team.manager)
    invoice = await factories.invoice(database, busy.team.id)
    other = (await rows(database, "select id from projects where key = 'P0'"))[0]
    clicks = [
        (busy.wanda, f"tm:{task}:start"),
        (busy.wanda, f"tm:{task}:submit"),
        (busy.wanda, "sk"),
        (busy.clive, f"td:{task}:1:accept"),
        (busy.ada, f"tm:{task}:reopen"),
        (busy.ada, f"ts:{task}:priority:urgent"),
        (busy.ada, f"ts:{task}:due_at:week"),
        (busy.ada, f"ta:{task}:{busy.team.manager.user_id}:"),
        (busy.ada, f"tg:{task}:1:pump"),
        (busy.ada, f"tg:{task}:0:pump"),
        (busy.ada, f"te:{task}:copy"),
        (busy.ada, f"y:copytask:{task}"),
        (busy.ada, f"y:canceltask:{task}"),
        (busy.ada, f"bf:{invoice}:ru"),
        (busy.ada, f"tp:{task}:{other}:"),
        (busy.ada, f"ho:w:{busy.team.client.user_id}:0:0:1:"),
        (busy.ada, f"ho:c:{busy.team.client.user_id}:0:0:1:"),
        (busy.ada, f"ho:d:{busy.team.client.user_id}:0:0:1:"),
        (busy.ada, f"ho:x:{worker}:{busy.project}:{manager}:1:"),
        (busy.ada, f"pp:{busy.project}:{worker}:1:"),
        (busy.ada, f"ho:x:{worker}:{busy.project}:0:1:"),
        (busy.ada, f"mp:{worker}:{busy.project}:1:"),
        (busy.ada, f"ho:p:{worker}:{busy.project}:0:1:"),
        (busy.ada, f"ho:w:{manager}:0:-2:1:"),
        (busy.ada, f"ho:c:{manager}:0:{worker}:1:"),
        (busy.ada, f"ho:d:{worker}:0:{busy.team.admin.user_id}:1:"),
        (busy.ada, f"y:archive:{busy.project}"),
        # These pass the plan's guard, which locks the company and counts.
        (busy.ada, f"pe:{busy.project}:restore"),
        (busy.ada, f"ma:{busy.team.client.user_id}:1"),
        (busy.ada, f"ho:a:{manager}:0:0:1:"),
        (busy.ada, f"ho:h:{manager}:0:0:1:"),
        (busy.ada, "dg:9:1"),
        (busy.ada, "lg:ru"),
        (busy.ada, f"sw:{busy.team.id}"),
    ]
    for person, data in clicks:
        before = await rows(database, "select count(*) from audit_logs")
        click = await answer(person, data)
        with statements() as said:
            await person.does(click)
        assert len(said) <= MOST_TO_CHANGE, (data, said.verbs)
        changed = await rows(database, "select count(*) from audit_logs") != before
        assert changed or data.startswith(("tm:", "lg:", "sw:", "te:", "dg:")), (data, person.toast)


async def test_leaving_takes_eight(busy, globex, statements, database):
    """With an heir for the tasks, and with another company to go on in."""
    account = busy.team.manager.account
    await factories.member(database, globex.team.id, "manager", person=account)
    await change(
        database,
        "update accounts set active_company_id = :company where telegram_id = :max",
        company=busy.team.id, max=busy.max.id,
    )  # fmt: skip
    await busy.task(assignee=busy.team.manager)
    for person, data in (
        (busy.max, f"ho:l:{busy.team.id}:0:{busy.team.worker.user_id}:1:"),
        (busy.wanda, f"ho:l:{busy.team.id}:0:0:1:"),
    ):
        click = await answer(person, data)
        with statements() as said:
            await person.does(click)
        assert person.toast == "You have left Acme."
        assert len(said) <= MOST_TO_CHANGE, (data, said.verbs)
    assert busy.max.screen.text.endswith("Globex\nMax, manager")


async def test_deleting_a_project_takes_eight(busy, statements):
    await busy.ada.clicks_data(f"pe:{busy.project}:delete")
    with statements() as said:
        await busy.ada.sends("WEB")
    assert "is deleted" in busy.ada.screen.text
    assert len(said) <= MOST_TO_CHANGE, said.verbs


async def test_words_that_change_something_take_eight(busy, statements, database):
    task = await busy.task(status=Status.REVIEW, assignee=busy.team.worker)
    for person, question, words in (
        (busy.clive, f"te:{task}:comment", "Looks good"),
        (busy.ada, f"te:{task}:title", "Another title"),
        (busy.ada, f"te:{task}:due_at", "tomorrow"),
        (busy.ada, f"te:{task}:comment", "@max and @clive, look"),
        (busy.ada, f"te:{task}:tags", "#pump #blue"),
        (busy.ada, f"te:{task}:tags", "#red -#pump"),
        (busy.ada, f"te:{task}:items", "Drain\nOpen"),
        (busy.clive, f"td:{task}:1:return", "Not yet"),
        (busy.ada, f"pe:{busy.project}:name", "Another name"),
    ):
        await person.clicks_data(question)
        with statements() as said:
            await person.sends(words)
        assert len(said) <= MOST_TO_CHANGE, (question, said.verbs)
    (item,) = await rows(database, "select min(id) from checklist_items")
    for data in (f"ck:{task}:{item}:1", f"ci:{task}:{item}:remove"):
        with statements() as said:
            await busy.ada.clicks_data(data)
        assert len(said) <= MOST_TO_CHANGE, (data, said.verbs)
    for words in ("/task WEB Fix the pump @wanda #pump", "/task P15 Fix the pump @wanda"):
        with statements() as said:
            await busy.ada.sends(words)
        assert len(said) <= MOST_TO_READ, (words, said.verbs)
    await busy.ada.sends("/task WEB Fix the pump #pump")
    with statements() as said:
        await busy.ada.clicks_data(f"d:assignee:{busy.team.worker.user_id}:")
    assert len(said) <= MOST_TO_READ, said.verbs
    with statements() as said:
        await busy.ada.clicks("Create")
    assert len(said) <= MOST_TO_CHANGE, said.verbs


async def test_a_file_takes_four_to_ask_about_and_eight_to_take(busy, statements):
    task = await busy.task(assignee=busy.team.worker, status=Status.IN_PROGRESS)
    album = {"media_group_id": "1"}
    for person in (busy.wanda, busy.clive):
        with statements() as said:
            await person.sends_file()
        assert len(said) <= MOST_TO_READ + 1, said.verbs  # that the update was handled is noted
        with statements() as said:
            await person.clicks_data("fw:project:0:")
        assert len(said) <= MOST_TO_READ, said.verbs
        for data in (f"fw:task:{task}:", f"fa:{task}:0"):
            with statements() as said:
                await person.clicks_data(data)
            assert len(said) <= (MOST_TO_CHANGE if "fw" in data else MOST_TO_READ), said.verbs
        for more in ({}, {"caption": "See this"}):
            with statements() as said:
                await person.sends_file(**more)
            assert len(said) <= MOST_TO_CHANGE, (more, said.verbs)
        await person.sends("/cancel")
        for more in ({"caption": "WEB-21 here"}, {"caption": "WEB-21", **album}, album):
            with statements() as said:
                await person.sends_file(**more)
            assert "on its way" not in person.screen.text
            assert len(said) <= MOST_TO_CHANGE, (more, said.verbs)
    await busy.wanda.clicks_data(f"tm:{task}:submit")
    for way in (busy.wanda.filing(caption="Done"), busy.wanda.pressing("sk")):
        with statements() as said:
            await busy.wanda.does(way)
        assert len(said) <= MOST_TO_CHANGE, said.verbs
    assert busy.wanda.toast == "Submitted."
    for album, last in (
        ({}, busy.wanda.writing("See both")),
        ({}, busy.wanda.filing(caption="See both")),
        ({"media_group_id": "2"}, busy.wanda.filing(caption="See both", media_group_id="2")),
    ):
        await busy.wanda.clicks_data(f"te:{task}:comment")
        for way in (busy.wanda.filing(**album), last):
            with statements() as said:
                await busy.wanda.does(way)
            assert len(said) <= MOST_TO_CHANGE, said.verbs
    await busy.ada.sends("/task WEB Fix the pump @wanda #pump")
    await busy.ada.sends_file()
    with statements() as said:
        await busy.ada.clicks("Create")
    assert len(said) <= MOST_TO_CHANGE + 2, said.verbs  # a new task, and its files


async def test_a_new_project_and_an_invite_take_eight_too(busy, statements):
    await busy.ada.clicks_data("o:newproject")
    await busy.ada.sends("Pumps")
    with statements() as said:
        await busy.ada.sends("PUMP")
    assert "PUMP" in busy.ada.screen.text
    assert len(said) <= MOST_TO_CHANGE, said.verbs
    for data in (f"ip:worker:{busy.project}:0:", "ir:manager"):
        with statements() as said:
            await busy.ada.clicks_data(data)
        assert "t.me/" in busy.ada.screen.text
        assert len(said) <= MOST_TO_CHANGE, (data, said.verbs)


async def test_what_needs_no_database_asks_only_who_is_there(busy, statements):
    for words in ("/menu", "/help", "Hi there", "/nonsense"):
        with statements() as said:
            await busy.ada.sends(words)
        assert len(said) == 1, (words, said.verbs)


async def test_what_operators_look_at_takes_four(busy, olga, statements, database):
    other = await factories.company(database, "Initech", plan="business")
    invoices = [await factories.invoice(database, other.id, number) for number in range(1, 9)]
    for words in ("/op_stats", "/op_companies", "/op_companies in", f"/op_grant {other.id}",
                  f"/op_grant {other.id} team 7", "/op_payments", "/op_payments INV-2026-000001",
                  "/op_plans"):  # fmt: skip
        with statements() as said:
            await olga.sends(words)
        assert len(said) <= MOST_TO_READ, (words, said.verbs)
    (plan,) = await rows(database, "select id from plans where code = 'team'")
    for data in ("os", "oc:0:", "oc:1:", f"oe:{other.id}", f"oh:{other.id}",
                 f"og:{other.id}:team:0:", f"og:{other.id}:team:7:", "op:waiting:",
                 f"op:waiting:f{invoices[2]}.-",
                 "op:flagged:", "op:refunds:", f"od:{other.id}:", f"ok:{other.id}:",
                 f"ov:{invoices[0]}", f"oi:{invoices[0]}:",
                 f"oi:{invoices[0]}:note", "ow:0:", f"ow:{plan}:", f"ow:{plan}:seats",
                 "ow:0:code"):  # fmt: skip
        with statements() as said:
            await olga.clicks_data(data)
        assert len(said) <= MOST_TO_READ, (data, said.verbs)
        assert olga.toast in ("", "Cancelled."), (data, olga.toast)
