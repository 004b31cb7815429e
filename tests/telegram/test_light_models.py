"""aiogram imported lightly is the whole of aiogram. In a process of its own, as it has to be."""

import subprocess
import sys

BEGINNING = """
from saas_bot.core.light_models import import_aiogram
import_aiogram()
from aiogram import methods, types
from pydantic import BaseModel
"""

EVERY_MODEL = """
models = {
    value
    for room in (types, methods)
    for value in vars(room).values()
    if isinstance(value, type) and issubclass(value, BaseModel)
}
assert len(models) > 400
assert not types.Poll.__pydantic_complete__, "this aiogram builds its models after all"
for model in models:
    model.model_rebuild()
    assert model.__pydantic_complete__, model
"""

AN_EXCHANGE = """
from aiogram.methods import Response
chat = {"id": 5, "type": "private", "first_name": "Anna"}
message = {"message_id": 1, "date": 1, "chat": chat, "text": "/start"}
update = types.Update.model_validate({"update_id": 1, "message": message})
assert update.message.chat.first_name == "Anna"
keys = types.InlineKeyboardMarkup(
    inline_keyboard=[[types.InlineKeyboardButton(text="Go", callback_data="go")]]
)
answer = update.message.answer("hello", reply_markup=keys)
assert answer.model_dump()["reply_markup"]["inline_keyboard"][0][0]["text"] == "Go"
for method in (methods.SendMessage, methods.EditMessageText, methods.GetMe):
    told = Response[method.__returning__].model_validate({"ok": False, "description": "no"})
    assert told.description == "no"
sent = Response[methods.SendMessage.__returning__].model_validate({"ok": True, "result": message})
assert type(sent.result) is types.Message
"""


def run(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + code], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_every_model_can_be_built() -> None:
    run(EVERY_MODEL)


def test_an_exchange_with_telegram_is_read_and_written() -> None:
    run(AN_EXCHANGE)


def test_without_it_aiogram_is_as_it_was() -> None:
    run(
        "from pydantic import BaseModel\nassert BaseModel.model_rebuild.__name__ == 'model_rebuild'"
    )
