"""Giving files back: which object, with whose rights, and that it was given."""

from dataclasses import dataclass

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.models import File, User
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.files import Kind, State
from saas_bot.services import accounts, audit
from saas_bot.services.files.reading import row_of

_QUEUED = text("select enqueue('send_file', :file, :person)")


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file on its way to somebody: by Telegram's id of it, or from S3 by its key.

    One that is not stored yet has its Telegram id only; one that Telegram knows by another name is
    not sent by that id.
    """

    id: int
    kind: Kind
    name: str
    size: int
    media_type: str
    telegram_file_id: str | None
    object_key: str
    stored: bool
    ref: str | None
    """The number of its task, where it has one."""
    task_id: int | None
    project_id: int
    project: str


async def fetch(session: AsyncSession, actor: Actor, file_id: int) -> FileToSend:
    """A file that the actor may have, noted as given to them.

    Raises:
        Forbidden: the role sees no files.
        NotFound: there is no such file within reach.
        Conflict: it is on its way into storage, and Telegram has not kept it.
    """
    file = await _file(session, actor, file_id)
    if not file.stored and file.telegram_file_id is None:
        raise Conflict("file-not-stored-yet")
    audit.record(session, actor, "file.downloaded", "file", file.id, after={"file": file.name})
    return file


async def send_from_storage(session: AsyncSession, actor: Actor, file_id: int) -> None:
    """Queue that the file is sent to the actor from S3, where Telegram has it no more.

    Raises:
        Forbidden: the role sees no files.
        NotFound: there is no such file within reach.
        Conflict: it is not in S3 yet.
    """
    await _stored(session, actor, file_id)
    await session.execute(_QUEUED, {"file": file_id, "person": actor.user_id})


async def link(session: AsyncSession, actor: Actor, file_id: int) -> FileToSend:
    """A file to make a link to for the actor (`Storage.presign`), noted as given to them.

    Raises:
        Forbidden: the role sees no files.
        NotFound: there is no such file within reach.
        Conflict: it is not in S3 yet.
    """
    file = await _stored(session, actor, file_id)
    audit.record(session, actor, "file.linked", "file", file.id, after={"file": file.name})
    return file


async def _stored(session: AsyncSession, actor: Actor, file_id: int) -> FileToSend:
    file = await _file(session, actor, file_id)
    if not file.stored:
        raise Conflict("file-not-stored-yet")
    return file


# What the worker needs


async def still_wanted(
    session: AsyncSession, company_id: int, user_id: int, file_id: int
) -> tuple[Account, FileToSend | None] | None:
    """Whom to send a queued file to, and the file, with the rights of this moment.

    No file: it is not theirs to have any more. None at all: they have left the company. It narrows
    the system session that it is given to the company.
    """
    telegram_id = await session.scalar(select(User.telegram_id).where(User.id == user_id))
    member = await accounts.member_of(session, telegram_id or 0, company_id)
    account, actor = member or (None, None)
    if account is None or actor is None:
        return None
    await narrow(session, company_id)
    try:
        return account, await _file(session, actor, file_id)
    except (NotFound, Forbidden):
        return account, None


async def remember_telegram_id(
    session: AsyncSession, company_id: int, file: FileToSend, kind: Kind, telegram_file_id: str
) -> None:
    """Note by which id Telegram has a file now, and as what, so that S3 is not asked for it again.

    One that was given another name meanwhile is sent under that the next time.
    """
    same = (File.company_id == company_id, File.id == file.id, File.name == file.name)
    change = (
        update(File)
        .where(*same)
        .values(telegram_file_id=telegram_file_id, kind=kind, renamed=False)
    )
    await session.execute(change.execution_options(synchronize_session=False))


async def _file(session: AsyncSession, actor: Actor, file_id: int) -> FileToSend:
    row = await row_of(session, actor, file_id)
    return FileToSend(
        row.id,
        Kind(row.kind),
        row.name,
        row.size,
        row.media_type,
        None if row.renamed else row.telegram_file_id,
        row.object_key,
        row.status == State.STORED,
        None if row.number is None else f"{row.key}-{row.number}",
        row.task_id,
        row.project_id,
        row.project,
    )
