"""What a county's calendar says: the next months' days, what was set, and where one village stands in a month."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from households.codes import Level, is_level
from households.models import Division, User
from households.months import Month, month_of, next_month, shift
from households.register.places import divisions_like
from households.workdays.workdays import known
from scoring.models import CalendarVersion, Declaration, ForcedFreeze, MonthExtension, Sheet
from scoring.months.calendar import MonthCalendar
from scoring.months.months import calendar_of, extended_until, longer
from scoring.months.versions import calendar_by, version_of
from scoring.states import SheetState

MONTHS_AHEAD = 6
VERSIONS_SHOWN = 30
MAX_VILLAGES = 40


@dataclass(frozen=True, slots=True)
class MonthDays:
    """A month's days; `known` says whether the holidays they may move for are arranged already."""

    calendar: MonthCalendar
    known: bool
    changed: bool = False


def months_ahead(county: str, proposed: CalendarVersion | None = None) -> list[MonthDays]:
    """Last month and the next ones, as they are, or as they would be with a proposed version."""
    this_month = month_of(timezone.localdate())
    months = [shift(this_month, by) for by in range(-1, MONTHS_AHEAD)]
    return [_days(month, county, proposed) for month in months]


def _days(month: Month, county: str, proposed: CalendarVersion | None) -> MonthDays:
    now = version_of(month, county)
    outranked = proposed is None or proposed.from_month > month or (now and now.from_month > proposed.from_month)
    chosen = now if outranked else proposed
    found, before = calendar_by(chosen, month), calendar_by(now, month)
    changed = found.last_days() != before.last_days() or found.redeem_from != before.redeem_from
    return MonthDays(found, known(int(next_month(month)[:4])), changed)


def versions_of(county: str) -> list[CalendarVersion]:
    """Everything that was set, the latest first."""
    found = CalendarVersion.objects.filter(county=county)
    return list(found.select_related("by__division", "by__department")[:VERSIONS_SHOWN])


@dataclass(frozen=True, slots=True)
class VillageMonth:
    """One village in a month: where its sheet stands, its days, what was extended and asked."""

    village: Division
    calendar: MonthCalendar
    sheet: Sheet | None
    declared_on: date | None
    extensions: list[MonthExtension]
    forced: list[ForcedFreeze]

    @property
    def state(self) -> SheetState:
        return SheetState(self.sheet.state) if self.sheet else SheetState.OPEN

    @property
    def days_late(self) -> int:
        """Days past its last day: of the declaration, or so far."""
        return self.calendar.days_late(self.declared_on or timezone.localdate())

    @property
    def unposted(self) -> bool:
        """Whether it was frozen without having been posted."""
        return bool(self.sheet and self.state is SheetState.FROZEN and self.sheet.posted_at is None)

    @property
    def cut_short(self) -> bool:
        """Whether it was posted, and frozen before its time all the same."""
        return bool(self.sheet and self.sheet.forced and self.sheet.posted_at)


def villages_like(words: str, user: User, on: date) -> list[Division]:
    """Villages of the person's part of the county that are called so or hold the words in their name."""
    found = divisions_like(words, user.scope, on, MAX_VILLAGES)
    return [place for place in found if is_level(place.code, Level.VILLAGE)]


def village_month(month: Month, village: Division) -> VillageMonth:
    """Five queries."""
    sheet = Sheet.objects.filter(period=month, village=village).first()
    signed = Declaration.objects.filter(sheet=sheet, withdrawn_at=None).first() if sheet else None
    until = extended_until(month, [village.code]).get(village.code)
    extensions = MonthExtension.objects.filter(period=month, village=village).select_related("by")
    forced = ForcedFreeze.objects.filter(period=month, village=village).select_related("asked_by", "decided_by")
    return VillageMonth(
        village,
        longer(calendar_of(month, village.code), until),
        sheet,
        timezone.localdate(signed.signed_at) if signed else None,
        list(extensions),
        list(forced),
    )
