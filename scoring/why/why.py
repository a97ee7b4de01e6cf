"""Why a figure is what it is: the sum written out, down to the events (design section 1: every number opens).

Nothing here is computed a second way: households are explained by `rules.explain_household`, divisions by the rows of
their children and the events recorded against themselves. The terms always add up to the number above them; should the
rolled-up row differ because something has just changed, `stale` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Q
from django.http import Http404

from households.codes import Level, level_of, path, village_of
from households.models import Division, Household, active_on
from households.months import Month, last_day
from households.register.past_names import by_code, called_on
from households.register.reads import name_for
from households.scope import lies_in
from scoring import rules
from scoring.models import DivisionScore, HouseholdScore, Indicator, Scheme, Sheet
from scoring.parts.reads import is_archived
from scoring.parts.rules import sentence
from scoring.readers import Reader
from scoring.rules import Kind
from scoring.states import SheetState
from scoring.why.events import EventLine, Recorded, ZeroLamp, facts_of, lamps_of, recorded


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the sum of a household; the amounts of all lines add up to its score."""

    what: str
    amount: int
    event: EventLine | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A division or household right below. `total` is None while nothing of it is scored."""

    code: str
    name: str
    active: int
    households: int
    total: int | None
    may_open: bool
    is_final: bool
    lamps: tuple[ZeroLamp, ...] = ()

    @property
    def shown_result(self) -> str:
        """The result with two decimals, empty while there is none."""
        return rules.display(rules.result(self.total, self.households)) if self.total is not None else ""


@dataclass(frozen=True)
class Why:
    """What both explanations have in common. `path` leads from the county to the place right above."""

    month: Month
    code: str
    name: str
    path: list[Division]
    scheme: Scheme | None
    as_of: datetime | None
    stale: bool
    events: list[EventLine]
    others: list[EventLine]

    @property
    def level(self) -> Level:
        return level_of(self.code)

    @property
    def of_group(self) -> bool:
        """Whether households stand right below."""
        return self.level is Level.GROUP


@dataclass(frozen=True)
class HouseholdWhy(Why):
    """A household's month. Without a score, `reason` says why there is none and `terms` is empty; `archived`: it lies in a file."""

    score: int | None
    reason: str
    archived: bool
    terms: list[Term]
    lamps: list[ZeroLamp]

    @property
    def equation(self) -> str:
        """100 − 5 + 3 = 98."""
        moves = [term.amount for term in self.terms[1:] if term.amount]
        return " ".join([str(rules.BASE), *(signed(move) for move in moves), f"= {self.score}"])


@dataclass(frozen=True)
class DivisionWhy(Why):
    """A division's month: `below` (sum of its children) + households * division_points = total; total / households = result.

    `archived` says where the scores of a group's households are when they are not here.
    """

    active: int
    households: int
    below: int
    division_points: int
    children: list[Child]
    archived: str

    @property
    def total(self) -> int:
        return self.below + self.households * self.division_points

    @property
    def result(self) -> Fraction | None:
        return rules.result(self.total, self.households)

    @property
    def shown_result(self) -> str:
        return rules.display(self.result)

    @property
    def is_final(self) -> bool:
        return rules.is_final(self.households, self.active)

    @property
    def equations(self) -> list[str]:
        """8 × 2 taken off 798 and the division: ["798 − 8 × 2 = 782", "782 ÷ 8 = 97.75"]; empty when nothing is scored."""
        if not self.households:
            return []
        moved = f"{self.below} {'−' if self.division_points < 0 else '+'} {self.households} × {abs(self.division_points)} = {self.total}"
        divided = f"{self.total} ÷ {self.households} = {self.shown_result}"
        return [moved, divided] if self.division_points else [divided]

    @property
    def below_level(self) -> Level:
        return _below(self.code)


def signed(amount: int) -> str:
    """− 5 or + 3, as it stands inside a sum."""
    return f"{'−' if amount < 0 else '+'} {abs(amount)}"


def _below(code: str) -> Level:
    child = level_of(code).child
    if child is None:
        raise ValueError(f"nothing lies below a household: {code}")
    return child


def explain(month: Month, code: str, reader: Reader) -> HouseholdWhy | DivisionWhy:
    """The explanation of a figure, as the reader may see it. Http404 outside their scope and for what does not exist."""
    if not reader.may_open(code):
        raise Http404
    if level_of(code) is Level.HOUSEHOLD:
        return household_why(month, code, reader)
    return division_why(month, code, reader)


def _scheme(month: Month) -> tuple[Scheme | None, list[Indicator]]:
    """The scheme of a month and its six indicators in their order; nothing for a month that was never opened."""
    indicators = list(Indicator.objects.filter(scheme__periods=month).select_related("scheme").order_by("position"))
    return (indicators[0].scheme if indicators else None), indicators


def _path(place: Division | None) -> list[Division]:
    """From the county down to the place; the parents are already loaded."""
    found: list[Division] = []
    while place is not None:
        found.insert(0, place)
        place = place.parent
    return found


# Households


def household_why(month: Month, code: str, reader: Reader) -> HouseholdWhy:
    """The sum of one household, whoever the reader is. Http404 when there is no such household."""
    household = Household.objects.filter(code=code).select_related("group__parent__parent__parent").first()
    if household is None:
        raise Http404
    scheme, indicators = _scheme(month)
    stored = HouseholdScore.objects.filter(month=month, code=code).first()
    reason = _why_unscored(month, household, stored)
    events = recorded(month, code, indicators, reader)
    outcome, terms = _sum(events, indicators)
    return HouseholdWhy(
        month=month,
        code=code,
        name=name_for(household, reader.user),
        path=_path(household.group),
        scheme=scheme,
        as_of=_as_of(month, household.group_id),
        stale=stored is not None and not reason and stored.score != outcome.score,
        events=events.counted_lines,
        others=events.other_lines,
        score=None if reason else outcome.score,
        reason=reason,
        archived=reason == sentence(month),
        terms=[] if reason else terms,
        lamps=lamps_of(indicators, None if reason else outcome.broken, _reminded(events)),
    )


