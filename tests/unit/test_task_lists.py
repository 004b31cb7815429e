"""The filter of the lists, the days they mean, and what is shown of a headline."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.domain.task_flow import Priority
from saas_bot.domain.task_lists import NOBODY, Sort, TaskFilter, View
from saas_bot.screens.search import PASSAGE_SHOWN, _marked
from saas_bot.services.search import Passage
from saas_bot.services.tasks import lists

FILTERS = st.builds(
    TaskFilter,
    project_id=st.none() | st.integers(1, 2**63 - 1),
    project=st.text(max_size=10),
    assignee_id=st.none() | st.just(NOBODY) | st.integers(1, 2**63 - 1),
    assignee=st.text(max_size=10),
    priority=st.none() | st.sampled_from(Priority),
    tag=st.text(max_size=10),
    sort=st.sampled_from(Sort),
)


@given(FILTERS)
def test_a_filter_is_read_back_as_it_was_kept(one):
    assert TaskFilter.read(one.plain) == one


def test_nothing_chosen_keeps_nothing_and_leaves_nothing_out():
    assert TaskFilter().plain == {}
    assert TaskFilter.read(None) == TaskFilter()
    assert not TaskFilter(sort=Sort.NEWEST).narrows
    assert TaskFilter(assignee_id=NOBODY).narrows


def test_what_a_later_version_no_longer_knows_is_left_out():
    assert TaskFilter.read({"priority": "extreme", "sort": "mood", "more": 1}) == TaskFilter()


@given(FILTERS, st.sampled_from(["project", "assignee", "priority", "tag", "sort"]))
def test_a_part_can_be_taken_out_of_it(one, part):
    without = one.without(part)
    assert without.without(part) == without
    changed = {name for name in one.__slots__ if getattr(one, name) != getattr(without, name)}
    assert changed <= {part, f"{part}_id"}


@given(
    zone=st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)),
    view=st.sampled_from([View.TODAY, View.WEEK]),
)
def test_this_moment_is_today_and_in_this_week_in_every_zone_and_on_every_day(zone, moment, view):
    """The days when clocks are turned among them, at midnight too."""
    at = moment.replace(tzinfo=ZoneInfo("UTC"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "now", lambda: at)
        begin, end = lists.span(view, zone)
    assert begin <= at < end
    local = at.astimezone(ZoneInfo(zone)).date()
    first = local if view is View.TODAY else local - timedelta(days=local.weekday())
    days = 1 if view is View.TODAY else 7
    assert begin.astimezone(ZoneInfo(zone)).date() == first
    inside = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    assert inside <= first + timedelta(days=days - 1)


def test_a_headline_is_taken_apart_and_never_markup():
    passage = Passage.read("<i> \x01pump\x02 & \x01valve\x02\n\nend")
    assert passage.pieces == (
        ("<i> ", False), ("pump", True), (" & ", False), ("valve", True), ("\n\nend", False),
    )  # fmt: skip
    assert str(_marked(passage, 99)) == "&lt;i&gt; <b>pump</b> &amp; <b>valve</b> end"
    assert Passage.read("nothing here") is None
    assert Passage.read(None) is None


@given(st.lists(st.tuples(st.text(max_size=300), st.booleans()), max_size=20))
def test_what_is_shown_of_a_passage_is_never_longer_than_told(pieces):
    shown = _marked(Passage(tuple(pieces)), PASSAGE_SHOWN)
    assert len(shown.striptags().replace("<b></b>", "")) <= PASSAGE_SHOWN + 1
