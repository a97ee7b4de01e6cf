"""What moves when sums move: result, rank and points of divisions or departments before and after, all of an arena at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from households.codes import Level
from scoring import rules
from scoring.rankings.rankings import RankingLine

DEPARTMENT = "县直部门"
Ranks = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Effect:
    """One line: result and rank before and after, and the points that this gives (below zero: takes back)."""

    level: str
    name: str
    before: str
    after: str
    points: int
    rank: int | None = None
    new_rank: int | None = None

    @property
    def is_none(self) -> bool:
        return (self.before, self.rank, self.points) == (self.after, self.new_rank, 0)


def effects_of_change(before: Sequence[RankingLine], change: Mapping[str, int], level: str) -> list[Effect]:
    """What becomes of those to whose sums `change` adds, all of them at once; `before` are all that they compete with."""
    after = {line.code: replace(line, total=line.total + change[line.code]) for line in before if line.code in change}
    ranks = _ranks(before, level)
    new = _ranks([after.get(line.code, line) for line in before], level)
    moved = [(line, after[line.code]) for line in before if line.code in after]
    return [_effect(level, old, line, ranks[old.code], new[old.code]) for old, line in moved]


def _ranks(lines: Sequence[RankingLine], level: str) -> Ranks:
    """A department is ranked as soon as something linked to it is scored, a division once everything below it is."""
    return rules.rank({line.code: line.result if level == DEPARTMENT or line.is_final else None for line in lines})


def _effect(level: str, old: RankingLine, line: RankingLine, rank: int | None, new_rank: int | None) -> Effect:
    earns = rank is not None and level != Level.COUNTY.label
    points = _earned(line.result) - _earned(old.result) if earns else 0
    return Effect(level, old.name, old.shown_result, line.shown_result, points, rank, new_rank)


def _earned(value: Fraction | None) -> int:
    return rules.points_for_division(value)
