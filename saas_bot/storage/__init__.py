"""Files, in S3 through aiobotocore."""

from saas_bot.storage.s3 import Storage, StorageError

__all__ = ["Storage", "StorageError"]
