"""An object on its way out of the bucket."""

from collections.abc import AsyncGenerator
from typing import Any, Final

from saas_bot.storage.client import Client
from saas_bot.storage.errors import FAILURES

PIECE: Final = 256 * 1024


async def pieces(client: Client, key: str) -> AsyncGenerator[bytes, None]:
    """All its bytes, over as many connections as `Patience.attempts`.

    A later connection asks for the rest of the very same object, by its tag.
    """
    rest: dict[str, Any] = {}
    done = breaks = 0
    while True:
        answer = await client.call("get_object", Key=key, **rest)
        try:
            async with answer["Body"] as body:
                async for piece in body.iter_chunks(PIECE):
                    yield piece
                    done += len(piece)
            return
        except FAILURES as error:
            breaks += 1
            if breaks == client.patience.attempts:
                raise client.failed(error) from error
            rest = _from(done, answer)


def _from(start: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The options that ask for what comes after so many bytes (RFC 9110, 14.2)."""
    return {"Range": f"bytes={start}-", "IfMatch": answer["ETag"]}
