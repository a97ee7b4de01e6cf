"""What the rules page shows: the published schemes with the months they are in force, and one scheme's clauses."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from households.months import Month, label, previous_month
from scoring import rules
from scoring.models import Clause, Indicator, Recorder, Scheme, Subject
from scoring.rules import Kind
from scoring.schemes.adopted import in_force
from scoring.schemes.comparing import ClauseChange, SchemeClause, compared
from scoring.schemes.files import ClauseDraft, SchemeDraft

# Petitions never serve as an example of losing points.
_NEVER_AN_EXAMPLE = "petition"


@dataclass(frozen=True, slots=True)
class Edition:
    """A published scheme and the months it is in force; `until` None means until further notice."""

    scheme: Scheme
    until: Month | None

    @property
    def months(self) -> str:
        """2023年1月起, or 2022年1月至2022年12月."""
        since = label(self.scheme.effective_from)
        return f"{since}至{label(self.until)}" if self.until else f"{since}起"

    def covers(self, month: Month) -> bool:
        """Whether months like this one are assessed by it."""
        return self.scheme.effective_from <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses of one kind under one zero."""

    kind: Kind
    clauses: list[Clause]


@dataclass(frozen=True, slots=True)
class SchemeChapter:
    """One zero: its share and its clauses by kind, deductions first."""

    indicator: Indicator
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class Example:
    """A worked month of an invented household: the lines of the sum and what they come to."""

    lines: list[rules.SumLine]
    outcome: rules.HouseholdResult
    clauses: list[Clause]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Every line in words with its amount: a clause's own text, or what the arithmetic calls the line."""
        texts: dict[Hashable, str] = {clause.pk: clause.text for clause in self.clauses}
        return [(texts[line.event.key] if line.event else line.what, line.amount) for line in self.lines]

    @property
    def points(self) -> int:
        """What freezing such a month would credit."""
        return rules.points_for_household(self.outcome)


def editions() -> list[Edition]:
    """Every published scheme, newest first."""
    schemes = list(Scheme.objects.filter(published_at__isnull=False).order_by("effective_from"))
    ends = [previous_month(later.effective_from) for _, later in pairwise(schemes)]
    return [Edition(scheme, end) for scheme, end in zip(schemes, [*ends, None], strict=True)][::-1] if schemes else []


def chapters(scheme: Scheme) -> list[SchemeChapter]:
    """The six zeros of a scheme in their order, with every clause. Two queries."""
    indicators = scheme.indicators.prefetch_related("clauses").order_by("position")
    return [SchemeChapter(indicator, _sections(indicator.clauses.all())) for indicator in indicators]


def _sections(clauses: Iterable[Clause]) -> list[Section]:
    ordered = sorted(clauses, key=lambda clause: (clause.subject == Subject.DIVISION, clause.code))
    kinds = [Section(kind, [clause for clause in ordered if clause.kind == kind]) for kind in Kind]
    return [section for section in kinds if section.clauses]


def example(listed: list[SchemeChapter]) -> Example | None:
    """A month with one deduction, one reminder and one bonus, computed by the same arithmetic as every real one."""
    names = {chapter.indicator.code: chapter.indicator.name for chapter in listed}
    shares = {chapter.indicator.code: chapter.indicator.share for chapter in listed}
    clauses = [clause for kind in Kind if (clause := _typical(listed, kind))]
    if len(clauses) != len(Kind):
        return None
    events = [rules.Event(clause.indicator.code, Kind(clause.kind), clause.points, clause.pk) for clause in clauses]
    lines = rules.explain_household(events, shares, names)
    return Example(lines, rules.household_score(events, shares), clauses)


def _typical(listed: list[SchemeChapter], kind: Kind) -> Clause | None:
    """The mildest clause of a kind that group leaders may record against a household."""
    fitting = [
        clause
        for chapter in listed
        if chapter.indicator.code != _NEVER_AN_EXAMPLE
        for section in chapter.sections
        for clause in section.clauses
        if clause.kind == kind and clause.subject != Subject.DIVISION and not clause.document_required
    ]
    return min(fitting, key=lambda clause: (clause.points, clause.code), default=None)


def changes_to(draft: SchemeDraft, month: Month) -> list[ClauseChange]:
    """What a scheme would change of the one in force in a month."""
    before = in_force(month)
    rows = Clause.objects.filter(indicator__scheme=before).select_related("indicator") if before else ()
    known = {one.code: _compared_as(one, one.indicator.name) for one in rows}
    wanted = {
        clause.code: _compared_as(clause, indicator.name)
        for indicator in draft.indicators
        for clause in indicator.clauses
    }
    return list(compared(known, wanted))


def _compared_as(clause: Clause | ClauseDraft, indicator: str) -> SchemeClause:
    return SchemeClause(
        code=clause.code,
        indicator=indicator,
        text=clause.text,
        kind=clause.kind,
        points=clause.points,
        recorder=f"{Recorder(clause.recorder).label}登记",
        document_required=clause.document_required,
        second_person=clause.second_person,
    )
