"""The five facts that every log line and audit row carries about what caused it.

They are context variables, so each update, HTTP request or job sees its own values, however many are
handled at once, and the tasks it starts inherit them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)
chat_id: ContextVar[int | None] = ContextVar("chat_id", default=None)
username: ContextVar[str | None] = ContextVar("username", default=None)
company_id: ContextVar[int | None] = ContextVar("company_id", default=None)

VARIABLES: tuple[ContextVar[str | None] | ContextVar[int | None], ...] = (
    request_id,
    user_id,
    username,
    chat_id,
    company_id,
)


@contextmanager
def bound(
    *,
    user: int | None = None,
    name: str | None = None,
    chat: int | None = None,
    company: int | None = None,
) -> Iterator[str]:
    """Give the enclosed work a fresh `request_id` and these facts; on leaving, all five are as before."""
    fresh = str(uuid4())
    tokens = (
        request_id.set(fresh),
        user_id.set(user),
        username.set(name),
        chat_id.set(chat),
        company_id.set(company),
    )
    try:
        yield fresh
    finally:
        for variable, token in zip(
            (request_id, user_id, username, chat_id, company_id), tokens, strict=True
        ):
            variable.reset(token)  # type: ignore[arg-type]
