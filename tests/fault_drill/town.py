"""All that people hear from the bot, as it comes, in one stream of the sandbox."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot, new or changed, or the answer to a press; `at` is in seconds."""

    at: float
    text: str
    message_id: int | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    """What stands on each, and its callback data."""

    def button(self, label: str) -> str | None:
        """The callback data of the first button with that on it."""
        return next((data for text, data in self.buttons if label in text), None)


class Town:
    """Listens for everybody, and acts for anybody."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._heard: dict[int, list[Heard]] = defaultdict(list)
        self._news = asyncio.Condition()
        self.listening = asyncio.Event()

    async def listen(self) -> None:
        """Note what comes until cancelled."""
        forever = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(timeout=forever, read_bufsize=1 << 20) as self._http,
            self._http.get(f"{self._url}/api/events", params={"after": "0"}) as stream,
        ):
            self.listening.set()
            async for line in stream.content:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    heard = _heard(event)
                    if heard is not None:
                        self._heard[event["person_id"]].append(heard)
                        async with self._news:
                            self._news.notify_all()

    def heard(self, person: int, since: float = 0.0) -> list[Heard]:
        """What somebody has heard since then, oldest first."""
        return [one for one in self._heard[person] if one.at >= since]

    async def until(
        self, person: int, since: float, fits: Callable[[Heard], bool], seconds: float
    ) -> Heard | None:
        """The first that fits, waited for so long; None: it does not come."""

        def found() -> Heard | None:
            return next(filter(fits, self.heard(person, since)), None)

        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: found() is not None)
        except TimeoutError:
            return None
        return found()

    async def writes(self, person: int, text: str) -> None:
        """Send a text."""
        await self._post(person, "messages", json={"text": text})

    async def presses(self, person: int, message_id: int, data: str) -> None:
        """Press a button; fine when the message has it no more."""
        body = {"message_id": message_id, "data": data, "forged": True}
        await self._post(person, "clicks", json=body)

    async def sends_file(self, person: int, name: str, content: bytes, caption: str) -> None:
        """Send a document."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("kind", "document")
        form.add_field("caption", caption)
        form.add_field("file", content, filename=name)
        await self._post(person, "files", data=form)

    async def _post(self, person: int, what: str, **given: Any) -> None:
        url = f"{self._url}/api/people/{person}/{what}"
        async with self._http.post(url, **given) as response:
            assert response.status < 400, await response.text()


def _heard(event: dict[str, Any]) -> Heard | None:
    data = event["data"]
    if event["type"] == "callback_answer":
        return Heard(time.monotonic(), data["text"]) if data["text"] else None
    if event["type"] not in ("message", "edit") or data["from"] != "bot":
        return None
    rows = data["inline_keyboard"] or ()
    buttons = tuple((one["text"], one["callback_data"] or "") for row in rows for one in row)
    return Heard(time.monotonic(), data["text"], data["message_id"], buttons)
