"""Charts as PNG pictures."""

import asyncio
from dataclasses import asdict
from pathlib import Path

from saas_bot.domain.picture import Picture
from saas_bot.drawing.process import drawn
from saas_bot.screens.report_chart import picture
from saas_bot.services.report_series import series
from saas_bot.worker.report_tables import Making


async def chart(making: Making) -> Path:
    """The chart of a report as a PNG file.

    Raises:
        DrawingFailed: it could not be drawn.
    """
    async with making.database.tenant_session(making.actor.company_id) as session:
        counted = await series(session, making.actor, making.extent.report)
    png = await draw(picture(making.t, making.actor, counted))
    path = making.folder / "report.png"
    await asyncio.to_thread(path.write_bytes, png)
    return path


async def draw(what: Picture) -> bytes:
    """A PNG 1080 pixels wide, and as high as its panels need.

    Raises:
        DrawingFailed: the process failed or took too long.
    """
    return await drawn("charts", asdict(what))
