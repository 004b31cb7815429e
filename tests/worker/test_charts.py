"""Charts: what they say, that it can be read, and that the worker pays nothing for them."""

import asyncio
import struct
import sys
import warnings
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Reach, Role
from saas_bot.domain.report_period import Period, first_days
from saas_bot.drawing import process
from saas_bot.drawing.charts import SMALL, WIDTH, Sheet
from saas_bot.drawing.letters import DPI, points
from saas_bot.drawing.process import DrawingFailed
from saas_bot.screens.report_chart import PEOPLE_DRAWN, picture
from saas_bot.screens.reports import caption
from saas_bot.services.report_scope import Scope
from saas_bot.services.report_series import Series, Step
from saas_bot.services.reports import Figures, Load, Others, Report
from saas_bot.worker.charts import draw

CAPTION = 1024
"""Characters of a caption after its entities are parsed (Bot API: sendPhoto)."""

COMPANY = Scope(Reach.ALL, None, None, None, None, None)
PERSON = replace(COMPANY, user_id=7, person="Анна Ковалёва")
PROJECT = replace(COMPANY, project_id=7, project="WEB – A website for the bakery")
CLIENT = replace(COMPANY, how_far=Reach.OWN_PROJECTS, keys=("WEB", "OPS"))
LONGEST = replace(
    COMPANY,
    project_id=7,
    user_id=7,
    project=f"ABCDEFGHIJ – {'Ж&<' * 21}Ж",
    person="Щ" * 128,
)

ODD_NAMES = (
    "Wanda 🎉🧁",
    "Clive $x^2$ <b>&amp;",
    "W" * 128,
    "محمد بن سلمان",
    "李小龙",
    "‮evil‬\n\ttwo lines",
    "🎉",
    "Ф" * 30,
    "a̐é" * 20,
    "-",
    "Ольга",
)


ZONE = "Europe/Berlin"


def actor(language, company="Blank Page"):
    return Actor(Account(1, "Ada", None, language, ZONE), 1, company, 1, Role.ADMIN)


def today():
    """The day it is for the actor, whatever it is in UTC."""
    return now().astimezone(ZoneInfo(ZONE)).date()


