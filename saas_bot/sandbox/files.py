"""Files that people and the bot have sent: bytes on disk, what is known of them in memory."""

from __future__ import annotations

import mimetypes
import secrets
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

_FOLDERS: Final = {
    "photo": "photos",
    "video": "videos",
    "animation": "animations",
    "video_note": "video_notes",
    "audio": "music",
    "voice": "voice",
    "document": "documents",
}


@dataclass(slots=True, frozen=True)
class Upload:
    """A file part of a request, already written to `path`."""

    path: Path
    name: str
    mime: str
    size: int


@dataclass(slots=True, frozen=True)
class StoredFile:
    """A file Telegram knows. `file_path` is what `getFile` gives, `place` where the bytes are.

    `details` are what its kind has besides: `duration` (seconds), `width`, `height` (pixels), ...
    """

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    file_path: str
    place: str
    details: dict[str, Any] = field(default_factory=dict)


class FileStore:
    """Keeps uploaded files in one directory: a given one, or a temporary one that goes with it."""

    def __init__(self, directory: Path | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-") if not directory else None
        self.directory = directory or Path(self._temporary.name if self._temporary else ".")
        self.directory.mkdir(parents=True, exist_ok=True)
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._by_unique: dict[str, StoredFile] = {}

    def new_place(self) -> Path:
        """A fresh path to write an upload to."""
        return self.directory / secrets.token_hex(16)

    def add(self, kind: str, upload: Upload, details: dict[str, Any] | None = None) -> StoredFile:
        """Make an upload a file of `kind` with its own `file_id`."""
        unique = secrets.token_hex(8)
        suffix = Path(upload.name).suffix if upload.name else ""
        if not suffix.isascii() or len(suffix) > 12 or not suffix[1:].isalnum():
            suffix = mimetypes.guess_extension(upload.mime) or ""
        stored = StoredFile(
            file_id=f"SBX{secrets.token_urlsafe(24)}",
            unique_id=unique,
            kind=kind,
            name=upload.name,
            mime=upload.mime,
            size=upload.size,
            file_path=f"{_FOLDERS.get(kind, 'documents')}/file_{unique}{suffix}",
            place=upload.path.name,
            details=details or {},
        )
        self._remember(stored)
        return stored

    def _remember(self, stored: StoredFile) -> None:
        self._by_id[stored.file_id] = stored
        self._by_path[stored.file_path] = stored
        self._by_unique[stored.unique_id] = stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this `file_id`."""
        return self._by_id.get(file_id)

    def at(self, file_path: str) -> StoredFile | None:
        """The file that `getFile` named by this `file_path`."""
        return self._by_path.get(file_path)

    def unique(self, unique_id: str) -> StoredFile | None:
        """The file with this `file_unique_id`, which the web chat's addresses use."""
        return self._by_unique.get(unique_id)

    def place(self, stored: StoredFile) -> Path:
        """Where the bytes of `stored` are."""
        return self.directory / stored.place

    def dump(self) -> list[dict[str, Any]]:
        """Everything known about the files, for a snapshot."""
        return [asdict(stored) for stored in self._by_id.values()]

    def load(self, dumped: list[dict[str, Any]]) -> None:
        """Take back what `dump` gave; files whose bytes are gone are left out."""
        for one in dumped:
            stored = StoredFile(**one)
            if self.place(stored).exists():
                self._remember(stored)

    def close(self) -> None:
        """Remove the temporary directory, if it was ours."""
        if self._temporary is not None:
            self._temporary.cleanup()


# The sandbox doesn't look into pictures and recordings: this is what it says when nobody did.
_STAND_INS: Final[dict[str, dict[str, Any]]] = {
    "photo": {"width": 1280, "height": 960},
    "video": {"width": 1280, "height": 720, "duration": 1},
    "animation": {"width": 640, "height": 360, "duration": 1},
    "video_note": {"length": 384, "duration": 1},
    "audio": {"duration": 1},
    "voice": {"duration": 1},
    "document": {},
}
CAPTIONLESS: Final = frozenset({"video_note"})
"""Kinds that no words go with (Bot API, sendVideoNote)."""

_NAMELESS: Final = frozenset({"photo", "voice", "video_note"})


def content_of(stored: StoredFile) -> dict[str, Any]:
    """What a `Message` has of this file; an animation stands in it as a document too.

    Source: Bot API `Message.animation`.
    """
    content: dict[str, Any] = {stored.kind: as_api(stored)}
    if stored.kind == "animation":
        content["document"] = as_api(replace(stored, kind="document", details={}))
    return content


def as_api(stored: StoredFile) -> dict[str, Any] | list[dict[str, Any]]:
    """The object a `Message` carries for this file; for a photo the list of its sizes.

    Source: Bot API `Document`, `PhotoSize`, `Video`, `Animation`, `VideoNote`, `Audio`, `Voice`.
    """
    about: dict[str, Any] = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        **_STAND_INS[stored.kind],
        **stored.details,
    }
    if stored.kind == "photo":
        return [about]
    if stored.kind == "video_note":
        return about
    about["mime_type"] = stored.mime
    if stored.name and stored.kind not in _NAMELESS:
        about["file_name"] = stored.name
    return about
