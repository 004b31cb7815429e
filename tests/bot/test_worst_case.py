"""Every screen fits into what Telegram takes, whatever the data: everything is full to its limit
with the worst characters, and everybody presses every button they can find."""

import re
from collections import deque
from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.limits import COMMENT, DESCRIPTION, ITEM, ITEMS, NAME, REASON, TAG, TAGS, TITLE
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.sandbox.limits import CALLBACK_DATA_MAX, RAW_TEXT_MAX
from saas_bot.screens import notifications
from saas_bot.screens.commands import COMMANDS
from saas_bot.screens.screen import BUTTON_LIMIT, TEXT_LIMIT, length
from saas_bot.services.notifications import Kind
from tests import factories
from tests.bot.rows import change, rows

WORST = {
    "markup": ("&", "ru"),
    "quote": ('"', "en"),
    "emoji": ("🙂", "ru"),
    "right to left": ("ש", "en"),
}

FILL = (
    "update companies set name = repeat(:w, :name)",
    "update projects set name = repeat(:w, :name), description = repeat(:w, :description)",
    "update tasks set description = 'pump ' || repeat(:w, :description - 5), priority = 'urgent',"
    " due_at = now() - interval '400 days'",
    "insert into task_tags (company_id, task_id, tag)"
    " select company_id, id, n || repeat('ж', :tag - 2)"
    " from tasks, generate_series(10, 9 + :tags) n",
    "insert into checklist_items (company_id, task_id, text)"
    " select company_id, id, repeat(:w, :item) from tasks, generate_series(1, :items) n",
    "insert into comments (company_id, task_id, author_name, body, internal)"
    " select company_id, id, repeat(:w, :name), 'pump ' || repeat(:w, :comment - 5), n % 2 = 0"
    " from tasks, generate_series(1, 12) n",
    "delete from reviews",
    "insert into reviews (company_id, task_id, number, submitter_name, comment, decision,"
    " decided_by_name, decided_by_role, reason, decided_at, on_behalf)"
    " select company_id, id, n, repeat(:w, :name), repeat(:w, :reason),"
    " case status when 'done' then 'accepted' else 'returned' end, repeat(:w, :name), 'manager',"
    " repeat(:w, :reason), now() - interval '400 days', status = 'done'"
    " from tasks, generate_series(1, 12) n",
    "update tasks set reviews = 12",
    "insert into uploads (company_id, user_id, project_id, task_id)"
    " select t.company_id, u.id, t.project_id, t.id from tasks t join users u using (company_id)"
    " where u.role = 'admin'",
    "insert into files (company_id, project_id, task_id, review_id, upload_id, uploader_name,"
    " object_key, name, size, media_type, sha256)"
    " select r.company_id, u.project_id, r.task_id, r.id, u.id, repeat(:w, :name),"
    " r.id || '/' || n, n || repeat(:w, 55) || '.pdf', 123456789,"
    " repeat('x', 100) || '/' || repeat('x', 100), repeat('f', 64)"
    " from reviews r join uploads u using (task_id), generate_series(10, 20) n",
    "insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,"
    " before, after) select company_id, 'user', repeat(:w, :name), 'task.title', 'task', id,"
    " jsonb_build_object('title', repeat(:w, :title)),"
    " jsonb_build_object('title', repeat(:w, :title)) from tasks, generate_series(1, 20) n",
    "insert into invites (company_id, token_hash, role, project_id, multi_use, expires_at)"
    " select p.company_id, md5(n::text), 'worker', p.id, true, now() + interval '300 days'"
    " from projects p, generate_series(1, 20) n where p.key = 'WEBWEBWEBW'",
    "insert into sessions (telegram_id, company_id, user_id, family, refresh_hash, device,"
    " address, last_used_at, expires_at) select telegram_id, company_id, id, 'f' || id || n,"
    " 'r' || id || n, repeat(:w, 120), 'fe80::1234:1234:1234:1234', now(), now() + interval '9 d'"
    " from users, generate_series(1, 7) n",
)

CHANGING = re.compile(
    r"y:|sw:|lg:|ma:|mr:\d+:\w|mh:|tm:\d+:(start|reopen)|td:\d+:\d+:accept|cm:\d+:\d+:sure|il|ix:"
    r"|fi:\d+:(hide|show|sure)|sx:|sy:1"
)
"""What would change the company under those who look at it, or their language."""


