"""The SQL of the roll-up, one statement a level: each works out what should be there and writes only what differs.

Parameters are named. `low` and `high` are the half-open range of codes of one place. Every statement ends in a MERGE
over a full join of fresh and stored rows, so rows that vanished go, rows that differ change and the rest is not touched:
the caller holds the place's lock, nobody else writes these rows.

The caller switches nested loops off: statistics know nothing of a month that has just begun, the planner then expects
a single row, and a loop over ten thousand of them costs seconds where a hash join costs milliseconds.
"""

from households.codes import sql_within
from households.models import sql_active, sql_living


def active_on(table: str) -> str:
    """The condition that a division of this alias counts in the month: it is active on its last day."""
    return sql_active(table, "%(last_day)s")


def living_on(table: str) -> str:
    """The same of a household."""
    return sql_living(table, "%(last_day)s")


_ACTIVE = active_on("h")
_LIVING = living_on("h")

# The events of households that count.
_COUNTED = """
    SELECT e.code, e.indicator, e.kind, e.points FROM scoring_scoreevent e
    WHERE e.period_id = %(month)s AND e.code >= %(low)s AND e.code < %(high)s
      AND length(e.code) = 18 AND e.confirmed_at IS NOT NULL AND e.withdrawn_at IS NULL
"""


def _exceptional(counted: str) -> str:
    """What the events of a household amount to: points lost, bonus, zeros broken."""
    return f"""
    by_indicator AS (
        SELECT e.code, e.indicator,
               coalesce(sum(e.points) FILTER (WHERE e.kind = 'deduct'), 0) AS lost,
               coalesce(sum(e.points) FILTER (WHERE e.kind = 'bonus'), 0) AS bonus,
               bool_or(e.kind = 'deduct') AS broken
        FROM ({counted}) e
        GROUP BY e.code, e.indicator
    ),
    exceptional AS (
        SELECT code,
               sum(least(lost, (%(shares)s::int[])[indicator])) AS lost,
               least(%(cap)s, sum(bonus)) AS bonus,
               bit_or(CASE WHEN broken THEN 1 << (indicator - 1) ELSE 0 END) AS broken
        FROM by_indicator GROUP BY code
    )
"""


_EXCEPTIONAL = _exceptional(_COUNTED)
# Households that a standing declaration speaks for and that count in the month, with what their events make of them.
FRESH_HOUSEHOLDS = f"""
    named AS (
        SELECT unnest(d.households) AS code
        FROM scoring_declaration d
        WHERE d.withdrawn_at IS NULL AND d.sheet_id = ANY (ARRAY(
            SELECT s.id FROM scoring_sheet s
            WHERE s.period_id = %(month)s AND s.village_id >= %(low)s AND s.village_id < %(high)s AND s.state <> 'open'
        ))
    ),
    {_EXCEPTIONAL},
    fresh AS (
        SELECT h.code, (%(base)s - coalesce(x.lost, 0) + coalesce(x.bonus, 0))::smallint AS score,
               coalesce(x.bonus, 0)::smallint AS bonus, coalesce(x.broken, 0)::smallint AS broken
        FROM households_household h JOIN named ON named.code = h.code LEFT JOIN exceptional x ON x.code = h.code
        WHERE h.code >= %(low)s AND h.code < %(high)s AND {_LIVING}
    )
"""
HOUSEHOLDS = f"""
    WITH {FRESH_HOUSEHOLDS},
    stored AS (
        SELECT code, score, bonus, broken FROM scoring_householdscore
        WHERE month = %(month)s AND code >= %(low)s AND code < %(high)s
    ),
    moved AS (
        SELECT code, f.score, f.bonus, f.broken
        FROM fresh f FULL JOIN stored s USING (code)
        WHERE (f.score, f.bonus, f.broken) IS DISTINCT FROM (s.score, s.bonus, s.broken)
        ORDER BY code
    )
    MERGE INTO scoring_householdscore hs USING moved m
       ON hs.month = %(month)s AND hs.code = m.code AND hs.code >= %(low)s AND hs.code < %(high)s
    WHEN MATCHED AND m.score IS NULL THEN DELETE
    WHEN MATCHED THEN UPDATE SET score = m.score, bonus = m.bonus, broken = m.broken
    WHEN NOT MATCHED THEN INSERT (month, code, score, bonus, broken)
                          VALUES (%(month)s, m.code, m.score, m.bonus, m.broken)
"""

