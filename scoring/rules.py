"""The arithmetic of the six zeros. Pure. Integers and exact fractions, no clock, no storage.

Callers pass only events that count: confirmed, not withdrawn, of one month. Everything else here follows from them.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import TypeVar

BASE = 100
BONUS_CAP = 20
SIX_ZERO_POINTS = 10

Key = TypeVar("Key", bound=Hashable)


class RuleError(ValueError):
    """Input the arithmetic has no answer for; a fault of the caller, not of the person at the page."""


class Kind(StrEnum):
    DEDUCT = "deduct"
    REMIND = "remind"
    BONUS = "bonus"

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return {"deduct": "扣分", "remind": "提醒", "bonus": "加分"}[self.value]

    @property
    def sign(self) -> int:
        """What a point of this kind does to a score: -1, 0 or +1."""
        return {"deduct": -1, "remind": 0, "bonus": 1}[self.value]

    @property
    def takes(self) -> bool:
        """Whether it costs points."""
        return self is Kind.DEDUCT

    @property
    def reminds(self) -> bool:
        """Whether it changes no score."""
        return self is Kind.REMIND


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: points are never negative, the kind says which way they count. `key` finds the row."""

    indicator: str
    kind: Kind
    points: int
    key: Hashable = None

    def __post_init__(self) -> None:
        if self.points < 0:
            raise RuleError(f"points must not be negative: {self.points}")

    @property
    def signed(self) -> int:
        return self.kind.sign * self.points


@dataclass(frozen=True, slots=True)
class HouseholdResult:
    """One household in one month: score 0..120, bonus 0..20, points lost by indicator, indicators that did not hold."""

    score: int
    bonus: int
    lost: Mapping[str, int]
    broken: frozenset[str]

    @property
    def six_zero(self) -> bool:
        """Whether all zeros were held."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of the sum on the why page; the amounts of all lines add up to the score."""

    what: str
    amount: int
    indicator: str | None = None
    event: Event | None = field(default=None)


def household_score(events: Iterable[Event], shares: Mapping[str, int]) -> HouseholdResult:
    """The month's result of one household; `shares` gives each indicator's share of the base, the most it can cost.

    A reminder costs nothing and breaks nothing. The order of events never matters.
    """
    deducted, bonus, broken = dict.fromkeys(shares, 0), 0, set()
    for event in events:
        _check_indicator(event, shares)
        if event.kind is Kind.DEDUCT:
            deducted[event.indicator] += event.points
            broken.add(event.indicator)
        elif event.kind is Kind.BONUS:
            bonus += event.points
    lost = {indicator: min(shares[indicator], points) for indicator, points in deducted.items()}
    bonus = min(BONUS_CAP, bonus)
    return HouseholdResult(BASE - sum(lost.values()) + bonus, bonus, lost, frozenset(broken))


def _check_indicator(event: Event, shares: Mapping[str, int]) -> None:
    if event.indicator not in shares:
        raise RuleError(f"indicator {event.indicator!r} is not in the scheme")


def broken_from_mask(mask: int, indicators: Iterable[str]) -> frozenset[str]:
    """Broken indicators from their bits: bit n is set when the n-th indicator of the scheme did not hold; 0 is six zeros."""
    return frozenset(indicator for position, indicator in enumerate(indicators) if mask >> position & 1)


def explain_household(
    events: Iterable[Event], shares: Mapping[str, int], names: Mapping[str, str] | None = None
) -> list[SumLine]:
    """The sum of household_score written out: base, every event, and a line wherever a cap gives points back.

    `names` are the indicators' Chinese names. Lines follow the scheme's order; the amounts add up to the score.
    """
    listed = list(events)
    lines = [SumLine("基础分", BASE)]
    for indicator, share in shares.items():
        own = [event for event in listed if event.indicator == indicator]
        lines += _indicator_lines(own, indicator, share, (names or {}).get(indicator, indicator))
    for event in listed:
        _check_indicator(event, shares)
    excess = sum(event.points for event in listed if event.kind is Kind.BONUS) - BONUS_CAP
    if excess > 0:
        lines.append(SumLine(f"加分每月最多 {BONUS_CAP} 分，多出的 {excess} 分不计", -excess))
    return lines


def _indicator_lines(own: list[Event], indicator: str, share: int, name: str) -> list[SumLine]:
    lines = [SumLine(f"{name}{event.kind.label}", event.signed, indicator, event) for event in own]
    excess = sum(event.points for event in own if event.kind is Kind.DEDUCT) - share
    if excess > 0:
        lines.append(SumLine(f"{name}每月最多扣 {share} 分，多出的 {excess} 分不扣", excess, indicator))
    return lines


def division_points_of(events: Iterable[Event]) -> int:
    """Signed points of events recorded against a division itself; it counts once per household. No cap applies."""
    return sum(event.signed for event in events)


def result(total: int | Fraction, households: int | Fraction) -> Fraction | None:
    """Points per household, exact; None when nothing is scored."""
    return Fraction(total) / Fraction(households) if households else None


def round_half_up(value: Fraction, places: int = 0) -> int:
    """value * 10**places as the nearest integer, halves away from zero: what PostgreSQL's round(numeric) answers."""
    unit: int = 10**places
    nearest = floor(abs(value) * unit + Fraction(1, 2))
    return nearest if value >= 0 else -nearest


def display(value: Fraction | None) -> str:
    """A result with two decimals, halves up; empty text when there is none. Only for eyes: ranks use the fraction."""
    if value is None:
        return ""
    hundredths = round_half_up(value, 2)
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}"


def coverage(households: int, active: int) -> str:
    """Scored share of the active households, four decimals, cut off and not rounded: 1.0000 means every one."""
    ten_thousandths = households * 10_000 // active if active else 0
    return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04d}"


def is_final(households: int, active: int) -> bool:
    """Whether a division is ranked: it has households and every active one is scored."""
    return 0 < active == households


def rank(results: Mapping[Key, Fraction | None]) -> dict[Key, int | None]:
    """Rank by exact result, best first; ties share a rank and use it up (1, 2, 2, 4). None stays unranked.

    Pass None for a division that is provisional or has no result.
    """
    place: dict[Fraction, int] = {}
    ordered = sorted((value for value in results.values() if value is not None), reverse=True)
    for position, value in enumerate(ordered, start=1):
        place.setdefault(value, position)
    return {key: None if value is None else place[value] for key, value in results.items()}


def points_for_household(outcome: HouseholdResult) -> int:
    """Points credited at freezing: 10 for a month of six zeros, plus the bonus. Deductions never touch a balance."""
    return (SIX_ZERO_POINTS if outcome.six_zero else 0) + outcome.bonus


def points_for_division(value: Fraction | None) -> int:
    """Points credited to a group, village, township, county or department: the result, halves up, never below zero."""
    return 0 if value is None else max(0, round_half_up(value))
