"""A stand-in for Telegram: a Bot API server and the people who chat with the bot, over HTTP."""
