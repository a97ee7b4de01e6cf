"""Setting a reminder's day, saying that it was put right, and the deduction that follows when it was not."""

from datetime import date
from uuid import UUID, uuid5

from django.utils import timezone

from households import audit
from households.codes import Level, is_level, village_of
from households.models import Division, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.batches.actions import WantedBatch, record_many
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind, Clause, EntryBatch, ReminderTerm, ScoreEvent
from scoring.reminders.rules import USUAL, follows
from scoring.rules import Kind


def set_day(*, op_id: UUID, event: int, until: date, by: User) -> Answer:
    """Until when it is to be put right. Answers {"event"}."""

    def act() -> Answer:
        found = _reminder(event, by)
        if until < found.date:
            raise Refused("day_before", "限期不能早于提醒的那一天。", fields={"until": "太早"})
        _keep(found, by, until=until)
        audit.record(by, "reminder.day", place=found.code, subject=f"event {found.pk}", date=str(until))
        return {"event": found.pk}

    return once(op_id=op_id, by=by, kind="reminder.day", payload={"event": event, "until": until}, act=act)


def put_right(*, op_id: UUID, event: int, by: User) -> Answer:
    """It was put right: the reminder is over, and nothing follows. Answers {"event"}."""

    def act() -> Answer:
        found = _reminder(event, by)
        _keep(found, by, put_right_on=timezone.localdate())
        audit.record(by, "reminder.put_right", place=found.code, subject=f"event {found.pk}")
        return {"event": found.pk}

    return once(op_id=op_id, by=by, kind="reminder.put_right", payload={"event": event}, act=act)


def follow(*, op_id: UUID, event: int, clause: str, day: date, note: str, by: User) -> Answer:
    """Record the deduction of a clause that follows reminders, linked to this one. Answers {"event"} of the deduction."""

    def act() -> Answer:
        found = _reminder(event, by)
        known = Clause.objects.filter(
            scheme=found.period.scheme_id, code=clause, indicator=found.clause.indicator
        ).first()
        if known is None or not follows(known.kind, known.text):
            raise Refused("clause_unfit", "请选同一项里写明“提醒后”的条款。", fields={"clause": "请选择"})
        made = _recorded(uuid5(op_id, "entry"), found, clause, day, note, by)
        _keep(found, by, followed_by=made)
        audit.record(by, "reminder.follow", place=found.code, subject=f"event {found.pk}", event=made.pk)
        return {"event": made.pk}

    payload = {"event": event, "clause": clause, "day": day, "note": note}
    return once(op_id=op_id, by=by, kind="reminder.follow", payload=payload, act=act)


def _recorded(op_id: UUID, reminder: ScoreEvent, clause: str, day: date, note: str, by: User) -> ScoreEvent:  # noqa: PLR0917
    village = Division.objects.get(code=village_of(reminder.code))
    entry = FileEntry(reminder.code, day, clause, note=note)
    month = f"{day:%Y-%m}"
    answer = record_many(WantedBatch(op_id, month, village, BatchKind.CORRECT, [entry]), by=by)
    return ScoreEvent.objects.get(pk=EntryBatch.objects.get(pk=answer["batch"]).added[0])


def _reminder(number: int, by: User) -> ScoreEvent:
    """A standing reminder of a household, that nothing has ended yet, inside the person's part of the tree."""
    inside = ScoreEvent.objects.standing().within(by.scope).filter(pk=number, kind=Kind.REMIND)
    found: ScoreEvent | None = (
        inside.select_for_update(of=["self"]).select_related("period", "clause__indicator").first()
    )
    if (
        found is None
        or not is_level(found.code, Level.HOUSEHOLD)
        or not may(by, Permission.RECORD_EVENT, at=found.code)
    ):
        raise Refused("reminder_unknown", "没有这一条提醒，或者已经撤回。", status=404)
    term = ReminderTerm.objects.filter(event=found).first()
    if term and (term.put_right_on or term.followed_by_id):
        raise Refused("reminder_over", "这一条提醒已经到此为止。", status=409)
    return found


def _keep(event: ScoreEvent, by: User, **given: object) -> None:
    usual = {"until": event.date + USUAL}
    ReminderTerm.objects.update_or_create(
        event=event, defaults={**given, "by": by}, create_defaults={**usual, **given, "by": by}
    )
