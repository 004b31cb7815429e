"""Log lines: JSON with the context on each, ours and the libraries' alike, and no secret on any."""

import asyncio
import json
import logging
import random
from collections.abc import Callable, Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from yarl import URL

from saas_bot.core import context, logging_setup
from saas_bot.core.logging_setup import masked_token, setup_logging

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
PASSWORD = "correct horse battery staple"
FIELDS = {"timestamp", "level", "event", "request_id", "user_id", "username", "chat_id",
          "company_id"}  # fmt: skip


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Logging as it was before, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configured = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)


@pytest.fixture
def written(monkeypatch) -> Callable[[], str]:
    """Everything written to stdout by loggers that are set up from now on."""
    stdout = StringIO()
    monkeypatch.setattr(logging_setup, "sys", SimpleNamespace(stdout=stdout))
    return stdout.getvalue


@pytest.fixture
def lines(written) -> Callable[[], list[dict[str, Any]]]:
    """The JSON lines written so far; logging is set up as in production."""
    setup_logging(level=logging.INFO, secrets=[PASSWORD, TOKEN])
    return lambda: [json.loads(line) for line in written().splitlines()]


def test_a_line_has_the_fields_of_the_specification(lines):
    with context.bound(user=1, name="nora", chat=2, company=3) as request_id:
        structlog.get_logger("ours").info("task.created", task_id=42)
    (line,) = lines()
    assert set(line) >= FIELDS
    assert (line["event"], line["level"], line["logger"]) == ("task.created", "info", "ours")
    assert (line["user_id"], line["username"], line["chat_id"]) == (1, "nora", 2)
    assert (line["company_id"], line["request_id"], line["task_id"]) == (3, request_id, 42)
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "secret", ["eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOjd9.c2lnbmVk", f"sbr_{'a-_Z' * 16}"]
)
def test_a_token_of_the_api_is_never_written(lines, secret):
    structlog.get_logger().info(f"Authorization: Bearer {secret}", body={"token": secret})
    assert "Bearer" in str(lines())
    assert secret[8:] not in str(lines())


def test_a_line_outside_of_any_request_has_empty_fields(lines):
    structlog.get_logger().info("started")
    (line,) = lines()
    assert [line[name] for name in sorted(FIELDS - {"timestamp", "level", "event"})] == [None] * 5


def test_the_lines_of_a_library_carry_the_context_too(lines):
    with context.bound(user=1, name="nora", chat=2, company=3) as request_id:
        logging.getLogger("aiogram.event").warning("Update %d took %s", 7, "long", extra={"ms": 9})
    (line,) = lines()
    assert (line["event"], line["level"]) == ("Update 7 took long", "warning")
    assert (line["request_id"], line["company_id"], line["ms"]) == (request_id, 3, 9)
    assert set(line) >= FIELDS


def test_what_a_call_says_itself_stays(lines):
    with context.bound(user=1):
        structlog.get_logger().info("sent", chat_id=99, company_id=5)
    (line,) = lines()
    assert (line["user_id"], line["chat_id"], line["company_id"]) == (1, 99, 5)


def test_the_context_ends_with_its_block_and_nests():
    with context.bound(user=1, name="nora", chat=2, company=3) as outer:
        with context.bound(user=4) as inner:
            assert [one.get() for one in context.VARIABLES] == [inner, 4, None, None, None]
        assert [one.get() for one in context.VARIABLES] == [outer, 1, "nora", 2, 3]
    assert [one.get() for one in context.VARIABLES] == [None] * 5
    assert inner != outer


def test_a_task_started_within_a_context_inherits_it(lines):
    async def work() -> None:
        structlog.get_logger().info("inner")

    async def start() -> str:
        with context.bound(user=1) as request_id:
            task = asyncio.create_task(work())
        await task
        return request_id

    request_id = asyncio.run(start())
    assert lines()[0]["request_id"] == request_id


async def test_a_thousand_interleaved_updates_never_mix(lines):
    async def handle(number: int) -> tuple[int, str]:
        with context.bound(user=number, name=f"u{number}", chat=-number, company=None) as request:
            for step in range(4):
                await asyncio.sleep(0)
                if step == 1:
                    context.company_id.set(number * 10)
                await asyncio.sleep(random.choice((0, 0, 0.001)))
                structlog.get_logger("ours").info("step", number=number, step=step)
                logging.getLogger("theirs").info("step %d of %d", step, number)
        return number, request

    requests = dict(await asyncio.gather(*(handle(n) for n in range(1, 1001))))
    seen = lines()
    assert len(seen) == 1000 * 4 * 2
    assert len(set(requests.values())) == 1000
    for line in seen:
        number = line["user_id"]
        assert line["request_id"] == requests[number]
        assert (line["username"], line["chat_id"]) == (f"u{number}", -number)
        if line["logger"] == "ours":
            assert line["number"] == number
            step = line["step"]
        else:
            step, said = map(int, line["event"].removeprefix("step ").split(" of "))
            assert said == number
        assert line["company_id"] == (number * 10 if step >= 1 else None)


