"""Register imports as the county runs them: what changes who counts, or for whom, also marks the months it moves."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from households.imports import households, linkages
from households.imports.problems import ImportReport
from households.months import month_of
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
_FIRST, _LAST = "0000-00", "9999-12"
# By line: who is new in a village, and the months that it has signed for since they would count.
_SIGNED_FOR_NEW = """
    SELECT min(s.line), d.name, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM staged_household s
    JOIN households_division d ON d.code = s.village
    JOIN scoring_sheet sh ON sh.village_id = s.village AND sh.state IN ('declared', 'reviewed', 'posted')
                         AND sh.period_id >= %(first)s
    WHERE NOT EXISTS (SELECT FROM households_household h WHERE h.code = s.code)
    GROUP BY d.code, d.name ORDER BY 1
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


def import_households(*, valid_from: date | None = None, **given: Any) -> ImportReport:
    """`households.imports.households.import_households`, with the gaining villages' open months marked."""
    with transaction.atomic():
        first = month_of(valid_from) if valid_from else _FIRST
        report = households.import_households(valid_from=valid_from, guard=_guard_households(first), **given)
        if report.written:
            _touch((village, first, _LAST) for village in report.places)
    return report


def import_linkages(**given: Any) -> linkages.LinkageReport:
    """`households.imports.linkages.import_linkages`, with the linked divisions' open months marked."""
    with transaction.atomic():
        report = linkages.import_linkages(guard=_guard_linkages, **given)
        if report.written:
            _touch(report.moved)
    return report


def _guard_households(first: str) -> Callable[[ImportReport], None]:
    """New households must not move a month that their village has signed for and that is not frozen yet."""

    def guard(report: ImportReport) -> None:
        for line, village, months in rows(_SIGNED_FOR_NEW, {"first": first}):
            hint = "请用 --valid-from 写明从以后哪一天起在册，或等这些月份锁定"
            report.refuse(line, "household_no", f"新户会改动{village}已经申报、还没有锁定的月份：{months}。{hint}")

    return guard


def _guard_linkages(report: ImportReport) -> None:
    """A linkage must not move a month that a village of the division has signed for and that is not frozen yet."""
    for line, months in rows(_SIGNED_FOR_LINKED, {"last": _LAST}):
        report.refuse(line, "from_month", f"会改动已经申报、还没有锁定的月份：{months}。请从以后的月份起写")


def _touch(moved: Iterable[tuple[str, str, str]]) -> None:
    codes, first, last = (
        (list(column) for column in zip(*moved, strict=True)) if (moved := list(moved)) else ([], [], [])
    )
    run(_TOUCH, {"codes": codes, "first": first, "last": last})
