"""Locks that outlive nobody: held by open files, they are free once every holder is gone.

A child process that inherits the file holds the lock as well, whatever becomes of its parent.
So a lock that can be had proves that no process of the run before is left, which a process id
written down somewhere never could.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from saas_bot.embedded.errors import of_another_user


class Claim:
    """An exclusive lock on a file, which also names its holder by process id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def file(self) -> int:
        """The descriptor that holds the lock, for a child process to inherit."""
        if self._file is None:
            raise RuntimeError(f"{self.path} is not locked")
        return self._file

    def take(self) -> bool:
        """Try to take the lock; answers at once whether it was free.

        Raises:
            DataUnusable: the file belongs to another user.
        """
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise of_another_user(self.path.parent) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def is_free(self) -> bool:
        """Whether nobody holds the lock."""
        with Claim(self.path) as probe:
            return probe.take()

    def sign(self, pid: int) -> None:
        """Write down whose the lock is, for `holder`."""
        os.pwrite(self.file, f"{pid:<20}\n".encode(), 0)

    def holder(self) -> int | None:
        """The process id that signed the lock last."""
        try:
            return int(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def release(self) -> None:
        """Let go in this process; a child that inherited the lock still holds it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
