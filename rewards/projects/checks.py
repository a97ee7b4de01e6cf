"""What must hold for every project and ballot, as queries that return the rows that break it: (where, expected, found)."""

from scoring.checks.scores import Invariant

_MONEY = """
    SELECT p.village_id || ' #' || p.id,
           'allocated=' || coalesce(a.fen, 0) || ' paid=' || coalesce(y.fen, 0),
           'allocated=' || p.allocated_fen || ' paid=' || p.paid_fen
    FROM rewards_project p
    LEFT JOIN (SELECT project_id, sum(fen) AS fen FROM rewards_allocation GROUP BY 1) a ON a.project_id = p.id
    LEFT JOIN (SELECT project_id, sum(fen) AS fen FROM rewards_payment GROUP BY 1) y ON y.project_id = p.id
    WHERE (p.allocated_fen, p.paid_fen) IS DISTINCT FROM (coalesce(a.fen, 0), coalesce(y.fen, 0))
       OR p.paid_fen > p.allocated_fen OR p.allocated_fen > coalesce(p.budget_fen, 0)
    ORDER BY p.id
"""
_AWARDS = """
    SELECT w.division_id || ' ' || w.letter_no, 'committed=' || coalesce(a.fen, 0), 'committed=' || w.committed_fen
    FROM rewards_award w
    LEFT JOIN (SELECT award_id, sum(fen) AS fen FROM rewards_allocation GROUP BY 1) a ON a.award_id = w.id
    WHERE w.committed_fen <> coalesce(a.fen, 0)
    ORDER BY w.id
"""
_ELSEWHERE = """
    SELECT p.village_id || ' #' || p.id, 'award of ' || p.village_id, 'award of ' || w.division_id
    FROM rewards_allocation a
    JOIN rewards_project p ON p.id = a.project_id
    JOIN rewards_award w ON w.id = a.award_id
    WHERE w.division_id <> p.village_id
    ORDER BY p.id
"""
_ORDER = """
    SELECT village_id || ' ' || year, 'priorities 1..' || count(*), 'priorities ' || min(priority) || '..' || max(priority)
    FROM rewards_project WHERE priority IS NOT NULL
    GROUP BY village_id, year HAVING min(priority) <> 1 OR max(priority) <> count(*)
    ORDER BY 1
"""
# Somebody put more slips into the box than were handed out.
_SLIPS = """
    SELECT b.village_id || ' #' || b.id, 'slips<=' || coalesce(v.handed, 0), 'slips=' || s.keyed
    FROM rewards_ballot b
    JOIN (SELECT ballot_id, count(*) AS keyed FROM rewards_slip WHERE struck_at IS NULL GROUP BY 1) s ON s.ballot_id = b.id
    LEFT JOIN (SELECT ballot_id, count(*) AS handed FROM rewards_voice WHERE channel = 'paper' GROUP BY 1) v
        ON v.ballot_id = b.id
    WHERE s.keyed > coalesce(v.handed, 0)
    ORDER BY b.id
"""
# What stands for a household is the last of what it said.
_VOICES = """
    SELECT b.village_id || ' #' || b.id, 'voices equal their last entries', count(*) || ' differ'
    FROM rewards_voice v
    JOIN rewards_ballot b ON b.id = v.ballot_id
    LEFT JOIN rewards_voiceentry e ON e.voice_id = v.id AND e.number = v.changes + 1
    WHERE v.channel = 'pin' AND v.picks IS DISTINCT FROM e.picks
    GROUP BY b.id ORDER BY b.id
"""

OF_ALL_TIME: tuple[Invariant, ...] = (
    Invariant("project_money", "项目的已安排、已付等于明细之和，已付不超已安排，已安排不超核定", _MONEY),
    Invariant("project_awards", "奖励的已用等于安排给项目的资金之和", _AWARDS),
    Invariant("project_own_award", "项目只用本村的奖励", _ELSEWHERE),
    Invariant("project_order", "每村每年的需求从 1 起连续编号", _ORDER),
    Invariant("ballot_slips", "录入的纸质票不多于发出的", _SLIPS),
    Invariant("ballot_voices", "每户的选择等于它最后一次的选择", _VOICES),
)