@pytest.mark.parametrize("name", ["ours", "theirs"])
def test_an_exception_is_part_of_its_line(name, lines):
    try:
        raise ValueError("the pump")
    except ValueError:
        if name == "ours":
            structlog.get_logger(name).exception("failed")
        else:
            logging.getLogger(name).exception("failed")
    (line,) = lines()
    assert (line["event"], line["level"]) == ("failed", "error")
    assert "Traceback" in line["exception"]
    assert "ValueError: the pump" in line["exception"]


class Told:
    """Something that tells a secret when it is printed."""

    def __str__(self) -> str:
        return f"<{PASSWORD}>"

    __repr__ = __str__


SECRETIVE = {
    "the event": lambda log: log.info(f"using {PASSWORD} and {TOKEN}"),
    "a value": lambda log: log.info("x", value=f"{PASSWORD} {TOKEN}"),
    "a list": lambda log: log.info("x", value=[PASSWORD, TOKEN]),
    "a dict": lambda log: log.info("x", value={"deep": {"er": PASSWORD, TOKEN: 1}}),
    "a set": lambda log: log.info("x", value={PASSWORD}),
    "bytes": lambda log: log.info("x", value=TOKEN.encode()),
    "an object": lambda log: log.info("x", value=Told()),
    "an address": lambda log: log.info("x", value=URL(f"https://api.telegram.org/bot{TOKEN}/x")),
    "an error": lambda log: log.info("x", error=ValueError(PASSWORD)),
    "a library's event": lambda _: logging.getLogger("lib").info("using %s %s", PASSWORD, TOKEN),
    "a library's object": lambda _: logging.getLogger("lib").info("using %s", Told()),
}


def fail_with_a_secret(log) -> None:
    try:
        raise ValueError(f"{PASSWORD} {TOKEN}")
    except ValueError:
        log.exception("failed")


SECRETIVE["our traceback"] = fail_with_a_secret
SECRETIVE["a library's traceback"] = lambda _: fail_with_a_secret(logging.getLogger("lib"))


@pytest.mark.parametrize("dev_mode", [False, True])
@pytest.mark.parametrize("tell", SECRETIVE.values(), ids=SECRETIVE)
def test_no_known_secret_is_ever_written(tell, dev_mode, written):
    setup_logging(level=logging.INFO, dev_mode=dev_mode, secrets=[PASSWORD, TOKEN])
    tell(structlog.get_logger("ours"))
    assert written().strip()
    assert PASSWORD not in written()
    assert TOKEN.partition(":")[2] not in written()


OTHER = "987654321:ZZEhBOweik6ad9r_QXMENQjcrGbqCr4K-zz"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"token {OTHER}", "token 987654321:..."),
        (f"POST https://api.telegram.org/bot{OTHER}/getMe",
         "POST https://api.telegram.org/bot987654321:.../getMe"),
        ("postgresql+asyncpg://me:pa55word@h:5432/d", "postgresql+asyncpg://me:...@h:5432/d"),
        ("redis://:pa55word@h:6379/0", "redis://:...@h:6379/0"),
        ("http://localhost:8080/healthz", "http://localhost:8080/healthz"),
        ("at 2026-11-23T12:00:00 on 127.0.0.1:5432", "at 2026-11-23T12:00:00 on 127.0.0.1:5432"),
        ("task WEB-42: done", "task WEB-42: done"),
    ],
)  # fmt: skip
def test_what_looks_like_a_token_or_password_is_cut_and_nothing_else(said, shown, lines):
    structlog.get_logger().info(said)
    assert lines()[0]["event"] == shown


def test_a_traceback_is_readable_in_development(written):
    setup_logging(level=logging.INFO, dev_mode=True)
    fail_with_a_secret(structlog.get_logger())
    fail_with_a_secret(logging.getLogger("lib"))
    assert written().count("Traceback (most recent call last)") == 2
    assert written().count("in fail_with_a_secret") == 2
    assert not written().lstrip().startswith("{")


@pytest.mark.parametrize(
    ("token", "shown"),
    [("123456:dummytoken", "dummy..."), ("short", "short..."), ("1:ab", "ab...")],
)
def test_the_bots_token_appears_as_its_first_characters_and_dots(token, shown):
    assert masked_token(token) == shown


def test_lines_below_the_level_are_not_written(lines):
    structlog.get_logger().debug("quiet")
    logging.getLogger("lib").debug("quiet")
    logging.getLogger("aiobotocore").info("quiet")
    logging.getLogger("lib").info("said")
    assert [line["event"] for line in lines()] == ["said"]


def test_text_of_any_language_is_readable(lines, written):
    structlog.get_logger().info("задача создана 👍")
    assert "задача создана 👍" in written()


def test_setting_up_twice_does_not_double_the_lines(lines):
    setup_logging(level=logging.INFO)
    structlog.get_logger().info("once")
    assert len(lines()) == 1
