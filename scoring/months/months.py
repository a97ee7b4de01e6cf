"""Opening a month, and the sheet of a village in it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from households.models import Division, Household, sql_living
from households.months import MonthError, label, last_day, month_of, parse_month, spoken_with_year
from households.refusals import Refused
from households.scope import lies_in
from households.sql import column
from scoring.models import MonthExtension, Period, Scheme, Sheet
from scoring.months.calendar import MonthCalendar
from scoring.months.versions import calendar_by, version_of

# The first month of a county: of those that were opened, but not those that only other counties were at work in. None while
# all are theirs: a county that begins is not held to the months of others.
FIRST_MONTH = """
    (SELECT min(p.month) FROM scoring_period p
      WHERE EXISTS (SELECT FROM scoring_sheet s WHERE s.period_id = p.month AND starts_with(s.village_id, %s))
         OR EXISTS (SELECT FROM scoring_scoreevent e
                     WHERE e.period_id = p.month AND e.code >= %s AND e.code < %s || ':')
         OR NOT EXISTS (SELECT FROM scoring_sheet s WHERE s.period_id = p.month)
        AND NOT EXISTS (SELECT FROM scoring_scoreevent e WHERE e.period_id = p.month))
"""
# Of a month that is over only where somebody was registered on its last day.
_MAKE_SHEET = f"""
    INSERT INTO scoring_sheet (period_id, village_id, state, version)
    SELECT %(month)s, %(village)s, %(state)s, %(version)s
    WHERE NOT %(over)s OR EXISTS (SELECT FROM households_household h
        WHERE h.code >= %(village)s AND h.code < %(village)s || ':' AND {sql_living("h", "%(day)s")})
    ON CONFLICT DO NOTHING RETURNING id
"""


def open_month(month: str, place: str = "") -> Period:
    """The period of `month` (YYYY-MM), opened under the scheme in force when it does not exist yet.

    Refuses a month that is not written so, lies in the future, has no published scheme, or lies before the first of the
    county of `place`.
    """
    return _opened(month, place) or _open(month, place)


def _opened(month: str, place: str) -> Period | None:
    """The period, should it be open, and not lie before the county's first month."""
    known = (
        Period.objects.select_related("scheme").annotate(first=first_month_in_sql(place)).filter(month=month).first()
    )
    if known is not None:
        check_begun(month, known.first)
    return known


def readable(month: str) -> None:
    """Refuse a month that is not written YYYY-MM (400) or has not begun."""
    try:
        if parse_month(month) != month:
            raise MonthError(f"“{month[:20]}”不是月份，请写成 2026-10 的样子")
    except MonthError as exc:
        raise Refused("month_unreadable", f"{exc}。", fields={"month": str(exc)}, status=400) from exc
    if month > month_of(timezone.localdate()):
        raise Refused("month_in_future", f"{month} 还没有到，不能录入。", fields={"month": "还没有到"})


def scheme_of(month: str) -> Scheme:
    """The scheme a month is assessed by, opened or not. Refuses as `open_month` does and writes nothing."""
    known = Scheme.objects.filter(periods=month).first()
    if known:
        return known
    readable(month)
    scheme = Scheme.objects.filter(published_at__isnull=False, effective_from__lte=month).last()
    if scheme is None:
        raise Refused("no_scheme", f"{month} 没有已发布的考核细则。", hint="请县六零办先发布适用的细则。")
    return scheme


def first_month(place: str = "") -> str | None:
    """The first month of the county that a place lies in, or of all counties; None before any was opened."""
    found: str | None = column(FIRST_MONTH, [place[:6]] * 3)[0]
    return found


def first_month_in_sql(place: str) -> RawSQL:
    """The same as a part of another query."""
    return RawSQL(FIRST_MONTH, [place[:6]] * 3)  # noqa: S611 - a constant of this room


def begun(month: str, place: str = "") -> None:
    """Refuse a month before the place's first: what was not recorded then is not made up later."""
    check_begun(month, first_month(place))


def check_begun(month: str, first: str | None) -> None:
    """The same, of a first month that is known already."""
    if first and month < first:
        raise Refused(
            "month_before_first",
            f"{month} 早于这里开始登记的月份（{first}），不能补开。",
            hint=f"请从 {first} 及以后的月份里选。",
            fields={"month": "太早"},
        )


