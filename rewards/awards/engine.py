"""The award engine. Pure. Exact fractions and whole fen, no clock, no storage, no floats.

Who competes is judged over the basis months together: result = sum(total) / sum(households), ties share a rank and its band.
A division that was not final in every month is not ranked and gets nothing. What is asked never exceeds the pool: too little
is refused with how much is missing, or shared in proportion by largest remainder when the rule says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rewards.money import yuan
from scoring import rules

SIX_ZERO, RESULT = "six_zero", "result"
_WHAT = {SIX_ZERO: ("六零户占比", "%"), RESULT: ("得分", " 分")}


class PoolTooSmall(ValueError):
    """The awards ask for more than the pool holds: `missing_fen` more."""

    def __init__(self, asked_fen: int, pool_fen: int) -> None:
        super().__init__(f"{asked_fen} > {pool_fen}")
        self.asked_fen, self.missing_fen = asked_fen, asked_fen - pool_fen


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A division's archived month: scored households, sum of points, households with six zeros; final or provisional."""

    month: str
    households: int
    total: int
    six_zero: int
    final: bool


@dataclass(frozen=True, slots=True)
class Competitor:
    """A division with its basis months, every one of them (`final` False where nothing was archived), and its free points."""

    code: str
    months: tuple[MonthFigures, ...]
    points: int = 0

    @property
    def households(self) -> int:
        return sum(month.households for month in self.months)

    @property
    def total(self) -> int:
        return sum(month.total for month in self.months)

    @property
    def six_zero(self) -> int:
        return sum(month.six_zero for month in self.months)

    @property
    def open_months(self) -> list[str]:
        """Months in which the division was not final."""
        return [month.month for month in self.months if not month.final]

    @property
    def result(self) -> Fraction | None:
        """Points per household over all months; None unless final in every one."""
        if self.open_months or not self.months:
            return None
        return rules.result(self.total, self.households)


@dataclass(frozen=True, slots=True)
class Band:
    """Ranks from..to, both included, get so much each."""

    from_rank: int
    to_rank: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Goal:
    """`at_least` in hundredths of a percent point or of a point; met in every month, or over all of them."""

    what: str
    at_least: int
    every_month: bool
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Rules:
    """One kind's rules: bands or goals or a price of points, and the most there is in all."""

    pool_fen: int
    bands: tuple[Band, ...] = ()
    goals: tuple[Goal, ...] = ()
    fen_per_point: int = 0
    points_most: int = 0
    proportional: bool = False


@dataclass(frozen=True, slots=True)
class Allotment:
    """What one division gets, and why in words; `rank` None for one that is not ranked."""

    code: str
    rank: int | None
    households: int
    total: int
    six_zero: int
    points: int
    amount_fen: int
    reason: str


def award(competitors: Iterable[Competitor], by: Rules) -> list[Allotment]:
    """A line for every competitor, best first, unranked ones last. Raises PoolTooSmall unless `by.proportional`."""
    lines = _lines(competitors, by)
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0, line.code))
    return _within_pool(lines, by)


def won(competitors: Iterable[Competitor], by: Rules) -> dict[str, int]:
    """What each would get if the pool were large enough: its class, which nobody else's share moves."""
    return {line.code: line.amount_fen for line in _lines(competitors, by)}


def _lines(competitors: Iterable[Competitor], by: Rules) -> list[Allotment]:
    everyone = sorted(competitors, key=lambda one: one.code)
    ranks = rules.rank({one.code: one.result for one in everyone})
    return [_line(one, ranks[one.code], by) for one in everyone]


def _line(one: Competitor, rank: int | None, by: Rules) -> Allotment:
    points, amount, reason = (0, 0, _why_unranked(one)) if rank is None else _earned(one, rank, by)
    return Allotment(one.code, rank, one.households, one.total, one.six_zero, points, amount, reason)


def _why_unranked(one: Competitor) -> str:
    open_months = one.open_months
    if not open_months:
        return "没有可以评的户，不排名，没有奖励。"
    shown = "、".join(open_months[:3]) + (f" 等 {len(open_months)} 个月" if len(open_months) > 3 else "")
    return f"{shown}没有评齐或没有锁定，不排名，没有奖励。"


def _earned(one: Competitor, rank: int, by: Rules) -> tuple[int, int, str]:
    if by.fen_per_point:
        return _by_points(one, by)
    amount, reason = _by_goals(one, by.goals) if by.goals else _by_rank(one, rank, by.bands)
    return 0, amount, reason


def _by_rank(one: Competitor, rank: int, bands: Sequence[Band]) -> tuple[int, str]:
    placed = f"{len(one.months)} 个月平均 {rules.display(one.result)} 分，第 {rank} 名"
    for band in bands:
        if band.from_rank <= rank <= band.to_rank:
            return band.amount_fen, f"{placed}，在第 {band.from_rank} 至 {band.to_rank} 名一档。"
    return 0, f"{placed}，不在有奖的名次内。"


