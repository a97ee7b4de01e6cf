"""Register imports as the county runs them: what changes who counts, or for whom, also marks the months it moves."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from households.imports import divisions, households, linkages
from households.imports.problems import Guard, ImportReport
from households.models import User
from households.sql import rows, run

# Months already opened, except where the place's village is frozen: frozen rows are history.
_TOUCH = """
    INSERT INTO scoring_mark (month, code, moved)
    SELECT month, code, nextval('scoring_mark_moved') FROM (
        SELECT DISTINCT p.month, left(t.code, 12) AS code
        FROM unnest(%(codes)s::text[], %(first)s::text[], %(last)s::text[]) AS t (code, first, last)
        JOIN scoring_period p ON p.month BETWEEN t.first AND t.last
        WHERE NOT EXISTS (SELECT FROM scoring_sheet s WHERE s.period_id = p.month
                          AND s.village_id = left(t.code, 12) AND s.state = 'frozen')
        ORDER BY 1, 2
    ) places
    ON CONFLICT (month, code) DO UPDATE SET moved = EXCLUDED.moved
"""
LAST = "9999-12"
LATER = "请写明从以后哪一天起在册（页面上选“新增的从什么时候起算”，命令里用 --valid-from）"
_GAINED = """
    SELECT village, min(coalesce(to_char(valid_from, 'YYYY-MM'), '')) FROM staged_household
    WHERE village = ANY (%(villages)s::text[]) GROUP BY village
"""
# A county that has begun its months: what is new there counts from a day on. One that has not has nothing to reach back to.
_COUNTS_FROM = """
    UPDATE {staged} s SET valid_from = %(day)s
    WHERE left(s.code, 6) IN (SELECT DISTINCT left(village_id, 6) FROM scoring_sheet)
"""
_ANY_NEW = """
    SELECT FROM {staged} s WHERE s.valid_from IS NOT NULL AND NOT EXISTS (SELECT FROM {known} k WHERE k.code = s.code) LIMIT 1
"""
# By line: who is new in a village, and the months that it has signed for since they would count.
_SIGNED_FOR_NEW = """
    SELECT min(s.line), d.name, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM staged_household s
    JOIN households_division d ON d.code = s.village
    JOIN scoring_sheet sh ON sh.village_id = s.village AND sh.state IN ('declared', 'reviewed', 'posted')
                         AND sh.period_id >= coalesce(to_char(s.valid_from, 'YYYY-MM'), '')
    WHERE NOT EXISTS (SELECT FROM households_household h WHERE h.code = s.code)
    GROUP BY d.code, d.name ORDER BY 1
"""
# A new village stands in the lines of its township, a new group in those of its village: from when it would, frozen or not.
_SIGNED_FOR_PLACE = """
    SELECT s.line, p.name, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM staged_division s
    JOIN households_division p ON p.code = s.parent
    JOIN scoring_sheet sh ON starts_with(sh.village_id, s.parent) AND sh.state <> 'open'
                         AND sh.period_id >= coalesce(to_char(s.valid_from, 'YYYY-MM'), '')
    WHERE NOT EXISTS (SELECT FROM households_division d WHERE d.code = s.code)
    GROUP BY s.line, p.name ORDER BY 1
"""
_SIGNED_FOR_LINKED = """
    SELECT s.line, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM staged_linkage s
    LEFT JOIN households_linkage l
      ON l.department_id = s.department AND l.division_id = s.division AND l.from_month = s.from_month
    JOIN scoring_sheet sh ON left(sh.village_id, length(s.division)) = left(s.division, 12)
                         AND sh.state IN ('declared', 'reviewed', 'posted')
                         AND (CASE WHEN l.id IS NULL OR l.weight <> s.weight
                                   THEN sh.period_id >= s.from_month
                                        AND sh.period_id <= greatest(coalesce(NULLIF(s.to_month, ''), %(last)s),
                                                CASE WHEN l.id IS NULL THEN '' ELSE coalesce(NULLIF(l.to_month, ''), %(last)s) END)
                                   ELSE sh.period_id > least(coalesce(NULLIF(s.to_month, ''), %(last)s),
                                                             coalesce(NULLIF(l.to_month, ''), %(last)s))
                                        AND sh.period_id <= greatest(coalesce(NULLIF(s.to_month, ''), %(last)s),
                                                                     coalesce(NULLIF(l.to_month, ''), %(last)s)) END)
    WHERE l.id IS NULL OR (l.weight, l.to_month) IS DISTINCT FROM (s.weight, s.to_month)
    GROUP BY s.line ORDER BY 1
