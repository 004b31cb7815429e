"""Comparing the bucket with the rows of files, from end to end, and putting right what differs.

Both come in the order of their keys, a page at a time, so a million of them take no more memory
than a thousand. People go on sending and deleting files meanwhile, so what seems to differ is
looked at again, row and object, before it counts.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Container, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from saas_bot.db.tenancy import Database
from saas_bot.domain.files import State
from saas_bot.services.files import keeping
from saas_bot.services.files import reconciling as service
from saas_bot.services.files.keeping import SETTLED
from saas_bot.services.files.reconciling import Row
from saas_bot.storage import Listed, Storage, StorageError, is_object_key
from saas_bot.worker.differences import Kind, Report
from saas_bot.worker.keeping import UNFINISHED, delete_noted

LOOKED_AT: Final = 100
"""Suspects that are looked at again together."""


class OutOfOrder(Exception):
    """The bucket's listing does not come in the order of keys, so it can't be compared."""


class Reconciliation:
    """One comparison. With `fix` it mends what it finds; without it changes nothing at all.

    What is younger than `settled` may be on its way.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        *,
        fix: bool = False,
        settled: timedelta = SETTLED,
    ) -> None:
        self._database, self._storage, self._fix, self._settled = database, storage, fix, settled
        self._before = datetime.now(UTC) - settled
        self.report = Report()

    async def run(self) -> Report:
        """Compare everything.

        Raises:
            StorageError: S3 can't be used.
            OutOfOrder: it lists objects in an order of its own.
        """
        await self._delete_overdue()
        await self._end_unfinished()
        await self._compare()
        await self._count_usage()
        return self.report

    async def _compare(self) -> None:
        orphans = _Batch(self._look_at_orphans)
        stored = _Batch(self._look_at_stored)
        pending = _Batch(self._look_at_pending)
        async with aclosing(_pairs(self._objects(), self._rows())) as pairs:
            async for one, row in pairs:
                if row is None and one is not None:
                    if one.modified < self._before:
                        await orphans.add(one)
                    else:
                        self.report.young += 1
                elif row is None or row.state is State.FAILED:
                    continue
                elif row.state is State.PENDING:
                    if row.created_at < self._before:
                        await pending.add(row)
                elif one is None or one.size != row.size:
                    await stored.add(row)
        for batch in (orphans, stored, pending):
            await batch.flush()

    async def _objects(self) -> AsyncIterator[Listed]:
        last = ""
        async for one in self._storage.list_objects():
            if one.key <= last:
                raise OutOfOrder(f"{one.key} comes after {last}")
            last = one.key
            if is_object_key(one.key):
                self.report.objects += 1
                yield one
            else:
                self.report.foreign += 1

    async def _rows(self) -> AsyncIterator[Row]:
        last = ""
        while True:
            async with self._database.system_session("reconcile.rows") as session:
                rows = await service.page(session, last)
            for row in rows:
                self.report.files += 1
                self.report.stored += row.state is State.STORED
                yield row
            if len(rows) < service.PAGE:
                return
            last = rows[-1].key

    async def _look_at_orphans(self, objects: Sequence[Listed]) -> None:
        """An object has had a row before it was there, so one without can only be left over."""
        async with self._database.system_session("reconcile.orphans") as session:
            unknown = await service.unknown(session, [one.key for one in objects])
        left = [one for one in objects if one.key in unknown]
        refused = await self._storage.delete(unknown) if self._fix and unknown else {}
        for one in left:
            told = f"{one.key}, {one.size} bytes of {one.modified:%Y-%m-%d %H:%M} UTC"
            deleted = self._fix and one.key not in refused
            self.report.note(Kind.ORPHAN, told, "deleted" if deleted else None)

    async def _look_at_stored(self, rows: Sequence[Row]) -> None:
        """An object goes after its row, so one that is gone before its row is missing."""
        heads = await asyncio.gather(*map(self._head, rows), return_exceptions=True)
        async with self._database.system_session("reconcile.stored") as session:
            now = await service.current(session, [row.key for row in rows])
        for before, head in zip(rows, heads, strict=True):
            if isinstance(head, BaseException):
                raise head
            row = now.get(before.key)
            if row is None or row.state is not State.STORED:
                continue
            if head is None:
                mended = await self._store_again(row, gone=True) if self._fix else None
                self.report.note(Kind.MISSING, _told(row), mended)
            elif head.size != row.size:
                mended = await self._mend_size(row, head) if self._fix else None
                self.report.note(Kind.SIZE, f"{_told(row)}, the object {head.size}", mended)

    async def _look_at_pending(self, rows: Sequence[Row]) -> None:
        async with self._database.system_session("reconcile.pending") as session:
            waiting = await service.waiting(session, [row.key for row in rows])
        for one in waiting:
            mended = None
            if self._fix and not one.has_task:
                queued = await self._change(partial(service.queue_again, one=one))
                mended = "queued again" if queued else None
            task = "its task is queued" if one.has_task else "no task is queued for it"
            self.report.note(Kind.PENDING, f"{one.key}, {task}", mended)

    async def _head(self, row: Row) -> Listed | None:
        try:
            return await self._storage.head(row.key)
        except StorageError as error:
            if error.code != "not_found":
                raise
            return None

    async def _store_again(self, row: Row, *, gone: bool) -> str | None:
        state = await self._change(partial(service.store_again, row=row, gone=gone))
        return _DONE.get(state)

    async def _mend_size(self, row: Row, head: Listed) -> str | None:
        """The row is wrong if the object is what was stored, and otherwise the object is."""
        if row.sha256 is None:
            return None
        if await self._sha256(row.key) != row.sha256:
            return await self._store_again(row, gone=False)
        changed = await self._change(partial(service.correct_size, row=row, size=head.size))
        return "size corrected" if changed else None

    async def _sha256(self, key: str) -> str:
        digest = hashlib.sha256()
        async with aclosing(self._storage.download(key)) as pieces:
            async for piece in pieces:
                digest.update(piece)
        return digest.hexdigest()

    async def _count_usage(self) -> None:
        async with self._database.system_session("reconcile.usage") as session:
            wrong = await service.wrong_usages(session)
        for one in wrong:
            recount = partial(service.recount, company_id=one.company_id)
            if self._fix and not await self._change(recount):
                continue
            told = f"company {one.company_id}: {one.counted} bytes counted, {one.real} in its files"
            self.report.note(Kind.USAGE, told, "counted anew" if self._fix else None)

    async def _end_unfinished(self) -> None:
        async for one in self._storage.list_unfinished(UNFINISHED):
            if self._fix:
                await self._storage.abort(one)
            told = f"{one.key}, begun {one.started:%Y-%m-%d %H:%M} UTC"
            self.report.note(Kind.UNFINISHED, told, "aborted" if self._fix else None)

    async def _delete_overdue(self) -> None:
        last = ""
        while True:
            async with self._database.system_session("reconcile.overdue") as session:
                keys = await keeping.gone(session, last, self._settled)
            if not keys:
                return
            refused: Container[str] = keys
            if self._fix:
                refused = await delete_noted(self._database, self._storage, keys)
            for key in keys:
                self.report.note(Kind.OVERDUE, key, None if key in refused else "deleted")
            last = keys[-1]

    async def _change(self, act: Callable[[Any], Awaitable[Any]]) -> Any:
        async with self._database.system_session("reconcile.mend") as session:
            return await act(session)


