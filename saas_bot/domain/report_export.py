"""A report to take away: as what, and how far it has come."""

from enum import StrEnum


class Format(StrEnum):
    """What a report is given as."""

    XLSX = "xlsx"
    CSV = "csv"
    CHART = "chart"


class State(StrEnum):
    """How far an export has come."""

    QUEUED = "queued"
    RUNNING = "running"
    SENT = "sent"
    READY = "ready"
    """It can be downloaded, for a while."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """How whoever asked for an export gets it."""

    CHAT = "chat"
    DOWNLOAD = "download"


UNDER_WAY = (State.QUEUED, State.RUNNING)
"""The states in which there is still something to wait for."""
