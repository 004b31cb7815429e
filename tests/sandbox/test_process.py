"""The process: snapshots, signals, a port that is taken."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from saas_bot.sandbox.__main__ import main
from saas_bot.sandbox.client import Sandbox
from tests.sandbox.conftest import bot_for, drain, serving


async def test_snapshots(tmp_path: Path, bot_session: AiohttpSession) -> None:
    state = tmp_path / "inner" / "state.json"
    async with serving(state=state) as before, Sandbox(before.url) as sandbox:
        bot = bot_for(before, bot_session)
        anna = await sandbox.person("Anna", username="anna", note="admin")
        await anna.starts("x")
        await anna.sends_file("a.txt", b"kept")
        updates = await drain(bot)
        await bot.set_my_name("Kept")
        await bot.send_message(anna.id, "kept too")
        await anna.sends("unconfirmed")
        await sandbox.request("POST", "/api/snapshot")
    async with serving(state=state) as after, Sandbox(after.url) as sandbox:
        bot = bot_for(after, bot_session)
        anna = await sandbox.existing("anna")
        texts = [message.text for message in await anna.messages()]
        assert texts == ["/start x", "", "kept too", "unconfirmed"]
        (update,) = await bot.get_updates()
        assert update.update_id > updates[-1].update_id
        file = await bot.get_file(updates[-1].message.document.file_id)
        assert file.file_path is not None
        content = await bot.download_file(file.file_path)
        assert content is not None
        assert content.read() == b"kept"
        assert (await bot.get_me()).first_name == "Kept"
        await bot.send_message(anna.id, "goes on")
    state.write_text('{"format": 99}')
    with pytest.raises(ValueError, match="unknown format 99"):
        async with serving(state=state):
            pass


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "saas_bot.sandbox",
        *arguments,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
async def test_the_process(
    signum: signal.Signals,
    tmp_path: Path,
    unused_tcp_port: int,
    http: aiohttp.ClientSession,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = tmp_path / "state.json"
    process = await _start("--port", str(unused_tcp_port), "--state", str(state))
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    url = f"http://127.0.0.1:{unused_tcp_port}"
    assert url in line
    stream = await http.get(f"{url}/api/events?after=0")
    poll = asyncio.create_task(http.get(f"{url}/bot42:SANDBOX-TOKEN/getUpdates?timeout=50"))
    async with http.get(f"{url}/api/health?wait=10") as response:
        assert (await response.json())["pollers"] == 1
    assert await asyncio.to_thread(main, ["--port", str(unused_tcp_port)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"sandbox: port {unused_tcp_port} is taken; set SANDBOX_PORT (or --port) to another one"
    ]
    process.send_signal(signum)
    _, told = await process.communicate()
    assert (process.returncode, told.decode()) == (0, "")
    assert state.exists()
    stream.close()
    (await poll).close()
