"""Setting a county's calendar from a month on, and giving one village longer."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import Division, User
from households.months import label, month_of, months_between, spoken
from households.operations import Answer, once
from households.refusals import Refused
from scoring.models import CalendarVersion, MonthExtension
from scoring.models.calendars import MAX_REASON
from scoring.months import versions
from scoring.months.calendar import CalendarError, MonthCalendar
from scoring.months.months import calendar_of, locked_sheet_of, longer, readable
from scoring.states import SheetState

AHEAD = 24  # months: further on nobody knows what a county will want
LONGEST = timedelta(days=60)


def version_for(*, county: str, from_month: str, reason: str, by: User | None, **days: Any) -> CalendarVersion:
    """The version as it would be set, not saved. Refused when its days make no sense or its month is over."""
    this_month = month_of(timezone.localdate())
    if from_month < this_month:
        raise Refused(
            "month_is_past",
            f"{from_month} 已经过去，过去的月份按当时的日历走完。",
            hint=f"请从{label(this_month)}或以后的月份改起。",
            fields={"from_month": "已经过去"},
        )
    if len(months_between(this_month, from_month)) > AHEAD:
        raise Refused("month_too_far", f"只能安排 {AHEAD} 个月以内的。", fields={"from_month": "太远"})
    check_words(reason, "请写明原因")
    version = CalendarVersion(county=county, from_month=from_month, reason=reason.strip(), by=by, **days)
    try:
        versions.calendar_by(version, from_month)
    except CalendarError as fault:
        raise Refused("calendar_unfit", f"{fault}。") from fault
    return version


def set_calendar(*, op_id: UUID, county: str, from_month: str, reason: str, by: User | None, **days: Any) -> Answer:
    """Have the county's months run so from `from_month` on; months before keep what they had. Answers {"id"}."""
    given = {"county": county, "from_month": from_month, "reason": reason, **days}

    def act() -> Answer:
        version = version_for(county=county, from_month=from_month, reason=reason, by=by, **days)
        version.save(force_insert=True)
        versions.kept.spread(version.pk)
        told = {**version.days, "entry_until": version.entry_until, "notice_days": version.notice_days}
        subject = f"calendar {version.pk}"
        audit.record(
            by,
            "calendar.set",
            place=county,
            subject=subject,
            month=from_month,
            days=told,
            shifts=version.shifts,
            reason=version.reason,
        )
        return {"id": version.pk}

    return once(op_id=op_id, by=by, kind="calendar.set", payload=given, act=act)


def extend(*, op_id: UUID, month: str, village: Division, until: date, reason: str, by: User | None) -> Answer:
    """Let one village declare until a later day. Answers {"id", "until"}.

    Refused for a village that has declared, and for a day that is no longer than what it has, or far beyond.
    """
    given = {"month": month, "village": village.code, "until": until.isoformat(), "reason": reason}

    def act() -> Answer:
        readable(month)
        check_words(reason, "请写明原因")
        sheet = locked_sheet_of(month=month, village=village)
        if sheet.state != SheetState.OPEN:
            raise Refused("declared_already", f"{village.name}已经申报，不需要延期。", status=409)
        _check_until(until, longer(calendar_of(month, village.code), _last(month, village)))
        one = MonthExtension.objects.create(period_id=month, village=village, until=until, reason=reason.strip(), by=by)
        audit.record(
            by,
            "sheet.extend",
            place=village.code,
            subject=sheet,
            month=month,
            until=until.isoformat(),
            reason=one.reason,
        )
        return {"id": one.pk, "until": until.isoformat()}

    return once(op_id=op_id, by=by, kind="sheet.extend", payload=given, act=act)


def _last(month: str, village: Division) -> date | None:
    return MonthExtension.objects.filter(period=month, village=village).values_list("until", flat=True).first()


def _check_until(until: date, calendar: MonthCalendar) -> None:
    has, most = calendar.declare_until, max(calendar.entry_until, timezone.localdate()) + LONGEST
    if until <= has or until < timezone.localdate():
        raise Refused("no_longer", f"现在可以申报到{spoken(has)}，要延到以后的日子。", fields={"until": "太早"})
    if until > most:
        raise Refused("too_long", f"最多延到{spoken(most)}。", fields={"until": "太晚"})


def check_words(words: str, asked: str, field: str = "reason") -> None:
    """Refused when there are none, or too many."""
    if not 0 < len(words.strip()) <= MAX_REASON:
        raise Refused("reason_missing", f"{asked}，最多 {MAX_REASON} 字。", fields={field: "请填写"})


def county_of_user(user: User) -> str:
    """The county whose calendar the person keeps."""
    return county_of(next(iter(user.scope.prefixes)))
