"""Points by year: the oldest go first, and what comes back comes back to where it was. Against lots kept one by one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ledger import lots
from scoring.ledger.lots import Movement, lots_of

THIS = 2026
YEARS = st.integers(2022, THIS)


class Purse:
    """The naive model: every single point is a token with the year it was earned in."""

    def __init__(self) -> None:
        self.tokens: list[int] = []

    def earn(self, points: int, year: int) -> None:
        self.tokens += [year] * points

    def spend(self, points: int) -> list[int]:
        self.tokens.sort()
        gone, self.tokens = self.tokens[:points], self.tokens[points:]
        return gone

    def count(self) -> dict[int, int]:
        return {year: self.tokens.count(year) for year in set(self.tokens)}


@st.composite
def histories(draw: st.DrawFn) -> list[Movement]:
    """Movements that never take more than there is."""
    movements, balance = [], 0
    for number in range(draw(st.integers(0, 14))):
        if balance and draw(st.booleans()):
            movements.append(Movement(-draw(st.integers(1, balance)), key=f"spend:{number}"))
        else:
            movements.append(Movement(draw(st.integers(0, 30)), draw(YEARS), f"freeze:{number}"))
        balance += movements[-1].amount
    return movements


@given(histories())
def test_what_is_left_is_what_tokens_would_be_left(movements: list[Movement]) -> None:
    purse = Purse()
    for movement in movements:
        if movement.amount >= 0:
            purse.earn(movement.amount, movement.year or 0)
        else:
            purse.spend(-movement.amount)
    assert lots_of(movements).left == purse.count()


def test_smallest_amounts_move_too() -> None:
    found = lots_of([Movement(1, 2025, "freeze:1"), Movement(1, 2026, "freeze:2"), Movement(-1, key="spend:1")])
    assert found.left == {2026: 1}
    assert found.taken == {"spend:1": [(2025, 1)]}


def test_entry_that_only_holds_takes_nothing() -> None:
    assert lots_of([Movement(2, 2026, "freeze:1"), Movement(0, key="hold:1")]).taken == {}


@given(histories())
def test_what_is_left_sums_to_the_balance(movements: list[Movement]) -> None:
    assert sum(lots_of(movements).left.values()) == sum(movement.amount for movement in movements)


@given(histories(), YEARS)
def test_sum_of_old_points_is_total_less_lowest(movements: list[Movement], upto: int) -> None:
    """What the statement of expiry relies on."""
    so_far = lowest = 0
    for movement in movements:
        is_newer = movement.amount > 0 and (movement.year or 0) > upto
        so_far += 0 if is_newer else movement.amount
        lowest = min(lowest, so_far)
    left = lots_of(movements).left
    assert so_far - lowest == sum(points for year, points in left.items() if year <= upto)


@given(histories(), st.data())
def test_spend_given_back_at_once_leaves_no_trace(movements: list[Movement], data: st.DataObject) -> None:
    movements = [Movement(1, THIS), *(m for m in movements if m.year is None or m.year >= THIS - 1)]
    movements = [m for n, m in enumerate(movements) if sum(x.amount for x in movements[: n + 1]) >= 0 and m.amount >= 0]
    before = lots_of(movements)
    points = data.draw(st.integers(1, sum(before.left.values())))
    after = lots_of([*movements, Movement(-points, key="spend:x")])
    for year, part in lots.coming_back(after.taken["spend:x"], 0, points, date(THIS, 6, 1)).items():
        after.add(Movement(part, year))
    assert after.left == lots_of(movements).left


@given(st.lists(st.tuples(YEARS, st.integers(1, 9)), max_size=4), st.integers(0, 9), st.integers(1, 40))
def test_all_that_is_given_back_has_a_year_that_is_good(
    taken: list[tuple[int, int]], already: int, points: int
) -> None:
    back = lots.coming_back(taken, already, points, date(THIS, 6, 1))
    assert sum(back.values()) == points
    assert all(year > lots.last_lapsed(date(THIS, 6, 1)) for year in back)


def test_last_taken_comes_back_first() -> None:
    taken = [(2025, 5), (2026, 3)]
    assert lots.coming_back(taken, 0, 4, date(2026, 6, 1)) == {2026: 3, 2025: 1}
    assert lots.coming_back(taken, 4, 4, date(2026, 6, 1)) == {2025: 4}


def test_points_of_a_lapsed_year_come_back_as_this_years() -> None:
    assert lots.coming_back([(2024, 5), (2025, 3)], 0, 8, date(2026, 1, 1)) == {2025: 3, 2026: 5}


def test_points_that_were_owed_come_back_as_this_years() -> None:
    assert lots.coming_back([(2025, 3)], 0, 8, date(2026, 1, 1)) == {2025: 3, 2026: 5}


@pytest.mark.parametrize(
    ("day", "lapsed"), [(date(2026, 1, 1), 2024), (date(2026, 12, 31), 2024), (date(2027, 1, 1), 2025)]
)
def test_points_lapse_after_the_last_day_of_the_next_year(day: date, lapsed: int) -> None:
    assert lots.last_lapsed(day) == lapsed
    assert lots.last_day_of(lapsed) < day <= lots.last_day_of(lapsed + 1)


@pytest.mark.parametrize(("year", "counts_as"), [(2026, 2026), (2025, 2025), (2024, 2026), (2019, 2026)])
def test_points_that_come_too_late_count_as_earned_when_they_come(year: int, counts_as: int) -> None:
    assert lots.year_earned(year, date(2026, 1, 1)) == counts_as


@pytest.mark.parametrize(("held", "lapsing"), [(0, 7), (3, 4), (7, 0), (9, 0)])
def test_held_points_do_not_lapse(held: int, lapsing: int) -> None:
    assert lots.lapsing({2023: 2, 2024: 5, 2025: 9}, held, 2024) == lapsing


def test_more_out_than_in_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="more points"):
        lots_of([Movement(3, 2026), Movement(-4)])


def test_points_without_a_year_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="year"):
        lots_of([Movement(3)])