def _as_of(month: Month, code: str) -> datetime | None:
    return DivisionScore.objects.filter(month=month, code=code).values_list("as_of", flat=True).first()


def _sum(events: Recorded, indicators: Sequence[Indicator]) -> tuple[rules.HouseholdResult, list[Term]]:
    shares = {indicator.code: indicator.share for indicator in indicators}
    names = {indicator.code: indicator.name for indicator in indicators}
    facts = facts_of(events.counted, indicators)
    terms = [
        Term(line.what, line.amount, events.lines[int(str(line.event.key))] if line.event else None)
        for line in rules.explain_household(facts, shares, names)
    ]
    return rules.household_score(facts, shares), terms


def _reminded(events: Recorded) -> frozenset[str]:
    return frozenset(line.indicator_code for line in events.counted_lines if line.kind is Kind.REMIND)


def _why_unscored(month: Month, household: Household, stored: HouseholdScore | None) -> str:
    """Why a household has no score in the month, as one sentence; empty when it has one (design 1.1: missing is not zero)."""
    village = village_of(household.code)
    declared = Sheet.objects.filter(period=month, village=village).exclude(state=SheetState.OPEN).exists()
    if declared and stored:
        return ""
    if is_archived(month):
        return sentence(month)
    if not household.is_active(last_day(month)):
        return "本户这个月不在册，没有得分。"
    if not declared:
        return "未申报，没有得分。"
    return "村里已经申报，本户还没有得分：刚申报的一分钟内会算出来；申报后才登记的户，要由村干部重新申报。"


# Divisions


def division_why(month: Month, code: str, reader: Reader) -> DivisionWhy:
    """The sum of a division over what lies right below it. Http404 when there is no such division."""
    known = by_code(path(code), last_day(month))
    if code not in known:
        raise Http404
    division = known[code]
    scheme, indicators = _scheme(month)
    stored = DivisionScore.objects.filter(month=month, code=code).first()
    events = recorded(month, code, indicators, reader)
    is_group = _below(code) is Level.HOUSEHOLD
    children = _households(month, division, indicators, reader) if is_group else _divisions(month, division, reader)
    households, below = sum(child.households for child in children), sum(child.total or 0 for child in children)
    division_points = rules.division_points_of(facts_of(events.counted, indicators))
    is_kept = is_group and stored is not None and stored.households > households and is_archived(month)
    if stored is not None and is_kept:  # by the group's line, which stays
        households, below = stored.households, stored.total - stored.households * division_points
    found = (households, below + households * division_points)
    return DivisionWhy(
        month=month,
        code=code,
        name=division.name,
        path=[known[above] for above in path(code)[:-1]],
        scheme=scheme,
        as_of=stored.as_of if stored else None,
        stale=found != ((stored.households, stored.total) if stored else (0, 0)),
        events=events.counted_lines,
        others=events.other_lines,
        active=stored.active if stored else sum(child.active for child in children),
        households=households,
        below=below,
        division_points=division_points,
        children=children,
        archived=sentence(month) if is_kept else "",
    )


def _divisions(month: Month, division: Division, reader: Reader) -> list[Child]:
    """The divisions right below that count in the month, and those that have a line in it."""
    there = Division.objects.filter(parent=division).order_by("code")
    lines = DivisionScore.objects.filter(month=month, code__in=there.values("code").order_by())
    scores = {line.code: line for line in lines}
    found = called_on(there.filter(active_on(last_day(month)) | Q(code__in=list(scores))), last_day(month))
    return [_child(one.code, one.name, scores.get(one.code), reader) for one in found]


def _child(code: str, name: str, line: DivisionScore | None, reader: Reader) -> Child:
    if line is None:
        return Child(code, name, 0, 0, None, reader.may_open(code), is_final=False)
    return Child(
        code=code,
        name=name,
        active=line.active,
        households=line.households,
        total=line.total if line.households else None,
        may_open=reader.may_open(code),
        is_final=rules.is_final(line.households, line.active),
    )


def _households(month: Month, group: Division, indicators: Sequence[Indicator], reader: Reader) -> list[Child]:
    """The households of a group that count in the month, with their score when they have one."""
    inside = HouseholdScore.objects.filter(lies_in(group.code), month=month)
    scores = {score.code: score for score in inside}
    there = Household.objects.filter(group=group)
    there = there.active(last_day(month)) | there.filter(code__in=list(scores))
    codes = [indicator.code for indicator in indicators]
    return [_household_child(each, scores.get(each.code), codes, indicators, reader) for each in there.order_by("code")]


def _household_child(
    household: Household,
    score: HouseholdScore | None,
    codes: Sequence[str],
    indicators: Sequence[Indicator],
    reader: Reader,
) -> Child:
    broken = rules.broken_from_mask(score.broken, codes) if score else None
    return Child(
        code=household.code,
        name=name_for(household, reader.user),
        active=1,
        households=1 if score else 0,
        total=score.score if score else None,
        may_open=reader.may_open(household.code),
        is_final=score is not None,
        lamps=tuple(lamps_of(indicators, broken)),
    )
