"""The other side of the benchmark: the same rows written by hand-written SQL, straight from one table to the next.

Written as someone would who does the job once, for one county, on a quiet machine: no locks, no marks, no checks
of what is there already, one pass a level. It leaves the same rows as the roll-up and the freezing do.
"""

from typing import Any

from django.db import connection, transaction

from households.months import first_day, label, last_day
from scoring.ledger.chains import LEAF

_HOUSEHOLDS = """
    INSERT INTO scoring_householdscore (month, code, score, bonus, broken)
    SELECT %(month)s, h.code, 100 - coalesce(x.lost, 0) + coalesce(x.bonus, 0), coalesce(x.bonus, 0), coalesce(x.broken, 0)
    FROM households_household h
    JOIN scoring_sheet s ON s.period_id = %(month)s AND s.village_id = left(h.code, 12) AND s.state <> 'open'
    LEFT JOIN (
        SELECT code, sum(least(lost, share)) AS lost, least(20, sum(bonus)) AS bonus,
               sum(CASE WHEN lost > 0 THEN 1 << (position - 1) ELSE 0 END) AS broken
        FROM (
            SELECT e.code, i.position, i.share,
                   coalesce(sum(e.points) FILTER (WHERE e.kind = 'deduct'), 0) AS lost,
                   coalesce(sum(e.points) FILTER (WHERE e.kind = 'bonus'), 0) AS bonus
            FROM scoring_scoreevent e
            JOIN scoring_period p ON p.month = e.period_id
            JOIN scoring_indicator i ON i.scheme_id = p.scheme_id AND i.position = e.indicator
            WHERE e.period_id = %(month)s AND e.confirmed_at IS NOT NULL AND e.withdrawn_at IS NULL
            GROUP BY e.code, i.position, i.share
        ) parts GROUP BY code
    ) x ON x.code = h.code
    WHERE (h.valid_from IS NULL OR h.valid_from <= %(last_day)s) AND (h.valid_to IS NULL OR h.valid_to > %(last_day)s)
    ORDER BY h.code
"""
_OWN = """
    SELECT code, sum(CASE kind WHEN 'bonus' THEN points WHEN 'deduct' THEN -points ELSE 0 END) AS adjustment, count(*) AS events
    FROM scoring_scoreevent
    WHERE period_id = %(month)s AND length(code) = {length} AND confirmed_at IS NOT NULL AND withdrawn_at IS NULL
    GROUP BY code
"""
_GROUPS = f"""
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT %(month)s, g.code, g.active, g.households, g.total + g.households * coalesce(o.adjustment, 0),
           coalesce(o.adjustment, 0), g.six_zero, coalesce(o.events, 0) + coalesce(e.events, 0), now()
    FROM (
        SELECT left(h.code, 14) AS code, count(*) AS active, count(s.score) AS households,
               coalesce(sum(s.score), 0) AS total, count(*) FILTER (WHERE s.broken = 0) AS six_zero
        FROM households_household h LEFT JOIN scoring_householdscore s ON s.month = %(month)s AND s.code = h.code
        WHERE (h.valid_from IS NULL OR h.valid_from <= %(last_day)s) AND (h.valid_to IS NULL OR h.valid_to > %(last_day)s)
        GROUP BY 1
    ) g
    LEFT JOIN (SELECT left(code, 14) AS code, count(*) AS events FROM scoring_scoreevent
               WHERE period_id = %(month)s AND length(code) = 18 AND withdrawn_at IS NULL GROUP BY 1) e USING (code)
    LEFT JOIN ({_OWN.format(length=14)}) o USING (code)
    ORDER BY g.code
"""
_PARENTS = f"""
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT %(month)s, p.code, p.active, p.households, p.total + p.households * coalesce(o.adjustment, 0),
           coalesce(o.adjustment, 0), p.six_zero, p.events + coalesce(o.events, 0), now()
    FROM (
        SELECT left(code, {{length}}) AS code, sum(active) AS active, sum(households) AS households, sum(total) AS total,
               sum(six_zero) AS six_zero, sum(events) AS events
        FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = {{child}}
        GROUP BY 1
    ) p
    LEFT JOIN ({_OWN.format(length="{length}")}) o USING (code)
    ORDER BY p.code
"""
_DEPARTMENTS = """
    INSERT INTO scoring_departmentscore (month, department_code, households, total, active, as_of)
    SELECT %(month)s, l.department_id, sum(l.weight * d.households), sum(l.weight * d.total), sum(l.weight * d.active), now()
    FROM households_linkage l JOIN scoring_divisionscore d ON d.month = %(month)s AND d.code = l.division_id
    WHERE l.from_month <= %(month)s AND (l.to_month = '' OR l.to_month >= %(month)s)
    GROUP BY l.department_id
"""
ROLL_UP = (
    _HOUSEHOLDS,
    _GROUPS,
    _PARENTS.format(length=12, child=14),
    _PARENTS.format(length=9, child=12),
    _PARENTS.format(length=6, child=9),
    _DEPARTMENTS,
)


