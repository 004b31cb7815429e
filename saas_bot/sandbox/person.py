# ruff: noqa: ASYNC109 - a test says how patient it is right where it looks
"""Someone who chats with the bot, for the client: acting and looking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import aiohttp

from saas_bot.sandbox.seen import Json, NotSeen, Seen, apply, newest_first

if TYPE_CHECKING:
    from saas_bot.sandbox.client import Sandbox


class Person:
    """Someone who chats with the bot."""

    def __init__(self, sandbox: Sandbox, fields: Json) -> None:
        self.sandbox = sandbox
        self.id = int(fields["id"])
        self.first_name = str(fields["first_name"])
        self.username: str | None = fields["username"]
        self._since = 0

    def __repr__(self) -> str:
        return f"<{self.first_name} {self.id}>"

    # Acting.

    async def sends(self, text: str, reply_to: int | None = None) -> Seen:
        """Send a text."""
        body: Json = {"text": text}
        if reply_to is not None:
            body["reply_to_message_id"] = reply_to
        return await self._message("messages", body)

    async def starts(self, payload: str = "") -> Seen:
        """Press START, with the payload of a deep link."""
        return await self._message("start", {"payload": payload})

    async def presses(self, label: str) -> Seen:
        """Press the reply keyboard's button that contains `label`; it must be there."""
        chat = await self._chat()
        rows = (chat["reply_keyboard"] or {}).get("keyboard", [])
        texts = [str(button["text"]) for row in rows for button in row]
        for text in texts:
            if label in text:
                return await self.sends(text)
        raise NotSeen(f"{self.first_name} has no key {label!r}, only {texts}")

    async def clicks(self, label: str, timeout: float | None = None) -> str:
        """Press the inline button containing `label` on the newest message that has one.

        Waits for such a message when there is none yet. Returns the callback query's id.
        """

        def has_it(message: Seen) -> bool:
            return any(label in text for text in message.button_texts)

        found = await self._wait(has_it, timeout, f"a button {label!r}", since=0)
        for button in found.buttons:
            if label in button["text"]:
                if button["callback_data"] is None:
                    raise NotSeen(f"the button {button['text']!r} opens {button['url']}")
                return await self._click(found.message_id, button["callback_data"], forged=False)
        raise NotSeen(f"no button {label!r}")  # pragma: no cover - has_it has just found it

    async def clicks_again(self, message: Seen, label: str) -> str:
        """Press a button of a message remembered from before, stale or not."""
        for button in message.buttons:
            if label in button["text"]:
                return await self._click(message.message_id, button["callback_data"], forged=True)
        raise NotSeen(f"the message had no button {label!r}, only {message.button_texts}")

    async def forges(self, data: str, message_id: int | None = None) -> str:
        """Send callback data no button has, from the newest bot message or the given one."""
        if message_id is None:
            message_id = (await self.screen()).message_id
        return await self._click(message_id, data, forged=True)

    async def _click(self, message_id: int, data: str, *, forged: bool) -> str:
        body = {"message_id": message_id, "data": data, "forged": forged}
        return str((await self._act("POST", "clicks", json=body))["callback_query_id"])

    async def edits(self, message: Seen, text: str) -> Seen:
        """Change an own message."""
        path = f"messages/{message.message_id}"
        return Seen((await self._act("PATCH", path, json={"text": text}))["message"])

    async def deletes(self, message: Seen) -> None:
        """Delete a message."""
        await self._act("DELETE", f"messages/{message.message_id}")

    async def sends_file(
        self, name: str, content: bytes, kind: str = "document", caption: str = ""
    ) -> Seen:
        """Send a file as a document, photo, video, audio or voice."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("kind", kind)
        form.add_field("caption", caption)
        form.add_field("file", content, filename=name)
        return Seen((await self._act("POST", "files", data=form))["message"])

    async def sends_sticker(self, emoji: str = "👍") -> Seen:
        """Send a sticker."""
        return await self._message("sticker", {"emoji": emoji})

    async def sends_location(self, latitude: float = 59.93, longitude: float = 30.33) -> Seen:
        """Send a place."""
        return await self._message("location", {"latitude": latitude, "longitude": longitude})

    async def sends_contact(self, phone_number: str = "+10000000000") -> Seen:
        """Send the own contact."""
        return await self._message("contact", {"phone_number": phone_number})

    async def pays(self, message: Seen | None = None, link: str | None = None) -> str:
        """Pay the invoice of a message (the bot's last one by default) or of an invoice link.

        Returns the pre-checkout query's id; `sees_payment` tells how it ended.
        """
        body: Json = {"link": link}
        if link is None:
            body = {"message_id": (message or await self.screen()).message_id}
        return str((await self._act("POST", "pay", json=body))["pre_checkout_query_id"])

    async def blocks(self) -> None:
        """Block the bot."""
        await self._act("POST", "block", json={})

    async def unblocks(self) -> None:
        """Unblock the bot."""
        await self._act("POST", "unblock", json={})

    async def speaks(self, language: str) -> None:
        """Switch Telegram's language."""
        body = {"language_code": language}
        await self.sandbox.request("PATCH", f"/api/people/{self.id}", json=body)

    # Looking.

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
                raise NotSeen(f"{self.first_name} sees {text!r}, which shouldn't be: {message}")

    async def sees_file(self, name: str, timeout: float | None = None) -> Seen:
        """As `sees`, for a file whose name contains `name`."""

        def has_it(message: Seen) -> bool:
            return message.file is not None and name in message.file["name"]

        return await self._wait(has_it, timeout, f"a file {name!r}")

    async def sees_toast(self, text: str, timeout: float | None = None) -> Json:
        """The answer to a click since the last action whose text contains `text`."""
        return await self._event("callback_answer", "text", text, timeout)

    async def sees_payment(
        self, *, refused: str | None = None, timeout: float | None = None
    ) -> Json:
        """The outcome of a payment since the last action: made, or refused with a text."""
        outcome = await self._event("payment", "error_message", refused or "", timeout)
        if outcome["ok"] is (refused is not None):
            raise NotSeen(f"the payment of {self.first_name} ended otherwise: {outcome}")
        return outcome

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

    async def commands(self) -> list[str]:
        """The commands in this person's menu."""
        return [str(one["command"]) for one in (await self._chat())["commands"]]

    async def keys(self) -> list[str]:
        """What is written on the reply keyboard."""
        rows = ((await self._chat())["reply_keyboard"] or {}).get("keyboard", [])
        return [str(button["text"]) for row in rows for button in row]

    async def refresh(self) -> None:
        """Take over where this person stands, when someone else has acted as them meanwhile."""
        self._since = int((await self._chat())["acted_seq"])

    async def looks_away(self) -> None:
        """Count what there is as seen: `sees` then only finds what comes after this."""
        self._since = int((await self._chat())["seq"])

    # Inside.

    async def _act(self, method: str, what: str, **given: Any) -> Json:
        body: Json = await self.sandbox.request(method, f"/api/people/{self.id}/{what}", **given)
        self._since = int(body["seq"])
        return body

    async def _message(self, what: str, body: Json) -> Seen:
        return Seen((await self._act("POST", what, json=body))["message"])

    async def _chat(self) -> Json:
        chat: Json = await self.sandbox.request("GET", f"/api/people/{self.id}/chat")
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
            f"/api/people/{self.id}/events",
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
        lines = [f"{self.first_name} doesn't see {what}. The chat:"]
        lines.extend(str(Seen(raw)) for raw in chat["messages"])
        if chat["reply_keyboard"]:
            rows = chat["reply_keyboard"]["keyboard"]
            lines.append("keys: " + " ".join(f"[{one['text']}]" for row in rows for one in row))
        if chat["blocked"]:
            lines.append("(the bot is blocked)")
        return NotSeen("\n".join(lines))
