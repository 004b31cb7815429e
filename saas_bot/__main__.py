"""The command line: `python -m saas_bot <command>`."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from saas_bot.core.logging_setup import setup_logging
from saas_bot.core.settings import Env, Settings, SettingsError, load_settings

log = structlog.get_logger("saas_bot")

FAILED: Final = 1
MISCONFIGURED: Final = 2

ALEMBIC_INI: Final = Path(__file__).resolve().parent.parent / "alembic.ini"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m saas_bot",
        description="A company's work inside Telegram: people, projects, tasks, acceptance.",
        epilog="Settings come from the environment and from .env files; .env.example lists them.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, (_, summary) in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary, add_help=name not in PASSED_ON
        )
        if name == "migrate":
            command.add_argument(
                "--to", default="head", metavar="REV", help="the revision to reach"
            )
        if name == "run":
            command.add_argument(
                "--migrate", action="store_true", help="bring the database schema up to date first"
            )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command; gives 0, 1 for a failure, 2 for wrong settings or usage."""
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 0
    if rest and arguments.command not in PASSED_ON:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    command, _ = COMMANDS[arguments.command]
    try:
        return command(arguments, rest)
    except SettingsError as error:
        return _misconfigured(str(error))


def _misconfigured(line: str) -> int:
    print(line, file=sys.stderr)
    return MISCONFIGURED


def _logging_settings() -> Settings:
    """The settings, with logging set up as they say."""
    settings = load_settings()
    level = logging.DEBUG if settings.debug else logging.getLevelNamesMapping()[settings.log_level]
    setup_logging(
        level=level,
        dev_mode=settings.env is Env.LOCAL and sys.stdout.isatty(),
        secrets=settings.secrets(),
    )
    return settings


def _run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    _end_when_asked()
    settings = _logging_settings()
    if arguments.migrate and not _migrated(settings, "head"):
        return FAILED
    return _process("run_bot", settings)


def _worker(_: argparse.Namespace, __: Sequence[str]) -> int:
    _end_when_asked()
    return _process("run_worker", _logging_settings())


def _end_when_asked() -> None:
    """A signal that comes while we are still loading ends us as it would later: at once, with 0."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


def _process(name: str, settings: Settings) -> int:
    from saas_bot.core.light_models import import_aiogram

    import_aiogram()
    from saas_bot import main as processes
    from saas_bot.telegram.polling import TokenRefused
    from saas_bot.web.server import PortTaken

    try:
        processes.run(getattr(processes, name)(settings))
    except TokenRefused:
        return _misconfigured("BOT_TOKEN: Telegram knows no bot with this token")
    except PortTaken as error:
        return _misconfigured(str(error))
    return 0


def _migrate(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    return 0 if _migrated(_logging_settings(), arguments.to) else FAILED


def _migrated(settings: Settings, revision: str) -> bool:
    from alembic import command
    from alembic.config import Config

    config = Config(ALEMBIC_INI, attributes={"settings": settings})
    try:
        command.upgrade(config, revision)
    except Exception as error:
        # migrations/env.py tells what happens within it; this is for what happens around it.
        log.critical("migrate.failed", to=revision, error=str(error))
        return False
    log.info("migrate.done", to=revision)
    return True


def _sandbox(_: argparse.Namespace, rest: Sequence[str]) -> int:
    settings = load_settings()

    from saas_bot.sandbox.__main__ import main as sandbox

    own = ["--host", settings.sandbox_host, "--port", str(settings.sandbox_port)]
    return sandbox([*own, "--token", settings.bot_token.get_secret_value(), *rest])


def _demo(_: argparse.Namespace, rest: Sequence[str]) -> int:
    _end_when_asked()

    from saas_bot.demo.cli import main as demo

    return demo(rest)


def _doctor(_: argparse.Namespace, __: Sequence[str]) -> int:
    from saas_bot.core.light_models import import_aiogram

    import_aiogram()
    from saas_bot.doctor import main as doctor

    return doctor()


def _storage(_: argparse.Namespace, rest: Sequence[str]) -> int:
    from saas_bot.reconcile import main as storage

    return storage(rest)


def _company(_: argparse.Namespace, rest: Sequence[str]) -> int:
    from saas_bot.company import main as company

    return company(rest)


def _billing(_: argparse.Namespace, rest: Sequence[str]) -> int:
    from saas_bot.core.light_models import import_aiogram

    import_aiogram()
    from saas_bot.billing import main as billing

    return billing(rest)


def _backup(arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    from saas_bot import backup

    command: Callable[[Sequence[str]], int] = getattr(backup, arguments.command)
    return command(rest)


COMMANDS: Final[dict[str, tuple[Callable[[argparse.Namespace, Sequence[str]], int], str]]] = {
    "run": (_run, "answer people in Telegram"),
    "worker": (_worker, "send notifications and run periodic jobs"),
    "migrate": (_migrate, "bring the database schema up to date"),
    "sandbox": (_sandbox, "stand in for Telegram: a Bot API server and a web chat"),
    "demo": (_demo, "everything at once, with example people, on services of its own"),
    "doctor": (_doctor, "check the settings and everything they point to"),
    "storage": (_storage, "compare the files in S3 with the database, and mend what differs"),
    "billing": (_billing, "prove that the accounts add up, and compare payments with Telegram"),
    "company": (_company, "list the deleted companies, and restore one"),
    "backup": (_backup, "make a backup of the database"),
    "restore": (_backup, "put a backup in the place of the database"),
    "drill": (_backup, "prove the newest backup by restoring it beside the database"),
}

PASSED_ON: Final = frozenset(
    {"sandbox", "demo", "storage", "billing", "company", "backup", "restore", "drill"}
)
"""Commands that read their further arguments themselves."""


if __name__ == "__main__":
    sys.exit(main())
