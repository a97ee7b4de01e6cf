"""What a change of places does to months and points: foreseen for its rehearsal, then done with it, set by set.

Exceptions of months that are open go on under the new codes, points too. What was recorded against a place goes on with it where
it goes on alone; where it is merged, against its groups, so that it moves the same households by as much as before.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from households import audit
from households.borders.rooms import BorderStep
from households.changes.rooms import ChangeEffect
from households.codes import Level, is_level, village_of
from households.imports import staging
from households.models import User
from households.months import label, month_of
from households.sql import rows, run
from scoring.ledger import moving, places
from scoring.models import Period, Sheet
from scoring.rollup import marks
from scoring.states import SheetState

AT = 20
_COUNT = """
    SELECT count(*) FROM scoring_scoreevent e JOIN {staged} s ON s.old = e.code
    WHERE e.period_id >= %(month)s AND e.withdrawn_at IS NULL
"""
_CARRY = """
    WITH gone AS (
        UPDATE scoring_scoreevent e SET withdrawn_at = now(), withdrawn_by_id = %(by)s, withdraw_reason = '区划调整，转记到新编码'
        WHERE e.code IN (SELECT old FROM {staged}) AND e.period_id >= %(month)s AND e.withdrawn_at IS NULL
        RETURNING e.*
    )
    INSERT INTO scoring_scoreevent
        (op_id, period_id, code, clause_id, indicator, kind, points, date, document_no, note, source, sheet_version,
         recorded_by_id, recorded_at, confirmed_by_id, confirmed_at, withdraw_reason)
    SELECT md5(e.op_id::text || s.new)::uuid, e.period_id, s.new, e.clause_id, e.indicator, e.kind, e.points, e.date,
           e.document_no, e.note, e.source, e.sheet_version, e.recorded_by_id, e.recorded_at, e.confirmed_by_id,
           e.confirmed_at, ''
    FROM gone e JOIN {staged} s ON s.old = e.code ORDER BY e.id, s.new
"""
_CARRY_PHOTOS = """
    INSERT INTO scoring_eventphoto (event_id, digest, content, by_id, at, withdraw_reason)
    SELECT n.id, p.digest, p.content, p.by_id, p.at, ''
    FROM scoring_eventphoto p JOIN scoring_scoreevent e ON e.id = p.event_id JOIN {staged} s ON s.old = e.code
    JOIN scoring_scoreevent n ON n.op_id = md5(e.op_id::text || s.new)::uuid
    WHERE p.withdrawn_at IS NULL AND e.period_id >= %(month)s ORDER BY p.id ON CONFLICT DO NOTHING
"""
_CARRY_FINDINGS = """
    UPDATE scoring_finding f SET event_id = n.id, code = n.code
    FROM scoring_scoreevent e JOIN {staged} s ON s.old = e.code
    JOIN scoring_scoreevent n ON n.op_id = md5(e.op_id::text || s.new)::uuid
    WHERE f.event_id = e.id AND e.period_id >= %(month)s
"""
_STAY = """
    SELECT count(*) FROM scoring_scoreevent e JOIN staged_way w ON w.old = e.code
    WHERE e.period_id >= %(month)s AND e.withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM staged_spread s WHERE s.old = e.code)
"""
_POINTS = """
    SELECT count(*), coalesce(sum(a.balance - a.held), 0), coalesce(sum(a.owed), 0)
    FROM staged_move m JOIN scoring_account a ON a.owner_kind = 'household' AND a.owner = m.old
    WHERE a.balance > a.held OR a.owed > 0
"""
_OF_PLACES = """
    SELECT count(*), coalesce(sum(a.balance - a.held), 0) FROM staged_way w
    JOIN scoring_account a ON a.owner_kind = 'division' AND a.owner = w.old WHERE a.balance > a.held
