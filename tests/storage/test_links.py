"""Links that people open: what they give, for how long, and that they open nothing else."""

import re
from urllib.parse import unquote

import aiohttp
import pytest

from saas_bot.core.settings import Settings
from saas_bot.storage import Storage, attachment, safe_name
from tests.storage.conftest import key, some, stored, until

NAMES = {
    "report.pdf": "report.pdf",
    "Отчёт за март.docx": "Отчёт за март.docx",
    "отчёт 🚀.png": "отчёт 🚀.png",
    'a"; filename="evil.exe': "a_; filename=_evil.exe",
    "a'b;c,d.txt": "a'b;c,d.txt",
    "one\r\nSet-Cookie: x=1\r\n\r\n<script>": "oneSet-Cookie_ x=1_script_",
    "../../etc/passwd": "_.._etc_passwd",
    r"..\..\boot.ini": "_.._boot.ini",
    "\u202egpj.exe": "gpj.exe",
    "a\u2066b\u2069\u200f.txt": "ab.txt",
    "100%25.txt": "100%25.txt",
    "nul\x00byte.txt": "nulbyte.txt",
    "lone\ud800.txt": "lone.txt",
    "line\u2028end.txt": "lineend.txt",
    "e\u0301.txt": "\u00e9.txt",
    ".env": "env",
    "  spaces  ": "spaces",
    "": "file",
    "..": "file",
    "\u202e": "file",
}


@pytest.mark.parametrize(("name", "safe"), NAMES.items())
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("я" * 300 + ".pdf", ".pdf"),
        ("a" * 300 + ".tar.gz", ".gz"),
        ("🚀" * 100, "🚀"),
        ("a." + "b" * 300, "b"),
        ("." + "a" * 300, "a"),
    ],
)
def test_long_names_keep_their_extension(name: str, ending: str) -> None:
    short = safe_name(name)
    assert 250 <= len(short.encode()) <= 255
    assert short.endswith(ending)
    assert safe_name(short) == short


@pytest.mark.parametrize("name", [*NAMES, "я" * 300 + ".pdf"])
async def test_a_link_gives_the_bytes_under_the_name(storage: Storage, name: str) -> None:
    link = storage.presign(
        await stored(storage, b"whole"), seconds=60, filename=name, media_type="application/pdf"
    )
    async with aiohttp.ClientSession() as client, client.get(link) as answer:
        assert (answer.status, await answer.read()) == (200, b"whole")
        assert answer.content_type == "application/pdf"
        assert "Set-Cookie" not in answer.headers
        told = answer.headers["Content-Disposition"]
        assert answer.content_disposition is not None
        assert answer.content_disposition.type == "attachment"
        assert answer.content_disposition.filename == safe_name(name)
    form = re.fullmatch(r"attachment; filename=\"([ -~]*)\"; filename\*=UTF-8''(\S+)", told)
    assert form is not None
    assert not set(form[1]) & set('"\\%;')
    assert unquote(form[2]) == safe_name(name)
    assert told == attachment(name)


@pytest.mark.parametrize("told", ["text/html\r\nX-Evil: 1", "nonsense", "", "a/b; charset=x"])
async def test_a_type_that_is_none_becomes_the_unknown_one(storage: Storage, told: str) -> None:
    link = storage.presign(await stored(storage, b"x"), seconds=60, filename="x", media_type=told)
    async with aiohttp.ClientSession() as client, client.get(link) as answer:
        assert answer.content_type == "application/octet-stream"
        assert "X-Evil" not in answer.headers


async def opens(link: str) -> int:
    async with aiohttp.ClientSession() as client, client.get(link) as answer:
        return answer.status


async def test_a_link_opens_one_object_only(storage: Storage) -> None:
    mine, other = await stored(storage, b"mine"), await stored(storage, b"other")
    link = storage.presign(mine, seconds=60, filename="a.txt", media_type="text/plain")
    assert await opens(link) == 200
    assert await opens(link.replace(mine, other)) == 403
    assert await opens(link.replace("a.txt", "b.exe")) == 403
    assert await opens(link.replace("X-Amz-Expires=60", "X-Amz-Expires=3600")) == 403
    assert await opens(link.partition("?")[0]) == 403
    async with aiohttp.ClientSession() as client, client.delete(link) as answer:
        assert answer.status == 403
    assert await storage.head(mine)


async def is_refused(link: str) -> bool:
    return await opens(link) == 403


async def test_a_link_ends(storage: Storage) -> None:
    name = await stored(storage, b"x")
    link = storage.presign(name, seconds=1, filename="x", media_type="text/plain")
    await until(lambda: is_refused(link), 10)


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_no_link_lasts_longer_than_an_hour(there: Settings, seconds: int) -> None:
    with pytest.raises(ValueError, match="3600"):
        Storage(there).presign(key(), seconds=seconds, filename="x", media_type="text/plain")


async def test_nothing_is_public(storage: Storage, there: Settings) -> None:
    name = await stored(storage, some(10))
    for path in ("", "?list-type=2", f"/{name}"):
        assert await opens(f"{there.s3_endpoint_url}/{there.s3_bucket}{path}") == 403
