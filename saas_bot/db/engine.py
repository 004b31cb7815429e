"""The async engine."""

from typing import Any

from sqlalchemy import NullPool, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from saas_bot.core.settings import Settings

CONNECT_TIMEOUT = 5.0
"""Seconds to wait for a connection, from the pool or from the server."""

COMMAND_TIMEOUT = 10.0
"""Seconds after which one statement is given up: longer, nobody waits for an answer in a chat."""


def create_engine(settings: Settings) -> AsyncEngine:
    """A pooled engine for the database of `settings`; `DEBUG` echoes its statements."""
    engine = create_async_engine(
        settings.dsn,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT,
        pool_recycle=1800,
        connect_args=_connect_args(command_timeout=COMMAND_TIMEOUT),
        **_echo(settings),
    )
    event.listen(engine.sync_engine.pool, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, *_: Any) -> None:
    """Have the pool replace what the server has closed meanwhile, as when it was restarted."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def create_plain_engine(settings: Settings) -> AsyncEngine:
    """An engine without a pool or a statement timeout, for migrations and one-off commands."""
    return create_async_engine(
        settings.dsn, poolclass=NullPool, connect_args=_connect_args(), **_echo(settings)
    )


def create_conninfo(settings: Settings) -> str:
    """The address of the same database for libpq, as psycopg takes it."""
    url = make_url(settings.dsn).set(drivername="postgresql")
    tls = url.query.get("ssl")
    if tls is not None:  # asyncpg's name for it
        mode = "require" if tls == "true" else str(tls)
        url = url.difference_update_query(["ssl"]).update_query_dict({"sslmode": mode})
    return url.render_as_string(hide_password=False)


def _connect_args(**more: Any) -> dict[str, Any]:
    server_settings = {"application_name": "saas_bot", "jit": "off"}
    return {"timeout": CONNECT_TIMEOUT, "server_settings": server_settings, **more}


def _echo(settings: Settings) -> dict[str, Any]:
    return {"echo": settings.debug, "hide_parameters": not settings.debug}
