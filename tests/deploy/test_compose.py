"""The compose files: what runs, on what conditions, within which limits, and with whose secrets."""

import re
from itertools import chain
from typing import Any

import pytest

from saas_bot.__main__ import COMMANDS
from saas_bot.core.settings import Settings
from saas_bot.stopping import FINISHING
from tests.deploy.files import COMPOSE, read_yaml, says_schema, services, text, values

OURS = {"migrate", "bot", "worker", "sandbox"}
STORES = {"db", "redis", "minio"}
ONE_SHOT = {"migrate", "bucket", "smoke", "tests"}
EXPECTED = {
    "docker-compose.yml": OURS | STORES | {"test_db", "tests"},
    "docker-compose.smoke.yml": OURS | STORES | {"smoke"},
    "docker-compose.production.yml": (OURS - {"sandbox"}) | STORES | {"bucket"},
}
EVERY = [
    pytest.param(file, name, service, id=f"{file}:{name}")
    for file in COMPOSE
    for name, service in services(file).items()
]
PRODUCTION = "docker-compose.production.yml"
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:[?-])?")
SECRETS = {
    name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field)
} | {"REDIS_PASSWORD"}


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


def test_the_files_are_as_the_compose_specification_wants_them() -> None:
    assert says_schema("vendor.compose-spec", *COMPOSE) == ""


