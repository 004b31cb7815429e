"""The bot's process pays for nothing that only the worker needs."""

import subprocess
import sys

from tests.environment import ROOT

OF_THE_WORKER = ("procrastinate", "psycopg", "psycopg_pool", "xlsxwriter", "matplotlib", "numpy")

LOADED = f"""
import sys
import saas_bot.__main__, saas_bot.main
print(*[name for name in {OF_THE_WORKER} if name in sys.modules])
"""


def test_what_only_the_worker_needs_is_not_imported_with_the_rest() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr
