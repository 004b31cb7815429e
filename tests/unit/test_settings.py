"""Settings: where values come from, what is refused, what is never shown."""

from datetime import time

import pytest
from pydantic import ValidationError

from saas_bot.core.settings import Env, Settings, SettingsError, env_files, load_settings
from saas_bot.services.billing.details import Seller

TOKEN = "123456:AAAA-secret-token"
SECRET = "x" * 32
TOO_SHORT = "must have at least 32 characters; `openssl rand -hex 32` makes them"


@pytest.fixture(autouse=True)
def fresh_directory(tmp_path, monkeypatch):
    """An empty working directory, with BOT_TOKEN as the only setting in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    return tmp_path


def refusal(**environment: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        with pytest.raises(SettingsError) as refused:
            load_settings()
    return str(refused.value)


def test_the_defaults_are_those_of_the_specification():
    settings = load_settings()
    assert (settings.env, settings.metrics_port, settings.api_port) == (Env.LOCAL, 8080, 8000)
    assert (settings.updates, settings.debug, settings.operator_ids) == (
        "polling",
        False,
        frozenset(),
    )


def test_an_argument_beats_the_environment_and_the_environment_beats_the_files(
    fresh_directory, monkeypatch
):
    (fresh_directory / ".env").write_text("API_PORT=1001\nMETRICS_PORT=1001\nSANDBOX_PORT=1001\n")
    (fresh_directory / ".env.local").write_text("API_PORT=1002\nMETRICS_PORT=1002\n")
    monkeypatch.setenv("API_PORT", "1003")
    settings = load_settings()
    assert (settings.api_port, settings.metrics_port, settings.sandbox_port) == (1003, 1002, 1001)
    assert load_settings(api_port=1004).api_port == 1004


@pytest.mark.parametrize("env", ["test", "ci", "smoke", "production"])
def test_only_local_development_reads_the_plain_env_file_too(env, fresh_directory, monkeypatch):
    (fresh_directory / ".env").write_text("POSTGRES_DB=from_env\nPOSTGRES_HOST=from_env\n")
    (fresh_directory / f".env.{env}").write_text("POSTGRES_DB=own_file\n")
    monkeypatch.setenv("ENV", env)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    settings = load_settings()
    assert settings.env == env
    assert (settings.postgres_db, settings.postgres_host) == ("own_file", "localhost")
    assert env_files(Env(env)) == (f".env.{env}",)


def test_variables_that_are_not_ours_are_left_alone(monkeypatch):
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    assert load_settings().bot_id == 123456


def test_quiet_hours_of_newcomers_are_read_or_off(monkeypatch):
    assert load_settings().quiet_times == (time(22), time(8))
    monkeypatch.setenv("QUIET_HOURS", "23:30-07:15")
    assert load_settings().quiet_times == (time(23, 30), time(7, 15))
    monkeypatch.setenv("QUIET_HOURS", "off")
    assert load_settings().quiet_times is None


def test_the_seller_is_read_with_lines_and_hundredths_of_a_percent(monkeypatch):
    assert Seller.of(load_settings()) == Seller("SaaS Bot")
    monkeypatch.setenv("TAX_RATE", "7.75")
    monkeypatch.setenv("BILLING_SELLER_NAME", "Bot & Co")
    monkeypatch.setenv("BILLING_SELLER_ADDRESS", "1 Main Street\\nSpringfield")
    monkeypatch.setenv("BILLING_BANK_DETAILS", "IBAN 1\\nBIC 2")
    seller = Seller.of(load_settings())
    assert seller == Seller("Bot & Co", "1 Main Street\nSpringfield", "", "IBAN 1\nBIC 2", 775)
    assert seller.takes_transfers


def test_a_missing_token_is_one_line_that_names_it(monkeypatch):
    monkeypatch.delenv("BOT_TOKEN")
    assert refusal() == "BOT_TOKEN: is not set"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "nonsense-secret"),
        ("BOT_TOKEN", ""),
        ("API_PORT", "70000"),
        ("API_PORT", "eight"),
        ("METRICS_PORT", "0"),
        ("UPDATES", "pigeon"),
        ("LOG_LEVEL", "LOUD"),
        ("DEBUG", "perhaps"),
        ("OPERATOR_IDS", "1,two"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_URL", "mysql://u:secret@h/db"),
        ("DATABASE_URL", "u:secret@h/db"),
        ("TEST_DATABASE_URL", "sqlite:///secret"),
        ("REDIS_URL", "http://:secret@h"),
        ("S3_ENDPOINT_URL", "minio:9000"),
        ("S3_ENDPOINT_URL", "http://minio:9000/bucket"),
        ("S3_PUBLIC_ENDPOINT_URL", "files.example.com"),
        ("S3_ADDRESSING", "host"),
        ("S3_VERIFY_TLS", "perhaps"),
        ("S3_CA_BUNDLE", "/no/such/file.pem"),
        ("S3_ENCRYPTION", "rot13"),
        ("QUIET_HOURS", "22-8"),
        ("QUIET_HOURS", "22:00-24:00"),
        ("QUIET_HOURS", "22:00-22:00"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it_and_does_not_repeat_secrets(name, value):
    line = refusal(**{name: value})
    assert line.startswith(f"{name}: ")
    assert len(line) > len(f"{name}: ")
    assert "\n" not in line
    assert "secret" not in line


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("API_PORT", "70000", "must be at most 65535"),
        ("API_PORT", "eight", "must be a whole number"),
        ("METRICS_PORT", "0", "must be at least 1"),
        ("UPDATES", "pigeon", "must be one of 'polling' or 'webhook'"),
        ("DEBUG", "perhaps", "must be 1 or 0"),
        ("S3_ENCRYPTION", "rot13", "must be one of 'none', 'AES256' or 'aws:kms'"),
        ("S3_ENDPOINT_URL", "minio:9000", "must look like https://s3.example.com"),
        ("S3_CA_BUNDLE", "/no/such/file.pem", "is no file"),
        ("QUIET_HOURS", "at night", "must look like 22:00-08:00, or be off"),
        ("TAX_RATE", "a fifth", "must be a number"),
        ("TAX_RATE", "20.125", "must have at most 2 decimals"),
        ("TAX_RATE", "101", "must be at most 100"),
        ("JWT_SECRET", "x" * 31, TOO_SHORT),
        ("JWT_SECRET_PREVIOUS", "x" * 31, TOO_SHORT),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy", "proxy is no network as 10.0.0.0/8"),
        ("BILLING_SELLER_NAME", "x" * 161, "must have at most 160 characters"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(name, value, reason):
    assert refusal(**{name: value}) == f"{name}: {reason}"


def test_an_unknown_env_is_one_line_that_lists_the_known_ones():
    line = refusal(ENV="staging")
    assert line == "ENV=staging: must be one of local, test, ci, smoke, production"


def test_several_wrong_values_are_all_named():
    line = refusal(API_PORT="0", METRICS_PORT="x")
    assert "API_PORT" in line
    assert "METRICS_PORT" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("given_settings", "missing"),
    [({}, "WEBHOOK_URL"), ({"WEBHOOK_URL": "https://bot.example/hook"}, "WEBHOOK_SECRET")],
)
def test_webhooks_need_an_address_and_a_secret(given_settings, missing):
    line = refusal(UPDATES="webhook", **given_settings)
    assert line == f"{missing} is needed when UPDATES=webhook"


def test_the_database_address_is_made_of_its_parts_and_quoted(monkeypatch):
    monkeypatch.setenv("POSTGRES_USER", "me@home")
    monkeypatch.setenv("POSTGRES_PASSWORD", "p@ss/w:rd")
    monkeypatch.setenv("POSTGRES_HOST", "db")
    monkeypatch.setenv("POSTGRES_PORT", "6000")
    monkeypatch.setenv("POSTGRES_DB", "work")
    assert load_settings().dsn == "postgresql+asyncpg://me%40home:p%40ss%2Fw%3Ard@db:6000/work"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_database_url_overrides_the_parts_whatever_its_scheme_is_called(scheme, monkeypatch):
    monkeypatch.setenv("POSTGRES_HOST", "ignored")
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:p@h:1/d")
    assert load_settings().dsn == "postgresql+asyncpg://u:p@h:1/d"


@pytest.mark.parametrize(
    ("env", "database"),
    [("local", "d"), ("smoke", "d"), ("production", "d"), ("test", "t"), ("ci", "t")],
)
def test_test_database_url_overrides_it_in_the_test_environments_only(env, database, monkeypatch):
    monkeypatch.setenv("ENV", env)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://u:p@h/t")
    assert load_settings().dsn == f"postgresql+asyncpg://u:p@h/{database}"


def test_a_setting_left_empty_in_the_env_file_is_not_set(fresh_directory):
    (fresh_directory / ".env").write_text(
        "DATABASE_URL=\nTEST_DATABASE_URL=\nWEBHOOK_URL=\nWEBHOOK_SECRET=\nJWT_SECRET=\n"
        "S3_ENDPOINT_URL=\nS3_PUBLIC_ENDPOINT_URL=\nS3_CA_BUNDLE=\nS3_KMS_KEY_ID=\n"
        "OPERATOR_IDS=\n"
    )
    settings = load_settings()
    assert settings.dsn == "postgresql+asyncpg://saasuser:saaspass@localhost:5432/saasdb"
    assert (settings.webhook_url, settings.webhook_secret, settings.jwt_secret) == (None,) * 3
    assert (settings.s3_endpoint_url, settings.operator_ids) == (None, frozenset())
    assert (settings.s3_public_endpoint_url, settings.s3_ca_bundle) == (None, None)
    assert settings.s3_kms_key_id is None


@pytest.mark.parametrize(
    ("given_settings", "problem"),
    [
        (
            {"S3_ADDRESSING": "virtual", "S3_BUCKET": "our.files"},
            "S3_BUCKET must have no dot when S3_ADDRESSING=virtual",
        ),
        (
            {"S3_ENCRYPTION": "AES256", "S3_KMS_KEY_ID": "alias/files"},
            "S3_KMS_KEY_ID needs S3_ENCRYPTION=aws:kms",
        ),
    ],
)
def test_settings_of_s3_that_do_not_fit_together(given_settings, problem):
    assert refusal(**given_settings) == problem


@pytest.mark.parametrize(
    ("given_settings", "problem"),
    [
        ({"ENV": "production"}, "JWT_SECRET is needed when ENV=production"),
        (
            {"JWT_SECRET_PREVIOUS": "x" * 32},
            "JWT_SECRET_PREVIOUS needs a JWT_SECRET that has taken its place",
        ),
    ],
)
def test_signing_keys_that_do_not_fit_together(given_settings, problem):
    assert refusal(**given_settings) == problem


@pytest.mark.parametrize("value", ["10.0.0.0/8,fd00::/8", "10.0.0.0/8 fd00::/8"])
def test_trusted_proxies_are_a_list_of_networks(value, monkeypatch):
    assert load_settings().trusted_proxies == ()
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    assert [str(one) for one in load_settings().trusted_proxies] == ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize("value", ["1,2", "1, 2", "1 2", "2,1,1"])
def test_operator_ids_are_a_list_with_commas_or_spaces(value, monkeypatch):
    monkeypatch.setenv("OPERATOR_IDS", value)
    assert load_settings().operator_ids == {1, 2}


def test_settings_are_frozen():
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.debug = True


def test_no_secret_is_in_what_settings_print(monkeypatch):
    secrets = {
        "POSTGRES_PASSWORD": "hidden-1",
        "DATABASE_URL": "postgresql://u:hidden-2@h/d",
        "TEST_DATABASE_URL": "postgresql://u:hidden-3@h/d",
        "REDIS_URL": "redis://:hidden-4@h/0",
        "S3_ACCESS_KEY": "hidden-5",
        "S3_SECRET_KEY": "hidden-6",
        "BOT_TOKEN": "1:hidden-7",
        "WEBHOOK_SECRET": "hidden-8",
        "JWT_SECRET": "hidden-9-and-as-long-as-it-has-to-be",
        "JWT_SECRET_PREVIOUS": "hidden-10-and-as-long-as-it-has-to-be",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    printed = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hidden" not in printed
    assert set(settings.secrets()) == set(secrets.values())


def test_settings_are_no_global():
    assert load_settings() is not load_settings()
    assert not [name for name, one in vars(Settings).items() if isinstance(one, Settings)]
