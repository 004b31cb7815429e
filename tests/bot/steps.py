"""Every step of every dialog: who comes to it and how, and what it says to words it can't take."""

from dataclasses import dataclass

from saas_bot.core.i18n import translator
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.conftest import OPERATOR, Cast
from tests.bot.people import Person, Stage
from tests.bot.rows import rows

STRANGERS = {"nora": (7, "Nora"), "olga": (OPERATOR, "Olga")}
"""Those who are in no company: a newcomer, and one who runs the deployment."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step; on the way there, `>` stands before what is clicked, and `*` for a file."""

    name: str
    state: str
    who: str
    way: tuple[str, ...]
    empty: str = "text-empty"
    back_to: str = ""
    """What the screen says that cancelling leads back to; the menu if nothing."""
    said: dict[str, str] | None = None
    """What the error about nothing to be read names."""
    limit: int = 0
    """Characters that fit; 0 where it has no limit of its own and long words are just unknown."""
    too_long: str = "error-text-too-long"
    leave: str = "Отмена"
    """The button that leads out of it, in Russian."""

    @property
    def takes_words(self) -> bool:
        """Whether it is a question to be answered in words."""
        return self.empty != "not-understood"

    @property
    def after_words(self) -> str:
        """Where words lead that it can't take: a choice of the draft gives way to the draft."""
        return "NewTask:draft" if self.state == "NewTask:choice" else self.state

    def to_nothing(self, language: str) -> str:
        """What it answers when there is nothing to be read."""
        return translator(language)(f"error-{self.empty}", **(self.said or {})).unescape()

    def to_too_much(self, language: str) -> str:
        """What it answers to one character too many."""
        if not self.limit:
            return self.to_nothing(language)
        length = self.limit + 1
        said = {"limit": self.limit, "length": length, "about": length}
        return translator(language)(self.too_long, **said).unescape()

    def to_a_sticker(self, language: str) -> str:
        """What it answers to anything but words."""
        key = "words-wanted" if self.takes_words else "not-understood"
        if self.state.startswith("FilesFor:"):
            key = self.empty
        return translator(language)(f"error-{key}").unescape()

    @property
    def takes_files(self) -> bool:
        """Whether a file is an answer to it, or goes with it."""
        with_words = self.name in ("comment", "submission", "return")
        return with_words or self.state.startswith(("NewTask:", "FilesFor:"))

    def to_a_file(self, language: str) -> str:
        """What it answers to a file, where that is no answer to it."""
        return translator(language)("file-not-kept").unescape()


_DRAFT = ("/newtask", ">d:project:{project}:", "Fix the pump")

_TO_DRAFT = "Fix the pump\n📁 WEB – Website"
_TO_TASK = "Fix the pump\n\n📁 Website"

