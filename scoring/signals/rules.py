"""What about a village's month deserves a second look, and why: signs of a sheet that was filled in without looking. Pure.

A signal informs whoever reviews; it proves nothing, moves no score, and is of a sheet, never of a person. Nobody's use of the
system is counted or ranked. Chosen so that an honest village sets off none: one that works off line and sends all at once, one
that writes everything down on the last evening, a small one in which nothing happens (tests/scoring/signals/test_fleet.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

MONTHS = 6  # that a streak is looked for in, this one included
EXPECTED = 9.0  # entries that were to be expected in a streak: with so many, none at all comes by chance once in eight thousand
FEWEST = 5  # entries, or households with one, below which nothing is said about how they came about
SECONDS = 10  # between one household and the next: nobody finds one, a clause and a day in less
ALIKE = 0.8  # part of the entries that stand alike in the month before
BURST_FROM = 8
VILLAGES = 3  # signed for in one browser


class SignalKind(StrEnum):
    STREAK = "streak"
    SECONDS = "seconds"
    COPY = "copy"
    DEVICE = "device"
    BURST = "burst"
    KIN = "kin"


@dataclass(frozen=True, slots=True)
class Signal:
    """One remark and its reason, in the reader's words."""

    kind: SignalKind
    reason: str


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """How a village's month came about.

    `history` are standing entries of this month and those before it, newest first, None where nothing was declared;
    `homes` are the households (and groups) that have one, `reached` the moments at which the first one of each reached the
    server (what was done off line comes at one moment), from `first` to `last`; `dates` on how many days they are said to have
    happened; `at_end` those recorded from the last but one day of the month on; `before` and `alike` the entries of last
    month, and those that this month has as well; `together` the villages signed for in one browser; `own` entries recorded by
    somebody for a household declared as their own or their kin's.
    """

    households: int
    history: Sequence[int | None]
    entries: int = 0
    homes: int = 0
    reached: int = 0
    first: datetime | None = None
    last: datetime | None = None
    dates: int = 0
    at_end: int = 0
    before: int = 0
    alike: int = 0
    together: int = 1
    own: int = 0

    @property
    def streak(self) -> int:
        """Months without a single entry up to this one."""
        months = 0
        for entries in self.history:
            if entries != 0:
                break
            months += 1
        return months

    @property
    def span(self) -> float:
        """Seconds from the first household that reached the server to the last."""
        return (self.last - self.first).total_seconds() if self.first and self.last else 0.0


def signals(facts: MonthFacts, usual: float) -> list[Signal]:
    """What is to be said of a month, where `usual` is how many entries a household has a month in the places around."""
    found = (_streak(facts, usual), _seconds(facts), _copy(facts), _device(facts), _burst(facts), _kin(facts))
    return [signal for signal in found if signal]


def usual_rate(places: Iterable[MonthFacts]) -> float:
    """Entries a household a month: the middle one of the places that write anything down at all, 0 where none does."""
    rates = [_rate(facts) for facts in places]
    written = [rate for rate in rates if rate > 0]
    return median(written) if written else 0.0


def _rate(facts: MonthFacts) -> float:
    told = [entries for entries in facts.history if entries is not None]
    return sum(told) / (len(told) * facts.households) if told and facts.households else 0.0


def _streak(facts: MonthFacts, usual: float) -> Signal | None:
    expected = usual * facts.households * facts.streak
    if facts.streak < 2 or expected < EXPECTED:
        return None
    reason = (
        f"连续 {facts.streak} 个月全村没有一条例外，也没有加分；照周围各村的记法，这段时间应有约 {round(expected)} 条"
    )
    return Signal(SignalKind.STREAK, reason)


def _seconds(facts: MonthFacts) -> Signal | None:
    if facts.reached < FEWEST:
        return None
    each = facts.span / (facts.reached - 1)
    if each >= SECONDS:
        return None
    return Signal(SignalKind.SECONDS, f"{facts.homes} 户是一户接一户录的，平均每户不到 {int(each) + 1} 秒")


def _copy(facts: MonthFacts) -> Signal | None:
    most = max(facts.before, facts.entries)
    if facts.alike < FEWEST or facts.alike < ALIKE * most:
        return None
    return Signal(SignalKind.COPY, f"{facts.entries} 条里有 {facts.alike} 条和上个月同一户、同一条款")


def _device(facts: MonthFacts) -> Signal | None:
    if facts.together < VILLAGES:
        return None
    return Signal(SignalKind.DEVICE, f"和另外 {facts.together - 1} 个村的申报，是在同一台设备的浏览器里签的")


def _burst(facts: MonthFacts) -> Signal | None:
    if facts.entries < BURST_FROM or facts.dates > 2 or facts.at_end < ALIKE * facts.entries:
        return None
    return Signal(
        SignalKind.BURST, f"{facts.entries} 条有 {facts.at_end} 条是月底录的，发生日期只写了 {facts.dates} 天"
    )


def _kin(facts: MonthFacts) -> Signal | None:
    if not facts.own:
        return None
    return Signal(SignalKind.KIN, f"{facts.own} 条是登记人记在自己家或申报过的亲属家的，请另一个人核对")


def together(signed: Mapping[str, tuple[str, Collection[str]]]) -> dict[str, int]:
    """In how many villages' names each village's browser signed. Of each village: the mark of who signed, and the marks of
    everybody who has signed in in that browser.
    """
    villages = {mark: village for village, (mark, _) in signed.items()}
    group = {village: village for village in signed}

    def root(village: str) -> str:
        while group[village] != village:
            village = group[village]
        return village

    for village, (_, marks) in signed.items():
        for mark in marks:
            if mark in villages:
                group[root(villages[mark])] = root(village)
    roots = {village: root(village) for village in signed}
    sizes: dict[str, int] = {}
    for found in roots.values():
        sizes[found] = sizes.get(found, 0) + 1
    return {village: sizes[found] for village, found in roots.items()}
