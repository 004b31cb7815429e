"""Full-text search over titles, descriptions and comments, in Russian and English.

PostgreSQL's configuration `russian` stems Cyrillic words as Russian and Latin ones as English. What
matches is found by the function `search_tasks` of the database (docs/decisions/0012); whatever is
shown is then read with the rights of the company, and for the rows of one page only.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    Text,
    any_,
    bindparam,
    case,
    column,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid
from saas_bot.db.direct import Built
from saas_bot.db.models import Comment, Project, Task
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, may, reach
from saas_bot.domain.task_flow import Status
from saas_bot.services.projects import attached_to

PAGE = 6
LONGEST = 100
"""Characters of what is searched for."""

_BEGIN, _END = "\x01", "\x02"  # no text has them: `domain.limits` takes them out
_MARKED = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")

_CONFIG: ColumnElement[str] = literal_column("'russian'::regconfig")
_WANTED = func.websearch_to_tsquery(_CONFIG, bindparam("words", type_=Text()))
_OR = re.compile(r"\bили\b", re.IGNORECASE)
_MARKS = f'StartSel="{_BEGIN}", StopSel="{_END}"'
_IN_FULL: ColumnElement[str] = literal_column(f"'{_MARKS}, HighlightAll=true'")
_IN_PART: ColumnElement[str] = literal_column(
    f"'{_MARKS}, MaxFragments=1, MaxWords=18, MinWords=8, ShortWord=0'"
)
SHORT = 150
"""Characters of a text that is shown in full."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text in pieces, each with whether it is what was searched for."""

    pieces: tuple[tuple[str, bool], ...]

    @classmethod
    def read(cls, headline: str | None) -> "Passage | None":
        """What `ts_headline` gave; None where nothing in it was searched for."""
        parts = _MARKED.split(headline or "")
        pieces = ((part, bool(place % 2)) for place, part in enumerate(parts) if part)
        return cls(tuple(pieces)) if len(parts) > 1 else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A task that was found, with the passages where."""

    id: int
    ref: str
    title: str
    status: Status
    archived: bool
    in_title: Passage | None
    in_description: Passage | None
    in_comment: Passage | None
    internal: bool
    """Whether that comment is an internal one."""


# Worked out once for all rows; as a constant, the planner would hold it against what it knows of
# the words of all companies, which takes it longer than the query.
_ONCE = select(_WANTED.label("query")).cte("wanted")
_WANTED_HERE = select(_ONCE.c.query).scalar_subquery()


def _headline(text: SQLColumnExpression[str]) -> ColumnElement[str]:
    options = case((func.length(text) <= literal_column(str(SHORT)), _IN_FULL), else_=_IN_PART)
    return func.ts_headline(_CONFIG, text, _WANTED_HERE, options)


@dataclass(frozen=True, slots=True)
class _Found:
    """A task that matches, and how well."""

    id: int
    rank: int


@cache
def _listing(everywhere: bool, internal: bool) -> Listing[_Found]:
    found = func.search_tasks(_WANTED, true() if internal else false()).table_valued(
        column("task_id", BigInteger()),
        column("project_id", BigInteger()),
        column("rank", BigInteger()),
        name="found",
    )
    query = select(found.c.task_id.label("id"), found.c.rank).where(_MEANS_SOMETHING)
    if not everywhere:
        query = query.where(found.c.project_id.in_(attached_to(ME)))
    return Listing(
        query,
        keys=[found.c.rank, found.c.task_id],
        descending=True,
        ranked=True,
        size=PAGE,
        make=lambda row: _Found(row.id, row.rank),
        edge=lambda one: Cursor(one.id, rank=one.rank),
    )


@cache
def _details(internal: bool) -> Built:
    """What is shown of the tasks of one page."""
    said = (
        select(Comment.body, Comment.internal)
        .where(Comment.task_id == Task.id, Comment.__table__.c.search.op("@@")(_WANTED_HERE))
        .order_by(Comment.id.desc())
        .limit(literal_column("1"))
        .correlate(Task)
    )
    comment = (said if internal else said.where(Comment.internal.is_(False))).lateral("comment")
    return Built(
        select(
            Task.id,
            Project.key,
            Task.number,
            Task.title,
            Task.status,
            (Project.status == literal_column("'archived'")).label("archived"),
            func.ts_headline(_CONFIG, Task.title, _WANTED_HERE, _IN_FULL).label("in_title"),
            _headline(Task.description).label("in_description"),
            _headline(comment.c.body).label("in_comment"),
            comment.c.internal,
        )
        .select_from(Task)
        .join(Project, Project.id == Task.project_id)
        .outerjoin(comment, true())
        .where(Task.id == any_(bindparam("ids", type_=ARRAY(BigInteger()))))
    )


# Stop words leave nothing to look for, and "-pump" alone nothing to begin with.
_MEANS_SOMETHING = func.querytree(_WANTED).not_in([literal_column("''"), literal_column("'T'")])
_MEANT = Built(select(_MEANS_SOMETHING.label("something")))


def _hit(row: Any) -> Hit:
    return Hit(
        id=row.id,
        ref=f"{row.key}-{row.number}",
        title=row.title,
        status=Status(row.status),
        archived=row.archived,
        in_title=Passage.read(row.in_title),
        in_description=Passage.read(row.in_description),
        in_comment=Passage.read(row.in_comment),
        internal=bool(row.internal),
    )


def tidy(words: str) -> str:
    """Words to search for, as they are kept and shown.

    Raises:
        Invalid: there is nothing to be read in them, or they are too long.
    """
    if len(words) > LONGEST:
        raise Invalid("search-too-long", field="words", limit=LONGEST, length=len(words))
    return limits.line(words, LONGEST, "words")


async def page(
    session: AsyncSession,
    actor: Actor,
    words: str,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Hit]:
    """The tasks within the actor's reach in which all the words are found, the best match first.

    A title counts most, then a description, then a comment; comments for the team only are not
    searched for clients. `"..."` are words in a row, `or` (`или`) and `-` mean what they do
    elsewhere. Archived projects and closed tasks are searched too.

    Raises:
        Forbidden: the role sees no tasks.
        Invalid: there is nothing to search for in the words.
    """
    actor.need(Permission.TASK_SEE)
    everywhere = reach(actor.role, Permission.TASK_SEE) is Reach.ALL
    internal = may(actor.role, Permission.INTERNAL_SEE)
    words = _OR.sub("or", words)
    listing = _listing(everywhere, internal)
    found = await listing.page(session, cursor, size=size, words=words, me=actor.user_id)
    if found.items:
        ids = [one.id for one in found.items]
        rows = {row.id: row for row in await _details(internal).all(session, words=words, ids=ids)}
        return Page([_hit(rows[one]) for one in ids], found.previous, found.next)
    if cursor is None:
        meant = await _MEANT.one_or_none(session, words=words)
        if not meant or not meant.something:
            raise Invalid("search-nothing", field="words")
    return Page([])
