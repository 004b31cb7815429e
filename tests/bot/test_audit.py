"""/audit: what happened in the company, in words, newest first, narrowed by who, what and when."""

from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import TEXT_LIMIT, length
from saas_bot.services import companies, members, project_changes
from tests.bot.rows import change


def entries(person) -> list[str]:
    """What the page tells, line by line, without when it was."""
    blocks = person.screen.text.split("\n\n")[1:]
    return [one.partition(" – ")[2] for one in blocks if " – " in one]


async def some_changes(acme) -> None:
    """By three people, about three things."""
    await acme.max.sends("/task WEB Fix the pump !high")
    await acme.max.clicks("Create")
    async with acme.database.tenant_session(acme.team.id) as session:
        await project_changes.rename(session, acme.team.manager, acme.project, "Shop & <b>more</b>")
        await companies.rename(session, acme.team.admin, "Acme Ltd")
        await members.change_role(session, acme.team.admin, acme.team.client.user_id, Role.WORKER)


async def test_an_admin_reads_who_did_what_and_to_what(acme):
    await some_changes(acme)
    await acme.ada.sends("/audit")
    assert acme.ada.screen.text.startswith("📜 What happened in Acme Ltd")
    assert entries(acme.ada) == [
        "Ada changed the role of Clive: client → worker",
        "Ada renamed the company: Acme → Acme Ltd",
        "Max renamed a project: Website → Shop & <b>more</b>",
        "Max created the task · WEB-1",
    ]
    await acme.speak("ru")
    await acme.ada.sends("/audit")
    assert entries(acme.ada)[:2] == [
        "Ada: роль Clive: клиент → исполнитель",
        "Ada: название компании: Acme → Acme Ltd",
    ]


async def test_it_is_narrowed_by_who_what_and_when_together(acme, database):
    await some_changes(acme)
    await change(database, "alter table audit_logs disable trigger user")
    await change(
        database, "update audit_logs set at = at - interval '8 days' where action = 'task.created'"
    )
    await change(database, "alter table audit_logs enable trigger user")
    ada = acme.ada
    await ada.sends("/company")
    await ada.clicks("What happened")
    await ada.clicks("Who")
    await ada.clicks("Max")
    assert len(entries(ada)) == 2
    assert "🎛 Max" in ada.screen.text
    await ada.clicks("What")
    await ada.clicks("Tasks")
    assert entries(ada) == ["Max created the task · WEB-1"]
    assert "🎛 Max · Tasks" in ada.screen.text
    await ada.clicks("When")
    await ada.clicks("last 7 days")
    assert entries(ada) == []
    assert "Nothing here fits the filter" in ada.screen.text
    await ada.clicks("When")
    await ada.clicks("last 30 days")
    assert len(entries(ada)) == 1
    await ada.clicks("What")
    await ada.clicks("any")
    assert len(entries(ada)) == 2
    await ada.clicks("Clear the filter")
    assert len(entries(ada)) == 4


async def test_pages_go_on_while_more_happens_and_miss_nothing(acme):
    for number in range(24):
        async with acme.database.tenant_session(acme.team.id) as session:
            await companies.rename(session, acme.team.admin, f"Acme {number}")
    await acme.ada.sends("/audit")
    seen = entries(acme.ada)
    async with acme.database.tenant_session(acme.team.id) as session:
        await companies.rename(session, acme.team.admin, "Acme")
    for _ in range(2):
        await acme.ada.clicks("Next")
        seen += entries(acme.ada)
    assert len(seen) == len(set(seen)) == 24
    assert not any("Next" in one for one in acme.ada.screen.buttons)
    await acme.ada.clicks("Previous")
    await acme.ada.clicks("Previous")
    assert entries(acme.ada) == seen[:10]


async def test_those_who_have_left_can_be_chosen_and_strangers_not(acme, globex, database):
    await some_changes(acme)
    await change(database, "update users set status = 'left' where name = 'Max'")
    await acme.ada.clicks_data(to.Audit(pick="user").pack())
    await acme.ada.clicks("Max")
    assert len(entries(acme.ada)) == 2
    await acme.ada.clicks_data(to.Audit(user=globex.team.manager.user_id).pack())
    assert "Globex" not in acme.ada.screen.text
    assert acme.ada.toast.startswith("I can’t find")
    await globex.ada.sends("/audit")
    assert entries(globex.ada) == []


async def test_a_deleted_task_and_the_bot_itself_have_words_too(acme, database):
    await some_changes(acme)
    await change(database, "delete from tasks")
    await change(
        database,
        "insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,"
        " after) values (:company, 'system', 'system', 'invoice.issued', 'invoice', 1,"
        ' \'{"number": "INV-2026-000001", "amount": 1500, "currency": "EUR"}\'),'
        " (:company, 'operator', 'Olga', 'company.restored', 'company', :company, null)",
        company=acme.team.id,
    )
    await acme.ada.sends("/audit")
    assert entries(acme.ada)[:2] == [
        "Olga (support) restored the company",
        "The bot issued invoice INV-2026-000001 for €15.00",
    ]
    assert entries(acme.ada)[-1] == "Max created the task · deleted since"


async def test_a_page_of_the_longest_changes_fits_into_a_message(acme, database):
    long = "&" * 64
    said = '{"name": "%s"}' % long  # noqa: UP031
    await change(
        database,
        "insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,"
        " before, after) select :company, 'user', :name, 'project.renamed', 'project', :project,"
        " cast(:said as jsonb), cast(:said as jsonb) from generate_series(1, 10)",
        company=acme.team.id,
        project=acme.project,
        name="👷" * 32,
        said=said,
    )
    await acme.ada.sends("/audit")
    assert len(entries(acme.ada)) == 10
    assert length(str(acme.ada.screen.text)) <= TEXT_LIMIT
