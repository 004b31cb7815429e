"""The revisions of the schema that this release knows."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

ALEMBIC_INI: Final = Path(__file__).resolve().parents[2] / "alembic.ini"


def newest() -> str | None:
    """The one that `migrate` leads to."""
    return _scripts().get_current_head()


def is_known(revision: str | None) -> bool:
    """Whether a database of that revision can be brought to the newest; None: it is empty."""
    from alembic.util import CommandError

    try:
        return revision is None or _scripts().get_revision(revision) is not None
    except CommandError:
        return False


def _scripts() -> "ScriptDirectory":
    # Imported when it is asked for: bot and worker have no use for it otherwise.
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(Config(ALEMBIC_INI))
