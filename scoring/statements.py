"""The SQL of the roll-up, one statement a level. Parameters are named; codes are half-open ranges of their prefix."""

_ACTIVE = "(h.valid_from IS NULL OR h.valid_from <= %(last_day)s) AND (h.valid_to IS NULL OR h.valid_to > %(last_day)s)"

# Households that a standing declaration speaks for and that count in the month.
_SIGNED = f"""
    target AS (SELECT village FROM unnest(%(villages)s::text[]) AS village),
    named AS (
        SELECT unnest(d.households) AS code
        FROM target t
        JOIN scoring_sheet s ON s.village_id = t.village AND s.period_id = %(month)s AND s.state <> 'open'
        JOIN scoring_declaration d ON d.sheet_id = s.id AND d.withdrawn_at IS NULL
    ),
    present AS (
        SELECT h.code FROM target t
        JOIN households_household h ON h.code >= t.village AND h.code < t.village || ':'
        WHERE {_ACTIVE}
    ),
    signed AS (SELECT code FROM present JOIN named USING (code))
"""

PRUNE_HOUSEHOLDS = f"""
    WITH {_SIGNED},
    scored AS (
        SELECT hs.code FROM target t
        JOIN scoring_householdscore hs
          ON hs.month = %(month)s AND hs.code >= t.village AND hs.code < t.village || ':'
    )
    DELETE FROM scoring_householdscore
    WHERE month = %(month)s AND code IN (SELECT code FROM scored EXCEPT SELECT code FROM signed)
"""

HOUSEHOLDS = f"""
    WITH {_SIGNED},
    by_indicator AS (
        SELECT e.code, e.indicator,
               coalesce(sum(e.points) FILTER (WHERE e.kind = 'deduct'), 0) AS lost,
               coalesce(sum(e.points) FILTER (WHERE e.kind = 'bonus'), 0) AS bonus,
               bool_or(e.kind = 'deduct') AS broken
        FROM target t
        JOIN scoring_scoreevent e
          ON e.period_id = %(month)s AND e.code >= t.village AND e.code < t.village || ':'
        WHERE length(e.code) = 18 AND e.confirmed_at IS NOT NULL AND e.withdrawn_at IS NULL
        GROUP BY e.code, e.indicator
    ),
    exceptional AS (
        SELECT code,
               sum(least(lost, (%(shares)s::int[])[indicator])) AS lost,
               least(%(cap)s, sum(bonus)) AS bonus,
               bit_or(CASE WHEN broken THEN 1 << (indicator - 1) ELSE 0 END) AS broken
        FROM by_indicator GROUP BY code
    )
    INSERT INTO scoring_householdscore AS hs (month, code, score, bonus, broken)
    SELECT %(month)s, code, %(base)s - coalesce(x.lost, 0) + coalesce(x.bonus, 0), coalesce(x.bonus, 0),
           coalesce(x.broken, 0)
    FROM signed LEFT JOIN exceptional x USING (code)
    ON CONFLICT (month, code) DO UPDATE
        SET score = EXCLUDED.score, bonus = EXCLUDED.bonus, broken = EXCLUDED.broken
        WHERE (hs.score, hs.bonus, hs.broken) IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.bonus, EXCLUDED.broken)
"""

# Groups that hold no household in the month and have no event have no line.
PRUNE_GROUPS = f"""
    WITH target AS (SELECT village FROM unnest(%(villages)s::text[]) AS village),
    lines AS (
        SELECT g.code FROM target t
        JOIN scoring_divisionscore g ON g.month = %(month)s AND length(g.code) = 14
         AND g.code >= t.village AND g.code < t.village || ':'
    )
    DELETE FROM scoring_divisionscore
    WHERE month = %(month)s AND code IN (
        SELECT l.code FROM lines l
        WHERE NOT EXISTS (SELECT FROM households_household h
                          WHERE h.code >= l.code AND h.code < l.code || ':' AND {_ACTIVE})
    )
"""

_ADJUSTMENT = """
    own AS (
        SELECT t.code,
               coalesce(sum(CASE e.kind WHEN 'bonus' THEN e.points WHEN 'deduct' THEN -e.points ELSE 0 END)
                        FILTER (WHERE e.confirmed_at IS NOT NULL), 0) AS adjustment,
               count(e.id) AS events
        FROM {places} t
        LEFT JOIN scoring_scoreevent e
          ON e.period_id = %(month)s AND e.code = t.code AND e.withdrawn_at IS NULL
        GROUP BY t.code
    )
"""

