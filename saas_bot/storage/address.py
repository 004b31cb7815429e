"""Where the bucket is, and requests signed without the heavy client.

Addressing is that of the S3 API, "Virtual hosting of buckets"; signatures are AWS Signature
Version 4, in headers or in the query of a link.
"""

import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from saas_bot.core.settings import Settings


def bucket_url(settings: Settings) -> str:
    """The bucket's address, for requests about the bucket itself."""
    url = _root(settings, settings.s3_endpoint_url)
    # An empty path would be signed as such, and arrive as a slash.
    return f"{url}/" if settings.s3_addressing == "virtual" else url


def object_url(settings: Settings, key: str) -> str:
    """An object's address as people outside reach it."""
    return f"{_root(settings, settings.s3_public_endpoint_url or settings.s3_endpoint_url)}/{key}"


def inner_url(settings: Settings, key: str) -> str:
    """An object's address as we reach it."""
    return f"{_root(settings, settings.s3_endpoint_url)}/{key}"


class _OfKnownBody(S3SigV4Auth):
    """Signs for a body of which only the SHA-256 is at hand."""

    sha256 = ""

    def payload(self, request: AWSRequest) -> str:
        """The SHA-256 of the body, or of none."""
        return self.sha256 or str(super().payload(request))  # type: ignore[no-untyped-call]


def signed_headers(
    settings: Settings,
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    sha256: str = "",
) -> dict[str, str]:
    """The headers of a request without a body, or with one of that SHA-256 in hexadecimal."""
    request = AWSRequest(method, url, headers=dict(headers or {}))  # type: ignore[no-untyped-call]
    signer = _OfKnownBody(_credentials(settings), "s3", settings.s3_region)  # type: ignore[no-untyped-call]
    signer.sha256 = sha256
    signer.add_auth(request)  # type: ignore[no-untyped-call]
    return dict(request.headers)


def signed_link(
    settings: Settings,
    url: str,
    seconds: int,
    query: Mapping[str, str],
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> str:
    """An address that anybody may GET, or PUT, for so many seconds from now.

    A request that has not exactly these headers is refused.
    """
    request = AWSRequest(method, url, params=dict(query), headers=dict(headers or {}))  # type: ignore[no-untyped-call]
    signer = S3SigV4QueryAuth(  # type: ignore[no-untyped-call]
        _credentials(settings), "s3", settings.s3_region, expires=seconds
    )
    signer.add_auth(request)  # type: ignore[no-untyped-call]
    return str(request.url)


def certificates(settings: Settings) -> ssl.SSLContext | bool:
    """What the server's certificate is held against, as aiohttp takes it."""
    if not settings.s3_verify_tls:
        return False
    if settings.s3_ca_bundle is None:
        return True
    return ssl.create_default_context(cafile=settings.s3_ca_bundle)


def _root(settings: Settings, endpoint: str | None) -> str:
    parts = urlsplit(endpoint or f"https://s3.{settings.s3_region}.amazonaws.com")
    if settings.s3_addressing == "virtual":
        return f"{parts.scheme}://{settings.s3_bucket}.{parts.netloc}"
    return f"{parts.scheme}://{parts.netloc}/{settings.s3_bucket}"


def _credentials(settings: Settings) -> Credentials:
    keys = (settings.s3_access_key, settings.s3_secret_key)
    return Credentials(*(key.get_secret_value() for key in keys))  # type: ignore[no-untyped-call]
