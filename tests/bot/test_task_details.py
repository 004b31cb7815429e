"""What opens from a card: submissions, comments, the whole text; archived and closed tasks."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from tests.bot.rows import change, fingerprint

ARCHIVED = {
    "en": "The project is archived, so its tasks can only be read.",
    "ru": "Проект в архиве: его задачи можно только читать.",
}

COMMENTS = """
    insert into comments (company_id, task_id, author_name, body, internal)
    select company_id, id, :name, n || ' ' || repeat('&', 3900), n % 2 = 0
    from tasks, generate_series(1, 12) n where id = :task
"""
REVIEWS = """
    insert into reviews (company_id, task_id, number, submitter_name, comment, decision,
                         decided_by_name, decided_by_role, reason, decided_at)
    select company_id, id, n, :name, n || ' ' || repeat('&', 900), 'returned',
           :name, 'client', repeat('&', 1000), now() - interval '400 days'
    from tasks, generate_series(1, 12) n where id = :task
"""


async def archive(acme, database) -> None:
    await change(
        database, "update projects set status = 'archived' where id = :id", id=acme.project
    )


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("status", Status)
async def test_a_task_of_an_archived_project_is_read_only(acme, database, status, language):
    await acme.speak(language)
    task = await acme.task(assignee=acme.team.worker, status=status)
    await archive(acme, database)
    before = await fingerprint(database)
    for person in acme.everyone.values():
        await person.clicks_data(f"t:{task}")
        assert "🗄" in person.screen.text
        assert set(person.screen.data) == {f"te:{task}:more", "o:tasks", "o:menu"}
        await person.clicks_data(f"te:{task}:more")
        assert set(person.screen.data) <= {
            f"te:{task}:reviews", f"te:{task}:history", f"t:{task}", f"mt:{task}:1"
        }  # fmt: skip
        await person.clicks_data(f"te:{task}:comment")
        assert person.toast.startswith(ARCHIVED[language])
        assert await person.step() is None
    for data in (
        f"ts:{task}:priority:urgent",
        f"ta:{task}:0:",
        f"ta:{task}:-1:",
        f"te:{task}:priority",
        f"te:{task}:title",
        f"tm:{task}:cancel",
        f"y:canceltask:{task}",
    ):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith(ARCHIVED[language]), data
    assert await fingerprint(database) == before


@pytest.mark.parametrize("role", Role)
async def test_closed_tasks_are_a_click_away_for_everyone(acme, role):
    person = acme.everyone[role]
    await person.sends("/tasks")
    await person.clicks("Closed")
    assert person.screen.text.startswith("🏁 Nothing is closed yet.")
    await acme.task("First", status=Status.DONE)
    await acme.task("Second", status=Status.CANCELLED)
    await acme.task("Open")
    await person.clicks("• Closed")
    assert person.screen.text == "🏁 Closed tasks"
    titles = [one.split()[-1] for one in person.screen.buttons if "WEB-" in one]
    assert titles == ["Second", "First"]


async def test_submissions_tell_who_did_what(acme):
    task = await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    for words in ("First try", "Second try"):
        await acme.wanda.clicks_data(f"tm:{task}:submit")
        await acme.wanda.sends(words)
        if words == "First try":
            await acme.clive.clicks_data(f"td:{task}:1:return")
            await acme.clive.sends("Too blue")
    await acme.clive.clicks_data(f"t:{task}")
    await acme.clive.clicks("More")
    await acme.clive.clicks("Submissions")
    told = acme.clive.screen.text
    assert told.index("Submission 2 by Wanda, today") < told.index("Submission 1 by Wanda, today")
    assert "Second try\n⏳ Not decided yet" in told
    assert "First try\n↩️ Returned by Clive (client), today" in told
    assert "Too blue" in told
    await acme.clive.clicks("‹ Back")
    assert acme.clive.screen.text.startswith("WEB-1")


async def test_a_reopened_task_does_not_pass_for_accepted(acme):
    task = await acme.task(status=Status.REVIEW)
    await acme.ada.clicks_data(f"td:{task}:1:accept")
    assert "on the client’s behalf by Ada" in acme.ada.screen.text
    await acme.ada.clicks("Reopen")
    assert "behalf" not in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Submissions")
    assert "on the client’s behalf by Ada" in acme.ada.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_submissions_page_and_fit(acme, database, language):
    await acme.speak(language)
    task = await acme.task("&" * 200)
    await change(database, REVIEWS, task=task, name="Ж" * 64)
    await change(database, "update tasks set reviews = 12 where id = :task", task=task)
    await acme.ada.clicks_data(f"te:{task}:reviews")
    seen = []
    older, newer = ("Next ›", "‹ Previous") if language == "en" else ("Следующие ›", "‹ Предыдущие")
    for newest, goes_on in ((12, older), (7, older), (2, newer), (7, newer), (12, older)):
        assert f"{newest} &&&" in acme.ada.screen.text
        assert len(acme.ada.screen.text) <= 4096
        seen.append(acme.ada.screen.text.count("📦") - 1)
        await acme.ada.clicks(goes_on)
    assert seen == [5, 5, 2, 5, 5]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_all_comments_page_and_fit(acme, database, language):
    await acme.speak(language)
    task = await acme.task("&" * 200)
    await change(database, COMMENTS, task=task, name="Ж" * 64)
    seen = {}
    for person, pages in ((acme.ada, 3), (acme.clive, 2)):
        await person.clicks_data(f"t:{task}")
        await person.clicks("More" if language == "en" else "Ещё")
        await person.clicks("All comments" if language == "en" else "Все комментарии")
        found = []
        for page in range(pages):
            if page:
                await person.clicks("Next ›" if language == "en" else "Следующие ›")
            assert len(person.screen.text) <= 4096
            found += [int(x.split()[0]) for x in person.screen.text.split("\n") if " &&&" in x[:6]]
        assert not any(one.startswith(("Next", "Следующие")) for one in person.screen.buttons)
        seen[person.name] = found
    assert seen == {"Ada": list(range(12, 0, -1)), "Clive": list(range(11, 0, -2))}


async def test_the_whole_description_is_there(acme, database):
    task = await acme.task()
    await change(database, "update tasks set description = repeat('&', 1200)")
    await acme.ada.clicks_data(f"t:{task}")
    assert not any("In full" in one for one in acme.ada.screen.buttons)
    await change(database, "update tasks set description = repeat('&', 4000)")
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("In full")
    assert acme.ada.screen.text == "&" * 4000
    assert acme.ada.screen.buttons == ["‹ Back"]


async def test_what_is_not_there_any_more_leads_to_the_card_or_says_so(acme):
    task = await acme.task()
    for field in ("text", "reviews"):
        await acme.ada.clicks_data(f"te:{task}:{field}")
        assert acme.ada.screen.text.startswith("WEB-1 Fix the pump")
    await acme.ada.clicks_data(f"te:{task}:comments")
    assert "No comments here." in acme.ada.screen.text


async def test_out_of_reach_nothing_is_told(acme, globex, database):
    task = await globex.task("Secret")
    await change(database, COMMENTS, task=task, name="Spy")
    for data in (f"te:{task}:reviews", f"te:{task}:comments", f"te:{task}:text", f"tc:{task}:"):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith("I can’t find that task.")
