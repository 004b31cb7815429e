"""The keys of objects: `<company>/<project>/<uuid>`. Nothing that people write is ever in one.

Reports to be downloaded are at `<company>/exports/<uuid>`.

Backups lie apart from them, under a prefix that begins with a letter.
"""

import re
from typing import Final
from uuid import uuid4

_KEY: Final = re.compile(r"[1-9]\d*/([1-9]\d*|exports)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_BACKUP: Final = re.compile(r"([A-Za-z][\w.-]*/)+backup_[\w.-]+\.sql\.gz(\.sha256)?", re.ASCII)


def object_key(company_id: int, project_id: int) -> str:
    """A new key for a file of the project."""
    return f"{prefix(company_id, project_id)}{uuid4()}"


def export_key(company_id: int) -> str:
    """A new key for a report of the company that is kept to be downloaded."""
    return f"{company_id}/exports/{uuid4()}"


def prefix(company_id: int, project_id: int | None = None) -> str:
    """What the keys of a company, or of one of its projects, begin with."""
    return f"{company_id}/" if project_id is None else f"{company_id}/{project_id}/"


def is_object_key(key: str) -> bool:
    """Whether it is one of those that are made here: a bucket may hold what others put there."""
    return _KEY.fullmatch(key) is not None


def checked(key: str) -> str:
    """The same key.

    Raises:
        ValueError: it is neither one that `object_key` makes nor that of a backup.
    """
    if not is_object_key(key) and _BACKUP.fullmatch(key) is None:
        raise ValueError(f"no object key: {key!r}")
    return key
