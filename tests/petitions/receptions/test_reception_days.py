"""Enterprise Day and the no-meeting week: known calendars as vectors, and what holds for every month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.workdays.workdays import DAY, is_workday, on_or_before
from petitions.receptions.reception_days import EnterpriseRule, WeekRule, enterprise_day, quiet_week
from tests.petitions.clocks.histories import on

MONTHS = st.tuples(st.integers(2005, 2040), st.integers(1, 12))
RULES, WEEKS = list(EnterpriseRule), list(WeekRule)


def end_of(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - DAY


@pytest.mark.parametrize(
    ("month", "keep", "before", "after"),
    [
        ((2024, 4), "2024-04-23", "2024-04-23", "2024-04-23"),  # a Tuesday
        ((2024, 6), "2024-06-23", "2024-06-21", "2024-06-24"),  # a Sunday
        ((2024, 11), "2024-11-23", "2024-11-22", "2024-11-25"),  # a Saturday
        ((2023, 6), "2023-06-23", "2023-06-21", "2023-06-25"),  # Dragon Boat Festival; the Sunday made up for it
        ((2023, 1), "2023-01-23", "2023-01-20", "2023-01-28"),  # Spring Festival; back on a Saturday that was worked
        (
            (2012, 1),
            "2012-01-23",
            "2012-01-21",
            "2012-01-29",
        ),  # New Year's day of the moon; worked on the Saturday before
        ((2099, 5), "2099-05-23", "2099-05-22", "2099-05-25"),  # unknown year: weekends alone
    ],
)
def test_enterprise_day_by_each_rule(month: tuple[int, int], keep: str, before: str, after: str) -> None:
    found = [enterprise_day(*month, rule).day for rule in RULES]
    assert found == [on(keep), on(before), on(after)]


def test_unknown_year_says_that_it_is_not_certain() -> None:
    assert not enterprise_day(2099, 5, EnterpriseRule.KEEP).certain
    assert not quiet_week(2099, 5, WeekRule.LAST_WORKDAY).certain
    assert enterprise_day(2024, 5, EnterpriseRule.KEEP).certain
    assert quiet_week(2024, 5, WeekRule.LAST_WORKDAY).certain


def test_day_that_is_kept_on_a_weekend_says_so() -> None:
    kept, moved = (enterprise_day(2024, 6, rule) for rule in (EnterpriseRule.KEEP, EnterpriseRule.AFTER))
    assert (kept.moved, kept.worked) == (False, False)
    assert (moved.moved, moved.worked) == (True, True)


@pytest.mark.parametrize(
    ("month", "rule", "first", "last"),
    [
        ((2024, 5), WeekRule.LAST_WORKDAY, "2024-05-27", "2024-05-31"),  # ends on a Friday
        ((2024, 6), WeekRule.LAST_WORKDAY, "2024-06-24", "2024-06-28"),  # ends on a Sunday
        (
            (2024, 9),
            WeekRule.LAST_WORKDAY,
            "2024-09-30",
            "2024-10-04",
        ),  # a Monday alone, worked: the week before the holiday
        ((2025, 1), WeekRule.LAST_WORKDAY, "2025-01-27", "2025-01-31"),  # Monday worked, then Spring Festival
        ((2024, 5), WeekRule.LAST_FULL_WEEK, "2024-05-20", "2024-05-26"),
        ((2024, 6), WeekRule.LAST_FULL_WEEK, "2024-06-24", "2024-06-30"),
        ((2024, 2), WeekRule.LAST_SEVEN_DAYS, "2024-02-23", "2024-02-29"),
        ((2023, 2), WeekRule.LAST_SEVEN_DAYS, "2023-02-22", "2023-02-28"),
    ],
)
def test_no_meeting_week_by_each_rule(month: tuple[int, int], rule: WeekRule, first: str, last: str) -> None:
    week = quiet_week(*month, rule)
    assert (week.first, week.last) == (on(first), on(last))


@given(MONTHS)
def test_23rd_itself_stays_wherever_it_is_worked(month: tuple[int, int]) -> None:
    day = date(*month, 23)
    found = {enterprise_day(*month, rule).day for rule in RULES}
    assert enterprise_day(*month, EnterpriseRule.KEEP).day == day
    assert (found == {day}) == is_workday(day)


@given(MONTHS)
def test_moved_day_is_the_nearest_worked_one_on_its_side(month: tuple[int, int]) -> None:
    day = date(*month, 23)
    before, after = (enterprise_day(*month, rule).day for rule in (EnterpriseRule.BEFORE, EnterpriseRule.AFTER))
    assert before <= day <= after
    assert is_workday(before) and is_workday(after)
    between = [before + DAY * number for number in range(1, (after - before).days)]
    assert not any(is_workday(each) for each in between if each != day)


@given(MONTHS, st.sampled_from(WEEKS))
def test_week_has_its_length_and_starts_where_it_should(month: tuple[int, int], rule: WeekRule) -> None:
    week = quiet_week(*month, rule)
    length = (week.last - week.first).days + 1
    assert length == (5 if rule is WeekRule.LAST_WORKDAY else 7)
    assert rule is WeekRule.LAST_SEVEN_DAYS or week.first.weekday() == 0
    assert week.first in week and week.last in week and week.last + DAY not in week


@given(MONTHS)
def test_last_working_day_of_the_month_lies_in_its_week_unless_it_is_a_weekend(month: tuple[int, int]) -> None:
    worked = on_or_before(end_of(*month))
    week = quiet_week(*month, WeekRule.LAST_WORKDAY)
    assert worked in week or worked.weekday() >= 5
    assert week.first <= worked


@given(MONTHS)
def test_full_week_lies_inside_the_month_or_starts_before_its_end(month: tuple[int, int]) -> None:
    week = quiet_week(*month, WeekRule.LAST_FULL_WEEK)
    assert week.last <= end_of(*month) < week.last + DAY * 7
    assert quiet_week(*month, WeekRule.LAST_SEVEN_DAYS).last == end_of(*month)


def test_workdays_of_the_week_reach_from_its_first_day_to_its_last() -> None:
    may, february = (quiet_week(2024, month, WeekRule.LAST_WORKDAY).workdays for month in (5, 2))
    assert may == [on(f"2024-05-{day}") for day in range(27, 32)]
    assert february == [on(f"2024-02-{day}") for day in range(26, 30)] + [on("2024-03-01")]


@given(MONTHS, st.sampled_from(WEEKS))
def test_workdays_of_the_week_are_those_that_are_worked(month: tuple[int, int], rule: WeekRule) -> None:
    week = quiet_week(*month, rule)
    assert all(day in week and is_workday(day) for day in week.workdays)
    assert len(week.workdays) <= (week.last - week.first).days + 1
