"""Every service, by everybody, on everything: allowed exactly where the permissions table says."""

import inspect
import pkgutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import text

from saas_bot import services
from saas_bot.core.errors import AppError, Conflict, Forbidden, LimitReached
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Role, may_over_limit
from tests.bot.rows import checksums
from tests.environment import empty
from tests.factories import NAMES
from tests.rights import VERBS
from tests.rights.expected import Answer, Target, expected, secrets
from tests.rights.outcome import OF_COMPANIES, anonymous, told
from tests.rights.verbs import Verb
from tests.rights.watching import WRITTEN, unwatch, watch
from tests.rights.world import World, arrange


@dataclass
class Outcome:
    """What came of a call."""

    error: AppError | None
    said: str
    changed: set[str]
    noted: list[str]
    """The names under which the audit trail has it."""


READABLE = {"sessions": "(one.id, one.company_id, one.user_id, one.revoked_at)"}
"""What a company may read of tables that it can't read as a whole."""


class _Undo(Exception):
    pass


@dataclass
class Stage:
    """The world, and what of it each company sees before anything is done, since all is undone."""

    database: Database
    world: World
    sums: dict[int, dict[str, str]]

    async def database_does(self, sql: str) -> None:
        """Change something behind everybody's back."""
        async with self.database.system_session("test") as session:
            await session.execute(text(sql))


@pytest.fixture(scope="module")
async def stage(engine) -> AsyncIterator[Stage]:
    await empty(engine)
    database = Database(engine)
    world = await arrange(database)
    sums = {}
    for company in {world.hero(role).company_id for role in Role}:
        async with database.tenant_session(company) as session:
            sums[company] = await _sums(session, OF_COMPANIES)
    await watch(engine)
    yield Stage(database, world, sums)
    await unwatch(engine)


async def attempt(
    stage: Stage, role: Role, verb: Verb, x: Target, *, over_limit: bool = False
) -> Outcome:
    """Do it, see what comes of it, and undo it."""
    actor, error, said = replace(stage.world.hero(role), over_limit=over_limit), None, ""
    before = stage.sums[actor.company_id]
    with suppress(_Undo):
        async with stage.database.tenant_session(actor.company_id) as session:
            args, kwargs = verb.args(x)
            try:
                said = repr(await verb.service(session, actor, *args, **kwargs))
                await session.flush()
            except AppError as refused:
                error, said = refused, f"{refused.code} {refused.params}"
            written = set((await session.execute(text(WRITTEN))).scalars())
            after = await _sums(session, written & OF_COMPANIES)
            noted = (await session.execute(text("select actor_name from audit_logs"))).scalars()
            outcome = Outcome(
                error,
                said,
                {name for name, value in after.items() if value != before[name]},
                list(noted),
            )
            raise _Undo
    return outcome


async def _sums(session: Any, tables: set[str]) -> dict[str, str]:
    if not tables:
        return {}
    everything = dict.fromkeys(tables, "true")
    return dict((await session.execute(text(checksums(everything, READABLE)))).all())


PARTS = {
    "files.announced.give_up": "of completing a file that one has announced",
    "files.announced.taken": "of completing a file that one has announced",
    "files.announced.tell": "of completing a file that one has announced",
    "files.announced.uploads_of": "of commenting and submitting with files that one has sent",
    "files.receiving.place_of": "of announcing a file",
    "files.reading.row_of": "of seeing, changing and giving out a file",
    "digest_contents.contents": "of the daily digest, which nobody asks for",
    "entitlements.guard_storage": "of every way of sending files",
    "export_tasks.scope_of": "of preparing a file",
    "export_files.covers": "of preparing a file",
    "exports.waited_for": "of asking twice for a report: the first one, and only one's own",
    "files.receiving.check": "of sending a file whose place is not known yet",
    "files.receiving.place_of_album": "of sending the rest of an album",
    "files.receiving.tie_to_comment": "of commenting with files",
    "files.receiving.tie_to_review": "of submitting or returning a task with files",
    "billing.documents.just_asked": "of choosing a plan and of renewing: the invoice just written",
    "projects.may_create": "of creating a project: whether there is room, before questions",
    "idempotency.begin": "of no right: how often a request counts, whatever it asks for",
    "handover.hand_over": "of deactivating, leaving, detaching and changing a role",
    "mutes.page": "of seeing what one has muted oneself",
    "mutes.unmute": "of hearing of it again: only of what one has muted oneself",
    "login_codes.issue": "of no right: everyone gets a code of their own (test_login.py)",
    "projects.take_number": "of creating, copying and moving a task",
    "projects.lock": "of every change of a project",
    "reachability.deaf": "of seeing a member, and of choosing an assignee",
    "reachability.is_deaf": "of seeing a member",
    "report_series.series": "of a report that was allowed",
    "reports.of_scope": "of a report that was allowed",
    "report_words.meant": "of reading the words after /report",
    "tasks.comments.comment_on": "of commenting, with files and without",
    "tasks.changes.tell_assigned": "of creating, assigning and copying a task",
    "tasks.editing.editable": "of every change of a task",
    "tasks.mentions.called": "of commenting: whom it reaches",
    "tasks.moves.check": "of every step of a task",
    "tasks.reading.by_ref": "of finding a task by any of its numbers",
    "tasks.tags.put_on": "of creating and tagging a task",
}
"""Services that are no verbs of their own, but a part."""


