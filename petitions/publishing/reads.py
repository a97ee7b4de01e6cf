"""The public list: what was made public and still may be, found by channel, township, year and words; and the year in figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from households.codes import Level, is_code
from households.models import Division
from households.scope import lies_in
from households.words import folding
from petitions.models import Channel, ClockRun, Content, Petition, Publication, PublicWish
from petitions.models.petitions import PetitionQuerySet
from petitions.shares import percent, share
from petitions.states import REPLIED

MAX_WORDS = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for; an empty part asks for nothing."""

    channel: str = ""
    township: str = ""
    year: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Wanted()


def asked(query: Mapping[str, str]) -> Wanted:
    """The filter of an address; what makes no sense is left out."""
    channel, township, year = (query.get(name, "") for name in ("channel", "township", "year"))
    return Wanted(
        channel=channel if channel in Channel.values else "",
        township=township if is_code(township, Level.TOWNSHIP) else "",
        year=year if _is_year(year) else "",
        words=query.get("q", "").replace("\0", "").strip()[:MAX_WORDS],
    )


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == 4


def standing(county: str) -> "QuerySet[Publication]":
    """What everybody may read now: not withdrawn, and the petition still answered, no accusation, not erased, not unwanted."""
    unwanted = PublicWish.objects.filter(allowed=False).values("petition")
    return (
        Publication.objects.filter(county=county, withdrawn_at=None)
        .filter(petition__state__in=REPLIED, petition__erased_at=None)
        .exclude(petition__content=Content.ACCUSATION)
        .exclude(petition__in=unwanted)
    )


def found(county: str, wanted: Wanted) -> "QuerySet[Publication]":
    """The standing ones that the filter lets through, the latest first, without anything that leads to the petition."""
    exact = {"channel": wanted.channel, "township": wanted.township, "year": wanted.year}
    rows = standing(county).filter(**{name: value for name, value in exact.items() if value})
    if wanted.words:
        words = folding.stored(wanted.words)
        rows = rows.filter(Q(title__icontains=words) | Q(text__icontains=words) | Q(answer__icontains=words))
    return rows.select_related("township").defer("petition", "reason").order_by("-year", "-serial")


def choices(county: str) -> dict[str, list[tuple[str, str]]]:
    """Townships and years that stand in the list. Two queries."""
    rows = standing(county)
    places = Division.objects.filter(pk__in=rows.values("township")).order_by("code").values_list("code", "name")
    years = rows.order_by("-year").values_list("year", flat=True).distinct()
    return {"townships": list(places), "years": [(str(year), f"{year}年") for year in years]}


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What came in and was answered in a year, as the county board counts it."""

    year: int
    taken: int
    due: int
    answered: int

    @property
    def reply_rate(self) -> str:
        return percent(share(self.answered, self.due))


def year_figures(county: str, today: date) -> list[YearFigures]:
    """This year to date and the whole year before, the same as on the board. Two queries."""
    years = (today.year, today.year - 1)
    here = Petition.objects.filter(lies_in(county, "place"), against_office=False)
    taken = here.aggregate(**{f"y{year}": Count("pk", filter=Q(filed_at__year=year)) for year in years})
    handled = ClockRun.objects.filter(county=county, key="handle", outcome_on__lte=today)
    handled = handled.exclude(petition__in=Petition.objects.filter(against_office=True))
    counts = {f"d{year}": Count("pk", filter=Q(outcome_on__year=year)) for year in years}
    counts |= {f"a{year}": Count("pk", filter=Q(outcome_on__year=year, ended_by="answer")) for year in years}
    counted = handled.aggregate(**counts)
    return [YearFigures(year, taken[f"y{year}"], counted[f"d{year}"], counted[f"a{year}"]) for year in years]


def counties() -> list[tuple[str, str]]:
    """Every county of this system."""
    return list(Division.objects.of_level(Level.COUNTY).order_by("code").values_list("code", "name"))


def waiting(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Of these, the answered ones that could be made public and never were, the latest first; and those that are public."""
    public = Publication.objects.filter(petition=OuterRef("pk"), withdrawn_at=None).values("serial")
    unwanted = PublicWish.objects.filter(allowed=False).values("petition")
    return (
        petitions.filter(state__in=REPLIED, erased_at=None)
        .exclude(content=Content.ACCUSATION)
        .exclude(pk__in=unwanted)
        .annotate(public=Subquery(public[:1]))
        .order_by("-id")
    )
