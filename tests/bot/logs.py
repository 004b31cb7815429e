"""The log as it is written in production, read back."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from saas_bot.core.logging_setup import setup_logging


class Log:
    """Everything that has been logged."""

    def __init__(self) -> None:
        self._written = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines, in order."""
        return [json.loads(line) for line in self._written.getvalue().splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.lines if line["event"] == event]

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Log into it for a while, as in production, down to DEBUG."""
        root = logging.getLogger()
        handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
        setup_logging(level=logging.DEBUG)
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._written)
        try:
            yield
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            structlog.configure(**configured)
