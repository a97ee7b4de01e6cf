"""Checks of one entry before it is written: who, where, when, under which clause."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils import timezone

from households.codes import Level, is_level
from households.models import User
from households.months import contains
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from scoring.models import Clause, ScoreEvent, Sheet, Source, Subject
from scoring.readers import Reader
from scoring.schemes.authorities import belongs_to
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.recorders import may_record, may_withdraw_of
from scoring.schemes.redlines import PETITION
from scoring.sheets.ops import Op
from scoring.states import SheetState, lock_reason

SEALED_HINT = "以前的月份不受影响。"


def check_open(sheet: Sheet) -> None:
    """Refuse unless the sheet takes entries."""
    if sheet.state != SheetState.OPEN:
        raise Refused("sheet_locked", lock_reason(SheetState(sheet.state)))


def check_clause(clauses: Mapping[str, Clause], op: Op) -> Clause:
    """The clause an entry names, fitting the thing it is recorded against and with the document it demands."""
    clause = check_subject(clauses.get(op.clause), op.clause, op.code)
    check_sealed(clause, op.day)
    check_document(clause, op.document_no)
    return clause


def clause_of(op: Op, scheme: int, *, by: User) -> Clause:
    """The clause of a single entry under that scheme, which the person may record. One query."""
    known = Clause.objects.filter(scheme=scheme, code=op.clause).select_related("indicator")
    clause = check_clause({each.code: each for each in known}, op)
    check_recorder(by, clause)
    return clause


def check_subject(clause: Clause | None, named: str, code: str) -> Clause:
    """The clause, which is one of the month's and fits the household or division."""
    if clause is None:
        raise Refused("clause_unknown", f"本月细则里没有条款“{named}”。", fields={"clause": "没有这一条"})
    wanted = Subject.HOUSEHOLD if is_level(code, Level.HOUSEHOLD) else Subject.DIVISION
    if clause.subject not in (wanted, Subject.BOTH):
        raise Refused(
            "clause_subject",
            f"条款 {clause.code} 只能记在{clause.get_subject_display()}上。",
            fields={"clause": "对象不符"},
        )
    return clause


def check_sealed(clause: Clause, day: date | None) -> None:
    """Refuse an entry that would rest on a record that is sealed on its day, whatever the scheme of its month says."""
    if rests_on_sealed_record(clause.kind, clause.text, clause.basis, day):
        raise Refused(
            "sealed_record", sealed_sentence(clause.code), hint=SEALED_HINT, fields={"clause": "记录依法封存"}
        )


def sealed_sentence(code: str) -> str:
    """Why nothing is recorded under that clause any more."""
    return f"条款 {code} 以公安机关的处罚决定为依据，2026年1月1日起这类记录依法封存，不能登记，也不要填写文号。"


def check_document(clause: Clause, document_no: str) -> None:
    """Refuse an entry without the document number that its clause demands."""
    if clause.document_required and not document_no:
        raise Refused(
            "document_required",
            f"条款 {clause.code} 须有文书号，没有文书不能登记。",
            hint="请填写决定书或告知书的文号。",
            fields={"document_no": "必填"},
        )


def check_day(month: str, day: date | None, today: date | None = None) -> date:
    """The day of an entry: inside the month and not in the future. `today` is asked of the clock unless it is given."""
    if day is None or not contains(month, day):
        raise Refused("date_outside_month", f"日期不在 {month} 这个月里。", fields={"date": "不在本月"})
    if day > (today or timezone.localdate()):
        raise Refused("date_in_future", "日期还没有到，不能登记将来的事。", fields={"date": "还没有到"})
    return day


def check_recorder(by: User, clause: Clause) -> None:
    """Refuse a person whose role does not let them record under the clause, and a department another one's clause."""
    if not may_record(by.role, clause.recorder):
        raise Refused(
            "recorder", f"条款 {clause.code} 只能由{clause.get_recorder_display()}登记。", hint="请转告他们登记。"
        )
    if by.department and not belongs_to(by.department.name, clause.text, clause.basis):
        raise Refused(
            "recorder",
            f"条款 {clause.code} 不归{by.department.name}认定，没有登记。",
            hint="请转告作出决定的部门登记，或交县六零办。",
            fields={"clause": "不归本部门"},
        )


