"""Screens of files: lists by task, submission and project, one file, and giving it out."""

from collections.abc import Callable
from typing import Any, Final

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Kind, State
from saas_bot.domain.limits import FILE_NAME, NAME, TITLE
from saas_bot.domain.permissions import Permission
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment, size
from saas_bot.screens.screen import (
    BUTTON_LIMIT,
    Screen,
    button,
    clip,
    clip_name,
    column,
    grid,
    pager,
    screen,
)
from saas_bot.screens.tasks import back_to_task, can_attach
from saas_bot.services.files import FileCard, FileLine, FileToSend
from saas_bot.services.projects import ProjectCard
from saas_bot.services.tasks import TaskCard

NAME_SHOWN = 80
"""Characters of a name in a list, so that a page of the longest fits into a message."""

TYPE_SHOWN = 80
HASH_SHOWN = 16
LINK_MINUTES = 10

ICONS: dict[Kind, str] = {
    Kind.DOCUMENT: "📄",
    Kind.PHOTO: "🖼",
    Kind.VIDEO: "🎬",
    Kind.ANIMATION: "🎞",
    Kind.AUDIO: "🎵",
    Kind.VOICE: "🎤",
    Kind.VIDEO_NOTE: "📹",
}

_METHODS: Final[dict[Kind, Callable[..., TelegramMethod[Any]]]] = {
    Kind.DOCUMENT: SendDocument,
    Kind.PHOTO: SendPhoto,
    Kind.VIDEO: SendVideo,
    Kind.ANIMATION: SendAnimation,
    Kind.AUDIO: SendAudio,
    Kind.VOICE: SendVoice,
    Kind.VIDEO_NOTE: SendVideoNote,
}


def of_task(
    t: Translator, actor: Actor, task: TaskCard, page: Page[FileLine], here: to.Files, words: str
) -> Screen:
    """A page of the files of a task or of one of its submissions; `words` were looked for."""
    about = {"ref": task.ref, "title": clip(task.title, TITLE)}
    every, back = to.Files(task=task.id), back_to_task(t, task, key="button-to-task")
    if here.review:
        part = _PARTS.get(type(here), "review")
        heading = t(f"files-of-{part}", number=here.review, **about)
        return _list(t, actor, heading, page, (here, every, None, None), words, back)
    find = to.FindFiles(task=task.id)
    add = to.AddFiles(task=task.id) if can_attach(actor, task) else None
    heading = t("files-of-task", **about)
    return _list(t, actor, heading, page, (here, every, find, add), words, back)


def of_project(
    t: Translator,
    actor: Actor,
    project: ProjectCard,
    page: Page[FileLine],
    here: to.ProjectFiles,
    words: str,
) -> Screen:
    """The same of a project, the files of its tasks included."""
    heading = t("files-of-project", key=project.key, name=clip(project.name, NAME))
    every, find = to.ProjectFiles(project=project.id), to.FindFiles(project=project.id)
    adds = project.writable and actor.may(Permission.TASK_ATTACH)
    add = to.AddFiles(project=project.id) if adds else None
    back = [button(t.plain("button-back-to-project"), to.Project(id=project.id))]
    return _list(t, actor, heading, page, (here, every, find, add), words, back)


_PARTS: Final[dict[type[to.Files], str]] = {
    to.ReturnFiles: "return",
    to.CommentFiles: "comment",
}
"""Lists of a part of a task that is not a submission."""

Places = tuple[
    to.Files | to.ProjectFiles,
    to.Files | to.ProjectFiles,
    to.FindFiles | None,
    to.AddFiles | None,
]
"""This list, that of everything from its beginning, the search in it, and adding to it: what is
part of a submission is neither, since it is evidence, and little."""


