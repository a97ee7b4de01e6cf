"""Patterns in ratings that honest filers hardly make: what a handler who rates themselves would leave behind. Pure.

Each rule looks at the ratings of one unit. A flag is a question for the petition office, not a finding. Ratings by which nobody
gains (not satisfied) raise nothing. What is not kept cannot be compared: no network address and no device of a rating is stored.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SATISFIED, PAGE, CALL_BACK = "satisfied", "page", "call_back"
QUICK = timedelta(minutes=10)  # after the answer: before it can have reached a villager
BURST, IN_BURST = timedelta(minutes=15), 5  # so many within that time
MANY = 5  # ratings from which "all of them" says something
SEVERAL = 3  # petitions below which a pattern is chance
OWN_FILINGS = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One rating of a unit, and what is known about its petition. `filed_by` is the unit of a person who filed it.

    `phone` is the keyed digest of the filer's telephone number, `household` a household's key; empty for none.
    """

    petition: int
    unit: str
    score: str
    via: str
    rated_at: datetime
    answered_at: datetime
    confirmed: bool = False
    filed_by: str = ""
    phone: str = ""
    household: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that a unit's ratings meet, and the petitions behind it, by primary key, each once."""

    rule: str
    unit: str
    petitions: tuple[int, ...]


Rule = Callable[[Sequence[Fact]], Iterable[Fact]]


def quick(facts: Sequence[Fact]) -> list[Fact]:
    """Satisfied on the page within minutes of the answer, several times."""
    found = [one for one in _praise(facts) if timedelta(0) <= one.rated_at - one.answered_at <= QUICK]
    return found if len(found) >= SEVERAL else []


def burst(facts: Sequence[Fact]) -> list[Fact]:
    """Several petitions rated satisfied on the page one after the other."""
    praise = sorted(_praise(facts), key=lambda one: one.rated_at)
    found: set[int] = set()
    first = 0
    for last, one in enumerate(praise):
        while one.rated_at - praise[first].rated_at > BURST:
            first += 1
        if len({each.petition for each in praise[first : last + 1]}) >= IN_BURST:
            found |= {each.petition for each in praise[first : last + 1]}
    return [one for one in praise if one.petition in found]


def call_backs_only(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Many ratings, every one satisfied and told on the telephone; no filer ever rated on their own."""
    return facts if _all_satisfied(facts) and all(one.via == CALL_BACK for one in facts) else []


def never_confirmed(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Many ratings on the page, all satisfied, and not one filer said that their matter was solved."""
    praise = _praise(facts)
    return praise if _all_satisfied(facts) and len(praise) >= MANY and not any(one.confirmed for one in facts) else []


def own_filings(facts: Sequence[Fact]) -> list[Fact]:
    """Satisfied on the page with a code that the unit itself was given, since one of its people filed the petition."""
    found = [one for one in _praise(facts) if _below(one.filed_by, one.unit)]
    return found if len(found) >= OWN_FILINGS else []


def one_phone(facts: Sequence[Fact]) -> list[Fact]:
    """One telephone number for several households, all of them satisfied."""
    by_phone = defaultdict(list)
    for one in _praise(facts):
        if one.phone and one.household:
            by_phone[one.phone].append(one)
    return [one for some in by_phone.values() if len({each.household for each in some}) >= SEVERAL for one in some]


RULES: dict[str, Rule] = {
    "quick": quick,
    "burst": burst,
    "call_backs_only": call_backs_only,
    "never_confirmed": never_confirmed,
    "own_filings": own_filings,
    "one_phone": one_phone,
}


def flags(facts: Iterable[Fact]) -> list[Flag]:
    """What every rule finds, by unit, then rule; the order in which ratings came makes no difference."""
    by_unit = defaultdict(list)
    for one in facts:
        if one.unit:
            by_unit[one.unit].append(one)
    found = [(unit, name, rule(some)) for unit, some in sorted(by_unit.items()) for name, rule in RULES.items()]
    return [Flag(name, unit, tuple(sorted({one.petition for one in some}))) for unit, name, some in found if some]


def _praise(facts: Iterable[Fact]) -> list[Fact]:
    return [one for one in facts if one.score == SATISFIED and one.via == PAGE]


def _all_satisfied(facts: Sequence[Fact]) -> bool:
    return len(facts) >= MANY and all(one.score == SATISFIED for one in facts)


def _below(filed_by: str, unit: str) -> bool:
    """Whether who filed works for the unit, or for a village of that township."""
    return bool(filed_by) and (filed_by == unit or (unit.startswith("division:") and filed_by.startswith(unit)))
