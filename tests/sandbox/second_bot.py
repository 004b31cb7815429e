"""A small bot written with python-telegram-bot, which knows nothing of this project."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from saas_bot.sandbox.server import DEFAULT_TOKEN

Context = ContextTypes.DEFAULT_TYPE


async def greet(update: Update, _: Context) -> None:
    chat = cast("Any", update.effective_chat)
    button = InlineKeyboardButton("Press me", callback_data="pressed")
    markup = InlineKeyboardMarkup([[button]])
    await chat.send_message("Hello, *you*", ParseMode.MARKDOWN_V2, reply_markup=markup)


async def pressed(update: Update, _: Context) -> None:
    query = cast("Any", update.callback_query)
    await query.answer("Thank you", show_alert=True)
    await query.edit_message_text("<i>Pressed</i>", parse_mode=ParseMode.HTML)


async def give_back(update: Update, context: Context) -> None:
    message = cast("Any", update.effective_message)
    file = await context.bot.get_file(message.document.file_id)
    content = bytes(await file.download_as_bytearray())
    await message.reply_document(content[::-1], filename=f"back-{message.document.file_name}")


async def sell(update: Update, _: Context) -> None:
    message = cast("Any", update.effective_message)
    await message.reply_invoice("Tea", "A cup of tea", "tea-1", "XTR", [LabeledPrice("Tea", 5)])


async def agree(update: Update, _: Context) -> None:
    await cast("Any", update.pre_checkout_query).answer(ok=True)


async def thank(update: Update, _: Context) -> None:
    message = cast("Any", update.effective_message)
    await message.reply_text(f"Paid {message.successful_payment.total_amount}")


async def echo(update: Update, _: Context) -> None:
    message = cast("Any", update.effective_message)
    await message.reply_text(message.text, do_quote=True)


def build(url: str) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot, with the sandbox at `url` in Telegram's place."""
    builder = ApplicationBuilder().token(DEFAULT_TOKEN)
    bot = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    bot.add_handlers(
        [
            CommandHandler("start", greet),
            CommandHandler("tea", sell),
            CallbackQueryHandler(pressed),
            PreCheckoutQueryHandler(agree),
            MessageHandler(filters.SUCCESSFUL_PAYMENT, thank),
            MessageHandler(filters.Document.ALL, give_back),
            MessageHandler(filters.TEXT, echo),
        ]
    )
    return bot


@asynccontextmanager
async def at_work(url: str, webhook_port: int | None) -> AsyncIterator[None]:
    """The bot polls, or serves a webhook on this port, until the end of the block."""
    bot = build(url)
    updater = cast("Any", bot.updater)
    async with bot:
        await bot.start()
        if webhook_port is None:
            await updater.start_polling(poll_interval=0.0)
        else:
            await updater.start_webhook(
                "127.0.0.1",
                webhook_port,
                "hook",
                webhook_url=f"http://127.0.0.1:{webhook_port}/hook",
                secret_token="of-the-second-bot",
            )
        try:
            yield
        finally:
            await updater.stop()
            await bot.stop()
