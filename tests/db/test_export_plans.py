"""The pages of an export are read by indexes of the company, for every role and scope."""

import pytest

from saas_bot.db.models import Export
from saas_bot.domain.permissions import Role
from saas_bot.services import export_tasks
from tests.db.crowd import Crowd, indexes, plans, whole


async def a_page(session, actor, **scope):
    """The second page of an export of that scope."""
    export = Export(format="csv", period="quarter", **scope)
    covered = await export_tasks.extent(session, actor, export)
    return await export_tasks.tasks(session, covered, 1000)


@pytest.mark.parametrize("of_project", [False, True])
@pytest.mark.parametrize("role", Role)
async def test_a_page_reads_no_table_as_a_whole(role, of_project, crowd: Crowd):
    scope = {"project_id": crowd.project} if of_project else {}
    found = await plans(crowd, role, a_page, **scope)
    assert whole(found) == []
    assert "pk_tasks" not in indexes(found), "it goes through the tasks of all companies"


async def test_so_for_one_person(crowd: Crowd):
    person = crowd.actors[Role.WORKER].user_id
    assert whole(await plans(crowd, Role.ADMIN, a_page, person_id=person)) == []
