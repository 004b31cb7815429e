"""One demo for all end-to-end tests of a worker, each in a company of its own; one browser too."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo, demo_running
from tests.e2e.web_chat import Stage, chromium, opened, stage


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with demo_running(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
async def sandbox(demo: Demo) -> AsyncIterator[Sandbox]:
    async with Sandbox(demo.web_chat, patience=15) as client:
        yield client


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def theatre(browser: Browser) -> AsyncIterator[Stage]:
    async with stage(browser) as theatre:
        yield theatre


@pytest.fixture
async def page(theatre: Stage) -> AsyncIterator[Page]:
    async with opened(theatre.browser, theatre.url) as page:
        yield page
