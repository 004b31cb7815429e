"""Runs the migrations, asynchronously, on the database of the settings."""

import asyncio
import logging
import time

import structlog
from alembic import context
from sqlalchemy import Connection, text

from saas_bot.core.logging_setup import setup_logging
from saas_bot.core.settings import Settings, load_settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.models import metadata

log = structlog.get_logger("migrations")

LOCK_TIMEOUT = "5s"
"""A migration that can't get its lock gives up rather than queue everyone behind it."""

STATEMENT_TIMEOUT = "15min"

ONE_AT_A_TIME = 4_203_117
"""The advisory lock of whoever migrates, so that replicas that start together take turns."""

LOOK_AGAIN = 0.5
"""Seconds until the next look whether the lock is free."""


def take_turn(connection: Connection) -> None:
    """Wait until nobody else migrates this database; the turn ends with the connection.

    Asked again and again: a statement that waited for the lock would hold a snapshot all the while,
    and a migration that builds an index concurrently would wait for that.
    """
    free = text("select pg_try_advisory_lock(:lock)")
    waiting = False
    while not connection.execute(free, {"lock": ONE_AT_A_TIME}).scalar_one():
        connection.rollback()
        if not waiting:
            log.info("migration.waits_its_turn")
            waiting = True
        time.sleep(LOOK_AGAIN)
    connection.rollback()


def run_on(connection: Connection) -> None:
    """Bring the schema on `connection` to the revision asked for, in one transaction a revision."""
    take_turn(connection)
    connection.execute(
        text(
            "select set_config('lock_timeout', :lock, false), "
            "set_config('statement_timeout', :run, false)"
        ),
        {"lock": LOCK_TIMEOUT, "run": STATEMENT_TIMEOUT},
    )
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_with(settings: Settings) -> None:
    """Connect as the settings say and migrate."""
    engine = create_plain_engine(settings)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run_on)
    finally:
        await engine.dispose()


def main() -> None:
    """Migrate; a failure is logged as critical and raised, so that the process exits non-zero."""
    settings = context.config.attributes.get("settings")
    if settings is None:
        settings = load_settings()
        level = logging.DEBUG if settings.debug else logging.INFO
        setup_logging(level=level, dev_mode=settings.env == "local", secrets=settings.secrets())
    try:
        asyncio.run(run_with(settings))
    except Exception as error:
        log.critical("migration.failed", error=str(error), exc_info=True)
        raise


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    main()
