"""What a filer chooses from, and what their household has filed already that is much the same."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from households.models import Plate
from petitions.models import Content, Petition
from petitions.models.petitions import PetitionQuerySet
from petitions.search.alike import SIMILAR, alike
from petitions.states import PetitionState

LOOK_BACK = timedelta(days=365)
MAX_CANDIDATES = 50
_OVER = (PetitionState.WITHDRAWN, PetitionState.MERGED)


def of_household(plate: Plate) -> PetitionQuerySet:
    """What the household's page may show: filed since its PIN or plate was last handed out, and no accusation; what it
    filed itself only since it has a PIN of its own.

    Village cadres hand out PINs: a cadre who did so could else read what the household had filed about them. Earlier
    filings and accusations open with number and code alone.
    """
    own = Petition.objects.filter(household=plate.household_id, filed_at__gte=plate.pin_set_at)
    by_itself = Q(filed_by=None, filed_at__lt=plate.own_pin_at or timezone.now())
    return own.exclude(by_itself).exclude(content=Content.ACCUSATION)


def filed_by_household(plate: Plate) -> list[Petition]:
    """What was filed from this household's page, or for it: newest first. One query."""
    found = of_household(plate).without_content().select_related("place")
    return list(found.order_by("-filed_at", "-id")[:MAX_CANDIDATES])


def similar(plate: Plate, title: str, text: str) -> list[Petition]:
    """The household's own filings of a year that sound much the same. Nobody else's: those are nobody's business."""
    own = of_household(plate).filter(filed_at__gte=timezone.now() - LOOK_BACK, erased_at=None)
    candidates = own.exclude(state__in=_OVER).order_by("-filed_at")[:MAX_CANDIDATES]
    return [one for one in candidates if max(alike(title, one.title), alike(text, one.text)) >= SIMILAR]
