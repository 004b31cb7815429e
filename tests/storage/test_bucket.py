"""The bucket of the settings: found, missing, made, refused; and what it costs not to use it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from saas_bot.core.settings import Settings
from saas_bot.embedded import free_ports
from saas_bot.storage import Storage, StorageError


@pytest.fixture
async def fresh(elsewhere: Settings) -> AsyncIterator[Storage]:
    """A bucket that nobody has made."""
    storage = Storage(elsewhere)
    yield storage
    await storage.close()


async def test_a_missing_bucket_is_made_once(fresh: Storage) -> None:
    with pytest.raises(StorageError) as missing:
        await fresh.ping()
    assert missing.value.code == "no_bucket"

    await fresh.ensure_bucket()
    await fresh.ping()
    await fresh.ensure_bucket()


async def test_many_at_once_share_the_connections(there: Settings) -> None:
    storage = Storage(there)
    await storage.ensure_bucket()
    await asyncio.gather(*(storage.ping() for _ in range(20)))
    await storage.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"s3_secret_key": SecretStr("an-entirely-wrong-secret")}, "forbidden"),
        ({"s3_access_key": SecretStr("nobody")}, "forbidden"),
        ({"s3_endpoint_url": f"http://127.0.0.1:{free_ports(1)[0]}"}, "unreachable"),
        ({"s3_endpoint_url": "http://no-such-host.invalid:9000"}, "unreachable"),
    ],
)
async def test_what_is_wrong_has_a_word(
    there: Settings, change: dict[str, object], code: str
) -> None:
    storage = Storage(there.model_copy(update=change))
    for asked in (storage.ping, storage.ensure_bucket):
        with pytest.raises(StorageError) as error:
            await asked()
        assert error.value.code == code
    await storage.close()


def test_the_processes_start_without_the_large_client() -> None:
    told = (
        "from saas_bot.core.light_models import import_aiogram; import_aiogram()\n"
        "import sys, saas_bot.main\n"
        "print([name for name in ('aiobotocore', 'botocore.client') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
