"""The front page for people who are not signed in: what the scheme is, and the last published village ranking."""

import json
from dataclasses import dataclass, replace

from django.db.models import Max

from households.codes import Level, township_of
from households.models import Division
from households.months import Month
from scoring.models import RankingSnapshot, Scheme
from scoring.rankings.publication import final

SHOWN = 5  # on a phone; the whole ranking is one tap away, and one's own village is searched above
# What each zero asks of a household, in one sentence; the clauses themselves are on the rules page.
MEANINGS: dict[str, str] = {
    "illegal_building": "不占耕地、不占公共通道，建房先批后建。",
    "pollution": "垃圾进桶，不乱倒污水，不露天焚烧。",
    "petition": "有事依法反映。依法信访从不扣分，只有经法律文书认定的违法行为才计入。",
    "crime": "不赌博、不涉毒、不参与电信诈骗。受害人不扣分。",
    "discipline": "守村规民约，办事不铺张。",
    "accident": "骑车戴头盔，用火用电用气注意安全。",
    "epidemic": "配合防疫，有症状及时就医。",
}


@dataclass(frozen=True, slots=True)
class ExplainedZero:
    """One of the six: its sign on the lamp, its name, its share of 100 points, and what is asked."""

    lamp: str
    name: str
    share: int
    meaning: str


@dataclass(frozen=True, slots=True)
class TopVillage:
    """A village as its ranking was archived, with the name of its township: many villages share a name."""

    rank: int
    code: str
    name: str
    result: str
    six_zero_households: int
    households: int
    township: str = ""


@dataclass(frozen=True, slots=True)
class PublishedRanking:
    """The best villages of one county in its last frozen month; `villages` counts all that are ranked."""

    code: str
    county: str
    month: Month
    villages: int
    lines: list[TopVillage]


def scheme_in_force(month: Month) -> Scheme | None:
    """The published scheme that assesses `month`, its six indicators at hand."""
    published = Scheme.objects.filter(published_at__isnull=False, effective_from__lte=month)
    return published.prefetch_related("indicators").last()


def zeros_of(scheme: Scheme | None) -> list[ExplainedZero]:
    """The six zeros of a scheme."""
    indicators = scheme.indicators.all() if scheme else []
    return [ExplainedZero(i.lamp, i.name, i.share, MEANINGS.get(i.code, "")) for i in indicators]


def published_rankings() -> list[PublishedRanking]:
    """For each county, the top of its village ranking in the latest month that was frozen, as it was archived then."""
    villages = final().filter(level=Level.VILLAGE)
    month = villages.aggregate(latest=Max("month"))["latest"]
    if month is None:
        return []
    archived = villages.filter(month=month).order_by("within", "-version").distinct("within")
    tops = [(snapshot.within, _ranked(snapshot)) for snapshot in archived]
    names = _names([code for code, _ in tops], [line for _, lines in tops for line in lines[:SHOWN]])
    return [
        PublishedRanking(
            county, names.get(county, county), month, len(lines), [_placed(line, names) for line in lines[:SHOWN]]
        )
        for county, lines in tops
    ]


def _ranked(snapshot: RankingSnapshot) -> list[TopVillage]:
    shown = ("rank", "code", "name", "result", "six_zero_households", "households")
    lines = (line for line in json.loads(snapshot.body) if line["rank"] is not None)
    return [TopVillage(**{name: line[name] for name in shown}) for line in lines]


def _names(counties: list[str], lines: list[TopVillage]) -> dict[str, str]:
    codes = {*counties, *(township_of(line.code) for line in lines)}
    return dict(Division.objects.filter(code__in=codes).values_list("code", "name"))


def _placed(line: TopVillage, names: dict[str, str]) -> TopVillage:
    return replace(line, township=names.get(township_of(line.code), ""))
