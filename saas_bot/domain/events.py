"""What can be told to people, as they think of it, and when they may want to hear of it again."""

from enum import StrEnum


class Event(StrEnum):
    """Something that happens: on or off in the settings."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    WAITS = "waits"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    STOPPED = "stopped"
    COMMENTED = "commented"
    MENTIONED = "mentioned"
    FILES = "files"
    DUE = "due"
    OVERDUE = "overdue"
    PROJECTS = "projects"
    PEOPLE = "people"
    BILLING = "billing"


class Later(StrEnum):
    """When a notification that was put off comes again."""

    HOUR = "hour"
    MORNING = "morning"
