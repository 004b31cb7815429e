"""What can go wrong by the rules, as codes; each edge puts them into words once.

`code` names the text (`error-<code>` in the locales) and is stable: programs may rely on it.
"""


class AppError(Exception):
    """A request that can't be fulfilled, for a reason the person can understand."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Forbidden(AppError):
    """The role does not allow it."""


class NotFound(AppError):
    """There is no such thing within the person's reach, whether it exists elsewhere or not."""


class Conflict(AppError):
    """The thing has changed meanwhile, or a rule of its state stands against it."""


class LimitReached(AppError):
    """The plan does not allow more."""


class Invalid(AppError):
    """The input itself is wrong: empty, too long, of the wrong kind.

    `field` names which part of it, as the API calls that, where there are several.
    """

    def __init__(self, code: str, *, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


class Unauthorized(AppError):
    """It is not known who asks: nothing was shown to prove it, or something that proves nothing."""
