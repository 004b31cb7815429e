"""Sums, sizes and limits as operators write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.screens.formats import money as shown
from saas_bot.services.operators import values


@pytest.mark.parametrize(("text", "currency", "minor"), [
    ("1500", "EUR", 150_000),
    ("1 500,00", "EUR", 150_000),
    ("1,500.00", "EUR", 150_000),
    ("1.500,5", "EUR", 150_050),
    ("1'234'567", "EUR", 123_456_700),
    ("1.234.567", "EUR", 123_456_700),
    ("29.9", "USD", 2990),
    ("1.500", "KWD", 1500),
    ("1500", "JPY", 1500),
    ("1500", "XTR", 1500),
])  # fmt: skip
def test_a_sum_is_read_as_people_write_it(text, currency, minor):
    assert values.money(text, currency) == minor


@pytest.mark.parametrize("text", ["1.500", "19.005", "1.2.3", "-5", "", ".5", "19.", "٣", "1e3"])
def test_what_is_no_sum_or_could_be_two_is_refused(text):
    with pytest.raises(Invalid):
        values.money(text, "EUR")


@settings(deadline=None)  # the first call reads babel's data
@given(st.integers(0, 10**9), st.sampled_from(LANGUAGES))
def test_a_sum_as_it_is_shown_is_read_as_the_same(minor, language):
    written = shown(translator(language), minor, "EUR").replace("€", "")
    assert values.money(written, "EUR") == minor


@given(st.text(max_size=40))
def test_words_whatever_are_read_or_refused(text):
    for read in (values.size, values.limit, values.whole, lambda one: values.money(one, "EUR")):
        try:
            value = read(text)
        except Invalid:
            continue
        assert value is None or value >= 0
    try:
        amount, reference = values.transfer(text, "EUR")
    except Invalid:
        return
    assert amount >= 0
    assert reference


def test_sizes_have_units_and_a_dash_is_no_limit():
    assert values.size("200 GB") == values.size("200гб") == 200 * 1024**3
    assert values.size("1,5 TB") == 1536 * 1024**3
    assert values.size("-") is values.limit("∞") is None


@pytest.mark.parametrize(("text", "code"), [
    ("30", "op-transfer-reference"), ("1 500 EUR", "op-transfer-reference"),
    ("abc", "op-transfer"), ("-5", "op-transfer"), ("1 500 700", "op-transfer"),
    ("30.999", "op-money"), ("9" * 21 + " RF18", "op-money"),
])  # fmt: skip
def test_a_transfer_says_what_is_wrong_with_it(text, code):
    with pytest.raises(Invalid) as refused:
        values.transfer(text, "EUR")
    assert refused.value.code == code
