"""Posting and freezing: moved by the calendar (beat), county by county, or by the county's command; township by township.

Beat's messages share the townships of a county among as many workers as there are. Whoever freezes the last one finishes the
county; what is left by one that was killed is finished when beat asks the next time.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Left, Now
from django.utils import timezone

from households import audit
from households.codes import Level, code_range, county_of, is_level, township_of
from households.inbox.actions import tell
from households.models import User
from households.outbox.actions import put
from households.roles import Role
from households.scope import lies_in
from households.sql import column, rows
from scoring.ledger import door as ledger
from scoring.models import ScoreEvent, Sheet
from scoring.months.months import calendar_of
from scoring.objections.actions.moving import carry_over, villages_waiting
from scoring.rankings import snapshots
from scoring.rollup import marks
from scoring.rollup.completeness import complete_departments, complete_townships
from scoring.rollup.rollup import RollUpReport, Work, finish, learn, refresh, refresh_missing
from scoring.schemes.redlines import PETITION
from scoring.states import SheetState

FORCED = (SheetState.DECLARED, SheetState.REVIEWED, SheetState.POSTED)
# Until the transaction ends: whoever finds it held leaves the township to its holder instead of waiting.
_TAKE = "SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s, 0))"
# Marks of frozen villages: their own lines and their township's have stood since they were frozen.
_SETTLED = """
    SELECT m.code, m.moved FROM scoring_mark m
    JOIN scoring_sheet s ON s.period_id = m.month AND s.village_id = m.code AND s.state = 'frozen'
    WHERE m.month = %(month)s AND m.code >= %(low)s AND m.code < %(high)s
"""
# Something was frozen in the county a while ago that no ranking covers: whoever was to finish it has gone, or waits for a township
# that cannot be frozen.
_LEFT = """
    SELECT 1 FROM scoring_sheet s
    WHERE s.period_id = %(month)s AND s.state = 'frozen' AND s.archived_in IS NULL
      AND s.village_id >= %(low)s AND s.village_id < %(high)s AND s.frozen_at < now() - interval '10 minutes' LIMIT 1
