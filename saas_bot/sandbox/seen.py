"""A message as a person sees it, for the client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

_LINK: Final = re.compile(r"(?:t\.me/|tg://resolve\?domain=)\w+[?&]start=([A-Za-z0-9_-]+)")


class NotSeen(AssertionError):
    """What was expected didn't show up in time; the message holds the whole visible chat."""


class SandboxError(Exception):
    """The sandbox refused a request: its HTTP status and its sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


@dataclass(slots=True, frozen=True)
class Seen:
    """A message as a person sees it; `raw` is what the people-side API said."""

    raw: Json

    @property
    def message_id(self) -> int:
        """Its number in the chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Its text or caption, without markup."""
        return str(self.raw["text"])

    @property
    def html(self) -> str:
        """Its text as the web chat draws it."""
        return str(self.raw["html"])

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.raw["from"] == "bot")

    @property
    def buttons(self) -> list[Json]:
        """Its inline buttons, row by row: `text`, `callback_data`, `url`."""
        return [button for row in self.raw["inline_keyboard"] or () for button in row]

    @property
    def button_texts(self) -> list[str]:
        """What is written on its inline buttons."""
        return [str(button["text"]) for button in self.buttons]

    @property
    def file(self) -> Json | None:
        """Its file: `name`, `size`, `mime`, `kind`, `url`."""
        file: Json | None = self.raw["file"]
        return file

    def link(self) -> str | None:
        """The token of a deep link in its text, its links or its buttons."""
        places = [self.html, *(str(button["url"]) for button in self.buttons if button["url"])]
        for place in places:
            match = _LINK.search(place.replace("&amp;", "&"))
            if match:
                return match.group(1)
        return None

    def __str__(self) -> str:
        lines = [f"{'bot' if self.from_bot else 'me '}> {self.text}"]
        if self.file:
            lines.append(f"     ({self.file['kind']}: {self.file['name']})")
        lines.extend(
            "     " + " ".join(f"[{button['text']}]" for button in row)
            for row in self.raw["inline_keyboard"] or ()
        )
        return "\n".join(lines)


def newest_first(messages: dict[int, Json], since: int) -> Iterator[Seen]:
    """The bot's messages sent or edited after `since`, the latest change first."""
    changed = [one for one in messages.values() if one["from"] == "bot" and one["seq"] > since]
    for raw in sorted(changed, key=lambda one: int(one["seq"]), reverse=True):
        yield Seen(raw)


def apply(messages: dict[int, Json], event: Json) -> None:
    """Bring `messages` up to date with an event."""
    if event["type"] in ("message", "edit"):
        messages[event["data"]["message_id"]] = event["data"]
    elif event["type"] == "delete":
        messages.pop(event["data"]["message_id"], None)
