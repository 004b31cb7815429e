"""What the handlers share: what they receive, and filters by what it is."""

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

Event = Message | CallbackQuery


# Filters are coroutines: aiogram runs any other kind in a thread, which takes longer than they do.


async def in_private(event: Message | ChatMemberUpdated) -> bool:
    """A chat between the bot and one person."""
    return event.chat.type == "private"


async def is_command(message: Message) -> bool:
    """A text that begins as commands do."""
    return message.text is not None and message.text.startswith("/")


async def is_words(message: Message) -> bool:
    """Plain words: the answer to a dialog's question; commands always lead out of it."""
    return message.text is not None and not message.text.startswith("/")


async def is_no_words(message: Message) -> bool:
    """Anything else: a command, a sticker, a photo."""
    return message.text is None or message.text.startswith("/")