"""


@dataclass
class Frozen:
    """What a freezing did: villages frozen, point entries written, rankings archived; and what it had to compute first."""

    villages: int = 0
    entries: int = 0
    snapshots: int = 0
    computed: RollUpReport = field(default_factory=RollUpReport, compare=False)


@transaction.atomic
def post(*, month: str, on: date, by: User | None = None, within: str = "") -> int:
    """Post (公示) every reviewed sheet of `month`, or of those inside a place, once its day has come; returns how many."""
    inside = Sheet.objects.filter(lies_in(within, "village"), period=month, state=SheetState.REVIEWED)
    due = inside.select_for_update()
    reviewed = due.order_by("pk").values_list("village_id", flat=True)
    villages = [village for village in reviewed if on >= calendar_of(month, village).post_from]
    if villages:
        moved = {"state": SheetState.POSTED, "posted_at": Now(), "version": F("version") + 1}
        Sheet.objects.filter(period=month, village__in=villages).update(**moved)
        tell_households("event.posted", month, villages)
        audit.record_all(audit.line(by, "sheet.post", place=code, subject=month) for code in villages)
    return len(villages)


def tell_households(kind: str, month: str, villages: Sequence[str], *, again: str = "") -> None:
    """Those of which something stands in the month that counts, or reminds: once a month, however much it is.

    `again` names which time it is of what can happen to a month more than once.
    """
    inside = ScoreEvent.objects.annotate(village=Left("code", Level.VILLAGE.code_length)).filter(village__in=villages)
    counted = inside.counted().filter(period=month).order_by("code").distinct()
    told: dict[bool, list[str]] = {False: [], True: []}
    for code, indicator in counted.values_list("code", "clause__indicator__code"):
        if is_level(code, Level.HOUSEHOLD):
            told[indicator == PETITION].append(code)
    for quiet, codes in told.items():
        put(kind, key=f"{month}:{again}" if again else month, households=dict.fromkeys(codes), quiet=quiet)


def freeze(*, month: str, on: date, force: bool = False, by: User | None = None) -> Frozen:
    """Freeze what is due in `month`: scores stand, points are credited, rankings are archived.

    Due are posted sheets whose posting and objection days are over on the day `on`, but for villages with an open
    objection; with `force`, every declared sheet at once, and open objections lead to a correction. Undeclared villages stay
    open and can be frozen later. Each township is one transaction; run again after a crash, it goes on where it stopped, and
    nothing is credited twice.
    """
    done, work = Frozen(), defaultdict[str, Work](Work)
    for township in _townships(month, force=force):
        work[county_of(township)].add(freeze_township(month, township, on=on, force=force, by=by, done=done))
    learn(done.computed)
    for county in sorted({*snapshots.counties_behind(month), *_counties_uncredited(month)}):
        _finish(month, county, work[county], done=done)
    return done


def credit_late(month: str) -> Frozen:
    """Credit townships and departments that became complete without anything being frozen, and keep the rankings anew.

    The last household of the last village that was not frozen has left in a month that nobody there signed for.
    """
    done = Frozen()
    for county in _counties_uncredited(month):
        _finish(month, county, Work(), done=done)
    return done


def freeze_one(*, month: str, village: str, by: User) -> Frozen:
    """Freeze one declared village now, whatever the day: two people have decided it."""
    done, on = Frozen(), timezone.localdate()
    work = freeze_township(month, township_of(village), on=on, force=True, by=by, done=done, only=village)
    learn(done.computed)
    _finish(month, county_of(village), work, done=done)
    return done


def _counties_uncredited(month: str) -> list[str]:
    """Asked of months alone in which something is frozen: nothing is complete in the others."""
    frozen = Sheet.objects.filter(period=month, state=SheetState.FROZEN)
    return ledger.counties_uncredited(month) if frozen.exists() else []


def _townships(month: str, *, force: bool) -> list[str]:
    states = FORCED if force else (SheetState.POSTED,)
    villages = Sheet.objects.filter(period=month, state__in=states).values_list("village_id", flat=True)
    return sorted({township_of(village) for village in villages})


def townships_due(month: str, county: str, *, on: date) -> list[str]:
    """Townships of the county with a village that the calendar freezes on that day."""
    posted = Sheet.objects.filter(lies_in(county, "village"), period=month, state=SheetState.POSTED)
    days = {
        village: timezone.localdate(at) if at else on for village, at in posted.values_list("village_id", "posted_at")
    }
    calendar = calendar_of(month, county)
    over = {day for day in set(days.values()) if on >= calendar.posted(day).freeze_on}
    due = {village for village, day in days.items() if day in over}
    return sorted({township_of(village) for village in due - villages_waiting(month, due)})


def freeze_share(month: str, township: str, *, on: date) -> Frozen:
    """One township's share of what `freeze` does for all, for one of several workers; the last one finishes the county.

    A township that another worker has in hand is left to it.
    """
    done, county = Frozen(), county_of(township)
    with transaction.atomic():
        if not column(_TAKE, {"key": f"freeze {month} {township}"})[0]:
            return done
        work = freeze_township(month, township, on=on, force=False, by=None, done=done)
    learn(done.computed)
    if done.villages and not townships_due(month, county, on=on):
        _finish(month, county, work, done=done)
    return done


def finish_left(month: str, county: str, *, waits: bool) -> Frozen:
    """Finish a county's freezing that nobody is at any more, and credit what became complete without one.

    `waits`: a township is due, so whoever freezes it will finish, unless that has taken too long.
    """
    done = Frozen()
    if waits and not _is_left(month, county):
        return done
    if county in snapshots.counties_behind(month) or county in _counties_uncredited(month):
        _finish(month, county, Work(), done=done)
    return done


def _is_left(month: str, county: str) -> bool:
    return bool(column(_LEFT, {"month": month, **code_range(county)._asdict()}))


@transaction.atomic
def freeze_township(
    month: str, township: str, *, on: date, force: bool, by: User | None, done: Frozen, only: str = ""
) -> Work:
    """Lock the sheets, so that nobody writes to them; compute once more; credit; freeze."""
    sheets = _due_sheets(month, only or township, on=on, force=force)
    villages = [sheet.village_id for sheet in sheets]
    if not villages:
        return Work()
    early = _before_their_time(sheets, on) if force else []
    if force:
        carry_over(month=month, villages=villages)
    marks.touch(month, villages)
    work = refresh(month, township, done.computed)
    frozen = {"state": SheetState.FROZEN, "frozen_at": Now(), "archived_in": None, "version": F("version") + 1}
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(**frozen)
    Sheet.objects.filter(pk__in=early).update(forced=True)
    _tell_forced([one for one in sheets if one.pk in early])
    done.entries += ledger.credit_villages(month, township, villages)
    done.villages += len(villages)
    audit.record_all(
        audit.line(
            by, "sheet.freeze", place=one.village_id, subject=month, forced=force, posted=one.posted_at is not None
        )
        for one in sheets
    )
    return work


def _due_sheets(month: str, place: str, *, on: date, force: bool) -> list[Sheet]:
    states = FORCED if force else (SheetState.POSTED,)
    inside = Sheet.objects.select_for_update().filter(lies_in(place, "village"), period=month, state__in=states)
    due = [sheet for sheet in inside.order_by("pk") if force or _is_over(sheet, on)]
    # Asked once they are held: an objection that came first is seen, one that comes now waits for us and finds them frozen.
    waiting = set() if force else villages_waiting(month, [sheet.village_id for sheet in due])
    return [sheet for sheet in due if sheet.village_id not in waiting]


def _before_their_time(sheets: list[Sheet], on: date) -> list[int]:
    """Those that the calendar would not have frozen on that day: never posted, not long enough, or held up by an objection."""
    waiting = villages_waiting(sheets[0].period_id, [sheet.village_id for sheet in sheets])
    in_time = [
        one.pk
        for one in sheets
        if one.state == SheetState.POSTED and _is_over(one, on) and one.village_id not in waiting
    ]
    return [one.pk for one in sheets if one.pk not in in_time]


def _tell_forced(sheets: Sequence[Sheet]) -> None:
    """Those who had days left to object or to answer: each village's people, and once their township."""
    if not sheets:
        return
    month, villages = sheets[0].period_id, [one.village_id for one in sheets]
    for one in sheets:
        posts = [(Role.CADRE, one.village_id), (Role.SUPERVISOR, one.village_id)]
        tell("sheet.forced", key=one.pk, to=posts, about=[month, "posted" if one.posted_at else ""])
    township = [(Role.TOWNSHIP, township_of(villages[0]))]
    tell("freeze.forced", key=sheets[0].pk, to=township, about=[month, len(sheets)])
    tell_households("sheet.forced", month, villages)


