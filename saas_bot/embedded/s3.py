"""S3 object storage: SeaweedFS with all its parts in one process, over loopback TCP."""

import json
import os
import shutil
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path

import aiohttp
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from saas_bot.embedded import binaries, ports
from saas_bot.embedded.service import NotReady, Service

# Each part of SeaweedFS wants ports of its own besides the S3 port.
_INNER_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port.grpc",
    "admin.port",
    "admin.port.grpc",
)
_SWITCHED_OFF = (
    "-admin.ui=false",
    "-webdav=false",
    "-s3.iam=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-master.telemetry=false",
    "-volume.preStopSeconds=0",
)
_ACTIONS = ["Admin", "Read", "Write", "List", "Tagging"]
_BUCKET_IS_THERE = (200, 409)
# Where SeaweedFS puts its sockets, whatever TMPDIR says.
_SOCKETS = Path("/tmp")  # noqa: S108  # nosec B108


class S3(Service):
    """The object store; only requests signed with its access key are served."""

    title = "S3"
    slug = "s3"
    port_variable = "S3_PORT"
    stop_signal = signal.SIGTERM
    stop_seconds = 2.5

    def __init__(
        self,
        data_dir: Path,
        port: int,
        *,
        durable: bool,
        access_key: str,
        secret_key: str,
        region: str,
        bucket: str,
    ) -> None:
        super().__init__(data_dir, port, durable=durable)
        self.access_key = access_key
        self.secret_key = secret_key
        self.region = region
        self.bucket = bucket
        self.store = data_dir / "s3"
        self._config = data_dir / "s3.json"
        self._ports_file = data_dir / "s3.ports"
        self._inner: dict[str, int] = {}

    @property
    def endpoint(self) -> str:
        """The address for S3 clients."""
        return f"http://{self.host}:{self.port}"

    async def _prepare(self) -> None:
        self._cleanup()
        self.store.mkdir(mode=0o700, exist_ok=True)
        self._forget_last_run()
        self._inner = dict(
            zip(_INNER_PORTS, ports.free_ports(len(_INNER_PORTS), inside=True), strict=True)
        )
        self._ports_file.write_text(json.dumps([self.port, *self._inner.values()]))
        self._write_config()

    def _forget_last_run(self) -> None:
        """Drop what is bound to the ports of the last run.

        The master learns everything from the volumes when they report; the state it keeps by
        itself, in a directory named after its port, would only pile up.
        """
        (self.store / "mini.options").unlink(missing_ok=True)
        for state in self.store.glob("m[0-9]*"):
            shutil.rmtree(state)

    def _write_config(self) -> None:
        keys = {"accessKey": self.access_key, "secretKey": self.secret_key}
        identity = {"name": "saas_bot", "credentials": [keys], "actions": _ACTIONS}
        self._config.touch(mode=0o600)
        self._config.write_text(json.dumps({"identities": [identity]}))

    def _command(self) -> Sequence[str | Path]:
        return [
            binaries.weed(),
            "-logtostderr=true",
            "mini",
            f"-dir={self.store}",
            f"-ip={self.host}",
            f"-ip.bind={self.host}",
            f"-s3.port={self.port}",
            f"-s3.config={self._config}",
            *(f"-{option}={port}" for option, port in self._inner.items()),
            *_SWITCHED_OFF,
        ]

    async def _probe(self) -> None:
        """Create the bucket, which proves that signed requests are served."""
        url = f"{self.endpoint}/{self.bucket}"
        async with (
            aiohttp.ClientSession() as session,
            session.put(url, headers=self._signature("PUT", url)) as response,
        ):
            if response.status not in _BUCKET_IS_THERE:
                raise NotReady(f"{response.status} {await response.text()}")

    def _signature(self, method: str, url: str) -> dict[str, str]:
        request = AWSRequest(method, url)  # type: ignore[no-untyped-call]
        keys = Credentials(self.access_key, self.secret_key)  # type: ignore[no-untyped-call]
        signer = S3SigV4Auth(keys, "s3", self.region)  # type: ignore[no-untyped-call]
        signer.add_auth(request)  # type: ignore[no-untyped-call]
        return dict(request.headers)

    def _cleanup(self) -> None:
        """Remove the sockets of the last run, which SeaweedFS leaves behind when killed."""
        if not self._ports_file.exists():
            return
        for path in _sockets_of(json.loads(self._ports_file.read_text())):
            path.unlink(missing_ok=True)
        self._ports_file.unlink()


def _sockets_of(numbers: Iterable[int]) -> Iterable[Path]:
    ours = {str(number) for number in numbers}
    for path in _SOCKETS.glob("seaweedfs-*.sock"):
        if path.stem.rpartition("-")[2] in ours and path.stat().st_uid == os.geteuid():
            yield path
