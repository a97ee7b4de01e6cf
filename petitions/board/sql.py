"""The county board's sums in SQL: each source is read once and summed by stretch of time, channel and kind, and by lead unit."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from households.codes import sql_within
from households.workdays.workdays import DAY
from petitions.board.periods import Cuts
from petitions.models import ReviewOutcome

# What is counted of each source, and under which name.
SOURCES: dict[str, dict[str, str]] = {
    "filed": {"taken": "TRUE"},
    "accept": {"accept_due": "TRUE", "accept_kept": "s.on_time"},
    "handle": {
        "due": "s.key = 'handle'",
        "answered": "s.key = 'handle' AND s.ended_by = 'answer'",
        "kept": "s.key = 'handle' AND s.on_time",
        "net_due": "s.key = 'reply'",
        "net_kept": "s.key = 'reply' AND s.on_time",
    },
    "answer": {
        "answers": "TRUE",
        "reopened": "s.reopened_on IS NOT NULL",
        "confirmed": "s.reopened_on IS NULL AND s.confirmed_on IS NOT NULL",
        "reviewed": "s.reopened_on IS NULL AND s.confirmed_on IS NULL AND s.reviewed_on IS NOT NULL",
        "lapsed": "COALESCE(s.reopened_on, s.confirmed_on, s.reviewed_on) IS NULL AND s.closed_on IS NOT NULL",
        "closed": "s.closed_on IS NOT NULL AND s.reopened_on IS NULL",
        **{
            f"{subject}_{score}": f"s.{subject} = '{score}'"
            for subject in ("office", "unit")
            for score in ("satisfied", "fair", "unsatisfied")
        },
    },
    "event": {
        **{
            outcome.value: f"s.kind <> 'extend' AND s.data ->> 'outcome' = '{outcome.value}'"
            for outcome in ReviewOutcome
        },
        "extended": "s.kind = 'extend'",
    },
}
_LED = """(SELECT CASE WHEN a.department_id IS NULL THEN 'division:' || a.division_id ELSE 'department:' || a.department_id END
           FROM petitions_assignment a WHERE a.petition_id = s.petition_id AND a.lead AND a.at <= s.at
           ORDER BY a.id DESC LIMIT 1)"""
_PLACE = f"NOT p.against_office AND {sql_within('p.place_id', '%(county)s')}"
# What is against the petition office is in no figure: a sum that does not fit its list would tell the office of it.
_NOT_AGAINST = "NOT IN (SELECT id FROM petitions_petition WHERE against_office)"
_COUNTY = f"s.county = %(county)s AND s.petition_id {_NOT_AGAINST}"


class _Source(NamedTuple):
    """Where rows come from, the day or moment they are counted on, their lead unit, and what else must hold.

    `about` has channel and kind; `secret` says that it is an accusation.
    """

    tables: str
    at: str
    lead: str
    only: str
    about: str = "s"
    secret: str = "s.secret"  # noqa: S105


_READ: dict[str, _Source] = {
    "filed": _Source("petitions_petition p", "p.filed_at", "", _PLACE, "p"),
    "accept": _Source("petitions_clockrun s", "s.outcome_on", "", f"{_COUNTY} AND s.key = 'accept'"),
    "handle": _Source("petitions_clockrun s", "s.outcome_on", "s.lead", f"{_COUNTY} AND s.key IN ('handle', 'reply')"),
    "answer": _Source("petitions_answerrow s", "s.answered_on", "s.lead", _COUNTY),
    "event": _Source(
        "petitions_petitionevent s JOIN petitions_petition p ON p.id = s.petition_id",
        "s.at",
        _LED,
        f"s.kind IN ('review', 'final_review', 'extend') AND {_PLACE}",
        "p",
        "p.content = 'accusation'",
    ),
}
_MAX_COUNTS = max(len(columns) for columns in SOURCES.values())


class Sum(NamedTuple):
    """One row: what a source gives in a stretch for channel and kind; or, without these, on a side for a lead unit."""

    stretch: int
    channel: str
    kind: str
    side: str
    lead: str
    counts: dict[str, int]


def sums(cuts: Cuts, county: str, today: date, lead: str = "") -> Iterator[Sum]:
    """All sums of a county. With `lead` only what that unit led, accusations left out. One statement."""
    params: dict[str, Any] = {
        "days": cuts.days,
        "moments": [_midnight(day) for day in cuts.days],
        "sides": [cuts.side(stretch) for stretch in range(1, len(cuts.days) + 1)],
        "first": cuts.days[0],
        "end": min(cuts.days[-1], today + DAY),
        "county": county,
        "lead": lead,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(bool(lead)), params)
        for source, stretch, channel, kind, side, unit, *numbers in cursor.fetchall():
            counts = dict(zip(SOURCES[source], numbers, strict=False))
            yield Sum(stretch or 0, channel or "", kind or "", side or "", unit or "", counts)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@cache
def _statement(one_unit: bool) -> str:
    read = {name: source for name, source in _READ.items() if source.lead or not one_unit}
    return " UNION ALL ".join(_sum(name, source, one_unit) for name, source in read.items())


def _sum(name: str, source: _Source, one_unit: bool) -> str:
    timed = source.at.endswith("at")
    stretch = f"width_bucket({source.at}, {'%(moments)s::timestamptz[]' if timed else '%(days)s::date[]'})"
    counts = [f"count(*) FILTER (WHERE {what})" for what in SOURCES[name].values()]
    counts += ["0"] * (_MAX_COUNTS - len(counts))
    side, unit, sets = "NULL", "NULL", ""
    own = f"AND NOT {source.secret} AND {source.lead} = %(lead)s" if one_unit else ""
    if source.lead and not one_unit:
        side, sets = f"(%(sides)s::text[])[{stretch}]", ", (5, 6)"
        unit = f"CASE WHEN {source.secret} THEN '' ELSE {source.lead} END"
    return f"""
        SELECT '{name}', {stretch} AS stretch, {source.about}.channel, {source.about}.kind, {side} AS side, {unit} AS unit,
            {", ".join(counts)}
        FROM {source.tables}
        WHERE {source.at} >= {_cut("first", timed)} AND {source.at} < {_cut("end", timed)} AND {source.only} {own}
        GROUP BY GROUPING SETS ((2, 3, 4){sets})
    """


def _cut(name: str, timed: bool) -> str:
    return f"(%({name})s::date::timestamp AT TIME ZONE 'Asia/Shanghai')" if timed else f"%({name})s::date"
