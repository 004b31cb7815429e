"""What texts may look like: lengths, invisible characters, scripts of the world."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.core.errors import Invalid
from saas_bot.domain import limits

ZERO_WIDTH = ["\u200b", "\u200c", "\u2060", "\ufeff"]
BIDI = ["\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]


def refusal(call) -> Invalid:
    with pytest.raises(Invalid) as refused:
        call()
    return refused.value


def test_the_limits_are_those_of_product_md():
    assert (limits.NAME, limits.TITLE, limits.DESCRIPTION) == (64, 200, 4000)


@pytest.mark.parametrize("value", ["", " ", "\n\t ", "\u00a0", "\u3000"])
def test_blank_text_is_empty(value):
    assert refusal(lambda: limits.line(value, 10)).code == "text-empty"
    assert refusal(lambda: limits.text(value, 10)).code == "text-empty"


@pytest.mark.parametrize("character", [*ZERO_WIDTH, *BIDI, "\u0301", "\u0000", "\x1b", "\ue000"])
def test_text_of_invisible_characters_alone_is_empty(character):
    assert refusal(lambda: limits.line(character * 3, 10)).code == "text-empty"


@pytest.mark.parametrize("character", [*ZERO_WIDTH, *BIDI])
def test_invisible_characters_are_taken_out_of_visible_text(character):
    assert limits.line(f"{character}pay{character}pal{character}", 10) == "paypal"
    assert limits.text(f"pay{character}pal", 10) == "paypal"


def test_a_right_to_left_override_cannot_disguise_a_file_name():
    assert limits.line("invoice\u202efdp.exe", 64) == "invoicefdp.exe"


@pytest.mark.parametrize(
    "value",
    [
        "Cafe\u0301",  # a combining accent
        "שלום עולם",
        "مرحبا",
        "日本語",
        "हिन्दी",
        "Ёлка",
        "👍",
        "👨\u200d👩\u200d👧",  # one family, held together by zero-width joiners
        "🇩🇪",
        "❤\ufe0f",
        "<b>&amp;</b>",
        "!",
    ],
)
def test_text_of_any_script_and_emoji_stays_as_it_is(value):
    assert limits.line(value, 64) == value
    assert limits.text(value, 64) == value


def test_a_line_is_one_line_with_single_spaces():
    assert limits.line("  Fix\n\nthe \t pump\r\n", 64) == "Fix the pump"


def test_a_text_keeps_its_lines_and_indents_but_not_trailing_space():
    assert limits.text("\n one  \n\n  two\t\n", 64) == "one\n\n  two"


@pytest.mark.parametrize("tidy", [limits.line, limits.text])
def test_a_text_may_be_exactly_as_long_as_the_limit(tidy):
    assert tidy("я" * 64, 64) == "я" * 64
    error = refusal(lambda: tidy("я" * 65, 64))
    assert (error.code, error.params) == ("text-too-long", {"limit": 64, "length": 65})


@pytest.mark.parametrize("tidy", [limits.line, limits.text])
def test_only_what_remains_after_tidying_counts(tidy):
    assert tidy(" " * 100 + "ok" + "\u200b" * 100, 2) == "ok"


def test_a_null_character_which_postgresql_refuses_is_gone():
    assert limits.text("a\x00b", 10) == "ab"


@pytest.mark.parametrize("value", ["WEB", "web", " Web ", "A1", "ABCDEFGHIJ"])
def test_a_project_key_is_two_to_ten_latin_capitals_and_digits(value):
    assert limits.project_key(value) == value.strip().upper()


@pytest.mark.parametrize(
    "value", ["", "W", "1A", "ABCDEFGHIJK", "WE B", "ВЕБ", "WEB-1", "WÉB", "٣AB"]
)
def test_a_project_key_of_another_shape_is_refused(value):
    assert refusal(lambda: limits.project_key(value)).code == "project-key-shape"


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("Anna", "Anna"),
        (" Anna\n Bell ", "Anna Bell"),
        ("\u200b\u202e", "42"),
        ("", "42"),
        ("x" * 100, "x" * 64),
        ("\u202eevil", "evil"),
    ],
)
def test_a_name_as_telegram_gives_it_is_made_tidy_or_replaced(given_name, shown):
    assert limits.shown_name(given_name, fallback="42") == shown


@given(st.text())
def test_whatever_passes_as_a_line_is_short_visible_and_stable(value):
    try:
        tidy = limits.line(value, 20)
    except Invalid:
        return
    assert 1 <= len(tidy) <= 20
    assert limits.line(tidy, 20) == tidy
    assert not set(tidy) & {*ZERO_WIDTH, *BIDI, "\n", "\r", "\t", "\x00"}
    assert any(unicodedata.category(c)[0] in "LNPS" for c in tidy)
    tidy.encode()  # no lone surrogate, which no database or Telegram would take


@given(st.text())
def test_whatever_passes_as_text_is_stable_and_can_be_stored(value):
    try:
        tidy = limits.text(value, 4000)
    except Invalid:
        return
    assert limits.text(tidy, 4000) == tidy
    assert "\x00" not in tidy
    tidy.encode()
