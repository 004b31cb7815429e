"""Every line logged while an update is handled says which update it was, however many there are."""

import random
from collections import defaultdict

from tests.bot.people import Person

UPDATES, AT_ONCE = 1000, 50


async def test_a_thousand_interleaved_updates_never_mix_their_lines(
    stage, acme, globex, database, log
):
    people = [*acme.everyone.values(), *globex.everyone.values()]
    people += [stage.person(number, f"Nora {number}") for number in range(1, 43)]
    companies = {p.id: c.team.id for c in (acme, globex) for p in c.everyone.values()}
    task = {acme.team.id: await acme.task(), globex.team.id: await globex.task()}
    dice = random.Random(20)
    await stage.feed_at_once(*(person.writing("/start") for person in people))
    for _ in range(UPDATES // AT_ONCE - 1):
        await stage.redis.delete(*(f"throttle:{person.id}" for person in people))
        batch = [update_of(person, task.get(companies.get(person.id)), dice) for person in people]
        dice.shuffle(batch)
        await stage.feed_at_once(*batch)
    by_request = defaultdict(list)
    for line in log.lines:
        if line["user_id"] is not None:
            by_request[line["request_id"]].append(line)
    strays = [line for line in log.lines if line["request_id"] is None and of_an_update(line)]
    assert strays == []
    assert len(by_request) == UPDATES
    for lines in by_request.values():
        assert len({(line["user_id"], line["chat_id"], line["username"]) for line in lines}) == 1
        assert lines[-1]["event"] == "update.handled"
        assert sum(line["event"] == "update.handled" for line in lines) == 1
        person = lines[0]["user_id"]
        assert {line["company_id"] for line in lines} <= {None, companies.get(person)}
        assert lines[0]["chat_id"] == person


def of_an_update(line) -> bool:
    """All but what the test itself does."""
    return line.get("reason") not in ("test", "factory")


def update_of(person: Person, task: int | None, dice: random.Random):
    kind = dice.randrange(6)
    if kind == 0:
        return person.writing("/menu")
    if kind == 1:
        return person.pressing(f"t:{task or 1}")
    if kind == 2:
        return person.pressing("garbage")
    if kind == 3:
        return person.writing("/tasks")
    if kind == 4:
        return person.pressing("lg:en")
    return person.writing("Hi there")
