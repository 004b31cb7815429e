"""Which errors say that the database is away, busy or restarting: it may work later."""

from typing import Final

from asyncpg import InterfaceError, PostgresConnectionError  # type: ignore[import-untyped]
from asyncpg.exceptions import (  # type: ignore[import-untyped]
    InsufficientResourcesError,
    OperatorInterventionError,
    TransactionRollbackError,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_AWAY: Final = (
    *(OSError, TimeoutError, PoolTimeoutError, InterfaceError, PostgresConnectionError),
    *(InsufficientResourcesError, OperatorInterventionError, TransactionRollbackError),
)


def is_away(error: Exception) -> bool:
    """Whether it failed for something that passes, and for no fault of our own."""
    if isinstance(error, DBAPIError):
        cause = getattr(error.orig, "__cause__", None)
        return error.connection_invalidated or isinstance(cause, _AWAY)
    return isinstance(error, _AWAY)
