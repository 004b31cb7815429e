"""What somebody hears about files that they have sent, from the first moment to the last."""

from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.models import File, Upload
from saas_bot.domain.limits import NAME
from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import size
from saas_bot.screens.screen import Screen, button, clip, clip_name, screen
from saas_bot.services.files import FileToSend
from saas_bot.services.files.outcomes import Outcome

NAME_SHOWN: Final = 80
"""Characters of a file's name, so that those of an album fit into a message."""


def progress(t: Translator, upload: Upload, file: File, so_far: int) -> Screen:
    """How far a file has come on its way into storage."""
    done = {"done": size(t, so_far), "size": size(t, file.size)}
    said = t("upload-progress", name=clip_name(file.name, NAME_SHOWN), **done)
    return screen(said, [_cancel(t, upload)])


def waiting(t: Translator, upload: Upload, what: str) -> Screen:
    """That S3 (`storage`) or `telegram` is away, and that it will be tried again."""
    return screen(t(f"upload-waits-{what}"), [_cancel(t, upload)])


def answer(t: Translator, outcome: Outcome | None, role: Role) -> Screen:
    """What has become of everything that somebody of this role sent at once; None: its place is
    gone."""
    if outcome is None:
        return screen(t("upload-no-place"))
    stored = outcome.stored
    parts = [
        *(_stored(t, outcome, role) if stored else ()),
        *(t(f"upload-failed-{one.error or 'gone'}", name=_name(one)) for one in outcome.failed),
        *(_cancelled(t, outcome) if outcome.cancelled else ()),
    ]
    if not parts:
        return screen(t("upload-dropped"))
    buttons = _open(t, outcome)
    return screen(Markup("\n").join(parts), [*buttons, _files(t, outcome)] if stored else buttons)


def _cancelled(t: Translator, outcome: Outcome) -> list[Markup]:
    names = [clip_name(one, NAME_SHOWN) for one in outcome.cancelled]
    place = "task" if outcome.task_id else "project"
    about = {"count": len(names), "name": names[0], "where": clip(outcome.where, NAME)}
    lines = [t(f"upload-cancelled-{place}", **about)]
    lines += [t("notify-file", name=name) for name in names if len(names) > 1]
    return [*lines, t("upload-words-stay")] if outcome.commented else lines


def _stored(t: Translator, outcome: Outcome, role: Role) -> list[Markup]:
    files, where = outcome.stored, clip(outcome.where, NAME)
    place = "task" if outcome.task_id else "project"
    if len(files) == 1:
        (file,) = files
        about = {"name": _name(file), "size": size(t, file.size)}
        lines = [t(f"upload-stored-{place}", where=where, **about)]
    else:
        lines = [t(f"upload-stored-{place}-many", where=where, count=len(files))]
        lines += [t("upload-line", name=_name(one), size=size(t, one.size)) for one in files]
    # Clients know that they see what they have sent themselves.
    if outcome.clients and role is not Role.CLIENT:
        lines.append(t("upload-for-team" if outcome.internal else "upload-for-client"))
    return lines


def _name(file: File) -> str:
    return clip_name(file.name, NAME_SHOWN)


def _cancel(t: Translator, upload: Upload) -> InlineKeyboardButton:
    return button(t.plain("button-cancel-upload"), to.CancelUpload(id=upload.id))


def _open(t: Translator, outcome: Outcome) -> list[InlineKeyboardButton]:
    if outcome.task_id is None:
        return [button(t.plain("button-open-project"), to.Project(id=outcome.project_id))]
    return [button(t.plain("button-open-task", ref=outcome.where), to.Task(id=outcome.task_id))]


def _files(t: Translator, outcome: Outcome) -> InlineKeyboardButton:
    if outcome.task_id is None:
        return button(t.plain("button-all-files"), to.ProjectFiles(project=outcome.project_id))
    return button(t.plain("button-all-files"), to.Files(task=outcome.task_id))


def not_sent(t: Translator, why: str, file: FileToSend | None, most: int) -> Screen:
    """Why a file that was asked for does not come: gone, pending, lost, too_large, storage or
    telegram; `most` bytes are what Telegram takes."""
    if file is None:
        return screen(t("file-sending-gone"))
    about = {"name": clip_name(file.name, NAME_SHOWN)}
    if why == "too_large":
        about |= {"size": size(t, file.size), "limit": size(t, most)}
    return screen(t(f"file-sending-{why}", **about))
