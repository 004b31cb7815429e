"""Reading those files, and checking them against the schemas of their formats."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from tests.environment import ROOT

COMPOSE = ("docker-compose.yml", "docker-compose.smoke.yml", "docker-compose.production.yml")
WORKFLOW = ".github/workflows/ci.yml"


def text(name: str) -> str:
    """What a file of the repository says."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_yaml(name: str) -> dict[str, Any]:
    """The same of a YAML file, with what its anchors stand for."""
    content = yaml.safe_load(text(name))
    assert isinstance(content, dict)
    return content


def services(name: str) -> dict[str, dict[str, Any]]:
    """The services of a compose file."""
    found: dict[str, dict[str, Any]] = read_yaml(name)["services"]
    return found


def values(name: str) -> dict[str, str]:
    """What a file of settings sets."""
    return {key: value or "" for key, value in dotenv_values(ROOT / name).items()}


def says_schema(schema: str, *names: str) -> str:
    """What the schema has against these files; nothing when they are as it wants them."""
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)
    paths = [str(Path(ROOT, name)) for name in names]
    done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr + str(done.returncode)
