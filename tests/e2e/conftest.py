"""One demo for all end-to-end tests of a worker: each test plays in a company of its own."""

from collections.abc import AsyncIterator

import pytest

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo, demo_running


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with demo_running(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
async def sandbox(demo: Demo) -> AsyncIterator[Sandbox]:
    async with Sandbox(demo.web_chat, patience=15) as client:
        yield client
