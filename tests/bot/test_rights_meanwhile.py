"""Rights that are lost between seeing a button and pressing it: what comes then is by the new ones.

Each verb is begun by the admin, on something of a project that they are attached to. Before the
last step they lose their role, their company, or go on in another one.
"""

import pytest

from saas_bot.domain.permissions import Permission, Role
from tests.bot.every_right import Play, play, refuses, take
from tests.bot.rows import change
from tests.bot.test_every_right import WAYS
from tests.rights.expected import Answer, Target, expected, secrets
from tests.rights.outcome import anonymous, told
from tests.rights.verbs import Verb, Way

__all__ = ["play"]

OUTSIDE = ["pump", "attic", "harbour", "web", "hid", "old", "walt", "cora", "wanda", "clive"]
"""Words of Acme that nobody outside may come across."""

LOST = {
    "deactivated": "update users set status = 'deactivated' where id = :user",
    "left": "update users set status = 'left' where id = :user",
}
BELOW = [role for role in Role if role is not Role.ADMIN]
ELSEWHERE = """
    with joined as (
        insert into users (company_id, telegram_id, name, role)
        select :globex, telegram_id, name, 'admin' from users where id = :user
    )
    update accounts set active_company_id = :globex
    where telegram_id = (select telegram_id from users where id = :user)
"""


def begun(play: Play, verb: Verb) -> Target:
    """Something that the admin can do it to, and that would be within anybody's reach."""
    done = (
        x
        for x in play.world.targets(Role.ADMIN, verb.on, verb.states)
        if expected(verb, Role.ADMIN, x) is Answer.DONE and not verb.skips(x)
    )
    return next(done)


async def come_to_the_last_step(play: Play, way: Way, x: Target) -> str:
    """All steps but one; gives what was shown on the way."""
    person = await play.begin(Role.ADMIN)
    shown = [await take(person, step) for step in way(x)[:-1]]
    return "\n".join([play.menus[Role.ADMIN].html, *shown])


def leaked(said: str, shown: str, words: list[str]) -> list[str]:
    """The words that are told now and were not on the screen before."""
    return [one for one in told(said, words) if not told(shown, [one])]


@pytest.mark.parametrize("role", BELOW)
@pytest.mark.parametrize(("verb", "way", "number"), WAYS)
async def test_a_click_after_a_demotion_is_answered_by_the_new_role(verb, way, number, role, play):
    x, hero = begun(play, verb), play.world.hero(Role.ADMIN)
    shown = await come_to_the_last_step(play, way, x)
    await change(
        play.database,
        "update users set role = :role where id = :user",
        role=role,
        user=hero.user_id,
    )
    sums = await play.own()
    said = anonymous(await take(play.people[Role.ADMIN], way(x)[-1]), x)
    changed = await play.own() != sums
    await play.back()
    answer = expected(verb, role, x)
    assert not leaked(said, shown, secrets(role))
    if answer is not Answer.DONE:
        assert not changed
    if answer is Answer.REFUSED and verb.refused_at is not None:
        assert refuses(said)
    if answer is Answer.DONE and verb.changes:
        assert changed, said
    assert "went wrong" not in said


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize(("verb", "way", "number"), WAYS)
async def test_a_click_of_someone_who_is_out_gives_nothing_away(verb, way, number, lost, play):
    x, hero = begun(play, verb), play.world.hero(Role.ADMIN)
    shown = await come_to_the_last_step(play, way, x)
    await change(play.database, LOST[lost], user=hero.user_id)
    sums = await play.own()
    said = anonymous(await take(play.people[Role.ADMIN], way(x)[-1]), x)
    changed = await play.own() != sums
    await play.back()
    assert not changed
    assert not leaked(said, shown, OUTSIDE)
    assert "went wrong" not in said


@pytest.mark.parametrize(("verb", "way", "number"), WAYS)
async def test_a_click_in_another_company_does_nothing_to_the_first(verb, way, number, play):
    x, hero = begun(play, verb), play.world.hero(Role.ADMIN)
    shown = await come_to_the_last_step(play, way, x)
    await change(play.database, ELSEWHERE, globex=play.world.globex.id, user=hero.user_id)
    sums = await play.own()
    said = anonymous(await take(play.people[Role.ADMIN], way(x)[-1]), x)
    changed = await play.own() != sums
    await play.back()
    assert not changed
    if verb.needs != (Permission.ACCOUNT,):
        assert not leaked(said, shown, OUTSIDE)
    assert "went wrong" not in said
