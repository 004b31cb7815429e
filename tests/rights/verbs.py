"""Every verb: the rights it needs, how a service does it, and how people do it in the chat."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram.filters.callback_data import CallbackData

from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from tests.bot.people import Person
from tests.bot.telegram import Json
from tests.rights.expected import Answer, Kind, Target

Step = CallbackData | str | Callable[[Person], Json | Awaitable[Json]]
"""A button, words, or any other update."""

Way = Callable[[Target], tuple[Step, ...]]
Arguments = Callable[[Target], tuple[tuple[Any, ...], dict[str, Any]]]


def given(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a service is given after the session and the actor."""
    return args, kwargs


@dataclass(frozen=True)
class Verb:
    """One thing that somebody does to something."""

    name: str
    needs: tuple[Right, ...]
    on: Kind
    service: Callable[..., Awaitable[Any]] | None = None
    """Of a verb that is done in the chat alone: None."""
    args: Arguments = lambda x: given(x.id)
    ways: tuple[Way, ...] = ()
    """Each the steps that lead there; whoever may not is refused at the first."""
    changes: str = ""
    """A table in which a row has changed then; reading changes none."""
    shows: Callable[[Target], str] = lambda x: x.name
    """What is read then."""
    states: tuple[str, ...] = ("new",)
    """Where the target stands, if it is a task or a member."""
    sees: tuple[Right, ...] = ()
    """Rights without which there is nothing there, beside those of the kind."""
    everywhere: tuple[Right, ...] = ()
    """Those of `needs` that have to reach everywhere."""
    archived: Answer = Answer.DONE
    """What comes of it where the project is archived."""
    skips: Callable[[Target], bool] = lambda _: False
    """What another rule than the table stands against."""

    noted: bool = True
    """Whether the audit trail has the change at once; a file is noted when it is stored."""

    tries: tuple[Callable[..., Awaitable[Any]], ...] = ()
    """Further services that `service` calls, where it is one of the tests' own."""
    refused_at: int | None = 0
    """The step at which whoever may not is told so; None: they are answered as if they had said
    something else."""
    tells: tuple[str, ...] = ()
    """Words that it may tell although they are secret otherwise."""

    def __str__(self) -> str:
        return self.name


def asked(field: str, *then: Step) -> Way:
    """A part of the task was asked for, and these steps after that."""
    return lambda x: (to.TaskEdit(id=x.id, field=field), *then)


def is_senior(x: Target) -> bool:
    """Whether it is a member to whom projects mean nothing."""
    return x.role in (Role.ADMIN, Role.MANAGER)


def press(*beginnings: str, but: str = "\0") -> Callable[[Person], Json]:
    """The first button of the newest screen whose data begin so, but none labelled `but`."""

    def pressed(person: Person) -> Json:
        pairs = zip(person.screen.buttons, person.screen.data, strict=True)
        found = [data for label, data in pairs if data.startswith(beginnings) and but not in label]
        assert found, f"{beginnings}: no such button under {person.screen.text!r}"
        return person.pressing(found[0])

    return pressed


def forwarded(person: Person) -> Json:
    """What somebody said elsewhere, forwarded to the bot."""
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1_700_000_000}
    return person.message(text="Mend it", forward_origin=origin)
