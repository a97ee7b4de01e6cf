"""What a change of the register does in the rooms above: each registers what it foresees and what it then does.

Rooms follow in the order of `at`: what gives points free comes before what moves them, for the ledger's heads are locked last.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from households.models import ENDINGS, ChangeKind, User


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """A change as the rooms see it: the household, the other one (its new code, who takes it in, who gets its points).

    `change` is the row's number, None while it is only looked at; then `other` may still be unknown. `release`: what the
    household has reserved is to be given up. `group`: where a new row comes to, empty where there is none.
    """

    kind: ChangeKind
    household: str
    other: str
    counts_from: date
    release: bool = False
    change: int | None = None
    group: str = ""

    @property
    def ends(self) -> bool:
        """Whether the household leaves the register by it."""
        return self.kind in ENDINGS


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """One sentence of a preview; `stops` says that the change is refused as long as it holds."""

    sentence: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """`follow` does what was foreseen, where there is anything to do. `bound`: the first day since when the villages may
    still be changed. `lock`: what of them is held meanwhile.
    """

    at: int
    foresee: Callable[[ChangeStep, User | None], Iterable[ChangeEffect]]
    follow: Callable[[ChangeStep, User | None], None] | None = None
    bound: Callable[[Sequence[str]], date | None] | None = None
    lock: Callable[[Sequence[str]], None] | None = None


_rooms: list[Room] = []


def register(room: Room) -> None:
    """Have a room asked what follows for it."""
    _rooms.append(room)
    _rooms.sort(key=lambda one: one.at)


def bound(villages: Sequence[str]) -> date | None:
    """The first day since when nothing that was signed for is moved; None when nothing was."""
    days = [day for room in _rooms if room.bound and (day := room.bound(villages))]
    return max(days, default=None)


def lock(villages: Sequence[str]) -> None:
    """Hold what the rooms have open of these villages, in their order."""
    for room in _rooms:
        if room.lock:
            room.lock(villages)


def foresee(step: ChangeStep, by: User | None) -> list[ChangeEffect]:
    """What would follow; nothing is written."""
    return [effect for room in _rooms for effect in room.foresee(step, by)]


def follow(step: ChangeStep, by: User | None) -> None:
    """Do what follows, in the caller's transaction. A room may refuse."""
    for room in _rooms:
        if room.follow:
            room.follow(step, by)
