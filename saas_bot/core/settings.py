"""Everything configurable, in one frozen object that is passed in, never imported as a global.

Values come from the environment first, then from the files of the chosen `ENV` (see `env_files`).
"""

import os
import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import quote

from pydantic import Field, FilePath, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]

_POSTGRES = ("postgres://", "postgresql://", "postgresql+asyncpg://")
_REDIS = ("redis://", "rediss://", "unix://")


class Env(StrEnum):
    """Where the process runs; each has its own file of settings."""

    LOCAL = "local"
    TEST = "test"
    CI = "ci"
    SMOKE = "smoke"
    PRODUCTION = "production"


class SettingsError(Exception):
    """Wrong or missing settings; the text is one line that names them.

    `problems` has a line for each, by the setting's name in lower case; none where they are wrong
    only together, or `ENV` itself is.
    """

    def __init__(self, text: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.problems = dict(problems or {})


class Settings(BaseSettings):
    """All settings, validated. Names are those of the environment variables."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False)

    env: Env = Env.LOCAL
    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    postgres_user: str = "saasuser"
    postgres_password: SecretStr = SecretStr("saaspass")
    postgres_host: str = "localhost"
    postgres_port: Port = 5432
    postgres_db: str = "saasdb"
    database_url: SecretStr | None = None
    test_database_url: SecretStr | None = None
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 10

    redis_url: SecretStr = SecretStr("redis://localhost:6379/0")

    s3_endpoint_url: str | None = "http://localhost:9000"
    s3_region: str = "us-east-1"
    s3_bucket: str = "saasbot"
    s3_access_key: SecretStr = SecretStr("saasbot")
    s3_secret_key: SecretStr = SecretStr("saasbot-secret")
    s3_public_endpoint_url: str | None = None
    s3_addressing: Literal["path", "virtual"] = "path"
    s3_verify_tls: bool = True
    s3_ca_bundle: FilePath | None = None
    s3_encryption: Literal["none", "AES256", "aws:kms"] = "none"
    s3_kms_key_id: str | None = None

    bot_token: SecretStr
    telegram_api_url: str = "https://api.telegram.org"
    telegram_api_local: bool = False
    telegram_rate: Annotated[int, Field(ge=0, le=1000)] = 30
    telegram_chat_rate: Annotated[int, Field(ge=1, le=30)] = 1
    telegram_chat_burst: Annotated[int, Field(ge=0, le=20)] = 3
    telegram_group_rate: Annotated[int, Field(ge=1, le=1000)] = 20
    updates: Literal["polling", "webhook"] = "polling"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None

    bind_host: str = "0.0.0.0"  # noqa: S104  # nosec B104
    metrics_port: Port = 8080
    worker_metrics_port: Port = 8082
    api_port: Port = 8000
    jwt_secret: SecretStr | None = None
    jwt_secret_previous: SecretStr | None = None
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    api_rate: Annotated[int, Field(ge=0)] = 300
    api_address_rate: Annotated[int, Field(ge=0)] = 1200
    api_sign_in_rate: Annotated[int, Field(ge=0)] = 60
    api_cors_origins: Annotated[tuple[str, ...], NoDecode] = ()

    files_allowed: Annotated[tuple[str, ...], NoDecode] = ()
    files_refused: Annotated[tuple[str, ...], NoDecode] = (
        *(".exe", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".apk"),
        "application/x-msdownload",
        "application/vnd.android.package-archive",
    )

    operator_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    digest_hour: Annotated[int, Field(ge=0, le=23)] | None = 9
    quiet_hours: str = "22:00-08:00"

    tax_rate: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] = Decimal(0)
    billing_seller_name: Annotated[str, Field(max_length=160)] = ""
    billing_seller_address: Annotated[str, Field(max_length=400)] = ""
    billing_seller_tax_id: Annotated[str, Field(max_length=40)] = ""
    billing_bank_details: Annotated[str, Field(max_length=1000)] = ""
    payment_provider_token: SecretStr | None = None

    backup_dir: Path = Path("backups")
    backup_hours: str = "3"
    backup_on_stop: bool = False
    backup_stop_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    backup_timeout_seconds: Annotated[int, Field(ge=1, le=86400)] = 3600
    backup_keep: Annotated[int, Field(ge=1, le=3650)] = 14
    backup_drill: bool = True
    backup_s3: bool = False
    backup_s3_prefix: str = "backups/"
    backup_s3_keep: Annotated[int, Field(ge=1, le=3650)] = 30

    sandbox_host: str = "127.0.0.1"
    sandbox_port: Port = 8081
    data_dir: Path = Path(".data")
    demo_lang: Literal["ru", "en"] = "en"

    @field_validator(
        "database_url",
        "test_database_url",
        "s3_endpoint_url",
        "s3_public_endpoint_url",
        "s3_ca_bundle",
        "s3_kms_key_id",
        "webhook_url",
        "webhook_secret",
        "jwt_secret",
        "jwt_secret_previous",
        "payment_provider_token",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("digest_hour", mode="before")
    @classmethod
    def _off_is_never(cls, value: object) -> object:
        return None if value == "off" else value

    @field_validator("billing_seller_address", "billing_bank_details")
    @classmethod
    def _lines(cls, value: str) -> str:
        # A file of settings has one line for each; `\n` in it begins another one.
        return value.replace("\\n", "\n").strip()

    @field_validator("quiet_hours")
    @classmethod
    def _from_and_to(cls, value: str) -> str:
        clock = r"([01]\d|2[0-3]):[0-5]\d"
        start, _, end = value.partition("-")
        if value != "off" and (start == end or not re.fullmatch(f"{clock}-{clock}", value)):
            raise ValueError("must look like 22:00-08:00, or be off")
        return value

    @field_validator("backup_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        hours = value.replace(",", " ").split()
        if value != "off" and (
            not hours or not all(re.fullmatch(r"\d|1\d|2[0-3]", one) for one in hours)
        ):
            raise ValueError("must be hours as 3 or 3,15, or off")
        return value

    @field_validator("backup_s3_prefix")
    @classmethod
    def _key_of_backups(cls, value: str) -> str:
        # Objects of companies begin with their number.
        if not re.fullmatch(r"([A-Za-z][A-Za-z0-9._-]*/)+", value):
            raise ValueError("must look like backups/")
        return value

    @field_validator("database_url", "test_database_url")
    @classmethod
    def _database_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(_POSTGRES):
            raise ValueError("must look like postgresql://user:password@host/database")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(_REDIS):
            raise ValueError("must look like redis://host:6379/0")
        return value

    @field_validator("s3_endpoint_url", "s3_public_endpoint_url")
    @classmethod
    def _http_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/?#\s]+/?", value):
            raise ValueError("must look like https://s3.example.com")
        return value

    @field_validator("operator_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(int(part) for part in value.replace(",", " ").split())
        return value

    @field_validator("files_allowed", "files_refused", mode="before")
    @classmethod
    def _split_types(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        types = tuple(value.replace(",", " ").lower().split())
        for one in types:
            if not re.fullmatch(r"\.[a-z0-9]+|[a-z0-9.+-]+/[a-z0-9.+*-]+", one):
                raise ValueError(f"{one} is neither a media type as image/* nor an end as .exe")
        return types

    @field_validator("api_cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        origins = tuple(value.replace(",", " ").split())
        for one in origins:
            if not re.fullmatch(r"https?://[^/?#\s*]+", one):
                raise ValueError(f"{one} is no origin as https://app.example.com")
        return origins

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        networks = []
        for one in value.replace(",", " ").split():
            try:
                networks.append(ip_network(one))
            except ValueError:
                raise ValueError(f"{one} is no network as 10.0.0.0/8") from None
        return tuple(networks)

    @field_validator("jwt_secret", "jwt_secret_previous")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        # RFC 7518, 3.2: a key of HS256 has at least as many bits as its hash.
        if value and len(value.get_secret_value().encode()) < 32:
            raise ValueError("must have at least 32 characters; `openssl rand -hex 32` makes them")
        return value

    @field_validator("bot_token")
    @classmethod
    def _token_shape(cls, value: SecretStr) -> SecretStr:
        bot_id, _, secret = value.get_secret_value().partition(":")
        if not bot_id.isdigit() or not secret:
            raise ValueError("must look like 123456:ABC..., as @BotFather gives it")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret_shape(cls, value: SecretStr | None) -> SecretStr | None:
        # Bot API, setWebhook.secret_token
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("must be 1 to 256 characters A-Z, a-z, 0-9, _ and -")
        return value

    @model_validator(mode="after")
    def _webhook_needs(self) -> Self:
        if self.updates == "webhook":
            for name in ("webhook_url", "webhook_secret"):
                if not getattr(self, name):
                    raise ValueError(f"{name.upper()} is needed when UPDATES=webhook")
        return self

    @model_validator(mode="after")
    def _signing_keys_fit_together(self) -> Self:
        if self.env is Env.PRODUCTION and not self.jwt_secret:
            raise ValueError("JWT_SECRET is needed when ENV=production")
        if self.jwt_secret_previous and not self.jwt_secret:
            raise ValueError("JWT_SECRET_PREVIOUS needs a JWT_SECRET that has taken its place")
        return self

    @model_validator(mode="after")
    def _s3_fits_together(self) -> Self:
        # A dot in its name takes the bucket out of the certificate *.s3.example.com.
        if self.s3_addressing == "virtual" and "." in self.s3_bucket:
            raise ValueError("S3_BUCKET must have no dot when S3_ADDRESSING=virtual")
        if self.s3_kms_key_id and self.s3_encryption != "aws:kms":
            raise ValueError("S3_KMS_KEY_ID needs S3_ENCRYPTION=aws:kms")
        return self

    @property
    def dsn(self) -> str:
        """The database address for asyncpg through SQLAlchemy.

        `DATABASE_URL` overrides the parts; in the test environments `TEST_DATABASE_URL` does.
        """
        override = (
            self.test_database_url if self.env in (Env.TEST, Env.CI) else None
        ) or self.database_url
        if override:
            return f"postgresql+asyncpg://{override.get_secret_value().partition('://')[2]}"
        user, password = quote(self.postgres_user, ""), self.postgres_password.get_secret_value()
        place = f"{self.postgres_host}:{self.postgres_port}/{self.postgres_db}"
        return f"postgresql+asyncpg://{user}:{quote(password, '')}@{place}"

    @property
    def quiet_times(self) -> tuple[time, time] | None:
        """When the quiet hours of newcomers begin and end; None where they are off."""
        if self.quiet_hours == "off":
            return None
        start, end = map(time.fromisoformat, self.quiet_hours.split("-"))
        return start, end

    @property
    def backup_cron(self) -> str | None:
        """When backups are made, as crontab has it; None where they are not by the clock."""
        if self.backup_hours == "off":
            return None
        return f"0 {','.join(self.backup_hours.replace(',', ' ').split())} * * *"

    @property
    def bot_id(self) -> int:
        """The bot's Telegram id: the part of its token before the colon."""
        return int(self.bot_token.get_secret_value().partition(":")[0])

    def secrets(self) -> tuple[str, ...]:
        """Every secret value that is set, for the log redactor."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(v.get_secret_value() for v in values if isinstance(v, SecretStr))


def env_files(env: Env) -> tuple[str, ...]:
    """The files read for `env`, the later ones winning: `.env`, then `.env.<env>`.

    Only local development reads `.env` too: tests and production stand on their own file.
    """
    return (".env", ".env.local") if env is Env.LOCAL else (f".env.{env}",)


def load_settings(**overrides: object) -> Settings:
    """Read the settings of this process.

    Raises:
        SettingsError: a value is wrong or missing; the text is one line naming the variable.
    """
    name = os.environ.get("ENV", Env.LOCAL)
    try:
        env = Env(name)
    except ValueError:
        raise SettingsError(f"ENV={name}: must be one of {', '.join(Env)}") from None
    try:
        return Settings(_env_file=env_files(env), env=env, **overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = _problems(error)
        named = {} if "" in problems else problems
        raise SettingsError("; ".join(problems.values()), named) from None


# pydantic's kinds of error, as `.env` would have them said; the names in braces are its context.
_REASONS: Final = {
    "missing": "is not set",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be 1 or 0",
    "decimal_parsing": "must be a number",
    "decimal_max_places": "must have at most {decimal_places} decimals",
    "string_too_long": "must have at most {max_length} characters",
    "enum": "must be one of {expected}",
    "path_not_file": "is no file",
    "literal_error": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
}


def _problems(error: ValidationError) -> dict[str, str]:
    lines = {}
    for part in error.errors(include_url=False, include_input=False):
        name = str(part["loc"][0]).lower() if part["loc"] else ""
        reason = _REASONS.get(part["type"], part["msg"]).format(**part.get("ctx", {}))
        line = f"{name.upper()}: {reason.removeprefix('Value error, ')}"
        lines[name] = line.removeprefix(": ")
    return lines
