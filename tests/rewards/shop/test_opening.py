"""Opening days and how long a reservation stays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.shop.opening import is_open_on, last_pick_up_day, next_open_day, spoken_day, spoken_days

MONDAY = date(2026, 11, 2)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
WEEKDAYS = st.frozensets(st.integers(1, 7))
NAMED = st.frozensets(st.dates(date(2024, 1, 1), date(2031, 6, 30)), max_size=5)


@pytest.mark.parametrize(("ahead", "is_open"), [(0, True), (1, False), (4, True), (5, False)])
def test_open_on_its_weekdays(ahead: int, is_open: bool) -> None:
    assert is_open_on(MONDAY + timedelta(days=ahead), [1, 5], []) is is_open


def test_open_on_a_named_day() -> None:
    assert is_open_on(date(2026, 11, 4), [1], [date(2026, 11, 4)])


def test_next_day_is_never_today() -> None:
    assert next_open_day(MONDAY, [1], []) == MONDAY + timedelta(days=7)


def test_next_day_may_be_a_named_one() -> None:
    assert next_open_day(MONDAY, [1], [date(2026, 11, 4)]) == date(2026, 11, 4)


def test_next_day_is_looked_for_within_a_quarter() -> None:
    assert next_open_day(MONDAY, [], [MONDAY + timedelta(days=92)]) == date(2027, 2, 2)
    assert next_open_day(MONDAY, [], [MONDAY + timedelta(days=93)]) is None


def test_shop_that_never_opens_has_no_next_day() -> None:
    assert next_open_day(MONDAY, [], [MONDAY]) is None


@given(DAYS, WEEKDAYS, NAMED)
def test_next_day_is_open_and_nothing_lies_between(day: date, weekdays: frozenset[int], named: frozenset[date]) -> None:
    following = next_open_day(day, weekdays, named)
    if following is None:
        assert not weekdays
        return
    assert following > day
    assert is_open_on(following, weekdays, named)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert not any(is_open_on(one, weekdays, named) for one in between)


def test_reservation_stays_its_days() -> None:
    assert last_pick_up_day(MONDAY, 7, [1, 5], []) == MONDAY + timedelta(days=7)


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_one_opening_day_within_its_days_is_enough(ahead: int) -> None:
    assert last_pick_up_day(MONDAY, 3, [], [MONDAY + timedelta(days=n) for n in (ahead, 30)]) == date(2026, 11, 5)


def test_opening_day_of_the_reservation_itself_does_not_count() -> None:
    opens = MONDAY + timedelta(days=4)
    assert last_pick_up_day(MONDAY, 3, [], [MONDAY, opens]) == opens


def test_reservation_outlives_a_long_pause() -> None:
    opens = MONDAY + timedelta(days=20)
    assert last_pick_up_day(MONDAY, 3, [], [opens]) == opens


def test_reservation_of_a_shop_without_days_stays_its_days() -> None:
    assert last_pick_up_day(MONDAY, 3, [], []) == MONDAY + timedelta(days=3)


@given(DAYS, st.integers(1, 60), WEEKDAYS, NAMED)
def test_there_is_a_day_to_pick_it_up(day: date, stays: int, weekdays: frozenset[int], named: frozenset[date]) -> None:
    last = last_pick_up_day(day, stays, weekdays, named)
    assert last >= day + timedelta(days=stays)
    days = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    if weekdays:
        assert any(is_open_on(one, weekdays, named) for one in days)


@pytest.mark.parametrize(
    ("weekdays", "named", "told"),
    [
        ([1, 2, 3, 4, 5, 6, 7], [], "每天"),
        ([5, 1], [], "每周一、周五"),
        ([1], [date(2026, 10, 1)], "每周一；另有 10月1日（周四）"),
        ([], [date(2026, 10, 1), date(2026, 9, 1)], "9月1日（周二）、10月1日（周四）"),
        ([], [], ""),
    ],
)
def test_days_as_people_say_them(weekdays: list[int], named: list[date], told: str) -> None:
    assert spoken_days(weekdays, named) == told


def test_day_with_its_weekday() -> None:
    assert spoken_day(date(2026, 11, 23)) == "11月23日（周一）"
