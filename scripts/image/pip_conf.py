"""Makes pip within a build find packages as pip outside of it does: python pip_conf.py FILE.

Writes pip's configuration as it is in force here, environment and all, to FILE, and prints the
paths it speaks of, one a line, for they have to be there in the build as well.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

OF_THE_ENVIRONMENT: Final = ":env:"


def main(file: str) -> None:
    """Write the file, and print the paths."""
    options = configured()
    write(options, Path(file))
    for path in sorted(set(paths(options))):
        print(path)


def configured() -> dict[str, dict[str, str]]:
    """pip's options, by section and name; the environment has the last word."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    options: dict[str, dict[str, str]] = {"global": {}}
    of_environment = {}
    for line in said.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        place = of_environment if section == OF_THE_ENVIRONMENT else options.setdefault(section, {})
        place[name] = str(ast.literal_eval(value))
    options["global"] |= of_environment
    return options


def write(options: dict[str, dict[str, str]], file: Path) -> None:
    """Write pip's own kind of file."""
    conf = RawConfigParser()
    # pip takes several values of an option from lines that are indented.
    conf.read_dict(
        {
            section: {name: value.replace("\n", "\n\t") for name, value in values.items()}
            for section, values in options.items()
        }
    )
    with file.open("w") as written:
        conf.write(written)


def paths(options: dict[str, dict[str, str]]) -> Iterator[str]:
    """What of this machine the options name: certificates, constraints, directories of packages."""
    values = (value for section in options.values() for value in section.values())
    for word in (word for value in values for word in value.split()):
        # An index leads to files that may lie beside it.
        path = Path(unquote(urlsplit(word).path)).parent if word.startswith("file:") else Path(word)
        if path.is_absolute() and (path.is_file() or path.is_dir()):
            yield str(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
