"""What operators write: sums of money, sizes, and limits."""

import re
from decimal import Decimal
from itertools import takewhile
from typing import Final

from babel.numbers import get_currency_precision

from saas_bot.core.errors import Invalid
from saas_bot.domain.billing import STARS

UNLIMITED: Final = frozenset({"-", "–", "—", "−", "∞"})
"""What stands for no limit."""

_UNITS: Final = {"kb": 1, "mb": 2, "gb": 3, "tb": 4, "кб": 1, "мб": 2, "гб": 3, "тб": 4}
_SIZE: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,2})?)\s*([a-zа-я]{2})", re.IGNORECASE)
_SUM: Final = re.compile(
    r"(?:(?P<whole>\d+)|(?P<grouped>\d{1,3}(?P<by>[.,])\d{3}(?:(?P=by)\d{3})*))"
    r"(?:(?!(?P=by))[.,](?P<decimals>\d{1,3}))?"
)
_LONGEST: Final = 20

MOST_MONEY: Final = 10**12
"""Minor units that a sum has at most; no transfer has more."""


def money(text: str, currency: str) -> int:
    """A sum in minor units of its currency: `1500`, `1 500,00` and `1,500.00` are the same.

    `1.500` is refused where it could be meant for either 1500 or 1.5.

    Raises:
        Invalid: it is no sum, could be two, is more exact than the currency, or more than
            `MOST_MONEY`.
    """
    places = 0 if currency == STARS else get_currency_precision(currency)
    tidy = re.sub(r"[\s'’]", "", text)
    found = _SUM.fullmatch(tidy) if tidy.isascii() and len(tidy) <= _LONGEST else None
    if found is None:
        raise Invalid("op-money", currency=currency)
    whole, grouped, decimals = found["whole"], found["grouped"], found["decimals"] or ""
    ambiguous = bool(grouped) and not decimals and len(grouped) < 8 and places > 0
    if ambiguous or len(decimals) > places:
        raise Invalid("op-money", currency=currency)
    sum_ = int((whole or re.sub("[.,]", "", grouped)) + decimals.ljust(places, "0"))
    if sum_ > MOST_MONEY:
        raise Invalid("op-money", currency=currency)
    return sum_


def size(text: str) -> int | None:
    """So many bytes: `200 GB`, of 1024 MB each; None where there is no limit.

    Raises:
        Invalid: it is no size.
    """
    if text.strip() in UNLIMITED:
        return None
    found = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(found[2].lower()) if found else None
    if not found or unit is None:
        raise Invalid("op-size")
    return int(Decimal(found[1].replace(",", ".")) * 1024**unit)


def limit(text: str) -> int | None:
    """A whole number; None where there is no limit.

    Raises:
        Invalid: it is none.
    """
    if text.strip() in UNLIMITED:
        return None
    return whole(text)


def whole(text: str) -> int:
    """A whole number.

    Raises:
        Invalid: it is none.
    """
    digits = re.sub(r"\s", "", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST):
        raise Invalid("op-number")
    return int(digits)


def transfer(text: str, currency: str) -> tuple[int, str]:
    """A sum and the bank's reference behind it: `1 500,00 RF18 5390`.

    The sum ends before the first word that has anything but digits, points and commas.

    Raises:
        Invalid: there is no sum, or nothing behind it.
    """
    words = text.replace("€", " ").split()
    count = len(list(takewhile(_NUMERIC.fullmatch, words)))
    if count == len(words) == 2:
        count = 1
    if not count or count == len(words) > 2:
        raise Invalid("op-transfer", currency=currency)
    amount, reference = money("".join(words[:count]), currency), words[count:]
    if reference and reference[0].upper() == currency:
        reference = reference[1:]
    if not reference:
        raise Invalid("op-transfer-reference", amount=" ".join(words[:count]))
    return amount, " ".join(reference)


_NUMERIC: Final = re.compile(r"[0-9.,'’]+")
