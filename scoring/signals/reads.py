"""The signals of a month's declared villages: one statement for the facts of a whole county, two for its browsers and kin."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from households.accounts.lockout import mark_of
from households.codes import code_range, county_of
from households.kin.reads import REACHED, STANDING
from households.months import Month, last_day, shift
from households.sql import dicts
from scoring.models import Declaration
from scoring.signals.rules import MONTHS, MonthFacts, Signal, signals, together, usual_rate

# Of each village that has declared: its entries by month, how those of this month came about, and what they share with last month's.
# Entries that came by a file of the county office tell nothing about the village's own hand.
_FACTS = f"""
    WITH RECURSIVE {REACHED.format(ties=STANDING)}, declared AS (
        SELECT s.village_id AS village, cardinality(d.households) AS households
        FROM scoring_sheet s JOIN scoring_declaration d ON d.sheet_id = s.id AND d.withdrawn_at IS NULL
        WHERE s.period_id = %(month)s AND s.village_id >= %(low)s AND s.village_id < %(high)s
    ), signed AS (
        SELECT s.village_id AS village, s.period_id AS month FROM scoring_sheet s
        WHERE s.period_id = ANY (%(months)s) AND s.state <> 'open' AND s.village_id >= %(low)s AND s.village_id < %(high)s
    ), entry AS (
        SELECT left(e.code, 12) AS village, e.period_id AS month, e.code, e.clause_id, e.recorded_at, e.date, e.source,
               e.recorded_by_id
        FROM scoring_scoreevent e
        WHERE e.period_id = ANY (%(months)s) AND e.code >= %(low)s AND e.code < %(high)s AND e.withdrawn_at IS NULL
          AND length(e.code) >= 12
    ), counted AS (
        SELECT village, month, count(*) AS entries FROM entry GROUP BY village, month
    ), told AS (
        SELECT s.village, json_object_agg(s.month, coalesce(c.entries, 0)) AS history
        FROM signed s LEFT JOIN counted c USING (village, month) GROUP BY s.village
    ), came AS (
        SELECT village, count(*) AS entries, count(DISTINCT code) AS homes,
               count(DISTINCT date_trunc('second', reached)) AS reached, min(reached) AS first, max(reached) AS last,
               count(DISTINCT date) AS dates, count(*) FILTER (WHERE recorded_at >= %(ending)s) AS at_end
        FROM (SELECT village, code, date, recorded_at, min(recorded_at) OVER (PARTITION BY village, code) AS reached
              FROM entry WHERE month = %(month)s AND source = 'sheet') typed
        GROUP BY village
    ), own AS (
        SELECT e.village, count(*) AS own FROM entry e JOIN (SELECT DISTINCT user_id, code FROM reached) k
          ON k.user_id = e.recorded_by_id AND k.code = e.code
        WHERE e.month = %(month)s GROUP BY e.village
    ), pair AS (
        SELECT village, month, code, clause_id FROM entry WHERE month IN (%(month)s, %(before)s)
        GROUP BY village, month, code, clause_id
    ), shared AS (
        SELECT village, count(*) FILTER (WHERE months = 2) AS alike, count(*) FILTER (WHERE had) AS before
        FROM (SELECT village, code, clause_id, count(*) AS months, bool_or(month = %(before)s) AS had
              FROM pair GROUP BY village, code, clause_id) both_months
        GROUP BY village
    )
    SELECT d.village, d.households, t.history, coalesce(c.entries, 0) AS entries, coalesce(c.homes, 0) AS homes,
           coalesce(c.reached, 0) AS reached,
           c.first, c.last, coalesce(c.dates, 0) AS dates, coalesce(s.before, 0) AS before, coalesce(s.alike, 0) AS alike,
           coalesce(c.at_end, 0) AS at_end, coalesce(o.own, 0) AS own
    FROM declared d JOIN told t USING (village) LEFT JOIN came c USING (village) LEFT JOIN shared s USING (village)
    LEFT JOIN own o USING (village)
    ORDER BY d.village
"""


def signals_of(month: Month, place: str) -> dict[str, list[Signal]]:
    """What is to be said of each declared village of a county or below; villages of which nothing is are missing. Two queries.

    What is usual is taken from the whole county, so that a township sees the same as the county does.
    """
    facts = facts_of(month, county_of(place))
    usual = usual_rate(facts.values())
    found = {village: signals(one, usual) for village, one in facts.items() if village.startswith(place)}
    return {village: told for village, told in found.items() if told}


def facts_of(month: Month, place: str) -> dict[str, MonthFacts]:
    """How the months of a place's declared villages came about. Two queries."""
    months = [shift(month, -back) for back in range(MONTHS)]
    about = {
        "month": month,
        "before": months[1],
        "months": months,
        "ending": _ending(month),
        **code_range(place)._asdict(),
    }
    found = {row["village"]: _facts(row, months) for row in dicts(_FACTS, about)}
    for village, number in together(_browsers(month, place)).items():
        if village in found:
            found[village] = replace(found[village], together=number)
    return found


def _ending(month: Month) -> datetime:
    """The beginning of the last but one day of the month."""
    return timezone.make_aware(datetime.combine(last_day(month) - timedelta(days=1), time()))


def _facts(row: dict[str, object], months: list[Month]) -> MonthFacts:
    village, history = row.pop("village"), row.pop("history")
    assert village and isinstance(history, dict)
    told = [history.get(month) for month in months]
    return MonthFacts(history=told, **row)  # type: ignore[arg-type]


def _browsers(month: Month, place: str) -> dict[str, tuple[str, list[str]]]:
    """Of each declared village: the mark of who signed, and those that the browser held then."""
    low, high = code_range(place)
    signed = Declaration.objects.filter(
        sheet__period=month, sheet__village__gte=low, sheet__village__lt=high, withdrawn_at=None
    ).exclude(browser=[])
    rows = signed.values_list("sheet__village_id", "signed_by__username", "browser")
    return {village: (mark_of(name), marks) for village, name, marks in rows if name}