def _by_goals(one: Competitor, goals: Sequence[Goal]) -> tuple[int, str]:
    met = [_meets(one, goal) for goal in goals]
    amount = sum(goal.amount_fen for goal, reached in zip(goals, met, strict=True) if reached)
    said = "；".join(_goal_words(one, goal, reached) for goal, reached in zip(goals, met, strict=True))
    return amount, f"{said}。"


def _meets(one: Competitor, goal: Goal) -> bool:
    return all(value >= Fraction(goal.at_least, 100) for value in _measures(one, goal))


def _measures(one: Competitor, goal: Goal) -> list[Fraction]:
    """What the goal looks at, in per cent or points: one value a month, or one over all months."""
    if not goal.every_month:
        return [_measure(goal.what, one.total, one.six_zero, one.households)]
    return [_measure(goal.what, month.total, month.six_zero, month.households) for month in one.months]


def _measure(what: str, total: int, six_zero: int, households: int) -> Fraction:
    return Fraction(100 * six_zero if what == SIX_ZERO else total, households)


def _goal_words(one: Competitor, goal: Goal, reached: bool) -> str:
    name, unit = _WHAT[goal.what]
    lowest = min(_measures(one, goal))
    span = "各月最低" if goal.every_month else "平均"
    wanted = f"{hundredths(goal.at_least)}{unit}"
    return f"{name}{span} {_shown(goal, lowest, unit)}，{'达到' if reached else '没有达到'} {wanted}"


def _shown(goal: Goal, measured: Fraction, unit: str) -> str:
    """A result as every list shows it, a share cut off as every list shows it; one that only rounding lifts says so."""
    if goal.what == SIX_ZERO:
        return f"{hundredths(measured * 100 // 1)}{unit}"
    shown = rules.round_half_up(measured, 2)
    lifted = shown >= goal.at_least > measured * 100
    return f"{rules.display(measured)}{unit}{'（四舍五入后，实际略低）' if lifted else ''}"


def hundredths(number: int) -> str:
    """9550 -> 95.50. A share comes here cut off, so that 95.4999 never reads as the 95.50 that it missed."""
    whole, rest = divmod(abs(number), 100)
    return f"{'-' if number < 0 else ''}{whole}.{rest:02d}"


def _by_points(one: Competitor, by: Rules) -> tuple[int, int, str]:
    used = min(one.points, by.points_most)
    capped = f"，每村最多 {by.points_most} 分" if one.points > by.points_most else ""
    if not used:
        return 0, 0, "没有可用积分，没有奖励。"
    return used, used * by.fen_per_point, f"可用积分 {one.points} 分{capped}，按每分 {yuan(by.fen_per_point)} 元折合。"


def _within_pool(lines: list[Allotment], by: Rules) -> list[Allotment]:
    asked = sum(line.amount_fen for line in lines)
    if asked <= by.pool_fen:
        return lines
    if not by.proportional:
        raise PoolTooSmall(asked, by.pool_fen)
    return _points_shared(lines, by) if by.fen_per_point else _money_shared(lines, by.pool_fen, asked)


def _money_shared(lines: list[Allotment], pool_fen: int, asked: int) -> list[Allotment]:
    amounts = shared({line.code: line.amount_fen for line in lines}, pool_fen)
    return [
        replace(line, amount_fen=amounts[line.code], reason=f"{line.reason}{_squeezed(pool_fen, asked)}")
        if line.amount_fen
        else line
        for line in lines
    ]


def _points_shared(lines: list[Allotment], by: Rules) -> list[Allotment]:
    """Whole points are shared, so that a village never spends a point that is not paid for."""
    asked = sum(line.points for line in lines)
    most = by.pool_fen // by.fen_per_point
    points = shared({line.code: line.points for line in lines}, most)
    return [
        replace(
            line,
            points=points[line.code],
            amount_fen=points[line.code] * by.fen_per_point,
            reason=f"{line.reason}{_squeezed(most, asked)}",
        )
        if line.points
        else line
        for line in lines
    ]


def _squeezed(pool: int, asked: int) -> str:
    return f"本项总额不够，按比例折为 {hundredths(pool * 10_000 // asked)}%。"


def shared(claims: Mapping[str, int], pool: int) -> dict[str, int]:
    """`pool` over the claims in proportion, in whole numbers by largest remainder: the parts add up to exactly `pool`.

    Equal claims differ by one at most; the order of the claims never matters (a tie of remainders goes by code).
    `pool` must not be more than is claimed.
    """
    asked = sum(claims.values())
    if not 0 <= pool <= asked:
        raise ValueError(f"pool {pool} is not within 0..{asked}")
    if not asked:
        return dict.fromkeys(claims, 0)
    parts = {code: claim * pool // asked for code, claim in claims.items()}
    left = pool - sum(parts.values())
    first = sorted(claims, key=lambda code: (-(claims[code] * pool % asked), code))
    for code in first[:left]:
        parts[code] += 1
    return parts
