"""The roll-up: household scores from events, then group, village, township, county and departments.

Set-based SQL, one statement a level, idempotent (design sections 5 and 7). It goes in two steps:

1. Each township by itself, under its own lock, in a transaction of its own: scores, groups, villages, the township.
   Workers may do this side by side.
2. Its county, under the county's lock, from what step 1 has committed: the county's line and the departments' lines.
   Only then are the marks cleared, and only those that have not moved since step 1 read them.

So a worker that is killed anywhere leaves its marks behind, and whoever comes next repeats the work; rows that are right
already are not written again. A frozen village is never recomputed: its rows are history, until `restate` is asked to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import transaction

from households.codes import DIVISION_LEVELS, Level, code_range, county_of, is_level, township_of
from households.months import last_day
from households.sql import Row, column, hash_joins, rows, run
from scoring.rollup import marks
from scoring.rollup.statements import (
    CLEAR,
    DEPARTMENTS,
    GROUPS,
    HOUSEHOLDS,
    LOCK_DEPARTMENTS,
    MISSING,
    PARENTS,
    RESTATED_GROUPS,
    RESTATED_HOUSEHOLDS,
    RESTATED_VILLAGE,
    TOUCHED,
    VILLAGES,
)
from scoring.rules import BASE, BONUS_CAP

MANY = 5_000  # household rows
COUNTY, TOWNSHIP, VILLAGE, GROUP = (level.code_length for level in DIVISION_LEVELS)  # as the statements want them

# Where the household scores of months lie: asked of the whole table, ANALYZE would read every month there is.
_PARTS = """
    SELECT DISTINCT coalesce(to_regclass('scoring_householdscore_' || replace(month, '-', '_')),
                             'scoring_householdscore_rest'::regclass)::text
    FROM unnest(%(months)s::text[]) AS month
"""


@dataclass
class RollUpReport:
    """What a roll-up did: villages recomputed, and household rows written because they were new or had changed, in which months."""

    villages: int = 0
    households: int = 0
    months: set[str] = field(default_factory=set, compare=False)


@dataclass
class Work:
    """What step 1 leaves for step 2: the marks it has seen, the places whose lines may have changed."""

    marks: list[tuple[str, int]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, other: "Work") -> None:
        self.marks += other.marks
        self.places += other.places


def roll_up(month: str, *, full: bool = False) -> RollUpReport:
    """Bring every marked place of `month` up to date, and give a line to every place that has none yet.

    With `full`, every place is marked first, except frozen villages. Returns what was done. Safe to run twice, side
    by side, and again after a crash half-way. Call it outside a transaction, so that each township is one of its own.
    """
    report = RollUpReport()
    if full:
        marks.touch_all(month)
    _run(month, _waiting(month), report, everyone=full)
    learn(report)
    return report


def learn(report: RollUpReport) -> None:
    """Have the planner learn of a month that has just been filled: its own round comes a day late or never.

    Without, it takes the month for empty, and whatever reads it (a page, a freezing) may loop over thousands of rows.
    """
    if report.households >= MANY:
        parts = column(_PARTS, {"months": sorted(report.months)})
        run(f"ANALYZE {', '.join([*parts, 'scoring_divisionscore', 'scoring_departmentscore'])}")


def roll_up_marked() -> RollUpReport:
    """Every mark of every month, one township after the other."""
    report = RollUpReport()
    for month, places in groupby(marked_places(), key=lambda place: place[0]):
        _run(month, [code for _, code in places], report)
    learn(report)
    return report


def marked_places() -> list[tuple[str, str]]:
    """(month, township) that have marks, in order; a county's code stands for a mark on the county itself."""
    return rows("SELECT DISTINCT month, left(code, 9) FROM scoring_mark ORDER BY 1, 2", {})


def roll_up_township(month: str, township: str) -> RollUpReport:
    """One township's marked villages, its own line, its county's and its departments'; what a worker is asked for.

    `township` may also be a county's code: then only the county's line and the departments' are computed.
    """
    report = RollUpReport()
    _run(month, [township], report)
    learn(report)
    return report


def _run(month: str, places: Iterable[str], report: RollUpReport, *, everyone: bool = False) -> None:
    """Both steps, county by county. A county's sum needs the lines of all its townships, so those without come too."""
    for county, inside in groupby(sorted(places), key=county_of):
        work = Work()
        for place in sorted({*inside, *_missing(month, county)}):
            work.add(refresh(month, place, report))
        if work.places or everyone:
            finish(month, county, work, everyone=everyone)


@transaction.atomic
def refresh(month: str, place: str, report: RollUpReport) -> Work:
    """Step 1 for a township: its marked villages and those without a line, then its own line. One transaction.

    For a county's code there is nothing to compute yet; the mark on it goes on to step 2.
    """
    lock_place(month, place)
    seen = _marks(month, place)
    if is_level(place, Level.COUNTY):
        return Work(seen, [place])
    with hash_joins():
        villages = _villages(month, place)
        wanted = [code for code, wanted, frozen in villages if wanted and not frozen]
        if villages and not seen and not wanted:
            return Work()
        # One pass over the whole township costs less than many small ones, but must not touch a frozen village.
        whole = 2 * len(wanted) > len(villages) and not any(frozen for _, _, frozen in villages)
        for part in [place] if whole else wanted:
            report.households += _refresh_part(month, part)
        _lines(month, place, level=TOWNSHIP, child=VILLAGE)
    report.villages += len(wanted)
    report.months.add(month)
    return Work(seen, [place, *wanted])


