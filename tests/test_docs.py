"""The documentation says what there is, in both languages alike."""

import re
from pathlib import Path

import pytest

from saas_bot.core.settings import Settings
from saas_bot.db.models import metadata
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.screens.commands import COMMANDS, OUTSIDE
from scripts import roles_doc
from tests.environment import ROOT

ENGLISH, RUSSIAN = ROOT / "README.md", ROOT / "README.ru.md"
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: page.as_posix()
)
ENV_EXAMPLE = ROOT / ".env.example"
DECISIONS = ROOT / "docs" / "decisions"

LINK = re.compile(r'\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"')
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARIABLE_ROW = re.compile(r"^\| `([A-Z0-9_]+)` \| (`[^`]*`)?", re.MULTILINE)
TABLE_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
LARGEST_PICTURE = 400 * 1024


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _named(path: Path) -> pytest.param:
    return pytest.param(path, id=path.relative_to(ROOT).as_posix())


def test_the_page_of_roles_is_current(capsys):
    assert roles_doc.main(["--check"]) == 0, capsys.readouterr().err


def test_the_check_of_the_page_of_roles_notices_a_change(tmp_path, monkeypatch):
    page = tmp_path / "roles.md"
    monkeypatch.setattr(roles_doc, "PATH", page)
    assert roles_doc.main(["--check"]) == 1
    assert roles_doc.main([]) == 0
    assert roles_doc.main(["--check"]) == 0
    page.write_text(page.read_text(encoding="utf-8").replace("own work", "all"), encoding="utf-8")
    assert roles_doc.main(["--check"]) == 1


@pytest.mark.parametrize("role", Role)
def test_the_page_of_roles_says_what_the_table_says(role):
    column = 3 + list(Role).index(role)
    rows = {row.split(" | ")[0].strip("| `"): row for row in TABLE_ROW.findall(roles_doc.page())}
    for permission in Permission:
        cell = rows[str(permission)].strip("|").split("|")[column - 1].strip()
        assert (cell != "–") is may(role, permission)


@pytest.mark.parametrize("path", [_named(one) for one in (ENGLISH, RUSSIAN)])
def test_a_readme_lists_every_setting_with_its_default_and_no_other(path):
    rows = dict(VARIABLE_ROW.findall(_section(path, "`ENV`")))
    assert sorted(rows) == sorted(name.upper() for name in Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, bool):
            default = int(default)
        if isinstance(default, tuple):
            default = ",".join(default)
        if hasattr(default, "get_secret_value"):
            default = default.get_secret_value()
        shown = rows[name.upper()].strip("`")
        expected = "" if field.is_required() or (not default and default != 0) else str(default)
        assert shown == expected, name


def test_env_example_names_every_setting_and_no_other():
    named = set(re.findall(r"^#?([A-Z0-9_]+)=", _read(ENV_EXAMPLE), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", [_named(one) for one in (ENGLISH, RUSSIAN)])
def test_a_readme_lists_every_command_of_the_bot_and_no_other(path):
    listed = re.findall(r"^\| `/(\w+)` \| ", _section(path, "`/menu`"), re.MULTILINE)
    assert sorted(listed) == sorted({*COMMANDS, *OUTSIDE})


def test_both_languages_are_in_step():
    english, russian = _read(ENGLISH), _read(RUSSIAN)
    assert HEADING.findall(english) == HEADING.findall(russian)
    assert CODE_BLOCK.findall(english) == CODE_BLOCK.findall(russian)
    assert len(TABLE_ROW.findall(english)) == len(TABLE_ROW.findall(russian))
    # A picture of the bot is in the page's own language.
    links = {link.replace("-ru.png", ".png") for link in _links(RUSSIAN) - {"README.md"}}
    assert links == _links(ENGLISH) - {"README.ru.md"}


@pytest.mark.parametrize("page", [_named(page) for page in PAGES])
def test_every_link_to_a_file_leads_to_one(page):
    missing = [
        link
        for link in _links(page)
        if not link.startswith(("http://", "https://")) and not (page.parent / link).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", [_named(page) for page in PAGES])
def test_every_make_target_that_is_named_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", _read(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\n|    |=\w+ )make ([a-z-]+)", _read(page)))
    assert named <= targets


@pytest.mark.parametrize(
    "picture", [_named(one) for one in sorted((ROOT / "docs" / "images").glob("*"))]
)
def test_a_picture_is_shown_somewhere_and_small(picture):
    assert picture.stat().st_size < LARGEST_PICTURE
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page)}
    assert picture.resolve() in shown


def test_the_picture_of_the_data_has_every_table_and_no_other():
    (drawn,) = [
        body
        for kind, body in CODE_BLOCK.findall(_read(ROOT / "docs" / "architecture.md"))
        if kind == "mermaid" and body.startswith("erDiagram")
    ]
    pairs = re.findall(r"^    (\w+) [|}][\w|{}.-]+ (\w+) :", drawn, re.MULTILINE)
    alone = re.findall(r"^    (\w+) \{$", drawn, re.MULTILINE)
    assert {name for pair in pairs for name in pair} | set(alone) == set(metadata.tables)


def test_every_room_is_in_the_list_of_rooms():
    listed = set(re.findall(r"^\| `(\w+)` \| ", _read(ROOT / "docs" / "architecture.md"), re.M))
    rooms = {path.parent.name for path in (ROOT / "saas_bot").glob("*/__init__.py")}
    assert rooms | {"locales"} <= listed


def test_decisions_are_numbered_without_gaps_and_say_context_decision_and_consequences():
    pages = sorted(DECISIONS.glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = _read(page)
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        assert re.findall(r"^## (\w+)", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_the_migrations_are_all_described():
    described = set(
        re.findall(r"^\| (\d{4}) \| ", _read(ROOT / "docs" / "migrations.md"), re.MULTILINE)
    )
    written = {path.name[:4] for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert described == written


def _section(path: Path, marker: str) -> str:
    """The section of a page with the first table row that begins with `marker`."""
    text = _read(path)
    at = text.index(f"\n| {marker} | ")
    begins = text.rindex("\n## ", 0, at)
    ends = text.find("\n## ", at)
    return text[begins:] if ends == -1 else text[begins:ends]


def _links(page: Path) -> set[str]:
    return {one or other for one, other in LINK.findall(_read(page))}
