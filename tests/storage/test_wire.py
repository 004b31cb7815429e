"""What goes over the wire by the settings: addresses, certificates, encryption."""

import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3
from saas_bot.storage import Storage, StorageError
from tests.storage.conftest import MB, PATIENCE, content, key, some, stored
from tests.storage.proxy import Answer, Proxy

DOMAIN = "s3.test"


class WithDomain(S3):
    """Serves buckets by host name too."""

    def _command(self) -> Sequence[str | Path]:
        return [*super()._command(), f"-s3.domainName={DOMAIN}"]


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain and all its hosts are here."""
    resolve = socket.getaddrinfo

    def here(host: Any, *rest: Any, **more: Any) -> Any:
        ours = isinstance(host, str) and host.endswith(DOMAIN)
        return resolve("127.0.0.1" if ours else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.mark.usefixtures("resolved")
async def test_buckets_by_host_name(settings: Settings, tmp_path: Path) -> None:
    s3 = WithDomain(
        tmp_path,
        0,
        durable=False,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        bucket="first",
    )
    await s3.start()
    async with Proxy(s3.endpoint).listening() as proxy:
        endpoint = proxy.endpoint.replace("127.0.0.1", DOMAIN)
        virtual = {"s3_endpoint_url": endpoint, "s3_addressing": "virtual", "s3_bucket": "second"}
        storage = Storage(settings.model_copy(update=virtual), PATIENCE)
        await storage.ensure_bucket()
        await storage.ping()
        for size in (MB, 9 * MB):
            name = await stored(storage, some(size))
            assert await content(storage, name) == some(size)
        link = storage.presign(name, seconds=60, filename="x", media_type="text/plain")
        assert link.startswith(f"{endpoint.replace('//', '//second.')}/{name}?")
        await storage.delete([name])
        await storage.close()
    assert {one.host.partition(":")[0] for one in proxy.seen} == {f"second.{DOMAIN}"}
    assert not [one.target for one in proxy.seen if "second" in one.target]
    await s3.stop()


async def test_buckets_by_path(through: Storage, proxy: Proxy, there: Settings) -> None:
    await through.ping()
    await stored(through, b"x")
    assert {f"http://{one.host}" for one in proxy.seen} == {proxy.endpoint}
    assert all(one.target.startswith(f"/{there.s3_bucket}") for one in proxy.seen)


@pytest.mark.parametrize(
    ("addressing", "root"),
    [
        ("path", "https://s3.eu-north-1.amazonaws.com/saasbot"),
        ("virtual", "https://saasbot.s3.eu-north-1.amazonaws.com"),
    ],
)
def test_without_an_address_it_is_aws(settings: Settings, addressing: str, root: str) -> None:
    aws = {"s3_endpoint_url": None, "s3_region": "eu-north-1", "s3_addressing": addressing}
    name = key()
    link = Storage(settings.model_copy(update=aws)).presign(
        name, seconds=60, filename="x", media_type="text/plain"
    )
    assert link.startswith(f"{root}/{name}?")
    assert "%2Feu-north-1%2Fs3%2Faws4_request" in link


async def test_links_name_the_public_address(there: Settings, proxy: Proxy) -> None:
    public = there.model_copy(update={"s3_public_endpoint_url": f"{proxy.endpoint}/"})
    storage = Storage(public, PATIENCE)
    await storage.ensure_bucket()
    name = await stored(storage, b"x")
    link = storage.presign(name, seconds=60, filename="x", media_type="text/plain")
    assert link.startswith(f"{proxy.endpoint}/{there.s3_bucket}/{name}?")
    assert proxy.seen == []
    await storage.close()


ENCRYPTION = "x-amz-server-side-encryption"
KMS_KEY = f"{ENCRYPTION}-aws-kms-key-id"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, {}),
        ({"s3_encryption": "AES256"}, {ENCRYPTION: "AES256"}),
        ({"s3_encryption": "aws:kms"}, {ENCRYPTION: "aws:kms"}),
        (
            {"s3_encryption": "aws:kms", "s3_kms_key_id": "alias/files"},
            {ENCRYPTION: "aws:kms", KMS_KEY: "alias/files"},
        ),
    ],
)
@pytest.mark.parametrize(("method", "size"), [("PUT", 1), ("POST", 9 * MB)])
async def test_encryption_is_asked_for(
    there: Settings,
    proxy: Proxy,
    change: dict[str, str],
    told: dict[str, str],
    method: str,
    size: int,
) -> None:
    storage = Storage(
        there.model_copy(update={"s3_endpoint_url": proxy.endpoint, **change}), PATIENCE
    )
    proxy.spoil(method, Answer(403, "AccessDenied"))
    with pytest.raises(StorageError):
        await stored(storage, some(size))
    asked = proxy.seen[0]
    assert {
        name: asked.headers[name] for name in (ENCRYPTION, KMS_KEY) if name in asked.headers
    } == told
    await storage.close()


async def test_the_tag_of_something_encrypted_is_not_held_against_its_bytes(
    through: Storage, proxy: Proxy
) -> None:
    tag = {"ETag": f'"{"0" * 32}"'}
    proxy.spoil("PUT", Answer(200, headers={**tag, ENCRYPTION: "aws:kms"}))
    await stored(through, b"x")
    proxy.spoil("PUT", Answer(200, headers=tag))
    with pytest.raises(StorageError) as error:
        await stored(through, b"x")
    assert error.value.code == "failed"


async def test_bytes_carry_their_md5_and_no_bucket_an_acl(
    elsewhere: Settings, proxy: Proxy
) -> None:
    storage = Storage(elsewhere.model_copy(update={"s3_endpoint_url": proxy.endpoint}), PATIENCE)
    await storage.ensure_bucket()
    await stored(storage, some(9 * MB))
    bucket, *parts = (one for one in proxy.seen if one.method == "PUT")
    assert "x-amz-acl" not in bucket.headers
    assert {one.query["partNumber"] for one in parts} == {"1", "2"}
    for one in parts:
        assert len(one.headers["Content-MD5"]) == 24
        assert "content-md5" in one.headers["Authorization"]
    await storage.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no one has signed, with its key."""
    home = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=s3.test"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return home


@pytest.fixture
async def tls(s3: S3, certificate: Path) -> AsyncIterator[Proxy]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    async with Proxy(s3.endpoint).listening(context) as proxy:
        yield proxy


@pytest.mark.parametrize("trusted", [{"s3_ca_bundle": "cert.pem"}, {"s3_verify_tls": False}])
async def test_a_certificate_of_ones_own(
    there: Settings, tls: Proxy, certificate: Path, trusted: dict[str, Any]
) -> None:
    if "s3_ca_bundle" in trusted:
        trusted = {"s3_ca_bundle": certificate / trusted["s3_ca_bundle"]}
    storage = Storage(
        there.model_copy(update={"s3_endpoint_url": tls.endpoint, **trusted}), PATIENCE
    )
    await storage.ensure_bucket()
    await storage.ping()
    for size in (MB, 9 * MB):
        assert await content(storage, await stored(storage, some(size))) == some(size)
    assert len(tls.seen) > 5
    await storage.close()


async def test_an_unknown_certificate_is_refused(there: Settings, tls: Proxy) -> None:
    storage = Storage(there.model_copy(update={"s3_endpoint_url": tls.endpoint}), PATIENCE)
    for asked in (storage.ping, lambda: stored(storage, b"x")):
        with pytest.raises(StorageError) as error:
            await asked()
        assert error.value.code == "unreachable"
    assert tls.seen == []
    await storage.close()
