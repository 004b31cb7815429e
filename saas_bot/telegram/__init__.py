"""Telegram's side of a process: the bot, and how updates come in and are seen through."""
