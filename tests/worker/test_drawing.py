"""The process that draws: it stays for a while, is started anew, and draws nothing twice."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from saas_bot.core.i18n import translator
from saas_bot.drawing import process
from saas_bot.drawing.process import DrawingFailed, Painter, drawn
from saas_bot.screens.invoice_paper import paper
from tests.worker.test_papers import document

PAPER = asdict(paper(translator("en"), document()))


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Painter]:
    """One of this test's own, and nothing is kept yet."""
    painter = Painter()
    monkeypatch.setattr(process, "_painter", painter)
    process.kept.clear()
    yield painter
    painter.close()
    process.kept.clear()


def numbered(number: str) -> dict[str, object]:
    return PAPER | {"number": number}


async def test_one_process_draws_many_and_outlives_what_cannot_be_drawn(painter: Painter) -> None:
    one = await drawn("papers", numbered("A-1"))
    first = painter.pid
    with pytest.raises(DrawingFailed, match="KeyError"):
        await drawn("papers", {"title": "Nothing else"})
    other = await drawn("papers", numbered("A-2"))
    assert painter.pid == first is not None
    assert one != other
    assert one.startswith(b"%PDF")


async def test_the_same_is_not_drawn_twice_not_even_at_one_time(painter: Painter) -> None:
    first, *others = await asyncio.gather(*(drawn("papers", PAPER) for _ in range(5)))
    assert set(others) == {first}
    os.kill(painter.pid or 0, signal.SIGKILL)
    assert await drawn("papers", PAPER) == first
    assert len(process.kept) == 1


async def test_a_process_that_was_killed_is_replaced(painter: Painter) -> None:
    await drawn("papers", numbered("A-1"))
    first = painter.pid
    os.kill(first or 0, signal.SIGKILL)
    await asyncio.to_thread(os.waitid, os.P_PID, first or 0, os.WEXITED | os.WNOWAIT)
    assert (await drawn("papers", numbered("A-2"))).startswith(b"%PDF")
    assert painter.pid not in (None, first)


async def test_one_that_nobody_needs_ends(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "IDLE", 0.2)
    await drawn("papers", PAPER)
    pid = painter.pid or 0
    os.kill(pid, 0)
    async with asyncio.timeout(5):
        while painter.pid is not None:  # noqa: ASYNC110 - it ends in its own time
            await asyncio.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert (await drawn("papers", numbered("A-2"))).startswith(b"%PDF")


async def test_what_somebody_gives_up_is_there_when_they_ask_again(painter: Painter) -> None:
    given_up = asyncio.create_task(drawn("papers", numbered("A-1")))
    while not process.under_way():  # noqa: ASYNC110 - it begins in its own time
        await asyncio.sleep(0)
    given_up.cancel()
    assert (await drawn("papers", numbered("A-2"))).startswith(b"%PDF")
    assert len(process.kept) == 2
    os.kill(painter.pid or 0, signal.SIGKILL)
    assert (await drawn("papers", numbered("A-1"))).startswith(b"%PDF")


async def test_what_is_kept_is_bounded(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "KEPT", 100_000)
    for number in range(4):
        await drawn("papers", numbered(f"A-{number}"))
    assert len(process.kept) == 2
    assert sum(map(len, process.kept.values())) <= 100_000
