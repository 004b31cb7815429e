"""Timezones by the names of their cities, in Russian and English (CLDR, through Babel)."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from saas_bot.core.errors import Invalid

# Large cities that are in the zone of another one, and other names of those that have their own.
_NEIGHBOURS = {
    "Europe/Moscow": (
        "saint petersburg, petersburg, nizhny novgorod, kazan, rostov on don, rostov, krasnodar,"
        "sochi, voronezh, yaroslavl, санкт петербург, петербург, питер, спб, мск,"
        "нижний новгород, казань, ростов на дону, ростов, краснодар, сочи, воронеж, ярославль,"
        "тула, рязань, пенза, липецк, набережные челны, махачкала, грозный, ставрополь, чебоксары,"
        "мурманск, архангельск, вологда, череповец, тверь, калуга, курск, белгород, брянск, иваново"
    ),
    "Europe/Samara": "togliatti, izhevsk, тольятти, ижевск",
    "Asia/Yekaterinburg": (
        "ekaterinburg, chelyabinsk, perm, ufa, tyumen, orenburg, surgut, челябинск, пермь, уфа,"
        "тюмень, оренбург, сургут, магнитогорск, нижний тагил"
    ),
    "Asia/Novokuznetsk": "kemerovo, кемерово",
    "Asia/Irkutsk": "ulan ude, улан удэ",
    "Asia/Yakutsk": "blagoveshchensk, благовещенск",
    "Asia/Vladivostok": "khabarovsk, хабаровск",
    "Asia/Sakhalin": "южно сахалинск",
    "Europe/Simferopol": "sevastopol, севастополь",
    "Europe/Minsk": "gomel, гомель, brest, брест",
    "Europe/Kyiv": (
        "kyiv, kiev, киев, odesa, odessa, одесса, kharkiv, kharkov, харьков, lviv, львов,"
        "dnipro, днепр"
    ),
    "Europe/Chisinau": "кишинев",
    "Asia/Almaty": "alma ata, алма ата, astana, астана, nur sultan, нур султан, shymkent, шымкент",
    "Asia/Tbilisi": "batumi, батуми",
    "Asia/Jerusalem": "tel aviv, тель авив, haifa, хайфа",
    "Asia/Nicosia": "limassol, лимассол, paphos, пафос",
    "Asia/Dubai": "abu dhabi, абу даби",
    "Asia/Qatar": "doha, доха",
    "Asia/Riyadh": "jeddah, джидда",
    "Europe/Istanbul": "ankara, анкара, antalya, анталья, izmir, измир",
    "Europe/Belgrade": "novi sad, нови сад",
    "Europe/Podgorica": "budva, будва",
    "Europe/Berlin": (
        "munich, münchen, hamburg, cologne, köln, frankfurt, düsseldorf, stuttgart, leipzig,"
        "мюнхен, гамбург, кельн, франкфурт, дюссельдорф, штутгарт"
    ),
    "Europe/Zurich": "geneva, basel, bern, женева, базель, берн",
    "Europe/Madrid": "barcelona, valencia, барселона, валенсия",
    "Europe/Rome": "milan, naples, venice, turin, милан, неаполь, венеция, турин",
    "Europe/Paris": "lyon, marseille, nice, лион, марсель, ницца",
    "Europe/Amsterdam": "rotterdam, the hague, роттердам, гаага",
    "Europe/Brussels": "antwerp, антверпен",
    "Europe/Lisbon": "porto, порту",
    "Europe/Warsaw": "krakow, gdansk, wroclaw, краков, гданьск, вроцлав",
    "Europe/Prague": "brno, брно",
    "Europe/London": "edinburgh, manchester, birmingham, glasgow, liverpool, эдинбург, манчестер",
    "America/New_York": (
        "new york city, nyc, washington, boston, miami, atlanta, philadelphia,"
        "вашингтон, бостон, майами, филадельфия"
    ),
    "America/Chicago": "saint louis, houston, dallas, austin, minneapolis, хьюстон, даллас",
    "America/Los_Angeles": (
        "san francisco, seattle, portland, las vegas, san diego, san jose,"
        "сан франциско, сиэтл, лас вегас"
    ),
    "America/Toronto": "montreal, монреаль, ottawa, оттава",
    "America/Edmonton": "calgary, калгари",
    "America/Sao_Paulo": "rio de janeiro, рио де жанейро, brasilia, бразилиа",
    "Asia/Kolkata": (
        "delhi, new delhi, mumbai, bombay, bangalore, bengaluru, chennai, hyderabad, pune, goa,"
        "дели, мумбаи, бомбей, гоа"
    ),
    "Asia/Shanghai": "beijing, peking, shenzhen, guangzhou, пекин, шэньчжэнь, гуанчжоу",
    "Asia/Tokyo": "osaka, kyoto, осака, киото",
    "Asia/Seoul": "busan, пусан",
    "Asia/Ho_Chi_Minh": "ho chi minh city, hanoi, nha trang, ханой, нячанг",
    "Asia/Bangkok": "phuket, pattaya, пхукет, паттайя",
    "Asia/Makassar": "bali, denpasar, бали",
    "Pacific/Auckland": "wellington, веллингтон",
    "Africa/Lagos": "abuja, абуджа",
    "Africa/Johannesburg": "cape town, кейптаун",
}

_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d])[-.'’]\s*(?=[^\W\d])")
"""What joins the words of a city, and not the parts of a zone such as `Etc/GMT-3`."""


def city_of(zone: str, language: str) -> str:
    """The city by which a language calls a zone: `Москва` for `Europe/Moscow`."""
    named: str | None = Locale(language).time_zones.get(zone, {}).get("city")
    return named or zone.rpartition("/")[2].replace("_", " ")


def zone_of(text: str) -> str:
    """The IANA zone of a city or zone name (`berlin`, `Москва`, `St. Petersburg`, `Europe/Berlin`).

    Case, accents, hyphens and dots make no difference.

    Raises:
        Invalid: there is no such zone.
    """
    zone = _zones().get(_plain(text))
    if zone is None:
        raise Invalid("timezone-unknown")
    return zone


def _plain(name: str) -> str:
    """A name as it is looked up."""
    letters = unicodedata.normalize("NFKD", name.replace("_", " ").lower())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    words = " ".join(_BETWEEN_LETTERS.sub(" ", bare).split())
    return f"saint {words[3:]}" if words.startswith("st ") else words


@cache
def _zones() -> dict[str, str]:
    zones = sorted(available_timezones(), reverse=True)
    places = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    named = [(city_of(zone, "ru"), zone) for zone in places]
    named += [(zone.rpartition("/")[2], zone) for zone in zones]
    named += [(zone, zone) for zone in zones]
    named += [(city, zone) for zone, cities in _NEIGHBOURS.items() for city in cities.split(",")]
    return {_plain(name): zone for name, zone in named}
