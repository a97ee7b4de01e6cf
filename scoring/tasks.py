"""Tasks: each calls the function that the command of the same name calls."""

import structlog
from celery import shared_task
from django.utils import timezone

from households.alarms import actions as alarms
from households.alarms.actions import AlarmFinding
from households.clock.actions import ask
from households.house import trail
from households.models import AlarmKind
from households.trail.actions import seal
from scoring import freezing
from scoring.checks.verify import examine, place_in
from scoring.ledger import expiry, heirs, places, publishing
from scoring.models import Period
from scoring.objections.actions.moving import move_on
from scoring.rollup import rollup
from scoring.sheets.actions.forcing import force_overdue

ASKED_AGAIN = 60  # seconds after which a message nobody took is dropped: the mark stands and is asked for again
A_NIGHT = 12 * 3600  # seconds after which the next night's message does the same
BROKEN = "账链的分录和它自己的指纹对不上"
log = structlog.get_logger("dongkou.verify")


@shared_task(name="scoring.tasks.roll_up_marked", ignore_result=True)
def roll_up_marked() -> None:
    """Ask for every township that has a mark; more workers take more townships at once."""
    for month, township in rollup.marked_places():
        roll_up_township.apply_async((month, township), queue="rollup", expires=ASKED_AGAIN)


@shared_task(name="scoring.tasks.roll_up_township", ignore_result=True)
def roll_up_township(month: str, township: str) -> None:
    """Bring one township's marked villages up to date, and credit what has become complete by that."""
    rollup.roll_up_township(month, township)
    freezing.credit_late(month)


@shared_task(name="scoring.tasks.advance_calendar", ignore_result=True)
def advance_calendar() -> None:
    """Post, hand objections on and freeze whatever has come due in any month."""
    ask()
    today = timezone.localdate()
    force_overdue()
    for month in Period.objects.order_by("month").values_list("month", flat=True):
        freezing.post(month=month, on=today)
        move_on(month=month, on=today)
        freezing.freeze(month=month, on=today)


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
def publish_roots() -> dict[str, int]:
    """Publish what the chains of points are today; a chain that does not fit its own hashes is an alarm."""
    ask()
    done = publishing.publish_roots()
    for chain in done.broken:
        log.error("broken chain", chain=chain)
    broken = [AlarmFinding(AlarmKind.CHAIN, BROKEN, chain, place_in(chain)) for chain in done.broken]
    alarms.found_by("scoring.tasks.publish_roots", broken)
    log.info("roots published", counties=len(done.days), roots=done.roots, broken=len(done.broken))
    return {"roots": done.roots, "drifts": len(done.broken)}
