"""Files, in S3 through aiobotocore."""

from saas_bot.storage.client import Patience
from saas_bot.storage.direct import Opened, Promised
from saas_bot.storage.errors import StorageError
from saas_bot.storage.keys import export_key, is_object_key, object_key, prefix
from saas_bot.storage.names import attachment, safe_name
from saas_bot.storage.s3 import Listed, Storage, Unfinished
from saas_bot.storage.uploading import Stored

__all__ = [
    "Listed",
    "Opened",
    "Patience",
    "Promised",
    "Storage",
    "StorageError",
    "Stored",
    "Unfinished",
    "attachment",
    "export_key",
    "is_object_key",
    "object_key",
    "prefix",
    "safe_name",
]
