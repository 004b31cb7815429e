"""The command line: `python -m saas_bot.sandbox --port 8081`."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from saas_bot.core.light_models import import_aiogram

import_aiogram()

from saas_bot.sandbox.options import Options  # noqa: E402
from saas_bot.sandbox.server import DEFAULT_TOKEN, create_app, run  # noqa: E402


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m saas_bot.sandbox",
        description="A stand-in for Telegram: a Bot API server and a web chat.",
    )
    env = os.environ
    parser.add_argument("--host", default=env.get("SANDBOX_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=env.get("SANDBOX_PORT", "8081"))
    parser.add_argument("--token", default=env.get("BOT_TOKEN") or DEFAULT_TOKEN)
    parser.add_argument("--username", default="saas_sandbox_bot", help="the bot's @username")
    parser.add_argument("--name", default="SaaS Bot", help="the bot's name")
    parser.add_argument("--people", type=Path, help="JSON list of people to add at the start")
    parser.add_argument("--state", type=Path, help="keep chats in this file between runs")
    parser.add_argument(
        "--rate-limits", action="store_true", help="refuse what goes over Telegram's rates"
    )
    parser.add_argument(
        "--no-privacy", action="store_true", help="let the bot hear everything said in groups"
    )
    return parser.parse_args(argv)


def _fail(message: str) -> int:
    sys.stderr.write(f"sandbox: {message}\n")
    return 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the sandbox; returns the exit code: 0 after a signal, 2 when it can't start."""
    arguments = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    host, port = arguments.host, arguments.port

    def ready() -> None:
        sys.stdout.write(f"sandbox: web chat and Bot API at http://{host}:{port}\n")
        sys.stdout.flush()

    async def serve() -> None:
        app = create_app(
            arguments.token,
            username=arguments.username,
            first_name=arguments.name,
            options=Options(arguments.rate_limits, privacy=not arguments.no_privacy),
            state=arguments.state,
            people_file=arguments.people,
        )
        await run(host, port, app, ready)

    try:
        asyncio.run(serve())
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _fail(f"port {port} is taken; set SANDBOX_PORT (or --port) to another one")
        return _fail(str(error))
    except ValueError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
