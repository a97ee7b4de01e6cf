"""What a village and its township do about a finding that found the month signed for."""

from uuid import UUID, uuid5

from households import audit
from households.codes import Level, is_level, village_of
from households.inbox.actions import tell
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from scoring.finding_states import FindingState
from scoring.findings.actions.filing import answer_of
from scoring.models import Finding, FindingAnswer, FindingAnswerKind, Sheet
from scoring.reasons import PublicReason
from scoring.restatements import actions as restating
from scoring.sheets.ops import MAX_NOTE
from scoring.states import SheetState

REVIEWED = (SheetState.REVIEWED, SheetState.POSTED, SheetState.FROZEN)


def explain(*, op_id: UUID, finding: int, words: str, by: User) -> Answer:
    """The village says why its declaration stands although a department found otherwise. Answers {"id", "state", "event"}."""

    def act() -> Answer:
        found = _unanswered(finding, by, FindingState.LATE)
        _check_may(by, Permission.DECLARE, found, "只有申报的村可以说明。")
        return _answer(found, FindingAnswerKind.EXPLAINED, words, by)

    payload = {"finding": finding, "words": words}
    return once(op_id=op_id, by=by, kind="finding.explain", payload=payload, act=act)


def decline(*, op_id: UUID, finding: int, words: str, by: User) -> Answer:
    """The township asks for no correction, and says why. It cannot do so before it has reviewed the sheet."""

    def act() -> Answer:
        found = _unanswered(finding, by, FindingState.LATE, FindingState.EXPLAINED)
        _check_may(by, Permission.ASK_RESTATEMENT, found, "只有所在乡镇可以处理。")
        if _sheet_state(found) not in REVIEWED:
            raise Refused(
                "not_reviewed",
                "这个村还没有审核：要由村里说明，或者退回给村里改。",
                hint="退回以后，这一件自动记到台账上，等第二人确认。",
                status=409,
            )
        return _answer(found, FindingAnswerKind.DECLINED, words, by)

    payload = {"finding": finding, "words": words}
    return once(op_id=op_id, by=by, kind="finding.decline", payload=payload, act=act)


def correct(*, op_id: UUID, finding: int, words: str, by: User) -> Answer:
    """The township asks for a correction of the frozen month, which the county office grants or refuses."""

    def act() -> Answer:
        found = _unanswered(finding, by, FindingState.LATE, FindingState.EXPLAINED)
        place = "household" if is_level(found.code, Level.HOUSEHOLD) else "division"
        raw = {
            place: found.code,
            "clause": found.clause.code,
            "date": found.date,
            "document_no": found.document_no,
            "note": found.note,
            "reason": _words(words),
            "public_reason": PublicReason.REVIEWED,
        }
        asked = restating.ask(op_id=uuid5(op_id, "correction"), month=found.period_id, raw=raw, by=by)
        Finding.objects.filter(pk=found.pk).update(adjustment=asked["id"])
        audit.record(by, "finding.correct", place=found.code, subject=found, month=found.period_id)
        _tell(found)
        return answer_of(Finding.objects.whole().get(pk=found.pk))

    payload = {"finding": finding, "words": words}
    return once(op_id=op_id, by=by, kind="finding.correct", payload=payload, act=act)


def _unanswered(number: int, by: User, *states: FindingState) -> Finding:
    """The finding inside the person's scope, its row held, in one of the states."""
    inside = Finding.objects.within(by.scope).filter(pk=number)
    if by.department_id or not inside.select_for_update().exists():
        raise Refused("finding_unknown", "没有这一件认定。", status=404)
    found: Finding = inside.whole().get()
    if found.state not in states:
        raise Refused("answered", f"这一件{found.state.label}。", status=409)
    return found


def _check_may(by: User, permission: Permission, found: Finding, otherwise: str) -> None:
    if not may(by, permission, at=found.code):
        raise Refused("not_yours", otherwise, status=403)


def _sheet_state(found: Finding) -> SheetState:
    known = Sheet.objects.filter(period=found.period_id, village=village_of(found.code)).values_list("state", flat=True)
    return SheetState(known.first() or SheetState.OPEN)


def _words(words: str) -> str:
    if not 0 < len(words.strip()) <= MAX_NOTE:
        raise Refused("reason_missing", f"请写明原因，最多 {MAX_NOTE} 字。", fields={"words": "请填写"})
    return words.strip()


def _answer(found: Finding, kind: FindingAnswerKind, words: str, by: User) -> Answer:
    FindingAnswer.objects.create(finding=found, kind=kind, words=_words(words), by=by)
    audit.record(by, f"finding.{kind.value}", place=found.code, subject=found, month=found.period_id)
    _tell(found)
    return answer_of(Finding.objects.whole().get(pk=found.pk))


def _tell(found: Finding) -> None:
    """Its department hears of it; each answer is a message of its own."""
    fresh = Finding.objects.whole().get(pk=found.pk).state
    key = f"{found.pk}:{fresh.value}"
    to = [(Role.DEPARTMENT, found.department_id)]
    tell("finding.answered", key=key, to=to, about=[found.pk, fresh.value])
