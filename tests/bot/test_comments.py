"""Comments: whom they reach, putting them in other words, deleting them."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from tests import factories
from tests.bot.rows import change, fingerprint, rows

BODIES = "select body, internal, edited_at is not null from comments order by id"


async def comment(acme, person, task: int, words: str, *, internal: bool = False) -> int:
    """The id of a comment that was written in the chat."""
    await person.clicks_data(f"te:{task}:comment")
    if internal:
        await person.clicks("For the team only")
    await person.sends(words)
    return (await rows(acme.database, "select max(id) from comments"))[0]


@pytest.mark.parametrize(("language", "said"), [("en", "Not told:"), ("ru", "Не узнают:")])
async def test_whom_a_comment_calls_in_vain_is_said(acme, language, said):
    task_id = await acme.task("Fix the pump")
    await acme.speak(language)
    for words, missed in (("@zorro look", f"🔕 {said} @zorro."), ("@wanda look", "")):
        await acme.ada.clicks_data(f"t:{task_id}")
        await acme.ada.clicks({"en": "Comment", "ru": "Комментарий"}[language])
        await acme.ada.sends(words)
        assert missed in acme.ada.screen.text
        assert ("🔕" in acme.ada.screen.text) is bool(missed)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("ada", "@Walt reached several people: Walt (@5), Walt Smith (@6). To call just one"),
        ("clive", "@Walt reached several people of that name."),
    ],
)
async def test_a_name_of_several_people_is_said_to_be_one(acme, database, person, said):
    for name in ("Walt", "Walt Smith"):
        one = await factories.member(database, acme.team.id, Role.WORKER, name)
        await change(
            database,
            "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)",
            c=acme.team.id, p=acme.project, u=one.user_id,
        )  # fmt: skip
    task = await acme.task("Fix the pump")
    await comment(acme, getattr(acme, person), task, "@Walt look")
    assert f"👥 {said}" in getattr(acme, person).screen.text
    await comment(acme, acme.ada, task, "@5 look")
    assert "👥" not in acme.ada.screen.text
    assert "🔕" not in acme.ada.screen.text


async def test_ones_own_comment_is_edited_in_three_taps_and_a_message(acme, database):
    task = await acme.task(assignee=acme.team.worker)
    await comment(acme, acme.wanda, task, "It drps")
    await comment(acme, acme.wanda, task, "By the seal", internal=True)
    await change(database, "delete from outbox")
    await acme.wanda.clicks_data(f"t:{task}")
    await acme.wanda.clicks("More")
    await acme.wanda.clicks("All comments")
    await acme.wanda.clicks("It drps")
    assert "It drps\n\nWrite it anew, or delete it." in acme.wanda.screen.text
    await acme.wanda.sends("It drips")
    assert acme.wanda.screen.text.startswith("Saved.\n\n💬 WEB-1 Fix the pump")
    assert ", edited\nIt drips" in acme.wanda.screen.text
    await acme.wanda.clicks("By the seal")
    await acme.wanda.sends("By the old seal")
    assert await rows(database, BODIES) == [
        ("It drips", False, True), ("By the old seal", True, True)
    ]  # fmt: skip
    assert await rows(database, "select count(*) from outbox") == [0], "nobody is told anew"
    await acme.clive.clicks_data(f"t:{task}")
    assert ", edited: It drips" in acme.clive.screen.text
    assert "seal" not in acme.clive.screen.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_history_keeps_what_a_comment_said_within_the_team(acme, language):
    await acme.speak(language)
    task = await acme.task(assignee=acme.team.worker)
    said = await by_wanda(acme, task, "It drps")
    await acme.wanda.clicks_data(f"cm:{task}:{said}:edit")
    await acme.wanda.sends("It drips " * 20)
    await acme.wanda.clicks_data(f"cm:{task}:{said}:sure")
    told = {}
    for person in (acme.ada, acme.clive):
        await person.clicks_data(f"te:{task}:history")
        told[person.name] = person.screen
    assert "It drps → It drips It drips" in told["Ada"].text
    deleted = {"en": "deleted a comment by Wanda", "ru": "комментарий удалён, автор Wanda"}
    assert deleted[language] in told["Clive"].text
    assert "It dr" not in told["Clive"].text
    assert not any(one.startswith("hc:") for one in told["Clive"].data)
    (data,) = [one for one in told["Ada"].data if one.startswith("hc:")]
    await acme.ada.clicks_data(data)
    assert acme.ada.screen.text.endswith("It drps")
    await acme.ada.clicks({"en": "After", "ru": "После"}[language])
    assert acme.ada.screen.text.endswith(("It drips " * 20).strip())
    await acme.clive.clicks_data(data)
    assert acme.clive.toast.startswith(("This button is out of date", "Эта кнопка устарела"))


async def by_wanda(acme, task: int, words: str) -> int:
    """Wanda's, written as a row."""
    made = """
        insert into comments (company_id, task_id, author_id, author_name, body)
        select company_id, id, :author, 'Wanda', :words from tasks where id = :task returning id
    """
    author = acme.team.worker.user_id
    return (await rows(acme.database, made, task=task, author=author, words=words))[0]


