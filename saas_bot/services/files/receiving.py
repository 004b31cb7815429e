"""Taking files in: their rows come first, and the work of storing them is queued with the rows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Forbidden, LimitReached, NotFound
from saas_bot.db.models import Comment, File, Project, Upload
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import DOWNLOAD_MOST, Incoming, Rules
from saas_bot.domain.permissions import Permission, may
from saas_bot.services import audit, entitlements, projects
from saas_bot.services.files.shapes import ALBUM_ARRIVES_WITHIN, Added, Place
from saas_bot.services.tasks.comments import comment_on
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard, TaskComment
from saas_bot.storage import object_key, safe_name

NEWEST: Final = 200
"""Files of a place among which those without a name are told apart."""

# Made for an answer that has not been given yet.
_FREE: Final = """uploads.id = any(:earlier)
            and uploads.comment_id is null and uploads.review_id is null"""

# What comes with an album that is there already goes where that went; only as it is updated does
# its row come back. A comment takes along the `earlier` uploads that were sent for it, and that of
# its own album is one row which only one part of a statement may change.
_TAKEN = text("""
    with upload as (
        insert into uploads (
            company_id, user_id, project_id, task_id, comment_id, internal, album, for_answer)
        values (:company, :me, :project, :task, :comment, :internal, :album, :for_answer)
        on conflict (company_id, user_id, album) do update set
            comment_id = case when {free} then excluded.comment_id else uploads.comment_id end,
            internal = case when {free} then excluded.internal else uploads.internal end
        returning *
    ), tied as (
        update uploads set comment_id = :comment, internal = :internal
        where {free} and user_id = :me and task_id = :task
            and coalesce(album <> :album, true)
        returning id
    ), brought as (
        update files f set comment_id = :comment, internal = :internal
        from (select id from tied union all
              select id from upload where id = any(:earlier) and comment_id = :comment) u
        where f.upload_id = u.id and f.task_id = :task
    ), taken as (
        insert into files (
            company_id, project_id, task_id, review_id, of_return, comment_id, upload_id,
            uploader_id, uploader_name, object_key, name, kind, size, media_type, telegram_file_id,
            renamed, internal)
        select u.company_id, u.project_id, u.task_id, u.review_id, u.of_return, u.comment_id, u.id,
            u.user_id, :name, f.object_key, f.name, f.kind, f.size, f.media_type,
            f.telegram_file_id, f.renamed, u.internal
        from upload u, jsonb_to_recordset(cast(:files as jsonb)) as f(
            place int, object_key text, name text, kind text, size bigint, media_type text,
            telegram_file_id text, renamed boolean)
        order by f.place
    )
    select id, task_id, project_id, comment_id, internal, enqueue('upload', id) from upload
    """.replace("{free}", _FREE)).bindparams(  # nosec B608: the words are our own
    bindparam("earlier", type_=ARRAY(BigInteger())),
    bindparam("comment", type_=BigInteger()),
    bindparam("album", type_=Text()),
)

_TIED = text("""
    with tied as (
        update uploads set review_id = :review, of_return = :of_return, comment_id = :comment,
            internal = :internal
        where id in :uploads and user_id = :me and task_id = :task
            and review_id is null and comment_id is null
        returning id
    )
    update files set review_id = :review, of_return = :of_return, comment_id = :comment,
        internal = :internal
    where upload_id in (select id from tied) and task_id = :task
    """).bindparams(
    bindparam("uploads", expanding=True),
    bindparam("review", type_=BigInteger()),
    bindparam("comment", type_=BigInteger()),
)


async def add(
    session: AsyncSession,
    actor: Actor,
    place: Place,
    incoming: Sequence[Incoming],
    rules: Rules,
    *,
    album: str | None = None,
) -> Added:
    """Take files for a place and queue the work of storing them.

    They count towards the plan's storage from now on, by the size that Telegram has told. What
    comes with the same `album` goes where its first file went.

    Raises:
        NotFound: there is no such task, project or comment within reach.
        Forbidden: the actor may not attach files there, or not internal ones.
        Conflict: the project is archived.
        Invalid: a file is too large, empty, or of a type that is not taken.
        LimitReached: the plan's storage is too small for them.
    """
    if place.task_id is None:
        project_id, where = await _project(session, actor, place)
        return await _take(session, actor, place, project_id, where, incoming, rules, album)
    task = await card(session, actor, place.task_id)
    if place.comment_id is not None:
        await _need_own_comment(session, actor, place)
    return await _take_for(session, actor, task, place, incoming, rules, album)


async def add_to(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    incoming: Sequence[Incoming],
    rules: Rules,
    *,
    internal: bool = False,
    album: str | None = None,
    for_answer: bool = False,
) -> Added:
    """The same for a task that this transaction has found within reach, or has created.

    Of what is sent `for_answer`, for a comment, a submission or a return, others hear by that.
    """
    place = Place(task.id, internal=internal, for_answer=for_answer)
    return await _take_for(session, actor, task, place, incoming, rules, album)


async def comment_with(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    words: str,
    incoming: Sequence[Incoming],
    rules: Rules,
    *,
    internal: bool = False,
    album: str | None = None,
    earlier: Sequence[int] = (),
) -> TaskCard:
    """Comment on such a task with files that belong to the comment; errors as in `add`.

    The `earlier` uploads to the task that the actor has made for it belong to it as well.
    """
    after = ALBUM_ARRIVES_WITHIN if album else None
    commented = await comment_on(session, actor, task, words, internal=internal, after=after)
    *others, said = commented.comments
    place = Place(task.id, comment_id=said.id, internal=internal)
    await _take_for(session, actor, task, place, incoming, rules, album, earlier)
    comments = (*others, replace(said, files=len(incoming)))
    return replace(commented, files=commented.files + len(incoming), comments=comments)


async def place_of(session: AsyncSession, actor: Actor, place: Place) -> tuple[int, str]:
    """The project of a place to which the actor may attach files now, and how the place is called.

    Errors as in `add`.
    """
    if place.task_id is None:
        return await _project(session, actor, place)
    task = await card(session, actor, place.task_id)
    _need_open(actor, task, place)
    return task.project_id, task.ref


async def check(
    session: AsyncSession, actor: Actor, incoming: Sequence[Incoming], rules: Rules
) -> None:
    """Pass if files that wait for their place could be taken now; errors as in `add`."""
    actor.need(Permission.TASK_ATTACH)
    for one in incoming:
        rules.check(one)
    name = incoming[-1].name
    await entitlements.guard_storage(session, actor, _sizes(incoming), name, counted=False)


async def place_of_album(session: AsyncSession, actor: Actor, album: str) -> Place | None:
    """Where the first files of an album went, if the actor has sent any of it."""
    query = select(Upload.task_id, Upload.project_id, Upload.comment_id, Upload.internal).where(
        Upload.user_id == actor.user_id, Upload.album == album
    )
    row = (await session.execute(query)).one_or_none()
    return Place(*row) if row else None


async def tie_to_review(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    review_id: int,
    uploads: Sequence[int],
    *,
    of_return: bool = False,
) -> None:
    """Make what the actor has just uploaded to a task a part of its submission, or of its return.

    Clients are to see it, so nothing of it stays internal.
    """
    to = {"review": review_id, "of_return": of_return, "comment": None, "internal": False}
    await _tie(session, actor, task_id, uploads, to)


async def tie_to_comment(
    session: AsyncSession, actor: Actor, task_id: int, said: TaskComment, uploads: Sequence[int]
) -> None:
    """The same for a comment that the actor has just written; all of it is as internal as that."""
    to = {"review": None, "of_return": False, "comment": said.id, "internal": said.internal}
    await _tie(session, actor, task_id, uploads, to)


async def _tie(
    session: AsyncSession, actor: Actor, task_id: int, uploads: Sequence[int], to: dict[str, Any]
) -> None:
    if uploads:
        what = {"me": actor.user_id, "task": task_id, "uploads": [*uploads]}
        await session.execute(_TIED, what | to)


async def _need_own_comment(session: AsyncSession, actor: Actor, place: Place) -> None:
    own = select(Comment.id).where(
        Comment.id == place.comment_id,
        Comment.task_id == place.task_id,
        Comment.author_id == actor.user_id,
    )
    if await session.scalar(own) is None:
        raise NotFound("comment-not-found")


async def _project(session: AsyncSession, actor: Actor, place: Place) -> tuple[int, str]:
    actor.need(Permission.TASK_ATTACH)
    query = select(Project.id, Project.name, Project.status, Project.over_limit).where(
        Project.id == place.project_id, projects.within_reach(actor, Permission.TASK_ATTACH)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    _need_insight(actor, place)
    if row.status == "archived":
        raise Conflict("project-archived")
    if row.over_limit:
        raise LimitReached("limit-project", project=row.name)
    return row.id, row.name


def _need_open(actor: Actor, task: TaskCard, place: Place) -> None:
    task.need(actor, Permission.TASK_ATTACH)
    _need_insight(actor, place)
    task.need_active()


def _need_insight(actor: Actor, place: Place) -> None:
    if place.internal and not may(actor.role, Permission.INTERNAL_SEE):
        raise Forbidden("not-allowed")


async def _take_for(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    place: Place,
    incoming: Sequence[Incoming],
    rules: Rules,
    album: str | None,
    earlier: Sequence[int] = (),
) -> Added:
    _need_open(actor, task, place)
    about = (task.project_id, task.ref)
    return await _take(session, actor, place, *about, incoming, rules, album, earlier)


async def _take(
    session: AsyncSession,
    actor: Actor,
    place: Place,
    project_id: int,
    where: str,
    incoming: Sequence[Incoming],
    rules: Rules,
    album: str | None,
    earlier: Sequence[int] = (),
) -> Added:
    """Write the rows for a place to which the actor may attach files, in two statements."""
    for one in incoming:
        rules.check(one)
    incoming = await _told_apart(session, project_id, place.task_id, incoming)
    rows = [
        {**_row(one), "place": number, "object_key": object_key(actor.company_id, project_id)}
        for number, one in enumerate(incoming)
    ]
    said = {
        "company": actor.company_id,
        "me": actor.user_id,
        "name": actor.account.name,
        "project": project_id,
        "task": place.task_id,
        "comment": place.comment_id,
        "internal": place.internal,
        "album": album,
        "for_answer": place.for_answer,
        "earlier": [*earlier],
        "files": json.dumps(rows),
    }
    upload = (await session.execute(_TAKEN, said)).one()
    # Only to the place that was named has the actor been checked.
    if (upload.task_id, upload.project_id) != (place.task_id, project_id):
        raise Conflict("album-elsewhere")
    # The rows hold what the company's files take until the end of the transaction.
    await entitlements.guard_storage(session, actor, _sizes(incoming), rows[-1]["name"])
    audit.changes(session)
    went = Place(upload.task_id, upload.project_id, upload.comment_id, upload.internal)
    return Added(upload.id, tuple(one["name"] for one in rows), went, where)


async def _told_apart(
    session: AsyncSession, project_id: int, task_id: int | None, incoming: Sequence[Incoming]
) -> Sequence[Incoming]:
    """The same; of files that came without a name no two newest ones of a place have the same."""
    if not any(one.unnamed for one in incoming):
        return incoming
    here = File.project_id == project_id, File.task_id.is_not_distinct_from(task_id)
    newest = select(File.name).where(*here).order_by(File.id.desc()).limit(NEWEST)
    taken, named = set(await session.scalars(newest)), []
    for one in incoming:
        name = next(each for each in _names(one.name) if each not in taken)
        named.append(replace(one, name=name) if one.unnamed else one)
        taken.add(named[-1].name)
    return named


def _names(name: str) -> Iterator[str]:
    """The name, then the same with a number before its extension."""
    yield name
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    for number in count(2):
        yield f"{stem}_{number}{dot}{ending}"


def _row(file: Incoming) -> dict[str, Any]:
    name = safe_name(file.name)
    return {
        "name": name,
        "renamed": file.renamed or name != file.name,
        "kind": file.kind,
        "size": _reserved(file),
        "media_type": file.media_type,
        "telegram_file_id": file.telegram_file_id,
    }


def _sizes(incoming: Sequence[Incoming]) -> list[int]:
    return [_reserved(one) for one in incoming]


def _reserved(file: Incoming) -> int:
    """One of unknown size may take as much as a bot can fetch, until its size is known."""
    return file.size or DOWNLOAD_MOST
