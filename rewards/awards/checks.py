"""What must hold for every fund and award, as queries that return the rows that break it: (where, expected, found)."""

from scoring.checks.scores import Invariant

_FUNDS = """
    SELECT f.county_id || ' ' || f.year || ' ' || f.name,
           'total=' || coalesce(s.fen, 0) || ' allocated=' || coalesce(a.fen, 0),
           'total=' || f.total_fen || ' allocated=' || f.allocated_fen
    FROM rewards_fund f
    LEFT JOIN (SELECT fund_id, sum(amount_fen) AS fen FROM rewards_fundsource GROUP BY 1) s ON s.fund_id = f.id
    LEFT JOIN (SELECT fund_id, sum(amount_fen - withdrawn_fen) AS fen FROM rewards_award GROUP BY 1) a ON a.fund_id = f.id
    WHERE (f.total_fen, f.allocated_fen) IS DISTINCT FROM (coalesce(s.fen, 0), coalesce(a.fen, 0))
       OR f.allocated_fen > f.total_fen
    ORDER BY f.id
"""
_RUNS = """
    SELECT 'run ' || r.id, 'total=' || coalesce(sum(l.amount_fen), 0), 'total=' || r.total_fen
    FROM rewards_awardrun r LEFT JOIN rewards_awardline l ON l.run_id = r.id
    GROUP BY r.id HAVING coalesce(sum(l.amount_fen), 0) <> r.total_fen ORDER BY r.id
"""
# Every line with an amount of a confirmed run became one award of just that.
_AWARDS = """
    SELECT l.division_id || ' run ' || r.id, l.amount_fen || ' fen, ' || l.points || ' points',
           coalesce(a.amount_fen || ' fen, ' || a.points || ' points', 'no award')
    FROM rewards_awardrun r
    JOIN rewards_awardline l ON l.run_id = r.id AND l.amount_fen > 0
    LEFT JOIN rewards_award a ON a.line_id = l.id
    WHERE r.state = 'confirmed' AND (a.amount_fen, a.points) IS DISTINCT FROM (l.amount_fen, l.points)
    ORDER BY r.id, l.division_id
"""
_POINTS = """
    SELECT a.division_id || ' ' || a.letter_no, 'spent=' || a.points, 'spent=' || coalesce(-e.amount, 0)
    FROM rewards_award a
    LEFT JOIN scoring_pointentry e ON e.source_key = 'spend:award:' || a.id
    WHERE a.points <> coalesce(-e.amount, 0) ORDER BY a.id
"""
_DECISIONS = """
    SELECT a.division_id || ' ' || a.letter_no, 'worth=' || d.amount_fen, 'worth=' || a.amount_fen - a.withdrawn_fen
    FROM rewards_award a
    JOIN LATERAL (
        SELECT d.amount_fen FROM rewards_awarddecision d JOIN rewards_awardreview v ON v.id = d.review_id
        WHERE d.award_id = a.id AND v.state = 'confirmed' ORDER BY v.id DESC LIMIT 1
    ) d ON true
    WHERE d.amount_fen <> a.amount_fen - a.withdrawn_fen ORDER BY a.id
"""

OF_ALL_TIME: tuple[Invariant, ...] = (
    Invariant("fund_sums", "资金的总额、已分配等于来源、奖励之和，已分配不超总额", _FUNDS),
    Invariant("award_runs", "测算的合计等于名单之和", _RUNS),
    Invariant("award_lines", "确认的名单与奖励一一相符", _AWARDS),
    Invariant("award_points", "奖励使用的积分已从账户扣除", _POINTS),
    Invariant("award_decisions", "奖励现值等于最后一次决定", _DECISIONS),
)
