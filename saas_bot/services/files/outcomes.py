"""What has become of what somebody has sent at once.

Functions want a system session, or one of the company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import AuditLog, File, Project, ProjectMember, Task, Upload, User
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Role

CANCELLED: Final = "upload.cancelled"
"""How it is noted that somebody has thought better of what they sent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of an upload: its files in the order they came, and where they belong."""

    files: Sequence[File]
    task_id: int | None
    project_id: int
    where: str
    """The task's number or the project's name."""
    internal: bool
    clients: bool
    """Whether the project has clients, who see what is not internal."""
    commented: bool
    """Whether words came with it, which are a comment."""
    cancelled: Sequence[str] = ()
    """The names of those that whoever sent them has thought better of."""

    @property
    def stored(self) -> list[File]:
        """Those that are safe."""
        return [one for one in self.files if one.status == State.STORED]

    @property
    def failed(self) -> list[File]:
        """Those that are not, and never will be."""
        return [one for one in self.files if one.status == State.FAILED]


_HAS_CLIENTS = (
    select(ProjectMember.user_id)
    .join(User, User.id == ProjectMember.user_id)
    .where(
        ProjectMember.project_id == Project.id, User.role == Role.CLIENT, User.status == "active"
    )
    .correlate(Project)
    .exists()
)


async def outcome(session: AsyncSession, upload: Upload) -> Outcome | None:
    """How an upload stands; None: what it belonged to is deleted."""
    files = await session.scalars(
        select(File)
        .where(File.company_id == upload.company_id, File.upload_id == upload.id)
        .order_by(File.id)
    )
    row = (
        await session.execute(
            select(
                Project.name,
                Project.key,
                Task.number,
                Upload.task_id,
                Upload.project_id,
                Upload.internal,
                Upload.comment_id,
                _HAS_CLIENTS.label("clients"),
            )
            .select_from(Upload)
            .join(Project, Project.id == Upload.project_id)
            .outerjoin(Task, Task.id == Upload.task_id)
            .where(Upload.id == upload.id)
        )
    ).one_or_none()
    if row is None or row.task_id != upload.task_id:
        return None
    where = row.name if row.number is None else f"{row.key}-{row.number}"
    return Outcome(
        files.all(),
        row.task_id,
        row.project_id,
        where,
        row.internal,
        clients=row.clients,
        commented=row.comment_id is not None,
        cancelled=await _cancelled(session, upload),
    )


async def _cancelled(session: AsyncSession, upload: Upload) -> list[str]:
    """What `uploads.cancel` has noted of it."""
    noted = await session.scalars(
        select(AuditLog.after)
        .where(AuditLog.company_id == upload.company_id, AuditLog.entity == "upload")
        .where(AuditLog.entity_id == upload.id, AuditLog.action == CANCELLED)
        .order_by(AuditLog.id)
    )
    return [name for after in noted for name in (after or {}).get("files", ())]
