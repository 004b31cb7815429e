"""Where everything of the demo listens, and what its processes are told.

Ports come from the environment of the command alone. A `.env` describes other surroundings, such
as containers, and the demo must work beside those.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saas_bot.embedded import Access, Ports, PortTaken
from saas_bot.embedded.ports import HOST, is_free

DATABASE = "saasdb"
# Worth nothing anywhere: the sandbox takes any token.
BOT_TOKEN = "1000000001:dummy-token-of-the-demo"  # noqa: S105  # nosec B105

# Nobody's: the IBAN is the example that its registry prints for Estonia, "Example" is no company.
SELLER = {
    "TAX_RATE": "22",
    "BILLING_SELLER_NAME": "Example Software OÜ",
    "BILLING_SELLER_ADDRESS": "1 Example Street\\n10111 Tallinn\\nEstonia",
    "BILLING_SELLER_TAX_ID": "EE000000000",
    "BILLING_BANK_DETAILS": "Example Software OÜ\\nIBAN: EE38 2200 2210 2014 5685\\nBIC: EXAMEE2X",
}
"""Who sells in the demo, so that its invoices look like real ones."""

# Apart from the usual ports of these services, so that a developer's own can go on running.
_PORTS = {
    "POSTGRES_PORT": ("PostgreSQL", 54329),
    "REDIS_PORT": ("Valkey", 63799),
    "S3_PORT": ("S3", 8333),
    "SANDBOX_PORT": ("sandbox", 8081),
    "METRICS_PORT": ("bot", 8080),
    "API_PORT": ("bot", 8000),
    "WORKER_METRICS_PORT": ("worker", 8082),
}


SECRET = "jwt_secret"  # noqa: S105  # nosec B105 - the name of a file
"""The file of the demo's data that holds what `kept_secret` gives."""


class BadPort(Exception):
    """A port in the environment is no port; the text names the variable."""


@dataclass(frozen=True)
class Surroundings:
    """The ports of the demo, by the variable that sets each."""

    ports: Mapping[str, int]

    @property
    def services(self) -> Ports:
        """The ports of the embedded services."""
        return Ports(
            postgres=self.ports["POSTGRES_PORT"],
            redis=self.ports["REDIS_PORT"],
            s3=self.ports["S3_PORT"],
        )

    def url(self, variable: str, path: str = "") -> str:
        """The address of the server on the port of a variable."""
        return f"http://{HOST}:{self.ports[variable]}{path}"

    def taken(self) -> list[PortTaken]:
        """What is wrong with each port that somebody listens on already."""
        return [
            PortTaken(_PORTS[variable][0], port, variable)
            for variable, port in self.ports.items()
            if not is_free(port)
        ]

    def variables(self) -> dict[str, str]:
        """What the processes of the demo are told, every setting that could lead elsewhere."""
        access = Access()
        login = f"{access.postgres_user}:{access.postgres_password}"
        postgres = f"{HOST}:{self.ports['POSTGRES_PORT']}"
        return {
            **{variable: str(port) for variable, port in self.ports.items()},
            "ENV": "local",
            "BIND_HOST": HOST,
            "SANDBOX_HOST": HOST,
            "BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_URL": self.url("SANDBOX_PORT"),
            "UPDATES": "polling",
            "POSTGRES_HOST": HOST,
            "POSTGRES_USER": access.postgres_user,
            "POSTGRES_PASSWORD": access.postgres_password,
            "POSTGRES_DB": DATABASE,
            "DATABASE_URL": f"postgresql://{login}@{postgres}/{DATABASE}",
            "REDIS_URL": f"redis://{HOST}:{self.ports['REDIS_PORT']}/0",
            "S3_ENDPOINT_URL": self.url("S3_PORT"),
            "S3_REGION": access.s3_region,
            "S3_BUCKET": access.s3_bucket,
            "S3_ACCESS_KEY": access.s3_access_key,
            "S3_SECRET_KEY": access.s3_secret_key,
            "S3_PUBLIC_ENDPOINT_URL": self.url("S3_PORT"),
            "S3_ADDRESSING": "path",
            "S3_CA_BUNDLE": "",
            "S3_ENCRYPTION": "none",
            "S3_KMS_KEY_ID": "",
            "DIGEST_HOUR": "off",
            "QUIET_HOURS": "off",
            "BACKUP_HOURS": "off",
            "BACKUP_ON_STOP": "0",
            "BACKUP_S3": "0",
            **SELLER,
            "PYTHONUNBUFFERED": "1",
        }


def surroundings(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """The demo's ports: those of the environment, else its own.

    Raises:
        BadPort: a variable holds something that is not a port.
    """
    return Surroundings({name: _port(name, environ, usual) for name, (_, usual) in _PORTS.items()})


def _port(variable: str, environ: Mapping[str, str], usual: int) -> int:
    text = environ.get(variable) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise BadPort(f"{variable}={text}: must be a port, 1 to 65535")
    return int(text)


def kept_secret(data_dir: Path) -> str:
    """What signs the access tokens of the demo's API: made once, for its owner alone to read.

    The bot's token, which serves elsewhere, is no secret here.
    """
    path = data_dir / SECRET
    path.touch(mode=0o600)
    if not path.read_text():
        path.write_text(secrets.token_hex(32))
    return path.read_text()