def check_was_there(month: str, village: Division) -> None:
    """Refuse a month in which the village was not."""
    day = last_day(month)
    begun_later = village.valid_from is not None and village.valid_from > day
    ended = village.valid_to is not None and village.valid_to <= day
    if begun_later or ended:
        raise Refused(
            "place_not_then", f"{village.name}在 {month} 不在册，不能补开。", fields={"month": "这个月没有这个村"}
        )


def _open(month: str, place: str) -> Period:
    scheme = scheme_of(month)
    begun(month, place)
    Period.objects.bulk_create([Period(month=month, scheme=scheme)], ignore_conflicts=True)
    return Period.objects.select_related("scheme").get(month=month)


def sheet_of(*, month: str, village: Division) -> Sheet:
    """The village's sheet of the month, opened when it does not exist yet."""
    known = Sheet.objects.select_related("period__scheme", "village").filter(period=month, village=village).first()
    if known:
        return known
    _make_sheet(month, village)
    return Sheet.objects.select_related("period__scheme", "village").get(period=month, village=village)


def locked(sheet: Sheet) -> Sheet:
    """The sheet as it is now, its row locked until the transaction ends: everything written to a month waits here."""
    return _for_update().get(pk=sheet.pk)


def locked_sheet_of(*, month: str, village: Division) -> Sheet:
    """`sheet_of` and `locked` in one query where the sheet is there already."""
    wanted = _for_update().filter(period=month, village=village).order_by("pk")
    return wanted.first() or _make_sheet(month, village) or wanted.get()


def _make_sheet(month: str, village: Division) -> Sheet | None:
    """The new sheet, whose row nobody else can write until the transaction ends; None if somebody has just made it.

    Refuses a month that is over and in which nobody was registered: nothing can have been recorded then.
    """
    check_was_there(month, village)
    if known := _opened(month, village.code):
        return _insert_sheet(known, village)  # one statement: there is nothing to take back
    with transaction.atomic():
        return _insert_sheet(_open(month, village.code), village)


def _insert_sheet(period: Period, village: Division) -> Sheet | None:
    month, sheet = period.month, Sheet(period=period, village=village)
    day, over = last_day(month), month < month_of(timezone.localdate())
    values = {"month": sheet.period_id, "village": sheet.village_id, "state": sheet.state, "version": sheet.version}
    numbers = column(_MAKE_SHEET, values | {"day": day, "over": over})
    if not numbers:
        if over and not Household.objects.filter(lies_in(village.code)).active(day).exists():
            raise Refused(
                "no_households", f"{village.name}在 {month} 没有在册的户，不能补开。", hint="请先导入户名册。"
            )
        return None
    [sheet.pk] = numbers
    return sheet


def _for_update() -> QuerySet[Sheet]:
    return Sheet.objects.select_for_update(of=["self"]).select_related("period__scheme", "village")


def calendar_of(month: str, place: str = "") -> MonthCalendar:
    """The days of a month as the county of `place` has set them."""
    return calendar_by(version_of(month, place), month)


def extended_until(month: str, villages: Collection[str]) -> dict[str, date]:
    """Until when each of these villages may declare, where it was given longer. One query."""
    given = (
        MonthExtension.objects.filter(period=month, village__in=villages)
        .order_by("village_id", "-id")
        .distinct("village_id")
    )
    return dict(given.values_list("village_id", "until"))


def longer(calendar: MonthCalendar, until: date | None) -> MonthCalendar:
    """The month of a village that was given until that day; the month itself where it was not."""
    return replace(calendar, extended=until) if until else calendar


def due_days(year: int) -> dict[str, str]:
    """The days of the months that reach into a year and are not over yet, by their names: what its holidays may move."""
    today = timezone.localdate()
    months = [f"{year - 1}-12", *(f"{year}-{month:02d}" for month in range(1, 13))]
    found = [calendar_of(month) for month in months]
    return {
        f"{label(calendar.month)}{name}": spoken_with_year(day)
        for calendar in found
        if calendar.redeem_from >= today
        for name, day in calendar.last_days().items()
    }
