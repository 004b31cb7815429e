"""Backups that operators ask for: queued, made by a worker, and told of.

Everything here is of no company: it needs a system session.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import OutboxMessage
from saas_bot.domain.actor import Account
from saas_bot.services import audit
from saas_bot.services.notifications import Kind

_QUEUED: Final = text("select enqueue_by_operator('backup', :person)")


async def ask(session: AsyncSession, operator: Account) -> bool:
    """Queue a backup, of which the operator is told; False: one waits or is being made already.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    queued = await session.scalar(_QUEUED, {"person": operator.telegram_id})
    if queued is None:
        return False
    audit.record_by_operator(session, operator, None, "backup.asked", "backup", queued)
    return True


def tell(session: AsyncSession, telegram_id: int, kind: Kind, facts: Mapping[str, Any]) -> None:
    """Queue the message of what came of it, to whoever asked."""
    session.add(OutboxMessage(telegram_id=telegram_id, kind=kind.value, payload=dict(facts)))