def refresh_missing(month: str, county: str, report: RollUpReport) -> Work:
    """Step 1 for the townships of a county that have no line yet: without them its sum is wrong, and places look complete."""
    work = Work()
    for township in _missing(month, county):
        work.add(refresh(month, township, report))
    return work


@transaction.atomic
def finish(month: str, county: str, work: Work, *, everyone: bool = False, finishing: bool = False) -> None:
    """Step 2: the county's line, its departments' lines, and the marks that step 1 has dealt with. One transaction.

    `everyone` computes all departments, not only those linked to the places worked on; `finishing` also those whose
    villages are all frozen, which otherwise stay as they are.
    """
    lock_place(month, county)
    with hash_joins():
        _lines(month, county, level=COUNTY, child=TOWNSHIP)
    villages = [place for place in work.places if is_level(place, Level.VILLAGE)]
    asked: dict[str, Any] = {"month": month, "places": [county, *work.places], "villages": villages}
    asked |= {"everyone": everyone, "finishing": finishing}
    ours = column(TOUCHED, asked)
    lock_departments(month, ours)
    departments = [code for code in column(TOUCHED, asked) if code in ours]  # some may have been frozen while we waited
    with hash_joins():
        run(DEPARTMENTS, {"month": month, "departments": departments})
    run(CLEAR, {"month": month, "codes": [c for c, _ in work.marks], "moved": [m for _, m in work.marks]})


@transaction.atomic
def restate(month: str, village: str) -> None:
    """A frozen village once more from its events, then its township, county and departments. One transaction.

    Its households, and how many were active, stay those it was frozen with. Only `scoring.restatements.actions` asks this.
    """
    township, county = township_of(village), county_of(village)
    lock_place(month, township)
    params = _range(month, village)
    with hash_joins():
        run(RESTATED_HOUSEHOLDS, params | {"shares": shares(month), "base": BASE, "cap": BONUS_CAP})
        run(RESTATED_GROUPS, params | {"level": GROUP})
        run(RESTATED_VILLAGE, params | {"level": VILLAGE})
        _lines(month, township, level=TOWNSHIP, child=VILLAGE)
    finish(month, county, Work(places=[township, village]), finishing=True)


def _refresh_part(month: str, place: str) -> int:
    """Households, groups and villages of a township or of one village; returns the household rows written."""
    params = _range(month, place) | {"shares": shares(month), "base": BASE, "cap": BONUS_CAP}
    written = run(HOUSEHOLDS, params)
    run(GROUPS, params | {"level": GROUP})
    _lines(month, place, level=VILLAGE, child=GROUP)
    return written


def _lines(month: str, place: str, *, level: int, child: int) -> None:
    """The lines of every division of one level within `place`, from those of the level below."""
    run(PARENTS, _range(month, place) | {"level": level, "child": child})


def _range(month: str, place: str) -> dict[str, Any]:
    return {"month": month, "last_day": last_day(month), **code_range(place)._asdict()}


def _waiting(month: str) -> list[str]:
    """Townships (and counties) of the month with marks, or with places that have no line yet."""
    marked = rows("SELECT DISTINCT left(code, 9) FROM scoring_mark WHERE month = %(month)s", {"month": month})
    return sorted({place for (place,) in marked} | set(_missing(month, "")))


def _missing(month: str, county: str) -> list[str]:
    """Townships of the county (of all counties for "") with a place that has no line in the month yet."""
    params = _range(month, county) | {"lengths": [COUNTY, TOWNSHIP, VILLAGE]}
    return sorted({township_of(code) for (code,) in rows(MISSING, params)})


def _villages(month: str, township: str) -> list[Row]:
    """(village, whether it must be computed, whether it is frozen) for every village of the township."""
    return rows(VILLAGES, _range(month, township))


def _marks(month: str, place: str) -> list[Row]:
    """(code, moved) of the marks inside a township, or of the one on the county itself."""
    high = place if is_level(place, Level.COUNTY) else code_range(place).high
    sql = "SELECT code, moved FROM scoring_mark WHERE month = %(month)s AND (code = %(low)s OR code > %(low)s AND code < %(high)s)"
    return rows(sql, {"month": month, "low": place, "high": high})


def shares(month: str) -> list[int]:
    """The six shares of the scheme of `month`, by position."""
    sql = """
        SELECT i.share FROM scoring_period p JOIN scoring_indicator i ON i.scheme_id = p.scheme_id
        WHERE p.month = %(month)s ORDER BY i.position
    """
    return [share for (share,) in rows(sql, {"month": month})]


def lock_place(month: str, place: str) -> None:
    """Hold (month, place) until the transaction ends. Always townships first, then the county, then departments."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"roll-up {month} {place}"})


def lock_departments(month: str, codes: Iterable[str]) -> None:
    """Hold these departments' lines of the month: one may be linked to villages of two counties, which else go side by side."""
    run(LOCK_DEPARTMENTS, {"month": month, "codes": sorted(codes)})
