"""Tags: their shape, and messages that add and remove some."""

import pytest

from saas_bot.core.errors import Invalid
from saas_bot.domain.tags import TagEdit, edit, hashed, tag


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("#Pump", "pump"),
        ("pump", "pump"),
        ("#water-works_2", "water-works_2"),
        ("НАСОС", "насос"),
        ("и\u0306од", "йод"),
        ("2fa", "2fa"),
        ("a" * 32, "a" * 32),
    ],
)
def test_a_tag_is_stored_in_one_shape(written, stored):
    assert tag(written) == stored
    assert tag(stored) == stored


@pytest.mark.parametrize(
    "wrong",
    ["", "#", "-a", "404", "2026-11", "_", "a b", "a!", "a:b", "<b>", "🙂", "x\u0301"],
)
def test_anything_else_is_no_tag(wrong):
    with pytest.raises(Invalid, match="tag-shape"):
        tag(wrong)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("#pump #urgent -#old", TagEdit(("pump", "urgent"), ("old",))),
        ("pump, Urgent; old", TagEdit(("pump", "urgent", "old"))),
        ("-old\n-#New", TagEdit((), ("old", "new"))),
        ("pump #PUMP", TagEdit(("pump",))),
    ],
)
def test_a_message_adds_and_removes(message, expected):
    assert edit(message) == expected


@pytest.mark.parametrize(("message", "code"), [(" , ", "text-empty"), ("pump #404", "tag-shape")])
def test_a_message_that_can_not_be_read_is_refused_whole(message, code):
    with pytest.raises(Invalid, match=code):
        edit(message)


def test_tags_are_shown_with_their_sign():
    assert hashed(("a", "b")) == "#a #b"
    assert hashed(()) == ""


def test_one_character_too_many_is_said_to_be():
    with pytest.raises(Invalid, match="text-too-long"):
        tag("a" * 33)
