"""The keys of objects: `<company>/<project>/<uuid>`. Nothing that people write is ever in one."""

import re
from typing import Final
from uuid import uuid4

_KEY: Final = re.compile(r"[1-9]\d*/[1-9]\d*/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def object_key(company_id: int, project_id: int) -> str:
    """A new key for a file of the project."""
    return f"{prefix(company_id, project_id)}{uuid4()}"


def prefix(company_id: int, project_id: int | None = None) -> str:
    """What the keys of a company, or of one of its projects, begin with."""
    return f"{company_id}/" if project_id is None else f"{company_id}/{project_id}/"


def is_object_key(key: str) -> bool:
    """Whether it is one that `object_key` makes: a bucket may hold what others have put there."""
    return _KEY.fullmatch(key) is not None


def checked(key: str) -> str:
    """The same key.

    Raises:
        ValueError: it is none that `object_key` makes.
    """
    if not is_object_key(key):
        raise ValueError(f"no object key: {key!r}")
    return key
