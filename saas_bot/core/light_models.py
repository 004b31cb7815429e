"""Importing aiogram without building all of its pydantic models.

aiogram 3 builds a validator for each of its several hundred Bot API types while it is imported,
although it asks pydantic to defer that: 2.5 s of processor time and 100 MB, of which this bot uses
a twentieth. Here the explicit builds are put off until a model is first used, which is what
pydantic does with deferred models.
"""

import sys
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

_eager = BaseModel.__dict__["model_rebuild"].__func__


def import_aiogram() -> None:
    """Import aiogram lightly; does nothing when it has been imported already."""
    if "aiogram" in sys.modules:
        return
    names: dict[str, Any] = {}

    def put_off(cls: type[BaseModel], /, **options: Any) -> bool | None:
        namespace = options.get("_types_namespace")
        if namespace is None:
            return build(cls, **options)
        names.update(namespace)
        return None

    def build(cls: type[BaseModel], /, **options: Any) -> bool | None:
        built: bool | None = _eager(cls, **{**options, "_types_namespace": names})
        return built

    BaseModel.model_rebuild = classmethod(put_off)  # type: ignore[assignment]
    try:
        from aiogram.client.context_controller import BotContextController
        from aiogram.methods import Response
    finally:
        BaseModel.model_rebuild = classmethod(_eager)  # type: ignore[method-assign,assignment]
    for root in (BotContextController, Response):
        root.model_rebuild = classmethod(build)  # type: ignore[assignment]
    _build_now(("Message", "CallbackQuery", "Update"))


def _build_now(names: Iterable[str]) -> None:
    """Build what the first update needs anyway, the parts before the whole that shares them."""
    from aiogram import types

    for name in names:
        getattr(types, name).model_rebuild()
