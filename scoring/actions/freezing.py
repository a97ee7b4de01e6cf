"""Posting and freezing: moved by the calendar (beat) or by the county's command, township by township."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from households import audit
from households.codes import LENGTHS, Level, county_of
from households.models import User
from scoring import ledger, marks, snapshots
from scoring.calendar import MonthCalendar
from scoring.models import RankingSnapshot, Sheet
from scoring.rollup import lock_place, roll_up_township
from scoring.states import SheetState

FORCED = (SheetState.DECLARED, SheetState.REVIEWED, SheetState.POSTED)


@dataclass
class Frozen:
    """What a freezing did: villages frozen, point entries written, rankings kept."""

    villages: int = 0
    entries: int = 0
    snapshots: int = 0


def calendar_of(month: str) -> MonthCalendar:
    """The days of a month by the county's settings."""
    return MonthCalendar(month, settings.SIX_ZERO_CALENDAR)


@transaction.atomic
def post(*, month: str, on: date, by: User | None = None) -> int:
    """Post (公示) every reviewed sheet of `month` once its day has come; returns how many."""
    if on < calendar_of(month).post_from:
        return 0
    due = Sheet.objects.select_for_update().filter(period=month, state=SheetState.REVIEWED)
    villages = list(due.order_by("pk").values_list("village_id", flat=True))
    if villages:
        moved = {"state": SheetState.POSTED, "posted_at": timezone.now(), "version": F("version") + 1}
        Sheet.objects.filter(period=month, village__in=villages).update(**moved)
        audit.record_all(audit.line(by, "sheet.post", place=code, subject=month) for code in villages)
    return len(villages)


def freeze(*, month: str, on: date, force: bool = False, by: User | None = None) -> Frozen:
    """Freeze what is due in `month`: scores stand, points are credited, rankings are kept.

    Due are posted sheets whose posting and objection days are over on the day `on`; with `force`, every declared sheet
    at once. Undeclared villages stay open and can be frozen later. Each township is one transaction; run again after
    a crash, it goes on where it stopped, and nothing is credited twice.
    """
    done = Frozen()
    for township in _townships(month, force=force):
        _freeze_township(month, township, on=on, force=force, by=by, done=done)
    for county in _unfinished_counties(month):
        _finish_county(month, county, done=done)
    return done


def _townships(month: str, *, force: bool) -> list[str]:
    states = FORCED if force else (SheetState.POSTED,)
    villages = Sheet.objects.filter(period=month, state__in=states).values_list("village_id", flat=True)
    return sorted({village[: LENGTHS[Level.TOWNSHIP]] for village in villages})


def _unfinished_counties(month: str) -> list[str]:
    """Counties with villages frozen since their rankings were last kept, by this run or by one that was killed."""
    frozen = Sheet.objects.filter(period=month, state=SheetState.FROZEN)
    latest: dict[str, datetime] = {}
    for village, at in frozen.order_by("frozen_at").values_list("village_id", "frozen_at"):
        latest[county_of(village)] = at
    kept = dict(RankingSnapshot.objects.filter(month=month).values_list("within").annotate(Max("at")))
    return sorted(county for county, at in latest.items() if county not in kept or kept[county] < at)


@transaction.atomic
def _freeze_township(month: str, township: str, *, on: date, force: bool, by: User | None, done: Frozen) -> None:
    """Lock the sheets, so that nobody writes to them; compute once more; credit; freeze."""
    states = FORCED if force else (SheetState.POSTED,)
    inside = Sheet.objects.select_for_update().filter(
        period=month, state__in=states, village__gte=township, village__lt=township + ":"
    )
    sheets = [sheet for sheet in inside.order_by("pk") if force or _is_over(sheet, on)]
    villages = [sheet.village_id for sheet in sheets]
    if not villages:
        return
    marks.touch(month, villages)
    roll_up_township(month, township)
    frozen = {"state": SheetState.FROZEN, "frozen_at": timezone.now(), "version": F("version") + 1}
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(**frozen)
    done.entries += ledger.credit_villages(month, villages)
    done.villages += len(villages)
    audit.record_all(audit.line(by, "sheet.freeze", place=code, subject=month, forced=force) for code in villages)


def _is_over(sheet: Sheet, on: date) -> bool:
    posted_on = timezone.localdate(sheet.posted_at) if sheet.posted_at else on
    return on >= calendar_of(sheet.period_id).posted(posted_on).freeze_on


@transaction.atomic
def _finish_county(month: str, county: str, *, done: Frozen) -> None:
    """Credit townships and departments whose every household is frozen, and keep the rankings."""
    lock_place(month, county)
    townships = _complete(_COMPLETE_TOWNSHIPS, month, county)
    departments = _complete(_COMPLETE_DEPARTMENTS, month, county)
    done.entries += ledger.credit_townships(month, townships)
    done.entries += ledger.credit_departments(month, departments)
    kept = snapshots.keep(month, county, reason="定格")
    done.snapshots += len(kept)


# A place is complete when no village with active households below it is still unfrozen.
_OPEN_VILLAGE = """
    SELECT FROM scoring_divisionscore v
    WHERE v.month = %(month)s AND length(v.code) = 12 AND v.code >= {place} AND v.code < {place} || ':' AND v.active > 0
      AND NOT EXISTS (SELECT FROM scoring_sheet s
                      WHERE s.period_id = v.month AND s.village_id = v.code AND s.state = 'frozen')
"""
_COMPLETE_TOWNSHIPS = f"""
    SELECT t.code FROM scoring_divisionscore t
    WHERE t.month = %(month)s AND length(t.code) = 9 AND t.code LIKE %(county)s || '%%'
      AND t.households = t.active AND NOT EXISTS ({_OPEN_VILLAGE.format(place="t.code")})
"""
_COMPLETE_DEPARTMENTS = f"""
    SELECT s.department_code FROM scoring_departmentscore s
    WHERE s.month = %(month)s AND s.households = s.active AND NOT EXISTS (
        SELECT FROM households_linkage l
        WHERE l.department_id = s.department_code
          AND l.from_month <= %(month)s AND (l.to_month = '' OR l.to_month >= %(month)s)
          AND EXISTS ({_OPEN_VILLAGE.format(place="left(l.division_id, 12)")})
    )
"""


def _complete(sql: str, month: str, county: str) -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"month": month, "county": county})
        return [row[0] for row in cursor.fetchall()]
