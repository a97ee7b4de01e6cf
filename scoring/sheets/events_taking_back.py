"""Taking back an import of events: all of them are withdrawn, as one would withdraw each, as long as no month was signed for."""

from collections.abc import Sequence

from households import sql
from households.codes import village_of
from households.imports.taking_back import moved_on, named
from households.models import User
from scoring.rollup import marks
from scoring.sheets.events_import import KEPT

REASON = "整批撤回导入的例外"
_OWN = """
    FROM scoring_scoreevent e JOIN households_importchange c ON c.key = e.op_id::text
    WHERE c.run_id = %(run)s AND c.source = 'scoring_scoreevent'
"""
_CLOSED = f"""
    SELECT DISTINCT sh.village_id || ' ' || sh.period_id
    FROM (SELECT DISTINCT e.period_id, left(e.code, 12) AS place {_OWN}) x
    JOIN scoring_sheet sh ON sh.period_id = x.period_id AND starts_with(sh.village_id, x.place)
    WHERE sh.state <> 'open' ORDER BY 1
"""
_SHEETS = f"""
    SELECT sh.id FROM (SELECT DISTINCT e.period_id, left(e.code, 12) AS place {_OWN}) x
    JOIN scoring_sheet sh ON sh.period_id = x.period_id AND starts_with(sh.village_id, x.place) ORDER BY 1
"""
_LOCK = f"SELECT id FROM scoring_sheet WHERE id IN ({_SHEETS}) ORDER BY id FOR UPDATE"
_BUMP = f"UPDATE scoring_sheet SET version = version + 1 WHERE id IN ({_SHEETS})"
_WITHDRAW = """
    UPDATE scoring_scoreevent e SET withdrawn_at = now(), withdrawn_by_id = %(by)s, withdraw_reason = %(reason)s
    FROM households_importchange c
    WHERE c.run_id = %(run)s AND c.source = 'scoring_scoreevent' AND c.key = e.op_id::text AND e.withdrawn_at IS NULL
"""


def hang_on_events(run_id: int) -> Sequence[str]:
    """Months that were signed for, and events that somebody has withdrawn since."""
    sql.rows(_LOCK, {"run": run_id})
    found = []
    if closed := [place for (place,) in sql.rows(_CLOSED, {"run": run_id})]:
        found.append(f"已经申报的月份不能改：{named(closed)}。")
    if moved := moved_on(run_id, KEPT):
        found.append(f"其中 {len(moved)} 条已经有人撤回过。")
    return found


def take_back_events(run_id: int, by: User) -> int:
    """Withdraw them, with the same marks that each withdrawal leaves."""
    sql.run(_BUMP, {"run": run_id})
    places = sql.rows(f"SELECT DISTINCT e.period_id, e.code {_OWN}", {"run": run_id})
    done = sql.run(_WITHDRAW, {"run": run_id, "by": by.pk, "reason": REASON})
    for month in {month for month, _ in places}:
        marks.touch(month, {village_of(code) for of, code in places if of == month})
    return done
