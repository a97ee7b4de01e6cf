"""Runs of plates as their pages show them: how far one is by township, what can be taken away, what a county still lacks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from households.models import Division, PlatePapers, PlateRun, PlateRunVillage, User
from households.plates.reads import with_plate
from households.scope import Scope
from households.sql import rows

# Households there and those without a plate in force, by township.
_TOWNS = """
    SELECT left(v.village, 9), d.name, count(*), count(v.made_at), coalesce(sum(v.plates), 0),
        count(f.village_id), count(f.pins), count(v.taken_at)
    FROM households_platerunvillage v
    LEFT JOIN households_division d ON d.code = left(v.village, 9)
    LEFT JOIN households_platepapers f ON f.village_id = v.id
    WHERE v.run_id = %(run)s GROUP BY 1, 2 ORDER BY 1
"""
PAPERS = {"sheet": "户牌", "receipts": "签收单", "pins": "密码纸条"}


@dataclass(frozen=True, slots=True)
class RunTown:
    """A township of a run: its villages, those done, their plates; of how many there are papers, PINs, and PINs taken."""

    code: str
    name: str
    villages: int
    done: int
    plates: int
    papers: int
    pins: int
    taken: int


@dataclass(frozen=True, slots=True)
class TownLack:
    """A township, its households, and those without a plate."""

    code: str
    name: str
    households: int
    missing: int


def runs_of(user: User) -> "QuerySet[PlateRun]":
    """The runs within the person's subtree, the last first."""
    return PlateRun.objects.within(user.scope).select_related("by")


def towns_of(run: PlateRun) -> list[RunTown]:
    """One query."""
    return [RunTown(*row) for row in rows(_TOWNS, {"run": run.pk})]


def lacking(user: User, on: date) -> list[TownLack]:
    """The townships of the person's subtree and what they lack. Two queries."""
    counted: dict[str, list[int]] = {}
    groups = with_plate(user.scope, on).order_by("group").values_list("group").annotate(Count("code"), Count("live"))
    for group, households, issued in groups:
        town = counted.setdefault(group[:9], [0, 0])
        town[0] += households
        town[1] += households - issued
    towns = Division.objects.within(user.scope).active(on).filter(pk__in=counted).order_by("code")
    return [TownLack(town.code, town.name, *counted[town.code]) for town in towns]


def papers_of(keys: Sequence[int], paper: str) -> Iterator[tuple[str, bytes]]:
    """The files of villages, read one after the other: (name, PDF). `paper` is one of PAPERS."""
    for key in keys:
        found = PlatePapers.objects.filter(pk=key).values_list("village__village", paper).first()
        if found and found[1] is not None:
            name = Division.objects.filter(pk=found[0]).values_list("name", flat=True).first()
            yield f"{found[0]}{name or ''}{PAPERS[paper]}.pdf", found[1]


def keys_with_papers(run: PlateRun, place: str) -> list[int]:
    """The villages of the run in a place of which there are papers."""
    inside = Scope((place,)).condition("village")
    there = PlateRunVillage.objects.filter(inside, run=run, papers__isnull=False)
    return list(there.order_by("village").values_list("pk", flat=True))
