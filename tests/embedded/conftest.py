"""Services on durable data, the way the demo runs them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from saas_bot.embedded import Services


@pytest_asyncio.fixture(scope="module")
async def services(tmp_path_factory) -> AsyncIterator[Services]:
    home: Path = tmp_path_factory.mktemp("embedded")
    async with Services.start(home) as services:
        yield services
