"""Timezones by the names of their cities, in Russian and English (CLDR, through Babel)."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from saas_bot.core.errors import Invalid

# Large cities that are in the zone of another one.
_NEIGHBOURS = {
    "санкт-петербург": "Europe/Moscow",
    "петербург": "Europe/Moscow",
    "питер": "Europe/Moscow",
    "нижний новгород": "Europe/Moscow",
    "казань": "Europe/Moscow",
    "ростов-на-дону": "Europe/Moscow",
    "краснодар": "Europe/Moscow",
    "сочи": "Europe/Moscow",
    "воронеж": "Europe/Moscow",
    "челябинск": "Asia/Yekaterinburg",
    "пермь": "Asia/Yekaterinburg",
    "уфа": "Asia/Yekaterinburg",
    "тюмень": "Asia/Yekaterinburg",
    "munich": "Europe/Berlin",
    "san francisco": "America/Los_Angeles",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "mumbai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
}


def city_of(zone: str, language: str) -> str:
    """The city by which a language calls a zone: `Москва` for `Europe/Moscow`."""
    named: str | None = Locale(language).time_zones.get(zone, {}).get("city")
    return named or zone.rpartition("/")[2].replace("_", " ")


def zone_of(text: str) -> str:
    """The IANA zone of a city or zone name, in any case (`berlin`, `Москва`, `Europe/Berlin`).

    Raises:
        Invalid: there is no such zone.
    """
    wanted = " ".join(text.replace("_", " ").split()).lower()
    zone = _zones().get(wanted)
    if zone is None:
        raise Invalid("timezone-unknown")
    return zone


@cache
def _zones() -> dict[str, str]:
    zones = sorted(available_timezones(), reverse=True)
    places = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    named = {city_of(zone, "ru").lower(): zone for zone in places}
    named |= {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in zones}
    named |= {zone.replace("_", " ").lower(): zone for zone in zones}
    return named | _NEIGHBOURS
