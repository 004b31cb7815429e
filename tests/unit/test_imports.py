"""A process pays for nothing that only another one needs."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

OF_THE_WORKER = ("procrastinate", "psycopg", "psycopg_pool", "xlsxwriter", "matplotlib", "numpy")


@pytest.mark.parametrize(
    ("started", "unwanted"),
    [
        (("saas_bot.__main__", "saas_bot.main"), OF_THE_WORKER),
        (("saas_bot.reconcile", "saas_bot.company"), ("aiogram", *OF_THE_WORKER)),
    ],
    ids=["bot", "commands about files and companies"],
)
def test_what_only_others_need_is_not_imported(
    started: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    loaded = (
        f"import sys, {', '.join(started)}\n"
        f"print(*[name for name in {unwanted} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr
