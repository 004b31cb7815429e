"""The pipeline of GitHub: its format, its jobs, and that they run what a person can run too."""

import re
from typing import Any

import pytest

from tests.deploy.files import WORKFLOW, read_yaml, says_schema, services, text, values

JOBS = ("lint", "unit", "docker-build", "smoke-tests")
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


@pytest.fixture
def jobs() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_yaml(WORKFLOW)["jobs"]
    return found


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


@pytest.mark.parametrize(
    "schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]
)
def test_it_is_as_its_schema_wants_it(schema: str) -> None:
    assert says_schema(schema, WORKFLOW) == ""


def test_lint_comes_before_the_image_and_the_image_before_the_smoke_tests(
    jobs: dict[str, dict[str, Any]],
) -> None:
    assert tuple(jobs) == JOBS
    assert jobs["docker-build"]["needs"] == ["lint", "unit"]
    assert jobs["smoke-tests"]["needs"] == "docker-build"


def test_every_action_is_pinned_by_its_commit() -> None:
    used = [line.strip(" -") for line in text(WORKFLOW).splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.search(line)] == []


def test_it_may_read_the_code_and_no_more(jobs: dict[str, dict[str, Any]]) -> None:
    assert read_yaml(WORKFLOW)["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in jobs.values())
    checkouts = [
        step for job in jobs.values() for step in job["steps"] if "checkout" in step.get("uses", "")
    ]
    assert len(checkouts) == len(JOBS)
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_make_does_the_work(jobs: dict[str, dict[str, Any]]) -> None:
    made = {name: re.findall(r"make ([a-z-]+)", commands(job)) for name, job in jobs.items()}
    assert made == {
        "lint": ["lint", "audit"],
        "unit": ["coverage"],
        "docker-build": [],
        "smoke-tests": ["smoke"],
    }
    targets = set(re.findall(r"^([a-z0-9-]+):", text("Makefile"), re.MULTILINE))
    assert {target for some in made.values() for target in some} <= targets


def test_lint_runs_all_the_tools() -> None:
    lint = text("Makefile").partition("lint: dev")[2].partition(".PHONY: audit")[0]
    for tool in ("ruff", "black", "flake8", "bandit", "lint-imports", "typecheck"):
        assert tool in lint
    assert "pip-audit@" in text("scripts/audit.sh")
    assert "safety@" in text("scripts/audit.sh")


def test_the_tests_run_on_the_postgresql_of_the_containers_with_the_settings_of_ci(
    jobs: dict[str, dict[str, Any]],
) -> None:
    unit, given = jobs["unit"], values(".env.ci")
    image = unit["services"]["postgres"]["image"]
    assert image == services("docker-compose.yml")["db"]["image"]
    (setup,) = [step for step in unit["steps"] if "role.sh" in step.get("run", "")]
    assert setup["env"]["APP_USER"] == given["POSTGRES_USER"]
    assert setup["env"]["APP_PASSWORD"] == given["POSTGRES_PASSWORD"]
    assert setup["env"]["APP_DB"] == given["POSTGRES_DB"]
    (suite,) = [step for step in unit["steps"] if step.get("run") == "make coverage"]
    assert suite["env"] == {"ENV": "ci"}
    assert unit["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_the_images_that_are_tried_are_those_of_the_compose_file(
    jobs: dict[str, dict[str, Any]],
) -> None:
    built = {
        step["with"]["tags"]: step["with"]["target"]
        for step in jobs["smoke-tests"]["steps"]
        if "tags" in step.get("with", {})
    }
    wanted = {
        service["image"]: service["build"]["target"]
        for service in services("docker-compose.smoke.yml").values()
        if "build" in service
    }
    assert built == wanted


def test_reports_are_kept_as_html_and_junit(jobs: dict[str, dict[str, Any]]) -> None:
    paths = [
        step["with"]["path"]
        for job in jobs.values()
        for step in job["steps"]
        if "upload-artifact" in step.get("uses", "")
    ]
    assert paths == ["test-results/", "smoke-test-results/"]
    smoke = services("docker-compose.smoke.yml")["smoke"]
    for told, results in ((text("Makefile"), "test-results"), (str(smoke), "smoke-test-results")):
        assert f"--junitxml={results}/junit.xml" in told
        assert f"--html={results}/report.html" in told
    ignored = text(".gitignore").splitlines()
    assert {path for path in paths if path not in ignored} == set()
