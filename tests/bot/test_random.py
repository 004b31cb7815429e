"""Random updates at random steps, by people of two companies: the bot keeps its promises.

Nothing passes the dispatcher, whoever writes or clicks is answered, and no row of the company whose
people stay still changes. Telegram's limits are watched by the stand-in itself.
"""

import pytest
from aiogram.methods import AnswerPreCheckoutQuery, SendChatAction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saas_bot.domain.task_flow import Status
from tests.bot.conftest import Cast
from tests.bot.random_updates import IDS, Act, acts, packed, with_ids
from tests.bot.rows import change, fingerprint_of, rows

RESTORED = """
update users set role = case name
    when 'Ada' then 'admin' when 'Max' then 'manager' when 'Wanda' then 'worker' else 'client' end,
    status = 'active'
where company_id = {company};
update projects set status = 'active' where company_id = {company} and key = 'WEB';
update projects set status = 'archived' where company_id = {company} and key <> 'WEB';
update accounts set active_company_id = {company}, language = 'en'
where telegram_id in (select telegram_id from users where company_id = {company});
"""
ON_THEIR_WAY = """
select count(*) from files f join users u on u.id = f.uploader_id
where u.telegram_id = :who and f.status = 'pending' and exists (
    select from procrastinate.procrastinate_jobs j
    where j.lock = 'upload ' || f.company_id || ' ' || f.upload_id and j.status = 'todo')
"""
SORRY = ("went wrong", "сломалось")


async def restored(cast: Cast) -> None:
    """Everybody is back in their place."""
    for statement in RESTORED.format(company=cast.team.id).strip().split(";"):
        if statement:
            await change(cast.database, statement)
    insert = "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)"
    for actor in (cast.team.worker, cast.team.client):
        values = {"c": cast.team.id, "p": cast.project, "u": actor.user_id}
        await change(cast.database, f"{insert} on conflict do nothing", **values)


async def ids_of(cast: Cast) -> list[int]:
    """Real ids of every kind, none of them used up."""
    for status in Status:
        await cast.task(f"Task {status}", status=status, assignee=cast.team.worker)
    await cast.ada.clicks_data(f"ip:worker:{cast.project}:0:")
    invite = "select id from invites where company_id = :c"
    return [
        cast.team.id,
        cast.project,
        cast.team.admin.user_id,
        cast.team.worker.user_id,
        cast.team.client.user_id,
        *await rows(cast.database, invite, c=cast.team.id),
        *await rows(cast.database, "select id from tasks where company_id = :c", c=cast.team.id),
    ]


class Play:
    """What stays the same from example to example."""

    ids: list[int]
    forged: set[int]
    """Who was put at a step by nobody's doing, where what is remembered may make no sense."""

    def __init__(self, stage, acme: Cast, globex: Cast) -> None:
        self.stage, self.sides = stage, (acme, globex)

    async def begin(self) -> None:
        own, others = [await ids_of(side) for side in self.sides]
        self.ids = [*own, *others, 0, -1, 2**63 - 1, 10**30][:IDS]
        self.ids += [1] * (IDS - len(self.ids))

    @property
    def database(self):
        return self.sides[0].database

    def people(self, active: int):
        """Who plays on that side, someone of no company among them."""
        nora = self.stage.person(10 + active, "Nora", username="nora")
        return [*self.sides[active].everyone.values(), nora]

    async def everybody_back(self, active: int) -> None:
        """Everyone has their role again, and is in no dialog."""
        self.forged = set()
        await restored(self.sides[active])
        for person in self.people(active):
            await person.is_at(None)

    async def show(self, active: int, act: Act) -> None:
        person = self.people(active)[act.who]
        if act.forged:
            self.forged.add(person.id)
            await person.is_at(act.state, **with_ids(act.data, self.ids))
        update = self.update_of(person, act)
        taken = await self.on_their_way(person, act)
        await person.does(update)
        self.check(person, update, act, await self.on_their_way(person, act) - taken)
        if act.again:
            await person.does(update)

    def update_of(self, person, act: Act):
        match act.kind:
            case "words":
                return person.writing(act.content)
            case "media" | "money":
                return person.message(**act.content)
            case "checkout":
                return person.update(pre_checkout_query={"from": person.user, **act.content})
            case "button":
                return person.pressing(packed(act.content, self.ids))
            case "shown":
                shown = self.stage.telegram.latest.get(person.id)
                data = shown.data if shown else []
                return person.pressing(data[act.content % len(data)] if data else "o:menu")
            case "noise":
                return person.pressing(act.content)
            case "membership":
                return person.membership(act.content)
            case _:
                return person.message(kind="edited_message", text=act.content, edit_date=1)

    async def on_their_way(self, person, act: Act) -> int:
        """How many files of that person the worker is about to store, and to answer."""
        if act.kind != "media":
            return 0
        (count,) = await rows(self.database, ON_THEIR_WAY, who=person.id)
        return count

    def check(self, person, update, act: Act, taken: int) -> None:
        """Whoever writes or clicks is answered; an apology is for what nobody could foresee.

        Who has paid hears of it by the outbox.

        One who sends a file that is `taken` may be answered by the worker alone, which is not here:
        the sign that it is on its way is given if, and only if, the worker has been told of it.
        """
        if "message" in update and act.kind != "money":
            sign = any(isinstance(call, SendChatAction) for call in person.heard)
            assert taken == 1 or not sign, act
            assert sign or any(getattr(call, "text", None) for call in person.heard), act
        if "callback_query" in update:
            assert person.toast is not None, act
        if "pre_checkout_query" in update:
            answered = self.stage.telegram.calls_of(AnswerPreCheckoutQuery)[-1]
            asked = act.content["id"]
            assert (answered.pre_checkout_query_id, answered.ok) == (asked, False), act
        said = str([getattr(call, "text", "") for call in person.heard])
        if person.id not in self.forged:
            assert not any(sorry in said for sorry in SORRY), act


@pytest.fixture
async def play(stage, acme, globex) -> Play:
    play = Play(stage, acme, globex)
    await play.begin()
    return play


@settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(active=st.integers(0, 1), story=st.lists(acts, min_size=1, max_size=4))
async def test_whatever_happens_the_promises_are_kept(play, active, story):
    still = play.sides[1 - active].team.id
    await play.everybody_back(active)
    before = await fingerprint_of(play.database, still)
    for act in story:
        await play.show(active, act)
    assert await fingerprint_of(play.database, still) == before
