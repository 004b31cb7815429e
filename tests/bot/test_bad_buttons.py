"""Forged and stale buttons: garbage, wrong types, other people's ids."""

import inspect
import re

import pytest
from aiogram.filters.callback_data import CallbackData

from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from tests import factories
from tests.bot.rows import change, fingerprint, rows

STALE = {
    "en": "This button is out of date. Open /menu to go on.",
    "ru": "Эта кнопка устарела. Откройте /menu, чтобы продолжить.",
}
NOWHERE = 2**62
GARBAGE = (
    "",
    ":",
    "t",
    "t:",
    "t:abc",
    "t:-1",
    "t:0",
    "t:1.5",
    f"t:{2**63}",
    f"t:{10**40}",
    "t:1:2:3",
    "zz:1",
    "o:",
    "o:nonsense",
    "o:<b>menu",
    "tl:x:0:",
    "tl:o:0:junk",
    "tl:o:0:f1.99999999999999",
    "tm:1:explode",
    "tm:1:accept",
    "tm:1:return",
    "td:1:1:cancel",
    "ta:1:-2:",
    "mr:1:emperor",
    "ma:1:maybe",
    "y:everything:1",
    "lg:xx",
    "tz:Mars/Olympus",
    "sk",
    "in:1",
    "d:create::",
    "d:nonsense::",
    "\x00\x01\x02",
    "🙂" * 16,
    "\u202e:\u200b",
    "' or 1=1 --",
    "x" * 64,
)

HUGE = (
    f"t:{2**63 - 1}",
    f"p:{2**63 - 1}",
    f"mb:{2**63 - 1}",
    "tl:o:0:f9999999999999999999.-",
    "tl:o:0:b9999999999999999999.253402300799",
    "ml:f9999999999999999999.-",
    "pl:0:f9999999999999999999.-",
    "il:f9999999999999999999.-",
    "d:project:99999999999999999999999:",
    "d:project:092233720368547758060000:",
    "d:project:٣٣:",
)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_garbage_is_answered_kindly_and_does_nothing(acme, database, language):
    await acme.speak(language)
    await acme.ada.sends("/menu")
    before = await fingerprint(database)
    for data in GARBAGE:
        await acme.ada.clicks_data(data)
        assert acme.ada.toast == STALE[language], data
        assert acme.ada.screen.text.startswith("Acme"), data
    assert await fingerprint(database) == before


async def test_someone_in_no_company_learns_nothing_from_garbage_either(stage):
    nora = stage.person(7, "Nora")
    await nora.sends("/start")
    for data in GARBAGE:
        await nora.clicks_data(data)
        assert nora.toast.startswith((STALE["en"], "You are not in a company right now.")), data
        assert "Create a company to begin" in nora.screen.text


async def test_numbers_that_no_id_can_be_find_nothing(acme, database):
    await acme.ada.sends("/task WEB Fix the pump")
    before = await fingerprint(database)
    for data in HUGE:
        await acme.ada.clicks_data(data)
        assert "went wrong" not in acme.ada.screen.text, data
        assert acme.ada.toast is not None, data
    await acme.ada.sends("/task WEB Fix the pump")
    for data in ("d:assignee:092233720368547758060000:", "d:assignee::f9999999999999999999.-"):
        await acme.ada.clicks_data(data)
        assert "went wrong" not in acme.ada.screen.text, data
    assert await fingerprint(database) == before


