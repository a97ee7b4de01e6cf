"""What must hold in every month, each as one query that returns the rows that break it: (where, expected, found).

Nothing here shares SQL with the roll-up: a fault there must not excuse itself. Places that wait to be computed again
(marked ones, and counties whose freezing is half done) are no drift and are left out.
"""

from dataclasses import dataclass

from scoring.rollup.statements import IN_FORCE, living_on

MAX_ROWS = 20  # of one invariant; whoever has more has one cause


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule by name, in Chinese for the operator, and the query that finds what breaks it."""

    name: str
    label: str
    sql: str


def _named(*columns: str, of: str) -> str:
    """SQL for "households=3 total=298" from columns of a table."""
    return " || ' ' || ".join(f"'{column}=' || coalesce({of}.{column}::text, '-')" for column in columns)


def _differ(*columns: str) -> str:
    """SQL: the row that should be there (a) differs from the one that is (b)."""
    should, found = (", ".join(f"{table}.{column}" for column in columns) for table in "ab")
    return f"({should}) IS DISTINCT FROM ({found})"


_WAITING = """
    waiting AS MATERIALIZED (
        SELECT code FROM scoring_mark WHERE month = %(month)s
        UNION SELECT unnest(%(behind)s::text[])
    ),
    settled AS MATERIALIZED (
        SELECT v.code, coalesce(s.state, 'open') AS state
        FROM households_division v
        LEFT JOIN scoring_sheet s ON s.period_id = %(month)s AND s.village_id = v.code
        WHERE length(v.code) = 12 AND v.code NOT IN (SELECT code FROM waiting)
    )
"""
# Whether something inside a place waits: a village inside a township, a county that is half frozen.
_QUIET = "NOT EXISTS (SELECT FROM waiting w WHERE starts_with(w.code, {code}))"
_COUNTED = "e.period_id = %(month)s AND e.confirmed_at IS NOT NULL AND e.withdrawn_at IS NULL"

_SCORES = f"""
    WITH {_WAITING},
    sums AS (
        SELECT e.code, e.indicator, i.share,
               sum(CASE WHEN e.kind = 'deduct' THEN e.points ELSE 0 END) AS lost,
               sum(CASE WHEN e.kind = 'bonus' THEN e.points ELSE 0 END) AS bonus
        FROM scoring_scoreevent e
        JOIN scoring_period p ON p.month = e.period_id
        JOIN scoring_indicator i ON i.scheme_id = p.scheme_id AND i.position = e.indicator
        WHERE {_COUNTED} GROUP BY 1, 2, 3
    ),
    a AS (
        SELECT hs.code, 100 - coalesce(x.lost, 0) + coalesce(x.bonus, 0) AS score, coalesce(x.bonus, 0) AS bonus,
               coalesce(x.broken, 0) AS broken
        FROM scoring_householdscore hs
        LEFT JOIN (
            SELECT code, sum(CASE WHEN lost > share THEN share ELSE lost END) AS lost,
                   CASE WHEN sum(bonus) > 20 THEN 20 ELSE sum(bonus) END AS bonus,
                   sum(CASE WHEN lost > 0 THEN power(2, indicator - 1) ELSE 0 END)::int AS broken
            FROM sums GROUP BY code
        ) x ON x.code = hs.code
        WHERE hs.month = %(month)s
    )
    SELECT b.code, {_named("score", "bonus", "broken", of="a")}, {_named("score", "bonus", "broken", of="b")}
    FROM scoring_householdscore b JOIN a ON a.code = b.code JOIN settled v ON v.code = left(b.code, 12)
    WHERE b.month = %(month)s AND {_differ("score", "bonus", "broken")}
    ORDER BY b.code
