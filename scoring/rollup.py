"""The roll-up: household scores from events, then group, village, township, county and departments.

Set-based SQL, one statement a level, idempotent (design sections 5 and 7). Each township is one transaction under its
own lock, so townships may run side by side; the county's line is computed last, under the county's lock, from what has
been committed. A frozen village is never recomputed: its rows are history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from households.codes import LENGTHS, Level
from households.months import last_day
from scoring.rules import BASE, BONUS_CAP
from scoring.statements import (
    CLEAR,
    DEPARTMENTS,
    GROUPS,
    HOUSEHOLDS,
    PARENTS,
    PRUNE_DEPARTMENTS,
    PRUNE_GROUPS,
    PRUNE_HOUSEHOLDS,
)

Row = tuple[Any, ...]


@dataclass
class Report:
    """What a roll-up did: places recomputed and households written (changed or new)."""

    villages: int = 0
    households: int = 0
    places: list[str] = field(default_factory=list)


def roll_up(month: str, *, full: bool = False) -> Report:
    """Bring every marked place of `month` up to date; with `full`, every village there is.

    Returns what was done. Safe to run twice, side by side, and after a crash half-way.
    """
    report = Report()
    for township in _townships(month, full=full):
        roll_up_township(month, township, full=full, report=report)
    return report


def roll_up_marked() -> Report:
    """Every mark of every month, one township after the other."""
    report = Report()
    for month, township in marked_places():
        roll_up_township(month, township, report=report)
    return report


def marked_places() -> list[tuple[str, str]]:
    """(month, township) that have marks; a county's code stands for marks on the county itself."""
    return [(month, place) for month, place in _rows("SELECT DISTINCT month, left(code, 9) FROM scoring_mark", [])]


def roll_up_township(month: str, township: str, *, full: bool = False, report: Report | None = None) -> Report:
    """One township's marked villages (or, with `full`, all of them), its own line, its county's and departments'.

    `township` may also be a county's code: then only the county's line is computed. One transaction.
    """
    report = report or Report()
    with transaction.atomic():
        lock_place(month, township)
        marks = _rows("SELECT code, moved FROM scoring_mark WHERE month = %s AND code LIKE %s", [month, township + "%"])
        villages = _villages(month, township, None if full else [code for code, _ in marks])
        report.households += _refresh_villages(month, villages)
        report.villages += len(villages)
        if len(township) == LENGTHS[Level.TOWNSHIP]:
            _parents(month, [township], child=LENGTHS[Level.VILLAGE])
        _finish_county(month, township, villages)
        _execute(CLEAR, {"month": month, "codes": [c for c, _ in marks], "moved": [m for _, m in marks]})
        report.places += [township, *villages]
    return report


def _townships(month: str, *, full: bool) -> list[str]:
    if not full:
        return _column("SELECT DISTINCT left(code, 9) FROM scoring_mark WHERE month = %s ORDER BY 1", [month])
    return _column("SELECT code FROM households_division WHERE length(code) = 9 ORDER BY code", [])


def _villages(month: str, township: str, codes: list[str] | None) -> list[str]:
    """Villages of the township to recompute: never frozen ones; `codes` None means all."""
    sql = """
        SELECT d.code FROM households_division d
        WHERE length(d.code) = 12 AND d.code LIKE %s AND (%s::text[] IS NULL OR d.code = ANY(%s::text[]))
          AND NOT EXISTS (SELECT FROM scoring_sheet s
                          WHERE s.period_id = %s AND s.village_id = d.code AND s.state = 'frozen')
        ORDER BY d.code
    """
    return _column(sql, [township + "%", codes, codes, month])


def _refresh_villages(month: str, villages: Sequence[str]) -> int:
    """Recompute households, groups and villages; returns the household rows written."""
    if not villages:
        return 0
    params = {"month": month, "villages": list(villages), "last_day": last_day(month), "shares": shares(month)}
    params |= {"base": BASE, "cap": BONUS_CAP}
    _execute(PRUNE_HOUSEHOLDS, params)
    written = _execute(HOUSEHOLDS, params)
    _execute(PRUNE_GROUPS, params)
    _execute(GROUPS, params)
    _parents(month, villages, child=LENGTHS[Level.GROUP])
    return written


def _finish_county(month: str, township: str, villages: Sequence[str]) -> None:
    county = township[: LENGTHS[Level.COUNTY]]
    lock_place(month, county)
    _parents(month, [county], child=LENGTHS[Level.TOWNSHIP])
    lock_place(month, "departments")
    _execute(PRUNE_DEPARTMENTS, {"month": month})
    _execute(DEPARTMENTS, {"month": month, "places": [county, township, *villages]})


def _parents(month: str, codes: Iterable[str], *, child: int) -> None:
    _execute(PARENTS, {"month": month, "codes": list(codes), "child": child})


def shares(month: str) -> list[int]:
    """The six shares of the scheme of `month`, by position."""
    sql = """
        SELECT i.share FROM scoring_period p JOIN scoring_indicator i ON i.scheme_id = p.scheme_id
        WHERE p.month = %s ORDER BY i.position
    """
    return _column(sql, [month])


def lock_place(month: str, place: str) -> None:
    """Hold (month, place) until the transaction ends; townships before counties, so no circle can form."""
    _execute("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"roll-up {month} {place}"})


def _execute(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def _rows(sql: str, params: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _column(sql: str, params: Sequence[Any]) -> list[Any]:
    return [row[0] for row in _rows(sql, params)]
