"""Lines of a checklist as people paste them."""

import pytest

from saas_bot.domain.checklists import Line, lines_of


@pytest.mark.parametrize(
    "written",
    ["Drain", "- Drain", "* Drain", "• Drain", "•Drain", "— Drain", "1. Drain", "12) Drain",
     "[ ] Drain", "- [ ] Drain", "⬜ Drain", "   -   Drain  "],
)  # fmt: skip
def test_marks_before_an_item_are_no_part_of_it(written):
    assert lines_of(written) == [Line("Drain", False)]


@pytest.mark.parametrize(
    "written", ["[x] Drain", "[X] Drain", "- [х] Drain", "1. [x] Drain", "✅ Drain", "☑️ Drain"]
)
def test_a_ticked_box_says_that_it_is_done(written):
    assert lines_of(written) == [Line("Drain", True)]


@pytest.mark.parametrize("written", ["-5 °C", "1.5 litres", "2 pumps", "[new] seal", "x-ray", "#1"])
def test_what_looks_like_a_mark_but_is_a_word_stays(written):
    assert lines_of(written) == [Line(written, False)]


def test_lines_with_nothing_to_do_are_left_out():
    assert lines_of("- \n\n[x]\n1. Drain\n  ") == [Line("Drain", False)]
