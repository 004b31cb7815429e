"""What Telegram strips from texts, in messages of both sides."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import MessageEntity

from saas_bot.sandbox.cleaning import clean, is_blank
from saas_bot.sandbox.client import Person, SandboxError
from tests.sandbox.conftest import Running, drain


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\tb\x00c\x1fd", "a b c d"),
        ("a\r\nb\rc", "a\nbc"),
        (" \n a \n ", "a"),
        ("a\u202eb\u2028c\u202ad", "abcd"),
        ("a\u030ab\u0333c\u033f", "abc"),
        ("\u200e\u200f\u200ea", "\u200c\u200c\u200ea"),
        ("\xa0a\xa0", "\xa0a\xa0"),
        ("é\u0301 👍🏽 \u2066x\u2069", "é\u0301 👍🏽 \u2066x\u2069"),
    ],
)
def test_cleaning(text: str, kept: str) -> None:
    assert clean(text, [])[0] == kept


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\u3000\xa0", "\u2800", "\ufeff"])
def test_what_cannot_be_seen_is_empty(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(text + "x")


def test_entities_follow_their_text() -> None:
    bold = {"type": "bold", "offset": 4, "length": 4}
    gone = {"type": "italic", "offset": 3, "length": 1}
    assert clean(" 😀\u202ea\u202eb\r", [gone, bold]) == (
        "😀ab",
        [{"type": "bold", "offset": 2, "length": 2}],
    )


async def test_messages_of_the_bot(bot: Bot, anna: Person) -> None:
    bold = [MessageEntity(type="bold", offset=1, length=3)]
    sent = await bot.send_message(anna.id, "\ta\u202eb\u202ac", entities=bold)
    assert sent.text == "abc"
    assert [(one.type, one.offset, one.length) for one in sent.entities or ()] == [("bold", 0, 2)]


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"text": "\u200b\u2800"}, "text must be non-empty"),
        (
            {"text": "😀x", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
            "entity begins in a middle of a UTF-16 symbol at byte offset 4",
        ),
        (
            {"text": "x😀", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
            "at byte offset 5",
        ),
    ],
)
async def test_refusals(running: Running, anna: Person, params: dict[str, Any], error: str) -> None:
    body = await running.call("sendMessage", chat_id=anna.id, **params)
    assert body["description"] == f"Bad Request: {error}"


async def test_people_type_through_the_same_sieve(bot: Bot, anna: Person) -> None:
    await anna.sends("\u202e/task\tone\r\n\u2028")
    (update,) = await drain(bot)
    assert update.message.text == "/task one"
    assert update.message.entities[0].length == 5
    with pytest.raises(SandboxError, match="the text is empty"):
        await anna.sends("\u200b")
