"""The verbs about reports: reading one, and taking it away as a file."""

from datetime import timedelta
from typing import Any

from saas_bot.core.clock import now
from saas_bot.db.models import Export
from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.report_export import Format, State
from saas_bot.domain.report_period import Period
from saas_bot.screens import callbacks as to
from saas_bot.services import export_files, export_tasks, exports, projects, report_scope, reports
from saas_bot.services.exports import Wanted
from saas_bot.storage import export_key
from tests.bot.people import Person
from tests.bot.rows import rows
from tests.bot.telegram import Json
from tests.rights.expected import Answer, Kind
from tests.rights.verbs import Verb, given

FINDS = {"archived": Answer.AS_MISSING}
OF_PERSON = {"everywhere": (Right.REPORTS,), "states": ("active",)}


def taken(**about: Any) -> Any:
    return given(Wanted(Format.XLSX, Period.WEEK, **about))


async def ask_and_cancel(session: Any, actor: Any) -> Any:
    """Only an export of one's own can be given up, so it is asked for first."""
    export = await exports.ask(session, actor, Wanted(Format.CSV, Period.WEEK))
    return await exports.cancel(session, actor, export.id)


async def ask_and_download(session: Any, actor: Any) -> Any:
    """Likewise."""
    export = await exports.ask(session, actor, Wanted(Format.CSV, Period.WEEK))
    export.state, export.role = State.READY, actor.role
    export.object_key, export.name = export_key(actor.company_id), "report.csv"
    export.expires_at = now() + timedelta(days=1)
    await session.flush()
    await export_files.get(session, actor, export.id)
    await export_files.to_fetch(session, actor, export.id)
    return await export_files.fetch(session, actor, export.id)


async def press_cancel(person: Person) -> Json:
    """The button of the progress line, which the worker sends."""
    newest = await rows(person.stage.database, "select coalesce(max(id), 1) from exports")
    return person.pressing(to.ExportCancel(id=newest[0]).pack())


REPORTS = [
    Verb(
        "see a report",
        (Right.REPORTS,),
        Kind.COMPANY,
        reports.report,
        lambda _: given(Period.WEEK),
        (
            lambda _: ("/report",),
            lambda _: (to.Open(what="report"),),
            lambda _: (to.Report(),),
        ),
        shows=lambda _: "",
    ),
    Verb(
        "see a report of a project",
        (Right.REPORTS,),
        Kind.PROJECT,
        reports.report,
        lambda x: given(Period.WEEK, project_id=x.id),
        (lambda x: (to.Report(project=x.id),),),
        **FINDS,
    ),
    Verb(
        "choose a project for a report",
        (Right.REPORTS,),
        Kind.COMPANY,
        projects.page,
        lambda _: given(permission=Right.REPORTS),
        (lambda _: (to.ReportOf(what="project", period=Period.WEEK),),),
        shows=lambda _: "Pumphouse",
    ),
    Verb(
        "see a report of a person",
        (Right.REPORTS,),
        Kind.MEMBER,
        reports.report,
        lambda x: given(Period.WEEK, user_id=x.id),
        (lambda x: (to.Report(user=x.id),),),
        everywhere=(Right.REPORTS,),
        states=("active",),
    ),
    Verb(
        "choose a person for a report",
        (Right.REPORTS, Right.MEMBER_SEE),
        Kind.COMPANY,
        ways=(lambda _: (to.ReportOf(what="user", period=Period.WEEK),),),
        shows=lambda _: "Max",
    ),
    Verb(
        "know how far a report of a project reaches",
        (Right.REPORTS,),
        Kind.PROJECT,
        report_scope.scope,
        lambda x: given(project_id=x.id),
        **FINDS,
    ),
    Verb(
        "take a report away",
        (Right.REPORTS,),
        Kind.COMPANY,
        exports.ask,
        lambda _: taken(),
        (lambda _: (to.Export(format=Format.XLSX),), lambda _: (to.Export(format=Format.CHART),)),
        changes="exports",
    ),
    Verb(
        "take a report of a project away",
        (Right.REPORTS,),
        Kind.PROJECT,
        exports.ask,
        lambda x: taken(project_id=x.id),
        (lambda x: (to.Export(format=Format.CSV, project=x.id),),),
        changes="exports",
        **FINDS,
    ),
    Verb(
        "take a report of a person away",
        (Right.REPORTS,),
        Kind.MEMBER,
        exports.ask,
        lambda x: taken(user_id=x.id),
        (lambda x: (to.Export(format=Format.CSV, user=x.id),),),
        changes="exports",
        **OF_PERSON,
    ),
    Verb(
        "think better of it",
        (Right.REPORTS,),
        Kind.COMPANY,
        ask_and_cancel,
        lambda _: given(),
        (lambda _: (to.Export(format=Format.CSV), press_cancel),),
        changes="exports",
        tries=(exports.cancel,),
    ),
    Verb(
        "list one's files",
        (Right.REPORTS,),
        Kind.COMPANY,
        export_files.page,
        lambda _: given(),
        shows=lambda _: "Page(",
    ),
    Verb(
        "download a file of one's own",
        (Right.REPORTS,),
        Kind.COMPANY,
        ask_and_download,
        lambda _: given(),
        changes="exports",
        tries=(export_files.get, export_files.to_fetch, export_files.fetch),
    ),
    Verb(
        "prepare the file of a project",
        (Right.REPORTS,),
        Kind.PROJECT,
        export_tasks.extent,
        lambda x: given(Export(project_id=x.id, person_id=None, period=Period.WEEK)),
        **FINDS,
    ),
]
