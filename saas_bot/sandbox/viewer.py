# ruff: noqa: ASYNC109 - a test says how patient it is right where it looks
"""Looking at a chat with the bot, a person's or a group's, for the client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from saas_bot.sandbox.connection import Connection
from saas_bot.sandbox.seen import Json, NotSeen, Seen, apply, newest_first


class Viewer:
    """Who looks at a chat, and does something in it now and then."""

    def __init__(self, sandbox: Connection, path: str, chat_id: int, name: str) -> None:
        self.sandbox = sandbox
        self.id = chat_id
        self.name = name
        self._path = path
        self._since = 0

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    async def sees(self, text: str, timeout: float | None = None) -> Seen:
        """The newest bot message containing `text`, sent or edited since the last action.

        Waits up to `timeout` seconds (the sandbox's `patience` by default), then raises `NotSeen`.
        """
        return await self._wait(lambda message: text in message.text, timeout, repr(text))

    async def sees_nothing_of(self, text: str) -> None:
        """Fail when the chat, as it is now, shows `text` since the last action."""
        changed = newest_first(
            {one.message_id: one.raw for one in await self.messages()}, self._since
        )
        for message in changed:
            if text in message.text:
                raise NotSeen(f"{self.name} sees {text!r}, which shouldn't be: {message}")

    async def sees_file(self, name: str, timeout: float | None = None) -> Seen:
        """As `sees`, for a file whose name contains `name`."""

        def has_it(message: Seen) -> bool:
            return message.file is not None and name in message.file["name"]

        return await self._wait(has_it, timeout, f"a file {name!r}")

    async def sees_toast(self, text: str, timeout: float | None = None) -> Json:
        """The answer to a click since the last action whose text contains `text`."""
        return await self._event("callback_answer", "text", text, timeout)

    async def screen(self) -> Seen:
        """The bot's last message; `NotSeen` when it has written nothing."""
        for message in reversed(await self.messages()):
            if message.from_bot:
                return message
        raise await self._not_seen("any message of the bot")

    async def messages(self) -> list[Seen]:
        """The chat as it is now, oldest first, the last 200."""
        return [Seen(raw) for raw in (await self._chat())["messages"]]

    async def link(self) -> str:
        """The token of the deep link in the bot's newest message that has one."""
        for message in reversed(await self.messages()):
            token = message.link() if message.from_bot else None
            if token is not None:
                return token
        raise await self._not_seen("a deep link")

    async def refresh(self) -> None:
        """Take over where this person stands, when someone else has acted as them meanwhile."""
        self._since = int((await self._chat())["acted_seq"])

    async def looks_away(self) -> None:
        """Count what there is as seen: `sees` then only finds what comes after this."""
        self._since = int((await self._chat())["seq"])

    # Inside.

    async def _act(self, method: str, what: str, **given: Any) -> Json:
        body: Json = await self.sandbox.request(method, f"{self._path}/{what}", **given)
        self._since = int(body["seq"])
        return body

    async def _message(self, what: str, body: Json) -> Seen:
        return Seen((await self._act("POST", what, json=body))["message"])

    async def _chat(self) -> Json:
        chat: Json = await self.sandbox.request("GET", f"{self._path}/chat")
        return chat

    def _deadline(self, timeout: float | None) -> float:
        seconds = self.sandbox.patience if timeout is None else timeout
        return asyncio.get_running_loop().time() + seconds

    @staticmethod
    def _left(deadline: float) -> float:
        return max(0.0, deadline - asyncio.get_running_loop().time())

    async def _events(self, after: int, deadline: float) -> Json:
        batch: Json = await self.sandbox.request(
            "GET",
            f"{self._path}/events",
            params={"after": str(after), "wait": f"{self._left(deadline):.3f}"},
            headers={"Accept": "application/json"},
        )
        return batch

    async def _event(self, kind: str, key: str, text: str, timeout: float | None) -> Json:
        """The first event of a kind since the last action with `text` in its data's `key`."""
        deadline = self._deadline(timeout)
        seq = self._since
        others: list[str] = []
        while True:
            batch = await self._events(seq, deadline)
            seq = int(batch["seq"])
            for event in batch["events"]:
                if event["type"] == kind:
                    if text in event["data"][key]:
                        found: Json = event["data"]
                        return found
                    others.append(event["data"][key])
            if not batch["events"] and self._left(deadline) <= 0:
                raise await self._not_seen(f"a {kind} {text!r} (but {others})")

    async def _wait(
        self,
        fits: Callable[[Seen], bool],
        timeout: float | None,
        what: str,
        since: int | None = None,
    ) -> Seen:
        """The newest fitting bot message changed after `since` (the last action by default)."""
        deadline = self._deadline(timeout)
        since = self._since if since is None else since
        chat = await self._chat()
        seq, messages = int(chat["seq"]), {one["message_id"]: one for one in chat["messages"]}
        while True:
            for message in newest_first(messages, since):
                if fits(message):
                    return message
            batch = await self._events(seq, deadline)
            seq = int(batch["seq"])
            if not batch["events"] and self._left(deadline) <= 0:
                raise await self._not_seen(what)
            for event in batch["events"]:
                apply(messages, event)

    async def _not_seen(self, what: str) -> NotSeen:
        chat = await self._chat()
        lines = [f"{self.name} doesn't see {what}. The chat:"]
        lines.extend(str(Seen(raw)) for raw in chat["messages"])
        if chat["reply_keyboard"]:
            rows = chat["reply_keyboard"]["keyboard"]
            lines.append("keys: " + " ".join(f"[{one['text']}]" for row in rows for one in row))
        if chat.get("blocked"):
            lines.append("(the bot is blocked)")
        return NotSeen("\n".join(lines))
