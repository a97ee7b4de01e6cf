"""Points by the year they were earned in, worked out from an account's entries. Pure.

Points are good to 31 December of the year after the one they were earned in, and the oldest go first (design section 8).
Nothing of this is stored: what comes in names its year, whatever goes out takes from the oldest year that has any left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

YEARS_GOOD = 1  # after the year in which they were earned


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of an account, in the order of its chain. `amount` points; `year` of points that come in."""

    amount: int
    year: int | None = None
    key: str = ""


@dataclass
class Lots:
    """What is left of each year (years without any are absent), and from which years each key took, oldest first."""

    left: dict[int, int] = field(default_factory=dict)
    taken: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, movement: Movement) -> None:
        """Apply the next entry. Raises ValueError when more goes out than there is: entries are never so."""
        if movement.amount > 0:
            if movement.year is None:
                raise ValueError("points that come in name their year")
            self.left[movement.year] = self.left.get(movement.year, 0) + movement.amount
        elif movement.amount < 0:
            self.taken[movement.key] = self.taken.get(movement.key, []) + self._take(-movement.amount)

    def _take(self, points: int) -> list[tuple[int, int]]:
        taken: list[tuple[int, int]] = []
        for year in sorted(self.left):
            part = min(points, self.left[year])
            if part:
                taken.append((year, part))
                points -= part
                self.left[year] -= part
        if points:
            raise ValueError("more points went out than there were")
        self.left = {year: left for year, left in self.left.items() if left}
        return taken


def lots_of(movements: Iterable[Movement]) -> Lots:
    """The lots after all entries of an account, in the order of its chain."""
    lots = Lots()
    for movement in movements:
        lots.add(movement)
    return lots


def last_day_of(year: int) -> date:
    """The last day on which points earned in `year` are good."""
    return date(year + YEARS_GOOD, 12, 31)


def last_lapsed(on: date) -> int:
    """The latest year whose points are no longer good on this day."""
    return on.year - YEARS_GOOD - 1


def year_earned(year: int, on: date) -> int:
    """The year in which points count as earned that come in on this day for something of `year`.

    Points that would have lapsed before they came count as earned in the year in which they come.
    """
    return year if year > last_lapsed(on) else on.year


def lapsing(left: Mapping[int, int], held: int, year: int) -> int:
    """How many points of `year` and before are neither spent nor held; what is held is held from the oldest."""
    return max(0, sum(points for earned, points in left.items() if earned <= year) - held)


def coming_back(taken: Iterable[tuple[int, int]], already: int, points: int, on: date) -> dict[int, int]:
    """Points by the year as which they come back, when `points` of what a spend took are given back on this day.

    What was taken last comes back first; `already` points came back before. What no year gave (points that were owed)
    counts as earned in the year in which it comes back, and so do points of a year that has lapsed meanwhile.
    """
    back: dict[int, int] = {}
    for year, part in [*reversed(list(taken)), (on.year, already + points)]:
        skipped = min(already, part)
        already -= skipped
        given = min(points, part - skipped)
        points -= given
        if given:
            counts_as = year_earned(year, on)
            back[counts_as] = back.get(counts_as, 0) + given
    return back
