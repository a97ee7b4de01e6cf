"""Performance credit of departments: grades for ranks, and the year's credits as they are issued for the files."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max

from households import audit
from households.inbox.actions import tell
from households.models import Division, User
from households.months import Month
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from rewards.awards import performance
from rewards.awards.basis import wanted_months
from rewards.models import GradeBand, PerformanceCredit


@transaction.atomic
def set_grades(*, county: Division, year: int, bands: Sequence[tuple[int, int, str]], by: User) -> None:
    """(from rank, to rank, grade) for a year, once and for all: departments must know them before they are graded."""
    _holds_key(by, county)
    last = 0
    for low, high, grade in bands:
        if not last < low <= high or not grade.strip():
            raise Refused("grades_overlap", f"第 {low} 至 {high} 名这一等不对。", hint="从第 1 名写起，不要重叠。")
        last = high
    if not bands or GradeBand.objects.filter(county=county, year=year).exists():
        raise Refused("grades_stand", f"{year} 年的等次已经定过，不能再改。", status=409)
    try:
        with transaction.atomic():
            for low, high, grade in bands:
                GradeBand.objects.create(county=county, year=year, from_rank=low, to_rank=high, grade=grade.strip())
    except IntegrityError as twice:
        raise Refused("grades_stand", f"{year} 年的等次已经定过，不能再改。", status=409) from twice
    audit.record(by, "performance.grades", place=county.code, subject=year)


@transaction.atomic
def issue(*, county: Division, year: int, first: Month, last: Month, by: User) -> list[PerformanceCredit]:
    """Write down every department's year by the newest archived rankings, as the next version.

    Refused without grades, and when one of the months was never archived.
    """
    _holds_key(by, county)
    Division.objects.select_for_update(no_key=True).get(pk=county.pk)  # one issue of a county at a time
    months = wanted_months(first, last)
    missing = sorted(
        set(months) - {month for y in _years(months) for month in performance.frozen_months(county.code, y)}
    )
    if missing:
        raise Refused("basis_not_published", f"{'、'.join(missing)} 还没有锁定。", hint="请等锁定后再定绩效。")
    if not GradeBand.objects.filter(county=county, year=year).exists():
        raise Refused("no_grades", f"{year} 年还没有定等次。", hint="请先定等次。")
    before = PerformanceCredit.objects.filter(county=county, year=year).aggregate(Max("version", default=0))
    issued = PerformanceCredit.objects.bulk_create(
        PerformanceCredit(
            county=county,
            department_id=one.code,
            year=year,
            version=before["version__max"] + 1,
            first_month=first,
            last_month=last,
            months=one.months,
            households=one.households,
            total=one.total,
            rank=one.rank,
            grade=one.grade,
            points_earned=one.earned,
            points_spent=one.spent,
            by=by,
        )
        for one in performance.weighted_results(county.code, year, months)
    )
    for one in issued:
        posts = [(Role.DEPARTMENT, one.department_id)]
        tell("performance.issued", key=f"{year}:{one.version}", to=posts, about=[one.department_id, year])
    audit.record(by, "performance.issue", place=county.code, subject=year, months=len(months), rows=len(issued))
    return issued


def _years(months: Sequence[Month]) -> set[int]:
    return {int(month[:4]) for month in months}


def _holds_key(by: User, county: Division) -> None:
    if not may(by, Permission.MANAGE_FUNDS, at=county.code):
        raise Refused("no_key", "只有管资金的人可以做这一步。", status=403)