# What is recorded against a place itself adds this once for each of its households. A reminder adds nothing.
_ADJUSTMENT = """
    coalesce(sum(CASE e.kind WHEN 'bonus' THEN e.points WHEN 'deduct' THEN -e.points ELSE 0 END)
             FILTER (WHERE e.confirmed_at IS NOT NULL), 0)
"""
# The same of the places `below`, and the line that follows.
_LINE = f"""
    own AS (
        SELECT e.code, count(*) AS events, {_ADJUSTMENT} AS adjustment
        FROM scoring_scoreevent e
        WHERE e.period_id = %(month)s AND e.code = ANY (ARRAY(SELECT code FROM below)) AND e.withdrawn_at IS NULL
        GROUP BY e.code
    ),
    fresh AS (
        SELECT b.code, b.active, b.households, b.total + b.households * coalesce(o.adjustment, 0) AS total,
               coalesce(o.adjustment, 0) AS adjustment, b.six_zero, b.events + coalesce(o.events, 0) AS events
        FROM below b LEFT JOIN own o USING (code)
    ),
    stored AS (
        SELECT code, active, households, total, adjustment, six_zero, events FROM scoring_divisionscore
        WHERE month = %(month)s AND code >= %(low)s AND code < %(high)s AND length(code) = %(level)s
    ),
    moved AS (
        SELECT code, f.active, f.households, f.total, f.adjustment, f.six_zero, f.events
        FROM fresh f FULL JOIN stored s USING (code)
        WHERE (f.active, f.households, f.total, f.adjustment, f.six_zero, f.events)
              IS DISTINCT FROM (s.active, s.households, s.total, s.adjustment, s.six_zero, s.events)
        ORDER BY code
    )
    MERGE INTO scoring_divisionscore d USING moved m
       ON d.month = %(month)s AND d.code = m.code AND d.code >= %(low)s AND d.code < %(high)s
      AND length(d.code) = %(level)s
    WHEN MATCHED AND m.active IS NULL THEN DELETE
    WHEN MATCHED THEN UPDATE SET active = m.active, households = m.households, total = m.total,
                                 adjustment = m.adjustment, six_zero = m.six_zero, events = m.events, as_of = statement_timestamp()
    WHEN NOT MATCHED THEN INSERT (month, code, active, households, total, adjustment, six_zero, events, as_of)
                          VALUES (%(month)s, m.code, m.active, m.households, m.total, m.adjustment, m.six_zero,
                                  m.events, statement_timestamp())
"""

# Every division of a level has a line, also one that holds nothing: a silent village must not be overlooked.
_PLACES = f"""
    below AS (
        SELECT h.code, coalesce(p.active, 0) AS active, coalesce(p.households, 0) AS households,
               coalesce(p.total, 0) AS total, coalesce(p.six_zero, 0) AS six_zero, coalesce(p.events, 0) AS events
        FROM households_division h LEFT JOIN parts p ON p.code = h.code
        WHERE length(h.code) = %(level)s AND h.code >= %(low)s AND h.code < %(high)s
          AND (p.active > 0 OR {_ACTIVE})
    ),
    {_LINE}
"""

GROUPS = f"""
    WITH present AS (
        SELECT left(h.code, 14) AS code, count(*) AS active, count(hs.score) AS households,
               coalesce(sum(hs.score), 0) AS total, count(*) FILTER (WHERE hs.broken = 0) AS six_zero
        FROM households_household h
        LEFT JOIN scoring_householdscore hs
          ON hs.month = %(month)s AND hs.code = h.code AND hs.code >= %(low)s AND hs.code < %(high)s
        WHERE h.code >= %(low)s AND h.code < %(high)s AND {_LIVING}
        GROUP BY 1
    ),
    inside AS (
        SELECT left(e.code, 14) AS code, count(*) AS events
        FROM scoring_scoreevent e
        WHERE e.period_id = %(month)s AND e.code >= %(low)s AND e.code < %(high)s
          AND length(e.code) = 18 AND e.withdrawn_at IS NULL
        GROUP BY 1
    ),
    parts AS (
        SELECT code, p.active, p.households, p.total, p.six_zero, i.events
        FROM present p FULL JOIN inside i USING (code)
    ),
    {_PLACES}
"""

