"""People and companies: accounts, companies, users, invites, sign-in, and handled updates."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of
from saas_bot.domain.limits import NAME
from saas_bot.domain.permissions import Role


class AccountRow(Table):
    """One Telegram person, keyed by their Telegram id."""

    __tablename__ = "accounts"

    telegram_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    username: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="en")
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    active_company_id: Mapped[int | None] = mapped_column(
        ForeignKey("companies.id", ondelete="SET NULL")
    )
    blocked_at: Mapped[datetime | None]
    tips_seen: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    events_off: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    digest_hour: Mapped[int | None]
    digest_weekdays: Mapped[bool] = mapped_column(server_default=text("false"))
    digest_at: Mapped[datetime | None]
    """When to look whether the digest is due: its moment, or the one at which its hour changed."""
    digest_told_at: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        one_of("language", ("ru", "en")),
        CheckConstraint(
            "num_nonnulls(quiet_from, quiet_to) in (0, 2) and quiet_from <> quiet_to",
            name="quiet_hours",
        ),
        CheckConstraint("digest_hour between 0 and 23", name="digest_hour"),
        CheckConstraint("(digest_at is null) = (digest_hour is null)", name="digest_at"),
        Index("ix_accounts_active_company_id", "active_company_id"),
        Index("ix_accounts_digest_at", "digest_at", postgresql_where=text("digest_at is not null")),
    )


class Company(Table):
    """The tenant."""

    __tablename__ = "companies"

    id: Mapped[Key]
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        CheckConstraint(f"length(name) between 1 and {NAME}", name="name_length"),
        Index(
            "ix_companies_deleted_at",
            "deleted_at",
            postgresql_where=text("deleted_at is not null"),
        ),
    )


class User(Table):
    """An account's membership in one company."""

    __tablename__ = "users"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    telegram_id: Mapped[int] = mapped_column(ForeignKey("accounts.telegram_id", ondelete="CASCADE"))
    name: Mapped[str]
    username: Mapped[str | None]
    role: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    over_limit: Mapped[bool] = mapped_column(server_default=text("false"))
    """Beyond the seats of the plan: they see what they saw, and change nothing."""
    created_at: Mapped[Created]

    __table_args__ = (
        UniqueConstraint("company_id", "telegram_id"),
        UniqueConstraint("company_id", "id"),
        one_of("role", Role),
        one_of("status", ("active", "deactivated", "left")),
        Index("ix_users_telegram_id", "telegram_id"),
        Index("ix_users_company_id_username", "company_id", func.lower(text("username"))),
    )


class Invite(Table):
    """An invitation; the token itself is never stored, only its SHA-256.

    It is closed once its time has run out, whatever has become of it.
    """

    __tablename__ = "invites"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    project_id: Mapped[int | None]
    author_id: Mapped[int | None]
    multi_use: Mapped[bool] = mapped_column(server_default=text("false"))
    uses: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("project_id", "projects"),
        belongs_to("author_id", "users", ondelete="SET NULL (author_id)"),
        one_of("role", Role),
        Index("ix_invites_company_id_id", "company_id", "id"),
        Index("ix_invites_unclosed", "expires_at", postgresql_where=text("closed_at is null")),
        Index("ix_invites_closed_at", "closed_at"),
    )


class LoginCode(Table):
    """The one-time code by which a person signs in: its `name` finds it, the rest is a SHA-256."""

    __tablename__ = "login_codes"

    telegram_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.telegram_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    name: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[datetime]
    created_at: Mapped[Created]

    __table_args__ = (
        CheckConstraint("tries between 0 and 5", name="tries"),
        Index("ix_login_codes_expires_at", "expires_at"),
    )


class Session(Table):
    """One signed-in device of the admin API, by the SHA-256 of its refresh token's two halves.

    `family` stays the same for as long as it lasts, `refresh_hash` changes with each use. `proof`
    names the Mini App's opening that it was made of.
    """

    __tablename__ = "sessions"

    id: Mapped[Key]
    telegram_id: Mapped[int] = mapped_column(ForeignKey("accounts.telegram_id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[int | None]
    family: Mapped[str] = mapped_column(unique=True)
    refresh_hash: Mapped[str] = mapped_column(unique=True)
    proof: Mapped[str | None] = mapped_column(unique=True)
    device: Mapped[str | None]
    address: Mapped[str | None]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("user_id", "users"),
        CheckConstraint("(company_id is null) = (user_id is null)", name="company"),
        Index("ix_sessions_company_id_user_id", "company_id", "user_id"),
        Index("ix_sessions_telegram_id_id", "telegram_id", "id"),
        Index("ix_sessions_over", func.least(text("expires_at"), text("revoked_at"))),
    )


class ProcessedUpdate(Table):
    """A Telegram update that has had its effect; one that comes again has none."""

    __tablename__ = "processed_updates"

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Created]

    __table_args__ = (Index("ix_processed_updates_at", "at"),)
