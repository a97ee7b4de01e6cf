"""Erasing what is personal of households that left the register long ago. Code, dates and figures stay. See docs/adr/0058."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from households import audit
from households.changes.wishes import wish_from
from households.models import (
    AwaySpell,
    ChangeObjection,
    ContactVisit,
    CorrectionRequest,
    CorrectionState,
    Household,
    HouseholdChange,
    HouseholdErasure,
    HouseholdProposal,
    Plate,
    PlateDevice,
    ProposalState,
)
from households.outbox import actions as outbox
from households.paging import batched, in_rounds
from households.retention import registry
from households.retention.registry import WORDS_GONE
from households.sql import run

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
EMPTY_WORDS = WORDS_GONE.encode()
# An answer that was kept for a repetition has a digest of what was sent, from which a telephone number could be guessed.
_OLD_ANSWERS = """
    DELETE FROM households_operation
    WHERE op_id IN (SELECT op_id FROM households_operation WHERE at < %s LIMIT 10000)
"""


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
    asked = CorrectionRequest.objects.filter(state=CorrectionState.OPEN).values("household")
    proposed = HouseholdProposal.objects.filter(state=ProposalState.WAITING, household__isnull=False)
    free = left.exclude(pk__in=asked).exclude(pk__in=proposed.values("household"))
    codes = list(free.order_by("pk").values_list("pk", flat=True)[:most])
    kept = registry.held(codes)
    return [code for code in codes if code not in kept]


def erase_expired(today: date) -> int:
    """Erase all that is due, some in a transaction; returns how many households. Broken off, the next run goes on."""
    _empty_wishes_of_nobody(today)
    in_rounds(lambda: run(_OLD_ANSWERS, [keeps_until(today)]))
    return sum(_erase(lot) for lot in batched(expired(today), AT_ONCE))


@transaction.atomic
def _erase(codes: Sequence[str]) -> int:
    """These, but for those that came back or were erased meanwhile. Their row of erasure comes first: it opens the triggers."""
    today = timezone.localdate()
    left = Household.objects.filter(pk__in=codes, valid_to__lte=keeps_until(today), erasure=None)
    due = list(left.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    HouseholdErasure.objects.bulk_create([HouseholdErasure(household_id=code, at=timezone.now()) for code in due])
    Household.objects.filter(pk__in=due).update(**EMPTIED)
    CorrectionRequest.objects.filter(household__in=due).update(asked=EMPTY_WORDS)
    CorrectionRequest.objects.filter(household__in=due).exclude(answer__isnull=True).update(answer=EMPTY_WORDS)
    Plate.objects.filter(household__in=due, revoked_at=None).update(revoked_at=timezone.now())
    PlateDevice.objects.filter(plate__household__in=due).delete()
    ContactVisit.objects.filter(household__in=due, note__isnull=False).update(note="")
    AwaySpell.objects.filter(household__in=due).delete()
    _empty_changes(due)
    outbox.erase(households=due)
    registry.erase_elsewhere(due)
    audit.record_all([audit.line(None, "household.erase", place=code) for code in due])
    return len(due)


def _empty_changes(due: Sequence[str]) -> None:
    """What was written on changes goes; kinds, days and codes stay. The triggers let exactly this through."""
    own = HouseholdChange.objects.filter(household__in=due)
    about = HouseholdChange.objects.filter(Q(household__in=due) | Q(other__in=due))
    own.filter(before__isnull=False).update(before=None)
    about.filter(note__isnull=False).update(note=None)
    ChangeObjection.objects.filter(change__in=about).update(text=WORDS_GONE)
    ChangeObjection.objects.filter(change__in=about).exclude(answer="").update(answer=WORDS_GONE)
    _empty_wishes(HouseholdProposal.objects.filter(Q(household__in=due) | Q(change__in=about)))


def _empty_wishes(proposals: "QuerySet[HouseholdProposal]") -> list[HouseholdProposal]:
    found = list(proposals.select_for_update(of=("self",)))
    for one in found:
        one.wish = replace(wish_from(one.wish), head_name=None, phone=None, address=None, note="").as_bytes()
        one.answer = WORDS_GONE
    HouseholdProposal.objects.bulk_update(found, ["wish", "answer"])
    return found


@transaction.atomic
def _empty_wishes_of_nobody(today: date) -> None:
    """Who was to be added and never was has no household that could be erased: their names go as long after the answer."""
    old = HouseholdProposal.objects.filter(household=None, change=None, decided_at__date__lt=keeps_until(today))
    emptied = _empty_wishes(old.exclude(answer=WORDS_GONE))
    audit.record_all(
        audit.line(None, "household.erase", place=one.place, subject=f"proposal {one.pk}") for one in emptied
    )
