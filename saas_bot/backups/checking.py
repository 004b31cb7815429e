"""Reading a backup: whether it is whole, and what it says that it holds."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import PIECE
from saas_bot.backups.manifest import LONGEST, Manifest


def read_manifest(path: Path) -> Manifest:
    """What a backup says that it holds.

    Raises:
        BackupFailed: it can't be read, or says nothing.
    """
    with _reading(path), gzip.open(path, "rt", encoding="utf-8") as file:
        manifest = Manifest.parse(_lines(file))
    if manifest is None:
        raise BackupFailed(Why.UNKNOWN, f"{path.name} has no manifest: the bot has not made it")
    return manifest


def _lines(file: IO[str]) -> Iterator[str]:
    read = 0
    while read < LONGEST and (line := file.readline(LONGEST)):
        read += len(line)
        yield line


def check(path: Path) -> None:
    """Read all of a backup, and compare it with its checksum.

    Raises:
        BackupFailed: it is damaged, or has no checksum.
    """
    beside = path.with_name(f"{path.name}.sha256")
    try:
        wanted = beside.read_text(encoding="ascii", errors="replace").split()[0]
    except (FileNotFoundError, IndexError):
        text = f"{beside.name} is missing; where you trust the file, `sha256sum` makes it"
        raise BackupFailed(Why.DAMAGED, text) from None
    sha256, unpacked = hashlib.sha256(), zlib.decompressobj(wbits=31)
    with _reading(path), path.open("rb") as file:
        while piece := file.read(PIECE):
            sha256.update(piece)
            unpacked = _unpack(unpacked, piece)
    if sha256.hexdigest() != wanted:
        raise BackupFailed(Why.DAMAGED, f"{path.name} is not what it was: its checksum differs")
    if not unpacked.eof and path.stat().st_size:
        raise BackupFailed(Why.DAMAGED, f"{path.name} ends too early")


def _unpack(unpacked: Any, piece: bytes) -> Any:
    """Go on unpacking, piece by piece within little memory; the next part begins where one ends."""
    while piece:
        if unpacked.eof:
            unpacked = zlib.decompressobj(wbits=31)
        unpacked.decompress(piece, PIECE)
        piece = unpacked.unconsumed_tail or unpacked.unused_data
    return unpacked


class _reading:  # noqa: N801 - used like a function
    """Turns what reading a damaged file raises into words."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile | UnicodeDecodeError):
            text = f"{self._path.name} is damaged: {error}"
            raise BackupFailed(Why.DAMAGED, text) from error
        if isinstance(error, OSError):
            text = f"{self._path} can't be read: {error.strerror or error}"
            raise BackupFailed(Why.NO_PLACE, text) from error
