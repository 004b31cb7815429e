"""Cursors: what a button or an address says of a place in a list."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.core.errors import Invalid
from saas_bot.db.paging import Cursor

IDS = st.integers(1, 2**63 - 1)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
CURSORS = st.builds(Cursor, IDS, st.none() | MOMENTS, st.booleans())


@given(CURSORS)
def test_a_cursor_is_read_back_as_it_was_written(cursor):
    assert Cursor.parse(str(cursor)) == cursor


@given(CURSORS)
def test_a_cursor_fits_into_callback_data_beside_the_rest(cursor):
    assert len(str(cursor).encode()) <= 34
    assert ":" not in str(cursor)  # aiogram's separator


@given(MOMENTS, st.integers(-12, 14))
def test_a_due_time_is_the_same_moment_whatever_its_timezone(moment, hours):
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert str(Cursor(1, elsewhere)) == str(Cursor(1, moment))


def test_nothing_is_the_first_page():
    assert Cursor.parse("") is None


@pytest.mark.parametrize(
    "text",
    [
        "f",
        "x1.-",
        "f.-",
        "f1",
        "f1.",
        "f1.x",
        "fx.-",
        "F1.-",
        "1.-",
        "f1.99999999999999",
        "f1.-99999999999999",
        "f0.-",
        "f-1.-",
        f"f{2**63}.-",
        f"b{2**63}.0",
        "f" + "9" * 10_000 + ".-",
        "f1.-'; drop table tasks",
        "\u200b",
    ],
)
def test_what_is_no_cursor_of_ours_is_refused_as_a_stale_button(text):
    with pytest.raises(Invalid, match="stale-button"):
        Cursor.parse(text)


@given(st.text(min_size=1) | st.from_regex(r"[fb]-?\d{0,25}\.(-|-?\d{0,25})", fullmatch=True))
def test_garbage_is_refused_or_is_a_place_that_the_database_can_look_for(text):
    try:
        cursor = Cursor.parse(text)
    except Invalid:
        return
    assert cursor is not None
    assert 1 <= cursor.row_id < 2**63