"""
_TEXT = 'text COLLATE "C"'


def foresee(step: BorderStep, by: User | None) -> Iterator[ChangeEffect]:
    """Months that are computed anew, exceptions, points."""
    _stage_spread(step)
    if months := _months(step):
        yield ChangeEffect(f"会重新汇总还没申报的月份：{'、'.join(label(month) for month in months)}。")
    at = {"month": month_of(step.counts_from)}
    if count := _number(_COUNT.format(staged="staged_move"), at):
        yield ChangeEffect(f"这些月份里已录入、还没申报的 {count} 条户的例外转记到新的户编号。")
    if count := _number(_COUNT.format(staged="staged_spread"), at):
        yield ChangeEffect(
            f"{count} 条记在区划名下的例外转记到接续的区划；并入的村，转记到它原来的各组，影响的户不变。"
        )
    if count := _number(_STAY, at):
        yield ChangeEffect(
            f"{count} 条记在停用区划名下的例外没有单独接续的区划，留作记录，不再计分；要算的请重新登记。"
        )
    households, points, owed = rows(_POINTS)[0]
    if households:
        told = f"{households} 户共 {points} 分积分" + (f"、欠 {owed} 分" if owed else "")
        yield ChangeEffect(f"{told}，全部转到新的户编号，年份和有效期不变；以后补记的也一样。")
    places, points = rows(_OF_PLACES)[0]
    if places:
        yield ChangeEffect(f"{places} 个停用区划的 {points} 分积分转到接续的区划。")


def _number(sql: str, params: dict[str, Any]) -> int:
    return int(rows(sql, params)[0][0])


def _carried(staged: str, params: dict[str, Any]) -> int:
    """Exceptions that go on, their photos with them."""
    carried = run(_CARRY.format(staged=staged), params)
    if carried:
        run(_CARRY_PHOTOS.format(staged=staged), params)
        run(_CARRY_FINDINGS.format(staged=staged), params)
    return carried


def follow(step: BorderStep, by: User | None) -> None:
    """Exceptions go on, months are marked, points are handed on."""
    assert step.order
    _stage_spread(step)
    params = {"month": month_of(step.counts_from), "by": by.pk if by else None}
    carried = sum(_carried(staged, params) for staged in ("staged_move", "staged_spread"))
    if carried:
        audit.record(by, "border.carry_on", place=step.villages[0][:6], subject=f"order {step.order}", events=carried)
    months = _months(step)
    open_ones = Sheet.objects.filter(village__in=step.villages, period__in=months, state=SheetState.OPEN)
    open_ones.update(version=F("version") + 1)
    for month in months:
        marks.touch(month, step.villages)
    points = moving.pass_all(step, by)
    if points:
        audit.record(by, "points.pass_on_all", place=step.villages[0][:6], subject=f"order {step.order}", points=points)


def hinders(step: BorderStep) -> Iterator[str]:
    """Points that have been used meanwhile."""
    if short := places.spent(step):
        yield f"转到{'、'.join(short)}的积分已经用掉一部分。"


def _months(step: BorderStep) -> list[str]:
    """The months that have begun and that the change counts in."""
    begun = Period.objects.filter(month__gte=month_of(step.counts_from)).order_by("month")
    return list(begun.values_list("month", flat=True))


def _stage_spread(step: BorderStep) -> None:
    pairs = sorted(_spread(step))
    columns = [[old for old, _ in pairs], [new for _, new in pairs]]
    staging.stage("staged_spread", {"old": _TEXT, "new": _TEXT}, columns)


def _spread(step: BorderStep) -> Iterator[tuple[str, str]]:
    """Where what was recorded against each place that ends goes on."""
    alone = _goes_on_alone(step)
    for old, new in step.ways.items():
        if old in alone:
            yield old, new
        elif is_level(old, Level.VILLAGE):
            groups = [code for code in step.ways if is_level(code, Level.GROUP) and village_of(code) == old]
            if all(group in alone and village_of(step.ways[group]) == new for group in groups):
                yield from ((old, step.ways[group]) for group in groups)


def _goes_on_alone(step: BorderStep) -> set[str]:
    """Places that a new one continues and nobody else comes to; taken back, all that went so come back so."""
    if step.back:
        return set(step.ways)
    sources: dict[str, int] = {}
    for new in step.ways.values():
        sources[new] = sources.get(new, 0) + 1
    mixed = {
        new
        for (new,) in rows(
            "SELECT DISTINCT left(m.new, 14) FROM staged_move m WHERE NOT EXISTS "
            "(SELECT FROM staged_way w WHERE w.old = left(m.old, 14) AND w.new = left(m.new, 14))"
        )
    }
    mixed |= {village_of(code) for code in mixed}
    return {old for old, new in step.ways.items() if new in step.made and sources[new] == 1 and new not in mixed}
