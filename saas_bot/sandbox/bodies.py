"""What requests to the people-side API carry, checked field by field."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from saas_bot.sandbox.errors import Refused
from saas_bot.sandbox.params import read_body

_LANGUAGE: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

Name = Annotated[str, Field(min_length=1, max_length=64)]
Username = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{2,31}$")]
Language = Annotated[str, Field(pattern=_LANGUAGE)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class PersonFields(_Body):
    """`POST /api/people`; `started` gives the bot the right to write first, as after /start."""

    first_name: Name
    last_name: Annotated[str, Field(max_length=64)] | None = None
    username: Username | None = None
    language_code: Language = "en"
    id: Annotated[int, Field(ge=1, lt=1 << 52)] | None = None
    note: Annotated[str, Field(max_length=64)] = ""
    started: bool = False

    @field_validator("username", "last_name", mode="before")
    @classmethod
    def _blank_is_absent(cls, value: Any) -> Any:
        return None if value == "" else value


class PersonChanges(_Body):
    """`PATCH /api/people/{id}`; an empty username or last name removes it."""

    first_name: Name | None = None
    last_name: Annotated[str, Field(max_length=64)] | None = None
    username: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_]{2,31})?$")] | None = None
    language_code: Language | None = None
    note: Annotated[str, Field(max_length=64)] | None = None
    deactivated: bool | None = None


class TextBody(_Body):
    """A message to send."""

    text: str
    reply_to_message_id: int | None = None


class ForwardBody(_Body):
    """A message to forward, from the chat of `from_person` (one's own by default)."""

    message_id: int
    from_person: int | None = None


class StartBody(_Body):
    """A press of START, with the payload of a deep link."""

    payload: str = ""


class ClickBody(_Body):
    """A press of an inline button, or a forged one."""

    message_id: int
    data: str
    forged: bool = False


class PayBody(_Body):
    """A payment: of an invoice in the chat, or of one a link (its part after `$`) leads to."""

    message_id: int | None = None
    link: str | None = None


class ContactBody(_Body):
    """A contact; the person's own one by default."""

    phone_number: Annotated[str, Field(min_length=1, max_length=32)] = "+10000000000"
    first_name: Name | None = None
    user_id: int | None = None


class LocationBody(_Body):
    """A place on Earth, in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)] = 0.0
    longitude: Annotated[float, Field(ge=-180, le=180)] = 0.0


class StickerBody(_Body):
    """A sticker that stands for an emoji."""

    emoji: Annotated[str, Field(min_length=1, max_length=16)] = "👍"


class GroupFields(_Body):
    """`POST /api/groups`: its title and the ids of its people."""

    title: Annotated[str, Field(min_length=1, max_length=128)]
    members: Annotated[list[int], Field(min_length=1, max_length=200)]


class MembershipBody(_Body):
    """Whether the bot is to be a member from now on, and whose doing it is."""

    person: int
    member: bool = True


class GroupTextBody(TextBody):
    """What a member says."""

    person: int


B = TypeVar("B", bound=BaseModel)


async def body_of(request: web.Request, model: type[B]) -> B:
    """The JSON body as `model`; a `Refused` that names the field when it doesn't fit."""
    try:
        raw = await read_body(request)
        return model.model_validate(json.loads(raw) if raw else {})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise Refused(400, f"{where}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise Refused(400, "the body isn't JSON") from None
