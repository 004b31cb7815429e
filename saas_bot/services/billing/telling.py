"""Telling the admins of companies what becomes of their plan, many companies in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import driver_of
from saas_bot.services.notifications import Kind

_TELL: Final = """
    insert into outbox (company_id, telegram_id, kind, payload)
    select u.company_id, u.telegram_id, told.kind, told.payload::jsonb
    from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality
        told(company_id, kind, payload, place)
    join users u on u.company_id = told.company_id and u.role = 'admin' and u.status = 'active'
    where u.id is distinct from $4
    order by told.place, u.id
    """


@dataclass(frozen=True, slots=True)
class News:
    """What to tell the admins of one company; the rest is read when it is sent."""

    company_id: int
    kind: Kind
    payload: dict[str, Any]


async def tell_admins(
    session: AsyncSession, news: Sequence[News], *, but: int | None = None
) -> None:
    """Queue all of it, but not for the user `but`; nothing is fine."""
    if not news:
        return
    values = [(one.company_id, one.kind.value, json.dumps(one.payload)) for one in news]
    await driver_of(session).fetch(_TELL, *map(list, zip(*values, strict=True)), but)
