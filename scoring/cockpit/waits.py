"""Villages whose objections wait: said by the subject that keeps them, if one does."""

from collections.abc import Callable, Mapping

from households.months import Month
from scoring.objection_states import HeldObjection

# For a month and a place: of each village that has objections waiting, the one that is due first.
Reader = Callable[[Month, str], Mapping[str, HeldObjection]]
readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Have objections that wait asked for, in one query."""
    readers.append(reader)


def objected(month: Month, place: str) -> dict[str, HeldObjection]:
    """The objection of each village that is due first."""
    return {village: held for reader in readers for village, held in reader(month, place).items()}
