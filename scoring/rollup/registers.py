"""Register imports as the county runs them: what changes who counts, or for whom, also marks the months it moves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from households.imports import households, linkages
from households.imports.problems import ImportReport
from households.months import month_of
from households.sql import run

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


def import_households(*, valid_from: date | None = None, **given: Any) -> ImportReport:
    """`households.imports.households.import_households`, with the gaining villages' open months marked."""
    with transaction.atomic():
        report = households.import_households(valid_from=valid_from, **given)
        if report.written:
            first = month_of(valid_from) if valid_from else _FIRST
            _touch((village, first, _LAST) for village in report.places)
    return report


def import_linkages(**given: Any) -> linkages.LinkageReport:
    """`households.imports.linkages.import_linkages`, with the linked divisions' open months marked."""
    with transaction.atomic():
        report = linkages.import_linkages(**given)
        if report.written:
            _touch(report.moved)
    return report


def _touch(moved: Iterable[tuple[str, str, str]]) -> None:
    codes, first, last = (
        (list(column) for column in zip(*moved, strict=True)) if (moved := list(moved)) else ([], [], [])
    )
    run(_TOUCH, {"codes": codes, "first": first, "last": last})
