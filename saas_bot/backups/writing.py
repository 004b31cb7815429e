"""Writing a backup: all of it or nothing, and what killed processes have left of theirs."""

import errno
import fcntl
import hashlib
import os
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import IO, Final, Self

from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import MINUTE, Backup, called, private

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Unfinished:
    """A backup being written: under a name of its own until all of it is on the disk.

    Whoever is killed leaves the file behind, unlocked; `sweep` deletes such.
    """

    def __init__(self, directory: Path, database: str) -> None:
        self._directory, self._database = directory, database
        self._path = directory / f".backup_{called(database)}_{token_hex(4)}.unfinished"
        self._file: IO[bytes] = private(self._path, os.O_EXCL)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._sha256 = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()

    def write(self, piece: bytes) -> None:
        """Go on with this."""
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._sha256.update(piece)
        self.size += len(piece)

    def sync(self) -> None:
        """Wait until all of it is on the disk."""
        os.fsync(self._file.fileno())

    def finish(self, moment: datetime) -> Backup:
        """Give it the name of that minute, after `sync`. Its checksum is there before it is."""
        backup = self._claimed(moment)
        self.rename(backup.path)
        return backup

    def rename(self, path: Path) -> None:
        """Give it that name, after `sync`."""
        self._path.rename(path)
        _sync_directory(self._directory)

    def _claimed(self, moment: datetime) -> Backup:
        """The first free name: whoever makes its checksum has it."""
        for number in count(1):
            more = f"_{number}" if number > 1 else ""
            name = f"backup_{called(self._database)}_{moment:{MINUTE}}{more}.sql.gz"
            backup = Backup.named(self._directory / name)
            if backup is None or backup.path.exists():
                continue
            try:
                file = private(backup.checksum, os.O_EXCL)
            except FileExistsError:
                continue
            try:
                with file:
                    file.write(f"{self._sha256.hexdigest()}  {name}\n".encode())
                    os.fsync(file.fileno())
            except OSError:
                backup.checksum.unlink(missing_ok=True)
                raise
            return backup
        raise AssertionError("some number is free")


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def told(error: OSError) -> BackupFailed:
    """The error that tells of a disk that failed."""
    if error.errno in _NO_ROOM:
        text = f"there is no room for the backup ({error.strerror}); nothing is left of it"
        return BackupFailed(Why.NO_ROOM, text)
    return BackupFailed(Why.FAILED, f"the backup can't be written: {error.strerror or error}")


def sweep(directory: Path, database: str) -> list[Path]:
    """Delete what killed processes have left; only for whoever alone makes backups now."""
    own = f"backup_{called(database)}_"
    left = [path for path in directory.glob(f".{own}*.unfinished") if _is_left(path)]
    for suffix in (".sha256", ".proven"):
        for path in directory.glob(f"{own}*{suffix}"):
            of = path.with_name(path.name.removesuffix(suffix))
            if Backup.named(of, database) and not of.exists():
                left.append(path)
    for path in left:
        path.unlink(missing_ok=True)
    return left


def _is_left(path: Path) -> bool:
    """Whether nobody writes to it any more: a lock ends with its process."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
