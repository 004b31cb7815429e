"""Files: taking them in, finding and changing them, giving them back.

A file is a row first, then an object in S3; deleting goes the other way round. What the worker does
in between is in `transfers`.
"""

from saas_bot.services.files.announced import uploads_of
from saas_bot.services.files.changing import remove, rename, set_internal, to_delete, to_rename
from saas_bot.services.files.reading import get, of_project, of_task
from saas_bot.services.files.receiving import (
    add,
    add_to,
    check,
    comment_with,
    place_of_album,
    tie_to_comment,
    tie_to_review,
)
from saas_bot.services.files.sending import FileToSend, fetch, link, send_from_storage
from saas_bot.services.files.shapes import Added, FileCard, FileLine, Place
from saas_bot.services.files.uploads import cancel, names_of

__all__ = [
    "Added",
    "FileCard",
    "FileLine",
    "FileToSend",
    "Place",
    "add",
    "add_to",
    "cancel",
    "check",
    "comment_with",
    "fetch",
    "get",
    "link",
    "names_of",
    "of_project",
    "of_task",
    "place_of_album",
    "remove",
    "rename",
    "send_from_storage",
    "set_internal",
    "tie_to_comment",
    "tie_to_review",
    "to_delete",
    "to_rename",
    "uploads_of",
]
