"""What the handlers share: what they receive, and the filter for words in a dialog."""

from aiogram import F
from aiogram.types import CallbackQuery, Message

Event = Message | CallbackQuery

WORDS = F.text & ~F.text.startswith("/")
"""Plain words: the answer to a dialog's question; commands always lead out of it."""
