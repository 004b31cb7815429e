"""The web chat in headless Chromium: the browser, the page, and one person's column in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from saas_bot.sandbox.client import Person, Sandbox
from tests.sandbox.conftest import Running, serving

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
# Without most of these flags Chromium calls home at its start, and waits where there is no network.
# The last two give it a microphone that beeps, and let every page use it.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE = 20_000
"""Milliseconds that a person waits for what they expect to see."""
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own."""
    found = next(path for path in CHROMIUM if Path(path).exists())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(browser: Browser, url: str, **context: Any) -> AsyncIterator[Page]:
    """The web chat of a sandbox on a page of its own; an error in its scripts fails the test."""
    given = {"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce", **context}
    async with await browser.new_context(**given) as own:
        page = await own.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_default_timeout(PATIENCE)
        await page.goto(url)
        yield page
        assert problems == []


class Chat:
    """One person's column."""

    def __init__(self, page: Page, person_id: int) -> None:
        self.page = page
        self.column = page.locator(f'[data-person="{person_id}"]')
        self.composer = self.column.get_by_test_id("composer")
        self.messages = self.column.get_by_test_id("message")

    async def starts(self) -> None:
        await self.column.get_by_test_id("start").click()

    async def writes(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def clicks(self, label: str) -> None:
        """Press the newest inline button of that label."""
        button = self.column.get_by_test_id("inline-button").filter(has_text=label).last
        await button.click()

    async def sees(self, text: str) -> Locator:
        """The newest message with that text, once it is on the screen."""
        message = self.messages.filter(has_text=text).last
        await expect(message).to_be_visible(timeout=PATIENCE)
        return message

    async def does(self, action: str, message: Locator) -> None:
        """Choose from the menu of a message, as a right click opens it."""
        await message.locator(".bubble").click(button="right")
        await self.page.get_by_role("menuitem", name=action).click()

    async def attaches(self, what: str) -> None:
        """Choose from the menu of attachments."""
        await self.column.get_by_test_id("attach").click()
        await self.page.get_by_role("menuitem", name=what).click()

    async def invite_token(self, role: str) -> str:
        message = await self.sees(f"Pass this link on to your new {role}")
        found = re.search(r"start=([\w-]+)", await message.inner_text())
        assert found
        return found[1]


@dataclass
class Stage:
    """A sandbox without a bot: the test says what the bot says, and reads what reached it."""

    running: Running
    sandbox: Sandbox
    browser: Browser
    seen: int = 0

    @property
    def url(self) -> str:
        return self.running.url

    async def person(self, name: str, **given: Any) -> Person:
        """Somebody whom the bot has greeted already."""
        person = await self.sandbox.person(name, **given)
        await person.starts()
        await self.says(person, f"Hello {name}")
        await self.updates()
        return person

    async def bot(self, method: str, **params: Any) -> Any:
        """A Bot API call that goes through."""
        answer = await self.running.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def says(self, person: Person, text: str, *buttons: tuple[str, str]) -> dict[str, Any]:
        """The bot sends a text, perhaps with a row of buttons: labels and their data."""
        markup = {"inline_keyboard": [[{"text": a, "callback_data": b} for a, b in buttons]]}
        sent: dict[str, Any] = await self.bot(
            "sendMessage",
            chat_id=person.id,
            text=text,
            **({"reply_markup": markup} if buttons else {}),
        )
        return sent

    async def updates(self, at_least: int = 0) -> list[dict[str, Any]]:
        """What reached the bot since it asked last; waits for as many as are expected."""
        got: list[dict[str, Any]] = []
        while True:
            new = await self.bot("getUpdates", offset=self.seen, timeout=10 if at_least else 0)
            got += new
            if new:
                self.seen = new[-1]["update_id"] + 1
            if len(got) >= at_least:
                if new:
                    await self.bot("getUpdates", offset=self.seen)
                return got
            assert new, f"{at_least} updates expected, got {got}"

    async def hears(self) -> dict[str, Any]:
        """The next message that reaches the bot."""
        (update,) = await self.updates(1)
        message: dict[str, Any] = update["message"]
        return message


@asynccontextmanager
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """A sandbox on a free port, for one test."""
    async with serving() as running, Sandbox(running.url) as sandbox:
        yield Stage(running, sandbox, browser)
