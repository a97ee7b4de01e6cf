"""What a change of places does in the rooms above: each registers what it foresees and what it then does.

The rows of `staged_move` (old, new: households) and `staged_way` (old, new: places that end) are there for their statements,
however many there are. Rooms follow in the order of `at`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from households.changes.rooms import ChangeEffect
from households.models import User


@dataclass(frozen=True, slots=True)
class BorderStep:
    """A change of places as the rooms see it. `ways`: each place that ends, and as what it goes on.

    `order` is the row's number, None while it is only looked at. `made` are the places that begin by it. `release`: what
    households have reserved is given up. `back`: an order is being taken back, and the ways lead back.
    """

    villages: tuple[str, ...]
    ways: Mapping[str, str]
    counts_from: date
    order: int | None = None
    made: frozenset[str] = field(default_factory=frozenset)
    release: bool = False
    back: bool = False


@dataclass(frozen=True, slots=True)
class BorderRoom:
    """`hinders`: why an order cannot be taken back any more, one sentence each."""

    at: int
    foresee: Callable[[BorderStep, User | None], Iterable[ChangeEffect]] = lambda _step, _by: ()
    follow: Callable[[BorderStep, User | None], None] | None = None
    hinders: Callable[[BorderStep], Iterable[str]] | None = None


_rooms: list[BorderRoom] = []


def register(*rooms: BorderRoom) -> None:
    """Have a room asked what follows for it, at each of its times."""
    _rooms.extend(rooms)
    _rooms.sort(key=lambda one: one.at)


def foresee(step: BorderStep, by: User | None) -> list[ChangeEffect]:
    """What would follow; nothing is written."""
    return [effect for room in _rooms for effect in room.foresee(step, by)]


def follow(step: BorderStep, by: User | None) -> None:
    """Do what follows, in the caller's transaction. A room may refuse."""
    for room in _rooms:
        if room.follow:
            room.follow(step, by)


def hindrances(step: BorderStep) -> Iterator[str]:
    """What hangs on the places and codes as they are now."""
    for room in _rooms:
        if room.hinders:
            yield from room.hinders(step)
