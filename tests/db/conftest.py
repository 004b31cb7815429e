"""What the tests of plans share: a large database, filled once for all processes of the tests."""

from collections.abc import AsyncIterator

import pytest

from tests.db.crowd import Crowd, filled
from tests.environment import Place


@pytest.fixture(scope="session")
async def crowd(place: Place) -> AsyncIterator[Crowd]:
    async with filled(place) as crowd:
        yield crowd