STEPS = (
    Step("company name", "Onboarding:name", "nora", ("/start", ">o:create"), limit=64),
    Step(
        "company timezone",
        "Onboarding:timezone",
        "nora",
        ("/start", ">o:create", "Initech"),
        empty="timezone-unknown",
    ),
    Step("invite", "Onboarding:invite", "nora", ("/start", ">o:join"), empty="invite-not-found"),
    Step(
        "timezone",
        "Settings:timezone",
        "clive",
        ("/settings", ">o:timezone"),
        empty="timezone-unknown",
    ),
    Step(
        "other name of the company",
        "CompanyWords:name",
        "ada",
        (">o:company", ">o:companyname"),
        back_to="🏢 Acme",
        limit=64,
    ),
    Step(
        "timezone of the company",
        "CompanyWords:timezone",
        "ada",
        ("/company", ">o:companyzone"),
        back_to="🏢 Acme",
        empty="timezone-unknown",
    ),
    Step(
        "name of a company to delete",
        "CompanyWords:delete",
        "ada",
        ("/company", ">o:companydelete"),
        back_to="🏢 Acme",
        empty="company-name-differs",
        said={"company": "Acme"},
    ),
    *(
        Step(
            f"billing {name}",
            f"BillingWords:{name}",
            "ada",
            ("/billing", f">bs:{name}::"),
            back_to="🏷",
            empty=empty,
            limit=limit,
        )
        for name, limit, empty in (
            ("legal_name", 160, "text-empty"),
            ("address", 400, "text-empty"),
            ("tax_id", 40, "text-empty"),
            ("email", 254, "text-empty"),
        )
    ),
    Step(
        "transfer that came",
        "OperatorWords:transfer",
        "olga",
        ("/start", ">oi:{invoice}:note"),
        back_to="INV-2026-",
        empty="op-transfer",
        said={"currency": "EUR"},
    ),
    Step(
        "why an invoice is void",
        "OperatorWords:void",
        "olga",
        ("/start", ">ov:{invoice}"),
        back_to="INV-2026-",
        limit=200,
    ),
    Step(
        "name of a plan",
        "OperatorWords:plan",
        "olga",
        ("/start", ">ow:{plan}:name"),
        back_to="Team",
        limit=64,
    ),
    Step(
        "code of a new plan",
        "OperatorWords:plan",
        "olga",
        ("/op_plans", ">ow:0:code"),
        back_to="💎",
        empty="plan-code",
    ),
    Step("project name", "NewProject:name", "max", ("/projects", ">o:newproject"), limit=64),
    Step(
        "project key",
        "NewProject:key",
        "max",
        ("/projects", ">o:newproject", "Second"),
        empty="project-key-shape",
    ),
    Step(
        "other name",
        "Rename:name",
        "ada",
        (">p:{project}", ">pe:{project}:name"),
        back_to="📁 WEB – Website",
        limit=64,
    ),
    Step(
        "description of a project",
        "Rename:about",
        "max",
        (">p:{project}", ">pe:{project}:about"),
        back_to="📁 WEB – Website",
        limit=4000,
    ),
    Step(
        "key of a project to delete",
        "Delete:key",
        "ada",
        (">p:{project}", ">pe:{project}:delete"),
        back_to="📁 WEB – Website",
        empty="project-key-differs",
        said={"key": "WEB"},
    ),
    Step(
        "search",
        "Search:words",
        "clive",
        (">o:search",),
        limit=100,
        too_long="error-search-too-long",
    ),
    Step("task project", "NewTask:project", "ada", ("/newtask",), empty="not-understood"),
    Step(
        "task title",
        "NewTask:line",
        "ada",
        ("/newtask", ">d:project:{project}:"),
        limit=200,
        too_long="remark-title-long",
    ),
    Step("draft", "NewTask:draft", "ada", _DRAFT, empty="not-understood"),
    Step(
        "draft title", "NewTask:title", "ada", (*_DRAFT, ">d:title::"), back_to=_TO_DRAFT, limit=200
    ),
    Step(
        "draft text",
        "NewTask:description",
        "ada",
        (*_DRAFT, ">d:description::"),
        back_to=_TO_DRAFT,
        limit=4000,
    ),
    Step(
        "draft due",
        "NewTask:due_at",
        "ada",
        (*_DRAFT, ">d:due_at::"),
        empty="date-unclear",
        back_to=_TO_DRAFT,
    ),
    Step(
        "draft tags",
        "NewTask:tags",
        "ada",
        (*_DRAFT, ">d:tags::"),
        back_to=_TO_DRAFT,
        limit=32,
    ),
    Step(
        "draft assignee",
        "NewTask:choice",
        "ada",
        (*_DRAFT, ">d:assignee::"),
        empty="not-understood",
        back_to=_TO_DRAFT,
    ),
    Step(
        "draft project",
        "NewTask:project",
        "ada",
        (*_DRAFT, ">d:project::"),
        empty="not-understood",
        back_to=_TO_DRAFT,
    ),
    Step("title", "TaskWords:asking", "max", (">te:{task}:title",), back_to=_TO_TASK, limit=200),
    Step(
        "description",
        "TaskWords:asking",
        "max",
        (">te:{task}:description",),
        back_to=_TO_TASK,
        limit=4000,
    ),
    Step(
        "due date",
        "TaskWords:asking",
        "max",
        (">te:{task}:due_at",),
        back_to=_TO_TASK,
        empty="date-unclear",
    ),
    Step("tags", "TaskWords:asking", "max", (">te:{task}:tags",), back_to=_TO_TASK, limit=32),
    Step("items", "TaskWords:asking", "max", (">te:{task}:items",), back_to=_TO_TASK, limit=200),
    Step(
        "item",
        "TaskWords:asking",
        "max",
        (">ci:{task}:{item}:",),
        back_to=_TO_TASK,
        limit=200,
    ),
    Step(
        "comment",
        "TaskWords:asking",
        "clive",
        (">te:{task}:comment",),
        back_to=_TO_TASK,
        limit=4000,
    ),
    Step(
        "comment in other words",
        "TaskWords:asking",
        "clive",
        (">cm:{task}:{comment}:edit",),
        back_to=_TO_TASK,
        limit=4000,
    ),
    Step(
        "file name",
        "FileWords:name",
        "wanda",
        (">fi:{file}:name:t:0:",),
        back_to="📄 plan.pdf",
        limit=120,
    ),
    Step(
        "part of a file name",
        "FileWords:search",
        "clive",
        (">ft:{task}:0:0:", ">ff:{task}:0"),
        back_to="plan.pdf",
        limit=60,
    ),
    Step(
        "submission",
        "TaskWords:asking",
        "wanda",
        (">tm:{task}:submit",),
        back_to=_TO_TASK,
        limit=1000,
    ),
    Step(
        "return",
        "TaskWords:asking",
        "clive",
        (">td:{review}:1:return",),
        back_to=_TO_TASK,
        limit=1000,
    ),
    Step(
        "files for a task",
        "FilesFor:adding",
        "clive",
        (">fa:{task}:0",),
        back_to="WEB-1 Fix the pump",
        empty="files-wanted",
        leave="Готово",
    ),
    Step("place of a file", "FilesFor:placing", "clive", ("*",), empty="file-place-wanted"),
)


