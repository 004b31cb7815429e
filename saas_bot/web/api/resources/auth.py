"""Signing in, going on, signing out.

A refused try is to be counted and a used-up token to end its session, so these work in transactions
of their own, which commit before the refusal.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal

from pydantic import Field

from saas_bot.core import init_data
from saas_bot.core.errors import Unauthorized
from saas_bot.core.tokens import LIFETIME
from saas_bot.domain.permissions import Permission
from saas_bot.services import login_codes, sessions
from saas_bot.services.sessions import Opened
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Text
from saas_bot.web.api.problems import Problem
from saas_bot.web.api.rates import Kind
from saas_bot.web.api.routes import Door, Route
from saas_bot.web.api.signing_in import CHALLENGE, device_of


class SignIn(Model):
    """Where to work."""

    company: Id | None = Field(
        default=None, description="The company to work in; the one active in the chat if left out"
    )


class CodeSignIn(SignIn):
    """A one-time code from the chat."""

    code: Text = Field(
        max_length=64,
        description="As `/login` shows it; case, spaces and hyphens don't matter",
        examples=["7K2MX-9QRTV-3WYZ4"],
    )


class TelegramSignIn(SignIn):
    """What Telegram has signed for the Mini App."""

    init_data: Text = Field(
        max_length=init_data.LONGEST,
        description="`Telegram.WebApp.initData` as it is, at most five minutes old; it serves once",
    )


class Refresh(Model):
    """The newest refresh token of a session."""

    refresh_token: Text = Field(max_length=200, examples=["sbr_..."])


class Tokens(Answer):
    """What opens the API from now on."""

    access_token: str = Field(description="For `Authorization: Bearer ...`")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds until the access token is over", examples=[900])
    refresh_token: str = Field(description="Gets the next tokens, once; keep it where nobody looks")
    refresh_expires_in: int = Field(
        description="Seconds until the session is over if it is not refreshed", examples=[2592000]
    )
    session_id: int
    company_id: int | None = Field(description="null for an operator who is in none")

    @classmethod
    def of(cls, call: Call, opened: Opened) -> "Tokens":
        """The tokens of a session that begins or goes on."""
        return cls(
            access_token=call.parts.keys.issue(opened.claims),
            expires_in=int(LIFETIME.total_seconds()),
            refresh_token=opened.refresh_token,
            refresh_expires_in=int(sessions.LIFETIME.total_seconds()),
            session_id=opened.claims.session_id,
            company_id=opened.company_id,
        )


async def code(call: Call, body: CodeSignIn) -> Tokens:
    """With a code that `/login` gives in the chat with the bot: good once, for five minutes and
    five tries. The person is told in the chat."""
    async with _refusing():
        async with call.parts.database.reading() as driver:
            right = await login_codes.try_out(driver, body.code)
        async with call.parts.database.system_session("auth.code") as session:
            await login_codes.spend(session, right)
            opened = await sessions.begin(
                session,
                right.telegram_id,
                device_of(call.request, call.parts.settings),
                company_id=body.company,
                is_operator=right.telegram_id in call.parts.settings.operator_ids,
            )
    return Tokens.of(call, opened)


async def telegram(call: Call, body: TelegramSignIn) -> Tokens:
    """With what Telegram has signed for this bot's Mini App. The person is told in the chat."""
    settings = call.parts.settings
    async with _refusing():
        shown = init_data.check(body.init_data, settings.bot_token.get_secret_value())
        async with call.parts.database.system_session("auth.telegram") as session:
            opened = await sessions.begin(
                session,
                shown.telegram_id,
                device_of(call.request, settings),
                company_id=body.company,
                is_operator=shown.telegram_id in settings.operator_ids,
                proof=shown.proof,
            )
    return Tokens.of(call, opened)


async def refresh(call: Call, body: Refresh) -> Tokens:
    """New tokens for the ones at hand, which end with it.

    A refresh token serves once. One that is shown again, be it by two at the same moment, ends its
    session; so does an answer that was lost, for there is no telling.
    """
    device = device_of(call.request, call.parts.settings)
    async with call.parts.database.system_session("auth.refresh") as session:
        opened = await sessions.refresh(session, body.refresh_token, device)
    if opened is None:
        raise Problem(401, "refresh-refused", headers=CHALLENGE)
    return Tokens.of(call, opened)


async def logout(call: Call) -> None:
    """End the session that asks."""
    await sessions.end(call.session, call.account, call.signed.session_id)


@asynccontextmanager
async def _refusing() -> AsyncIterator[None]:
    try:
        yield
    except Unauthorized as refused:
        raise Problem(401, refused.code, headers=CHALLENGE) from None


_WORK: Final = {404: ("company-not-found",), 409: ("login-no-company",)}

ROUTES: Final = (
    Route(
        "POST",
        "/auth/code",
        None,
        code,
        "Sign in with a code",
        door=Door.NONE,
        counts_as=Kind.SIGN_IN,
        problems=_WORK | {401: ("login-code-refused", "sign-in-unknown")},
    ),
    Route(
        "POST",
        "/auth/telegram",
        None,
        telegram,
        "Sign in from the Mini App",
        door=Door.NONE,
        counts_as=Kind.SIGN_IN,
        problems=_WORK | {401: ("init-data-refused", "init-data-expired", "sign-in-unknown")},
    ),
    Route(
        "POST",
        "/auth/refresh",
        None,
        refresh,
        "Go on with new tokens",
        door=Door.NONE,
        counts_as=Kind.REFRESH,
        problems={401: ("refresh-refused",)},
    ),
    Route(
        "POST",
        "/auth/logout",
        Permission.ACCOUNT,
        logout,
        "Sign out",
        status=204,
        door=Door.SYSTEM,
        problems={404: ("session-not-found",)},
    ),
)