"""
# Who has a score: exactly those signed for and active; in a frozen village those who had one when it was frozen.
_SCORED = f"""
    WITH {_WAITING},
    signed AS (
        SELECT unnest(d.households) AS code FROM scoring_declaration d
        JOIN scoring_sheet s ON s.id = d.sheet_id AND s.period_id = %(month)s AND s.state <> 'open'
        WHERE d.withdrawn_at IS NULL
    ),
    a AS (
        SELECT signed.code, {living_on("h")} AS active
        FROM signed JOIN households_household h ON h.code = signed.code
    ),
    b AS (SELECT code FROM scoring_householdscore WHERE month = %(month)s),
    both_ AS (
        SELECT coalesce(a.code, b.code) AS code, a.code IS NOT NULL AS signed, coalesce(a.active, false) AS active,
               b.code IS NOT NULL AS scored
        FROM a FULL JOIN b ON a.code = b.code
    )
    SELECT x.code, CASE WHEN x.scored THEN 'no score' ELSE 'a score' END,
           CASE WHEN x.scored THEN 'a score' ELSE 'no score' END
    FROM both_ x JOIN settled v ON v.code = left(x.code, 12)
    WHERE CASE v.state WHEN 'frozen' THEN x.scored AND NOT x.signed
                       WHEN 'open' THEN x.scored
                       ELSE x.scored <> (x.signed AND x.active) END
    ORDER BY x.code
"""
# A frozen month is never moved: whoever has a score in it was on the register at its end, by the register of today too.
_ON_REGISTER = f"""
    SELECT hs.code, 'no score', 'a score' FROM scoring_householdscore hs
    JOIN households_household h ON h.code = hs.code
    JOIN scoring_sheet s ON s.period_id = hs.month AND s.village_id = left(hs.code, 12) AND s.state = 'frozen'
    WHERE hs.month = %(month)s AND NOT ({living_on("h")})
    ORDER BY 1
"""
_SUMS = ("households", "total", "six_zero")
_GROUPS = f"""
    WITH {_WAITING},
    sums AS (
        SELECT left(code, 14) AS code, count(*) AS households, sum(score) AS total,
               count(*) FILTER (WHERE broken = 0) AS six_zero
        FROM scoring_householdscore WHERE month = %(month)s GROUP BY 1
    ),
    b AS (SELECT * FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = 14),
    a AS (
        SELECT coalesce(s.code, b.code) AS code, coalesce(s.households, 0) AS households,
               coalesce(s.total, 0) + coalesce(s.households, 0) * coalesce(b.adjustment, 0) AS total,
               coalesce(s.six_zero, 0) AS six_zero
        FROM sums s FULL JOIN b ON b.code = s.code
    )
    SELECT a.code, {_named(*_SUMS, of="a")}, {_named(*_SUMS, of="b")}
    FROM a JOIN settled v ON v.code = left(a.code, 12) LEFT JOIN b ON b.code = a.code
    WHERE {_differ(*_SUMS)} AND NOT (%(archived)s AND v.state = 'frozen') ORDER BY a.code
"""
_PARENT_SUMS = ("active", *_SUMS, "events")
_PARENTS = f"""
    WITH {_WAITING},
    lines AS (SELECT * FROM scoring_divisionscore WHERE month = %(month)s),
    sums AS (
        SELECT left(code, up) AS code, sum(active) AS active, sum(households) AS households, sum(total) AS total,
               sum(six_zero) AS six_zero, sum(events) AS events
        FROM lines CROSS JOIN LATERAL (
            SELECT CASE length(code) WHEN 14 THEN 12 WHEN 12 THEN 9 WHEN 9 THEN 6 END AS up
        ) above WHERE up IS NOT NULL GROUP BY 1
    ),
    own AS (SELECT code, count(*) AS events FROM scoring_scoreevent
            WHERE period_id = %(month)s AND withdrawn_at IS NULL AND length(code) < 14 GROUP BY 1),
    b AS (SELECT * FROM lines WHERE length(code) < 14),
    a AS (
        SELECT coalesce(s.code, b.code) AS code, coalesce(s.active, 0) AS active,
               coalesce(s.households, 0) AS households,
               coalesce(s.total, 0) + coalesce(s.households, 0) * coalesce(b.adjustment, 0) AS total,
               coalesce(s.six_zero, 0) AS six_zero, coalesce(s.events, 0) + coalesce(o.events, 0) AS events
        FROM sums s FULL JOIN b ON b.code = s.code LEFT JOIN own o ON o.code = coalesce(s.code, b.code)
    )
    SELECT a.code, {_named(*_PARENT_SUMS, of="a")}, {_named(*_PARENT_SUMS, of="b")}
    FROM a LEFT JOIN b ON b.code = a.code
    WHERE {_differ(*_PARENT_SUMS)} AND {_QUIET.format(code="a.code")} ORDER BY a.code
