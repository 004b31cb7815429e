"""What a person can send in the web chat: seen on the screen, and as the bot receives it."""

import re
import struct
import zlib

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.e2e.web_chat import Chat, Stage, opened

pytestmark = pytest.mark.e2e


def picture(name: str, side: int = 8) -> FilePayload:
    """A square PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    rows = (b"\0" + b"\x30\x80\xc0" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return {"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + parts}


async def drop(on: Locator, files: list[FilePayload]) -> None:
    """Drop files on an element, as from a file manager."""
    given = [
        {"name": one["name"], "type": one["mimeType"], "bytes": list(one["buffer"])}
        for one in files
    ]
    transfer = await on.page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const { name, type, bytes } of files)
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return transfer;
        }""",
        given,
    )
    for event in ("dragenter", "dragover", "drop"):
        await on.dispatch_event(event, {"dataTransfer": transfer})


async def submit(page: Page) -> None:
    """Send what the dialog shows, and see it close."""
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_text_reply_edit_and_delete(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.writes("The pump is broken")
    said = await theatre.hears()
    assert said["text"] == "The pump is broken"

    await anna.does("Reply", await anna.sees("Hello Anna"))
    await anna.writes("Good morning")
    assert (await theatre.hears())["reply_to_message"]["text"] == "Hello Anna"
    reply = await anna.sees("Good morning")
    await expect(reply.locator(".reply-quote")).to_contain_text("Hello Anna")

    await anna.does("Edit", await anna.sees("The pump is broken"))
    await expect(anna.composer).to_have_value("The pump is broken")
    await anna.writes("The pump works again")
    (update,) = await theatre.updates(1)
    assert update["edited_message"]["text"] == "The pump works again"
    assert update["edited_message"]["message_id"] == said["message_id"]
    edited = await anna.sees("The pump works again")
    await expect(edited.get_by_text("edited")).to_be_visible()

    await anna.does("Delete", edited)
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(anna.messages.filter(has_text="The pump")).to_have_count(0)


async def test_commands_complete(theatre: Stage, page: Page) -> None:
    commands = [{"command": name, "description": f"my {name}"} for name in ("tasks", "team", "ask")]
    await theatre.bot("setMyCommands", commands=commands)
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.composer.press_sequentially("/t")
    offered = anna.column.get_by_role("option")
    await expect(offered).to_have_text(["/tasksmy tasks", "/teammy team"])
    await anna.composer.press("ArrowDown")
    await anna.composer.press("Tab")
    await expect(anna.composer).to_have_value("/team ")
    await anna.composer.press_sequentially("all")
    await anna.composer.press("Enter")
    assert (await theatre.hears())["text"] == "/team all"
    await anna.column.get_by_test_id("commands").click()
    await offered.filter(has_text="/ask").click()
    assert (await theatre.hears())["text"] == "/ask"


async def test_enter_sends_the_command_that_is_typed_in_full(theatre: Stage, page: Page) -> None:
    commands = [{"command": name, "description": name} for name in ("tasks", "task")]
    await theatre.bot("setMyCommands", commands=commands)
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.composer.press_sequentially("/task")
    await expect(anna.column.get_by_role("option")).to_have_count(2)
    await anna.composer.press("Enter")
    assert (await theatre.hears())["text"] == "/task"


async def test_a_file_is_picked(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    async with page.expect_file_chooser() as chooser:
        await anna.attaches("File")
    contract: FilePayload = {
        "name": "Contract <1>.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF",
    }
    await (await chooser.value).set_files(contract)
    caption = page.get_by_role("dialog").get_by_label("Caption")
    await caption.fill("Please sign")
    await caption.press("Enter")
    message = await theatre.hears()
    assert message["document"]["file_name"] == "Contract <1>.pdf"
    assert message["caption"] == "Please sign"
    sent = await anna.sees("Please sign")
    await expect(sent.get_by_role("link", name="Download Contract <1>.pdf")).to_be_visible()


async def test_files_dropped_together_become_an_album(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await drop(anna.column, [picture(f"{n}.png") for n in range(12)])
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Send 12 files")
    await expect(dialog.get_by_role("radio")).to_have_count(2)
    await dialog.get_by_label("Caption").fill("The whole garden")
    await submit(page)
    messages = [update["message"] for update in await theatre.updates(12)]
    groups = [message["media_group_id"] for message in messages]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [10, 2]
    assert [message.get("caption") for message in messages] == ["The whole garden"] + [None] * 11
    first, second = await anna.column.get_by_test_id("album").all()
    await expect(first.get_by_role("img")).to_have_count(10)
    await expect(first.locator(".album__foot")).to_contain_text("The whole garden")
    boxes = [await image.bounding_box() for image in await second.get_by_role("img").all()]
    left, right = (box for box in boxes if box)
    assert left["y"] == right["y"], "side by side"
    assert left["x"] + left["width"] <= right["x"]

    await second.get_by_test_id("message").last.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(second.get_by_role("img")).to_have_count(1)


async def test_sticker_location_and_contact(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.attaches("Sticker")
    await page.get_by_role("button", name="🚀").click()
    assert (await theatre.hears())["sticker"]["emoji"] == "🚀"
    await anna.sees("🚀")

    await anna.attaches("Location")
    latitude = page.get_by_label("Latitude")
    await latitude.fill("91")
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_text("A number from -90 to 90")).to_be_visible()
    await latitude.fill("52.52")
    await page.get_by_label("Longitude").fill("13.4")
    await submit(page)
    assert (await theatre.hears())["location"] == {"latitude": 52.52, "longitude": 13.4}

    await anna.attaches("Contact")
    await page.get_by_label("Phone number").fill("+4930123456")
    await submit(page)
    contact = (await theatre.hears())["contact"]
    assert (contact["first_name"], contact["phone_number"]) == ("Anna", "+4930123456")
    await anna.sees("+4930123456")


async def test_a_voice_message_is_recorded(theatre: Stage, page: Page) -> None:
    anna = Chat(page, (await theatre.person("Anna")).id)
    await anna.column.get_by_role("button", name="Record a voice message").click()
    await expect(anna.column.get_by_role("timer")).to_have_text("0:00")
    await anna.column.get_by_role("button", name="Throw the recording away").click()
    await expect(anna.composer).to_be_visible()

    await anna.column.get_by_role("button", name="Record a voice message").click()
    await expect(anna.column.get_by_role("timer")).to_have_text("0:01")
    await anna.column.get_by_role("button", name="Send the recording").click()
    message = await theatre.hears()
    voice = message["voice"]
    assert voice["duration"] in (1, 2)
    assert re.match(r"audio/(ogg|webm|mp4)$", voice["mime_type"])
    assert voice["file_size"] > 500
    player = anna.messages.last
    await expect(player.get_by_role("slider", name="Position")).to_be_visible()
    await player.get_by_role("button", name="Play").click()
    await expect(player.get_by_role("button", name="Pause")).to_be_visible()


async def test_without_a_microphone_a_recording_is_picked(theatre: Stage) -> None:
    anna_id = (await theatre.person("Anna")).id
    async with opened(theatre.browser, theatre.url) as page:
        # What a page of an address without HTTPS finds.
        await page.evaluate(
            "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
        )
        anna = Chat(page, anna_id)
        async with page.expect_file_chooser() as chooser:
            await anna.column.get_by_role("button", name="Record a voice message").click()
        note: FilePayload = {"name": "note.ogg", "mimeType": "audio/ogg", "buffer": b"OggS"}
        await (await chooser.value).set_files(note)
        await expect(page.get_by_role("radio", name="Voice message")).to_be_checked()
        await submit(page)
        assert "voice" in await theatre.hears()


async def test_messages_are_forwarded_by_oneself_and_by_another(theatre: Stage, page: Page) -> None:
    anna, boris = await theatre.person("Anna"), await theatre.person("Boris")
    hers, his = Chat(page, anna.id), Chat(page, boris.id)
    await hers.writes("The roof leaks")
    await theatre.hears()
    for chat, person in ((hers, anna), (his, boris)):
        await hers.does(
            "Forward to the bot", (hers.messages.filter(has_text="The roof leaks")).first
        )
        await page.get_by_role("menuitem", name=person.first_name).click()
        message = await theatre.hears()
        assert (message["text"], message["chat"]["id"]) == ("The roof leaks", person.id)
        assert message["forward_origin"]["sender_user"]["id"] == anna.id
        await expect(await chat.sees("The roof leaks")).to_contain_text("Forwarded from Anna")
