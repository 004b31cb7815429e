"""Child processes that don't outlive us: apart from the terminal, ended with their parent."""

import ctypes
import os
import signal
import subprocess  # nosec B404
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from saas_bot.embedded.account import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    death_signal: signal.Signals,
    account: Account | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, with everything it says going to `log`.

    The session keeps the terminal's Ctrl-C away from it, so its starter decides the order in
    which things stop. On Linux the kernel sends `death_signal` when the thread that started it
    ends, however that happens. With `account` it runs as that account (we must be root). The
    descriptors of `keep_open` are inherited.
    """
    switch = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with log.open("ab") as output:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # nosec B603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            pass_fds=tuple(keep_open),
            preexec_fn=_die_with_parent(death_signal),
            **switch,
        )


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to a process started by `spawn` and to the processes of its group."""
    with suppress(ProcessLookupError):
        os.killpg(leader, number)


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What the child does between fork and exec: after the change of account, which resets it."""
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel
