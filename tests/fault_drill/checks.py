"""That nothing is lost: what people were told is done is there, once, and its reader has heard."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fault_drill.people import Act, Crowd
from tests.fault_drill.stage import FIRST, Stage


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted at the end of the drill."""

    tasks: int
    files: int
    notices: int
    broken: tuple[str, ...]
    """Each promise that was not kept, as a line."""


async def kept(stage: Stage, crowd: Crowd) -> Kept:
    """Compare what people did with what the database holds and with what they have heard."""
    tasks = [act for act in crowd.acts if act.kind == "task"]
    files = [act for act in crowd.acts if act.kind == "file"]
    async with stage.database() as database:
        titles = Counter(
            row["title"]
            for row in await database.fetch("select title from tasks where title <> 'Files'")
        )
        stored = Counter(
            row["name"]
            for row in await database.fetch("select name from files where status = 'stored'")
        )
        unsent = await database.fetch(
            "select kind, status, count(*) from outbox where status not in ('sent', 'skipped')"
            " and not_before <= now() group by kind, status"
        )
    heard = _notices(crowd)
    broken = [
        *_differences("task", tasks, titles, ""),
        *_differences("file", files, stored, ".txt"),
        *(f"{row['count']} notifications {row['kind']} are {row['status']}" for row in unsent),
        *(f"nobody was told of {act.name}" for act in tasks if act.name not in heard),
    ]
    return Kept(len(tasks), len(files), sum(heard.values()), tuple(broken))


def _differences(kind: str, acts: list[Act], there: Counter[str], end: str) -> Iterator[str]:
    names = {act.name + end: act for act in acts}
    for name, act in names.items():
        if there[name] != 1:
            tries = f"after {act.apologies} apologies and {act.silences} silences"
            yield f"{kind} {name} is there {there[name]} times, {tries}"
    for name in there.keys() - names.keys():
        yield f"{kind} {name} was made by nobody"


def _notices(crowd: Crowd) -> Counter[str]:
    """How often the colleague of each task has heard that it is theirs."""
    heard: Counter[str] = Counter()
    for number in range(crowd.people):
        for one in crowd.town.heard(FIRST + number):
            if "gave you WEB-" in one.text:
                heard[one.text.split()[-1]] += 1
    return heard
