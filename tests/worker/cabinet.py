"""Files of one company with their objects, put into any state a test wants to start from."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.db.models import File, Upload
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import State
from saas_bot.storage import Storage, StorageError, object_key
from tests import factories
from tests.factories import Team

HOUR = timedelta(hours=1)
DATA = b"What was agreed"


@dataclass(frozen=True, slots=True)
class Cabinet:
    """The files of one project."""

    database: Database
    storage: Storage
    team: Team
    project_id: int

    def key(self) -> str:
        """A key that nothing is stored under."""
        return object_key(self.team.id, self.project_id)

    async def put(self, key: str, data: bytes = DATA) -> str:
        """An object under a key; gives the key."""

        async def pieces() -> AsyncIterator[bytes]:
            yield data

        await self.storage.upload(key, pieces(), size_limit=len(data))
        return key

    async def file(
        self,
        data: bytes = DATA,
        *,
        state: State = State.STORED,
        age: timedelta = timedelta(0),
        object_too: bool = True,
        sent_by: Actor | None = None,
        **values: Any,
    ) -> File:
        """A file with its upload and its object."""
        sender, at = sent_by or self.team.worker, now() - age
        place = {"company_id": self.team.id, "project_id": self.project_id}
        async with self.database.system_session("test") as session:
            upload = Upload(**place, user_id=sender.user_id, created_at=at)
            session.add(upload)
            await session.flush()
            known = {
                "upload_id": upload.id,
                "uploader_id": sender.user_id,
                "uploader_name": sender.account.name,
                "object_key": self.key(),
                "name": "agreed.txt",
                "size": len(data),
                "media_type": "text/plain",
                "sha256": sha256(data).hexdigest() if state is State.STORED else None,
                "telegram_file_id": "from-telegram",
                "status": state,
                "created_at": at,
                "stored_at": at if state is State.STORED else None,
            }
            file = File(**place, **known | values)
            session.add(file)
        if object_too:
            await self.put(file.object_key, data)
        return file

    async def row(self, file: File) -> File | None:
        """The file as it is now."""
        async with self.database.system_session("test") as session:
            return await session.get(File, file.id)

    async def run(self, statement: str, **values: Any) -> None:
        """Change something."""
        async with self.database.system_session("test") as session:
            await session.execute(text(statement), values)

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """What a query gives: of one column its values, else tuples."""
        async with self.database.system_session("test") as session:
            found = [tuple(row) for row in await session.execute(text(query), values)]
        return [row[0] for row in found] if found and len(found[0]) == 1 else list(found)

    async def delete(self, *files: File) -> None:
        """The rows go, as when people delete files."""
        ids = [file.id for file in files]
        await self.run("delete from files where id = any(:ids)", ids=ids)

    async def gone(self) -> Sequence[str]:
        """Keys of objects that are to be deleted."""
        return await self.rows("select object_key from gone_objects order by object_key")

    async def objects(self) -> list[str]:
        """The keys in the bucket."""
        return [one.key async for one in self.storage.list_objects()]

    async def has(self, key: str) -> bool:
        """Whether the object is there."""
        try:
            await self.storage.head(key)
        except StorageError as error:
            assert error.code == "not_found"
            return False
        return True

    async def tasks(self) -> list[Any]:
        """The uploads that are queued."""
        jobs = "procrastinate.procrastinate_jobs where task_name = 'upload'"
        return await self.rows(f"select (args->>'subject')::bigint from {jobs} order by id")

    async def counted(self) -> int:
        """The bytes that are counted for the company."""
        usage = "select bytes from storage_usage where company_id = :company"
        return sum(await self.rows(usage, company=self.team.id))


async def cabinet(database: Database, storage: Storage) -> Cabinet:
    """An empty one, of a company with one project."""
    team = await factories.company(database)
    project = await factories.project(database, team.id, team.worker, team.client)
    return Cabinet(database, storage, team, project)
