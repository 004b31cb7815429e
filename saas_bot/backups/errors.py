"""What can go wrong with a backup."""

from enum import StrEnum


class Why(StrEnum):
    """Why there is no backup, or why it is no good; operators read it in their own words."""

    BUSY = "busy"
    """One is being made already, here or by another process."""
    TIMED_OUT = "timed_out"
    NO_ROOM = "no_room"
    """The disk is full, or may not be written to any further."""
    NO_PLACE = "no_place"
    """The directory can't be used."""
    NO_CLIENT = "no_client"
    """PostgreSQL's own programs are missing, or older than the server."""
    DATABASE = "database"
    """It can't be reached, went away, or refuses."""
    DAMAGED = "damaged"
    """A backup is not what it was when it was made."""
    UNKNOWN = "unknown"
    """A backup that this release can't restore."""
    DIFFERS = "differs"
    """What was restored is not what was backed up."""
    IN_USE = "in_use"
    """Somebody is connected to the database that is to be replaced."""
    FAILED = "failed"


class BackupFailed(Exception):
    """The text says what to do about it, in one line, and holds no secret."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why
