# ruff: noqa: ASYNC109 - a test says how patient it is right where it looks
"""Someone who chats with the bot, for the client."""

from __future__ import annotations

import aiohttp

from saas_bot.sandbox.connection import Connection
from saas_bot.sandbox.seen import Json, NotSeen, Seen
from saas_bot.sandbox.viewer import Viewer


class Person(Viewer):
    """Someone who chats with the bot."""

    def __init__(self, sandbox: Connection, fields: Json) -> None:
        person_id, name = int(fields["id"]), str(fields["first_name"])
        super().__init__(sandbox, f"/api/people/{person_id}", person_id, name)
        self.first_name = name
        self.username: str | None = fields["username"]

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
        self,
        name: str,
        content: bytes,
        kind: str = "document",
        caption: str = "",
        *,
        mime: str | None = None,
        duration: int = 1,
    ) -> Seen:
        """Send a file as any kind that the Bot API knows (`Message`); `duration` in seconds."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("kind", kind)
        form.add_field("caption", caption)
        form.add_field("duration", str(duration))
        form.add_field("file", content, filename=name, content_type=mime)
        return Seen((await self._act("POST", "files", data=form))["message"])

    async def sends_album(
        self, *files: tuple[str, bytes], kind: str = "photo", caption: str = ""
    ) -> list[Seen]:
        """Send 2 to 10 files, names and contents, as one album."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("caption", caption)
        for name, content in files:
            form.add_field("kind", kind)
            form.add_field("file", content, filename=name)
        messages = (await self._act("POST", "album", data=form))["messages"]
        return [Seen(raw) for raw in messages]

    async def forwards(self, message: Seen, from_person: Person | None = None) -> Seen:
        """Forward a message into this chat, from it or from another person's."""
        body: Json = {"message_id": message.message_id}
        if from_person is not None:
            body["from_person"] = from_person.id
        return await self._message("forward", body)

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
        await self.sandbox.request("PATCH", self._path, json=body)

    async def opens_mini_app(self) -> str:
        """Open the bot's Mini App; gives what it gets there as `Telegram.WebApp.initData`."""
        opened = await self.sandbox.request("POST", f"{self._path}/init_data", json={})
        return str(opened["init_data"])

    # Looking at what only people have.

    async def sees_payment(
        self, *, refused: str | None = None, timeout: float | None = None
    ) -> Json:
        """The outcome of a payment since the last action: made, or refused with a text."""
        outcome = await self._event("payment", "error_message", refused or "", timeout)
        if outcome["ok"] is (refused is not None):
            raise NotSeen(f"the payment of {self.first_name} ended otherwise: {outcome}")
        return outcome

    async def commands(self) -> list[str]:
        """The commands in this person's menu."""
        return [str(one["command"]) for one in (await self._chat())["commands"]]

    async def keys(self) -> list[str]:
        """What is written on the reply keyboard."""
        rows = ((await self._chat())["reply_keyboard"] or {}).get("keyboard", [])
        return [str(button["text"]) for row in rows for button in row]
