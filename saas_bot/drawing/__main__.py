"""Draws what comes by stdin, one thing a line, until that ends: see `process`.

A line is JSON, the name of a module of this package and what that is to draw. Each is answered on
stdout by a line of JSON, which says of how many bytes the drawing is or why there is none, and
these bytes.
"""

import json
import os
import sys
from importlib import import_module


def main() -> None:
    """Read, draw, write; with little claim to the processor."""
    if hasattr(os, "nice"):
        os.nice(5)
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        module, what = json.loads(line)
        made = b""
        try:
            made = import_module(f"saas_bot.drawing.{module}").draw(what)
            said: dict[str, object] = {"bytes": len(made)}
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"}
        out.write(json.dumps(said).encode() + b"\n" + made)
        out.flush()


if __name__ == "__main__":
    main()
