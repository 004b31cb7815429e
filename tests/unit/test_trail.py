"""What the audit trail tells: every action is known once, and has words in both languages."""

import re
from itertools import product

import pytest

from saas_bot.core.clock import now
from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.trail import ACTIONS
from saas_bot.screens import audit as screens
from saas_bot.services.trail import Row
from tests.test_architecture import PACKAGE

KNOWN = [action for area in ACTIONS.values() for action in area]
ADA = Actor(Account(1, "Ada", None, "en", "UTC"), 1, "Acme", 1, Role.ADMIN)
SAID = {"file": "a.pdf", "title": "A", "assignee": "B", "item": "C", "ref": "A-1", "comment": "D"}
ENTITIES = "|".join({one.split(".")[0] for one in KNOWN})
QUOTED = re.compile(rf"""["']((?:{ENTITIES})\.[a-z_]+)["']""")


def test_every_action_is_told_in_one_area_only():
    assert len(KNOWN) == len(set(KNOWN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words_whatever_was_noted_with_it(language):
    for action, values in product(KNOWN, (None, SAID)):
        row = Row(1, now(), "user", 1, "Ada", action, "task", 1, values, values, None, "WEB-1")
        said = screens.what(translator(language), ADA, row)
        assert said, action
        assert action not in said, action


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_no_words_is_told_by_its_name(language):
    row = Row(1, now(), "user", 1, "Ada", "moon.landed", "moon", 1, None, None, None, None)
    assert "moon.landed" in screens.what(translator(language), ADA, row)


def test_every_action_that_a_service_writes_is_known():
    services = (PACKAGE / "services").rglob("*.py")
    written = {found for path in services for found in QUOTED.findall(path.read_text())}
    assert len(written) > 40
    assert written - set(KNOWN) == set()
