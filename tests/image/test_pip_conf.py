"""What pip is told here, it is told within a build of the image."""

import os
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

from tests.environment import ROOT

SCRIPT = ROOT / "scripts" / "image" / "pip_conf.py"


def made(tmp_path: Path, **environment: str) -> tuple[RawConfigParser, list[str]]:
    """The file it writes, and the paths it prints."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    file = tmp_path / "pip.conf"
    printed = subprocess.run(
        [sys.executable, SCRIPT, file],
        env={**kept, **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    conf = RawConfigParser()
    conf.read(file)
    return conf, printed.splitlines()


def test_options_of_files_and_of_the_environment_come_along(tmp_path: Path):
    own = tmp_path / "own.conf"
    own.write_text("[global]\nretries = 7\ntimeout = 5\n[install]\nprefer-binary = true\n")
    conf, _ = made(tmp_path, PIP_CONFIG_FILE=str(own), PIP_TIMEOUT="9")
    assert conf["global"]["retries"] == "7"
    assert conf["global"]["timeout"] == "9"
    assert conf["install"]["prefer-binary"] == "true"


def test_what_lies_on_this_machine_is_named_so_that_it_can_be_mounted(tmp_path: Path):
    wheels, index, bundle = tmp_path / "wheels", tmp_path / "index" / "simple", tmp_path / "ca.pem"
    wheels.mkdir()
    index.mkdir(parents=True)
    bundle.touch()
    _, paths = made(
        tmp_path,
        PIP_CONFIG_FILE=os.devnull,
        PIP_FIND_LINKS=f"{wheels} {tmp_path}/gone",
        PIP_EXTRA_INDEX_URL=f"https://packages.example.com/simple file://{index}",
        PIP_CERT=str(bundle),
    )
    assert paths == sorted(map(str, (wheels, index.parent, bundle)))
