"""Which calendar a county's month runs by: the versions that were set, as this process knows them."""

from collections.abc import Mapping

from django.conf import settings

from households.codes import Level, cut
from households.months import Month
from households.workdays.kept import NONE, Kept
from scoring.models import CalendarVersion
from scoring.months.calendar import CalendarRules, MonthCalendar

VERSION = "calendar.version"  # the id of the version set last, or NONE
Versions = Mapping[str, list[CalendarVersion]]  # of each county, the last that counts first


def _read() -> tuple[int, Versions]:
    found: dict[str, list[CalendarVersion]] = {}
    newest = NONE
    for one in CalendarVersion.objects.order_by("-from_month", "-id"):
        found.setdefault(one.county, []).append(one)
        newest = max(newest, one.pk)
    return newest, found


kept: Kept[Versions] = Kept(VERSION, {}, _read)


def version_of(month: Month, place: str = "") -> CalendarVersion | None:
    """The version that a month of the county of `place` runs by; None for the settings that the system came with.

    Without a place it is that of the only county that has set any: what has no county (a department's points) goes by it.
    """
    known = kept.now()
    county = cut(place, Level.COUNTY) if place else next(iter(known), "") if len(known) == 1 else ""
    return next((one for one in known.get(county, ()) if one.from_month <= month), None)


def calendar_by(version: CalendarVersion | None, month: Month) -> MonthCalendar:
    """The month's days by a version, which need not be in force."""
    if version is None:
        return MonthCalendar(month, settings.SIX_ZERO_CALENDAR)
    return MonthCalendar(month, version.days, CalendarRules(version.entry_until, version.notice_days, version.shifts))
