"""Which language a caller wants to read (RFC 9110, section 12.5.4)."""

from functools import lru_cache

from saas_bot.core.i18n import LANGUAGES


@lru_cache(maxsize=256)
def wanted(header: str) -> str | None:
    """The language of an `Accept-Language` that we speak and they like best; None without one."""
    best, liked = None, 0.0
    for part in header.lower().split(","):
        tag, _, rest = part.partition(";")
        language = tag.strip().partition("-")[0]
        quality = _quality(rest)
        if language in LANGUAGES and quality > liked:
            best, liked = language, quality
    return best


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
