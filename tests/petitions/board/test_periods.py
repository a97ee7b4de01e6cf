"""Periods: what an address asks for, the same days a year before, and the cuts between which sums are made."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.board.periods import (
    BoardPeriod,
    Cuts,
    PeriodFault,
    a_year_before,
    between,
    end_of_month,
    named,
    year_to_date,
)
from tests.petitions.clocks.histories import on

TODAY = on("2026-11-23")
DAYS = st.dates(date(2002, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("", "2026-01-01", "2026-11-23", "2026年1月1日至11月23日"),
        ("2026", "2026-01-01", "2026-11-23", "2026年1月1日至11月23日"),
        ("2025", "2025-01-01", "2025-12-31", "2025年"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2026-11", "2026-11-01", "2026-11-23", "2026年11月1日至11月23日"),
    ],
)
def test_address_names_a_period(text: str, first: str, last: str, label: str) -> None:
    period = named(text, TODAY)
    assert (period.first, period.last, period.label) == (on(first), on(last), label)


@pytest.mark.parametrize("text", ["2026-12", "2027", "2026-13", "26", "2026-1", "x", "2026-11-23", "2000"])
def test_address_that_names_none_is_refused(text: str) -> None:
    with pytest.raises(PeriodFault):
        named(text, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-11-24", "2026-11-24", "还没有到"),
        ("2026-11-23", "2026-11-24", "还没有到"),
        ("2026-11-24", "2026-11-01", "还没有到"),
        ("2026-11-02", "2026-11-01", "在结束日期后面"),
        ("2025-01-01", "2026-01-02", "最多统计一年"),
        ("1999-01-01", "1999-02-01", "2001 年以后"),
        ("2000-12-31", "2000-12-31", "2001 年以后"),
    ],
)
def test_days_that_make_no_period_are_refused(first: str, last: str, why: str) -> None:
    with pytest.raises(PeriodFault, match=why):
        between(on(first), on(last), TODAY)


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-23", "2026-11-23"), ("2025-01-01", "2026-01-01"), ("2001-01-01", "2001-01-01")]
)
def test_days_at_the_edges_make_a_period(first: str, last: str) -> None:
    assert between(on(first), on(last), TODAY) == BoardPeriod(on(first), on(last))


def test_two_years_are_cut_at_their_months_and_at_both_periods() -> None:
    firsts = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
    ends = [on(day) for day in ("2025-03-10", "2025-04-21", "2026-03-10", "2026-04-21")]
    cuts = Cuts(BoardPeriod(on("2026-03-10"), on("2026-04-20")))
    assert cuts.days == sorted([*firsts, on("2027-01-01"), *ends])


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-29"),
        ("2026-10-31", "2025-10-31"),
        ("2026-03-15", "2025-03-15"),
    ],
)
def test_a_year_before_keeps_the_end_of_a_month(day: str, before: str) -> None:
    assert a_year_before(on(day)) == on(before)


def test_period_over_new_year_names_both_years() -> None:
    assert between(on("2025-12-01"), on("2026-01-15"), TODAY).label == "2025年12月1日至2026年1月15日"


@settings(max_examples=30)
@given(DAYS)
def test_end_of_month_is_followed_by_a_first(day: date) -> None:
    end = end_of_month(day)
    assert (end.year, end.month) == (day.year, day.month)
    assert (end + timedelta(days=1)).day == 1


@settings(max_examples=30)
@given(DAYS, st.integers(0, 365))
def test_every_day_lies_in_the_stretch_of_its_month_and_side(first: date, length: int) -> None:
    period = BoardPeriod(first, first + timedelta(days=length))
    cuts = Cuts(period)
    for day in (period.first, period.last, period.before.first, period.before.last, period.last.replace(day=1)):
        stretch = cuts.stretch(day)
        assert cuts.side(stretch) == ("now" if day in period else "before" if day in period.before else "")
        assert cuts.month(stretch) == (day.year, day.month) or cuts.days[stretch - 1] <= day


@settings(max_examples=30)
@given(DAYS)
def test_year_to_date_is_counted_whole_by_its_months(today: date) -> None:
    period = year_to_date(today)
    cuts = Cuts(period)
    inside = [n for n in range(1, len(cuts.days)) if cuts.side(n) == "now"]
    assert {cuts.month(n)[1] for n in inside} == set(range(1, today.month + 1))
