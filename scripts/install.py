"""Make `.venv` hold exactly what a requirements file asks for, at once when it already does.

    python3 scripts/install.py runtime|dev

Run by the system's Python, so it uses nothing but the standard library. What has been installed
is remembered in `.venv` by the digest of the requirements file.
"""

import hashlib
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FILES = {"runtime": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
PIN = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)


def main(wanted: str) -> None:
    """Install the wanted set unless it is there."""
    if not is_installed(wanted):
        began = time.monotonic()
        print(f"Installing {FILES[wanted].name} into .venv ...", flush=True)
        python = ensure_venv()
        install(python, FILES[wanted])
        for name in covered_by(wanted):
            stamp(name).write_text(digest(name))
        print(f"Installed in {time.monotonic() - began:.0f} s", flush=True)


def is_installed(name: str) -> bool:
    """Whether the stamp says that this very file has been installed."""
    return stamp(name).exists() and stamp(name).read_text() == digest(name)


def covered_by(wanted: str) -> list[str]:
    """The sets that are complete once the wanted one is."""
    pins = pins_of(wanted)
    return [name for name in FILES if pins_of(name) <= pins]


def pins_of(name: str) -> set[str]:
    """The pinned versions a requirements file names."""
    return set(PIN.findall(FILES[name].read_text()))


def digest(name: str) -> str:
    """What tells one state of a requirements file, for one Python, from another."""
    return hashlib.sha256(FILES[name].read_bytes() + sys.version.encode()).hexdigest()


def stamp(name: str) -> Path:
    """Where it is remembered what was installed."""
    return VENV / f".installed-{name}"


def ensure_venv() -> Path:
    """The virtual environment's Python, the environment made when missing."""
    windows = sys.platform == "win32"
    python = VENV / ("Scripts/python.exe" if windows else "bin/python")
    if not python.exists():
        make_venv()
    elif run(python, "-c", "import pip").returncode != 0:
        run(python, "-m", "ensurepip", "--upgrade", check=True)
    return python


def make_venv() -> None:
    """Create the environment, or say what the system's Python lacks for it."""
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=sys.platform != "win32")
    except (subprocess.CalledProcessError, ImportError):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"{sys.executable} can't make a virtual environment: its venv module is incomplete.\n"
            f"On Debian and Ubuntu: apt-get install python{version}-venv"
        )


def install(python: Path, requirements: Path) -> None:
    """Let pip bring the environment to what the file pins, hashes checked."""
    done = run(
        *(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-input", "--require-hashes", "--requirement", requirements),
    )
    if done.returncode != 0:
        sys.exit(f"Installing {requirements.name} failed; what pip said is above.")


def run(*command: object, check: bool = False) -> "subprocess.CompletedProcess[bytes]":
    """Run a program in the repository's root."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=check)


if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in FILES]:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next start goes on with it.")
