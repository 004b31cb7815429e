"""What can go wrong with the embedded services; each text says what to do about it."""

from pathlib import Path


class EmbeddedError(Exception):
    """An embedded service can't be had; the text is for the person at the terminal."""


class PortTaken(EmbeddedError):
    """Another program listens on the port that was asked for."""

    def __init__(self, service: str, port: int, variable: str) -> None:
        super().__init__(
            f"Port {port} for {service} is taken by another program. "
            f"Stop that program, or choose another port with {variable}."
        )
        self.service = service
        self.port = port
        self.variable = variable


class DataDirBusy(EmbeddedError):
    """Another process runs the embedded services on the same data directory."""

    def __init__(self, data_dir: Path, owner: int | None) -> None:
        who = f"process {owner}" if owner else "another process"
        super().__init__(f"{data_dir} is in use by {who}. Stop it first.")
        self.data_dir = data_dir
        self.owner = owner


class DataUnusable(EmbeddedError):
    """The data directory holds something these binaries can't run on."""


def of_another_user(path: Path) -> DataUnusable:
    """What to raise when `path` can't be used because somebody else made it."""
    return DataUnusable(f"{path} belongs to another user. Start as that user, or remove it.")


class ServiceFailed(EmbeddedError):
    """A service did not start, would not stop, or died; carries the last lines of its log."""

    def __init__(self, service: str, reason: str, log: Path, log_tail: str = "") -> None:
        tail = f"\n{log_tail}" if log_tail else ""
        super().__init__(f"{service} {reason}; its log is {log}{tail}")
        self.service = service
        self.reason = reason
        self.log = log
        self.log_tail = log_tail