def roll_up(month: str) -> None:
    """A month nobody has rolled up yet: every score, every line, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in ROLL_UP:
            cursor.execute(sql, {"month": month, "last_day": last_day(month)})


_DUE = """
    SELECT 'household' AS owner_kind, code AS owner, left(code, 12) AS chain,
           (CASE WHEN broken = 0 THEN 10 ELSE 0 END + bonus)::int AS amount,
           concat_ws('，', CASE WHEN broken = 0 THEN %(label)s || '六项为零' END,
                     CASE WHEN bonus > 0 THEN %(label)s || '加分 ' || bonus || ' 分' END) AS text
    FROM scoring_householdscore WHERE month = %(month)s AND (broken = 0 OR bonus > 0)
    UNION ALL
    SELECT 'division', code, left(code, 12), div(2 * total + households, 2 * households)::int, %(label)s || '考核得分'
    FROM scoring_divisionscore
    WHERE month = %(month)s AND length(code) > 6 AND households > 0 AND 2 * total >= households
    UNION ALL
    SELECT 'department', department_code, 'department:' || department_code,
           div(2 * total + households, 2 * households)::int, %(label)s || '考核得分'
    FROM scoring_departmentscore WHERE month = %(month)s AND households > 0 AND 2 * total >= households
"""
# The chains begin with this month: nobody has any points yet.
_CREDIT = f"""
    WITH due AS MATERIALIZED ({_DUE}),
    credited AS (
        INSERT INTO scoring_account (owner_kind, owner, balance, held, owed)
        SELECT owner_kind, owner, amount, 0, 0 FROM due ORDER BY owner
        ON CONFLICT (owner, owner_kind) DO UPDATE SET balance = scoring_account.balance + EXCLUDED.balance
        RETURNING id, owner_kind, owner
    ),
    numbered AS (
        SELECT c.id, due.*, 'freeze:' || %(month)s || ':' || due.owner_kind || ':' || due.owner AS source_key,
               row_number() OVER (PARTITION BY chain ORDER BY due.owner_kind DESC, due.owner) AS seq,
               uuid_send(gen_random_uuid()) AS salt
        FROM due JOIN credited c USING (owner, owner_kind)
    ),
    linked AS (
        SELECT n.*, ledger_links('\\x{"00" * 32}'::bytea, ledger_leaf(
                   chain, seq, owner_kind, owner, 'freeze', %(month)s, %(year)s, amount, 0, 0, source_key, text, now(), salt)
               ) OVER (PARTITION BY chain ORDER BY seq ROWS UNBOUNDED PRECEDING) AS hash
        FROM numbered n
    ),
    heads AS (
        INSERT INTO scoring_ledgerhead (chain, seq, hash)
        SELECT DISTINCT ON (chain) chain, seq, hash FROM linked ORDER BY chain, seq DESC
    )
    INSERT INTO scoring_pointentry (account_id, month, year, amount, held, owed, kind, source_key, text, at, chain, seq,
                                    salt, hash)
    SELECT id, %(month)s, %(year)s, amount, 0, 0, 'freeze', source_key, text, now(), chain, seq, salt, hash
    FROM linked ORDER BY chain, seq
"""
_FREEZE = (
    "UPDATE scoring_sheet SET state = 'frozen', frozen_at = now(), version = version + 1 WHERE period_id = %(month)s"
)


_SNAPSHOT = """
    INSERT INTO scoring_rankingsnapshot (month, level, within, version, reason, body, digest, at)
    SELECT %(month)s, {level}, within, 1, '锁定', body, encode(sha256(convert_to(body, 'UTF8')), 'hex'), now()
    FROM (
        SELECT within, '[' || string_agg(
                   json_build_object(
                       'code', code, 'name', name, 'households', households, 'total', total,
                       'coverage', to_char(households::numeric / nullif(active, 0), 'FM0.0000'),
                       'result', to_char(total::numeric / nullif(households, 0), 'FM990.00'),
                       'six_zero_households', six_zero, 'rank', rank, 'previous_rank', NULL)::text,
                   E',\\n' ORDER BY rank NULLS LAST, code) || ']' AS body
        FROM (
            SELECT {within} AS within, s.*, d.name, CASE WHEN {final} THEN
                       rank() OVER (PARTITION BY {within}, {final}
                                    ORDER BY total::numeric / nullif(households, 0) DESC) END AS rank
            FROM {lines} s JOIN {names} d ON d.code = s.code
        ) ranked GROUP BY within
    ) bodies
"""
_OF_A_LEVEL = "(SELECT * FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = {length})"
_OF_DEPARTMENTS = """(SELECT department_code AS code, households, total, active, 0 AS six_zero
                      FROM scoring_departmentscore WHERE month = %(month)s)"""
_SNAPSHOTS = [
    *(
        _SNAPSHOT.format(
            level=f"'{level}'",
            within="left(s.code, 6)",
            lines=_OF_A_LEVEL.format(length=length),
            names="households_division",
            final="(households > 0 AND households = active)",
        )
        for level, length in (("group", 14), ("village", 12), ("township", 9), ("county", 6))
    ),
    _SNAPSHOT.format(
        level="'department'",
        within="'430601'",
        lines=_OF_DEPARTMENTS,
        names="households_department",
        final="(households > 0)",
    ),
]


def freeze(month: str) -> None:
    """A month nobody has rolled up yet: scores, points, sheets and the archived rankings, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        facts: dict[str, Any] = {
            "month": month,
            "last_day": last_day(month),
            "year": first_day(month).year,
            "label": label(month),
        }
        for sql in (*ROLL_UP, _CREDIT, _FREEZE, *_SNAPSHOTS):
            cursor.execute(sql, facts)


_HASHED = f"""
    SELECT count(sha256(e.hash || {LEAF.format(of="e")}))
    FROM (SELECT p.*, a.owner_kind, a.owner FROM scoring_pointentry p JOIN scoring_account a ON a.id = p.account_id) e
"""


def hash_entries() -> None:
    """Every entry of the ledger hashed once, each by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_HASHED)
