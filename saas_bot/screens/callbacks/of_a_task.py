"""Which task a message of ours is about, as its buttons tell."""

from saas_bot.screens.callbacks.files import Files
from saas_bot.screens.callbacks.lists import FoundTask, ListedTask
from saas_bot.screens.callbacks.work import Task, TaskEdit

_PREFIXES = {one.__prefix__ for one in (Task, ListedTask, FoundTask, TaskEdit, Files)}


def task_of(data: str) -> int | None:
    """The id of the task that a button opens or changes; None of any other button."""
    prefix, _, rest = data.partition(":")
    task_id = rest.partition(":")[0]
    return int(task_id) if prefix in _PREFIXES and task_id.isdecimal() else None
