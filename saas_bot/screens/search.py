"""Screens of the search."""

from zlib import crc32

from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import STATUS_ICONS
from saas_bot.screens.people import back_to_menu, prompt
from saas_bot.screens.screen import Row, Screen, button, clip, column, pager, screen
from saas_bot.services.search import Hit, Passage

RECENT_OFFERED = 4
_EITHER = {"or", "или"}
PASSAGE_SHOWN = 160
"""Characters of a passage at most, however long its words are."""


def code_of(words: str) -> int:
    """A number for what was searched for, which may itself be too long for a button."""
    return crc32(words.encode())


def ask(t: Translator, recent: list[str]) -> Screen:
    """What to look for; what was searched for of late is one tap away."""
    again = [button(f"🔎 {one}", to.Found(search=code_of(one))) for one in recent[:RECENT_OFFERED]]
    return prompt(t, "ask-search", *column(again))


def results(t: Translator, words: str, page: Page[Hit], here: to.Found) -> Screen:
    """What was found, with the passages where, and a button for each task."""
    found = [_hit(t, one) for one in page.items]
    heading = t("search-found" if found else _nothing(words), words=words)
    tasks = [
        button(
            f"{STATUS_ICONS[one.status]} {one.ref} {clip(one.title, 44)}",
            here.task(one.id),
        )
        for one in page.items
    ]
    tagged = words.startswith("#")
    by_tag = button(t.plain("button-filter"), to.Filter(view=View.OPEN, what="tag"))
    return screen(
        Markup("\n\n").join([heading, *found, *([t("search-tags")] if tagged else [])]),
        *column(tasks),
        pager(t, page, here),
        *([[by_tag]] if tagged else []),
        *_onward(t),
    )


def _nothing(words: str) -> str:
    """Fewer words help only where all of several were looked for."""
    said = words.lower().split()
    return "search-empty-one" if len(said) == 1 or _EITHER.intersection(said) else "search-empty"


def _onward(t: Translator) -> tuple[Row, ...]:
    again = button(t.plain("button-search-again"), to.Open(what="search"))
    return [again], back_to_menu(t)


def _hit(t: Translator, one: Hit) -> Markup:
    title = _marked(one.in_title, len(one.title)) if one.in_title else escape(one.title)
    archived = "🗄 " if one.archived else ""
    lines = [
        t("search-title", icon=STATUS_ICONS[one.status], ref=f"{archived}{one.ref}", title=title)
    ]
    if one.in_description:
        lines.append(t("search-text", text=_marked(one.in_description, PASSAGE_SHOWN)))
    if one.in_comment:
        key = "search-comment-internal" if one.internal else "search-comment"
        lines.append(t(key, text=_marked(one.in_comment, PASSAGE_SHOWN)))
    return Markup("\n").join(lines)


def _marked(passage: Passage, limit: int) -> Markup:
    """A passage on one line, what was searched for in bold."""
    shown, left = Markup(""), limit
    for text, is_match in passage.pieces:
        piece = clip(" ".join(f".{text}.".split())[1:-1], left)
        shown += Markup("<b>{}</b>").format(piece) if is_match else escape(piece)
        left -= len(piece)
        if left <= 0:
            break
    return shown