def _list(
    t: Translator,
    actor: Actor,
    heading: Markup,
    page: Page[FileLine],
    places: Places,
    words: str,
    back: list[InlineKeyboardButton],
) -> Screen:
    here, every, find, add = places
    parts = [heading, t("files-found", words=words) if words else ""]
    with_ref = isinstance(here, to.ProjectFiles)
    parts.append(Markup("\n").join(_line(t, actor, one, with_ref=with_ref) for one in page.items))
    if not page.items:
        parts.append(t(_empty(words, part=find is None, adds=add is not None)))
    partial = words or here != every.model_copy(update={"at": here.at})
    acts = [
        button(t.plain("button-find-files"), find) if find and (page.items or words) else None,
        button(t.plain("button-add-files"), add) if add else None,
        button(t.plain("button-all-files"), every) if partial else None,
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        *column(button(_label(one), here.file(one.id)) for one in page.items),
        pager(t, page, here),
        *grid((one for one in acts if one), 2),
        back,
    )


def _empty(words: str, *, part: bool, adds: bool) -> str:
    if words:
        return "files-none-found"
    if part:
        return "files-empty-part"
    return "files-empty" if adds else "files-empty-archived"


def _line(t: Translator, actor: Actor, one: FileLine, *, with_ref: bool) -> Markup:
    facts = [
        size(t, one.size),
        clip(one.uploader or "–", NAME),
        moment(t, one.created_at, actor.account.timezone),
        one.ref if with_ref else None,
        t.plain(f"file-of-{_part(one)}", number=one.review) if one.review else None,
    ]
    name = t("file-name", icon=_marks(one).strip(), name=clip_name(one.name, NAME_SHOWN))
    return Markup(" · ").join([name, *(one for one in facts if one)])


def _label(one: FileLine) -> str:
    return clip_name(f"{_marks(one)}{one.name}", BUTTON_LIMIT)


def _part(one: FileLine) -> str:
    """What a file of a review is part of."""
    return "return" if one.of_return else "review"


def _marks(one: FileLine) -> str:
    """The kind, and whether it is for the team only or still on its way."""
    pending = "⏳" if one.state is State.PENDING else ""
    return f"{'🔒' if one.internal else ''}{pending}{ICONS[one.kind]} "


def file(t: Translator, actor: Actor, one: FileCard, here: to.File, *, links: bool) -> Screen:
    """One file: what is known of it, and what the person may do with it.

    `links` says that S3 can be reached from outside, so that a link makes sense.
    """
    line = one.line
    at = moment(t, line.created_at, actor.account.timezone)
    parts = [
        _name(t, one),
        t("file-facts", size=size(t, line.size), type=clip(one.media_type, TYPE_SHOWN)),
        t("file-sent", who=clip(line.uploader or "–", NAME), at=at),
        _place(t, one),
        _comment(t, actor, one),
        t("file-internal") if line.internal else "",
        t("file-pending") if line.state is State.PENDING else "",
        t("file-hash", start=one.sha256[:HASH_SHOWN]) if one.sha256 else "",
    ]
    changes = not (one.archived or one.over_limit) and actor.may(Permission.FILE_CHANGE)
    doing = {
        "get": True,
        "link": links and line.state is State.STORED,
        "name": changes and one.may_change and not one.decided,
        "show" if line.internal else "hide": changes and one.may_hide and not line.review,
        "delete": changes and one.may_delete,
    }
    acts = [
        button(t.plain(f"button-file-{what}", minutes=LINK_MINUTES), here.doing(what))
        for what, offered in doing.items()
        if offered
    ]
    return screen(
        Markup("\n").join(part for part in parts if part), *grid(acts, 2), _back(t, one, here)
    )


def ask_name(t: Translator, one: FileCard, here: to.File) -> Screen:
    """The question of another name."""
    return _question(t, one, t("ask-file-name", limit=FILE_NAME), here)


def ask_deletion(t: Translator, one: FileCard, here: to.File) -> Screen:
    """Whether a file may really go."""
    asked = t("confirm-file-delete-submitted" if one.line.review else "confirm-file-delete")
    yes = button(t.plain("button-yes"), here.doing("sure"))
    no = button(t.plain("button-no"), here.doing(""))
    return screen(_name(t, one) + "\n\n" + asked, [yes, no])


