"""The files of a directory of backups: how they are called, written, checked and told apart.

`backup_saasdb_2025-10-09_23-45.sql.gz` is a backup of the database `saasdb`, named after the minute
in UTC; one more of the same minute has `_2` after it. Beside it lie its checksum (`.sha256`, as
`sha256sum -c` reads it) and, once it was restored for a trial, the proof of that (`.proven`).
"""

import errno
import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from saas_bot.backups.errors import BackupFailed, Why

PIECE: Final = 1024 * 1024
"""Bytes that are moved at once."""

MINUTE: Final = "%Y-%m-%d_%H-%M"
"""How a name tells when it was made."""

_NAME: Final = re.compile(
    r"backup_(?P<database>.+)_(?P<minute>\d{4}-\d\d-\d\d_\d\d-\d\d)(?:_(?P<number>\d+))?\.sql\.gz"
)
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_.-]")


def called(database: str) -> str:
    """A database's name, as names of files have it."""
    return _UNFIT.sub("_", database)


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A backup that lies in a directory. They are ordered by when they were made."""

    made_at: datetime
    number: int
    path: Path

    @classmethod
    def named(cls, path: Path, database: str | None = None) -> "Backup | None":
        """The backup that a path names; None where it is none, or one of another database."""
        match = _NAME.fullmatch(path.name)
        if match is None or (database is not None and match["database"] != called(database)):
            return None
        try:
            minute = datetime.strptime(match["minute"], MINUTE).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(minute, int(match["number"] or 1), path)

    @property
    def checksum(self) -> Path:
        """The file that `sha256sum -c` reads."""
        return self.path.with_name(f"{self.path.name}.sha256")

    @property
    def proof(self) -> Path:
        """The file that says when it was restored for a trial."""
        return self.path.with_name(f"{self.path.name}.proven")

    @property
    def proven(self) -> bool:
        """Whether it was restored for a trial, and was all there."""
        return self.proof.exists()

    def prove(self, facts: dict[str, Any]) -> None:
        """Note that it was."""
        with private(self.proof, os.O_TRUNC) as file:
            file.write(json.dumps(facts).encode() + b"\n")

    def delete(self) -> None:
        """Delete it with what belongs to it; fine where it is gone."""
        for path in (self.path, self.checksum, self.proof):
            path.unlink(missing_ok=True)


def found(directory: Path, database: str) -> list[Backup]:
    """The backups of a database, the newest first."""
    with suppress(FileNotFoundError, NotADirectoryError):
        named = (Backup.named(path, database) for path in directory.iterdir())
        return sorted((one for one in named if one is not None), reverse=True)
    return []


def prepared(directory: Path) -> Path:
    """The directory, made where it is missing.

    Raises:
        BackupFailed: it can't be used.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        text = f"BACKUP_DIR={directory} can't be written to: {error.strerror}"
        raise BackupFailed(Why.NO_PLACE, text) from error
    return directory


def private(path: Path, *flags: int) -> IO[bytes]:
    """Open a file to be written that only its owner reads."""
    wanted = os.O_WRONLY | os.O_CREAT
    for flag in flags:
        wanted |= flag
    return os.fdopen(os.open(path, wanted, 0o600), "wb", buffering=0)


def kept(backups: Iterable[Backup], days: int, *, recent: int) -> set[Backup]:
    """Which to keep: the `recent` newest ones, the last of each of the newest `days` days on which
    there was one, and the newest that is proven.
    """
    newest = sorted(backups, reverse=True)
    last_of_day: dict[Any, Backup] = {}
    for one in newest:
        last_of_day.setdefault(one.made_at.date(), one)
    proven = next((one for one in newest if one.proven), None)
    daily = list(last_of_day.values())[:days]
    return {*newest[:recent], *daily, *([proven] if proven else [])}