"""
_ADJUSTMENTS = f"""
    WITH {_WAITING},
    a AS (
        SELECT e.code, sum(CASE e.kind WHEN 'bonus' THEN e.points WHEN 'deduct' THEN -e.points ELSE 0 END) AS adjustment
        FROM scoring_scoreevent e WHERE {_COUNTED} AND length(e.code) < 18 GROUP BY 1
    )
    SELECT b.code, 'adjustment=' || coalesce(a.adjustment, 0), {_named("adjustment", of="b")}
    FROM scoring_divisionscore b LEFT JOIN a ON a.code = b.code
    WHERE b.month = %(month)s AND b.adjustment <> coalesce(a.adjustment, 0)
      AND {_QUIET.format(code="left(b.code, 12)")}
    ORDER BY b.code
"""
# How many count in the month; a frozen village keeps the number it had.
_ACTIVE = f"""
    WITH {_WAITING},
    present AS (
        SELECT left(h.code, 14) AS code, count(*) AS active FROM households_household h
        WHERE {living_on("h")} GROUP BY 1
    ),
    b AS (SELECT code, active FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = 14)
    SELECT coalesce(a.code, b.code), 'active=' || coalesce(a.active, 0), {_named("active", of="b")}
    FROM present a FULL JOIN b ON b.code = a.code
    JOIN settled v ON v.code = left(coalesce(a.code, b.code), 12) AND v.state <> 'frozen'
    WHERE coalesce(a.active, 0) IS DISTINCT FROM b.active
      AND EXISTS (SELECT FROM scoring_divisionscore c WHERE c.month = %(month)s AND c.code = left(v.code, 6))
    ORDER BY 1
"""
_COVERAGE = f"""
    SELECT b.code, 'six_zero <= households <= active', {_named("six_zero", "households", "active", of="b")}
    FROM scoring_divisionscore b
    WHERE b.month = %(month)s AND NOT (b.six_zero <= b.households AND b.households <= b.active)
    UNION ALL
    SELECT b.department_code, 'households <= active', {_named("households", "active", of="b")}
    FROM scoring_departmentscore b WHERE b.month = %(month)s AND b.households > b.active
    ORDER BY 1
"""
_WEIGHTED = ("households", "total", "active")
# A department linked to frozen villages alone is held against the archived ranking instead.
_DEPARTMENTS = f"""
    WITH {_WAITING},
    frozen AS (SELECT code FROM settled WHERE state = 'frozen'),
    linked AS (SELECT l.* FROM households_linkage l WHERE {IN_FORCE}),
    a AS (
        SELECT l.department_id AS code, coalesce(sum(l.weight * d.households), 0) AS households,
               coalesce(sum(l.weight * d.total), 0) AS total, coalesce(sum(l.weight * d.active), 0) AS active
        FROM linked l LEFT JOIN scoring_divisionscore d ON d.month = %(month)s AND d.code = l.division_id
        GROUP BY 1
    ),
    b AS (SELECT department_code AS code, households, total, active FROM scoring_departmentscore WHERE month = %(month)s)
    SELECT coalesce(a.code, b.code), {_named(*_WEIGHTED, of="a")}, {_named(*_WEIGHTED, of="b")}
    FROM a FULL JOIN b ON b.code = a.code
    WHERE {_differ(*_WEIGHTED)}
      AND (NOT EXISTS (SELECT FROM frozen) OR EXISTS (
        SELECT FROM linked l JOIN scoring_divisionscore v ON v.month = %(month)s AND length(v.code) = 12
           AND starts_with(v.code, left(l.division_id, 12)) AND v.active > 0
        WHERE l.department_id = coalesce(a.code, b.code) AND v.code NOT IN (SELECT code FROM frozen)))
      AND EXISTS (SELECT FROM scoring_divisionscore d WHERE d.month = %(month)s)
      AND NOT EXISTS (
        SELECT FROM linked l JOIN waiting w
          ON starts_with(w.code, left(l.division_id, 12)) OR starts_with(l.division_id, w.code)
        WHERE l.department_id = coalesce(a.code, b.code))
    ORDER BY 1
