"""Nobody's @name becomes a link to a stranger who happens to have that username in Telegram."""

import pytest
from markupsafe import Markup
from sqlalchemy import select

from saas_bot.core.i18n import unlinked
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.handles import handle_in
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.screens import notifications
from saas_bot.screens.screen import TEXT_LIMIT, length
from tests import factories
from tests.bot.rows import change, rows


async def test_a_name_called_in_words_is_no_link(acme, database):
    """Clara has no username; a stranger's account may well be t.me/clara."""
    clara = await factories.member(database, acme.team.id, Role.WORKER, "Clara")
    await change(
        database,
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)",
        c=acme.team.id, p=acme.project, u=clara.user_id,
    )  # fmt: skip
    task = await acme.task("Ask @Clara", assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("@Clara, and @zorro_z: see mail@example.com")
    assert "@Clara, and @zorro_z: see mail@example.com" in acme.ada.screen.text
    assert acme.ada.screen.usernames == []
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    await acme.wanda.sends("Done with @Clara")
    for part in ("more", "comments", "reviews", "history"):
        await acme.max.clicks_data(f"te:{task}:{part}")
        assert "@Clara" in acme.max.screen.text or part == "history"
        assert acme.max.screen.usernames == []
    await acme.ada.sends("/search clara")
    assert "@Clara" in acme.ada.screen.text
    assert acme.ada.screen.usernames == []


async def test_nor_is_it_in_a_notification(acme, database):
    task = await acme.task("Ask @Clara", assignee=acme.team.worker)
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("@Clara @Wanda look")
    async with database.system_session("test") as session:
        for message in (await session.scalars(select(OutboxMessage))).all():
            for call in await notifications.render(session, message) or ():
                assert "\N{WORD JOINER}Clara" in call.text
                assert "@Clara" not in call.text


async def test_a_username_on_the_card_of_its_owner_is_a_link(acme, database):
    await change(database, "update users set username = 'wanda_w' where name = 'Wanda'")
    await acme.ada.clicks_data(f"mb:{acme.team.worker.user_id}")
    assert "Username: @wanda_w" in acme.ada.screen.text
    assert '<a href="https://t.me/wanda_w">@wanda_w</a>' in acme.ada.screen.html


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CLIENT])
async def test_a_card_full_of_names_fits(acme, database, role):
    task = await acme.task("@abc " * 40, status=Status.REVIEW, assignee=acme.team.worker)
    words = "@abc " * 190
    await change(database, "update users set name = repeat('@abc ', 12) || 'x'")
    await change(database, "update projects set name = repeat('@abc ', 12) || 'x'")
    await change(database, "update tasks set description = repeat(:w, 4)", w=words)
    for _ in range(3):
        await change(
            database,
            "insert into comments (company_id, task_id, author_name, body)"
            " select company_id, id, repeat('@abc ', 12), :w from tasks", w=words,
        )  # fmt: skip
    await change(
        database,
        "update reviews set submitter_name = repeat('@abc ', 12), comment = :w, reason = :w,"
        " decision = 'returned', decided_by_role = 'manager', decided_at = now(),"
        " decided_by_name = repeat('@abc ', 12)", w=words,
    )  # fmt: skip
    person = acme.everyone[role]
    for data in (f"t:{task}", f"te:{task}:comments", f"te:{task}:reviews"):
        await person.clicks_data(data)
        assert length(person.screen.html) <= TEXT_LIMIT, data
    assert await rows(database, "select count(*) from reviews") == [1]


@pytest.mark.parametrize(
    "html",
    [
        "<code>/task @anna</code>",
        '<a href="https://t.me/anna">@anna</a>',
        "mail@example.com",
        "https://example.com/@anna?by=@anna",
        "@Клара",
        "a @ b",
    ],
)
def test_what_telegram_makes_no_link_of_stays_as_it_is(html):
    assert unlinked(Markup(html)) == html  # noqa: S704 - it is the test's own


def test_a_name_copied_from_the_bot_calls_the_same_person():
    assert handle_in(unlinked(Markup("@anna"))) == handle_in("@anna") == "anna"
