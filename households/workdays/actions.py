"""Entering what the State Council has arranged for a year."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from households import audit
from households.models import User, YearArrangement
from households.models.arrangements import MAX_NOTICE, MAX_TEXT
from households.operations import once
from households.refusals import Refused
from households.sql import run
from households.workdays import entered, moves
from households.workdays.moves import MovedDay
from households.workdays.rules import HolidayNotice, read_notice
from households.workdays.statutory import FROM
from households.workdays.workdays import Arranged, supposing

ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('households_yeararrangement', 0))"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an arrangement would do: its days, and every due day that would move."""

    notice: HolidayNotice
    moved: list[MovedDay]


def preview(*, year: int, text: str) -> Preview:
    """Read a notice and reckon with it, writing nothing. Refused with what is wrong in it."""
    notice = checked(year, text)
    before = moves.due_days(year)
    with supposing(_with(notice)):
        after = moves.due_days(year)
    moved = [MovedDay(what, day, after[what]) for what, day in before.items() if after.get(what, day) != day]
    return Preview(notice, moved)


def arrange(*, op_id: UUID, year: int, number: str, text: str, by: User | None) -> YearArrangement:
    """Enter the notice `number` for `year`: from now on every clock and calendar goes by it, and stored due days are
    counted anew. An earlier version of the year stays on record. `by` None is the operator.
    """
    number, text = number.strip(), text.strip()

    def act() -> dict[str, int]:
        notice = checked(year, text)
        _check_words(number, text)
        run(ALONE)
        with supposing(_with(notice)):
            moved = moves.count_anew(year)
        days = {day.isoformat(): name for day, name in sorted(notice.days.items())}
        one = YearArrangement.objects.create(year=year, notice=number, text=text, days=days, moved=moved, by=by)
        entered.spread(one)
        told: dict[str, Any] = {
            "year": year,
            "notice": number,
            "off": len(notice.off),
            "worked": len(notice.worked),
            "moved": moved,
        }
        audit.record(by, "year.arrange", subject=year, **told)
        return {"id": one.pk}

    answer = once(op_id=op_id, by=by, kind="year.arrange", payload=[year, number, text], act=act)
    return YearArrangement.objects.get(pk=answer["id"])


def checked(year: int, text: str) -> HolidayNotice:
    """The notice, or a refusal that says everything that is wrong with it."""
    this_year = timezone.localdate().year
    if not FROM <= year <= this_year + 2:
        raise Refused("wrong_year", f"只能录入 {FROM} 到 {this_year + 2} 年的放假安排。", fields={"year": "不在范围内"})
    notice = read_notice(year, text)
    if notice.problems:
        raise Refused("notice_unclear", "".join(notice.problems), fields={"text": notice.problems[0]})
    return notice


def _check_words(number: str, text: str) -> None:
    if not number or len(number) > MAX_NOTICE:
        raise Refused("number_missing", f"请写通知的文号，最多 {MAX_NOTICE} 个字。", fields={"number": "必填"})
    if len(text) > MAX_TEXT:
        raise Refused("too_long", f"通知最多 {MAX_TEXT} 个字，只要放假安排的几段。", fields={"text": "太长"})


def _with(notice: HolidayNotice) -> Arranged:
    """What would be in force with this notice."""
    latest = YearArrangement.objects.exclude(year=notice.year).order_by("year", "-id").distinct("year")
    days: dict[date, str] = notice.days
    now = YearArrangement(year=notice.year, days={day.isoformat(): name for day, name in days.items()})
    return entered.arranged_by([*latest, now])
