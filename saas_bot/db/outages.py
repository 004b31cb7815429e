"""What an error says of the database: whether it may work later, and a word for people."""

from typing import Final

from asyncpg import InterfaceError, PostgresConnectionError  # type: ignore[import-untyped]
from asyncpg.exceptions import (  # type: ignore[import-untyped]
    InsufficientResourcesError,
    OperatorInterventionError,
    ReadOnlySQLTransactionError,
    TransactionRollbackError,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_AWAY: Final = (
    *(OSError, TimeoutError, PoolTimeoutError, InterfaceError, PostgresConnectionError),
    *(InsufficientResourcesError, OperatorInterventionError, TransactionRollbackError),
    # Another server takes over, and the connections still lead to the one that was.
    ReadOnlySQLTransactionError,
)


def is_away(error: Exception) -> bool:
    """Whether it failed for something that passes, and for no fault of our own."""
    if isinstance(error, DBAPIError):
        cause = getattr(error.orig, "__cause__", None)
        return error.connection_invalidated or _passes(cause)
    return _passes(error)


def _passes(error: object) -> bool:
    # What the driver itself refuses to send, as a number that is too large, is a ValueError too.
    return isinstance(error, _AWAY) and not isinstance(error, ValueError)


# SQLSTATE -> our word; PostgreSQL, Appendix A.
_SQLSTATES: Final = {
    "28P01": "login_refused",
    "28000": "refused",
    "3D000": "no_database",
    "53300": "too_many_connections",
    "57P03": "starting",
}


def database_code(error: Exception) -> str:
    """A short word for how a database failed us."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or getattr(error, "sqlstate", None)
    if state is not None:
        return _SQLSTATES.get(state, "failed")
    return "timeout" if isinstance(cause, TimeoutError) else "unreachable"
