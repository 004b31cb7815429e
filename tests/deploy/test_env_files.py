"""The files of settings, and the guard that keeps tests off every database but their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from saas_bot.core.settings import Env, Settings, load_settings
from tests.deploy.files import text, values
from tests.environment import DATABASES, ROOT, NotATestDatabase, forget_own_settings, given

# Of the README's table of environments.
FILES = {
    ".env.example": ("local", "saasdb"),
    ".env.test": ("test", "saasdb_test"),
    ".env.ci": ("ci", "saasdb_test"),
    ".env.smoke": ("smoke", "smokedb_test"),
    ".env.production.example": ("production", "saasdb"),
}
OF_COMPOSE = {"IMAGE", "COMPOSE_PROFILES", "PUBLISH", "BACKUPS", "REDIS_PASSWORD"}
PLACEHOLDER = re.compile(r"<\w+>")
FILLED = {"<token>": "123456:token", "<id>": "7000001"}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to run in without a file of settings, and an environment without any."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def put(name: str, there: Path) -> None:
    """The file as somebody has filled it in, under the name that is read."""
    filled = PLACEHOLDER.sub(lambda found: FILLED.get(found[0], "f" * 32), text(name))
    (there / name.removesuffix(".example")).write_text(filled, encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_complete_and_leads_to_its_database(
    name: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env, database = FILES[name]
    put(name, elsewhere)
    monkeypatch.setenv("ENV", env)
    settings = load_settings()
    assert settings.env == values(name)["ENV"] == env
    assert settings.dsn.endswith(f"/{database}")


@pytest.mark.parametrize("name", FILES)
def test_a_file_sets_only_what_there_is(name: str) -> None:
    known = {field.upper() for field in Settings.model_fields}
    assert set(values(name)) - known <= (OF_COMPOSE if "production" in name else set())


def test_production_has_no_secret_that_anybody_could_know() -> None:
    example = values(".env.production.example")
    secrets = [n.upper() for n, field in Settings.model_fields.items() if "Secret" in str(field)]
    for name in {*secrets, "REDIS_PASSWORD"} & set(example) - {"REDIS_URL"}:
        assert PLACEHOLDER.fullmatch(example[name]), name
    assert PLACEHOLDER.search(example["REDIS_URL"])


def test_real_settings_are_kept_out_of_the_repository_and_of_the_image() -> None:
    ignored = text(".gitignore").splitlines()
    taken = {
        line.removeprefix("!") for line in text(".dockerignore").splitlines() if line[:1] == "!"
    }
    for name in (".env", ".env.local", ".env.production"):
        assert name in ignored
        assert name not in taken


@pytest.mark.parametrize("env", DATABASES)
def test_the_tests_take_the_database_of_their_own_settings(
    env: Env, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(f".env.{env}", elsewhere)
    monkeypatch.setenv("ENV", env)
    settings = given()
    assert settings is not None
    assert settings.postgres_db == DATABASES[env]


def test_without_env_the_tests_use_their_own_whatever_is_set(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(".env.example", elsewhere)
    monkeypatch.setenv("DATABASE_URL", "postgresql://saasuser:saaspass@localhost/saasdb")
    assert given() is None


@pytest.mark.parametrize(
    ("env", "variable", "value"),
    [
        ("test", "POSTGRES_DB", "saasdb"),
        ("ci", "POSTGRES_DB", "saasdb"),
        ("ci", "POSTGRES_DB", "smokedb_test"),
        ("ci", "POSTGRES_DB", "another_test"),
        ("ci", "TEST_DATABASE_URL", "postgresql://u:p@localhost/saasdb"),
        ("test", "DATABASE_URL", "postgresql://u:p@localhost/saasdb"),
        ("smoke", "POSTGRES_DB", "saasdb_test"),
        ("production", "POSTGRES_DB", "saasdb_test"),
    ],
)
def test_the_guard_refuses_every_other_database(
    env: str, variable: str, value: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(".env.production.example" if env == "production" else f".env.{env}", elsewhere)
    monkeypatch.setenv("ENV", env)
    monkeypatch.setenv(variable, value)
    with pytest.raises(NotATestDatabase, match="empty their database"):
        given()


def test_a_run_that_is_refused_says_why_and_runs_nothing() -> None:
    environment = {**os.environ, "ENV": "ci", "POSTGRES_DB": "saasdb"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/unit/test_tags.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "they take saasdb_test, and the settings lead to saasdb" in done.stderr
    assert "passed" not in done.stdout


def test_no_setting_of_the_developer_reaches_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DB", "saasdb")
    forget_own_settings()
    assert "POSTGRES_DB" not in os.environ
