"""A container without an engine: a process in the files of an image, as Docker would start it.

It is the first process of its own and sees only those that it starts, runs as the image's user
without any capability, and may write to /tmp and to the backups only. The network is that of this
machine. Linux and root, who may mount, are needed.
"""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from saas_bot.embedded import logfiles
from saas_bot.embedded.process import spawn
from saas_bot.embedded.waiting import until

INSIDE: Final = r"""
root=$1 backups=$2 user=$3; shift 3
mount --bind "$root" "$root"
mount --bind "$backups" "$root/app/backups"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind /dev "$root/dev"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups \
    --no-new-privs --bounding-set=-all --pdeathsig KILL -- "$@"
"""
"""What prepares the place, in mounts that nobody else sees, and becomes the container's process."""

PROBED_EVERY: Final = 0.2


class TrialFailed(Exception):
    """The image does not do what it should; the text says what, with the log where there is one."""


@dataclass(frozen=True)
class Image:
    """An image, and where its files can be seen."""

    root: Path
    config: Mapping[str, Any]

    @classmethod
    def of(cls, root: Path, inspected: str) -> "Image":
        """From what `buildah inspect --type image` has said."""
        return cls(root, json.loads(inspected)["Docker"]["config"])

    @property
    def command(self) -> list[str]:
        """What a container does that is not told anything else."""
        return [*(self.config["Entrypoint"] or ()), *self.config["Cmd"]]

    @property
    def probe(self) -> list[str]:
        """What Docker runs to see whether a container is well."""
        kind, *command = self.config["Healthcheck"]["Test"]
        if kind != "CMD":
            raise TrialFailed(f"the health check is of another kind: {kind}")
        return list(command)

    def within(self, environment: Mapping[str, str], command: Sequence[str]) -> list[str]:
        """A command, in the image's directory and environment and no other."""
        said = [*self.config["Env"], *(f"{name}={value}" for name, value in environment.items())]
        return ["env", "-i", f"--chdir={self.config['WorkingDir']}", *said, *command]


class Container:
    """One that runs; it ends with us, however that happens."""

    def __init__(
        self,
        image: Image,
        name: str,
        environment: Mapping[str, str],
        home: Path,
        command: Sequence[str] = (),
    ) -> None:
        self._image, self._environment, self._name = image, environment, name
        self._log = home / f"{name}.log"
        self._started = time.monotonic()
        self._process = spawn(
            [
                *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts"),
                *("sh", "-ec", INSIDE, "inside"),
                *(image.root, home / "backups", image.config["User"]),
                *image.within(environment, command or image.command),
            ],
            log=self._log,
            cwd=home,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            death_signal=signal.SIGKILL,
        )

    @property
    def log(self) -> str:
        """What it has said."""
        return self._log.read_text(errors="replace")

    def events(self) -> list[str]:
        """The names of what it has logged."""
        lines = (json.loads(line) for line in self.log.splitlines() if line.startswith("{"))
        return [str(line["event"]) for line in lines]

    async def healthy(self, seconds: float) -> float:
        """Wait until the image's own health check is content; gives the seconds since the start."""
        deadline = time.monotonic() + seconds
        said = ""
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self.failure(f"ended with {self._process.returncode}")
            if self._first() is not None:
                code, said = await self.executes(self._image.probe)
                if code == 0:
                    return time.monotonic() - self._started
            await asyncio.sleep(PROBED_EVERY)
        raise self.failure(f"is not healthy after {seconds:.0f} s: {said.strip()}")

    async def executes(self, command: Sequence[str], given: bytes = b"") -> tuple[int, str]:
        """Run a command inside, as `docker exec` does; its exit code and what it said."""
        first, (uid, gid) = self._first(), self._image.config["User"].split(":")
        process = await asyncio.create_subprocess_exec(
            *("nsenter", "--target", str(first), "--mount", "--pid", "--root"),
            *("--setuid", uid, "--setgid", gid),
            *self._image.within(self._environment, command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate(given)
        return process.returncode or 0, said.decode(errors="replace")

    async def stops(self, seconds: float, number: signal.Signals = signal.SIGTERM) -> float:
        """Signal its first process, as `docker stop` does; gives the seconds until it has ended."""
        began = time.monotonic()
        first = self._first()
        if first is None:
            raise self.failure("has ended by itself")
        os.kill(first, number)
        return await self.ends(seconds, began)

    async def ends(self, seconds: float, began: float | None = None) -> float:
        """Wait until it has ended by itself, and well."""
        began = self._started if began is None else began
        if not await until(lambda: self._process.poll() is not None, seconds):
            raise self.failure(f"has not ended within {seconds:.0f} s")
        if self._process.returncode != 0:
            raise self.failure(f"ended with {self._process.returncode}")
        return time.monotonic() - began

    def kill(self) -> None:
        """End it at once, when it has not ended yet."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def failure(self, what: str) -> TrialFailed:
        """An error that shows the end of the log."""
        return TrialFailed(f"{self._name} {what}\n{logfiles.tail(self._log, 30)}")

    def _first(self) -> int | None:
        """The first process inside, by its number outside; None while there is none."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else None