"""
_SHEETS = """
    SELECT s.village_id, CASE s.state WHEN 'open' THEN 'no declaration' ELSE 'one declaration' END,
           count(d.id) || ' declarations in state ' || s.state
    FROM scoring_sheet s LEFT JOIN scoring_declaration d ON d.sheet_id = s.id AND d.withdrawn_at IS NULL
    WHERE s.period_id = %(month)s
    GROUP BY s.id HAVING count(d.id) <> CASE s.state WHEN 'open' THEN 0 ELSE 1 END
    UNION ALL
    SELECT s.village_id, 'households of the village', 'household ' || signed.code
    FROM scoring_sheet s JOIN scoring_declaration d ON d.sheet_id = s.id
    CROSS JOIN LATERAL unnest(d.households) AS signed (code)
    WHERE s.period_id = %(month)s AND NOT starts_with(signed.code, s.village_id)
    ORDER BY 1
"""
_EVENTS = """
    SELECT e.code || ' #' || e.id,
           concat_ws(' ', i.position, c.kind, c.points, %(month)s, 'scheme', p.scheme_id, 'known place'),
           concat_ws(' ', e.indicator, e.kind, e.points, to_char(e.date, 'YYYY-MM'), 'scheme', c.scheme_id,
                     CASE WHEN h.code IS NULL AND d.code IS NULL THEN 'unknown place' ELSE 'known place' END)
    FROM scoring_scoreevent e
    JOIN scoring_clause c ON c.id = e.clause_id JOIN scoring_indicator i ON i.id = c.indicator_id
    JOIN scoring_period p ON p.month = e.period_id
    LEFT JOIN households_household h ON h.code = e.code LEFT JOIN households_division d ON d.code = e.code
    WHERE e.period_id = %(month)s AND (
        (e.indicator, e.kind, e.points, to_char(e.date, 'YYYY-MM'), c.scheme_id)
            IS DISTINCT FROM (i.position, c.kind, c.points, %(month)s, p.scheme_id)
        OR h.code IS NULL AND d.code IS NULL)
    ORDER BY e.id
"""
# What is due for what is frozen, against what was credited when it was frozen and put right since.
_CREDITS = """
    WITH frozen AS (SELECT village_id AS code FROM scoring_sheet WHERE period_id = %(month)s AND state = 'frozen'),
    lines AS (
        SELECT 'division' AS kind, code, households, total FROM scoring_divisionscore
        WHERE month = %(month)s AND (left(code, 12) IN (SELECT code FROM frozen) OR code = ANY (%(townships)s::text[]))
        UNION ALL
        SELECT 'department', department_code, households, total FROM scoring_departmentscore
        WHERE month = %(month)s AND department_code = ANY (%(departments)s::text[])
    ),
    a AS (
        SELECT 'household' AS kind, code, CASE WHEN broken = 0 THEN 10 ELSE 0 END + bonus AS amount
        FROM scoring_householdscore WHERE month = %(month)s AND left(code, 12) IN (SELECT code FROM frozen)
        UNION ALL
        SELECT kind, code, floor(total::numeric / households + 0.5) FROM lines WHERE households > 0
    ),
    b AS (
        SELECT c.owner_kind AS kind, c.owner AS code, sum(e.amount - e.owed) AS amount,
               count(*) FILTER (WHERE e.kind = 'freeze') AS times
        FROM scoring_pointentry e JOIN scoring_account c ON c.id = e.account_id
        WHERE e.month = %(month)s AND e.kind IN ('freeze', 'restate')
          AND NOT (%(archived)s AND c.owner_kind = 'household') GROUP BY 1, 2
    )
    SELECT coalesce(a.code, b.code), coalesce(a.amount, 0) || ' points once',
           coalesce(b.amount, 0) || ' points, entries: ' || coalesce(b.times, 0)
    FROM (SELECT * FROM a WHERE amount > 0) a FULL JOIN b ON b.code = a.code AND b.kind = a.kind
    WHERE (coalesce(a.amount, 0) <> coalesce(b.amount, 0) OR b.times > 1)
      AND NOT (a.code IS NULL AND length(b.code) < 12 AND left(b.code, 6) = ANY (%(behind)s::text[]))
      AND NOT (b.code IS NULL AND (a.kind = 'department' AND %(behind)s::text[] <> '{}'
                                   OR length(a.code) = 9 AND left(a.code, 6) = ANY (%(behind)s::text[])))
    ORDER BY 1
