"""Access tokens: ours are read, and no other, whatever their header says."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.core.tokens import AUDIENCE, LEEWAY, LIFETIME, Claims, Keys, TokenRefused

FIRST, SECOND, STRANGE = "first-" * 8, "second-" * 8, "strange-" * 8
CLAIMS = Claims(telegram_id=501, session_id=7)


def keys(settings: Settings, secret: str | None = FIRST, previous: str | None = None) -> Keys:
    values = {"jwt_secret": secret, "jwt_secret_previous": previous}
    secrets = {name: SecretStr(value) if value else None for name, value in values.items()}
    return Keys.of(settings.model_copy(update=secrets))


def made(settings: Settings, *, key: str = FIRST, header: Any = None, **claims: Any) -> str:
    """A token like ours, but for what is given; a claim of None is left out."""
    like = jwt.decode(keys(settings).issue(CLAIMS), options={"verify_signature": False})
    said = {name: value for name, value in (like | claims).items() if value is not None}
    ours = jwt.get_unverified_header(keys(settings).issue(CLAIMS))
    return jwt.encode(said, key, "HS256", headers=ours | (header or {}))


def by_hand(header: dict[str, Any], said: dict[str, Any], key: bytes = b"") -> str:
    """A token with any header, signed by HMAC with any bytes; none, and it is not signed."""
    parts = [_text(json.dumps(one).encode()) for one in (header, said)]
    signed = ".".join(parts)
    signature = hmac.digest(key, signed.encode(), hashlib.sha256) if key else b""
    return f"{signed}.{_text(signature)}"


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def said_by(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.get_unverified_header(token), claims


def refusal(settings: Settings, token: str) -> str:
    with pytest.raises(TokenRefused) as refused:
        keys(settings).read(token)
    return refused.value.code


def test_a_token_says_who_by_which_session_and_nothing_of_rights(settings: Settings) -> None:
    token = keys(settings).issue(CLAIMS)
    assert keys(settings).read(token) == CLAIMS
    header, claims = said_by(token)
    assert header.keys() == {"alg", "typ", "kid"}
    assert claims.keys() == {"iss", "aud", "sub", "sid", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == LIFETIME.total_seconds() == 900


def test_clocks_may_differ_by_little(settings: Settings) -> None:
    at, little, much = now(), LEEWAY - timedelta(seconds=3), LEEWAY + timedelta(seconds=3)
    assert keys(settings).read(made(settings, exp=at - little)) == CLAIMS
    assert keys(settings).read(made(settings, iat=at + little)) == CLAIMS
    assert refusal(settings, made(settings, exp=at - much)) == "token-expired"
    assert refusal(settings, made(settings, iat=at + much)) == "token-refused"


WRONG: dict[str, Callable[[Settings], str]] = {
    "another key": lambda s: made(s, key=STRANGE),
    "another key under its own name": lambda s: keys(s, STRANGE).issue(CLAIMS),
    "unknown kid": lambda s: made(s, header={"kid": "0" * 12}),
    "kid of another type": lambda s: by_hand(
        said_by(made(s))[0] | {"kid": ["x"]}, said_by(made(s))[1], FIRST.encode()
    ),
    "no kid": lambda s: by_hand({"alg": "HS256"}, said_by(made(s))[1], FIRST.encode()),
    "alg none": lambda s: by_hand(said_by(made(s))[0] | {"alg": "none"}, said_by(made(s))[1]),
    "alg NONE, signed": lambda s: by_hand(
        said_by(made(s))[0] | {"alg": "NONE"}, said_by(made(s))[1], FIRST.encode()
    ),
    "RS256 over our secret": lambda s: by_hand(
        said_by(made(s))[0] | {"alg": "RS256"}, said_by(made(s))[1], FIRST.encode()
    ),
    "HS384": lambda s: jwt.encode(
        said_by(made(s))[1], FIRST, "HS384", headers={"kid": said_by(made(s))[0]["kid"]}
    ),
    "crit": lambda s: by_hand(
        said_by(made(s))[0] | {"crit": ["x"], "x": 1}, said_by(made(s))[1], FIRST.encode()
    ),
    "other claims, same signature": lambda s: ".".join(
        (
            made(s).split(".")[0],
            _text(json.dumps(said_by(made(s))[1] | {"sub": "502"}).encode()),
            made(s).split(".")[2],
        )
    ),
    "other audience": lambda s: made(s, aud="elsewhere"),
    "list of audiences": lambda s: made(s, aud=[AUDIENCE, "elsewhere"]),
    "other issuer": lambda s: made(s, iss="saas-bot:1"),
    "no end": lambda s: made(s, exp=None),
    "no session": lambda s: made(s, sid=None),
    "no person": lambda s: made(s, sub=None),
    "nobody's id": lambda s: made(s, sub="-1"),
    "id out of range": lambda s: made(s, sid=2**63),
    "words for an id": lambda s: made(s, sub="ada"),
    "not yet": lambda s: made(s, nbf=now() + timedelta(hours=1)),
    "nothing": lambda _: "",
    "words": lambda _: "open sesame",
    "no ascii": lambda _: "я.я.я",
    "dots": lambda _: "...",
    "much": lambda _: "a" * 100_000,
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
def test_what_is_none_of_ours_is_refused(token: Callable[[Settings], str], settings) -> None:
    assert refusal(settings, token(settings)) == "token-refused"


def test_by_hand_makes_tokens_that_are_read_if_nothing_is_wrong(settings: Settings) -> None:
    assert keys(settings).read(by_hand(*said_by(made(settings)), FIRST.encode())) == CLAIMS


def test_a_key_in_rotation_is_still_read_and_signs_no_more(settings: Settings) -> None:
    old = keys(settings, FIRST).issue(CLAIMS)
    rotated = keys(settings, SECOND, previous=FIRST)
    assert rotated.read(old) == CLAIMS
    new = rotated.issue(CLAIMS)
    assert keys(settings, SECOND).read(new) == CLAIMS
    assert refusal(settings, new) == "token-refused"
    with pytest.raises(TokenRefused):
        keys(settings, SECOND).read(old)


def test_without_a_secret_all_processes_of_a_bot_share_one_and_other_bots_do_not(
    settings: Settings,
) -> None:
    token = keys(settings, None).issue(CLAIMS)
    assert keys(settings, None).read(token) == CLAIMS
    id_only = settings.model_copy(update={"bot_token": SecretStr(f"{settings.bot_id}:another")})
    with pytest.raises(TokenRefused):
        keys(id_only, None).read(token)