def series(period, scope=COMPANY, names=("Ada", "Max"), *, size=3):
    """A report of made-up but regular figures; `size` 0 is one of nothing at all."""
    firsts = first_days(period, today())
    steps, was_open = [], 4 * size
    for place, first in enumerate(firsts):
        created, done = size * (place % 4), size * (place % 3)
        was_open += created - done
        lead = timedelta(hours=7 * place + 1) if done else None
        steps.append(Step(first, created, done, max(0, was_open), lead))
    open_now = steps[-1].open
    people = tuple(Load(n, name, size * (20 - n), n * size // 2, n) for n, name in enumerate(names))
    people = people if scope.of_many and size else ()
    figures = Figures(
        created=sum(step.created for step in steps),
        done=sum(step.done for step in steps),
        in_time=1,
        late=2,
        cancelled=size,
        open=open_now,
        overdue=sum(load.overdue for load in people) + size,
        review=size,
        nobody=size,
        lead=timedelta(days=1) if size else None,
        lead_most=timedelta(days=400) if size else None,
    )
    others = Others(3, size, 0, 1) if len(names) > PEOPLE_DRAWN and people else None
    since = datetime.combine(firsts[0], time(), ZoneInfo(ZONE))
    return Series(Report(period, since, scope, figures, people, others), tuple(steps))


def sheet(drawn, language="en", company="Blank Page"):
    shown = picture(translator(language), actor(language, company), drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that the font has not is only warned of
        done = Sheet(asdict(shown))
        done.figure.draw_without_rendering()
        return done


def texts(done):
    """Whatever is written on the page, from its heading on."""
    written = list(done.figure.texts)
    for axes in done.figure.axes:
        lowest, highest = axes.get_ylim()
        marks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        written += [label for at, label in marks if lowest <= at <= highest]
        written += [*axes.get_xticklabels(), *axes.texts]
    return [one for one in written if one.get_text()]


SHAPES = {
    "company": (COMPANY, ODD_NAMES, 3),
    "one person only": (COMPANY, ("Ada",), 1),
    "hundreds": (PROJECT, ("Ada", "Max"), 300),
    "person": (PERSON, (), 3),
    "client": (CLIENT, (), 12_000),
    "tens": (CLIENT, (), 29),
    "thousands": (COMPANY, ODD_NAMES, 1_234),
    "longest": (LONGEST, (), 3),
    "nothing": (COMPANY, (), 0),
    "nothing of a client": (CLIENT, (), 0),
}


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("shape", SHAPES)
def test_everything_on_it_is_large_enough_on_the_page_and_apart(shape, period):
    scope, names, size = SHAPES[shape]
    # The words of Russian are the longer ones.
    done = sheet(series(period, scope, names, size=size), "ru", company="Ы" * 64)
    height = done.figure.get_figheight() * DPI
    places = [(text, text.get_window_extent()) for text in texts(done)]
    for text, place in places:
        assert text.get_fontsize() >= points(SMALL), text.get_text()
        on_page = place.x0 >= 0 and place.x1 <= WIDTH and place.y0 >= 0 and place.y1 <= height
        assert on_page, (text.get_text(), place)
    # What touches only by the space that a line has above and below its letters is apart.
    letters = [(text.get_text(), place.padded(-3)) for text, place in places]
    for (one, its), (other, others) in combinations(letters, 2):
        assert not its.overlaps(others), (one, other)


def words_of(done):
    return [text.get_text() for text in texts(done)]


def test_a_single_day_can_be_drawn():
    drawn = series(Period.WEEK, PERSON)
    words = words_of(sheet(replace(drawn, steps=drawn.steps[-1:])))
    assert words.count(f"{today():%a} {today().day}") == 2  # nothing was done: its panel says so
    assert "Nothing was done in these days." in words


def test_it_says_what_it_is_about_and_when():
    words = words_of(sheet(series(Period.WEEK, PROJECT)))
    assert words[0].startswith("WEB – A website")
    assert "Blank Page · " in words[1]
    assert f"{today().day} " in words[1]
    assert words[1].endswith(f"{today().year} · 7 days")


def test_the_many_are_summed_up_and_nobody_has_a_row_too():
    names = [f"Person {n}" for n in range(15)]
    words = words_of(sheet(series(Period.MONTH, COMPANY, names)))
    assert [word for word in words if word.startswith("Person")] == names[:PEOPLE_DRAWN]
    # Five more of 3 * (10 + 9 + 8 + 7 + 6), and 3 of those not listed at all.
    assert words[words.index("Others") + 1] == str(3 * 40 + 3)
    assert words[words.index("Nobody") + 1] == "3"


def test_all_see_how_long_things_took_and_some_who_has_them():
    words = words_of(sheet(series(Period.WEEK, CLIENT)))
    assert "Open tasks by person" not in words
    assert "Hours to done: 1 d 0 h typically" in words
    words = words_of(sheet(series(Period.WEEK, PROJECT)))
    assert "Open tasks by person" in words
    assert "Hours to done: 1 d 0 h typically" in words
    slow = series(Period.QUARTER, COMPANY)
    slow = replace(slow, steps=(*slow.steps, replace(slow.steps[-1], lead=timedelta(days=9))))
    assert "Дней до готовности: обычно 1 дн. 0 ч" in words_of(sheet(slow, "ru"))
    quick = series(Period.WEEK, COMPANY)
    figures = replace(quick.report.figures, lead=timedelta(seconds=20))
    steps = tuple(replace(one, lead=timedelta(seconds=20)) for one in quick.steps)
    quick = replace(quick, report=replace(quick.report, figures=figures), steps=steps)
    assert "Minutes to done: less than a minute typically" in words_of(sheet(quick))


@pytest.mark.parametrize("period", Period)
def test_every_mark_has_its_number(period):
    drawn = series(period, PERSON)
    words = words_of(sheet(drawn))
    numbers = [step.created for step in drawn.steps] + [step.done for step in drawn.steps]
    numbers += [step.open for step in drawn.steps]
    for number in set(numbers):
        assert words.count(str(number)) >= numbers.count(number), number


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", [COMPANY, CLIENT, LONGEST])
def test_what_stands_below_fits(scope, language):
    report = series(Period.QUARTER, scope, size=999_999).report
    said = caption(translator(language), actor(language, "&" * 64), report)
    assert len(said) <= CAPTION
    assert "<b>" in said
    assert len(said.split("\n")) <= 3


def size_of(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


async def test_a_process_of_its_own_draws_it_while_the_loop_goes_on():
    turns = 0

    async def turning():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(turning())
    drawn = series(Period.MONTH)
    png = await draw(picture(translator("ru"), actor("ru"), drawn))
    beside.cancel()
    assert size_of(png) == (WIDTH, round(sheet(drawn, "ru").figure.get_figheight() * DPI))
    assert turns > 100


async def test_what_cannot_be_drawn_is_said():
    whole = picture(translator("en"), actor("en"), series(Period.WEEK))
    unknown = replace(whole, panels=(replace(whole.panels[0], kind="pie"),))
    with pytest.raises(DrawingFailed, match="KeyError: 'pie'"):
        await draw(unknown)


async def test_one_that_takes_too_long_is_ended(monkeypatch):
    process.kept.clear()
    monkeypatch.setattr(process, "TIMEOUT", 0.01)
    with pytest.raises(DrawingFailed, match="took more"):
        await draw(picture(translator("en"), actor("en"), series(Period.WEEK)))


async def test_the_worker_itself_never_loads_matplotlib():
    look = (
        "import sys, saas_bot.main, saas_bot.worker.charts, saas_bot.worker.invoice_sending;"
        " print('matplotlib' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", look, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said.split() == [b"False"]
