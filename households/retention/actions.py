"""Erasing what is personal of households that left the register long ago. Code, dates and figures stay. See docs/adr/0058."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import ContactVisit, CorrectionRequest, CorrectionState, Household, HouseholdErasure, Plate
from households.paging import batched
from households.retention import registry

GONE = "已清除"
AT_ONCE = 200
# What a household's row is afterwards; `verify` asks for the same.
EMPTIED: dict[str, object] = {
    "head_name": GONE,
    "initials": "",
    "phone": None,
    "address": "",
    "land_contractor_code": "",
}
EMPTY_WORDS = b"\xef\xbc\x88\xe5\xb7\xb2\xe6\xb8\x85\xe9\x99\xa4\xef\xbc\x89"


def keeps_until(today: date) -> date:
    """A household that left before this day is kept no longer; 28 February for a 29th that is not there."""
    year = today.year - settings.HOUSEHOLD_KEEP_YEARS
    try:
        return today.replace(year=year)
    except ValueError:
        return today.replace(year=year, day=28)


def expired(today: date, *, most: int | None = None) -> list[str]:
    """Codes of households whose time is over and of which nobody holds anything back, in order."""
    left = Household.objects.filter(valid_to__lte=keeps_until(today), erasure=None)
    waiting = CorrectionRequest.objects.filter(state=CorrectionState.OPEN).values("household")
    codes = list(left.exclude(pk__in=waiting).order_by("pk").values_list("pk", flat=True)[:most])
    kept = registry.held(codes)
    return [code for code in codes if code not in kept]


def erase_expired(today: date) -> int:
    """Erase all that is due, some in a transaction; returns how many. Broken off, the next run goes on."""
    return sum(_erase(lot) for lot in batched(expired(today), AT_ONCE))


@transaction.atomic
def _erase(codes: Sequence[str]) -> int:
    """These, but for those that came back or were erased meanwhile."""
    today = timezone.localdate()
    left = Household.objects.filter(pk__in=codes, valid_to__lte=keeps_until(today), erasure=None)
    due = list(left.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Household.objects.filter(pk__in=due).update(**EMPTIED)
    CorrectionRequest.objects.filter(household__in=due).update(asked=EMPTY_WORDS)
    CorrectionRequest.objects.filter(household__in=due).exclude(answer__isnull=True).update(answer=EMPTY_WORDS)
    Plate.objects.filter(household__in=due, revoked_at=None).update(revoked_at=timezone.now())
    ContactVisit.objects.filter(household__in=due, note__isnull=False).update(note="")
    registry.erase_elsewhere(due)
    HouseholdErasure.objects.bulk_create([HouseholdErasure(household_id=code, at=timezone.now()) for code in due])
    audit.record_all([audit.line(None, "household.erase", place=code) for code in due])
    return len(due)