"""


def import_households(
    *, today: date, valid_from: date | None = None, since_ever: bool = False, **given: Any
) -> ImportReport:
    """`households.imports.households.import_households`, with the gaining villages' open months marked.

    New households count from `valid_from`, or from the first of this month where their county has begun its months, or
    `since_ever`. Refused by line where that would move a month that the village has signed for.
    """
    first = None if since_ever else valid_from
    guard = _guard(
        _check_households, _usual(today, valid_from, since_ever=since_ever), "staged_household", "households_household"
    )
    with transaction.atomic():
        report = households.import_households(today=today, valid_from=first, guard=guard, **given)
        if report.written:
            touch(_moved(report.places))
    return report


def import_divisions(
    *, today: date, valid_from: date | None = None, since_ever: bool = False, **given: Any
) -> ImportReport:
    """`households.imports.divisions.import_divisions`; new places count from when new households do."""
    first = None if since_ever else valid_from
    guard = _guard(
        _check_divisions, _usual(today, valid_from, since_ever=since_ever), "staged_division", "households_division"
    )
    return divisions.import_divisions(valid_from=first, guard=guard, **given)


def import_linkages(**given: Any) -> linkages.LinkageReport:
    """`households.imports.linkages.import_linkages`, with the linked divisions' open months marked."""
    with transaction.atomic():
        report = linkages.import_linkages(guard=_guard_linkages, **given)
        if report.written:
            touch(report.moved)
    return report


def write_linkages(lines: Sequence[Sequence[str]], *, by: User | None) -> linkages.LinkageReport:
    """`households.imports.linkages.write_lines`, with the linked divisions' open months marked."""
    with transaction.atomic():
        report = linkages.write_lines(lines, by=by, guard=_guard_linkages)
        if report.written:
            touch(report.moved)
    return report


def _usual(today: date, valid_from: date | None, *, since_ever: bool) -> date | None:
    """The first of this month, unless another day was said."""
    return None if since_ever or valid_from else today.replace(day=1)


def _guard(check: Callable[[ImportReport], None], usual: date | None, staged: str, known: str) -> Guard:
    """Say from when what is new counts, where nobody has said it; then check the months behind it."""

    def guard(report: ImportReport) -> None:
        counted = usual and run(_COUNTS_FROM.format(staged=staged), {"day": usual})
        check(report)
        if counted and not report.refused and rows(_ANY_NEW.format(staged=staged, known=known)):
            report.remarks.append(f"新增的从 {usual} 起在册，不改动以前的月份。")

    return guard


def _check_households(report: ImportReport) -> None:
    """New households must not move a month that their village has signed for and that is not frozen yet."""
    for line, village, months in rows(_SIGNED_FOR_NEW):
        reason = f"新户会改动{village}已经申报、还没有锁定的月份：{months}。{LATER}，或等这些月份锁定"
        report.refuse(line, "household_no", reason)


def _check_divisions(report: ImportReport) -> None:
    """New places must not stand in the lines of a month that was signed for below the one above them."""
    for line, place, months in rows(_SIGNED_FOR_PLACE):
        report.refuse(line, "code", f"新的区划会改动{place}已经申报的月份：{months}。{LATER}")


def _moved(villages: Iterable[str]) -> list[tuple[str, str, str]]:
    """From which month on the villages that gained households move."""
    return [(village, first, LAST) for village, first in rows(_GAINED, {"villages": list(villages)})]


def _guard_linkages(report: ImportReport) -> None:
    """A linkage must not move a month that a village of the division has signed for and that is not frozen yet."""
    for line, months in rows(_SIGNED_FOR_LINKED, {"last": LAST}):
        report.refuse(line, "from_month", f"会改动已经申报、还没有锁定的月份：{months}。请从以后的月份起写")


def touch(moved: Iterable[tuple[str, str, str]]) -> None:
    """Mark (place, first month, last month) wherever these months are opened and not frozen."""
    codes, first, last = (
        (list(column) for column in zip(*moved, strict=True)) if (moved := list(moved)) else ([], [], [])
    )
    run(_TOUCH, {"codes": codes, "first": first, "last": last})