def services_with_an_actor():
    """Name and function of every public service that acts for somebody."""
    for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        module = import_module(found.name)
        for name, one in vars(module).items():
            if one_of_its_own(module, name, one) and "actor" in inspect.signature(one).parameters:
                yield f"{found.name}.{name}".removeprefix(f"{services.__name__}."), one


def one_of_its_own(module, name, one):
    public = inspect.iscoroutinefunction(one) and not name.startswith("_")
    return public and one.__module__ == module.__name__


def test_every_service_that_acts_for_somebody_is_a_verb_or_a_part_of_verbs():
    tried = {one for verb in VERBS for one in (verb.service, *verb.tries)}
    untried = {name for name, one in services_with_an_actor() if one not in tried}
    assert untried == set(PARTS)


SERVED = [verb for verb in VERBS if verb.service]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", SERVED, ids=str)
async def test_a_service_allows_what_the_table_says_and_nothing_else(verb, role, stage):
    missing = stage.world.missing(verb.on)
    of_missing = anonymous((await attempt(stage, role, verb, missing)).said, missing)
    wrong = []
    for x in stage.world.targets(role, verb.on, verb.states):
        if not verb.skips(x):
            answer = expected(verb, role, x)
            outcome = await attempt(stage, role, verb, x)
            found = problems(verb, role, x, answer, outcome, of_missing)
            wrong += [f"{x.where}: expected {answer}; {problem}" for problem in found]
    assert not wrong, "\n".join(wrong)


def problems(verb, role, x, answer, outcome, of_missing) -> list[str]:
    """What speaks against the expected answer."""
    said = outcome.said
    found = [f"it tells {one!r}: {said}" for one in told(said, set(secrets(role)) - {*verb.tells})]
    if answer is Answer.DONE:
        return found + done_wrong(verb, role, x, outcome)
    if outcome.changed:
        found.append(f"changed {outcome.changed}")
    error = {Answer.REFUSED: Forbidden, Answer.CONFLICT: Conflict}.get(answer)
    if error is not None and not isinstance(outcome.error, error):
        found.append(f"got {said}")
    if answer is Answer.AS_MISSING and anonymous(said, x) != of_missing:
        found.append(f"got {said} in place of {of_missing}")
    return found


def done_wrong(verb, role, x, outcome) -> list[str]:
    """What speaks against its being done, and by that person."""
    if outcome.error:
        return [f"refused: {outcome.error!r}"]
    if verb.changes not in (outcome.changed or {""}):
        return [f"changed {outcome.changed}"]
    if verb.changes and verb.noted and set(outcome.noted) != {NAMES[role]}:
        return [f"noted as by {outcome.noted}"]
    if not verb.changes and verb.shows(x) not in outcome.said:
        return [f"{verb.shows(x)!r} not in {outcome.said}"]
    return []


@pytest.mark.parametrize("role", Role)
async def test_whoever_is_beyond_the_plan_does_only_what_is_left_to_them(role, stage):
    wrong = []
    for verb in SERVED:
        targets = stage.world.targets(role, verb.on, verb.states)
        done = (x for x in targets if expected(verb, role, x) is Answer.DONE and not verb.skips(x))
        if (x := next(done, None)) is None:
            continue
        outcome = await attempt(stage, role, verb, x, over_limit=True)
        if all(may_over_limit(role, one) for one in verb.needs):
            wrong += [f"{verb}: {problem}" for problem in done_wrong(verb, role, x, outcome)]
        elif outcome.changed or (verb.changes and not isinstance(outcome.error, LimitReached)):
            wrong.append(f"{verb}: got {outcome}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", Role)
async def test_in_a_project_beyond_the_plan_nothing_changes_that_would_not_in_an_archived_one(
    role, stage
):
    company, beyond = (
        stage.world.team.id,
        "update projects set over_limit = {} where company_id = {}",
    )
    await stage.database_does(beyond.format("true", company))
    wrong = []
    for verb in SERVED:
        for x in stage.world.targets(role, verb.on, verb.states):
            if x.archived or verb.archived is not Answer.CONFLICT or verb.skips(x):
                continue
            if expected(verb, role, x) is Answer.DONE:
                outcome = await attempt(stage, role, verb, x)
                if not isinstance(outcome.error, LimitReached):
                    wrong.append(f"{verb}, {x.where}: got {outcome}")
                break
    await stage.database_does(beyond.format("false", company))
    assert not wrong, "\n".join(wrong)