def check_place(sheet: Sheet, code: str, places: Collection[str], *, by: User) -> None:
    """Refuse a code outside the village or the person's own part of it, or one that does not count in the month."""
    if not may(by, Permission.RECORD_EVENT):
        raise Refused("not_yours", f"{by.get_role_display()}只能查看，不能登记例外。", hint="请村干部或组长登记。")
    if not code.startswith(sheet.village_id):
        raise Refused("place_elsewhere", f"{code} 不在{sheet.village.name}。", fields={"household": "不在本村"})
    if not by.scope.covers(code):
        raise Refused(
            "not_yours",
            "只能登记自己管辖范围内的户。",
            hint="其他户请转告村干部登记。",
            fields={"household": "不归您管"},
        )
    if code not in places:
        raise Refused("place_unknown", f"{code} 本月不在册。", hint="请先核对户编号。", fields={"household": "不在册"})


def check_unseen(op: Op, base_version: int | None, standing: Collection[ScoreEvent], by: User) -> ScoreEvent | None:
    """A standing event under the same clause that the person had not seen when they wrote their own, if there is one.

    One of the same day comes first, whoever recorded it; one of another day only when it is somebody else's.
    """
    if base_version is None:
        return None
    same = [e for e in standing if e.code == op.code and e.clause.code == op.clause and e.sheet_version > base_version]
    others = (e for e in same if e.recorded_by_id != by.pk)
    return next((e for e in same if e.date == op.day), None) or next(others, None)


def counts_at_once(clause: Clause, code: str, kin: Collection[str], by: User) -> bool:
    """Whether no second person is needed: by the clause, for kin's households, and for what a group leader writes down."""
    return not clause.second_person and code not in kin and by.role != Role.GROUP_LEADER


def build(
    sheet: Sheet, op: Op, clause: Clause, *, by: User, version: int, kin: Collection[str] = frozenset()
) -> ScoreEvent:
    """The event of a checked entry. It counts at once, but where a second person is needed."""
    is_alone = counts_at_once(clause, op.code, kin, by)
    return ScoreEvent(
        op_id=op.op_id,
        period=sheet.period,
        code=op.code,
        clause=clause,
        indicator=clause.indicator.position,
        kind=clause.kind,
        points=clause.points,
        date=check_day(sheet.period_id, op.day),
        document_no=op.document_no,
        note=op.note,
        source=Source.SHEET,
        sheet_version=version,
        recorded_by=by,
        confirmed_by=by if is_alone else None,
        confirmed_at=timezone.now() if is_alone else None,
    )


def is_secret_from(event: ScoreEvent, by: User) -> bool:
    """Whether what a 零非访 entry says is kept from `by`: it is for the petition office and the county office."""
    return event.clause.indicator.code == PETITION and not Reader(by).reads_petition_entries


def may_withdraw(event: ScoreEvent, *, by: User) -> bool:
    """Whether `by` or their department recorded the event, or they stand above whoever did."""
    recorder_role = event.recorded_by.role if event.recorded_by else ""
    own = event.recorded_by_id == by.pk or is_of_department(event.recorded_by, by)
    return may(by, Permission.RECORD_EVENT, at=event.code) and (own or may_withdraw_of(by.role, recorder_role))


def is_of_department(recorder: User | None, by: User) -> bool:
    """Whether a department recorded it, and `by` works there."""
    return recorder is not None and by.department_id is not None and recorder.department_id == by.department_id


def may_confirm(event: ScoreEvent, *, by: User) -> bool:
    """Whether `by` can be the second person of an event: never its recorder, nor one who may not read what it says."""
    if is_secret_from(event, by):
        return False
    return event.recorded_by_id != by.pk and may(by, Permission.CONFIRM_EVENT, at=event.code)


def check_withdrawal(event: ScoreEvent, *, by: User, reason: str) -> None:
    """Refuse a withdrawal by someone else than the recorder or who stands above them, or without a reason."""
    if not may_withdraw(event, by=by):
        who = event.recorded_by.get_role_display() if event.recorded_by else "县六零办"
        raise Refused("not_yours", f"这一条是{who}登记的，您不能撤回。", hint="请登记人或上级撤回。")
    if not reason:
        raise Refused("reason_missing", "撤回要写明原因。", fields={"reason": "必填"})


def check_confirmation(event: ScoreEvent, *, by: User, kin: Collection[str]) -> None:
    """Refuse a confirmation by the recorder themselves, for one's kin, or by someone without the right."""
    if event.recorded_by_id == by.pk:
        raise Refused(
            "second_person", "这一条要由另一个人确认，登记人自己不能确认。", hint="请村干部、监督委员或乡镇确认。"
        )
    if not may_confirm(event, by=by):
        who = "信访局的另一个人" if is_secret_from(event, by) else "村干部、监督委员或乡镇"
        raise Refused("not_yours", "您的角色不能确认这一条。", hint=f"请{who}确认。")
    if event.code in kin:
        raise Refused("kin", "这一户是您自己家或者您申报过的亲属家，要由别的人确认。")
