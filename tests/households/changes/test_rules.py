"""Since when a change counts, and which door number is next."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from households.changes.rules import counts_from, next_serial

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DAYS


@given(day=DAYS, bound=MAYBE, since=st.lists(MAYBE, max_size=3), begun=MAYBE)
def test_change_counts_from_the_first_day_that_nothing_forbids(
    day: date, bound: date | None, since: list[date | None], begun: date | None
) -> None:
    found = counts_from(day, bound=bound, since=since, begun=begun)
    floors = {day, bound, *since, begun + timedelta(days=1) if begun else None} - {None}
    assert found in floors and all(floor <= found for floor in floors)


@given(used=st.sets(st.integers(1, 9999)))
def test_next_number_was_never_used(used: set[int]) -> None:
    assert next_serial(used) not in used or next_serial(used) == 0
    assert next_serial(used) > max(used, default=0) or 9999 in used
