"""Taking files in: their rows, their names, the plan's room, and what belongs to a submission."""

from dataclasses import replace

import pytest

from saas_bot.core.errors import Conflict, Forbidden, LimitReached, NotFound
from saas_bot.domain.files import DOWNLOAD_MOST, Incoming, Kind, Rules
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import files, tasks
from saas_bot.services.files import Place
from tests import factories

PDF = Incoming(Kind.DOCUMENT, "one", "report.pdf", 1000, "application/pdf")
RULES = Rules()
COUNTED = """
    select u.bytes, (select sum(size) from files f where f.company_id = u.company_id)
    from storage_usage u where u.company_id = :company
"""


async def used(world):
    """What the usage says, and what the files really take."""
    async with world.database.reading() as driver:
        (row,) = await driver.fetch(COUNTED.replace(":company", "$1"), world.team.id)
    return tuple(row)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\nb\u202efdp.exe", "abfdp.exe"),
        ("я" * 200 + ".pdf", "я" * 125 + ".pdf"),
        ("\u200e", "file"),
        ("<b>&.pdf", "_b_&.pdf"),
    ],
)
async def test_a_name_is_made_safe(world, name, kept):
    place = Place(world.tasks[Status.NEW])
    added = await world.do(files.add, world.team.client, place, [replace(PDF, name=name)], RULES)
    assert added.names == (kept,)
    assert added.where == "WEB-1"
    assert await world.value("select name from files") == kept


async def test_one_of_unknown_size_reserves_what_it_may_take(world):
    unknown = replace(PDF, size=None)
    place = Place(project_id=world.web)
    added = await world.do(files.add, world.team.worker, place, [PDF, unknown], RULES)
    assert (added.where, added.place) == ("Website", place)
    assert await used(world) == (1000 + DOWNLOAD_MOST,) * 2


async def test_what_does_not_fit_leaves_nothing_and_what_is_deleted_makes_room(world):
    await factories.storage(world.database, world.team.id, 2500)
    place, team = Place(world.tasks[Status.NEW]), world.team
    await world.do(files.add, team.worker, place, [PDF, PDF], RULES)
    with pytest.raises(LimitReached) as full:
        await world.do(files.add, team.worker, place, [PDF], RULES)
    room = {"limit": 2500, "used": 2000, "free": 500, "size": 1000}
    about = {"plan": "Small", "who": "other", "name": "report.pdf"}
    assert full.value.params == room | about
    with pytest.raises(LimitReached):
        await world.do(files.check, team.worker, [PDF], RULES)
    assert await world.value("select count(*) from uploads") == 1
    file_id = await world.value("select min(id) from files")
    await world.do(files.remove, team.worker, file_id)
    await world.do(files.add, team.admin, place, [PDF], RULES)
    assert await used(world) == (2000, 2000)


async def test_an_album_goes_where_it_began_and_nobody_elses_is_touched(world):
    team, new, other = world.team, world.tasks[Status.NEW], world.tasks[Status.DONE]
    hidden = Place(new, internal=True)
    first = await world.do(files.add, team.worker, hidden, [PDF], RULES, album="7")
    place = await world.do(files.place_of_album, team.worker, "7")
    assert place == Place(new, world.web, internal=True)
    again = await world.do(files.add, team.worker, place, [PDF], RULES, album="7")
    assert again.upload_id == first.upload_id
    assert await world.do(files.place_of_album, team.client, "7") is None
    with pytest.raises(Conflict, match="album-elsewhere"):
        await world.do(files.add, team.worker, Place(other), [PDF], RULES, album="7")
    theirs = await world.do(files.add, team.client, Place(other), [PDF], RULES, album="7")
    assert theirs.upload_id != first.upload_id


async def test_what_came_without_a_name_is_numbered_where_it_goes(world):
    photo = Incoming(Kind.PHOTO, "one", "photo_13-03.jpg", 1000, "image/jpeg", unnamed=True)
    team, place = world.team, Place(world.tasks[Status.NEW])
    names = []
    named, nameless = replace(photo, unnamed=False), replace(photo, name="v")
    for sent in ([photo, photo], [photo], [named], [nameless, nameless]):
        names += (await world.do(files.add, team.worker, place, sent, RULES)).names
    assert names == [
        "photo_13-03.jpg", "photo_13-03_2.jpg", "photo_13-03_3.jpg", "photo_13-03.jpg", "v", "v_2"
    ]  # fmt: skip
    other = await world.do(files.add, team.worker, Place(project_id=world.web), [photo], RULES)
    assert other.names == ("photo_13-03.jpg",)


async def test_only_ones_own_comment_takes_files(world):
    team, new = world.team, world.tasks[Status.NEW]
    said = await world.do(tasks.comment, team.manager, new, "Look")
    place = Place(new, comment_id=said.comments[-1].id)
    with pytest.raises(NotFound, match="comment-not-found"):
        await world.do(files.add, team.worker, place, [PDF], RULES)
    await world.do(files.add, team.manager, place, [PDF], RULES)
    with pytest.raises(Forbidden):
        await world.do(files.add, team.client, Place(new, internal=True), [PDF], RULES)
    assert await world.value("select count(*) from files") == 1


async def test_a_comment_takes_ones_own_files_of_that_task_and_keeps_them_from_clients(world):
    team, task = world.team, world.tasks[Status.IN_PROGRESS]
    sent = [
        await world.do(files.add, who, Place(there), [PDF], RULES)
        for who, there in (
            (team.worker, task),
            (team.manager, task),
            (team.worker, world.tasks[Status.NEW]),
        )
    ]
    commented = await world.do(tasks.comment, team.worker, task, "See it", internal=True)
    said, uploads = commented.comments[-1], [one.upload_id for one in sent]
    await world.do(files.tie_to_comment, team.worker, task, said, uploads)
    tied = "select array_agg(upload_id) from files where comment_id = :comment and internal"
    assert await world.value(tied, comment=said.id) == [uploads[0]]


async def test_a_submission_takes_ones_own_files_of_that_task_and_shows_them(world):
    team, task = world.team, world.tasks[Status.IN_PROGRESS]
    sent = [
        await world.do(files.add, who, Place(there, internal=internal), [PDF], RULES)
        for who, there, internal in (
            (team.worker, task, True),
            (team.manager, task, False),
            (team.worker, world.tasks[Status.NEW], False),
        )
    ]
    moved = await world.do(tasks.move, team.worker, task, Action.SUBMIT)
    uploads = [one.upload_id for one in sent]
    await world.do(files.tie_to_review, team.worker, task, moved.review.id, uploads)
    tied = "select array_agg(upload_id) from files where review_id = :review and not internal"
    assert await world.value(tied, review=moved.review.id) == [uploads[0]]
    returned = await world.do(tasks.move, team.client, task, Action.RETURN, "Once more")
    assert returned.review.id == moved.review.id
