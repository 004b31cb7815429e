"""Reports: what was created and done in a period, what is open now, and by whom."""

from datetime import date, timedelta
from typing import Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.domain.report_period import Period
from saas_bot.services import report_series, reports
from saas_bot.services.report_series import Series
from saas_bot.services.reports import Nothing
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, Moment
from saas_bot.web.api.routes import Route


class Figures(Answer):
    """Tasks counted: created, done and cancelled within the period; the rest as of now."""

    created: int
    done: int
    in_time: int = Field(description="Of those done that were due")
    late: int = Field(description="Of those done that were due")
    cancelled: int
    open: int
    overdue: int
    review: int
    nobody: int = Field(description="Open ones that nobody has")
    lead: int | None = Field(
        description="Seconds from creation to acceptance within which half of those done stayed"
    )
    lead_most: int | None = Field(description="And nine of ten of them")


class Load(Answer):
    """What one person has open now, and has done within the period."""

    id: int
    name: str
    username: str | None
    open: int
    overdue: int
    done: int


class Others(Answer):
    """The same of all people together who are not named one by one."""

    people: int
    open: int
    overdue: int
    done: int


class Step(Answer):
    """A day, or as many as are counted together: what happened, what was open at its end."""

    first: date
    created: int
    done: int
    open: int
    lead: int | None = Field(description="Seconds, as of all")


class Report(Answer):
    """A period of the company, of a project, or of one person's work."""

    period: Period
    since: Moment = Field(description="At midnight of your own timezone")
    project: str | None
    person: str | None
    figures: Figures
    people: list[Load] = Field(description="Those with the most open tasks first")
    others: Others | None
    nothing: Nothing | None = Field(description="Why there is nothing to tell of")
    steps: list[Step] = Field(description="Oldest first")

    @classmethod
    def of(cls, series: Series) -> Self:
        """A report with its steps."""
        report = series.report
        counted = {name: getattr(report.figures, name) for name in Figures.model_fields}
        leads = {name: _seconds(counted[name]) for name in ("lead", "lead_most")}
        return cls(
            period=report.period,
            since=report.since,
            project=report.scope.project,
            person=report.scope.person,
            figures=Figures(**counted | leads),
            people=[Load.model_validate(one) for one in report.people],
            others=Others.model_validate(report.others) if report.others else None,
            nothing=report.nothing,
            steps=[
                Step(
                    first=one.first,
                    created=one.created,
                    done=one.done,
                    open=one.open,
                    lead=_seconds(one.lead),
                )
                for one in series.steps
            ],
        )


def _seconds(took: timedelta | None) -> int | None:
    return None if took is None else round(took.total_seconds())


class ReportQuery(Model):
    """Which report."""

    period: Period = Field(default=Period.WEEK, description="7, 30 or 90 days, today the last one")
    project: Id | None = Field(default=None, description="Of that project only")
    user: Id | None = Field(
        default=None, description="Of that person's work only; not for those who see their own work"
    )


async def get(call: Call, query: ReportQuery) -> Report:
    """Over what you may see: everything, your projects, or your own work."""
    session, actor = call.session, call.actor
    of = {"project_id": query.project, "user_id": query.user}
    report = await reports.report(session, actor, query.period, **of)
    return Report.of(await report_series.series(session, actor, report))


SCOPE: Final = ("project-not-found", "member-not-found")
"""How a report of something out of reach is refused."""

ROUTES: Final = (
    Route("GET", "/report", Permission.REPORTS, get, "A report", problems={404: SCOPE}),
)
