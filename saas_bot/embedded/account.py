"""The system account PostgreSQL runs under when we are root, which it refuses to run as."""

import os
import pwd
import stat
import subprocess  # nosec B404
from dataclasses import dataclass
from pathlib import Path

from saas_bot.embedded.errors import EmbeddedError

NAME = "embedded_postgres"
_TRAVERSE = stat.S_IXOTH
_READ = stat.S_IROTH


@dataclass(frozen=True)
class Account:
    """A system account, by its numbers."""

    uid: int
    gid: int


def needed() -> Account | None:
    """The account to switch to, created when missing; None when we are an ordinary user.

    Raises:
        EmbeddedError: the account can't be created.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        entry = pwd.getpwnam(NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def _create() -> None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # nosec B603
    except FileNotFoundError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and useradd is missing here: "
            f"create the system user {NAME}, or start as an ordinary user."
        ) from None
    except subprocess.CalledProcessError as error:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and useradd {NAME} failed: {error.stderr.strip()}. "
            f"Start as an ordinary user."
        ) from error


def let_through(path: Path) -> None:
    """Let other accounts pass through the directories above `path`, by its full path.

    Adds no more than the right to traverse: their contents still can't be listed.
    """
    for parent in path.resolve().parents:
        _allow(parent, _TRAVERSE)


def let_read(tree: Path) -> None:
    """Let other accounts read what is under `tree` and run what its owner may run."""
    let_through(tree)
    _allow(tree, _READ | _TRAVERSE)
    for folder, folders, files in os.walk(tree):
        for name in folders:
            _allow(Path(folder, name), _READ | _TRAVERSE)
        for name in files:
            path = Path(folder, name)
            runs = path.stat().st_mode & stat.S_IXUSR
            _allow(path, _READ | _TRAVERSE if runs else _READ)


def give(tree: Path, account: Account) -> None:
    """Make the account the owner of `tree` and of all within, where it is not yet."""
    if tree.stat().st_uid == account.uid:
        return
    for folder, folders, files in os.walk(tree):
        for name in (*folders, *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
    # The top comes last: its owner says whether the rest has been handed over.
    os.chown(tree, account.uid, account.gid)


def _allow(path: Path, rights: int) -> None:
    mode = path.stat().st_mode
    if mode & rights != rights:
        path.chmod(stat.S_IMODE(mode) | rights)


def owns(path: Path) -> bool:
    """Whether `path` belongs to the user we run as."""
    return path.stat().st_uid == os.geteuid()
