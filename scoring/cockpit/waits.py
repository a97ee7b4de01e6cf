"""Villages whose objections wait: said by the subject that keeps them, if one does."""

from collections.abc import Callable, Mapping
from datetime import date

from households.months import Month

# For a month and a place: of each village that has objections waiting, the day of the oldest.
Reader = Callable[[Month, str], Mapping[str, date]]
readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Have objections that wait asked for, in one query."""
    readers.append(reader)


def objected(month: Month, place: str) -> dict[str, date]:
    """The oldest waiting objection of each village."""
    return {village: day for reader in readers for village, day in reader(month, place).items()}
