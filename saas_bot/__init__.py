"""SaaS Bot: companies run their work, people and billing inside Telegram."""

__version__ = "0.1.0"
