"""Filing an objection: from the household's page, on its paper, by a supervisor, or by a department against its own finding."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households.codes import Level, is_level, village_of
from households.models import User
from households.months import Month
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from scoring.models import Declaration, Objection, ObjectionPhoto, ScoreEvent, Sheet
from scoring.months.months import calendar_of, locked
from scoring.objection_states import HOUSEHOLD, KEYS_IN, ObjectionAction, ObjectionState, ObjectionWay, due_on
from scoring.objections.actions.steps import by_itself, note, said
from scoring.objections.hearing import first_state, is_secret
from scoring.sheets.actions.entries import is_secret_from
from scoring.states import SheetState

MAX_OPEN = 5  # of one household in a month: a limit of hands, not of rights; those that are over count no more
OWN_WAYS = {Role.SUPERVISOR: ObjectionWay.SUPERVISOR, Role.DEPARTMENT: ObjectionWay.DEPARTMENT}


@dataclass(frozen=True, slots=True)
class ObjectionFiling:
    """What is objected to: an event by its number, or without one that something good is missing. `text` says why.

    `paper` says that a member of staff keys in what the household wrote.
    """

    month: Month
    code: str
    text: str
    event: int | None = None
    paper: bool = False

    def as_payload(self) -> dict[str, object]:
        return {"month": self.month, "code": self.code, "text": self.text, "event": self.event, "paper": self.paper}


def file_by_household(*, op_id: UUID, filing: ObjectionFiling) -> Answer:
    """From behind the plate; the view has seen the PIN. Answers {"id", "number", "state"}."""
    return _file(op_id, filing, ObjectionWay.PLATE, None, b"")


def file_by_staff(*, op_id: UUID, filing: ObjectionFiling, by: User, photo: bytes = b"") -> Answer:
    """A household's paper is keyed in with a photo of it; a supervisor or a department objects itself."""
    if not may(by, Permission.FILE_OBJECTION, at=filing.code):
        raise Refused("not_yours", "您不能对这里的记录提异议。", status=403)
    way = ObjectionWay.PAPER if filing.paper else OWN_WAYS.get(Role(by.role))
    if way is None:
        raise Refused("paper_only", f"{by.get_role_display()}只录入本户交来的单子。", fields={"paper": "必填"})
    if filing.paper and by.role not in KEYS_IN:
        raise Refused("no_paper", f"{by.get_role_display()}不代本户录入单子。", hint="请本户交给村里或者乡镇。")
    if way is ObjectionWay.PAPER and not photo:
        raise Refused("photo_missing", "请拍下这张单子。", fields={"photo": "书面异议要附一张照片"})
    return _file(op_id, filing, way, by, photo)


def _file(op_id: UUID, filing: ObjectionFiling, way: ObjectionWay, by: User | None, photo: bytes) -> Answer:
    def act() -> Answer:
        text = said(filing.text, "请写明哪里不对，应该是什么。", code="words_missing", field="text")
        sheet = _sheet(filing)
        event = _event(filing, way, by)
        if event is None:
            _check_missing(sheet, filing, way)
        made = _write(sheet, replace(filing, text=text), way, by, event)
        if photo:
            ObjectionPhoto.objects.create(objection=made, content=photo)
        return {"id": made.pk, "number": made.number, "state": str(made.state)}

    return once(op_id=op_id, by=by, kind="objection.file", payload=filing.as_payload(), act=act)


def _sheet(filing: ObjectionFiling) -> Sheet:
    """The village's sheet, locked: of freezing and an objection at the same moment one comes first."""
    found = Sheet.objects.filter(period=filing.month, village=village_of(filing.code)).first()
    sheet = locked(found) if found else None
    if sheet is None or sheet.state not in (SheetState.POSTED, SheetState.FROZEN):
        raise Refused("not_posted", "这个月还没有公示，现在不用提异议。", hint="觉得哪一条不对，请直接告诉村干部。")
    return sheet


def _event(filing: ObjectionFiling, way: ObjectionWay, by: User | None) -> ScoreEvent | None:
    if filing.event is None:
        return None
    people = ("clause__indicator", "recorded_by", "confirmed_by")
    found = ScoreEvent.objects.filter(pk=filing.event, period=filing.month, code=filing.code)
    event = found.select_related(*people).first()
    if event is None or (by and is_secret_from(event, by)):
        raise Refused("event_unknown", "这个月没有这一条记录。", hint="请刷新页面再看。")
    if way is ObjectionWay.DEPARTMENT and not _is_own(event, by):
        raise Refused("not_own_finding", "部门只能对自己登记的认定提异议。", hint="其他的请告诉乡镇。")
    if event.withdrawn_at:
        raise Refused("withdrawn", "这一条已经撤回，不算分了。", status=409)
    ruled = Objection.objects.filter(event=event, state__in=[ObjectionState.UPHELD, ObjectionState.DISMISSED])
    if ruled.exists():
        raise Refused("ruled", "这一条已经有了最后的裁定。", hint="有新的证据，请告诉乡镇。", status=409)
    return event


def _is_own(event: ScoreEvent, by: User | None) -> bool:
    recorder = event.recorded_by
    return by is not None and recorder is not None and recorder.department_id == by.department_id is not None


def _check_missing(sheet: Sheet, filing: ObjectionFiling, way: ObjectionWay) -> None:
    """Something good is added to a household that has a result, and by nobody but it or who speaks for the village."""
    if way is ObjectionWay.DEPARTMENT:
        raise Refused("event_missing", "请选一条本部门登记的认定。", fields={"event": "必填"})
    signed = Declaration.objects.filter(sheet=sheet, withdrawn_at=None, households__contains=[filing.code])
    if not is_level(filing.code, Level.HOUSEHOLD) or not signed.exists():
        raise Refused("no_result", "这一户这个月没有结果，不能补记。", fields={"household": "没有结果"})


def _write(
    sheet: Sheet, filing: ObjectionFiling, way: ObjectionWay, by: User | None, event: ScoreEvent | None
) -> Objection:
    if Objection.objects.open().filter(period=sheet.period_id, code=filing.code).count() >= MAX_OPEN:
        raise Refused("too_many_open", f"这个月已经有 {MAX_OPEN} 件在办，请等有了答复再提。", status=409)
    in_time = _is_in_time(sheet)
    begins = first_state(sheet.village_id, code=filing.code, event=event, brought=[by.pk] if by else [])
    made = Objection(
        period=sheet.period,
        village=sheet.village,
        code=filing.code,
        event=event,
        text=filing.text,
        way=way,
        filed_by=by,
        state=ObjectionState.FIRST,
        due_on=due_on(ObjectionState.FIRST, timezone.localdate()),
        blocks=in_time,
    )
    _insert(made)
    role = by.role if by else HOUSEHOLD
    about: dict[str, Any] = {"event": event.pk} if event and not is_secret(event) else {}
    note(made, ObjectionAction.FILE, role=role, by=by, way=str(way), **about)
    if begins is ObjectionState.SECOND or not in_time:
        by_itself(made, ObjectionAction.HAND_ON, tells=False)  # told already that it came in
    return made


def _is_in_time(sheet: Sheet) -> bool:
    """Whether freezing waits for it: posted, and its days are not over."""
    if sheet.state != SheetState.POSTED or sheet.posted_at is None:
        return False
    days = calendar_of(sheet.period_id, sheet.village_id).posted(timezone.localdate(sheet.posted_at))
    return timezone.localdate() <= days.objections_until


def _insert(made: Objection) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as twice:
        raise Refused("objected_before", "对这一条的异议已经有人提了，正在办。", status=409) from twice
