"""`make bench`: the bot against bare aiogram, and what it needs to start and to stay."""
