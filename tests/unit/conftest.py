"""The clock that due dates are read by."""

from datetime import UTC, datetime

import pytest

from saas_bot.core import dates
from tests.unit.reading_dates import NOON


@pytest.fixture
def today(monkeypatch):
    """Sets the clock; noon in Moscow to begin with."""

    def is_now(moment: datetime) -> None:
        monkeypatch.setattr(dates, "now", lambda: moment.astimezone(UTC))

    is_now(NOON)
    return is_now
