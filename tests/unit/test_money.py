"""Amounts as people read them, in each language and for each kind of currency."""

import pytest

from saas_bot.core.i18n import translator
from saas_bot.screens.formats import money, percent


@pytest.mark.parametrize(
    ("amount", "currency", "en", "ru"),
    [
        (0, "XTR", "0 ⭐", "0 ⭐"),
        (1500, "XTR", "1,500 ⭐", "1 500 ⭐"),
        (150_000, "EUR", "€1,500.00", "1 500,00 €"),
        (-5, "EUR", "−€0.05", "−0,05 €"),
        (500, "JPY", "¥500", "500 ¥"),
        (12_345, "KWD", "KWD12.345", "12,345 KWD"),
        (10**17 + 1, "USD", "$1,000,000,000,000,000.01", "1 000 000 000 000 000,01 $"),
    ],
)
def test_money_has_the_decimals_of_its_currency_and_the_signs_of_the_language(
    amount, currency, en, ru
):
    for language, shown in (("en", en), ("ru", ru)):
        said = money(translator(language), amount, currency)
        assert said.replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_rate_has_no_more_decimals_than_it_needs():
    assert [percent(translator("en"), rate) for rate in (0, 2000, 775)] == ["0", "20", "7.75"]
    assert percent(translator("ru"), 750) == "7,5"
