"""Applications on a free port, over the connections of the running process."""

from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.web import BaseRunner

from saas_bot.web.connections import Runner


class RealServer(TestServer):
    """aiohttp's server of tests with our own connections."""

    async def _make_runner(self, **options: Any) -> BaseRunner:
        return Runner(self.app, **options)
