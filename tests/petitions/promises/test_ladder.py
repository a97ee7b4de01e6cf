"""When a promise is reminded of: on working days, in working hours, one rung at a time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.workdays.workdays import DAY, is_workday
from petitions.clocks.ladder import Rung
from petitions.promises.ladder import climbed, reminders
from tests.petitions.clocks.histories import at, on

DAYS = st.dates(on("2020-01-01"), on("2026-12-31"))


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        ("2024-05-16T10:00", None),
        ("2024-05-17T10:00", Rung.SOON),  # three days before the 20th, a Friday
        ("2024-05-20T10:00", Rung.LAST_DAY),
        ("2024-05-20T20:00", None),  # after hours
        ("2024-05-21T08:00", None),  # before hours
        ("2024-05-21T09:00", Rung.LATE),
        ("2024-05-25T10:00", None),  # a Saturday
        ("2024-05-27T10:00", Rung.SUPERVISE),
        ("2024-06-27T10:00", Rung.SUPERVISE),
    ],
)
def test_highest_rung_that_is_due(now: str, rung: Rung | None) -> None:
    found = climbed(on("2024-05-06"), on("2024-05-20"), at(now))
    assert (found and found.rung) == rung


def test_promise_for_a_holiday_is_reminded_of_before_it() -> None:
    first, last, *_ = reminders(on("2024-09-20"), on("2024-10-03"))
    assert (first.day, last.day) == (on("2024-09-30"), on("2024-09-30"))


@given(DAYS, st.integers(0, 60))
def test_rungs_lie_in_order_and_never_before_the_promise(made: datetime, days: int) -> None:
    found = reminders(made, made + DAY * days)
    assert [each.rung for each in found] == list(Rung)
    assert sorted(each.day for each in found) == [each.day for each in found]
    assert all(each.day >= made for each in found)
    assert all(is_workday(each.day) for each in found if each.day > made)


@given(DAYS)
def test_every_rung_has_its_own_words_and_id(day: datetime) -> None:
    found = reminders(day, day + DAY * 10)
    assert len({each.text for each in found}) == len({each.op_id("430726-2024-000001", 1) for each in found}) == 4
    assert all(str((day + DAY * 10).year) in each.text for each in found)


def test_moved_promise_is_reminded_of_anew() -> None:
    one, two = (reminders(on("2024-05-06"), on("2024-05-20") + timedelta(days=more))[0] for more in (0, 7))
    assert one.op_id("430726-2024-000001", 1) != two.op_id("430726-2024-000001", 1)
    assert one.op_id("430726-2024-000001", 1) != one.op_id("430726-2024-000001", 2)
