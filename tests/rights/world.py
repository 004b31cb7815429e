"""Two companies with something of every kind within and beyond the reach of each role.

Acme has a hero for each role (Ada, Max, Wanda, Clive), all four attached to the projects WEB
"Pumphouse" and OLD "Attic", which is archived, and to no other. HID "Harbour" is where Walt and
Cora are. For every hero there are tasks of every status in each situation of `SITUATIONS`. Of each
role there is another member, one more who is deactivated, and an invite. Globex is another company
with a project QRY "Quarry"; all its people are called Gwen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.db.models import (
    ChecklistItem,
    Comment,
    File,
    Invite,
    Project,
    ProjectMember,
    Review,
    Task,
    TaskTag,
)
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import CLOSED, Status
from saas_bot.storage import object_key
from tests import factories
from tests.factories import Team
from tests.rights.expected import Kind, Target

NOWHERE = 2**62
"""An id that nothing has."""

OTHERS = {Role.ADMIN: "Alan", Role.MANAGER: "Mona", Role.WORKER: "Walt", Role.CLIENT: "Cora"}

# Name, project, and whether the hero is the assignee and the author.
SITUATIONS = (
    ("assigned to them", "WEB", True, False),
    ("written by them", "WEB", False, True),
    ("of their project", "WEB", False, False),
    ("archived, theirs", "OLD", True, True),
    ("beyond", "HID", False, False),
    ("beyond, theirs", "HID", True, True),
)


@dataclass
class World:
    """Who there is, and what a verb can be done to."""

    team: Team
    globex: Team
    projects: dict[str, int] = field(default_factory=dict)
    members: dict[tuple[Role, str], Actor] = field(default_factory=dict)
    tasks: dict[Role, list[Target]] = field(default_factory=dict)
    invites: list[Target] = field(default_factory=list)
    invoice: Target = field(default=Target(""))
    elsewhere: dict[Kind, Target] = field(default_factory=dict)

    def hero(self, role: Role) -> Actor:
        """Who plays the role."""
        return self.team.actor(role)

    def targets(self, role: Role, kind: Kind, states: tuple[str, ...]) -> Iterator[Target]:
        """All that somebody of the role could do a verb to, whatever came of it."""
        if kind is Kind.COMPANY:
            yield self._equipped(Target("the company"))
            return
        for one in self._within(role, kind, states):
            yield self._equipped(one)
        yield self._equipped(replace(self.elsewhere[kind], where="another company"))
        yield self.missing(kind)

    def _equipped(self, target: Target) -> Target:
        away = "WEB" if target.project == self.projects["HID"] else "HID"
        heir = self.members[Role.ADMIN, "active"].user_id
        junior = self.members[Role.CLIENT, "active"].user_id
        return replace(target, away=self.projects[away], heir=heir, junior=junior)

    def _within(self, role: Role, kind: Kind, states: tuple[str, ...]) -> Iterator[Target]:
        match kind:
            case Kind.PROJECT:
                yield self._project("WEB", "own", in_project=True)
                yield self._project("OLD", "own, archived", in_project=True, archived=True)
                yield self._project("HID", "beyond")
            case Kind.TASK:
                for one in self.tasks[role]:
                    # The second status and any other matter only where one works.
                    if one.state == states[0] or (one.in_project and one.state in states):
                        yield one
            case Kind.INVITE:
                yield from self.invites
            case Kind.INVOICE:
                yield self.invoice
            case _:
                for (other, state), actor in self.members.items():
                    if state in states:
                        name = actor.account.name
                        yield Target(
                            f"{state} {other}", actor.user_id, name, role=other, state=state
                        )

    def _project(self, key: str, where: str, **facts: bool) -> Target:
        name = {"WEB": "Pumphouse", "OLD": "Attic", "HID": "Harbour"}[key]
        return Target(where, self.projects[key], name, key, **facts)

    def missing(self, kind: Kind) -> Target:
        """An id and all else that nothing has."""
        nothing = Target(
            "nothing",
            NOWHERE,
            "Nothing at all",
            "NOPE-1" if kind is Kind.TASK else "NOPE",
            exists=False,
            item=NOWHERE,
            comment=NOWHERE,
            file=NOWHERE,
            hidden=NOWHERE,
            evidence=NOWHERE,
            word="valve0",
            secret="hush0",
            role=Role.WORKER,
        )
        return self._equipped(nothing)


NUMBERED = (
    *("users", "projects", "tasks", "invites"),
    *("checklist_items", "comments", "files", "invoices"),
)
_FAR = "select setval(pg_get_serial_sequence('{0}', 'id'), 7000000 + (select count(*) from {0}))"


async def arrange(database: Database) -> World:
    """Make it all, with ids that no count and no date looks like."""
    async with database.system_session("arrange") as session:
        for table in NUMBERED:
            await session.execute(text(_FAR.format(table)))
    team = await factories.company(database, plan="business")
    globex = await factories.company(database, "Globex", plan="business")
    world = World(team, globex)
    for role, name in OTHERS.items():
        for state, called in (("active", name), ("deactivated", f"{name} Off")):
            member = await factories.member(database, team.id, role, called, status=state)
            world.members[role, state] = member
    juniors = [world.members[role, "active"] for role in (Role.WORKER, Role.CLIENT)]
    for key, name, status, people in (
        ("WEB", "Pumphouse", "active", team.everyone),
        ("OLD", "Attic", "archived", team.everyone),
        ("HID", "Harbour", "active", juniors),
    ):
        world.projects[key] = await factories.project(
            database, team.id, *people, key=key, name=name, status=status
        )
    world.invoice = await _invoice(database, team, 42)
    async with database.system_session("arrange") as session:
        for role in Role:
            world.tasks[role] = await _tasks(session, world, role)
        world.invites = [await _invite(session, team, world.projects["WEB"], one) for one in Role]
        await _elsewhere(session, world)
        await session.execute(
            text("update accounts set name = 'Gwen' where active_company_id = :globex"),
            {"globex": globex.id},
        )
        await session.execute(
            text("update users set name = 'Gwen' where id = any(:ids)"),
            {"ids": [one.user_id for one in globex.everyone]},
        )
        await session.execute(
            text("update projects set last_number = 900 where company_id = :acme"),
            {"acme": team.id},
        )
    theirs = replace(await _invoice(database, globex, 43), exists=False)
    world.elsewhere[Kind.INVOICE] = theirs
    return world


_numbers = count(1)
ACCEPTED = {"decision": "accepted", "decided_by_name": "Ada", "decided_by_role": "admin"}


async def _tasks(session, world: World, role: Role) -> list[Target]:
    hero, made = world.hero(role), []
    for where, key, assigned, written in SITUATIONS:
        other = world.members[Role.WORKER, "active"] if key == "HID" else None
        author = hero if written else other or world.hero(_another(role))
        assignee = hero if assigned else other
        for status in Status:
            target = await _task(session, world.projects[key], key, author, assignee, status)
            made.append(
                replace(
                    target,
                    where=f"{where}, {status}",
                    in_project=key != "HID",
                    is_assignee=assigned,
                    is_author=written,
                    archived=key == "OLD",
                )
            )
    return made


def _another(role: Role) -> Role:
    return Role.MANAGER if role is Role.ADMIN else Role.ADMIN


async def _task(session, project, key, author, assignee, status: Status) -> Target:
    number = next(_numbers)
    company, place = author.company_id, {"WEB": "Pump", "OLD": "Attic", "HID": "Harbour"}
    name = f"{place.get(key, 'Quarry')} task {number}"
    submitted = status in (Status.REVIEW, Status.DONE)
    task = Task(
        company_id=company,
        project_id=project,
        number=number % 900,
        title=name,
        description=f"Look at valve{number}",
        status=status,
        assignee_id=assignee.user_id if assignee else None,
        author_id=author.user_id,
        reviews=int(submitted),
        closed_at=now() if status in CLOSED else None,
    )
    session.add(task)
    await session.flush()
    own = {"company_id": company, "task_id": task.id}
    item = ChecklistItem(**own, text=f"{place.get(key, 'Quarry')} item")
    said = {"author_id": author.user_id, "author_name": author.account.name}
    comment = Comment(**own, **said, body="For everybody")
    session.add_all([item, comment])
    await session.flush()
    session.add_all(
        [
            ChecklistItem(**own, text=f"{place.get(key, 'Quarry')} item two"),
            TaskTag(**own, tag=place.get(key, "quarry").lower()),
            Comment(**own, **said, body=f"Between us: hush{number}", internal=True),
        ]
    )
    review = None
    if submitted:
        by = {"submitter_id": author.user_id, "submitter_name": author.account.name}
        review = Review(**own, **by, number=1, **(ACCEPTED if status is Status.DONE else {}))
        session.add(review)
        await session.flush()
    called = f"{place.get(key, 'Quarry')} plan{number}.pdf"
    file = await _file(session, project, author, called, task)
    hidden = await _file(session, project, author, f"between us {number}.pdf", task, internal=True)
    evidence = await _file(session, project, author, called, task, review=review) if review else 0
    return Target(
        "",
        task.id,
        name,
        f"{key}-{task.number}",
        project=project,
        item=item.id,
        comment=comment.id,
        file=file,
        hidden=hidden,
        evidence=evidence,
        word=f"valve{number}",
        secret=f"hush{number}",
        is_new=status is Status.NEW,
        state=status,
    )


async def _file(
    session, project, author, name, task, *, review=None, internal: bool = False
) -> int:
    file = File(
        company_id=author.company_id,
        project_id=project,
        task_id=task.id,
        review_id=review.id if review else None,
        uploader_id=author.user_id,
        uploader_name=author.account.name,
        object_key=object_key(author.company_id, project),
        name=name,
        size=1000,
        media_type="application/pdf",
        telegram_file_id="TG",
        internal=internal,
        status="stored",
    )
    session.add(file)
    await session.flush()
    return file.id


async def _invite(session, team: Team, project: int, role: Role) -> Target:
    invite = Invite(
        company_id=team.id,
        token_hash=f"{team.name} {role}",
        role=role,
        project_id=project if role in (Role.WORKER, Role.CLIENT) else None,
        author_id=team.admin.user_id,
        expires_at=now() + timedelta(days=7),
    )
    session.add(invite)
    await session.flush()
    return Target(f"for a {role}", invite.id, role=role)


async def _invoice(database: Database, team: Team, number: int) -> Target:
    id_ = await factories.invoice(database, team.id, number, bank="IBAN 1")
    return Target("open", id_, f"INV-2026-{number:06}")


async def _elsewhere(session, world: World) -> None:
    team = world.globex
    quarry = Project(company_id=team.id, key="QRY", name="Quarry", last_number=900)
    session.add(quarry)
    await session.flush()
    session.add_all(
        ProjectMember(company_id=team.id, project_id=quarry.id, user_id=one.user_id)
        for one in (team.worker, team.client)
    )
    task = await _task(session, quarry.id, "QRY", team.admin, team.worker, Status.NEW)
    found = {
        Kind.PROJECT: Target("", quarry.id, "Quarry", "QRY"),
        Kind.TASK: task,
        Kind.MEMBER: Target("", team.worker.user_id, "Gwen", role=Role.WORKER),
        Kind.INVITE: await _invite(session, team, quarry.id, Role.WORKER),
    }
    world.elsewhere = {kind: replace(one, exists=False) for kind, one in found.items()}