ITEM = """
    insert into checklist_items (company_id, task_id, text)
    select company_id, id, 'Drain' from tasks where id = :task returning id
"""


COMMENT = """
    insert into comments (company_id, task_id, author_id, author_name, body)
    select company_id, id, :author, 'Clive', 'It drips' from tasks where id = :task returning id
"""


def person_of(step: Step, stage: Stage, cast: Cast, language: str = "en") -> Person:
    """Whom the step asks."""
    if step.who in STRANGERS:
        telegram_id, name = STRANGERS[step.who]
        return stage.person(telegram_id, name, language=language)
    person: Person = getattr(cast, step.who)
    return person


async def come_to(step: Step, stage: Stage, cast: Cast, language: str = "en") -> Person:
    """The person of the step, having come to it."""
    if not await rows(cast.database, "select id from projects where key = 'APP'"):
        await factories.project(cast.database, cast.team.id, key="APP", name="App")
    ids = {
        "project": cast.project,
        "task": await cast.task(assignee=cast.team.worker, status=Status.IN_PROGRESS),
        "review": await cast.task(assignee=cast.team.worker, status=Status.REVIEW),
    }
    (ids["item"],) = await rows(cast.database, ITEM, task=ids["task"])
    clive = {"task": ids["task"], "author": cast.team.client.user_id}
    (ids["comment"],) = await rows(cast.database, COMMENT, **clive)
    ids["file"] = await factories.file(
        cast.database, cast.project, by=cast.team.worker, task=ids["task"]
    )
    if step.who == "olga":
        number = 1 + len(await rows(cast.database, "select id from invoices"))
        ids["invoice"] = await factories.invoice(cast.database, cast.team.id, number)
        (ids["plan"],) = await rows(cast.database, "select id from plans where code = 'team'")
    await cast.speak(language)
    person = person_of(step, stage, cast, language)
    for move in step.way:
        if move == "*":
            await person.sends_file()
        elif move.startswith(">"):
            await person.clicks_data(move[1:].format(**ids))
        else:
            await person.sends(move)
    assert await person.step() == step.state
    return person
