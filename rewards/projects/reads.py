"""The list of projects that a person of the staff may see: filtered and added up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from households.codes import Level, is_code
from households.models import Division, User
from households.scope import Scope, lies_in
from households.words import folding
from rewards.models import Project, ProjectKind
from rewards.project_states import ProjectState

MONEY: dict[str, str] = {"none": "没有安排资金", "unpaid": "已安排没有付清", "paid": "已付清"}


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What the reader asked for; an empty part asks for nothing."""

    year: str = ""
    state: str = ""
    kind: str = ""
    money: str = ""
    within: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it leaves nothing out."""
        return self == ProjectFilter()

    @property
    def sentence(self) -> str:
        """The filter in Chinese, for files."""
        parts = [
            f"{self.year}年" if self.year else "",
            ProjectState(self.state).label if self.state else "",
            ProjectKind(self.kind).label if self.kind else "",
            MONEY.get(self.money, ""),
            f"范围 {self.within}" if self.within else "",
            f"“{self.words}”" if self.words else "",
        ]
        return "，".join(part for part in parts if part) or "（没有筛选）"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the filtered list, in fen. `cost` is the budget, before that the estimate."""

    projects: int
    estimate: int
    budget: int
    allocated: int
    paid: int

    @property
    def unpaid(self) -> int:
        return self.allocated - self.paid


def village_scope(user: User) -> Scope:
    """The villages of a person's subtree; a group leader's is the village their group lies in."""
    return user.scope.widened(Level.VILLAGE)


def visible_to(user: User) -> QuerySet[Project]:
    """All projects that a person may see."""
    projects: QuerySet[Project] = Project.objects.within(village_scope(user))
    return projects


def asked(query: Mapping[str, str]) -> ProjectFilter:
    """The filter of an address; what makes no sense is left out."""
    year, within = query.get("year", ""), query.get("within", "")
    return ProjectFilter(
        year=year if year.isascii() and year.isdecimal() and len(year) == 4 else "",
        state=_one_of(query.get("state", ""), [state.value for state in ProjectState]),
        kind=_one_of(query.get("kind", ""), ProjectKind.values),
        money=_one_of(query.get("money", ""), MONEY),
        within=within if is_code(within, Level.TOWNSHIP, Level.VILLAGE) else "",
        words=query.get("q", "").strip()[:30],
    )


def _one_of(text: str, known: Any) -> str:
    return text if text in known else ""


def filtered(projects: QuerySet[Project], wanted: ProjectFilter) -> QuerySet[Project]:
    """The projects that the filter lets through, by village, year and urgency."""
    exact = {"year": wanted.year, "state": wanted.state, "kind": wanted.kind}
    projects = projects.filter(**{name: value for name, value in exact.items() if value})
    if wanted.within:
        projects = projects.filter(lies_in(wanted.within, "village"))
    if wanted.words:
        projects = projects.filter(title__icontains=folding.stored(wanted.words))
    if wanted.money == "none":
        projects = projects.filter(allocated_fen=0)
    elif wanted.money == "unpaid":
        projects = projects.filter(allocated_fen__gt=F("paid_fen"))
    elif wanted.money == "paid":
        projects = projects.filter(allocated_fen__gt=0, allocated_fen=F("paid_fen"))
    return projects.select_related("village__parent")


def totals(projects: QuerySet[Project]) -> Totals:
    """One query."""
    sums = projects.order_by().aggregate(
        projects=Count("pk"),
        estimate=Sum("estimate_fen", default=0),
        budget=Sum("budget_fen", default=0),
        allocated=Sum("allocated_fen", default=0),
        paid=Sum("paid_fen", default=0),
    )
    return Totals(**sums)


def years_of(projects: QuerySet[Project]) -> list[int]:
    """The years that have projects, newest first."""
    return list(projects.order_by("-year").values_list("year", flat=True).distinct())


def places_of(projects: QuerySet[Project]) -> list[Division]:
    """The villages that have projects, with their townships."""
    codes = projects.order_by().values("village")
    return list(Division.objects.filter(code__in=codes).select_related("parent").order_by("code"))
