"""The same story once more, played by clicking in the web chat."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

# Without these flags Chromium calls home at its start, and waits where there is no network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PATIENCE = 20_000
"""Milliseconds that a person waits for what they expect to see."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    found = next(path for path in CHROMIUM if Path(path).exists())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


class Chat:
    """One person's column."""

    def __init__(self, page: Page, person_id: int) -> None:
        self.column = page.locator(f'[data-person="{person_id}"]')

    async def starts(self) -> None:
        await self.column.get_by_test_id("start").click()

    async def writes(self, text: str) -> None:
        composer = self.column.get_by_test_id("composer")
        await composer.fill(text)
        await composer.press("Enter")

    async def clicks(self, label: str) -> None:
        """Press the newest inline button of that label."""
        button = self.column.get_by_test_id("inline-button").filter(has_text=label).last
        await button.click()

    async def sees(self, text: str) -> Locator:
        message = self.column.get_by_test_id("message").filter(has_text=text).last
        await expect(message).to_be_visible(timeout=PATIENCE)
        return message

    async def invite_token(self, role: str) -> str:
        message = await self.sees(f"Pass this link on to your new {role}")
        found = re.search(r"start=([\w-]+)", await message.inner_text())
        assert found
        return found[1]


async def test_the_story_in_the_web_chat(demo: Demo, sandbox: Sandbox, browser: Browser) -> None:
    people = {
        name: await sandbox.person(name, username=f"{name.lower()}_web")
        for name in ("Ada", "Max", "Wes", "Cleo")
    }
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(PATIENCE)
    await page.goto(demo.web_chat)
    ada, max_, wes, cleo = (Chat(page, person.id) for person in people.values())

    await ada.starts()
    await ada.clicks("Create a company")
    await ada.sees("What is your company called?")
    await ada.writes("Web & Co")
    await ada.sees("Where is your company?")
    await ada.clicks("Berlin")
    await ada.sees("Web & Co is ready")
    await ada.clicks("Projects")
    await ada.clicks("New project")
    await ada.sees("What is the project called?")
    await ada.writes("Garden")
    await ada.clicks("GAR")
    await ada.sees("Project GAR – Garden is created")
    for role, newcomer in (("manager", max_), ("worker", wes), ("client", cleo)):
        await ada.writes("/invite")
        await ada.sees("Whom do you want to invite?")
        await ada.clicks(role)
        if role != "manager":
            await ada.clicks("GAR – Garden")
        token = await ada.invite_token(role)
        await newcomer.starts()
        await newcomer.sees("Create a company to begin")
        await newcomer.clicks("I have an invite")
        await newcomer.sees("Paste the invite link")
        await newcomer.writes(token)
        await newcomer.sees(f"Your role here: {role}")

    await max_.writes("/task GAR Plant the hedge @wes_web tomorrow 9:00")
    await max_.sees("understood as")
    await max_.clicks("Create")
    await max_.sees("GAR-1 Plant the hedge")
    await wes.sees("Max gave you GAR-1")
    await wes.clicks("Start")
    await wes.sees("in progress")
    await wes.clicks("Submit")
    await wes.sees("What should the reviewer know?")
    await wes.writes("Twelve plants")
    await cleo.sees("Wes submitted GAR-1")
    await cleo.clicks("Return")
    await cleo.sees("What should be done differently?")
    await cleo.writes("Two are missing")
    await wes.sees("Cleo returned GAR-1")
    await wes.clicks("Submit")
    await wes.clicks("Submit without a comment")
    await wes.sees("Submission 2 by Wes")
    await cleo.writes("/approvals")
    await cleo.sees("Waiting for acceptance")
    await cleo.clicks("GAR-1")
    await cleo.sees("Submission 2 by Wes")
    await cleo.clicks("Accept")
    await cleo.sees("Accepted by Cleo (client)")
    await wes.sees("Cleo accepted GAR-1")
    assert problems == []
