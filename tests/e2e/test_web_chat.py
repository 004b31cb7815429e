"""The same story once more, played by clicking in the web chat."""

import pytest
from playwright.async_api import Browser

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.web_chat import Chat, opened

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


async def test_the_story_in_the_web_chat(demo: Demo, sandbox: Sandbox, browser: Browser) -> None:
    people = {
        name: await sandbox.person(name, username=f"{name.lower()}_web")
        for name in ("Ada", "Max", "Wes", "Cleo")
    }
    async with opened(browser, demo.web_chat) as page:
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
