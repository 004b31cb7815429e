"""Walking through a list as people do: to the end, and back to the beginning."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from saas_bot.db.paging import Cursor, Page

T = TypeVar("T")

ENDLESS = 50
"""Pages that no list of the tests has."""


async def there_and_back(page: Callable[[Cursor | None], Awaitable[Page[T]]]) -> list[T]:
    """Every item of the list, having seen the same pages on the way back."""
    here = await page(None)
    assert here.previous == ""
    forwards = [list(here.items)]
    while here.next:
        assert len(forwards) < ENDLESS, "the list has no end"
        here = await page(Cursor.parse(here.next))
        assert here.items, "a page that was announced is empty"
        assert here.previous
        forwards.append(list(here.items))
    backwards = [list(here.items)]
    while here.previous:
        here = await page(Cursor.parse(here.previous))
        backwards.append(list(here.items))
        assert len(backwards) <= len(forwards), "the way back is longer than the way there"
    assert [one for items in reversed(backwards) for one in items] == [
        one for items in forwards for one in items
    ]
    return [one for items in forwards for one in items]
