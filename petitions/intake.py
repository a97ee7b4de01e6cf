"""What a filer chooses from, and what his household has filed already that is much the same."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models.functions import Length
from django.utils import timezone

from households.codes import LENGTHS, Level
from households.models import Department, Division, Household, Plate
from petitions.models import Content, Petition
from petitions.models.petitions import PetitionQuerySet
from petitions.states import PetitionState

Choices = list[tuple[str, Any]]
COUNTY, TOWNSHIP, VILLAGE = (LENGTHS[level] for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE))
SIMILAR = 0.45  # share of the shorter title's or text's pairs of signs that the other one has too
LOOK_BACK = timedelta(days=365)
MOST_CANDIDATES = 50
_OVER = (PetitionState.WITHDRAWN, PetitionState.MERGED)


def places(today: date) -> Choices:
    """Every township with its villages, and the county for what is nowhere in particular. One query."""
    found = Division.objects.active(today).annotate(digits=Length("code")).filter(digits__lte=VILLAGE)
    listed = list(found.order_by("code").values_list("code", "name"))
    counties = [(code, f"{name}（别处，或者说不清）") for code, name in listed if len(code) == COUNTY]
    groups: dict[str, list[tuple[str, str]]] = {}
    names = dict(listed)
    for code, name in listed:
        if len(code) > COUNTY:
            groups.setdefault(code[:TOWNSHIP], []).append((code, name if len(code) > TOWNSHIP else f"{name}（全乡镇）"))
    return [("", "请选择"), *((names.get(code, code), rows) for code, rows in groups.items()), *counties]


def places_of(household: Household) -> Choices:
    """The household's own village first, then what is above it. No query when group and parents are loaded."""
    village = household.group.parent
    township = village.parent if village else None
    county = household.code[:COUNTY]
    own = [(place.code, place.name) for place in (village, township) if place]
    return [*own, (county, "县里别的地方，或者说不清")]


def departments() -> Choices:
    """The county's departments, for those whom an accusation is about. One query."""
    return list(Department.objects.order_by("name").values_list("code", "name"))


def of_household(plate: Plate) -> PetitionQuerySet:
    """What the household's page may show: filed since its PIN or plate was last renewed, and no accusation.

    Village cadres renew PINs: a cadre who did so would else read what the household had filed about him. Earlier
    filings and accusations open with number and code alone.
    """
    own = Petition.objects.filter(household=plate.household_id, filed_at__gte=plate.pin_set_at)
    return own.exclude(content=Content.ACCUSATION)


def filed_by_household(plate: Plate) -> list[Petition]:
    """What was filed from this household's page, or for it: newest first. One query."""
    found = of_household(plate).without_content().select_related("place")
    return list(found.order_by("-filed_at", "-id")[:MOST_CANDIDATES])


def similar(plate: Plate, title: str, text: str) -> list[Petition]:
    """The household's own filings of a year that sound much the same. Nobody else's: those are nobody's business."""
    own = of_household(plate).filter(filed_at__gte=timezone.now() - LOOK_BACK, erased_at=None)
    candidates = own.exclude(state__in=_OVER).order_by("-filed_at")[:MOST_CANDIDATES]
    return [one for one in candidates if max(alike(title, one.title), alike(text, one.text)) >= SIMILAR]


def alike(one: str, other: str) -> float:
    """0 to 1: how much of the shorter text's pairs of neighbouring signs stands in the longer one too."""
    pairs = [_pairs(one), _pairs(other)]
    shorter, longer = sorted(pairs, key=len)
    return len(shorter & longer) / len(shorter) if shorter else 0.0


def _pairs(text: str) -> set[str]:
    signs = [sign for sign in text if sign.isalnum()]
    return {a + b for a, b in pairwise(signs)}
