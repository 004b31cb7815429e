"""A group of people that may have the bot in it, for the client."""

from __future__ import annotations

from saas_bot.sandbox.connection import Connection
from saas_bot.sandbox.person import Person
from saas_bot.sandbox.seen import Json, Seen
from saas_bot.sandbox.viewer import Viewer


class Group(Viewer):
    """People together: `await team.says(anna, "/start@saas_sandbox_bot")`."""

    def __init__(self, sandbox: Connection, fields: Json) -> None:
        group_id = int(fields["id"])
        super().__init__(sandbox, f"/api/groups/{group_id}", group_id, str(fields["title"]))

    async def adds_bot(self, by: Person) -> None:
        """A member adds the bot."""
        await self._act("POST", "bot", json={"person": by.id, "member": True})

    async def removes_bot(self, by: Person) -> None:
        """A member removes the bot."""
        await self._act("POST", "bot", json={"person": by.id, "member": False})

    async def says(self, who: Person, text: str, reply_to: int | None = None) -> Seen:
        """A member says something."""
        body: Json = {"person": who.id, "text": text}
        if reply_to is not None:
            body["reply_to_message_id"] = reply_to
        return await self._message("messages", body)