"""
_DIGESTS = """
    SELECT r.month || ' ' || r.level || ' ' || r.within || ' v' || r.version,
           r.digest, encode(sha256(convert_to(r.body, 'UTF8')), 'hex')
    FROM scoring_rankingsnapshot r
    WHERE r.month = %(month)s AND r.digest <> encode(sha256(convert_to(r.body, 'UTF8')), 'hex')
    ORDER BY 1
"""
_KEPT_SUMS = ("households", "total", "six_zero")
# The last ranking archived of what is frozen says what the tables still say.
_KEPT = f"""
    WITH frozen AS (SELECT village_id AS code FROM scoring_sheet WHERE period_id = %(month)s AND state = 'frozen'),
    latest AS (
        SELECT DISTINCT ON (level, within) level, body FROM scoring_rankingsnapshot
        WHERE month = %(month)s AND within <> ALL (%(behind)s::text[]) ORDER BY level, within, version DESC
    ),
    a AS (
        SELECT level, line ->> 'code' AS code, (line ->> 'households')::bigint AS households,
               (line ->> 'total')::bigint AS total, (line ->> 'six_zero_households')::bigint AS six_zero
        FROM latest CROSS JOIN LATERAL jsonb_array_elements(body::jsonb) AS line
    ),
    b AS (
        SELECT code, households, total, six_zero FROM scoring_divisionscore
        WHERE month = %(month)s AND (left(code, 12) IN (SELECT code FROM frozen) OR code = ANY (%(townships)s::text[]))
        UNION ALL
        SELECT department_code, households, total, 0 FROM scoring_departmentscore
        WHERE month = %(month)s AND department_code = ANY (%(departments)s::text[])
    )
    SELECT b.code, {_named(*_KEPT_SUMS, of="a")}, {_named(*_KEPT_SUMS, of="b")}
    FROM b JOIN a ON a.code = b.code WHERE {_differ(*_KEPT_SUMS)} ORDER BY b.code
"""

# Of a month whose households lie in a file: as many are in it as its villages say.
_ARCHIVED = """
    SELECT a.file, 'households=' || coalesce(sum(d.households), 0), 'households=' || a.households
    FROM scoring_archivedmonth a
    LEFT JOIN scoring_divisionscore d ON d.month = a.month AND length(d.code) = 12
    WHERE a.month = %(month)s AND a.restored_at IS NULL
    GROUP BY a.id HAVING a.households IS DISTINCT FROM sum(d.households)
"""
ARCHIVED = Invariant("archived", "户得分已存档，没有逐户核对；存档的户数与各村相符", _ARCHIVED)

OF_A_MONTH: tuple[Invariant, ...] = (
    Invariant("household_scores", "每户得分等于其例外之和", _SCORES),
    Invariant("scored_households", "只有已申报且在册的户有得分", _SCORED),
    Invariant("on_register", "锁定的月份里有得分的户当时在册", _ON_REGISTER),
    Invariant("group_sums", "组的总分等于各户之和加直接加减分", _GROUPS),
    Invariant("parent_sums", "村、乡镇、县的总分等于下级之和加直接加减分", _PARENTS),
    Invariant("adjustments", "直接加减分等于记在区划上的例外之和", _ADJUSTMENTS),
    Invariant("active_households", "在册户数与户名册一致", _ACTIVE),
    Invariant("coverage", "覆盖率不超过 1", _COVERAGE),
    Invariant("departments", "部门得分等于联系区划的加权和", _DEPARTMENTS),
    Invariant("sheets", "台账状态与申报一致", _SHEETS),
    Invariant("events", "例外与条款一致", _EVENTS),
    Invariant("credits", "锁定的积分按规则各记一次，更正后相符", _CREDITS),
    Invariant("digests", "存档排名未被改动", _DIGESTS),
    Invariant("kept_rankings", "锁定的结果与存档排名一致", _KEPT),
)

_of_other_rooms: dict[str, Invariant] = {}


def register(*invariants: Invariant) -> None:
    """Have invariants of a room above asked of all time, whenever everything is verified; once for each name."""
    _of_other_rooms.update({invariant.name: invariant for invariant in invariants})


def of_other_rooms() -> tuple[Invariant, ...]:
    """What the rooms above registered when the application started."""
    return tuple(_of_other_rooms.values())
