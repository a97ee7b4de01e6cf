"""Tasks: each calls the function that the command of the same name calls."""

from datetime import date

import structlog
from celery import shared_task
from django.utils import timezone

from households.alarms import actions as alarms
from households.alarms.actions import AlarmFinding
from households.clock.actions import ask
from households.house import trail
from households.models import AlarmKind, Division
from households.trail.actions import seal
from scoring import freezing
from scoring.checks.verify import examine, place_in
from scoring.ledger import expiry, heirs, places, publishing
from scoring.models import Period
from scoring.objections.actions.moving import move_on
from scoring.parts import actions as parts
from scoring.rollup import rollup
from scoring.sheets.actions.forcing import force_overdue

ASKED_AGAIN = 60  # seconds after which a message nobody took is dropped: the mark stands and is asked for again
A_ROUND = 600  # seconds: beat moves the calendar on so often, and asks anew for what nobody took
A_NIGHT = 12 * 3600  # seconds after which the next night's message does the same
MISSED = "前一天没有公布积分日榜"
BROKEN = "账链的分录和它自己的指纹对不上"
log = structlog.get_logger("dongkou.verify")


@shared_task(name="scoring.tasks.roll_up_marked", ignore_result=True)
def roll_up_marked() -> None:
    """Ask for every township that has a mark; more workers take more townships at once."""
    for month, township in rollup.marked_places():
        roll_up_township.apply_async((month, township), queue="rollup", expires=ASKED_AGAIN)


@shared_task(name="scoring.tasks.lay_out_months", ignore_result=True)
def lay_out_months() -> dict[str, int]:
    """Give months whose scores lie in the rest a part of their own, and the months to come one beforehand."""
    return {"months": len(parts.lay_out().months)}


@shared_task(name="scoring.tasks.roll_up_township", ignore_result=True)
def roll_up_township(month: str, township: str) -> None:
    """Bring one township's marked villages up to date, and credit what has become complete by that."""
    rollup.roll_up_township(month, township)
    freezing.credit_late(month)


@shared_task(name="scoring.tasks.advance_calendar", ignore_result=True)
def advance_calendar() -> None:
    """Ask for every county; what one of them runs into stops no other."""
    ask()
    for county in Division.objects.counties():
        advance_county.apply_async((county,), queue="points", expires=A_ROUND)


@shared_task(name="scoring.tasks.advance_county", ignore_result=True)
def advance_county(county: str) -> None:
    """Post and hand objections on in a county, in any month; ask for every township that has come due to be frozen."""
    ask()
    today = timezone.localdate()
    force_overdue(county)
    for month in Period.objects.order_by("month").values_list("month", flat=True):
        freezing.post(month=month, on=today, within=county)
        move_on(month=month, on=today, within=county)
        due = freezing.townships_due(month, county, on=today)
        for township in due:
            freeze_share.apply_async((month, township), queue="points", expires=A_ROUND)
        freezing.finish_left(month, county, waits=bool(due))


@shared_task(name="scoring.tasks.freeze_share", ignore_result=True)
def freeze_share(month: str, township: str) -> None:
    """Freeze what has come due in a township; the last one of its county finishes that."""
    ask()
    freezing.freeze_share(month, township, on=timezone.localdate())


@shared_task(name="scoring.tasks.lapse_points", ignore_result=True)
def lapse_points() -> None:
    """Ask for every place that has points; more workers take more places at once."""
    ask()
    for place in expiry.places():
        lapse_points_of.apply_async((place,), queue="points", expires=A_NIGHT)


@shared_task(name="scoring.tasks.lapse_points_of", ignore_result=True)
def lapse_points_of(place: str) -> None:
    """Write off what has lapsed in a place, and tell its people what will."""
    ask()
    expiry.lapse(place, on=timezone.localdate())
    expiry.remind(place, on=timezone.localdate())


@shared_task(name="scoring.tasks.pass_points_on", ignore_result=True)
def pass_points_on() -> None:
    """Points of households that have left go where they went; what closed ones left for too long lapses."""
    ask()
    heirs.settle_everywhere()
    places.settle_places()
    heirs.forfeit_due(timezone.localdate())


@shared_task(name="scoring.tasks.check_nightly", ignore_result=True)
def check_nightly() -> dict[str, int]:
    """Every invariant of every month; drift is told those who answer for it, never repaired silently."""
    found = []
    for finding in examine():
        for drift in finding.drifts:
            log.error("drift", invariant=drift.name, where=drift.where, expected=drift.expected, found=drift.found)
            found.append(AlarmFinding(AlarmKind.DRIFT, finding.invariant.label, drift.where, place_in(drift.where)))
    for sentence in trail.check_and_note():
        log.error("trail", sentence=sentence)
        found.append(AlarmFinding(AlarmKind.TRAIL, sentence))
    alarms.found_by("scoring.tasks.check_nightly", found)
    log.info("verified", drifts=len(found))
    return {"drifts": len(found)}


@shared_task(name="scoring.tasks.seal_trail", ignore_result=True)
def seal_trail() -> None:
    """Close the lines of the trail that were written since the last seal."""
    seal()


@shared_task(name="scoring.tasks.publish_roots", ignore_result=True)
def publish_roots() -> None:
    """Ask for every county's list of the day; they hold all of the trail that was written until now.

    A county that was asked for the last time and has no list of that day is an alarm: nobody took it up, or it failed.
    """
    ask()
    seal()
    today = timezone.localdate()
    missed = [AlarmFinding(AlarmKind.FAILED, MISSED, county, county) for county in publishing.missed(today)]
    alarms.found_by("scoring.tasks.publish_roots", missed)
    for county in Division.objects.counties():
        publish_roots_of.apply_async((county,), {"day": today.isoformat()}, queue="points", expires=A_ROUND)


@shared_task(name="scoring.tasks.publish_roots_of", ignore_result=True)
def publish_roots_of(county: str, day: str) -> dict[str, int]:
    """Publish what a county's chains of points are on a day (ISO 8601); a chain that does not fit its own hashes is an alarm."""
    ask()
    done = publishing.publish_roots_of(county, date.fromisoformat(day))
    for chain in done.broken:
        log.error("broken chain", chain=chain)
    broken = [AlarmFinding(AlarmKind.CHAIN, BROKEN, chain, place_in(chain)) for chain in done.broken]
    alarms.found_by(f"scoring.tasks.publish_roots_of {county}", broken)
    log.info("roots published", county=county, roots=done.roots, broken=len(done.broken))
    return {"roots": done.roots, "drifts": len(done.broken)}
