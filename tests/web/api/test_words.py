"""What refusals say: what to do by the API, never by buttons, in the language that is asked for."""

import re

import pytest

from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.web.api.problems import outline
from saas_bot.web.api.refusals import refusals
from saas_bot.web.api.resources import ROUTES
from tests import factories
from tests.web.api.conftest import Api, World

CODES = sorted({code for route in ROUTES for some in refusals(route).values() for code in some})
OF_THE_CHAT = re.compile(
    r"(?<![\w/])/(?!start|login|api)[a-z]|button|кнопк|was faster|раньше"
    r"|[\U0001F000-\U0001FAFF\u2600-\u27BF]"
)
"""Commands (but for those by which one signs in), buttons, the chat's icons."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_is_explained_and_not_as_in_the_chat(language: str) -> None:
    for code in CODES:
        said = outline(translator(language), code)
        assert " " in said, code
        assert not OF_THE_CHAT.search(re.sub(r"(GET|POST|PUT) /\S+", "", said)), (code, said)


async def test_a_task_that_cannot_be_accepted_is_nobodys_haste(api: Api, acme: World) -> None:
    client = await api.caller(acme.team.client)
    said = await client("POST", f"/tasks/{acme.tasks[Status.DONE]}/accept")
    assert (said.status, said.code) == (409, "task-already-moved")
    assert said.json["detail"] == (
        "That can’t be done with the task as it stands now. In GET /tasks/… actions says what can"
        " be."
    )


async def test_choices_are_told_in_the_language_of_the_caller(api: Api, acme: World) -> None:
    admin = await api.caller(acme.team.admin, **{"Accept-Language": "ru"})
    body = {"project_id": acme.project, "title": "Paint", "priority": "q"}
    (wrong,) = (await admin("POST", "/tasks", body)).json["errors"]
    assert (wrong["field"], wrong["code"]) == ("priority", "no-choice")
    assert wrong["detail"] == "должно быть одним из: low, normal, high, urgent"


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_who_is_invited_to_a_project_needs_one(api: Api, acme: World, role: Role) -> None:
    admin = await api.caller(acme.team.admin)
    for body in ({"role": role}, {"role": role, "project_id": None}):
        said = await admin("POST", "/invites", body)
        assert (said.status, said.code) == (422, "not-valid")
        (wrong,) = said.json["errors"]
        assert (wrong["in"], wrong["field"], wrong["code"]) == ("body", "project_id", "missing")
    assert (await admin("POST", "/invites", {"role": "manager"})).status == 201


async def test_nobody_hands_over_to_themselves(api: Api, acme: World) -> None:
    admin = await api.caller(acme.team.admin)
    said = await admin("POST", f"/members/{acme.team.admin.user_id}/hand-over-admin")
    assert (said.status, said.code) == (409, "hand-over-to-self")


async def test_what_was_sent_can_not_be_given_up(api: Api, acme: World) -> None:
    admin = await api.caller(acme.team.admin)
    sql = "update exports set state = 'sent' where id = $1 returning id"
    await factories.ask(api.parts.database, sql, acme.money.export)
    said = await admin("DELETE", f"/exports/{acme.money.export}")
    assert (said.status, said.code) == (409, "export-sent")
