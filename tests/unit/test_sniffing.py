"""What a file is by its bytes, whatever it is called and told to be."""

import io
import random
import zipfile

import pytest

from saas_bot.storage.sniffing import Sniffed, sniffed

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200)


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "x" * 100)
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "told", "found"),
    [
        (b"%PDF-1.7\n", "a.pdf", "application/pdf", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(50), "a.pdf", "application/pdf", "image/jpeg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead", "v.ogg", "audio/ogg", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(50), "a.mp4", "video/mp4", "video/mp4"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(50), "a.m4a", "audio/mp4", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(50), "a.png", "image/png", "video/mp4"),
        (_zip(), "a.docx", WORD, WORD),
        (_zip(), "a.zip", "application/zip", "application/zip"),
        (_zip(), "a.pdf", "application/pdf", "application/zip"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
            "a.xls",
            "application/vnd.ms-excel",
            "application/vnd.ms-excel",
        ),
        (b"\x7fELF\x02\x01\x01" + bytes(99), "a.png", "image/png", "application/x-executable"),
        (b"<!DOCTYPE html><html>", "a.png", "image/png", "text/html"),
        ("Привет".encode("cp1251"), "a.txt", "text/plain", "text/plain"),
        ("Привет".encode("utf-16"), "a.txt", "text/plain", "text/plain"),
        (b"BM, MZ and {} begin a text", "a.csv", "text/csv", "text/csv"),
        (b"plain words", "a.png", "image/png", UNKNOWN),
        (bytes(200), "a.png", "image/png", UNKNOWN),
        (random.Random(1).randbytes(4096), "a.png", "image/png", UNKNOWN),
    ],
)
def test_the_bytes_decide(head: bytes, name: str, told: str, found: str) -> None:
    assert sniffed(head, name, told).media_type == found


@pytest.mark.parametrize("name", ["a.pdf", "a.dll", "a.ax", "a"])
@pytest.mark.parametrize("head", [EXE, b"MZ\x00\x01" + bytes(99)])
def test_a_program_is_one_under_any_name(head: bytes, name: str) -> None:
    assert sniffed(head, name, UNKNOWN) == Sniffed("application/x-msdownload", ".exe")
