"""Ruling on an objection, with a reason of the list for everybody and words for the parties; upheld, the month is put right."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F
from django.utils import timezone

from households import audit
from households.models import User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.models import Clause, Objection, ScoreEvent, Sheet, Source
from scoring.objection_states import ObjectionAction
from scoring.objections.actions.steps import UNKNOWN, check_step, held, said, take
from scoring.objections.hearing import sees, why_not_hear
from scoring.reasons import PublicReason, RejectReason
from scoring.restatements import actions as restating
from scoring.rollup import marks
from scoring.rules import Kind
from scoring.sheets.actions import entries
from scoring.sheets.actions.twins import MEANT, Twins, fact_of, recorded
from scoring.sheets.ops import MAX_NOTE, Op, read_op
from scoring.states import SheetState

# Names what an upheld objection brings the same for ever.
_OF_OBJECTIONS = UUID("6f5b3f2e-83b4-5d0c-9a33-3c6b0a4a1c57")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Upheld or not, the reason of the list, words for the parties; for something good that was missing its clause and day."""

    upheld: bool
    words: str
    public_reason: str = ""
    clause: str = ""
    day: date | None = None
    document_no: str = ""
    again: bool = False

    @property
    def action(self) -> ObjectionAction:
        return ObjectionAction.UPHOLD if self.upheld else ObjectionAction.REJECT

    @property
    def reason(self) -> str:
        """The listed one; a neutral one where none was chosen."""
        known: type[PublicReason] | type[RejectReason] = PublicReason if self.upheld else RejectReason
        chosen = self.public_reason or (PublicReason.REVIEWED if self.upheld else RejectReason.RECORD_STANDS)
        if chosen not in set(known):
            raise Refused("public_reason_unknown", "公开的原因要从列出的里面选。", fields={"public_reason": "请选择"})
        return str(chosen)

    def as_payload(self, objection: int) -> dict[str, object]:
        fields = ("upheld", "words", "public_reason", "clause", "day", "document_no", "again")
        return {"objection": objection} | {name: getattr(self, name) for name in fields}


def rule(*, op_id: UUID, objection: int, ruling: Ruling, by: User) -> Answer:
    """Rule once; of two who rule at the same moment the second is told (409). Answers {"id", "state", "event", "adjustment"}.

    Before freezing the event is withdrawn, or the missing one added, and the village is computed anew; after it a correction is asked
    for, which the county office grants with the second key.
    """

    def act() -> Answer:
        sheet, found = held(objection)
        if not sees(by, found):
            raise UNKNOWN
        check_step(found, ruling.action, by.role)
        refused = why_not_hear(by, found)
        if refused:
            raise Refused("left_out", refused)
        words = said(ruling.words, "请写明理由。", code="reason_missing", field="reason")
        reason = ruling.reason
        if ruling.upheld:
            _put_right(sheet, found, ruling, by)
        take(found, ruling.action, role=by.role, by=by, words=words, public_reason=reason)
        return _answer(found)

    return once(op_id=op_id, by=by, kind="objection.rule", payload=ruling.as_payload(objection), act=act)


def _answer(found: Objection) -> Answer:
    return {
        "id": found.pk,
        "state": str(found.state),
        "event": found.event_id or found.added_id,
        "adjustment": found.adjustment_id,
    }


def _put_right(sheet: Sheet, found: Objection, ruling: Ruling, by: User) -> None:
    if sheet.state == SheetState.FROZEN:
        found.adjustment_id = _ask_correction(found, ruling, by)
        return
    if sheet.state != SheetState.POSTED:
        raise Refused("sheet_state", "这个月现在不在公示，不能更正。", status=409)
    if found.event is not None:
        _withdraw(found.event, ruling.reason, by)
    else:
        found.added = _add(sheet, found, ruling, by)
    Sheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    marks.touch(sheet.period_id, [found.code])


def _withdraw(event: ScoreEvent, reason: str, by: User) -> None:
    """The contrary stamp; the row stays, with the reason of the list."""
    told = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdraw_reason": PublicReason(reason).label}
    if not ScoreEvent.objects.filter(pk=event.pk, withdrawn_at=None).update(**told):
        raise Refused("withdrawn", "这一条已经被撤回。", status=409)
    audit.record(by, "event.withdraw", place=event.code, subject=event, event=event.pk, public_reason=reason)


def _op(found: Objection, ruling: Ruling) -> Op:
    """What is to be added, read as everything that comes to a sheet."""
    raw = {
        "op_id": str(_id(found)),
        "type": "add",
        "household": found.code,
        "clause": ruling.clause,
        "date": ruling.day.isoformat() if ruling.day else None,
        "document_no": ruling.document_no,
        "note": "",
        "again": ruling.again,
    }
    return read_op(raw)


def _add(sheet: Sheet, found: Objection, ruling: Ruling, by: User) -> ScoreEvent:
    """The good thing that was missing: a bonus clause that this post records, and no second one of the same day."""
    op, month = _op(found, ruling), sheet.period_id
    known = Clause.objects.filter(scheme=sheet.period.scheme_id, code=op.clause).select_related("indicator")
    clause = entries.check_clause({clause.code: clause for clause in known}, op)
    if clause.kind != Kind.BONUS or clause.second_person:
        raise Refused("not_a_bonus", "异议只能补记加分。", fields={"clause": "不是加分，或者要两个人确认"})
    entries.check_recorder(by, clause)
    event = entries.build(sheet, op, clause, by=by, version=sheet.version + 1)
    event.source = Source.OBJECTION
    same_day = ScoreEvent.objects.standing().filter(period=month, code=op.code, date=event.date, clause=clause)
    standing = same_day.select_related("clause__indicator", "recorded_by")
    twin = Twins(recorded(one, by=by) for one in standing).find(fact_of(event), again=op.again)
    if twin:
        raise Refused("twin", twin.sentence, hint=MEANT, status=409, fields={"again": "确实又发生了一次才选"})
    event.save(force_insert=True)
    audit.record(by, "event.record", place=event.code, subject=event, event=event.pk, clause=clause.code)
    return event


def _ask_correction(found: Objection, ruling: Ruling, by: User) -> int:
    """After freezing: the first of two keys. What is public of it is the ruling's reason."""
    number = f"异议 {found.number} 成立"
    raw: dict[str, Any] = {"reason": number, "public_reason": ruling.reason}
    if found.event_id:
        raw |= {"withdraw": found.event_id, "household": found.code}
    else:
        op = _op(found, ruling)
        raw |= {"household": found.code, "clause": op.clause, "date": op.day, "document_no": op.document_no}
        raw |= {"note": number[:MAX_NOTE], "again": op.again}
    answer = restating.ask(op_id=_id(found), month=found.period_id, raw=raw, by=by, ruled=True)
    return int(answer["id"])


def _id(found: Objection) -> UUID:
    return uuid5(_OF_OBJECTIONS, str(found.pk))
