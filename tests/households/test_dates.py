"""Days and waits in words: a day without zeros in front, a wait rounded up and never nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.dates import spoken, spoken_span, spoken_wait, spoken_with_year, weekday


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "1 分钟"),
        (0, "1 分钟"),
        (59, "1 分钟"),
        (61, "2 分钟"),
        (899.5, "15 分钟"),
        (3599, "1 小时"),
        (3600, "1 小时"),
        (3601, "2 小时"),
        (86_400, "24 小时"),
    ],
)
def test_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert spoken_wait(seconds) == words


@given(st.floats(min_value=0, max_value=1e6))
def test_wait_is_never_told_too_short(seconds: float) -> None:
    number, unit = spoken_wait(seconds).split()
    assert int(number) * (60 if unit == "分钟" else 3600) >= seconds


def test_day_is_spoken_without_zeros_in_front() -> None:
    assert spoken(date(2026, 3, 5)) == "3月5日"
    assert spoken_with_year(date(2026, 3, 5)) == "2026年3月5日"
    assert [weekday(date(2026, 3, day)) for day in (2, 5, 8)] == ["周一", "周四", "周日"]


@pytest.mark.parametrize(
    ("last", "words"),
    [(date(2024, 2, 17), "2024年2月10日至2月17日"), (date(2025, 2, 17), "2024年2月10日至2025年2月17日")],
)
def test_span_names_the_second_year_only_when_it_is_another(last: date, words: str) -> None:
    assert spoken_span(date(2024, 2, 10), last) == words