PARENTS = f"""
    WITH parts AS (
        SELECT left(c.code, %(level)s) AS code, sum(c.active) AS active, sum(c.households) AS households,
               sum(c.total) AS total, sum(c.six_zero) AS six_zero, sum(c.events) AS events
        FROM scoring_divisionscore c
        WHERE c.month = %(month)s AND length(c.code) = %(child)s AND c.code >= %(low)s AND c.code < %(high)s
        GROUP BY 1
    ),
    {_PLACES}
"""

# Places that count in the month and have no line yet.
MISSING = f"""
    SELECT h.code FROM households_division h
    LEFT JOIN scoring_divisionscore s
      ON s.month = %(month)s AND s.code = h.code
     AND length(s.code) = ANY (%(lengths)s) AND s.code >= %(low)s AND s.code < %(high)s
    WHERE length(h.code) = ANY (%(lengths)s) AND h.code >= %(low)s AND h.code < %(high)s
      AND s.code IS NULL AND {_ACTIVE}
"""

# The villages of a township: whether one must be computed (it is marked, or has no line yet), and whether it is frozen.
VILLAGES = f"""
    SELECT h.code, m.code IS NOT NULL OR (s.code IS NULL AND {_ACTIVE}), coalesce(t.state = 'frozen', false)
    FROM households_division h
    LEFT JOIN scoring_mark m
      ON m.month = %(month)s AND m.code = h.code AND m.code >= %(low)s AND m.code < %(high)s
    LEFT JOIN scoring_divisionscore s
      ON s.month = %(month)s AND s.code = h.code AND length(s.code) = 12 AND s.code >= %(low)s AND s.code < %(high)s
    LEFT JOIN scoring_sheet t
      ON t.period_id = %(month)s AND t.village_id = h.code AND t.village_id >= %(low)s AND t.village_id < %(high)s
    WHERE length(h.code) = 12 AND h.code >= %(low)s AND h.code < %(high)s
    ORDER BY h.code
"""

# A linkage `l` bears on the village `v`: on itself, on a place it lies in, or on one of its groups.
BEARS_ON = "(starts_with(v.code, l.division_id) OR starts_with(l.division_id, v.code))"
IN_FORCE = "l.from_month <= %(month)s AND (l.to_month = '' OR l.to_month >= %(month)s)"

# Departments with a link, at any time, to one of the places or to a group of one of the villages; `everyone` is all.
# Once freezing has begun in a month, only those linked to a village that may still move, or has just moved, be it that its
# last household left: the others are history like their villages. `finishing` overrides that.
TOUCHED = f"""
    WITH touched AS (
        SELECT DISTINCT l.department_id AS code FROM households_linkage l
        WHERE l.division_id = ANY (ARRAY(
            SELECT d.code FROM households_division d
            WHERE d.code = ANY (%(places)s::text[]) OR d.parent_id = ANY (%(villages)s::text[])
        ))
        UNION SELECT code FROM households_department WHERE %(everyone)s
    )
    SELECT t.code FROM touched t
    WHERE %(finishing)s
       OR NOT EXISTS (SELECT FROM scoring_sheet s WHERE s.period_id = %(month)s AND s.state = 'frozen')
       OR EXISTS (
        SELECT FROM households_linkage l
        CROSS JOIN LATERAL (
            SELECT FROM scoring_divisionscore v
            WHERE v.month = %(month)s AND length(v.code) = 12 AND v.active > 0
              AND {sql_within("v.code", "left(l.division_id, 12)")}
              AND NOT EXISTS (SELECT FROM scoring_sheet s
                              WHERE s.period_id = %(month)s AND s.village_id = v.code AND s.state = 'frozen')
            LIMIT 1
        ) one_village
        WHERE l.department_id = t.code AND {IN_FORCE})
       OR EXISTS (
        SELECT FROM households_linkage l, unnest(%(villages)s::text[]) AS v (code)
        WHERE l.department_id = t.code AND {IN_FORCE} AND {BEARS_ON})
"""