def _is_over(sheet: Sheet, on: date) -> bool:
    posted_on = timezone.localdate(sheet.posted_at) if sheet.posted_at else on
    return on >= calendar_of(sheet.period_id, sheet.village_id).posted(posted_on).freeze_on


def due(on: date) -> int:
    """How many villages, of whatever month, can be frozen on a day."""
    return sum(_is_over(sheet, on) for sheet in Sheet.objects.filter(state=SheetState.POSTED))


def earliest_day(month: str, *, on: date) -> date:
    """The first day on which a declared sheet of `month` can be frozen; one not posted yet is posted `on` at best."""
    posted = Sheet.objects.filter(period=month, state=SheetState.POSTED, posted_at__isnull=False)
    days = {(village, timezone.localdate(at)) for village, at in posted.values_list("village_id", "posted_at") if at}
    return min(calendar_of(month, village).posted(day).freeze_on for village, day in days or {("", on)})


def _finish(month: str, county: str, work: Work, *, done: Frozen) -> None:
    late = RollUpReport()
    work.add(refresh_missing(month, county, late))
    work.add(Work(marks=rows(_SETTLED, {"month": month, **code_range(county)._asdict()})))
    learn(late)
    _finish_county(month, county, work, done=done)


@transaction.atomic
def _finish_county(month: str, county: str, work: Work, *, done: Frozen) -> None:
    """Compute the county's and the departments' lines, credit what is wholly frozen, and keep the rankings.

    Covered are the villages that were frozen when it began; one that is frozen meanwhile is left to the next time.
    """
    waiting = Sheet.objects.filter(lies_in(county, "village"), period=month, state=SheetState.FROZEN, archived_in=None)
    seen = list(waiting.values_list("pk", flat=True))
    finish(month, county, work, everyone=True, finishing=True)
    covered = waiting.filter(pk__in=seen)
    if not covered.exists() and county not in _counties_uncredited(month):
        return  # somebody else finished it while we waited for the county's lock
    done.entries += ledger.credit_townships(month, county, complete_townships(month, county))
    done.entries += ledger.credit_departments(month, complete_departments(month))
    kept = snapshots.keep(month, county, reason="锁定")
    audit.record(None, "ranking.keep", place=county, subject=month, rankings=len(kept))
    done.snapshots += len(kept)
    covered.update(archived_in=kept[0].version)
