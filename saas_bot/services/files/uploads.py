"""Uploads as people see them: what came with one, and thinking better of it."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.models import File, Upload
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit
from saas_bot.services.file_reach import visible
from saas_bot.services.files.outcomes import CANCELLED, Outcome, outcome


async def names_of(session: AsyncSession, actor: Actor, upload_id: int) -> Sequence[str]:
    """The files of an upload that the actor may see now.

    Those of a comment or a submission are told with that.
    """
    there = (File.upload_id == upload_id, File.status == State.STORED)
    alone = (File.review_id.is_(None), File.comment_id.is_(None))
    query = select(File.name).where(*there, *alone, *visible(actor.role)).order_by(File.id)
    return (await session.scalars(query)).all()


async def cancel(session: AsyncSession, actor: Actor, upload_id: int) -> Outcome | None:
    """Give up what is not stored yet of one's own upload; gives how it stands then, and None where
    all of it is given up already.

    Whoever is storing them notices within a moment.

    Raises:
        NotFound: there is nothing that could be given up.
    """
    actor.need(Permission.TASK_ATTACH)
    own = select(Upload.id).where(Upload.id == upload_id, Upload.user_id == actor.user_id)
    given_up = await session.scalars(
        delete(File)
        .where(File.upload_id.in_(own), File.status == State.PENDING, File.stored_at.is_(None))
        .returning(File.name)
        .execution_options(synchronize_session=False)
    )
    names = given_up.all()
    if not names:
        left = select(File.id).where(File.upload_id == upload_id)
        if await session.scalar(own.where(~left.exists())) is None:
            raise NotFound("upload-over")
        return None
    after = {"files": list(names)}
    audit.record(session, actor, CANCELLED, "upload", upload_id, after=after)
    upload = (await session.scalars(select(Upload).where(Upload.id == upload_id))).one()
    return await outcome(session, upload)
