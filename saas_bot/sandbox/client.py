"""People for tests: they send, click and look, and wait by events, never by the clock.

    async with Sandbox("http://127.0.0.1:8081") as sandbox:
        anna = await sandbox.person("Anna", username="anna", language="en")
        await anna.sends("/tasks")
        await anna.sees("No tasks yet")
        await anna.clicks("New task")

What someone *sees* is what the bot has sent or edited since that person's last action: a message
of an earlier step never answers for a later one.
"""

from __future__ import annotations

from typing import Any

from saas_bot.sandbox.connection import Connection
from saas_bot.sandbox.group import Group
from saas_bot.sandbox.person import Person
from saas_bot.sandbox.seen import Json, NotSeen, SandboxError, Seen

__all__ = ["Group", "NotSeen", "Person", "Sandbox", "SandboxError", "Seen"]


class Sandbox(Connection):
    """A connection to a running sandbox."""

    async def person(
        self,
        first_name: str,
        *,
        username: str | None = None,
        language: str = "en",
        last_name: str | None = None,
        person_id: int | None = None,
        note: str = "",
    ) -> Person:
        """A person to act as: the one with this id or username if there is one, else a new one."""
        if username is not None or person_id is not None:
            for one in await self.people():
                same_name = (one["username"] or "").lower() == (username or " ").lower()
                if one["id"] == person_id or (person_id is None and same_name):
                    return await self._act_as(one)
        fields: Json = {
            "first_name": first_name,
            "username": username,
            "last_name": last_name,
            "language_code": language,
            "note": note,
        }
        if person_id is not None:
            fields["id"] = person_id
        return await self._act_as(await self.request("POST", "/api/people", json=fields))

    async def existing(self, who: str | int) -> Person:
        """The person with this id, username or first name; `LookupError` for nobody."""
        for one in await self.people():
            if who in (one["id"], one["username"], one["first_name"]):
                return await self._act_as(one)
        raise LookupError(f"nobody in the sandbox is {who!r}")

    async def _act_as(self, fields: Json) -> Person:
        person = Person(self, fields)
        await person.refresh()
        return person

    async def group(self, title: str, *members: Person) -> Group:
        """A new group of people, without the bot."""
        fields: Json = {"title": title, "members": [person.id for person in members]}
        group = Group(self, await self.request("POST", "/api/groups", json=fields))
        await group.refresh()
        return group

    async def people(self) -> list[Json]:
        """Everybody."""
        people: list[Json] = await self.request("GET", "/api/people")
        return people

    async def bot(self) -> Json:
        """The bot as people see it."""
        bot: Json = await self.request("GET", "/api/bot")
        return bot

    async def health(self, wait: float = 0.0) -> Json:
        """Pollers, webhook and waiting updates; with `wait`, up to so many seconds for a bot."""
        health: Json = await self.request("GET", "/api/health", params={"wait": str(wait)})
        return health

    async def bot_is_there(self, seconds: float = 30.0) -> None:
        """Wait until a bot polls or has set its webhook; `NotSeen` when none does in time."""
        health = await self.health(wait=seconds)
        if not health["pollers"] and not health["webhook"]:
            raise NotSeen(f"no bot came within {seconds} s: {health}")

    async def breaks(self, method: str, kind: str, **details: Any) -> None:
        """Set a fault: `await sandbox.breaks("sendMessage", "429", times=2, retry_after=1)`."""
        await self.request("POST", "/api/faults", json={"method": method, "kind": kind, **details})

    async def heals(self) -> None:
        """Lift all faults."""
        await self.request("DELETE", "/api/faults")

    async def inspector(self, after: int = 0, limit: int = 2000) -> list[Json]:
        """Bot API calls and updates with a number above `after`, oldest first."""
        query = {"after": str(after), "limit": str(limit)}
        entries: list[Json] = await self.request("GET", "/api/inspector", params=query)
        return entries
