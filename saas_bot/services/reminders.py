"""Reminding people by the clock: of tasks that are due, and of submissions that wait.

When to remind is kept by triggers of `tasks` and `reviews`, one row for each task and cause:
a day before it is due, an hour before, when it is due; two days after a submission. What a row
says when its time has come is worked out from the task as it stands then, so after a pause of the
workers people are told only what is true now.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import SWEEP_BATCH

LAST_BEFORE: Final = timedelta(hours=1)
"""How long before a task is due its assignee hears of it for the last time. The database's function
`next_reminder` knows it, too."""

# One statement: what it takes it tells, and moves on or removes. It writes no task, whose version
# may be bound to a question that somebody is being asked.
_SWEEP: Final = text("""
with taken as materialized (
    select company_id, task_id, about from reminders
    where at <= :moment order by at limit :batch for update skip locked
), told as (
    select taken.*, t.project_id, t.due_at, t.assignee_id, t.author_id, t.reviews,
           t.status = 'review' as in_review,
           p.status = 'active' and c.deleted_at is null as of_concern,
           case when about = 'review' then :review_waits
                when t.due_at <= :moment then :overdue
                else :due_soon end as kind,
           case when about = 'due' then next_reminder(t.due_at, :moment) end as next_at
    from taken
    join tasks t on t.company_id = taken.company_id and t.id = taken.task_id
    join projects p on p.id = t.project_id
    join companies c on c.id = taken.company_id
), written as (
    insert into outbox (company_id, telegram_id, kind, payload)
    select told.company_id, who.telegram_id, told.kind, jsonb_strip_nulls(jsonb_build_object(
               'task_id', told.task_id,
               'due_at', case when about = 'due' then due_at end,
               'last', case when kind = :due_soon then next_at = due_at end,
               'review', case when about = 'review' then reviews end))
    from told cross join lateral (
        select telegram_id from users u
        where about = 'due' and u.company_id = told.company_id and u.status = 'active'
          and u.id in (assignee_id, author_id) and case told.kind
            when :due_soon then not in_review and u.id = coalesce(assignee_id, author_id)
            else u.id = author_id or not in_review and u.id = assignee_id end
        union all
        select telegram_id from project_members m join users u on u.id = m.user_id
        where about = 'review' and m.project_id = told.project_id
          and u.company_id = told.company_id and u.role = 'client' and u.status = 'active'
        union all
        select telegram_id from users u
        where about = 'review' and u.company_id = told.company_id
          and u.role in ('admin', 'manager') and u.status = 'active'
          and (u.id = author_id or not exists (
              select from project_members m join users client on client.id = m.user_id
              where m.project_id = told.project_id and client.company_id = told.company_id
                and client.role = 'client' and client.status = 'active'))
    ) who
    where told.of_concern
), moved_on as (
    update reminders r set at = told.next_at from told
    where (r.company_id, r.task_id, r.about) = (told.company_id, told.task_id, told.about)
      and told.next_at is not null
), removed as (
    delete from reminders r using told
    where (r.company_id, r.task_id, r.about) = (told.company_id, told.task_id, told.about)
      and told.next_at is null
)
select count(*) from taken
""").bindparams(
    bindparam("batch", SWEEP_BATCH),
    *(bindparam(kind, kind.value) for kind in (Kind.DUE_SOON, Kind.OVERDUE, Kind.REVIEW_WAITS)),
)


async def sweep(session: AsyncSession, moment: datetime | None = None) -> int:
    """Queue a batch of the reminders that are due at `moment`, now by default; gives their number.

    It needs a system session. Of a task the assignee is told, or its author if nobody has it; that
    it is overdue both are told. Of a submission those are told who were asked to accept it: the
    clients of the project, else its admins and managers, and the author if they may accept.
    Archived projects and deleted companies are passed over.
    """
    taken = await session.execute(_SWEEP, {"moment": moment or now()})
    return int(taken.scalar_one())
