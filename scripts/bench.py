"""Measure the bot against bare aiogram; targets that are missed are told, not punished.

python scripts/bench.py [--quick] [--json FILE]
"""

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from saas_bot.core.light_models import import_aiogram


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; gives 0 whether the targets are reached or not."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="100,000 tasks, 2,000 updates, fewer rounds"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args(argv)

    # As `python -m saas_bot run` does it: before anything else imports aiogram.
    import_aiogram()
    import uvloop

    from scripts.bench.run import FULL, QUICK, run

    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        findings = runner.run(run(QUICK if arguments.quick else FULL))
    print(*("", *findings.lines()), sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(findings.as_json(), indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