def ask_words(t: Translator, here: to.Files | to.ProjectFiles) -> Screen:
    """The question what the name has in it."""
    return screen(t("ask-file-words"), [button(t.plain("button-cancel"), here)])


def _question(t: Translator, one: FileCard, asked: Markup, here: to.File) -> Screen:
    cancel = button(t.plain("button-cancel"), here.doing(""))
    return screen(_name(t, one) + "\n\n" + asked, [cancel])


def _name(t: Translator, one: FileCard) -> Markup:
    return t("file-name", icon=ICONS[one.line.kind], name=clip_name(one.line.name, FILE_NAME))


def _place(t: Translator, one: FileCard) -> Markup:
    if one.line.ref is None:
        return t("file-in-project", project=clip(one.project, NAME))
    if one.line.review is None:
        return t("file-in-task", ref=one.line.ref, project=clip(one.project, NAME))
    return t(f"file-in-{_part(one.line)}", ref=one.line.ref, number=one.line.review)


def _comment(t: Translator, actor: Actor, one: FileCard) -> Markup | str:
    if one.comment_by is None or one.comment_at is None:
        return ""
    at = moment(t, one.comment_at, actor.account.timezone)
    return t("file-of-comment", who=clip(one.comment_by, NAME), at=at)


def list_of(one: FileCard, here: to.File) -> to.Files | to.ProjectFiles:
    """The list that a file was come to from, as far as the file is still in it."""
    if here.of == "p" or one.task_id is None:
        return to.ProjectFiles(project=one.project_id, named=here.named, at=here.at)
    if here.of == "c" and one.comment_id is not None:
        return to.CommentFiles(task=one.task_id, review=one.comment_id, at=here.at)
    if one.line.review is None or here.of == "t":
        return to.Files(task=one.task_id, named=here.named, at=here.at)
    kind = to.ReturnFiles if one.line.of_return else to.Files
    return kind(task=one.task_id, review=one.line.review, named=here.named, at=here.at)


def _back(t: Translator, one: FileCard, here: to.File) -> list[InlineKeyboardButton]:
    place = to.Project(id=one.project_id) if one.task_id is None else to.Task(id=one.task_id)
    key = "button-back-to-project" if one.task_id is None else "button-to-task"
    return [button(t.plain("button-back"), list_of(one, here)), button(t.plain(key), place)]


def link(t: Translator, one: FileToSend, address: str) -> Screen:
    """A link to the file, in a message of its own."""
    said = t("file-link", name=clip_name(one.name, FILE_NAME), minutes=LINK_MINUTES)
    opens = InlineKeyboardButton(text=t.plain("button-file-open"), url=address)
    return screen(said, [opens]).as_new()


def sending(
    t: Translator, chat_id: int, one: FileToSend, media: str | InputFile, kind: Kind | None = None
) -> TelegramMethod[Any]:
    """The call that gives a file to somebody, as what it came as or as another `kind`.

    Below it stands where it belongs; a video note has no caption (Bot API: sendVideoNote).
    """
    kind = kind or one.kind
    said = {} if kind is Kind.VIDEO_NOTE else {"caption": _caption(t, one)}
    if one.task_id is not None:
        opens = button(t.plain("button-open-task", ref=one.ref), to.Task(id=one.task_id))
    else:
        opens = button(t.plain("button-open-project"), to.Project(id=one.project_id))
    markup = InlineKeyboardMarkup(inline_keyboard=[[opens]])
    return _METHODS[kind](chat_id=chat_id, reply_markup=markup, **{kind.value: media}, **said)


def _caption(t: Translator, one: FileToSend) -> Markup:
    name = t("file-name", icon=ICONS[one.kind], name=clip_name(one.name, FILE_NAME))
    return name + "\n" + Markup.escape(one.ref or clip(one.project, NAME))
