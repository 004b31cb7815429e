"""Files for a task, with or without words."""

from collections.abc import Sequence

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Incoming, Rules
from saas_bot.handlers.tasks.comments import about_calls
from saas_bot.services import files
from saas_bot.services.tasks import TaskCard


async def attach(
    session: Session,
    actor: Actor,
    task: TaskCard,
    incoming: Sequence[Incoming],
    words: str,
    rules: Rules,
    t: Translator,
    *,
    internal: bool = False,
    album: str | None = None,
) -> tuple[TaskCard, Markup | None]:
    """Files as they are; or with words, as a comment that has them.

    Gives the task, and of a comment what to say: that it is there, and what came of its calls.
    """
    if not words:
        await files.add_to(session, actor, task, incoming, rules, internal=internal, album=album)
        return task, None
    return await comment(
        session, actor, task, incoming, words, rules, t, internal=internal, album=album
    )


async def comment(
    session: Session,
    actor: Actor,
    task: TaskCard,
    incoming: Sequence[Incoming],
    words: str,
    rules: Rules,
    t: Translator,
    *,
    internal: bool = False,
    album: str | None = None,
) -> tuple[TaskCard, Markup]:
    """Files as a comment that has them; gives the same as `attach`."""
    task = await files.comment_with(
        session, actor, task, words, incoming, rules, internal=internal, album=album
    )
    calls = await about_calls(session, actor, task, words, t, internal=internal)
    return task, t("done-comment") + calls
