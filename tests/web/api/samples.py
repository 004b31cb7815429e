"""A request for each route that needs somebody to have signed in: what may be asked there.

A route without a row here fails `test_rights.py`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from saas_bot.domain.task_flow import Status
from saas_bot.web.api.routes import Route
from tests.web.api.conftest import World
from tests.web.api.money import CANCELED, GOES_BACK, PAID

MISSING = 987_654_321
"""The id of nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A request: whatever its address names, and its body made of what there is."""

    of: Callable[[World], int | tuple[int, ...]] | None = None
    body: Callable[[World], dict[str, Any]] | None = None
    refers: Callable[[World], dict[str, Any]] | None = None
    """The parts of the body that are ids."""
    query: str = ""
    ready: str = ""
    """What makes the company ready for it: SQL about its id that gives something."""
    stored: bool = False
    """It talks to S3: that it works shows a story."""

    def ids(self, world: World | None) -> tuple[int, ...]:
        """What the address names; where there is no world, things that there are not."""
        assert self.of is not None, "the sample names nothing"
        if world is None:
            return (MISSING,) * 2
        named = self.of(world)
        return named if isinstance(named, tuple) else (named,)

    def path(self, route: Route, world: World | None) -> str:
        """The address with that."""
        return self.at(route, self.ids(world) if "{" in route.path else ()) + self.query

    @staticmethod
    def at(route: Route, ids: Iterable[int]) -> str:
        """The address that names these."""
        path = route.path
        for one in ids:
            path = re.sub(r"\{\w+\}", str(one), path, count=1)
        assert "{" not in path, f"{route.name}: the sample names too little"
        return path


def _task(status: Status) -> Callable[[World], int]:
    return lambda world: world.tasks[status]


def _worker(world: World) -> int:
    return world.team.worker.user_id


def _comment(world: World) -> tuple[int, int]:
    return world.tasks[Status.NEW], world.work.comment


def _item(world: World) -> tuple[int, int]:
    return world.tasks[Status.NEW], world.work.item


def _file(world: World) -> int:
    return world.work.file


OTHER_ADMIN = (
    "update users set role = 'admin', status = 'active' where company_id = $1 and name = 'Wim'"
    " returning id"
)
NEW_FILE = {"name": "plan.pdf", "size": 12, "sha256": "a" * 64, "media_type": "application/pdf"}


def _invoice(world: World) -> int:
    return world.money.invoice


def _payment(world: World) -> int:
    return world.money.payment


def _company(world: World) -> int:
    return world.team.id


SAMPLES = {
    "auth.logout": Sample(),
    "sessions.page": Sample(),
    "sessions.end": Sample(lambda world: world.session),
    "me.get": Sample(),
    "me.edit": Sample(body=lambda _: {"language": "ru", "timezone": "Europe/Moscow"}),
    "company.get": Sample(),
    "company.edit": Sample(body=lambda _: {"name": "Acme 2", "timezone": "berlin"}),
    "company.leave": Sample(_company, lambda _: {}, ready=OTHER_ADMIN),
    "projects.page": Sample(),
    "projects.create": Sample(body=lambda _: {"key": "APP", "name": "App", "description": "Phone"}),
    "projects.get": Sample(lambda world: world.project),
    "projects.edit": Sample(lambda world: world.project, lambda _: {"name": "Site"}),
    "projects.archive": Sample(lambda world: world.project),
    "projects.restore": Sample(lambda world: world.archived),
    "projects.remove": Sample(lambda world: world.project, query="?key=WEB"),
    "tasks.page": Sample(),
    "tasks.create": Sample(
        body=lambda world: {"project_id": world.project, "title": "Paint the fence"},
        refers=lambda world: {"project_id": world.project},
    ),
    "tasks.get": Sample(_task(Status.NEW)),
    "tasks.edit": Sample(_task(Status.NEW), lambda _: {"title": "Fix it", "tags": ["pump"]}),
    "tasks.start": Sample(_task(Status.NEW)),
    "tasks.submit": Sample(_task(Status.IN_PROGRESS), lambda _: {"comment": "Done"}),
    "tasks.accept": Sample(_task(Status.REVIEW), lambda _: {}),
    "tasks.give_back": Sample(_task(Status.REVIEW), lambda _: {"reason": "It drips"}),
    "tasks.cancel": Sample(_task(Status.NEW)),
    "tasks.reopen": Sample(_task(Status.DONE)),
    "copies.copy": Sample(_task(Status.NEW), lambda _: {}),
    "copies.move": Sample(
        _task(Status.NEW),
        lambda world: {"project_id": world.work.other},
        lambda world: {"project_id": world.work.other},
    ),
    "copies.tags": Sample(),
    "comments.page": Sample(_task(Status.NEW)),
    "comments.add": Sample(
        _task(Status.NEW),
        lambda _: {"body": "@wanda It drips"},
        lambda world: {"files": [world.work.file]},
    ),
    "comments.edit": Sample(_comment, lambda _: {"body": "It drips again"}),
    "comments.remove": Sample(_comment),
    "checklist.get": Sample(_task(Status.NEW)),
    "checklist.add": Sample(_task(Status.NEW), lambda _: {"text": "Buy a brush\n[x] Measure"}),
    "checklist.rename": Sample(_item, lambda _: {"text": "Buy green paint"}),
    "checklist.tick": Sample(_item),
    "checklist.untick": Sample(_item),
    "checklist.move": Sample(_item, lambda _: {"way": "up"}),
    "checklist.remove": Sample(_item),
    "reviews.page": Sample(_task(Status.REVIEW)),
    "reviews.history": Sample(_task(Status.NEW)),
    "files.of_task": Sample(_task(Status.NEW)),
    "files.of_project": Sample(lambda world: world.project),
    "files.get": Sample(_file),
    "files.edit": Sample(_file, lambda _: {"name": "another", "internal": True}),
    "files.remove": Sample(_file),
    "transfers.add_to_task": Sample(_task(Status.NEW), lambda _: NEW_FILE),
    "transfers.add_to_project": Sample(lambda world: world.project, lambda _: NEW_FILE),
    "transfers.link": Sample(_file),
    "transfers.content": Sample(_file, stored=True),
    "transfers.receive": Sample(lambda world: world.work.announced, stored=True),
    "transfers.complete": Sample(lambda world: world.work.announced, stored=True),
    "members.page": Sample(query="?role=worker&active=true"),
    "members.get": Sample(_worker),
    "members.change_role": Sample(
        _worker,
        lambda world: {"role": "client", "hand_to": world.team.manager.user_id},
        lambda world: {"hand_to": world.team.manager.user_id},
    ),
    "members.hand_over_admin": Sample(_worker),
    "members.deactivate": Sample(
        _worker,
        lambda world: {"hand_to": world.team.manager.user_id},
        lambda world: {"hand_to": world.team.manager.user_id},
    ),
    "members.reactivate": Sample(lambda world: world.work.shut_out),
    "members.heirs": Sample(_worker),
    "members.places": Sample(_worker),
    "members.of_project": Sample(lambda world: world.project),
    "members.attach": Sample(lambda world: (world.work.other, world.team.worker.user_id)),
    "members.detach": Sample(lambda world: (world.project, world.team.worker.user_id)),
    "members.for_tasks": Sample(lambda world: world.project),
    "invites.page": Sample(),
    "invites.create": Sample(
        body=lambda world: {"role": "worker", "project_id": world.project},
        refers=lambda world: {"project_id": world.project},
    ),
    "invites.revoke": Sample(lambda world: world.work.invite),
    "search.page": Sample(query="?words=pump"),
    "settings.get": Sample(),
    "settings.edit": Sample(
        body=lambda _: {
            "events": {"commented": False},
            "quiet_hours": {"start": "22:00", "end": "08:30"},
            "digest": {"hour": 9, "weekdays": True},
        }
    ),
    "settings.muted": Sample(),
    "settings.mute_task": Sample(_task(Status.NEW)),
    "settings.unmute_task": Sample(_task(Status.NEW)),
    "settings.mute_project": Sample(lambda world: world.project),
    "settings.unmute_project": Sample(lambda world: world.project),
    "reports.get": Sample(),
    "exports.make": Sample(
        body=lambda world: {"format": "xlsx", "project_id": world.project},
        refers=lambda world: {"project_id": world.project},
    ),
    "exports.page": Sample(),
    "exports.get": Sample(lambda world: world.money.kept),
    "exports.link": Sample(lambda world: world.money.kept),
    "exports.content": Sample(lambda world: world.money.kept, stored=True),
    "exports.cancel": Sample(lambda world: world.money.export),
    "audit.page": Sample(),
    "billing.plan": Sample(),
    "billing.quote": Sample(query="?plan=business"),
    "billing.renewal": Sample(ready=PAID),
    "billing.subscription": Sample(),
    "billing.choose": Sample(body=lambda _: {"plan": "team"}),
    "billing.renew": Sample(body=lambda _: {"currency": "XTR"}, ready=PAID),
    "billing.cancel": Sample(ready=PAID),
    "billing.resume": Sample(ready=CANCELED),
    "billing.get_details": Sample(),
    "billing.put_details": Sample(
        body=lambda _: {"legal_name": "Acme Ltd", "address": "1 Main Street"}
    ),
    "invoices.page": Sample(),
    "invoices.get": Sample(_invoice),
    "invoices.pdf": Sample(_invoice),
    "invoices.payments": Sample(),
    "invoices.lines": Sample(),
    "invoices.balance": Sample(),
    "operators.get_stats": Sample(),
    "operators.outbox": Sample(),
    "operators.dead": Sample(),
    "operators.retry_all": Sample(),
    "operators.retry": Sample(lambda world: world.money.letter),
    "operators.drop": Sample(lambda world: world.money.letter),
    "operators_companies.page": Sample(query="?words=a"),
    "operators_companies.get": Sample(_company),
    "operators_companies.lines": Sample(_company),
    "operators_companies.paid": Sample(_company),
    "operators_companies.grant": Sample(_company, lambda _: {"plan": "business", "days": 3}),
    "operators_payments.waiting": Sample(),
    "operators_payments.invoice": Sample(_invoice),
    "operators_payments.note": Sample(_invoice, lambda _: {"amount": 100, "reference": "RF 1"}),
    "operators_payments.void": Sample(_invoice, lambda _: {"reason": "Made out wrongly"}),
    "operators_payments.page": Sample(query="?state=going_back"),
    "operators_payments.get": Sample(_payment),
    "operators_payments.seen": Sample(_payment),
    "operators_payments.refund": Sample(_payment, lambda _: {}),
    "operators_payments.sent_back": Sample(_payment, ready=GOES_BACK),
    "operators_payments.annul": Sample(_payment),
    "operators_plans.page": Sample(),
    "operators_plans.create": Sample(body=lambda _: {"code": "studio", "name": "Studio"}),
    "operators_plans.get": Sample(lambda world: world.money.plan),
    "operators_plans.edit": Sample(
        lambda world: world.money.plan, lambda _: {"seats": None, "price_minor": 900}
    ),
}
"""By the name of the route."""
