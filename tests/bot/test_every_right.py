"""Every verb, by everybody, on everything, in the chat: allowed exactly where the table says."""

from collections.abc import Iterator

import pytest
from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject

from saas_bot.core.middlewares.access import FLAG
from saas_bot.domain.permissions import Permission, Role
from tests.bot.every_right import (
    ARCHIVED,
    Play,
    play,
    refuses,
    take,
)
from tests.rights import VERBS
from tests.rights.expected import Answer, Target, expected, secrets
from tests.rights.outcome import anonymous, told
from tests.rights.verbs import Verb, Way

__all__ = ["play"]

WAYS = [
    pytest.param(verb, way, number, id=f"{verb}-{number + 1}")
    for verb in VERBS
    for number, way in enumerate(verb.ways)
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("verb", "way", "number"), WAYS)
async def test_the_chat_allows_what_the_table_says_and_nothing_else(verb, way, number, role, play):
    wrong = []
    for x in targets(play, verb, role, everything=number == 0):
        answer = expected(verb, role, x)
        found = await problems(play, verb, way, role, x, answer)
        wrong += [f"{x.where}: expected {answer}; {problem}" for problem in found]
    assert not wrong, "\n".join(wrong)


def targets(play: Play, verb: Verb, role: Role, *, everything: bool):
    """The targets: of one situation those for which something else has to come of it.

    Of another way to the same end one for each answer is enough.
    """
    seen = set()
    for x in play.world.targets(role, verb.on, verb.states):
        situation = x.where.split(",")[0] if everything and x.state else ""
        key = (situation or (everything and x.where), expected(verb, role, x))
        if not verb.skips(x) and key not in seen:
            seen.add(key)
            yield x


async def walk(play: Play, way: Way, role: Role, x: Target) -> tuple[list[str], set[str]]:
    """Take all steps, whatever comes of each; then everything is put back."""
    person = await play.begin(role)
    said = [anonymous(await take(person, step), x) for step in way(x)]
    changed = await play.changed()
    if changed:
        await play.back()
    return said, changed


async def problems(play, verb, way, role, x, answer) -> list[str]:
    """What speaks against the expected answer."""
    said, changed = await walk(play, way, role, x)
    everything = "\n".join(said)
    hidden = set(secrets(role)) - {*verb.tells}
    found = [f"it tells {secret!r}: {everything}" for secret in told(everything, hidden)]
    if "went wrong" in everything:
        found.append(f"it broke: {everything}")
    if answer is Answer.DONE:
        shown = anonymous(verb.shows(x), x)
        if refuses(everything) or verb.changes not in (changed or {""}):
            found.append(f"changed {changed}, said {everything}")
        elif not verb.changes and shown not in said[-1]:
            found.append(f"{shown!r} not in {said[-1]}")
        return found
    if changed:
        found.append(f"changed {changed}")
    at = verb.refused_at
    if answer is Answer.REFUSED and at is not None and not refuses(said[at]):
        found.append(f"not refused at once: {everything}")
    if answer is Answer.CONFLICT and ARCHIVED not in said[0]:
        found.append(f"no conflict at once: {everything}")
    if answer is Answer.AS_MISSING:
        of_missing = await answer_of_missing(play, verb, way, role)
        if said != of_missing:
            found.append(f"got {said} in place of {of_missing}")
    return found


async def answer_of_missing(play, verb, way, role) -> list[str]:
    if (way, role) not in play.missing:
        nothing = play.world.missing(verb.on)
        play.missing[way, role], _ = await walk(play, way, role, nothing)
    return play.missing[way, role]


async def test_every_handler_that_needs_a_right_is_reached_by_a_verb(play):
    for verb in VERBS:
        for way in verb.ways:
            x = next(one for one in targets(play, verb, Role.ADMIN, everything=True))
            await walk(play, way, Role.ADMIN, x)
    needing = [
        one
        for one in handlers(play.stage.dispatcher)
        if FLAG in one.flags and one.flags[FLAG].permission is not Permission.ACCOUNT
    ]
    unreached = [named(one) for one in needing if id(one) not in play.reached]
    assert not unreached, "\n".join(unreached)


def handlers(router: Router) -> Iterator[HandlerObject]:
    """Every registered handler."""
    for observer in router.observers.values():
        yield from observer.handlers
    for below in router.sub_routers:
        yield from handlers(below)


def named(one: HandlerObject) -> str:
    asked = [getattr(each.callback, "__self__", each.callback) for each in one.filters or ()]
    return f"{one.callback.__module__}.{one.callback.__name__} {asked} {one.flags[FLAG].permission}"
