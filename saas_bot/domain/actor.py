"""Who is acting: the answer to the one question asked for every update."""

from dataclasses import dataclass

from saas_bot.core.errors import Forbidden, LimitReached, NotFound
from saas_bot.domain.permissions import Permission, Role, may, may_over_limit
from saas_bot.domain.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True)
class Account:
    """One Telegram person, whatever the company: their id, name and settings."""

    telegram_id: int
    name: str
    username: str | None
    language: str
    timezone: str
    is_operator: bool = False
    tips_seen: frozenset[str] = frozenset()
    events_off: frozenset[str] = frozenset()
    """Of what they do not want to be told."""
    quiet_hours: QuietHours | None = None

    def need_operator(self) -> None:
        """Pass if the person runs this deployment (`OPERATOR_IDS`).

        Raises:
            NotFound: they don't; for them, nothing of that exists.
        """
        if not self.is_operator:
            raise NotFound("stale-button")


@dataclass(frozen=True, slots=True)
class Actor:
    """An account at work in its active company."""

    account: Account
    company_id: int
    company_name: str
    user_id: int
    role: Role
    elsewhere: bool = False
    """They work in another company now; of this one they are only to be told something."""

    over_limit: bool = False
    """They are beyond the seats of the company's plan, and only read what they see."""

    def may(self, permission: Permission) -> bool:
        """Whether they have `permission` at all, as things stand with the plan."""
        allowed = may_over_limit if self.over_limit else may
        return allowed(self.role, permission)

    def need(self, permission: Permission) -> None:
        """Pass if the role has `permission` at all.

        Raises:
            Forbidden: it has not.
            LimitReached: it has, but the person is beyond the seats of the plan.
        """
        if not may(self.role, permission):
            raise Forbidden("not-allowed")
        self.need_seat(permission)

    def need_seat(self, permission: Permission) -> None:
        """Pass if the plan has a seat for them, or they may do this without one.

        Raises:
            LimitReached: it has none.
        """
        if self.over_limit and not may_over_limit(self.role, permission):
            raise LimitReached("limit-no-seat", company=self.company_name)
