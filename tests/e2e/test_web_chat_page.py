"""The web chat around the messages: buttons, people, the inspector, the layout, the keyboard."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.web_chat import PHONE, Chat, Stage, opened

pytestmark = pytest.mark.e2e


async def test_a_button_waits_for_its_answer(theatre: Stage, page: Page) -> None:
    person = await theatre.person("Anna")
    anna = Chat(page, person.id)
    await theatre.says(person, "Ready?", ("Yes", "yes"), ("No", "no"))
    for label, alert in (("Yes", False), ("No", True)):
        button = anna.column.get_by_role("button", name=label)
        await button.click()
        await expect(button).to_have_attribute("aria-busy", "true")
        (update,) = await theatre.updates(1)
        query = update["callback_query"]
        assert query["data"] == label.lower()
        await theatre.bot(
            "answerCallbackQuery", callback_query_id=query["id"], text="Noted", show_alert=alert
        )
        await expect(button).not_to_have_attribute("aria-busy", "true")
    await expect(anna.column.get_by_test_id("toast")).to_have_text("Noted")
    await page.get_by_role("alertdialog").get_by_role("button", name="OK").click()
    await expect(page.get_by_role("alertdialog")).to_have_count(0)


async def test_an_invoice_is_paid(theatre: Stage, page: Page) -> None:
    person = await theatre.person("Anna")
    anna = Chat(page, person.id)
    await theatre.bot(
        "sendInvoice",
        chat_id=person.id,
        title="Team plan",
        description="A month for 25 people",
        payload="plan-1",
        currency="XTR",
        prices=[{"label": "Team", "amount": 250}],
    )
    await anna.clicks("Pay")
    await page.get_by_role("dialog").get_by_role("button", name="Pay").click()
    (update,) = await theatre.updates(1)
    checkout = update["pre_checkout_query"]
    assert (checkout["invoice_payload"], checkout["total_amount"]) == ("plan-1", 250)
    await theatre.bot("answerPreCheckoutQuery", pre_checkout_query_id=checkout["id"], ok=True)
    assert (await theatre.hears())["successful_payment"]["invoice_payload"] == "plan-1"
    await expect(anna.column.get_by_test_id("toast")).to_have_text("Paid")


async def test_a_deep_link_opens_as_somebody_else_by_one_click(theatre: Stage, page: Page) -> None:
    anna, boris = await theatre.person("Anna"), await theatre.person("Boris")
    await theatre.says(anna, "Join us: https://t.me/saas_sandbox_bot?start=invite_7")
    await Chat(page, anna.id).column.get_by_role("button", name="Open the link as Boris").click()
    started = await theatre.hears()
    assert (started["chat"]["id"], started["text"]) == (boris.id, "/start invite_7")
    shown = await Chat(page, boris.id).sees("/start")
    await expect(shown).not_to_contain_text("invite_7")


async def test_a_deep_link_brings_somebody_new(theatre: Stage, page: Page) -> None:
    anna = await theatre.person("Anna", username="anna")
    await theatre.says(anna, "Join us: https://t.me/saas_sandbox_bot?start=invite_7")
    await Chat(page, anna.id).column.get_by_test_id("open-as-new").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("First name").fill("Vera")
    await form.get_by_label("Username").fill("anna")
    await form.get_by_label("Label").fill("worker")
    await page.get_by_test_id("form-submit").click()
    await expect(form.get_by_role("alert")).to_have_text("@anna is taken. Choose another username.")
    await form.get_by_label("Username").fill("vera")
    await page.get_by_test_id("form-submit").click()
    started = await theatre.hears()
    assert (started["from"]["username"], started["text"]) == ("vera", "/start invite_7")
    vera = Chat(page, started["from"]["id"])
    await expect(vera.column.get_by_role("heading", name="Vera")).to_be_visible()
    await expect(vera.column.locator("header")).to_contain_text("worker")


async def test_blocking_and_language(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.column.get_by_role("button", name="Actions with Anna").click()
    await page.get_by_role("menuitem", name="Block the bot").click()
    await expect(anna.composer).to_be_hidden()
    (update,) = await theatre.updates(1)
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await anna.column.get_by_role("button", name="Unblock the bot").click()
    await expect(anna.composer).to_be_visible()
    (update,) = await theatre.updates(1)
    assert update["my_chat_member"]["new_chat_member"]["status"] == "member"

    await anna.column.get_by_role("button", name="Language in Telegram: English").click()
    await page.get_by_role("menuitemradio", name="Русский").click()
    await expect(anna.column.get_by_test_id("person-language")).to_have_text("RU")
    await expect(anna.column.get_by_test_id("toast")).to_contain_text("changed in its settings")
    await anna.writes("привет")
    assert (await theatre.hears())["from"]["language_code"] == "ru"


async def test_the_inspector_shows_calls_and_updates(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await page.get_by_test_id("inspector-toggle").click()
    entries = page.get_by_test_id("inspector-entry")
    await anna.writes("What time is it?")
    newest = entries.filter(has_text="What time is it?")
    await expect(newest).to_contain_text("Anna")
    await expect(newest.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d\.\d{3}$"))
    await newest.click()
    await expect(newest.locator(".json")).to_contain_text('"text": "What time is it?"')
    await page.get_by_role("button", name="Calls", exact=True).click()
    await expect(newest).to_be_hidden()
    await page.get_by_test_id("inspector-filter").fill("hello anna")
    shown = entries.filter(visible=True)
    await expect(shown).to_have_count(1)
    await expect(shown).to_contain_text("sendMessage")


async def test_names_that_nobody_could_read(theatre: Stage, page: Page) -> None:
    hidden = await theatre.person("\u200b\u2060")
    hebrew = await theatre.person("\u200f\u05e9\u05dc\u05d5\u05dd")
    both = await theatre.person("Alice Morgan")
    for person, initials in ((hidden, "?"), (hebrew, "\u05e9"), (both, "AM")):
        avatar = Chat(page, person.id).column.locator(".avatar").first
        await expect(avatar).to_have_text(initials)
    heading = Chat(page, hidden.id).column.get_by_role("heading")
    await expect(heading).to_have_text(f"id {hidden.id}")


async def test_a_newcomer_is_told_once_what_this_is(theatre: Stage, page: Page) -> None:
    await theatre.person("Anna")
    told = page.get_by_test_id("tour")
    await expect(told).to_contain_text("Press START")
    await told.get_by_role("button", name="OK").click()
    await page.reload()
    await expect(page.get_by_test_id("column")).to_be_visible()
    await expect(told).to_be_hidden()
    await page.get_by_role("button", name="What is this page?").click()
    await expect(told).to_be_visible()


async def test_the_page_says_that_the_bot_is_away(theatre: Stage, page: Page) -> None:
    await expect(page.get_by_test_id("bot-away")).to_be_visible()
    await theatre.bot("setWebhook", url="http://127.0.0.1:9/")
    await expect(page.get_by_test_id("bot-away")).to_be_hidden()
    await expect(page.get_by_test_id("bot-status")).to_have_text("bot is connected")


async def test_columns_or_one_at_a_time(theatre: Stage, page: Page) -> None:
    anna, boris = await theatre.person("Anna"), await theatre.person("Boris")
    hers, his = Chat(page, anna.id).column, Chat(page, boris.id).column
    await expect(hers).to_be_visible()
    await expect(his).to_be_visible()
    await page.get_by_role("button", name="Show one person at a time").click()
    await expect(his).to_be_hidden()
    await theatre.says(boris, "For you")
    other = page.get_by_test_id("people").get_by_role("button", name="Boris, 1 unread")
    await other.click()
    await expect(his).to_be_visible()
    await expect(hers).to_be_hidden()
    await page.reload()
    await expect(page.get_by_test_id("column").filter(visible=True)).to_have_count(1)
    await page.get_by_role("button", name="Show people in columns").click()
    await expect(page.get_by_test_id("column").filter(visible=True)).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_at_phone_width_nothing_sticks_out(theatre: Stage, scheme: str) -> None:
    names = {"first_name": "Анна" * 5, "last_name": "Константинопольская" * 3}
    anna = await theatre.sandbox.person(**names, note="админ")
    await anna.starts()
    await theatre.says(anna, "Слово" * 300, *[(f"Кнопка номер {n}", f"b{n}") for n in range(3)])
    await theatre.bot("setChatMenuButton", chat_id=anna.id)
    for number in range(8):
        await theatre.sandbox.person(f"Person {number}")
    phone = {"viewport": PHONE, "color_scheme": scheme, "locale": "ru-RU", "has_touch": True}
    async with opened(theatre.browser, theatre.url, **phone) as page:
        await expect(page.get_by_test_id("column").filter(visible=True)).to_have_count(1)
        wide = "document.scrollingElement.scrollWidth"
        assert await page.evaluate(wide) == PHONE["width"]
        await page.get_by_test_id("inspector-toggle").click()
        await expect(page.get_by_test_id("inspector-entry").first).to_be_visible()
        assert await page.evaluate(wide) == PHONE["width"]
        sideways = "(() => { const list = document.querySelector('.inspector__list');"
        sideways += " return list.scrollWidth - list.clientWidth })()"
        assert await page.evaluate(sideways) == 0
        await page.get_by_test_id("inspector-toggle").click()
        await expect(page.get_by_test_id("inspector")).to_be_hidden()

        background = "getComputedStyle(document.querySelector('.column')).backgroundColor"
        before = await page.evaluate(background)
        await page.get_by_test_id("page-menu").click()
        switch = {"light": "Тёмная тема", "dark": "Светлая тема"}[scheme]
        await page.get_by_role("menuitem", name=switch).click()
        assert await page.evaluate(background) != before


async def test_a_whole_conversation_by_keyboard(theatre: Stage, page: Page) -> None:
    await theatre.bot("setMyCommands", commands=[{"command": "tasks", "description": "mine"}])
    await theatre.sandbox.person("Anna")
    boris = await theatre.sandbox.person("Boris")
    his = Chat(page, boris.id)
    await expect(his.column.get_by_test_id("start")).to_be_visible()

    async def tab_to(name: str, key: str = "Tab") -> None:
        for _ in range(60):
            await page.keyboard.press(key)
            focused = await page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? "
                "document.activeElement.textContent"
            )
            if focused == name:
                return
        raise AssertionError(f"Tab doesn't lead to {name}")

    await tab_to("Actions with Boris")
    await tab_to("Start")
    await page.keyboard.press("Enter")
    assert (await theatre.hears())["text"] == "/start"
    await theatre.says(boris, "Choose", ("One", "1"), ("Two", "2"))
    await his.sees("Choose")

    await page.keyboard.press("Alt+2")
    await expect(his.composer).to_be_focused()
    await page.keyboard.type("/ta")
    await page.keyboard.press("Enter")
    assert (await theatre.hears())["text"] == "/tasks"

    await tab_to("Two", "Shift+Tab")
    await page.keyboard.press("Enter")
    (update,) = await theatre.updates(1)
    assert update["callback_query"]["data"] == "2"

    await his.column.get_by_role("log").focus()
    await page.keyboard.press("ArrowUp")
    await expect(his.messages.last).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(his.composer).to_be_focused()
    await page.keyboard.type("done")
    await page.keyboard.press("Enter")
    assert (await theatre.hears())["reply_to_message"]["text"] == "/tasks"
    await his.sees("done")

    await page.keyboard.press("ArrowUp")
    await expect(his.composer).to_have_value("done")
    await page.keyboard.press("End")
    await page.keyboard.type(" now")
    await page.keyboard.press("Enter")
    (update,) = await theatre.updates(1)
    assert update["edited_message"]["text"] == "done now"


async def test_everything_has_a_name_for_screen_readers(theatre: Stage, page: Page) -> None:
    anna = await theatre.person("Anna")
    chat = Chat(page, anna.id)
    await theatre.says(anna, "Choose https://t.me/saas_sandbox_bot?start=x", ("One", "1"))
    await anna.sends_file("voice.ogg", b"OggS", "voice")
    await anna.sends_file("a.pdf", b"%PDF")
    await page.get_by_test_id("inspector-toggle").click()
    await expect(page.get_by_test_id("inspector-entry").first).to_be_visible()
    await expect(chat.messages).to_have_count(5)
    tree = await page.locator("body").aria_snapshot()
    nameless = re.findall(
        r"- (?:button|link|textbox|searchbox|slider|img|log)(?::|$).*", tree, re.M
    )
    assert nameless == []
    assert 'region "Anna’s chat with the bot"' in tree
    assert 'log "Messages of Anna"' in tree


async def test_the_page_recovers_when_the_server_is_lost(theatre: Stage, page: Page) -> None:
    person = await theatre.person("Anna")
    anna = Chat(page, person.id)
    await anna.sees("Hello Anna")
    await page.context.set_offline(True)
    await anna.writes("Are you there?")
    await expect(anna.column.get_by_test_id("toast")).to_contain_text("Nothing was sent")
    await expect(anna.composer).to_have_value("Are you there?")
    await page.context.set_offline(False)
    await theatre.says(person, "While you were away")
    await anna.sees("While you were away")
    await anna.composer.press("Enter")
    assert (await theatre.hears())["text"] == "Are you there?"
