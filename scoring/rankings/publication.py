"""Which rankings are open to everyone: archived ones, of the levels above groups, with no village still on its way.

An archived ranking is public when, at the moment it was archived, every village of the county that had declared was frozen: what
has not been reviewed, posted and open to objections is nobody else's business yet (design section 6). A village that
declares later changes nothing about a ranking that has been published.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from households.codes import Level
from households.months import Month
from households.scope import lies_in
from scoring.models import Declaration, RankingSnapshot

# Groups are small enough to point at a household (features N31).
PUBLIC_LEVELS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def final() -> "QuerySet[RankingSnapshot]":
    """Rankings archived while no village of their county was between its declaration and its freezing."""
    under_way = Declaration.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=OuterRef("at")),
        Q(sheet__archived_in=None) | Q(sheet__archived_in__gt=OuterRef("version")),
        lies_in(OuterRef("within"), "sheet__village"),
        signed_at__lt=OuterRef("at"),
        sheet__period=OuterRef("month"),
    )
    return RankingSnapshot.objects.filter(~Exists(under_way))


def final_snapshot(month: Month, level: str, county: str) -> RankingSnapshot | None:
    """The newest final ranking of a county's month; None while there is none."""
    return final().filter(month=month, level=level, within=county).order_by("version").last()


def published_versions(snapshot: RankingSnapshot) -> list[RankingSnapshot]:
    """What is open to everyone of the same ranking, newest first; nothing of groups and departments."""
    if snapshot.level not in PUBLIC_LEVELS:
        return []
    same = final().filter(month=snapshot.month, level=snapshot.level, within=snapshot.within)
    return list(same.order_by("-version").defer("body"))


def published_counties(month: Month) -> list[str]:
    """Counties whose rankings of the month are open to everyone."""
    archived = final().filter(month=month, level=Level.VILLAGE)
    return list(archived.order_by("within").values_list("within", flat=True).distinct())


def newest_final(counties: Collection[str]) -> Month | None:
    """The newest month whose ranking is final in one of the counties."""
    archived = final().filter(within__in=counties, level=Level.VILLAGE)
    return archived.order_by("-month").values_list("month", flat=True).first()


def published_months(county: str) -> list[Month]:
    """Months of a county whose rankings are open to everyone, newest first."""
    archived = final().filter(within=county, level=Level.VILLAGE)
    return list(archived.order_by("-month").values_list("month", flat=True).distinct())
