"""The Makefile: every target is told of, and calls what it says.

The `docker` here writes down how it is called: what `make up` asks of it needs no engine.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.files import text
from tests.environment import ROOT

INTERNAL = {"dev", "python", "style", "flake8", "docker", "docker-settings"}
DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    "compose version --short") echo "$COMPOSE_VERSION" ;;
    *" ps --quiet --status running") echo "$RUNNING" ;;
esac
"""
PLAIN = "compose --file docker-compose.yml --env-file .env"
PRODUCTION = "compose --file docker-compose.production.yml --env-file .env.production"
SMOKE = "compose --file docker-compose.smoke.yml --env-file .env.smoke"
TOOLS = ("sh", "make", "awk", "sort", "head", "cat", "id", "mkdir")


@dataclass
class Checkout:
    """A copy of what `make` reads, and how `docker` was called there."""

    path: Path
    version: str = "2.40.3"
    running: str = ""

    def make(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["make", *arguments],
            cwd=self.path,
            env={
                "PATH": str(self.path / "bin"),
                "CALLS": str(self.path / "calls"),
                "COMPOSE_VERSION": self.version,
                "RUNNING": self.running,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        """Those that ask for something, without those that look whether Docker is there."""
        told = (self.path / "calls").read_text(encoding="utf-8").splitlines()
        return [one for one in told if one not in ("compose version --short", "info")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    for one in (*ROOT.glob("docker-compose*.yml"), *ROOT.glob(".env.*"), ROOT / "Makefile"):
        shutil.copy(one, tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__*"))
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    docker = tmp_path / "bin" / "docker"
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)
    shutil.copy(tmp_path / ".env.example", tmp_path / ".env")
    (tmp_path / ".env.production").write_text("IMAGE=saasbot:1\n", encoding="utf-8")
    return Checkout(tmp_path)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):", text("Makefile"), re.MULTILINE))


def test_help_tells_of_every_target(checkout: Checkout) -> None:
    told = set(re.findall(r"^  make ([a-z-]+) +\S", checkout.make("help").stdout, re.MULTILINE))
    assert told == targets() - INTERNAL


def test_every_target_is_one_even_where_a_file_has_its_name() -> None:
    assert set(re.findall(r"^\.PHONY: ([a-z0-9-]+)$", text("Makefile"), re.MULTILINE)) == targets()


def test_every_script_that_is_called_is_there() -> None:
    scripts = re.findall(r"\bscripts/[\w/]+\.(?:sh|py)", text("Makefile"))
    assert scripts
    assert [one for one in scripts if not (ROOT / one).exists()] == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("build", ["{} build"]),
        ("up", ["{} up --detach", "{} ps"]),
        ("down", ["{} down"]),
        ("logs", ["{} logs --follow bot worker"]),
        ("shell", ["{} exec bot bash"]),
    ],
)
@pytest.mark.parametrize(("env", "compose"), [("local", PLAIN), ("production", PRODUCTION)])
def test_a_target_asks_docker_for(
    target: str, expected: list[str], env: str, compose: str, checkout: Checkout
) -> None:
    done = checkout.make(target, ENV=env)
    assert done.returncode == 0, done.stderr
    assert checkout.calls() == [one.format(compose) for one in expected]


def test_the_tests_in_containers_leave_no_container(checkout: Checkout) -> None:
    assert checkout.make("tloc", "ARGS=-k billing").returncode == 0
    assert checkout.calls() == [
        "compose --profile test run --build --rm tests python3 -m pytest -k billing",
        "compose --profile test rm --stop --force --volumes tests test_db",
    ]


def test_the_smoke_tests_leave_nothing_but_what_they_said(checkout: Checkout) -> None:
    assert checkout.make("smoke").returncode == 0
    assert checkout.calls() == [
        f"{SMOKE} build",
        f"{SMOKE} run --rm smoke",
        f"{SMOKE} logs --no-color",
        f"{SMOKE} down --volumes --remove-orphans",
    ]
    assert (checkout.path / "smoke-test-results" / "containers.log").exists()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["migrate"], "migrate"),
        (["backup"], "backup"),
        (
            ["restore", "FILE=backups/one.sql.gz", "ARGS=--dry-run"],
            "restore backups/one.sql.gz --dry-run",
        ),
        (["restore-drill"], "drill"),
    ],
)
def test_the_database_is_kept_from_a_container_when_containers_run(
    arguments: list[str], command: str, checkout: Checkout
) -> None:
    checkout.running = "0123456789ab"
    done = checkout.make(*arguments)
    assert done.returncode == 0, done.stderr
    assert checkout.calls() == [
        f"{PLAIN} ps --quiet --status running",
        f"{PLAIN} run --rm --no-deps bot python3 -m saas_bot {command}",
    ]


def test_the_database_is_kept_from_here_when_none_run(checkout: Checkout) -> None:
    done = checkout.make("--dry-run", "migrate")
    assert done.returncode == 0
    assert "where_it_runs.sh" in done.stdout
    # The next thing it needs is a Python to make .venv with, which this PATH has not.
    assert "Python 3.11 or newer is needed" in checkout.make("migrate").stderr
    assert checkout.calls() == [f"{PLAIN} ps --quiet --status running"]


def without_docker(checkout: Checkout) -> None:
    (checkout.path / "bin" / "docker").unlink()


def with_old_compose(checkout: Checkout) -> None:
    checkout.version = "2.9.0"


def without_settings(checkout: Checkout) -> None:
    (checkout.path / ".env").unlink()


@pytest.mark.parametrize(
    ("lack", "told"),
    [
        (without_docker, "Docker is not installed"),
        (with_old_compose, "Docker Compose is 2.9.0: 2.24 or newer is needed"),
        (without_settings, "there is no .env yet: cp .env.example .env"),
    ],
)
def test_a_target_says_what_it_lacks(
    lack: Callable[[Checkout], None], told: str, checkout: Checkout
) -> None:
    lack(checkout)
    done = checkout.make("up")
    assert done.returncode != 0
    assert told in done.stderr


def test_nothing_is_restored_without_a_name(checkout: Checkout) -> None:
    done = checkout.make("restore")
    assert done.returncode != 0
    assert "make restore FILE=" in done.stderr
    assert not (checkout.path / "calls").exists()


@pytest.mark.parametrize("script", sorted(ROOT.glob("scripts/*.sh")), ids=lambda path: path.name)
def test_a_script_can_be_read_by_its_shell(script: Path) -> None:
    shell = script.read_text(encoding="utf-8").splitlines()[0].split("/")[-1].split()[-1]
    done = subprocess.run([shell, "-n", str(script)], env=os.environ, check=False)
    assert done.returncode == 0
