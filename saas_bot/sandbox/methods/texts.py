"""Texts and captions of calls: parsed, cleaned, measured."""

from __future__ import annotations

from typing import Any, Final

from saas_bot.sandbox.cleaning import clean, is_blank
from saas_bot.sandbox.entities import Entity, find_entities, utf16_length
from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.html_entities import checked_url, parse_html
from saas_bot.sandbox.limits import CAPTION_MAX, RAW_TEXT_MAX, TEXT_MAX
from saas_bot.sandbox.markdown import parse_markdown
from saas_bot.sandbox.markdown_v2 import parse_markdown_v2
from saas_bot.sandbox.methods.table import plain
from saas_bot.sandbox.state import Json

_PARSERS: Final = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}
_OFFSET_MAX: Final = 1_000_000
# MessageEntity kinds a call may give; Telegram finds the others by itself.
_GIVEN_KINDS: Final = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "custom_emoji",
    }
)


def _formatted(
    text: str, parse_mode: str | None, given: list[Any] | None, most: int, too_long: str
) -> tuple[str, list[Entity]]:
    """Text and entities as Telegram stores them: parsed, cleaned, with what it finds itself.

    Over `most` characters it is refused in the words of `too_long`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT_MAX:
        raise bad_request("text is too long")
    mode = (parse_mode or "none").lower()
    entities: list[Entity] = []
    if text and mode in _PARSERS:
        text, entities = _PARSERS[mode](text)
    elif text and mode != "none":
        raise bad_request("unsupported parse_mode")
    elif given:
        entities = _given(text, given)
    text, entities = clean(text, entities)
    if is_blank(text):
        return "", []
    if len(text) > most:
        raise bad_request(too_long)
    return text, find_entities(text, entities)


def _given(text: str, given: list[Any]) -> list[Entity]:
    """Entities that came with a call: cut to the text, links without a good address left out."""
    size = utf16_length(text)
    entities: list[Entity] = []
    for one in given:
        if not 0 <= one.offset <= _OFFSET_MAX:
            raise bad_request(f"receive an entity with incorrect offset {one.offset}")
        if not 0 <= one.length <= _OFFSET_MAX:
            raise bad_request(f"receive an entity with incorrect length {one.length}")
        entity: Entity = one.model_dump(exclude_none=True, mode="json")
        entity["length"] = min(one.length, size - one.offset)
        if one.type == "text_link":
            url = checked_url(one.url or "")
            if url is None:
                continue
            entity["url"] = url
        if entity["length"] > 0 and one.type in _GIVEN_KINDS:
            entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return entities


def text_parts(about: Any) -> Json:
    """`text` and `entities` of a message to send or to change: 1 to 4,096 characters."""
    mode = plain(about.parse_mode)
    text, entities = _formatted(about.text, mode, about.entities, TEXT_MAX, "message is too long")
    if not text:
        raise bad_request("text must be non-empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_parts(about: Any) -> Json:
    """`caption` and `caption_entities` of a call or of one medium in it, up to 1,024 characters."""
    mode = plain(about.parse_mode)
    caption, entities = _formatted(
        about.caption or "",
        mode,
        about.caption_entities,
        CAPTION_MAX,
        "message caption is too long",
    )
    content: Json = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    return content


def without_caption(content: Json) -> Json:
    """A message's content but for its caption."""
    return {
        key: value for key, value in content.items() if key not in ("caption", "caption_entities")
    }
