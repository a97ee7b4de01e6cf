"""What must hold of objections, each as one query that returns the rows that break it: (where, expected, found)."""

from households.kin.reads import REACHED
from households.roles import Role
from scoring.checks.scores import Invariant
from scoring.objections.hearing import BROUGHT

_OPEN = "('first', 'answered', 'second')"
# Upheld: the event is taken back, the missing one is there, or a correction is on its way or decided.
_PUT_RIGHT = """
    SELECT 'objection ' || o.id, 'put right', 'nothing changed'
    FROM scoring_objection o
    LEFT JOIN scoring_scoreevent e ON e.id = coalesce(o.event_id, o.added_id)
    LEFT JOIN scoring_adjustment a ON a.id = o.adjustment_id
    WHERE o.state = 'upheld' AND NOT coalesce(CASE
        WHEN a.id IS NOT NULL THEN a.state <> 'granted' OR (CASE WHEN o.event_id IS NULL THEN a.event_id IS NOT NULL
                                                            ELSE e.withdrawn_at IS NOT NULL END)
        WHEN o.event_id IS NOT NULL THEN e.withdrawn_at IS NOT NULL
        ELSE e.code = o.code AND e.confirmed_at IS NOT NULL END, false)
    ORDER BY o.id
"""
_FROZEN = f"""
    SELECT 'objection ' || o.id, 'closed', o.state
    FROM scoring_objection o
    JOIN scoring_sheet s ON s.period_id = o.period_id AND s.village_id = o.village_id AND s.state = 'frozen'
    WHERE o.blocks AND o.state IN {_OPEN} ORDER BY o.id
"""
_HISTORY = """
    SELECT 'objection ' || o.id, coalesce(last.state, 'a step'), o.state
    FROM scoring_objection o LEFT JOIN LATERAL (
        SELECT s.state FROM scoring_objectionstep s WHERE s.objection_id = o.id ORDER BY s.id DESC LIMIT 1
    ) last ON true
    WHERE last.state IS DISTINCT FROM o.state
       OR NOT EXISTS (SELECT FROM scoring_objectionstep s WHERE s.objection_id = o.id AND s.action = 'file')
    ORDER BY o.id
"""
# Nobody rules who recorded or confirmed before, objected or keyed it in, or whose kin was declared by then. Cadres once heard what they
# had keyed in.
_HEARD = f"""
    WITH RECURSIVE {REACHED.format(ties="")}
    SELECT 'objection ' || o.id, 'ruled by somebody else', u.username
    FROM scoring_objectionstep s
    JOIN scoring_objection o ON o.id = s.objection_id
    JOIN households_user u ON u.id = s.by_id
    LEFT JOIN scoring_scoreevent e ON e.id = o.event_id
    WHERE s.action IN ('uphold', 'reject') AND (
        s.by_id IN (e.recorded_by_id, e.confirmed_by_id)
        OR EXISTS (SELECT FROM scoring_objectionstep b WHERE b.objection_id = o.id AND b.by_id = s.by_id AND b.id < s.id
                   AND b.action IN {BROUGHT} AND b.role <> '{Role.CADRE}')
        OR EXISTS (SELECT FROM reached k WHERE k.user_id = s.by_id AND k.code = o.code
                   AND k.since <= s.at AND coalesce(k.until > s.at, true)))
    ORDER BY o.id
"""
OF_OBJECTIONS: tuple[Invariant, ...] = (
    Invariant("objections_put_right", "成立的异议都已更正或正在报批", _PUT_RIGHT),
    Invariant("objections_before_freezing", "有异议在办的村没有锁定", _FROZEN),
    Invariant("objection_history", "异议的状态与步骤一致", _HISTORY),
    Invariant("objections_heard", "裁定异议的不是当事人", _HEARD),
)
