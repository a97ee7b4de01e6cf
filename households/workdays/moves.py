"""What moves when a year is arranged: each room says which of its due days go by working days, and counts them anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

DueDays = Callable[[int], Mapping[str, str]]
CountAnew = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class MovedDay:
    """One due day before and after, in words."""

    what: str
    before: str
    after: str


_rooms: list[tuple[DueDays, CountAnew]] = []


def register(due_days: DueDays, count_anew: CountAnew = lambda _year: 0) -> None:
    """Have a room asked: for the due days that a year's arrangement may move, by their names; and to store them anew."""
    _rooms.append((due_days, count_anew))


def due_days(year: int) -> dict[str, str]:
    """Every room's, as the arrangement in force, or the supposed one, has them."""
    return {what: day for of_room, _ in _rooms for what, day in of_room(year).items()}


def count_anew(year: int) -> int:
    """Store what has moved; how much that was."""
    return sum(count(year) for _, count in _rooms)
