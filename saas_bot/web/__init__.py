"""The HTTP edges: the side server for monitoring, and Telegram's webhook."""
