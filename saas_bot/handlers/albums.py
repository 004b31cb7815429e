"""Albums that are refused in part or as a whole: one message tells of it, however many files came.

Each file of an album is an update of its own, and any of several processes may take it; what came
of the others is kept in mind beside the dialog, which one process at a time has.
"""

from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import InlineKeyboardButton, Message, TelegramObject

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.replies import Aside
from saas_bot.handlers.sent_files import MOST_WAITING, file_in, took_files
from saas_bot.screens import albums as screens
from saas_bot.screens.screen import Screen

T = TypeVar("T")

ALBUM: Final = "album"
"""Under this name it is kept what came of the newest album."""


@dataclass(slots=True)
class _Album:
    """What has come of an album so far, by the ids of its messages.

    `words` came with a file that was refused, and wait for the next one. `told` is the message that
    tells of it all, and `rows` are its buttons outside of dialogs: in one, the question has them.
    """

    id: str
    taken: dict[str, str] = field(default_factory=dict)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)
    words: str = ""
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    told: int | None = None

    @classmethod
    def recalled(cls, memory: Memory, album: str) -> "_Album":
        kept = memory.recall(ALBUM) or {}
        return cls(**kept) if kept.get("id") == album else cls(album)

    def keep(self, memory: Memory) -> None:
        memory.keep(ALBUM, asdict(self))

    def keep_told(self, memory: Memory, message_id: int) -> None:
        self.told = message_id
        self.keep(memory)

    def refuse(self, message: Message, name: str, error: AppError, shown: Screen) -> None:
        said = error.params.items()
        params = {key: one if isinstance(one, int) else str(one) for key, one in said}
        why = asdict(screens.Refused(name, error.code, params, str(shown.text)))
        self.refused = _with(self.refused, message, why)
        self.rows = [[one.model_dump(exclude_none=True) for one in row] for row in shown.rows]
        words = message.caption or ""
        if error.code in screens.OF_ONE_FILE and not words.startswith("/"):
            self.words = words

    def take(self, message: Message, name: str) -> None:
        self.taken = _with(self.taken, message, name)
        self.words = ""

    def shown(self, t: Translator, *, in_dialog: bool) -> Screen:
        files = [screens.Refused(**one) for one in self.refused.values()]
        kept = [] if in_dialog else self.rows
        rows = [[InlineKeyboardButton(**one) for one in row] for row in kept]
        return screens.refused(t, files, self.taken.values(), rows)


def _with(kept: dict[str, T], message: Message, one: T) -> dict[str, T]:
    """The same with one more, and not more than an album has."""
    return dict(list({**kept, str(message.message_id): one}.items())[-MOST_WAITING:])


class WholeAlbum(BaseMiddleware):
    """Around what puts refusals into words: of an album they come as one message.

    The words with a file that is refused go on to the next one of its album.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Message) or event.media_group_id is None:
            return await handler(event, data)
        file = file_in(event, data["account"].timezone)
        if file is None:
            return await handler(event, data)
        memory: Memory = data["memory"]
        album = _Album.recalled(memory, event.media_group_id)
        if album.words and not event.caption:
            event = event.model_copy(update={"caption": album.words})
        result = await handler(event, data)
        error: AppError | None = data.get("refused")
        if error is not None and isinstance(result, Screen):
            album.refuse(event, file.name, error, result)
            result = None
        elif result is not UNHANDLED and took_files(data):
            album.take(event, file.name)
        album.keep(memory)
        if album.refused:
            shown = album.shown(data["t"], in_dialog=data["dialog"].active)
            keep = partial(album.keep_told, memory)
            data["also"].append(Aside(event.chat.id, shown, album.told, keep))
        return result
