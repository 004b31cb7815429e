"""The people of the demo, who play their parts in the sandbox's web chat."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import aiohttp

_ADDED, _KNOWN = 201, 409


@dataclass(frozen=True)
class DemoPerson:
    """Somebody the seeded company knows: the sandbox shows a chat for each."""

    id: int
    first_name: str
    username: str | None
    language_code: str
    note: str


async def register(people: Sequence[DemoPerson], sandbox_url: str) -> None:
    """Make the sandbox know the people; those it knows already stay as they are.

    Raises:
        aiohttp.ClientError: the sandbox refused or does not answer.
    """
    async with aiohttp.ClientSession(sandbox_url) as session:
        for person in people:
            fields = {**asdict(person), "started": True}
            async with session.post("/api/people", json=fields) as response:
                if response.status not in (_ADDED, _KNOWN):
                    response.raise_for_status()
