"""The company itself: seen, renamed, deleted, and what every door says to its people then."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_export import Format
from saas_bot.domain.report_period import Period
from saas_bot.screens import notifications
from saas_bot.services import (
    companies,
    deleted_companies,
    digests,
    exports,
    invites,
    members,
    reminders,
)
from saas_bot.services.exports import Wanted
from saas_bot.services.files import sending, transfers
from tests import factories
from tests.bot.delivering import deliver
from tests.bot.rows import change, rows


async def test_an_admin_sees_and_changes_the_company(acme, database):
    await acme.ada.sends("/company")
    text = acme.ada.screen.text
    for part in ("🏢 Acme", "Timezone: UTC", "People: 4", "Projects: 1", "Tasks: 0, open: 0"):
        assert part in text
    await acme.ada.clicks("Rename")
    await acme.ada.sends("x" * 65)
    assert acme.ada.screen.text.startswith("That is 65 characters; 64 fit.")
    await acme.ada.sends("Acme <b>& Sons")
    assert acme.ada.screen.text.startswith("Saved.\n\n🏢 Acme <b>& Sons")
    await acme.ada.clicks("Timezone")
    await acme.ada.sends("Berlin")
    assert "Timezone: Berlin\n" in acme.ada.screen.text
    assert await rows(database, "select timezone from accounts where name = 'Ada'") == ["UTC"]
    noted = await rows(database, "select action from audit_logs order by id")
    assert noted == ["company.renamed", "company.timezone_changed"]


async def test_deleting_says_what_goes_and_wants_the_name(acme, database):
    await acme.task()
    await acme.ada.sends("/company")
    await acme.ada.clicks("Delete the company")
    for part in ("People: 4", "Tasks: 1, open: 1", "Everyone loses access", "its name: Acme"):
        assert part in acme.ada.screen.text
    await acme.ada.sends("Acme Ltd")
    assert acme.ada.screen.text.startswith("That is not its name.")
    await acme.ada.sends("/cancel")
    assert "🏢 Acme" in acme.ada.screen.text
    await acme.ada.sends("Acme")
    assert await rows(database, "select count(*) from companies where deleted_at is not null") == [
        0
    ]
    await acme.ada.clicks_data("o:companydelete")
    await acme.ada.sends(" ACME ")
    assert acme.ada.screen.text.startswith("🗑 The company Acme is deleted.")
    assert "Create a company to begin" in acme.ada.screen.text
    assert await rows(database, "select action from audit_logs") == ["company.deleted"]


async def test_whoever_has_another_company_goes_on_there(acme, globex, database):
    ada = acme.team.admin
    await factories.member(database, globex.team.id, "worker", person=ada.account)
    await acme.ada.clicks_data(f"sw:{acme.team.id}")
    await acme.ada.clicks_data("o:companydelete")
    await acme.ada.sends("Acme")
    assert "is deleted" in acme.ada.screen.text
    assert "Globex" in acme.ada.screen.text
    await acme.ada.sends("/company")
    assert acme.ada.screen.text.startswith("Your role doesn’t allow that.")


async def test_whoever_is_shut_out_of_one_company_hears_where_they_go_on(
    acme, globex, stage, database
):
    worker = acme.team.worker
    await factories.member(database, globex.team.id, "worker", person=worker.account)
    async with database.tenant_session(acme.team.id) as session:
        await members.deactivate(session, acme.team.admin, worker.user_id)
    await deliver(stage, database)
    told = "You no longer have access to Acme. You go on in Globex."
    assert acme.wanda.screen.text == told
    await acme.wanda.clicks("🏠 Menu")
    assert "Globex" in acme.wanda.screen.text


async def test_only_admins_have_it(acme):
    for person in (acme.max, acme.wanda, acme.clive):
        await person.sends("/menu")
        assert "🏢 Company" not in person.screen.buttons
        for data in ("o:company", "o:companyname", "o:companyzone", "o:companydelete"):
            await person.clicks_data(data)
            assert person.toast.startswith("Your role doesn’t allow that."), data


async def test_an_admin_who_works_elsewhere_by_now_changes_nothing(acme, globex, database):
    await factories.member(database, globex.team.id, "admin", person=acme.team.admin.account)
    await acme.ada.clicks_data(f"sw:{acme.team.id}")
    await acme.ada.clicks_data("o:companyname")
    where = "update accounts set active_company_id = :id where name = 'Ada'"
    await change(database, where, id=globex.team.id)
    await acme.ada.sends("Initech")
    assert acme.ada.screen.text.startswith("You work in Globex by now")
    assert sorted(await rows(database, "select name from companies")) == ["Acme", "Globex"]


@dataclass(frozen=True)
class Locked:
    """Acme with something of everything, deleted a moment ago; Max is in Globex, too."""

    task: int
    file: int
    upload: int
    export: int
    token: str


@pytest.fixture
async def locked(acme, globex, database):
    team = acme.team
    await factories.member(database, globex.team.id, Role.WORKER, person=team.manager.account)
    values = "active_company_id = :id, digest_hour = 0, digest_at = now() - interval '2 days'"
    works = f"update accounts set {values} where telegram_id = :max"
    await change(database, works, id=team.id, max=acme.max.id)
    task = await acme.task("Secret pump", assignee=team.worker, due_at=now())
    file = await factories.file(database, acme.project, "secret.pdf", by=team.worker, task=task)
    await acme.wanda.clicks_data(f"fa:{task}:0")
    await acme.wanda.sends_file("secret.txt")
    (upload,) = await rows(database, "select id from uploads")
    await acme.max.clicks_data(f"te:{task}:comment")
    await acme.max.sends("Secret remark")
    async with database.tenant_session(team.id) as session:
        invite = await invites.create(session, team.admin, Role.MANAGER, None)
        export = await exports.ask(session, team.admin, Wanted(Format.CSV, period=Period.WEEK))
    await acme.ada.clicks_data("o:companydelete")
    await acme.ada.sends("Acme")
    return Locked(task, file, upload, export.id, invite.token)


async def test_every_door_of_a_deleted_company_is_shut(locked, acme, globex, database, stage):
    words = (
        *("/menu", "/tasks", "/board", "/search pump", "/projects", "/members", "/report"),
        *("/switch", "/WEB_1", "/task WEB Fix", "/approvals", "/company", "/settings"),
        f"/start {locked.token}",
    )
    task, project = locked.task, acme.project
    buttons = (
        *(f"t:{task}", f"tm:{task}:start", f"te:{task}:comment", f"ft:{task}:0:0:"),
        *(f"p:{project}", f"pe:{project}:delete", f"fp:{project}:0:", f"bd:{project}"),
        *(f"fi:{locked.file}:get:t:0:", f"sw:{acme.team.id}", f"dl:{acme.team.id}:m"),
        *("o:company", "o:companydelete", "o:leave", f"mb:{acme.team.worker.user_id}"),
    )
    before = await rows(database, "select count(*) from audit_logs")
    for person in (acme.ada, acme.max, acme.wanda, acme.clive, globex.ada):
        for step in words:
            await person.sends(step)
            assert not _tells(person), step
        for data in buttons:
            await person.clicks_data(data)
            assert not _tells(person), data
        await person.sends_file()
        assert not _tells(person)
    assert await rows(database, "select count(*) from audit_logs") == before
    nobody = stage.person(77, "Nora")
    await nobody.sends(f"/start {locked.token}")
    assert not _tells(nobody)
    assert await rows(database, "select count(*) from users where telegram_id = 77") == [0]


def _tells(person):
    """Whether the person has heard anything of the company, or of a mishap."""
    told = f"{person.toast or ''} {person.screen.text} {person.screen.buttons}".lower()
    return any(word in told for word in ("secret", "acme", "went wrong"))


async def test_the_workers_do_nothing_more_for_it_but_say_so(locked, acme, database):
    team = acme.team
    waiting = await rows(database, "select count(*) from outbox where kind <> 'company_deleted'")
    async with database.system_session("test") as session:
        assert await exports.begin(session, team.id, locked.export) is None
        assert await transfers.begin(session, team.id, locked.upload) is None
        whom = team.worker.user_id
        assert await sending.still_wanted(session, team.id, whom, locked.file) is None
        await digests.queue_due(session)
        await reminders.sweep(session)
    assert waiting != [0]
    assert await rows(database, "select kind from outbox where company_id <> :id", id=team.id) == [
        "digest"
    ]
    told = await _rendered(database, team.id)
    assert set(told) == {acme.max.id, acme.wanda.id, acme.clive.id}
    assert "You go on in Globex" in told[acme.max.id]
    assert "create a company of your own" in told[acme.wanda.id]


async def _rendered(database, company_id):
    """By person, the text of each waiting message of the company that is still to be sent."""
    told = {}
    async with database.system_session("test") as session:
        query = select(OutboxMessage).where(OutboxMessage.company_id == company_id)
        waiting = (await session.scalars(query.order_by(OutboxMessage.id))).all()
    for message in waiting:
        async with database.system_session("test") as session:
            calls = await notifications.render(session, message)
        if calls is not None:
            assert message.telegram_id not in told
            told[message.telegram_id] = calls[-1].text.replace("<b>", "").replace("</b>", "")
    return told


async def test_an_operator_brings_it_back_as_it_was(locked, acme, database):
    operator = Account(0, "root", None, "en", "UTC", is_operator=True)
    async with database.system_session("test") as session:
        told = "update outbox set status = 'sent' where kind = 'company_deleted'"
        await session.execute(text(told))
        (one,) = await deleted_companies.listed(session)
        assert (one.name, one.purged_at - one.deleted_at) == ("Acme", companies.KEEP_DELETED)
        assert await deleted_companies.restore(session, operator, one.id) == "Acme"
        assert await deleted_companies.listed(session) == []
    await acme.wanda.clicks_data(f"t:{locked.task}")
    assert "Secret pump" in acme.wanda.screen.text
    noted = "select actor_name from audit_logs where action = 'company.restored'"
    assert await rows(database, noted) == ["root"]
    told = await rows(database, "select telegram_id from outbox where kind = 'company_restored'")
    assert len(told) == 4
    assert not any("deleted" in text for text in (await _newest(database, acme.team.id)).values())


async def _newest(database, company_id):
    await change(database, "delete from outbox where kind not like 'company%'")
    return await _rendered(database, company_id)
