"""Plates for a whole county or township in one run: begun, made village by village, its papers taken away once. ADR 79.

Each village is one transaction: its plates, their PINs and the papers are there together or not at all. So a killed worker leaves
nothing half, and whoever is called next goes on with the next village.
"""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import Division, Plate, PlatePapers, PlateRun, PlateRunVillage, User
from households.permissions import Permission, may
from households.plates import printing
from households.plates.actions.batches import issue_where_missing
from households.plates.actions.pins import renew_untold
from households.plates.slips import PlateSlip, slip_of
from households.refusals import Refused
from households.scope import lies_in
from households.sql import column, has_turn

TRIES = 3  # a village that fails so often ends the run
LATE = timedelta(seconds=60)  # after which somebody else looks whether the worker is still there
SPELL = timedelta(minutes=20)  # at one go: a county takes longer on a slow machine than a job of ours may
AGAIN = timedelta(minutes=30)  # in which PINs that were taken away can be taken once more: lines break
KEPT = timedelta(days=3)  # after which what was not taken away is gone
_LACKING = """
    SELECT DISTINCT left(h.code, 12) FROM households_household h
    WHERE h.code >= %(low)s AND h.code < %(high)s AND h.valid_to IS NULL
      AND NOT EXISTS (SELECT FROM households_plate p WHERE p.household_id = h.code AND p.revoked_at IS NULL)
    UNION
    SELECT v.village FROM households_platerunvillage v
    WHERE v.village >= %(low)s AND v.village < %(high)s AND v.taken_at IS NULL AND v.plates > 0
      AND NOT EXISTS (SELECT FROM households_platepapers f WHERE f.village_id = v.id AND f.pins IS NOT NULL)
      AND EXISTS (SELECT FROM households_plate p WHERE p.household_id >= v.village AND p.household_id < v.village || ':'
                  AND p.pin_set_at = v.made_at AND p.own_pin_at IS NULL AND p.revoked_at IS NULL)
    ORDER BY 1
"""


@transaction.atomic
def begin(*, place: Division, by: User) -> PlateRun:
    """A run for the villages of a place where a household has no plate, or one whose PIN was lost before anybody saw it.

    Refused when there is none, and while another run of the county is at work.
    """
    _check(by, place.code)
    Division.objects.select_for_update().get(pk=county_of(place.code))
    if PlateRun.objects.filter(lies_in(county_of(place.code), "place"), ended_at=None).exists():
        raise Refused("run_at_work", "已经有一批户牌正在制作。", hint="请等它做完。", status=409)
    villages = column(_LACKING, {"low": place.code, "high": f"{place.code}:"})
    if not villages:
        raise Refused("nothing_missing", "这里的户都已经有户牌。", hint="要换牌的户，由村里逐户换。")
    run = PlateRun.objects.create(place=place.code, by=by)
    PlateRunVillage.objects.bulk_create(PlateRunVillage(run=run, village=code) for code in villages)
    audit.record(by, "plate.run", place=place.code, subject=run, rows=len(villages))
    return run


def work(run_id: int) -> None:
    """Make what is left of a run, village by village, unless somebody is at it. After a while the worker is somebody else's
    again, and beat asks for the rest.
    """
    until = time.monotonic() + SPELL.total_seconds()
    while time.monotonic() < until and _begin(run_id) and _one(run_id):
        pass