_DONE: Final[dict[State | None, str]] = {
    State.PENDING: "queued to be stored again",
    State.FAILED: "noted as lost",
}


class _Batch:
    """Suspects, looked at some at a time."""

    def __init__(self, look: Callable[[Any], Awaitable[None]]) -> None:
        self._look, self._held = look, list[Any]()

    async def add(self, one: Any) -> None:
        self._held.append(one)
        if len(self._held) == LOOKED_AT:
            await self.flush()

    async def flush(self) -> None:
        held, self._held = self._held, []
        if held:
            await self._look(held)


async def _pairs(
    objects: AsyncIterator[Listed], rows: AsyncIterator[Row]
) -> AsyncGenerator[tuple[Listed | None, Row | None], None]:
    """Objects and rows by their keys, each with its counterpart, or None where it has none."""
    one, row = await anext(objects, None), await anext(rows, None)
    while one is not None or row is not None:
        if row is None or (one is not None and one.key < row.key):
            yield one, None
            one = await anext(objects, None)
        elif one is None or row.key < one.key:
            yield None, row
            row = await anext(rows, None)
        else:
            yield one, row
            one, row = await anext(objects, None), await anext(rows, None)


def _told(row: Row) -> str:
    return f"{row.key}, file {row.id} of company {row.company_id}, {row.size} bytes"
