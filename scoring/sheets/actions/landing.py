"""Findings of departments become entries of a village's open sheet: pending, until somebody else confirms them."""

from households import audit
from households.inbox.actions import tell
from households.roles import Role
from households.scope import lies_in
from scoring.finding_states import FindingState
from scoring.models import Finding, ScoreEvent, Sheet, Source
from scoring.rollup import marks
from scoring.sheets.actions.entries import build
from scoring.sheets.actions.twins import Twins, fact_of, recorded
from scoring.sheets.ops import Op, OpType
from scoring.states import SheetState


def entry_of(finding: Finding, sheet: Sheet) -> ScoreEvent:
    """The finding as an entry of the sheet, not yet written. It never counts before a second person has looked."""
    op = Op(
        finding.op_id, OpType.ADD, finding.code, finding.clause.code, finding.date, finding.document_no, finding.note
    )
    event = build(sheet, op, finding.clause, by=finding.filed_by, version=sheet.version + 1)
    event.source, event.confirmed_by, event.confirmed_at = Source.FINDING, None, None
    return event


def land(finding: Finding, sheet: Sheet) -> ScoreEvent:
    """Write the entry of a finding, or take one that says the same already. The sheet is open, and its row held.

    Whoever calls raises the sheet's version and leaves its mark.
    """
    event = entry_of(finding, sheet)
    same = ScoreEvent.objects.standing().filter(
        period=sheet.period_id, code=finding.code, clause=finding.clause, findings=None
    )
    known = Twins(
        recorded(each, by=finding.filed_by) for each in same.select_related("clause__indicator", "recorded_by")
    )
    twin = known.find(fact_of(event), again=False)
    if twin and twin.event:
        finding.event_id = twin.event
    else:
        event.save(force_insert=True)
        finding.event = event
    finding.save(update_fields=["event"])
    audit.record(
        finding.filed_by,
        "finding.land",
        place=finding.code,
        subject=sheet,
        event=finding.event_id,
        clause=finding.clause.code,
    )
    return event


def land_late(sheet: Sheet) -> int:
    """Have what came while the sheet was signed for stand on it, now that it is open again; how many."""
    assert sheet.state == SheetState.OPEN
    late = Finding.objects.unlanded().filter(lies_in(sheet.village_id), period=sheet.period_id)
    late = late.exclude(answers__kind="declined")
    waiting = list(late.select_related("clause__indicator", "filed_by").order_by("id"))
    for finding in waiting:
        land(finding, sheet)
        # Each time anew: a month may be signed for, sent back and signed for again.
        tell(
            "finding.answered",
            key=f"{finding.pk}:landed:{sheet.version}",
            to=[(Role.DEPARTMENT, finding.department_id)],
            about=[finding.pk, FindingState.PENDING.value],
        )
    if waiting:
        marks.touch(sheet.period_id, [finding.code for finding in waiting])
    return len(waiting)