# In one order, so that two counties cannot wait for each other.
LOCK_DEPARTMENTS = """
    SELECT pg_advisory_xact_lock(hashtextextended('roll-up ' || %(month)s || ' department ' || code, 0))
    FROM (SELECT code FROM unnest(%(codes)s::text[]) AS code ORDER BY code) ordered
"""

DEPARTMENTS = f"""
    WITH linked AS (
        SELECT l.department_id AS code, l.division_id, l.weight FROM households_linkage l
        WHERE l.department_id = ANY (%(departments)s::text[]) AND {IN_FORCE}
    ),
    fresh AS (
        SELECT l.code, coalesce(sum(l.weight * d.households), 0) AS households,
               coalesce(sum(l.weight * d.total), 0) AS total, coalesce(sum(l.weight * d.active), 0) AS active
        FROM linked l
        LEFT JOIN scoring_divisionscore d
          ON d.month = %(month)s AND d.code = l.division_id AND d.code = ANY (ARRAY(SELECT division_id FROM linked))
        GROUP BY l.code
    ),
    stored AS (
        SELECT department_code AS code, households, total, active FROM scoring_departmentscore
        WHERE month = %(month)s AND department_code = ANY (%(departments)s::text[])
    ),
    moved AS (
        SELECT code, f.households, f.total, f.active FROM fresh f FULL JOIN stored s USING (code)
        WHERE (f.households, f.total, f.active) IS DISTINCT FROM (s.households, s.total, s.active)
        ORDER BY code
    )
    MERGE INTO scoring_departmentscore d USING moved m
       ON d.month = %(month)s AND d.department_code = m.code AND d.department_code = ANY (%(departments)s::text[])
    WHEN MATCHED AND m.total IS NULL THEN DELETE
    WHEN MATCHED THEN UPDATE SET households = m.households, total = m.total, active = m.active, as_of = statement_timestamp()
    WHEN NOT MATCHED THEN INSERT (month, department_code, households, total, active, as_of)
                          VALUES (%(month)s, m.code, m.households, m.total, m.active, statement_timestamp())
"""

# A mark that somebody is moving right now is not ours to clear: they may hold it for as long as a freezing takes.
CLEAR = """
    DELETE FROM scoring_mark WHERE ctid = ANY (ARRAY(
        SELECT m.ctid FROM scoring_mark m
        JOIN unnest(%(codes)s::text[], %(moved)s::bigint[]) AS seen (code, moved) ON seen.code = m.code
        WHERE m.month = %(month)s AND m.moved = seen.moved
        FOR UPDATE OF m SKIP LOCKED
    ))
"""

