"""Days of objections when a year's arrangement of holidays is entered: stored anew, and told to who was told the old one."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Max
from django.utils import timezone

from households.codes import Level, county_of, is_level, township_of
from households.inbox.actions import Post, post_of, tell
from households.months import spoken_with_year
from households.outbox.actions import put
from households.roles import Role
from scoring.models import Objection
from scoring.objection_states import PANEL, ObjectionState, due_on
from scoring.objections.hearing import is_secret, objector_of


def due_days(_year: int) -> dict[str, str]:
    """Those that are open, by number, as the arrangement that is supposed has them."""
    return {f"异议 {one.number} 的期限": spoken_with_year(day) for one, day in _counted()}


def count_anew(_year: int) -> int:
    """Store what has moved; how many objections are due on another day. One that was decided meanwhile stays as it is."""
    moved = 0
    for one, day in _counted():
        held = Objection.objects.filter(pk=one.pk, state=one.state, due_on=one.due_on)
        if day != one.due_on and held.update(due_on=day):
            moved += 1
            _tell(one, day)
    return moved


def _counted() -> Iterator[tuple[Objection, date]]:
    """Each open one with the last day that follows from the step which brought it where it is."""
    found = Objection.objects.open().whole().annotate(stepped_at=Max("steps__at")).order_by("pk")
    for one in found:
        since = timezone.localdate(one.stepped_at)
        if day := due_on(ObjectionState(one.state), since):
            yield one, day


def _tell(one: Objection, day: date) -> None:
    """Whoever has to act by then, whoever objected, and the household."""
    key = f"{one.pk}:{one.due_on}:{day}:{timezone.localdate()}"
    tell("objection.due_moved", key=key, to=_posts(one), about=[one.pk, one.number, day])
    if is_level(one.code, Level.HOUSEHOLD):
        put("objection.due_moved", key=key, households=[one.code], quiet=is_secret(one.event))


def _posts(one: Objection) -> list[Post]:
    by = [post_of(one.filed_by)] if one.filed_by and objector_of(one) else []
    if is_secret(one.event):
        return [*by, (Role.COUNTY_OFFICE, county_of(one.code))]
    acting = {
        ObjectionState.FIRST: [(role, one.village_id) for role in PANEL],
        ObjectionState.SECOND: [(Role.TOWNSHIP, township_of(one.code))],
    }
    return [*by, *acting.get(ObjectionState(one.state), [])]
