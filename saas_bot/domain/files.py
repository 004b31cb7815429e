"""Files as the bot takes them: kinds, states, and which are refused before any transfer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final
from unicodedata import normalize

from saas_bot.core.errors import Invalid

MB: Final = 1024 * 1024

DOWNLOAD_MOST: Final = 20 * MB
"""Bytes of a file that a bot may fetch from Telegram (Bot API, getFile)."""

UPLOAD_MOST: Final = 50 * MB
"""Bytes of a file that a bot may send (Bot API, "Sending files")."""

LOCAL_MOST: Final = 2000 * MB
"""Bytes of either through a Bot API server of one's own ("Using a Local Bot API Server")."""

UNKNOWN_TYPE: Final = "application/octet-stream"


class Kind(StrEnum):
    """What Telegram sent it as, and sends it back as."""

    DOCUMENT = "document"
    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"


class State(StrEnum):
    """How far a file has come on its way into S3."""

    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that someone has sent to the bot; `size` in bytes, where Telegram tells it.

    One that is `renamed` Telegram knows by another name; of one that came `unnamed` the name is
    ours, and may be numbered.
    """

    kind: Kind
    telegram_file_id: str
    name: str
    size: int | None = None
    media_type: str = UNKNOWN_TYPE
    renamed: bool = False
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Which files a deployment takes.

    `allowed` and `refused` hold media types (`image/*`) and ends of names (`.exe`), in lower case;
    nothing in `allowed` allows all that is not refused.
    """

    local_api: bool = False
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def most_in(self) -> int:
        """Bytes of a file that can be fetched from Telegram."""
        return LOCAL_MOST if self.local_api else DOWNLOAD_MOST

    @property
    def most_out(self) -> int:
        """Bytes of a file that can be sent."""
        return LOCAL_MOST if self.local_api else UPLOAD_MOST

    def check(self, file: Incoming) -> None:
        """Pass if the file is taken, as far as Telegram's word for it goes.

        Raises:
            Invalid: it is too large, empty, or of a type that is not taken.
        """
        if file.size is not None and file.size > self.most_in:
            raise Invalid("file-too-large", name=file.name, size=file.size, limit=self.most_in)
        if file.size == 0:
            raise Invalid("file-empty", name=file.name)
        self.check_type(file.name, file.media_type)

    def check_type(self, name: str, media_type: str, ending: str = "") -> None:
        """Pass if a file of this name and media type is taken; `ending` is what fits its contents.

        Raises:
            Invalid: it is not.
        """
        refused = any(_listed(self.refused, one, media_type) for one in (name, ending))
        if refused or (self.allowed and not _listed(self.allowed, name, media_type)):
            raise Invalid("file-type", field="name", name=name)


def _listed(entries: Iterable[str], name: str, media_type: str) -> bool:
    # Full-width letters are those letters to whoever opens the file (Unicode, NFKC).
    name, media_type = normalize("NFKC", name).lower(), media_type.lower()
    return any(
        name.endswith(one) if one.startswith(".") else fnmatchcase(media_type, one)
        for one in entries
    )