def test_the_schema_would_notice(tmp_path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(text("docker-compose.yml").replace("container_name", "container_names"))
    assert "container_names" in says_schema("vendor.compose-spec", str(wrong))


@pytest.mark.parametrize("file", COMPOSE)
def test_a_file_has_these_services(file: str) -> None:
    assert set(services(file)) == EXPECTED[file]


def test_no_two_files_share_a_project() -> None:
    assert len({read_yaml(file)["name"] for file in COMPOSE}) == len(COMPOSE)


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_a_service_is_limited_and_its_image_pinned(
    file: str, name: str, service: dict[str, Any]
) -> None:
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    image = service["image"]
    if "build" in service:
        assert service["build"]["target"] in ("runtime", "test")
    else:
        assert re.search(r":(\d+\.\d+|RELEASE\.\d{4})", image), image
    assert "latest" not in image
    if file != "docker-compose.smoke.yml":
        assert service["restart"] == ("no" if name in ONE_SHOT | {"test_db"} else "unless-stopped")
        assert service["logging"]["options"]["max-size"]
        assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_a_service_waits_for_what_it_needs(file: str, name: str, service: dict[str, Any]) -> None:
    others = services(file)
    for needed, how in service.get("depends_on", {}).items():
        if needed in ONE_SHOT:
            assert how["condition"] == "service_completed_successfully"
        else:
            assert how["condition"] == "service_healthy"
            # The image of the bot and the worker brings its own.
            assert "test" in others[needed].get("healthcheck", {}) or needed in ("bot", "worker")
        # Where it may be left out, it can't be insisted on.
        assert how.get("required", True) is not bool(
            set(others[needed].get("profiles", ())) - set(service.get("profiles", ()))
        )


@pytest.mark.parametrize("file", COMPOSE)
def test_our_own_services_run_commands_that_exist_with_as_few_rights_as_can_be(file: str) -> None:
    for name, service in services(file).items():
        if name not in OURS:
            continue
        assert service["command"][:3] == ["python3", "-m", "saas_bot"]
        assert service["command"][3] in COMMANDS
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["init"] is True


def test_all_use_the_same_releases_of_what_is_not_ours() -> None:
    used: dict[str, set[str]] = {}
    for file in COMPOSE:
        for service in services(file).values():
            if "build" not in service:
                repository, _, tag = service["image"].partition(":")
                used.setdefault(repository, set()).add(tag)
    assert set(used) == {"postgres", "valkey/valkey", "minio/minio"}
    assert all(len(tags) == 1 for tags in used.values()), used


@pytest.mark.parametrize("file", ["docker-compose.yml", PRODUCTION])
def test_the_bot_has_time_for_its_backup_and_a_place_to_keep_it(file: str) -> None:
    bot, worker = services(file)["bot"], services(file)["worker"]
    backup: int = Settings.model_fields["backup_stop_seconds"].default
    assert bot["container_name"] == "saasbot"
    assert bot["environment"]["BACKUP_ON_STOP"] == "1"
    assert seconds(bot["stop_grace_period"]) >= FINISHING + backup + 15
    assert bot["volumes"] == worker["volumes"]
    assert bot["volumes"][0].endswith(":/app/backups")
    assert seconds(worker["stop_grace_period"]) >= 2 * FINISHING + 5


@pytest.mark.parametrize("file", COMPOSE)
def test_the_database_keeps_its_data_where_its_image_does_and_makes_our_role(file: str) -> None:
    found = [one for one in services(file).values() if one["image"].startswith("postgres:")]
    for service in found:
        kept = [*service["volumes"], *service.get("tmpfs", ())]
        assert any(re.search(r"(^|:)/var/lib/postgresql(:size|$)", place) for place in kept)
        assert any(":/docker-entrypoint-initdb.d/role.sh:ro" in place for place in kept)
        assert {"APP_USER", "APP_PASSWORD", "APP_DB"} <= set(service["environment"])


def test_for_development_everything_is_published_on_this_machine_alone() -> None:
    ports = chain.from_iterable(
        service.get("ports", ()) for service in services("docker-compose.yml").values()
    )
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert (
        "127.0.0.1:${API_PORT:-8000}:${API_PORT:-8000}"
        in services("docker-compose.yml")["bot"]["ports"]
    )


def test_for_development_what_is_left_out_is_as_in_the_example() -> None:
    example = values(".env.example")
    defaults = re.findall(r"(?<!\$)\$\{(\w+):-([^}]*)\}", text("docker-compose.yml"))
    assert defaults
    for name, default in defaults:
        assert default == example[name], name


def test_the_tests_have_a_database_in_memory_that_is_the_one_of_their_settings() -> None:
    file = services("docker-compose.yml")
    test_db, tests, given = file["test_db"], file["tests"], values(".env.test")
    assert test_db["tmpfs"]
    assert test_db["profiles"] == tests["profiles"] == ["test"]
    assert tests["env_file"] == ".env.test"
    environment = test_db["environment"]
    assert environment["APP_USER"] == given["POSTGRES_USER"]
    assert environment["APP_PASSWORD"] == given["POSTGRES_PASSWORD"]
    assert environment["APP_DB"] == given["POSTGRES_DB"]
    assert given["POSTGRES_HOST"] == "test_db"


def test_the_smoke_tests_publish_nothing_and_keep_nothing() -> None:
    for service in services("docker-compose.smoke.yml").values():
        assert "ports" not in service
        for place in service.get("volumes", ()):
            assert place.startswith(("./deploy/postgres/", "./smoke-test-results:"))
    assert "volumes" not in read_yaml("docker-compose.smoke.yml")


def test_in_production_no_secret_has_a_default() -> None:
    for line in text(PRODUCTION).splitlines():
        for name, how in VARIABLE.findall(line):
            assert how == ":?" or name not in SECRETS, line
    used = {name for name, _ in VARIABLE.findall(text(PRODUCTION))}
    assert {"POSTGRES_PASSWORD", "S3_SECRET_KEY", "S3_ACCESS_KEY", "REDIS_PASSWORD"} <= used
    for name in ("postgres_password", "s3_secret_key"):
        assert Settings.model_fields[name].default.get_secret_value() not in text(PRODUCTION)


def test_in_production_only_the_bot_can_be_reached_and_the_stores_reach_nothing() -> None:
    file = read_yaml(PRODUCTION)
    assert [name for name, one in file["services"].items() if "ports" in one] == ["bot"]
    assert file["networks"]["services"] == {"internal": True}
    for name in STORES | {"bucket"}:
        assert file["services"][name]["networks"] == ["services"]


def test_in_production_each_store_can_be_somewhere_else() -> None:
    file = services(PRODUCTION)
    profiles = values(".env.production.example")["COMPOSE_PROFILES"].split(",")
    assert sorted(profiles) == sorted(STORES)
    for name in STORES:
        assert file[name]["profiles"] == [name]
