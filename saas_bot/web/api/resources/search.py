"""Looking for tasks by words."""

from typing import Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Status
from saas_bot.services import search
from saas_bot.services.search import Hit, Passage
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, PageOf, PageQuery, Text
from saas_bot.web.api.routes import Route


class Piece(Answer):
    """A piece of a text."""

    text: str
    found: bool = Field(description="Whether it is what was searched for")


class Found(Answer):
    """A task that was found; null is where nothing was searched for."""

    id: int
    ref: str = Field(examples=["WEB-42"])
    title: str
    status: Status
    archived: bool = Field(description="Its project is")
    in_title: list[Piece] | None
    in_description: list[Piece] | None
    in_comment: list[Piece] | None
    internal: bool = Field(description="That comment is for the team only")

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """The task of a hit."""
        return cls(
            id=hit.id,
            ref=hit.ref,
            title=hit.title,
            status=hit.status,
            archived=hit.archived,
            in_title=_pieces(hit.in_title),
            in_description=_pieces(hit.in_description),
            in_comment=_pieces(hit.in_comment),
            internal=hit.internal,
        )


def _pieces(passage: Passage | None) -> list[Piece] | None:
    if passage is None:
        return None
    return [Piece(text=text, found=found) for text, found in passage.pieces]


class SearchQuery(PageQuery):
    """What to look for."""

    words: Text = Field(
        description='Up to 100 characters; `"…"` are words in a row, `or` and `-` mean what they do'
        " elsewhere",
        examples=["pump"],
    )


async def page(call: Call, query: SearchQuery) -> PageOf[Found]:
    """Tasks within your reach in which all the words are found, the best match first."""
    words = search.tidy(query.words)
    found = await search.page(call.session, call.actor, words, query.place, size=query.limit)
    return PageOf[Found].of(found, Found.of)


ROUTES: Final = (
    Route(
        "GET",
        "/search",
        Permission.TASK_SEE,
        page,
        "Search tasks",
        problems={422: ("search-too-long", "text-empty", "search-nothing")},
    ),
)
