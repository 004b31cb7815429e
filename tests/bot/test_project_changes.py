"""A project's description, its end, and moving a task to another one."""

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.rows import change, rows


async def test_the_description_is_written_and_taken_away(acme, database):
    await acme.max.clicks_data(f"p:{acme.project}")
    await acme.max.clicks("Description")
    assert acme.max.screen.text.startswith("What is WEB – Website about?")
    assert acme.max.screen.buttons == ["Cancel"]
    await acme.max.sends("A site & <more>")
    assert "A site & <more>" in acme.max.screen.text
    await acme.max.clicks("Description")
    assert acme.max.screen.text.startswith("A site & <more>")
    await acme.max.clicks("No description")
    assert await rows(database, "select description from projects") == [""]


async def test_a_long_description_is_read_nearly_to_its_end(acme):
    await acme.max.clicks_data(f"pe:{acme.project}:about")
    await acme.max.sends("word " * 460 + "end")
    assert acme.max.screen.text.count("word ") == 460
    assert "end" in acme.max.screen.text
    await acme.max.clicks("Description")
    await acme.max.sends("<&> " * 999)
    assert "<&> <&>" in acme.max.screen.text


async def test_deleting_names_what_goes_and_wants_the_key(acme, database):
    task = await acme.task(status=Status.REVIEW)
    await acme.clive.clicks_data(f"te:{task}:comment")
    await acme.clive.sends("Seen")
    await acme.ada.clicks_data(f"p:{acme.project}")
    await acme.ada.clicks("Delete")
    for part in ("tasks: 1", "comments: 1", "submissions: 1", "write the key: WEB"):
        assert part in acme.ada.screen.text
    await acme.ada.sends("Website")
    assert acme.ada.screen.text.startswith("That is not the key.")
    await acme.ada.sends("web")
    assert acme.ada.screen.text.startswith("🗑 Project WEB – Website is deleted.")
    assert await rows(database, "select count(*) from tasks") == [0]
    actions = await rows(database, "select action from audit_logs order by id desc limit 1")
    assert actions == ["project.deleted"]
    await acme.clive.clicks_data(f"t:{task}")
    assert acme.clive.toast.startswith("I can’t find that task.")


async def test_deleting_can_be_cancelled_and_is_for_admins_only(acme, database):
    await acme.max.clicks_data(f"p:{acme.project}")
    assert not any("Delete" in one for one in acme.max.screen.buttons)
    await acme.ada.clicks_data(f"pe:{acme.project}:delete")
    await acme.ada.clicks("Cancel")
    await acme.ada.sends("WEB")
    assert await rows(database, "select count(*) from projects") == [1]


async def test_an_admin_demoted_at_the_question_deletes_nothing(acme, database):
    await acme.ada.clicks_data(f"pe:{acme.project}:delete")
    await change(database, "update users set role = 'manager' where name = 'Ada'")
    await acme.ada.sends("WEB")
    assert acme.ada.screen.text.startswith("Your role doesn’t allow that.")
    assert await rows(database, "select count(*) from projects") == [1]


async def test_an_archived_project_can_be_deleted_too(acme, database):
    await change(database, "update projects set status = 'archived'")
    await acme.ada.clicks_data(f"p:{acme.project}")
    await acme.ada.clicks("Delete")
    await acme.ada.sends("WEB")
    assert "Project WEB – Website is deleted." in acme.ada.screen.text


async def test_a_task_moves_with_a_new_number_and_is_found_by_the_old_one(acme, database):
    await factories.project(database, acme.team.id, acme.team.client, key="OPS", name="Ops")
    task = await acme.task(assignee=acme.team.worker)
    await acme.max.clicks_data(f"t:{task}")
    await acme.max.clicks("More")
    await acme.max.clicks("Move")
    assert acme.max.screen.text.startswith(
        "Which project should WEB-1 Fix the pump move to?\n\nIt moves at once"
    )
    assert acme.max.screen.text.endswith("they will see the task with all that isn’t internal.")
    assert acme.max.screen.buttons == ["👁 OPS – Ops", "‹ Back", "📋 Task"]
    await acme.max.clicks("OPS – Ops")
    assert acme.max.toast == "It is OPS-1 now."
    assert acme.max.screen.text.startswith(
        "⚠️ Wanda is not in this project, so the task has no assignee now.\n\nOPS-1 Fix the pump"
    )
    await acme.max.sends("WEB-1")
    assert acme.max.screen.text.startswith("OPS-1 Fix the pump")
    await acme.max.clicks("More")
    await acme.max.clicks("History")
    assert "moved the task: WEB-1 → OPS-1" in acme.max.screen.text
    await acme.wanda.sends("WEB-1")
    assert acme.wanda.screen.text.startswith("I can’t find that task.")


