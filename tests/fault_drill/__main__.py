"""`make fault-drill`: all of it, printed as Markdown; exit code 1 where a promise is broken.

python -m tests.fault_drill [--seconds 20] [--people 12]
"""

import argparse
import asyncio
import os
import platform
import sys
import time

from saas_bot.demo.children import ChildFailed
from tests.environment import forget_own_settings
from tests.fault_drill import report
from tests.fault_drill.drill import drill


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.fault_drill")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each part is gone")
    parser.add_argument("--people", type=int, default=12, help="how many are at work (2 to 25)")
    options = parser.parse_args()
    forget_own_settings()
    began = time.monotonic()
    try:
        drilled = asyncio.run(drill(seconds=options.seconds, people=options.people))
    except ChildFailed as failed:
        sys.stderr.write(f"{failed.child.name} did not start, exit code {failed.code}\n")
        sys.stderr.writelines(f"{note}\n" for note in failed.__notes__)
        return 1
    sys.stdout.write(
        f"{options.people} people, {len(os.sched_getaffinity(0))} processors, load "
        f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}; "
        f"{time.monotonic() - began:.0f} s in all.\n\n{report.markdown(drilled)}"
    )
    broken = [*drilled.broken(), *drilled.late()]
    sys.stderr.writelines(f"BROKEN: {line}\n" for line in broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
