"""Files: taking them in, showing them, giving them out."""

from aiogram import Router

from saas_bot.handlers.files import cancelling, drafting, one_file, placing, receiving, showing

__all__ = ["commands", "dialogs"]


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="files")
    router.include_routers(
        showing.commands(),
        one_file.commands(),
        receiving.commands(),
        placing.commands(),
        cancelling.commands(),
    )
    return router


def dialogs() -> Router:
    """The steps of its dialogs."""
    router = Router(name="file-dialogs")
    router.include_routers(
        receiving.dialogs(),
        drafting.dialogs(),
        placing.dialogs(),
        showing.dialogs(),
        one_file.dialogs(),
    )
    return router
