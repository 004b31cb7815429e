"""`python -m saas_bot backup`, `restore` and `drill`."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from saas_bot.backups import drilling, restoring, rounds
from saas_bot.backups.address import Address
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import Backup, found
from saas_bot.backups.restoring import Outlook, Restored
from saas_bot.core.settings import Settings, load_settings

DONE, FAILED, INTERRUPTED = 0, 1, 130
"""Exit codes; FAILED: nothing was changed, and one line says why."""

_MOMENT: Final = "%Y-%m-%d %H:%M UTC"

Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, None]]


def backup(argv: Sequence[str]) -> int:
    """`backup`: make one, list those there are, or fetch one from S3."""
    parser = argparse.ArgumentParser(
        prog="python -m saas_bot backup", description="make a backup of the database"
    )
    commands = parser.add_subparsers(dest="what", metavar="what")
    for name, summary in (
        ("list", "the backups there are, here and in S3"),
        ("fetch", "bring a copy from S3 to BACKUP_DIR"),
    ):
        command = commands.add_parser(name, help=summary, description=summary)
        if name == "fetch":
            command.add_argument("name", help="as the list has it")
    options = parser.parse_args(argv)
    return _carried_out({"list": _list, "fetch": _fetch}.get(options.what, _make), options)


def restore(argv: Sequence[str]) -> int:
    """`restore FILE`: put a backup in the place of the database."""
    parser = argparse.ArgumentParser(
        prog="python -m saas_bot restore",
        description="put a backup in the place of the database, which is kept under another name",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup, its checksum beside it")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, no more")
    parser.add_argument(
        "--yes-replace", metavar="NAME", help="the database's name, instead of being asked for it"
    )
    return _carried_out(_restore, parser.parse_args(argv))


def drill(argv: Sequence[str]) -> int:
    """`drill`: prove a backup by restoring it into a database that is dropped again."""
    parser = argparse.ArgumentParser(
        prog="python -m saas_bot drill",
        description="restore a backup into a new database, compare every table, and drop it again",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="else the newest")
    return _carried_out(_drill, parser.parse_args(argv))


def _carried_out(command: Command, options: argparse.Namespace) -> int:
    # Whatever the libraries would say, the answer says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = load_settings()
    try:
        asyncio.run(command(settings, options))
    except BackupFailed as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is left behind\n")
        return INTERRUPTED
    return DONE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _make(settings: Settings, _: argparse.Namespace) -> None:
    done = await rounds.go_round(settings, prove=False)
    made = done.made
    _say(
        f"{made.backup.path}  {_size(made.size)}, {_counted(made.manifest.rows, 'row')},"
        f" {made.seconds:.1f} s"
    )
    if done.copied:
        _say(f"copied to S3: {done.copied}")
    for problem in done.problems:
        raise problem


async def _list(settings: Settings, _: argparse.Namespace) -> None:
    here = found(settings.backup_dir, Address.of(settings).database)
    for one in here:
        _say(f"{one.path}  {_size(one.path.stat().st_size)}{'  proven' if one.proven else ''}")
    there = await _copies(settings) if settings.backup_s3 else []
    for one in there:
        _say(f"s3: {one.path.name}")
    if not here and not there:
        _say(f"There is no backup in {settings.backup_dir}.")


async def _copies(settings: Settings) -> list[Backup]:
    from saas_bot.backups import copying
    from saas_bot.storage import Storage, StorageError

    storage = Storage(settings)
    try:
        return await copying.copies(settings, storage, settings.backup_dir)
    except StorageError as error:
        _say(f"S3 can't be asked: {error.code}")
        return []
    finally:
        await storage.close()


async def _fetch(settings: Settings, options: argparse.Namespace) -> None:
    from saas_bot.backups import copying
    from saas_bot.storage import Storage

    storage = Storage(settings)
    try:
        fetched = await copying.fetch(settings, storage, options.name)
    finally:
        await storage.close()
    _say(f"{fetched.path}  {_size(fetched.path.stat().st_size)}")


async def _drill(settings: Settings, options: argparse.Namespace) -> None:
    path = options.file or drilling.newest(settings).path
    proven = await drilling.prove(settings, path, seconds=settings.backup_timeout_seconds)
    _say(
        f"{path}  restored in {proven.seconds:.1f} s:"
        f" {_counted(len(proven.manifest.tables), 'table')} with"
        f" {_counted(proven.manifest.rows, 'row')} are as they were on"
        f" {proven.manifest.made_at:{_MOMENT}}"
    )


async def _restore(settings: Settings, options: argparse.Namespace) -> None:
    seen = await restoring.outlook(settings, options.file)
    for line in _foreseen(seen):
        _say(line)
    if options.dry_run:
        _say("Nothing was changed.")
        return
    _confirm(seen, options.yes_replace)
    for line in _told(seen, await restoring.restore(settings, seen, _say)):
        _say(line)


def _foreseen(seen: Outlook) -> Iterator[str]:
    manifest = seen.manifest
    yield (
        f"{seen.path.name}: {manifest.database} as of {manifest.made_at:{_MOMENT}}, revision"
        f" {manifest.revision}, from PostgreSQL {manifest.server}; its checksum is right"
    )
    for name, table in manifest.tables.items():
        if table.rows:
            yield f"    {table.rows:>12}  {name}"
    yield f"    {manifest.rows:>12}  rows in {_counted(len(manifest.tables), 'table')}"
    if seen.exists:
        yield f"{seen.database} is replaced, and kept as {seen.database}_before_..."
    else:
        yield f"{seen.database} does not exist yet, and is made."
    if seen.connected:
        yield f"It is in use, which has to end first: {', '.join(seen.connected)}."
    if manifest.revision != seen.newest:
        yield f"The newest revision is {seen.newest}: migrate after it, before you start the bot."


def _confirm(seen: Outlook, given: str | None) -> None:
    if given is None:
        if not sys.stdin.isatty():
            raise BackupFailed(Why.FAILED, f"not confirmed: add --yes-replace {seen.database}")
        given = input(f"Type {seen.database} to go on: ").strip()
    if given != seen.database:
        raise BackupFailed(Why.FAILED, f"not confirmed: {given!r} is not {seen.database!r}")


def _told(seen: Outlook, restored: Restored) -> Iterator[str]:
    yield f"{seen.database} is as it was on {seen.manifest.made_at:{_MOMENT}}."
    if restored.kept_as:
        yield f"What was there is kept as {restored.kept_as}; drop it once it is of no use."
    if restored.already_told:
        yield f"Not sent again: {_counted(restored.already_told, 'notification')} sent since then."
    if seen.manifest.revision != seen.newest:
        yield "Next: python -m saas_bot migrate"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} KB"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
