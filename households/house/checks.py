"""What ``manage.py verify`` asks. Each room registers its own examination; none learns of the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from households.months import Month


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule that was recomputed: its line for the operator, and whether it holds."""

    sentence: str
    holds: bool


Examination = Callable[[Month | None], Iterator[Checked]]
_examinations: list[Examination] = []


def register(examination: Examination) -> None:
    """Have a room's rules asked too, of one month or of all."""
    _examinations.append(examination)


def examine(month: Month | None) -> Iterator[Checked]:
    """Every rule of every room, in the order in which the rooms registered."""
    for examination in _examinations:
        yield from examination(month)