async def test_with_one_project_there_is_nowhere_to_move_in_russian(acme):
    await acme.speak("ru")
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("Ещё")
    await acme.ada.clicks("Перенести")
    assert acme.ada.screen.text.startswith("Переносить WEB-1 Fix the pump некуда")


async def test_moving_takes_three_taps_and_one_to_take_it_back(acme, database):
    await factories.project(database, acme.team.id, key="OPS", name="Ops")
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    for label in ("More", "Move", "OPS – Ops"):
        await acme.ada.clicks(label)
        assert "👁" not in acme.ada.screen.text
    assert acme.ada.screen.text.startswith("OPS-1 Fix the pump")
    again = acme.ada.pressing(f"tp:{task}:{acme.project}:")
    await acme.ada.clicks("Back to WEB")
    assert acme.ada.toast == "It is WEB-2 now."
    await acme.ada.does(again)
    assert acme.ada.screen.text.startswith("WEB-2 Fix the pump"), "a double click moves it once"
    assert await rows(database, "select number from former_numbers order by project_id") == [1, 1]


async def test_an_empty_project_is_said_to_be_empty(acme, database):
    empty = await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.clicks_data(f"pe:{empty}:delete")
    assert "There is nothing in it." in acme.ada.screen.text
    assert ": 0" not in acme.ada.screen.text


async def test_history_tells_no_number_of_a_project_one_can_not_see(acme, database):
    """WEB-1 was OPS-1, and a copy of OPS-2; Wanda gets to see OPS at last."""
    ops = await factories.project(database, acme.team.id, key="OPS", name="Secret")
    first = await factories.task(database, ops, "First", author=acme.team.admin)
    await acme.ada.clicks_data(f"tp:{first}:{acme.project}:")
    (copy,) = await rows(database, "select max(id) from tasks")
    await change(
        database,
        "insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,"
        " after) values (:company, 'user', 'Ada', 'task.created', 'task', :task,"
        """ '{"copied_from": "OPS-2"}')""", company=acme.team.id, task=copy,
    )  # fmt: skip
    hidden = ("moved the task from another project", "created the task as a copy of another one")
    told = ("moved the task: OPS-1 → WEB-1", "created the task as a copy of OPS-2")
    for person, lines in ((acme.wanda, hidden), (acme.clive, hidden), (acme.max, told)):
        await person.clicks_data(f"te:{first}:history")
        assert all(line in person.screen.text for line in lines)
        assert ("OPS" in person.screen.text) is (lines is told)
    await acme.ada.clicks_data(f"pp:{ops}:{acme.team.worker.user_id}:1:")
    await acme.wanda.clicks_data(f"te:{first}:history")
    assert all(line in acme.wanda.screen.text for line in told)


async def test_history_tells_nobody_of_a_project_one_can_not_see(acme, database):
    vera = await factories.member(database, acme.team.id, Role.WORKER, "Vera")
    ops = await factories.project(database, acme.team.id, vera, key="OPS", name="Secret")
    task = await factories.task(database, ops, "First", author=acme.team.admin)
    for user in (vera, acme.team.manager, vera):
        await acme.ada.clicks_data(f"ta:{task}:{user.user_id}:")
    await acme.ada.clicks_data(f"tp:{task}:{acme.project}:")
    await acme.ada.clicks_data(f"ta:{task}:{acme.team.worker.user_id}:")
    for person, told in ((acme.wanda, False), (acme.clive, False), (acme.max, True)):
        await person.clicks_data(f"te:{task}:history")
        assert ("Vera" in person.screen.text) is told, person.name
        assert "changed the assignee: – → Wanda" in person.screen.text


async def test_a_former_number_leads_on_only_whoever_sees_its_project(acme, database):
    ops = await factories.project(database, acme.team.id, key="OPS", name="Secret")
    task = await factories.task(database, ops, "First", author=acme.team.admin)
    await acme.ada.clicks_data(f"tp:{task}:{acme.project}:")
    for person, there in ((acme.max, True), (acme.wanda, False), (acme.clive, False)):
        for ref in ("OPS-1", "OPS-7"):
            await person.sends(ref)
            found = person.screen.text.startswith("WEB-1 First")
            assert found is (there and ref == "OPS-1")
            assert found or person.screen.text.startswith("I can’t find that task.")
