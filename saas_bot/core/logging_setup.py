"""structlog for our own lines and the libraries': JSON in production, colour in development."""

import logging
import re
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from saas_bot.core import context

# A Bot API token is `<bot id>:<35 characters>`; the sandbox's dummy tokens are shorter.
# No word boundary before it: in addresses it follows `/bot` at once.
_TOKEN = re.compile(r"(?<!\d)(\d{3,12}):([A-Za-z0-9_-]{5,})")
# Our access tokens (RFC 7519) and refresh tokens.
_SIGNED_IN = re.compile(r"(eyJ|sbr_)[A-Za-z0-9_-]{10,}[A-Za-z0-9_.-]*")
_CREDENTIALS = re.compile(r"(\w+://[^:/@\s]*):[^@/\s]+@")

# aiogram tells of each update outside of its context; `update.handled` says it within.
_NOISY = dict.fromkeys(
    ("aiobotocore", "botocore", "asyncio", "aiogram.event", "aiogram.middlewares"), logging.WARNING
)


def add_context(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the five context variables on the line; a value given by the call itself stays."""
    for variable in context.VARIABLES:
        event.setdefault(variable.name, variable.get())
    return event


def drop_unset(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Leave out context that is not set: on a person's screen it is only noise."""
    for variable in context.VARIABLES:
        if event.get(variable.name) is None:
            event.pop(variable.name, None)
    return event


def masked_token(token: str) -> str:
    """How a secret token appears in logs: its first characters and dots."""
    return f"{token.partition(':')[2][:5] or token[:5]}..."


class Redactor:
    """Removes secrets from every string of a line: the known ones, and what looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True)

    def text(self, value: str) -> str:
        """`value` with every secret replaced by dots."""
        for secret in self._secrets:
            if secret in value:
                value = value.replace(secret, "...")
        if ":" in value:
            value = _TOKEN.sub(lambda m: f"{m[1]}:...", value)
            value = _CREDENTIALS.sub(r"\1:...@", value)
        if "eyJ" in value or "sbr_" in value:
            value = _SIGNED_IN.sub(r"\1...", value)
        return value

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if value is not None and not isinstance(value, bool | int | float):
                # Whatever it is, it is written as text, which may tell a secret.
                event[key] = self.text(str(value))
        return event


def setup_logging(
    *, level: int = logging.INFO, dev_mode: bool = False, secrets: Iterable[str] = ()
) -> None:
    """Send every log line of the process, ours and the libraries', through one pipeline to stdout.

    `secrets` are values that must never appear; they are replaced wherever they turn up.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_context,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    # Tracebacks become text before the redactor, so that they are redacted like all the rest.
    final: list[Processor] = [
        structlog.processors.format_exc_info,
        Redactor(secrets),
        *(
            [drop_unset, console]
            if dev_mode
            else [structlog.processors.JSONRenderer(ensure_ascii=False)]
        ),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, floor in _NOISY.items():
        logging.getLogger(name).setLevel(max(level, floor))