async def test_a_part_that_a_task_does_not_have_can_not_be_set(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    before = await fingerprint(database)
    for data in (
        f"ts:{task}:nonsense:1",
        f"ts:{task}:status:done",
        f"ts:{task}:title:Hacked",
        f"ts:{task}:description:Hacked",
        f"ts:{task}:company_id:1",
        f"ts:{task}:priority:extreme",
        f"ts:{task}:due_at:someday",
        f"te:{task}:status",
        f"te:{task}:company_id",
    ):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast == STALE["en"], data
    assert await fingerprint(database) == before


async def test_a_draft_takes_only_what_it_offers(acme, database):
    await acme.ada.sends("/task WEB Fix the pump")
    for data in (
        "d:priority:extreme:",
        "d:due_at:someday:",
        "d:assignee:nobody:",
        f"d:assignee:{acme.team.client.user_id}:",
        f"d:assignee:{NOWHERE}:",
    ):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith((STALE["en"], "I can’t find that person")), data
    assert "Fix the pump" in acme.ada.screen.text


def carrying(
    project: int, task: int, user: int, invite: int, company: int, invoice: int
) -> list[CallbackData]:
    """A button of every class that carries an id, with these."""
    return [
        to.Switch(company=company),
        to.DigestList(company=company, view="m"),
        to.TaskThere(company=company, id=task),
        *(to.Confirm(what=what, id=id_) for what, id_ in (
            ("archive", project), ("canceltask", task)
        )),
        to.Member(id=user),
        to.MemberRole(id=user),
        to.MemberRole(id=user, role="client"),
        to.MemberActive(id=user, active=True),
        to.MemberActive(id=user, active=False),
        to.AdminRights(id=user),
        to.MemberProjects(id=user),
        to.MemberProjects(id=user, project=project, attached=True),
        to.MemberProjects(id=user, project=project, attached=False),
        *(to.HandOver(act=act, id=user, project=project * (act in "xp"), to=who, sure=sure)
          for act in "admcwxph" for who in (-1, 0) for sure in "01"),
        *(to.HandOver(act=act, id=user, to=user, sure=sure)
          for act in "admcw" for sure in "01"),
        *(to.HandOver(act="l", id=company, to=who, sure=sure)
          for who in (-1, 0, user) for sure in "01"),
        to.InviteProject(role="worker", project=project),
        to.InviteProject(role="client", project=project, multi=True),
        to.InviteRevoke(id=invite),
        to.InviteTo(project=project),
        to.Project(id=project),
        *(to.MuteProject(id=project, on=on) for on in (True, False)),
        *(to.MuteTask(id=task, on=on) for on in (True, False)),
        to.Mutes(at=f"f{task}.-"),
        to.Unmute(id=task),
        to.Snooze(id=task, later="hour"),
        to.Unsnooze(id=task),
        *(to.ProjectEdit(id=project, what=what) for what in (
            "name", "about", "archive", "restore", "delete"
        )),
        to.TaskProject(id=task),
        to.TaskProject(id=task, project=project),
        to.People(project=project),
        to.People(project=project, user=user, attached=True),
        to.People(project=project, user=user, attached=False),
        *(to.Tasks(view=view, project=project) for view in View),
        to.Board(project=project),
        *(to.Filter(view="o", project=project, what=what, value=value) for what, value in (
            ("", ""), ("clear", ""), ("project", ""), ("project", str(project)),
            ("assignee", ""), ("assignee", str(user)), ("tag", ""), ("sort", ""),
        )),
        to.Report(project=project),
        to.Report(user=user),
        to.Export(format="csv", project=project),
        to.Export(format="xlsx", user=user),
        to.ExportCancel(id=task),
        *(to.ReportOf(what=what, period="week") for what in ("project", "user")),
        to.Export(format="xlsx", project=project),
        to.Export(format="chart", user=user),
        to.Export(format="csv", project=project, user=user),
        to.ExportCancel(id=task),
        to.Found(search=task),
        to.FoundTask(id=task, search=0),
        to.Task(id=task),
        to.ListedTask(id=task, view="o", project=project),
        *(to.TaskMove(id=task, action=action) for action in (
            "start", "submit", "accept", "return", "cancel", "reopen"
        )),
        *(to.TaskDecision(id=task, review=1, action=action) for action in ("accept", "return")),
        *(to.TaskEdit(id=task, field=field) for field in (
            "title", "description", "due_at", "priority", "comment", "history", "submit", "return",
            "text", "comments", "reviews", "tags", "items", "checklist", "copy",
        )),
        to.TaskTag(id=task, on=True, tag="pump"),
        to.TaskTag(id=task, on=False, tag="pump"),
        to.Checklist(id=task, page=1, editing=True),
        to.Tick(id=task, item=task, done=True),
        *(to.ChecklistItem(id=task, item=task, what=what) for what in ("", "up", "remove")),
        to.TaskComments(id=task),
        to.TaskReviews(id=task),
        *(to.Comment(id=task, comment=task, what=what) for what in ("edit", "delete", "sure")),
        to.CommentWith(id=task),
        to.CommentWith(id=task, internal=True),
        to.TaskChange(id=task, entry=task),
        *(to.Confirm(what=what, id=task) for what in ("copytask", "copyfree")),
        to.TaskHistory(id=task),
        to.Files(task=task),
        to.Files(task=task, review=1, at=f"f{task}.-"),
        to.ReturnFiles(task=task, review=1),
        to.CommentFiles(task=task, review=1),
        to.ProjectFiles(project=project),
        to.ProjectFiles(project=project, at=f"b{task}.-"),
        to.AddFiles(task=task),
        to.AddFiles(project=project),
        *(to.PlaceFiles(what=what, id=id_) for what, id_ in (
            ("task", task), ("project", project), ("project", 0), ("new", 0), ("back", 0)
        )),
        to.CancelUpload(id=task),
        to.FindFiles(task=task),
        to.FindFiles(project=project),
        *(to.File(id=task, what=what) for what in (
            "", "get", "link", "name", "hide", "show", "delete", "sure"
        )),
        to.TaskSet(id=task, field="priority", value="low"),
        to.TaskSet(id=task, field="due_at", value="week"),
        to.TaskAssign(id=task),
        to.TaskAssign(id=task, user=0),
        to.TaskAssign(id=task, user=user),
        to.Draft(field="project", value=str(project)),
        *(one(at=f"f{user}.-") for one in (to.Members, to.Invites)),
        to.Projects(at=f"f{project}.-"),
        *(to.OpOutbox(what=what) for what in ("state", "dead", "all", "sure")),
        *(to.OpLetter(id=task, what=what) for what in ("retry", "drop", "sure")),
        *(to.OpPayments(what=what) for what in ("waiting", "flagged", "refunds")),
        to.OpCompanies(at=f"f{company}.-"),
        to.OpCompany(id=company),
        to.OpGrantPlan(company=company),
        to.OpGrant(company=company, plan="team", days=7, mark=0),
        to.OpPaid(company=company),
        to.OpLedger(company=company),
        to.OpVoid(id=invoice),
        *(to.OpAnnul(id=invoice, sure=sure) for sure in (False, True)),
        *(to.OpInvoice(id=invoice, what=what) for what in ("", "note")),
        to.OpNote(id=invoice, mark=0),
        *(to.OpPayment(id=invoice, what=what) for what in ("", "refund", "sure", "seen", "sent")),
        to.OpPlanChange(id=invoice, what="seats", value=1, mark=0),
        *(to.OpPlan(id=invoice, what=what) for what in ("", "code", "name", "retire", "offer")),
        to.Tasks(view="o", at=f"f{task}.-"),
        to.Invoices(at=f"f{invoice}.-"),
        to.Invoice(id=invoice),
        *(to.SessionEnd(id=task, listed=listed) for listed in (False, True)),
        to.Sessions(at=f"f{task}.-"),
        to.Audit(user=user, area="billing", days=30, at=f"f{task}.-"),
        *(to.InvoicePdf(id=invoice, lang=lang) for lang in ("en", "ru")),
        *(to.PayWith(invoice=invoice, method=how) for how in ("stars", "bank", "provider")),
    ]  # fmt: skip


WITHOUT_IDS = (
    to.Open(what="menu"),
    to.Language(code="ru"),
    to.Timezone(name="Europe/Berlin"),
    to.Digest(hour="9", weekdays=False),
    to.InviteRole(role="worker"),
    to.TellOf(event="commented", on=True),
    to.Quiet(start=22, end=8),
    to.Internal(on=True),
    to.Answer(what="save"),
    to.Skip(),
    to.BillingDetails(step="all", plan="team", currency="EUR"),
    to.Subscribe(plan="team", currency="EUR"),
    to.Renew(currency="XTR"),
    to.OpStats(),
    to.LoginGiveUp(),
    to.SessionsEnd(),
)
EXAMPLES = {
    type(one): one for one in (*WITHOUT_IDS, *carrying(*range(NOWHERE, NOWHERE + 6)))
}  # fmt: skip
BAD_VALUES = ("-1", "x", "9" * 25, "٣", "<b>&", "🙂")


def _classes() -> set[type[CallbackData]]:
    return {
        one
        for _, one in inspect.getmembers(to, inspect.isclass)
        if issubclass(one, CallbackData) and one is not CallbackData
    }


def test_every_class_of_button_is_tried():
    assert _classes() == set(EXAMPLES)


def forged(example: CallbackData) -> list[str]:
    """Its data with one part made bad in turn, one too many, and one too few."""
    good = example.pack()
    prefix, *parts = good.split(":")
    made = [[*parts, "1"], parts[:-1]]
    made += [
        [*parts[:place], bad, *parts[place + 1 :]]
        for place in range(len(parts))
        for bad in ("", *BAD_VALUES)
    ]
    packed = dict.fromkeys(":".join([prefix, *one]) for one in made)
    return [one for one in packed if one != good and len(one.encode()) <= 64]


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
async def test_a_button_with_one_part_forged_is_answered_and_changes_nothing(acme, database, kind):
    await acme.ada.sends("/menu")
    before = await fingerprint(database)
    for data in forged(EXAMPLES[kind]):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast is not None, data
        assert "went wrong" not in acme.ada.screen.text, data
    assert await fingerprint(database) == before


@pytest.mark.parametrize("who", ["ada", "wanda", "clive"])
async def test_another_companys_ids_answer_as_ids_that_do_not_exist(acme, globex, database, who):
    person = getattr(acme, who)
    await globex.ada.clicks_data(f"ip:worker:{globex.project}:0:")
    theirs = {
        "project": globex.project,
        "task": await globex.task("Secret", assignee=globex.team.worker),
        "user": globex.team.worker.user_id,
        "invite": (await rows(database, "select id from invites"))[0],
        "company": globex.team.id,
        "invoice": await factories.invoice(database, globex.team.id, bank="Secret"),
    }
    nothing = {name: NOWHERE + number for number, name in enumerate(theirs)}
    before = await fingerprint(database)
    for there, nowhere in zip(carrying(**theirs), carrying(**nothing), strict=True):
        answers = [await answer_to(person, button) for button in (there, nowhere)]
        assert answers[0] == answers[1], there
        assert "Secret" not in str(answers)
    assert await fingerprint(database) == before


async def answer_to(person, button):
    """What is heard after pressing it; of ids in new buttons only where they stand."""
    await person.is_at(None)
    await person.sends("/menu")
    await person.clicks_data(button.pack())
    assert "went wrong" not in person.screen.text
    data = [re.sub(r"\d+", "#", one) for one in person.screen.data]
    return person.toast, person.screen.text, person.screen.buttons, data, await person.step()


async def test_ids_of_ones_own_with_someone_elses_among_them(acme, globex, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    before = await fingerprint(database)
    for data in (
        f"ta:{task}:{globex.team.worker.user_id}:",
        f"pp:{acme.project}:{globex.team.worker.user_id}:1:",
        f"pp:{globex.project}:{acme.team.worker.user_id}:0:",
    ):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast.startswith("I can’t find that"), data
    assert await fingerprint(database) == before


async def test_an_unattached_worker_finds_no_task_of_the_project(acme, database):
    hidden = await factories.project(database, acme.team.id, key="HID")
    task = await factories.task(database, hidden, "Hidden", author=acme.team.admin)
    before = await fingerprint(database)
    ids = {"project": hidden, "task": task}
    ids |= dict.fromkeys(("user", "invite", "company", "invoice"), NOWHERE)
    for button in carrying(**ids):
        await acme.wanda.clicks_data(button.pack())
        assert "Hidden" not in str(acme.wanda.heard), button
    assert await fingerprint(database) == before


async def test_a_button_of_an_unfinished_dialog_works_no_more_when_it_is_over(acme):
    await acme.ada.sends("/newtask")
    await acme.ada.sends("Fix the pump")
    draft = acme.ada.screen
    await acme.ada.clicks("Cancel")
    for data in [one for one in draft.data if one.startswith("d:") and "project" not in one]:
        await acme.ada.does(acme.ada.pressing(data, draft))
        assert acme.ada.toast == STALE["en"], data


async def test_buttons_of_last_month_work_after_everything_has_changed(acme, database):
    task = await acme.task()
    await acme.ada.clicks_data(f"t:{task}")
    card = acme.ada.screen
    await change(database, "update tasks set status = 'done', closed_at = now()")
    await acme.ada.does(acme.ada.pressing(card.data_of("Start"), card))
    assert acme.ada.toast.startswith("Someone was faster: the task is now “done”.")
    await change(database, "delete from tasks")
    await acme.ada.does(acme.ada.pressing(card.data_of("Start"), card))
    assert acme.ada.toast.startswith("I can’t find that task.")