# A frozen village put right: the same households and the same numbers of active ones as when it was frozen, with what
# their events make of them now. Neither the register nor the declaration is asked again.
RESTATED_HOUSEHOLDS = f"""
    WITH {_EXCEPTIONAL},
    fresh AS (
        SELECT s.code, (%(base)s - coalesce(x.lost, 0) + coalesce(x.bonus, 0))::smallint AS score,
               coalesce(x.bonus, 0)::smallint AS bonus, coalesce(x.broken, 0)::smallint AS broken
        FROM scoring_householdscore s LEFT JOIN exceptional x ON x.code = s.code
        WHERE s.month = %(month)s AND s.code >= %(low)s AND s.code < %(high)s
    )
    UPDATE scoring_householdscore hs SET score = f.score, bonus = f.bonus, broken = f.broken
    FROM fresh f
    WHERE hs.month = %(month)s AND hs.code = f.code AND hs.code >= %(low)s AND hs.code < %(high)s
      AND (hs.score, hs.bonus, hs.broken) IS DISTINCT FROM (f.score, f.bonus, f.broken)
"""
_RESTATED = """
    below AS (
        SELECT d.code, d.active, d.households, coalesce(p.total, 0) AS total, coalesce(p.six_zero, 0) AS six_zero,
               coalesce(p.events, 0) AS events
        FROM scoring_divisionscore d LEFT JOIN parts p ON p.code = d.code
        WHERE d.month = %(month)s AND d.code >= %(low)s AND d.code < %(high)s AND length(d.code) = %(level)s
    )
"""
RESTATED_GROUPS = f"""
    WITH sums AS (
        SELECT left(s.code, 14) AS code, sum(s.score) AS total, count(*) FILTER (WHERE s.broken = 0) AS six_zero
        FROM scoring_householdscore s
        WHERE s.month = %(month)s AND s.code >= %(low)s AND s.code < %(high)s
        GROUP BY 1
    ),
    inside AS (
        SELECT left(e.code, 14) AS code, count(*) AS events
        FROM scoring_scoreevent e
        WHERE e.period_id = %(month)s AND e.code >= %(low)s AND e.code < %(high)s
          AND length(e.code) = 18 AND e.withdrawn_at IS NULL
        GROUP BY 1
    ),
    parts AS (SELECT code, s.total, s.six_zero, i.events FROM sums s FULL JOIN inside i USING (code)),
    {_RESTATED},
    {_LINE}
"""
RESTATED_VILLAGE = f"""
    WITH parts AS (
        SELECT left(c.code, 12) AS code, sum(c.total) AS total, sum(c.six_zero) AS six_zero, sum(c.events) AS events
        FROM scoring_divisionscore c
        WHERE c.month = %(month)s AND length(c.code) = 14 AND c.code >= %(low)s AND c.code < %(high)s
        GROUP BY 1
    ),
    {_RESTATED},
    {_LINE}
"""

# A village as if it were signed for now: every household that counts, and what stands recorded. Of the household that an
# entry is thought of for, also what it comes to with that entry, as `+`: the roll-up's own arithmetic, tried beforehand.
_ONE_MORE = """
    SELECT * FROM counted UNION ALL SELECT '+', indicator, kind, points FROM counted WHERE code = %(code)s
    UNION ALL SELECT '+', %(indicator)s::int, %(kind)s, %(points)s::int
"""
FORESEEN = f"""
    WITH counted AS ({_COUNTED}),
    {_exceptional(_ONE_MORE)},
    scored AS (
        SELECT h.code, %(base)s - coalesce(x.lost, 0) + coalesce(x.bonus, 0) AS score,
               coalesce(x.bonus, 0) AS bonus, coalesce(x.broken, 0) AS broken
        FROM households_household h LEFT JOIN exceptional x ON x.code = h.code
        WHERE h.code >= %(low)s AND h.code < %(high)s AND {_LIVING}
    )
    SELECT 'group', left(code, 14), count(*), sum(score)::bigint, 0::bigint, 0::bigint FROM scored GROUP BY 2
    UNION ALL SELECT 'before', code, 1, score::bigint, bonus::bigint, broken FROM scored WHERE code = %(code)s
    UNION ALL SELECT 'after', code, 1, (%(base)s - lost + bonus)::bigint, bonus::bigint, broken FROM exceptional WHERE code = '+'
    UNION ALL SELECT 'own', e.code, 0, ({_ADJUSTMENT})::bigint, 0, 0 FROM scoring_scoreevent e
    WHERE e.period_id = %(month)s AND e.code = ANY (%(places)s) AND e.withdrawn_at IS NULL GROUP BY e.code
"""
# What is stored of places in a month, and the departments that are linked to each, with their weights in the same order.
LINKED = f"""
    SELECT d.code, coalesce(s.households, 0) AS households, coalesce(s.total, 0) AS total,
           coalesce(s.adjustment, 0) AS adjustment,
           ARRAY(SELECT l.department_id FROM households_linkage l WHERE l.division_id = d.code AND {IN_FORCE}
                 ORDER BY l.id) AS departments,
           ARRAY(SELECT l.weight FROM households_linkage l WHERE l.division_id = d.code AND {IN_FORCE}
                 ORDER BY l.id) AS weights
    FROM households_division d LEFT JOIN scoring_divisionscore s ON s.month = %(month)s AND s.code = d.code
    WHERE d.code = ANY (%(places)s)
"""
