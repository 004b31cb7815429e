"""Files for a task, with or without words."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Incoming, Rules
from saas_bot.handlers.tasks.comments import about_calls
from saas_bot.services import files
from saas_bot.services.tasks import TaskCard


@dataclass(frozen=True, slots=True)
class Attachment:
    """Files that somebody has sent for a task, at once or as parts of an `album`, and the words
    with them."""

    session: Session
    actor: Actor
    rules: Rules
    t: Translator
    incoming: Sequence[Incoming]
    words: str = ""
    internal: bool = False
    album: str | None = None

    async def to(self, task: TaskCard) -> tuple[TaskCard, Markup | None]:
        """Attach them as they are; or with words, as a comment that has them.

        Gives the task, and of a comment what to say: that it is there, and what came of its calls.
        """
        if self.words:
            return await self.as_comment(task)
        to = (self.session, self.actor, task)
        await files.add_to(*to, self.incoming, self.rules, internal=self.internal, album=self.album)
        return task, None

    async def as_comment(
        self, task: TaskCard, earlier: Sequence[int] = ()
    ) -> tuple[TaskCard, Markup]:
        """Attach them as a comment, which gets the `earlier` uploads too; gives the same."""
        session, actor, words, internal = self.session, self.actor, self.words, self.internal
        commented = await files.comment_with(
            session,
            actor,
            task,
            words,
            self.incoming,
            self.rules,
            internal=internal,
            album=self.album,
            earlier=earlier,
        )
        calls = await about_calls(session, actor, commented, words, self.t, internal=internal)
        return commented, self.t("done-comment") + calls
