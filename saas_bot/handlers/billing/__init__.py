"""Plans, invoices, and paying them."""

from aiogram import Router

from saas_bot.handlers.billing import details, invoices, plan


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="billing")
    router.include_routers(*(part.commands() for part in (plan, invoices, details)))
    return router


def dialogs() -> Router:
    """The steps of its dialogs."""
    return details.dialogs()


__all__ = ["commands", "dialogs"]
