"""Adding a photo to an event while its sheet is open, and withdrawing one: nothing is ever exchanged."""

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from households import audit
from households.codes import Level
from households.models import User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.evidence.rules import MAX_EVER, MAX_PHOTOS
from scoring.models import EventPhoto, Objection, ScoreEvent, Sheet
from scoring.months.months import locked
from scoring.sheets.actions.entries import may_withdraw
from scoring.states import SheetState


def add_photo(*, op_id: UUID, event: ScoreEvent, photo: bytes, by: User) -> Answer:
    """`photo` is what `households.files.cells` made of an upload. By who may also take the event back. Answers {"id"}."""

    def act() -> Answer:
        return {"id": _add(event, photo, by).pk}

    digest = _digest(photo)
    return once(op_id=op_id, by=by, kind="event.photo", payload={"event": event.pk, "photo": digest}, act=act)


def _add(event: ScoreEvent, photo: bytes, by: User) -> EventPhoto:
    if not may_withdraw(event, by=by):
        raise Refused("not_yours", "这一条不是您登记的，您不能加照片。", hint="请登记人加。", status=403)
    _check_open(event)
    kept = EventPhoto.objects.filter(event=event)
    if kept.filter(withdrawn_at=None).count() >= MAX_PHOTOS or kept.count() >= MAX_EVER:
        raise Refused("photos_too_many", f"一条例外最多 {MAX_PHOTOS} 张照片。", fields={"photo": "太多"}, status=409)
    try:
        with transaction.atomic():
            made = EventPhoto.objects.create(event=event, digest=_digest(photo), content=photo, by=by)
    except IntegrityError:
        raise Refused("photo_there", "这张照片已经加过了。", fields={"photo": "已经有了"}, status=409) from None
    audit.record(by, "event.photo", place=event.code, subject=f"event {event.pk}", photo=made.pk)
    return made


def sheet_of(event: ScoreEvent) -> Sheet | None:
    """The one that it stands on; None of a township or county."""
    return Sheet.objects.filter(period=event.period_id, village=event.code[: Level.VILLAGE.code_length]).first()


def _check_open(event: ScoreEvent) -> None:
    """The sheet's row is held: of two who add at once, one counts the other's photo."""
    found = sheet_of(event)
    if found is None or locked(found).state != SheetState.OPEN:
        raise Refused("sheet_locked", "已经申报的月份不能再加照片。", hint="照片只能在申报以前加。", status=409)
    event.refresh_from_db(fields=["withdrawn_at"])
    if event.withdrawn_at:
        raise Refused("withdrawn", "这一条已经撤回，不用再加照片。", status=409)


def withdraw_photo(*, op_id: UUID, photo: EventPhoto, reason: str, by: User) -> Answer:
    """In any month, but not while an objection to its event is open: what is judged stays on the table. Answers {"id"}."""

    def act() -> Answer:
        _withdraw(photo, reason.strip(), by)
        return {"id": photo.pk}

    payload: dict[str, object] = {"photo": photo.pk, "reason": reason}
    return once(op_id=op_id, by=by, kind="event.photo_withdraw", payload=payload, act=act)


def _withdraw(photo: EventPhoto, reason: str, by: User) -> None:
    event = photo.event
    if photo.by_id != by.pk and not may_withdraw(event, by=by):
        raise Refused("not_yours", "这张照片不是您加的，您不能撤回。", hint="请加照片的人或上级撤回。", status=403)
    if not reason:
        raise Refused("reason_missing", "撤回要写明原因。", fields={"reason": "必填"})
    if Objection.objects.open().filter(event=event).exists():
        raise Refused("objection_open", "这一条有异议在办，照片不能撤回。", hint="请等裁定以后。", status=409)
    standing = EventPhoto.objects.filter(pk=photo.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=timezone.now(), withdrawn_by=by, withdraw_reason=reason):
        raise Refused("withdrawn", "这张照片已经撤回。", status=409)
    audit.record(by, "event.photo_withdraw", place=event.code, subject=f"event {event.pk}", photo=photo.pk)


def _digest(photo: bytes) -> str:
    """Keyed, so that it says nothing about the photo to who reads the table."""
    return salted_hmac("scoring.event_photo", photo.hex(), settings.CODE_KEY, algorithm="sha256").hexdigest()
