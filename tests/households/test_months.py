"""Months as text: the order of the text is the order of time, and no clock is read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households import months
from households.months import MonthError

days = st.dates(min_value=date(2000, 2, 1), max_value=date(2999, 11, 30))
any_months = days.map(months.month_of)


@given(any_months)
def test_parse_keeps_a_month(month):
    assert months.parse_month(month) == month


@given(days)
def test_every_day_lies_between_first_and_last_of_its_month(day):
    month = months.month_of(day)
    assert months.first_day(month) <= day <= months.last_day(month)


@given(any_months)
def test_the_day_after_the_last_is_the_first_of_the_next(month):
    after = months.last_day(month) + timedelta(days=1)
    assert after == months.first_day(months.next_month(month))


@given(any_months)
def test_previous_undoes_next(month):
    assert months.previous_month(months.next_month(month)) == month


@given(any_months, any_months)
def test_text_order_is_time_order(one, other):
    assert (one < other) == (months.first_day(one) < months.first_day(other))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(months.month_of), st.integers(0, 40))
def test_months_between_counts_both_ends(month, length):
    last = months.shift(month, length)
    span = months.months_between(month, last)
    assert (span[0], span[-1], len(span)) == (month, last, length + 1)
    assert span == sorted(set(span))


@given(any_months, st.integers(-300, 300))
def test_shift_there_and_back(month, by):
    try:
        moved = months.shift(month, by)
    except MonthError:
        return
    assert months.shift(moved, -by) == month


@given(st.text(max_size=12))
def test_parse_answers_or_refuses_but_never_breaks(text):
    try:
        month = months.parse_month(text)
    except MonthError as refusal:
        assert str(refusal)
    else:
        assert months.month_of(months.first_day(month)) == month


@pytest.mark.parametrize("text", ["2026-10", " 2026-10 ", "２０２６-１０", "２０２６－１０"])
def test_parse_forgives_width_and_blanks(text):
    assert months.parse_month(text) == "2026-10"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "写成 2026-10 的样子"),
        ("2026", "写成 2026-10 的样子"),
        ("2026-1", "写成 2026-10 的样子"),
        ("2026/10", "写成 2026-10 的样子"),
        ("202610", "写成 2026-10 的样子"),
        ("2026-10-01", "写成 2026-10 的样子"),
        ("十月", "写成 2026-10 的样子"),
        ("2026-00", "01 到 12"),
        ("2026-13", "01 到 12"),
        ("0206-10", "2000 到 2999"),
        ("9999-12", "2000 到 2999"),
    ],
)
def test_parse_refuses_with_a_reason(text, reason):
    with pytest.raises(MonthError, match=reason):
        months.parse_month(text)


def test_refusal_quotes_only_the_beginning():
    with pytest.raises(MonthError) as refusal:
        months.parse_month("x" * 10_000)
    assert len(str(refusal.value)) < 60


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2026-02", date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
        ("2100-02", date(2100, 2, 28)),
        ("2026-12", date(2026, 12, 31)),
        ("2026-04", date(2026, 4, 30)),
    ],
)
def test_last_day_of_short_and_long_months(month, last):
    assert months.last_day(month) == last


def test_next_month_crosses_the_year():
    assert months.next_month("2026-12") == "2027-01"
    assert months.previous_month("2027-01") == "2026-12"


def test_shift_by_years():
    assert months.shift("2026-10", -24) == "2024-10"


def test_shift_out_of_the_calendar_is_refused():
    with pytest.raises(MonthError):
        months.next_month("2999-12")
    with pytest.raises(MonthError):
        months.previous_month("2000-01")


def test_months_between_backwards_is_empty():
    assert months.months_between("2026-10", "2026-09") == []


def test_months_between_may_end_with_the_calendar():
    assert months.months_between("2999-11", "2999-12") == ["2999-11", "2999-12"]


def test_months_between_one_month():
    assert months.months_between("2026-10", "2026-10") == ["2026-10"]


def test_months_between_refuses_what_is_no_month():
    with pytest.raises(MonthError):
        months.months_between("2026-10", "2026-1")


def test_contains_knows_the_edges():
    assert months.contains("2026-10", date(2026, 10, 1))
    assert months.contains("2026-10", date(2026, 10, 31))
    assert not months.contains("2026-10", date(2026, 11, 1))


def test_label_is_how_people_say_it():
    assert months.label("2026-09") == "2026年9月"


def test_day_is_spoken_without_zeros_in_front():
    assert months.spoken(date(2026, 3, 5)) == "3月5日"
    assert months.spoken_with_year(date(2026, 3, 5)) == "2026年3月5日"
    assert [months.weekday(date(2026, 3, day)) for day in (2, 5, 8)] == ["周一", "周四", "周日"]


@pytest.mark.parametrize(
    ("last", "words"),
    [(date(2024, 2, 17), "2024年2月10日至2月17日"), (date(2025, 2, 17), "2024年2月10日至2025年2月17日")],
)
def test_span_names_the_second_year_only_when_it_is_another(last, words):
    assert months.spoken_span(date(2024, 2, 10), last) == words