def waiting() -> list[int]:
    """Runs that nobody seems to be at."""
    late = PlateRun.objects.filter(ended_at=None, asked_at__lt=timezone.now() - LATE)
    return list(late.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def take_pins(*, run: PlateRun, place: str, by: User) -> list[int]:
    """Take the PINs of a place away: the keys of the villages whose file is now sent. Refused when none is there any more.

    Only to whoever began the run; from the first time on they are there for half an hour, in case the sending breaks off.
    """
    _check_own(run, by)
    there = PlateRunVillage.objects.filter(lies_in(place, "village"), run=run, papers__pins__isnull=False)
    found = list(there.order_by("village").values_list("pk", flat=True))
    if not found:
        raise Refused("pins_gone", "这里的密码纸条已经清掉了。", hint="谁家没有拿到，由村里给他换密码。", status=410)
    PlateRunVillage.objects.filter(pk__in=found, taken_at=None).update(taken_at=timezone.now())
    audit.record(by, "plate.run_pins", place=place, subject=run, rows=len(found))
    return found


@transaction.atomic
def forget_pins(*, run: PlateRun, by: User) -> None:
    """What was taken away is printed: those PINs are dropped at once."""
    _check_own(run, by)
    taken = PlatePapers.objects.filter(village__run=run, village__taken_at__isnull=False, pins__isnull=False)
    audit.record(by, "plate.run_forget", place=run.place, subject=run, rows=taken.update(pins=None))


def forget() -> None:
    """Drop PINs half an hour after they were taken away, and all papers after some days."""
    now = timezone.now()
    taken = PlatePapers.objects.filter(village__taken_at__lt=now - AGAIN, pins__isnull=False)
    taken.update(pins=None)
    PlatePapers.objects.filter(village__made_at__lt=now - KEPT).delete()


def _check(by: User, place: str) -> None:
    if not may(by, Permission.PRINT_PLATES, at=place):
        raise Refused("not_yours", "您不能给这里成批制牌。", status=403)


def _check_own(run: PlateRun, by: User) -> None:
    if run.by_id != by.pk:
        raise Refused("not_yours", "密码只交给开始这一批的人。", status=403)


def _locked(run_id: int) -> bool:
    return has_turn(f"plate run {run_id}")


@transaction.atomic
def _begin(run_id: int) -> bool:
    """Count one more try, before it can fail; give the run up after so many at one village."""
    if not _locked(run_id):
        return False
    going = PlateRun.objects.filter(pk=run_id, ended_at=None)
    if going.filter(tries__lt=TRIES).update(tries=F("tries") + 1, asked_at=timezone.now()):
        return True
    going.update(ended_at=timezone.now())
    return False


@transaction.atomic
def _one(run_id: int) -> bool:
    """The next village. False when there is none, or somebody else is at it."""
    if not _locked(run_id):
        return False
    run = PlateRun.objects.select_related("by").get(pk=run_id)
    village = run.villages.filter(made_at=None).order_by("village").first()
    if village is None:
        PlateRun.objects.filter(pk=run_id).update(ended_at=timezone.now())
        return False
    _make(village, run.by)
    PlateRun.objects.filter(pk=run_id).update(tries=0)
    return True


def _make(one: PlateRunVillage, by: User) -> None:
    place, at = Division.objects.get(pk=one.village), timezone.now()
    made = issue_where_missing(village=place, by=by, at=at) + renew_untold(plates=_untold(one), by=by, at=at)
    known = {plate.pk: pin for plate, pin in made}
    if made:
        slips, heads = _slips(known)
        PlatePapers.objects.create(
            village=one,
            sheet=printing.sheet(place.name, slips),
            pins=printing.pins(place.name, slips),
            receipts=printing.receipts(place.name, slips, heads),
        )
    PlateRunVillage.objects.filter(pk=one.pk).update(made_at=at, plates=len(made))


def _slips(pins: dict[int, str]) -> tuple[list[PlateSlip], list[str]]:
    plates = Plate.objects.filter(pk__in=pins).select_related("household__group").order_by("household")
    return [slip_of(plate, pins[plate.pk]) for plate in plates], [plate.household.head_name for plate in plates]


def _untold(one: PlateRunVillage) -> list[Plate]:
    """Plates of the village from earlier runs whose PINs were gone before anybody took them."""
    lost = PlateRunVillage.objects.filter(village=one.village, taken_at=None, plates__gt=0)
    moments = lost.filter(papers__pins__isnull=True).values("made_at")  # also where the whole row is gone
    inside = Plate.objects.filter(lies_in(one.village, "household"), revoked_at=None, own_pin_at=None)
    return list(inside.filter(pin_set_at__in=moments).order_by("household"))