@pytest.fixture(params=WORST, ids=WORST)
async def full(request, acme, database):
    """Acme, full to the brim, and with everybody's name as long as can be."""
    worst, language = WORST[request.param]
    await acme.speak(language)
    # What somebody wrote came in one message, and is no longer than one.
    units = length(worst)
    sizes = {
        "w": worst, "name": NAME, "description": DESCRIPTION // units, "tag": TAG, "tags": TAGS,
        "item": ITEM, "items": ITEMS, "comment": COMMENT // units, "reason": REASON,
        "title": TITLE,
    }  # fmt: skip
    for number in range(12):
        person = await factories.member(database, acme.team.id, Role.WORKER, f"{number:02}")
        await factories.project(database, acme.team.id, person, key=f"PPPPPPPP{number:02}")
        await acme.task(f"{number:02}", assignee=acme.team.worker, status=list(Status)[number % 5])
    await change(database, "update projects set key = 'WEBWEBWEBW' where key = 'WEB'")
    await change(database, "update tasks set title = 'pump ' || repeat(:w, 195)", w=worst)
    await change(database, "insert into project_members (company_id, project_id, user_id)"
                 " select company_id, :project, id from users where role in ('worker', 'client')"
                 " on conflict do nothing", project=acme.project)  # fmt: skip
    for sql in FILL:
        used = {name: value for name, value in sizes.items() if re.search(rf":{name}\b", sql)}
        await change(database, sql, **used)
    await change(database, "update users set name = repeat(:w, 64), username = null", w=worst)
    for person in acme.everyone.values():
        person.name = worst * NAME
    return acme


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", Role)
async def test_no_screen_is_too_long(full, role):
    person = full.everyone[role]
    seen, wrong, wanted = set(), [], deque([f"/{name}" for name in COMMANDS])
    wanted += ["/search pump", "/task pump " + "🙂" * 190, f"WEBWEBWEBW-{1}"]
    while wanted:
        step = wanted.popleft()
        await (person.sends(step) if step[0] in "/W" else person.clicks_data(step))
        shown = person.screen
        problems = {
            "went wrong": "went wrong" in shown.text or "сломалось" in shown.text,
            "text": length(shown.html) > TEXT_LIMIT,
            "raw": len(shown.html.encode()) > RAW_TEXT_MAX,
            "button": any(len(label) > BUTTON_LIMIT for label in shown.buttons),
            "data": any(len(data.encode()) > CALLBACK_DATA_MAX for data in shown.data),
            "too many buttons": len(shown.buttons) > 100,
        }
        wrong += [(step, what, length(shown.html)) for what, so in problems.items() if so]
        for data in shown.data:
            kind = re.sub(r"\d+", "#", data)
            if kind not in seen and not CHANGING.match(data):
                seen.add(kind)
                wanted.append(data)
    assert wrong == []
    assert len(seen) > 40


async def test_no_notification_is_too_long(full, database):
    name = full.ada.name
    (task,) = await rows(database, "select min(id) from tasks")
    (upload,) = await rows(database, "select id from uploads where task_id = :task", task=task)
    said = {
        "task_id": task, "upload_id": upload, "project_id": full.project, "project": name,
        "by": name, "name": name, "from": name, "count": 50, "role": "worker", "company": name,
        "words": name * 60, "text": name * 60, "internal": False, "to": name,
        "snoozed": True, "review": 1, **dict.fromkeys(("at", "due_at"), now().isoformat()),
        "since": (now() - timedelta(days=1)).isoformat(), "several": True,
        "session_id": 2**62, "device": name * 2, "address": "fe80::1234:1234:1234:1234",
    }  # fmt: skip
    for kind in Kind:
        message = OutboxMessage(
            id=1,
            company_id=full.team.id,
            telegram_id=full.max.id,
            kind=kind,
            payload=said,
            not_before=now() - timedelta(minutes=1),
            created_at=now(),
        )
        async with database.system_session("test") as session:
            calls = await notifications.render(session, message)
        for call in calls or ():
            assert length(getattr(call, "text", "")) <= TEXT_LIMIT, kind
