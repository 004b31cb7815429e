"""Runs the migrations, asynchronously, on the database of the settings."""

import asyncio
import logging

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


def run_on(connection: Connection) -> None:
    """Bring the schema on `connection` to the revision asked for, in one transaction a revision."""
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
