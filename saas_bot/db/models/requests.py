"""Requests to the API that may come again."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table


class IdempotencyKey(Table):
    """The key of a request that has made something, and the answer that it got.

    Operators may have no company. A row without an answer belongs to a request that is going on.
    """

    __tablename__ = "idempotency_keys"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    telegram_id: Mapped[int]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str | None]
    created_at: Mapped[Created]

    __table_args__ = (
        UniqueConstraint("company_id", "telegram_id", "key", postgresql_nulls_not_distinct=True),
        CheckConstraint("length(key) between 1 and 255", name="key_length"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )
