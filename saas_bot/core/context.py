"""The five facts that every log line and audit row carries about what caused it.

They are context variables, so each update, HTTP request or job sees its own values, however many
are handled at once, and the tasks it starts inherit them.
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
    """Give the enclosed work a fresh `request_id` and these facts; afterwards all are as before."""
    fresh = str(uuid4())
    request_token, name_token = request_id.set(fresh), username.set(name)
    user_token, chat_token = user_id.set(user), chat_id.set(chat)
    company_token = company_id.set(company)
    try:
        yield fresh
    finally:
        company_id.reset(company_token)
        chat_id.reset(chat_token)
        user_id.reset(user_token)
        username.reset(name_token)
        request_id.reset(request_token)