_WRITE = """
    ON CONFLICT (month, code) DO UPDATE
        SET active = EXCLUDED.active, households = EXCLUDED.households, total = EXCLUDED.total,
            adjustment = EXCLUDED.adjustment, six_zero = EXCLUDED.six_zero, events = EXCLUDED.events,
            as_of = EXCLUDED.as_of
"""

GROUPS = f"""
    WITH target AS (SELECT village FROM unnest(%(villages)s::text[]) AS village),
    below AS (
        SELECT left(h.code, 14) AS code, count(*) AS active, count(hs.score) AS households,
               coalesce(sum(hs.score), 0) AS total, count(*) FILTER (WHERE hs.broken = 0) AS six_zero
        FROM target t
        JOIN households_household h ON h.code >= t.village AND h.code < t.village || ':'
        LEFT JOIN scoring_householdscore hs ON hs.month = %(month)s AND hs.code = h.code
        WHERE {_ACTIVE}
        GROUP BY 1
    ),
    inside AS (
        SELECT left(e.code, 14) AS code, count(*) AS events
        FROM target t
        JOIN scoring_scoreevent e
          ON e.period_id = %(month)s AND e.code >= t.village AND e.code < t.village || ':'
        WHERE length(e.code) = 18 AND e.withdrawn_at IS NULL
        GROUP BY 1
    ),
    {_ADJUSTMENT.format(places="below")}
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT %(month)s, code, b.active, b.households, b.total + b.households * o.adjustment, o.adjustment, b.six_zero,
           o.events + coalesce(i.events, 0), now()
    FROM below b JOIN own o USING (code) LEFT JOIN inside i USING (code)
    ORDER BY code
    {_WRITE}
"""

PARENTS = f"""
    WITH target AS (SELECT code FROM unnest(%(codes)s::text[]) AS code),
    below AS (
        SELECT t.code, coalesce(sum(c.active), 0) AS active, coalesce(sum(c.households), 0) AS households,
               coalesce(sum(c.total), 0) AS total, coalesce(sum(c.six_zero), 0) AS six_zero,
               coalesce(sum(c.events), 0) AS events
        FROM target t
        LEFT JOIN scoring_divisionscore c
          ON c.month = %(month)s AND length(c.code) = %(child)s AND c.code > t.code AND c.code < t.code || ':'
        GROUP BY t.code
    ),
    {_ADJUSTMENT.format(places="target")}
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT %(month)s, code, b.active, b.households, b.total + b.households * o.adjustment, o.adjustment, b.six_zero,
           o.events + b.events, now()
    FROM below b JOIN own o USING (code)
    ORDER BY code
    {_WRITE}
"""

PRUNE_DEPARTMENTS = """
    DELETE FROM scoring_departmentscore s
    WHERE s.month = %(month)s AND NOT EXISTS (
        SELECT FROM households_linkage l
        WHERE l.department_id = s.department_code
          AND l.from_month <= %(month)s AND (l.to_month = '' OR l.to_month >= %(month)s)
    )
"""

# Departments linked in the month to any of the places, over everything that each of them is linked to.
DEPARTMENTS = """
    WITH linked AS (
        SELECT department_id, division_id, weight FROM households_linkage
        WHERE from_month <= %(month)s AND (to_month = '' OR to_month >= %(month)s)
    ),
    touched AS (SELECT DISTINCT department_id FROM linked WHERE left(division_id, 12) = ANY(%(places)s::text[]))
    INSERT INTO scoring_departmentscore (month, department_code, households, total, active, as_of)
    SELECT %(month)s, l.department_id, coalesce(sum(l.weight * d.households), 0),
           coalesce(sum(l.weight * d.total), 0), coalesce(sum(l.weight * d.active), 0), now()
    FROM linked l JOIN touched USING (department_id)
    LEFT JOIN scoring_divisionscore d ON d.month = %(month)s AND d.code = l.division_id
    GROUP BY l.department_id
    ORDER BY l.department_id
    ON CONFLICT (month, department_code) DO UPDATE
        SET households = EXCLUDED.households, total = EXCLUDED.total, active = EXCLUDED.active, as_of = EXCLUDED.as_of
"""

CLEAR = """
    DELETE FROM scoring_mark m
    USING (SELECT unnest(%(codes)s::text[]) AS code, unnest(%(moved)s::bigint[]) AS moved) seen
    WHERE m.month = %(month)s AND m.code = seen.code AND m.moved = seen.moved
"""
