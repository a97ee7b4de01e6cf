"""What the pages of funds and awards show, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from households.codes import Level, is_level
from households.models import Division, User
from households.months import Month
from rewards.awards.letters import place_of, span
from rewards.awards.suspension import suspended_among
from rewards.models import Award, AwardDecision, AwardKind, AwardLine, AwardRule, AwardRun, Fund, RunState
from scoring import rules


@dataclass(frozen=True, slots=True)
class KindPart:
    """One kind of award in a fund: its rule, what it gave, and whether a run by it was confirmed."""

    kind: AwardKind
    rule: AwardRule | None
    given_fen: int
    awards: int
    used: bool
    fund_fen: int

    @property
    def share(self) -> int:
        """Its part of the fund, in hundredths of a per cent."""
        return self.given_fen * 10_000 // self.fund_fen if self.fund_fen else 0


@dataclass(frozen=True, slots=True)
class FundPage:
    """A fund with its kinds and runs."""

    fund: Fund
    kinds: list[KindPart]
    runs: list[AwardRun]
    suspended: dict[int, int]  # run -> awards suspended

    @property
    def bar(self) -> list[tuple[AwardKind, int, int]]:
        """(kind, where it begins, how wide) of what was given, in hundredths of a per cent of the fund."""
        begins = 0
        pieces = []
        for part in self.kinds:
            pieces.append((part.kind, begins, part.share))
            begins += part.share
        return [piece for piece in pieces if piece[2]]


def fund_page(fund: Fund) -> FundPage:
    """Everything about one fund."""
    in_force = AwardRule.objects.filter(fund=fund, replaced_at=None).prefetch_related("bands", "goals")
    found = {rule.kind: rule for rule in in_force}
    given = Award.objects.filter(fund=fund).order_by().values_list("kind")
    counted = given.annotate(fen=Sum(F("amount_fen") - F("withdrawn_fen")), many=Count("pk"))
    sums = {kind: (fen, many) for kind, fen, many in counted}
    runs = list(fund.runs.select_related("proposed_by", "confirmed_by", "discarded_by"))
    used = {run.kind for run in runs if run.state == RunState.CONFIRMED}
    kinds = [
        KindPart(kind, found.get(kind), *sums.get(kind, (0, 0)), kind in used, fund.total_fen) for kind in AwardKind
    ]
    return FundPage(fund, kinds, runs, suspended_by_run(fund.awards.select_related("run")))


def suspended_by_run(awards: Iterable[Award]) -> dict[int, int]:
    """Run -> how many of these awards are suspended."""
    known = list(awards)
    stopped = suspended_among(known)
    counts: dict[int, int] = {}
    for award in known:
        if award.pk in stopped:
            counts[award.run_id] = counts.get(award.run_id, 0) + 1
    return counts


@dataclass(frozen=True, slots=True)
class RunLine:
    """A line of a run as the page and the files show it."""

    line: AwardLine
    place: str
    township: str
    award: Award | None
    suspended: bool

    @property
    def result(self) -> str:
        return rules.display(rules.result(self.line.total, self.line.households))

    @property
    def six_zero_share(self) -> str:
        """Households with six zeros over the basis, cut off to two decimals."""
        if not self.line.households:
            return ""
        whole, rest = divmod(self.line.six_zero * 10_000 // self.line.households, 100)
        return f"{whole}.{rest:02d}%"


def run_lines(run: AwardRun) -> list[RunLine]:
    """Everybody in a run, best first, unranked ones last; sees through to the awards when it was confirmed."""
    lines = run.lines.select_related("division__parent").order_by(F("rank").asc(nulls_last=True), "division")
    awards = {award.line_id: award for award in run.awards.select_related("run")}
    stopped = suspended_among(list(awards.values()))
    return [_run_line(line, awards.get(line.pk), stopped) for line in lines]


def _run_line(line: AwardLine, award: Award | None, stopped: set[int]) -> RunLine:
    village = is_level(line.division_id, Level.VILLAGE)
    parent = line.division.parent
    township = parent.name if village and parent else ""
    return RunLine(line, line.division.name, township, award, award is not None and award.pk in stopped)


@dataclass(frozen=True, slots=True)
class AwardCard:
    """An award as its owner reads it."""

    award: Award
    suspended: bool
    decisions: list[AwardDecision]

    @property
    def place(self) -> str:
        return place_of(self.award)

    @property
    def span(self) -> str:
        return span(self.award.run)

    @property
    def withdrawn(self) -> bool:
        """Whether decisions have left nothing of it."""
        return not self.award.net_fen

    @property
    def status(self) -> str:
        """What stands on the card beside the amount."""
        if self.withdrawn:
            return "已撤销"
        return "暂停使用" if self.suspended else "有效"


def cards(awards: "QuerySet[Award]") -> list[AwardCard]:
    """The awards with their state and the decisions on them, newest first."""
    confirmed = AwardDecision.objects.filter(review__state=RunState.CONFIRMED).select_related("review")
    wanted = awards.select_related("run__fund__county", "division__parent").order_by("-fund__year", "-run", "rank")
    found = list(wanted.prefetch_related(Prefetch("decisions", confirmed.order_by("review"))))
    stopped = suspended_among(found)
    return [AwardCard(award, award.pk in stopped, list(award.decisions.all())) for award in found]


def awards_seen_by(user: User) -> "QuerySet[Award]":
    """The awards inside the person's subtree."""
    return Award.objects.within(user.scope)


def awards_called(user: User, words: str) -> "QuerySet[Award]":
    """Those of places whose name, or that of the township above, holds the words."""
    named = Q(division__name__contains=words) | Q(division__parent__name__contains=words)
    return awards_seen_by(user).filter(named) if words else awards_seen_by(user)


@dataclass(frozen=True, slots=True)
class PublicList:
    """Confirmed awards of one kind in a county's year, as everybody may see them."""

    kind: AwardKind
    awards: list[Award]

    @property
    def total_fen(self) -> int:
        return sum(award.net_fen for award in self.awards)


def public_lists(county: Division, year: int, month: Month) -> list[PublicList]:
    """What was given in a year for the months that end with `month`, by kind. As long as the county has places, no longer."""
    found = Award.objects.filter(fund__county=county, fund__year=year, run__months__contains=[month])
    by_kind: Mapping[AwardKind, list[Award]] = {kind: [] for kind in AwardKind}
    for award in found.select_related("division__parent", "run").order_by("rank", "division"):
        if award.run.months[-1] == month:
            by_kind[AwardKind(award.kind)].append(award)
    return [PublicList(kind, awards) for kind, awards in by_kind.items() if awards]


def public_months(county: Division) -> dict[int, list[Month]]:
    """Years with confirmed awards, and the months up to which they were given, each newest first."""
    spans = Award.objects.filter(fund__county=county).order_by().values_list("fund__year", "run__months").distinct()
    found: dict[int, set[Month]] = {}
    for year, months in spans:
        found.setdefault(year, set()).add(months[-1])
    return {year: sorted(found[year], reverse=True) for year in sorted(found, reverse=True)}