@pytest.mark.parametrize("role", Role)
async def test_who_may_do_what_with_someone_elses_comment(acme, database, role):
    person, task = acme.everyone[role], await acme.task()
    said = await by_wanda(acme, task, "It drips")
    await person.clicks_data(f"te:{task}:comments")
    offered = {one.rpartition(":")[2] for one in person.screen.data if one.startswith("cm:")}
    deletes = role in (Role.ADMIN, Role.MANAGER)
    assert offered == ({"edit"} if role is Role.WORKER else {"delete"} if deletes else set())
    if role is not Role.WORKER:
        await person.clicks_data(f"cm:{task}:{said}:edit")
        assert person.toast.startswith("Your role doesn’t allow that.")
        await person.clicks_data(f"te:{task}:comments")
    if deletes:
        await person.clicks("🗑 Wanda: It drips")
        assert "Delete this comment by Wanda? It can’t be brought back." in person.screen.text
        await person.clicks("No")
        assert "It drips" in person.screen.text
    await person.clicks_data(f"cm:{task}:{said}:delete")
    if role is Role.CLIENT:
        await person.clicks_data(f"cm:{task}:{said}:sure")
        assert await rows(database, "select count(*) from comments") == [1]
        return
    await person.clicks("Yes")
    assert person.toast == "Deleted."
    assert "No comments here." in person.screen.text
    await person.clicks_data(f"cm:{task}:{said}:sure")
    assert person.toast.startswith("I can’t find that comment.")


async def test_an_internal_comment_is_none_to_a_client(acme, database):
    task = await acme.task()
    said = await comment(acme, acme.wanda, task, "Hush", internal=True)
    await change(database, "update users set role = 'client' where name = 'Wanda'")
    await acme.wanda.clicks_data("o:menu")
    before = await fingerprint(database)
    answers = set()
    for comment_id in (said, 2**62):
        for what in ("edit", "delete", "sure"):
            await acme.wanda.clicks_data(to.Comment(id=task, comment=comment_id, what=what).pack())
            answers.add((acme.wanda.toast, acme.wanda.screen.text))
    assert len(answers) == 1
    assert "Hush" not in str(answers)
    assert await fingerprint(database) == before


async def test_a_comment_deleted_meanwhile_gives_the_words_back(acme):
    task = await acme.task()
    said = await by_wanda(acme, task, "It drips")
    await acme.wanda.clicks_data(f"cm:{task}:{said}:edit")
    await acme.ada.clicks_data(f"cm:{task}:{said}:sure")
    await acme.wanda.sends("It drips a lot since Monday")
    assert acme.wanda.screen.text.startswith("I can’t find that comment.")
    assert "WEB-1 Fix the pump" in acme.wanda.screen.text
    assert "It drips a lot since Monday" in acme.wanda.messages[-2].text


async def test_comments_of_an_archived_project_stay_as_they_are(acme, database):
    task = await acme.task()
    said = await by_wanda(acme, task, "It drips")
    await change(database, "update projects set status = 'archived'")
    before = await fingerprint(database)
    for person, what in ((acme.wanda, "edit"), (acme.wanda, "sure"), (acme.ada, "delete")):
        await person.clicks_data(f"cm:{task}:{said}:{what}")
        assert person.toast.startswith("The project is archived")
        await person.clicks_data(f"te:{task}:comments")
        assert not any(one.startswith("cm:") for one in person.screen.data)
    assert await fingerprint(database) == before


async def test_a_change_of_a_comment_takes_eight_statements(acme, statements):
    task = await acme.task()
    said = await by_wanda(acme, task, "It drips")
    with statements() as read:
        await acme.wanda.clicks_data(f"cm:{task}:{said}:edit")
    assert len(read) <= 4, read.verbs
    with statements() as changed:
        await acme.wanda.sends("It drips a lot")
    assert len(changed) <= 8, changed.verbs
    with statements() as changed:
        await acme.wanda.clicks_data(f"cm:{task}:{said}:sure")
    assert len(changed) <= 8, changed.verbs
