"""The township looks on: it reads the month's changes, objects, and is answered."""

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from households import audit
from households.models import ChangeObjection, ChangeReading, HouseholdChange, User
from households.permissions import Permission, may
from households.refusals import Refused

MAX_TEXT = 200


def unread(user: User) -> "QuerySet[HouseholdChange]":
    """Changes of a township that it has not read yet."""
    upto = ChangeReading.objects.filter(place=user.division_id).aggregate(upto=Max("upto"))["upto"] or 0
    found: QuerySet[HouseholdChange] = HouseholdChange.objects.within(user.scope).filter(id__gt=upto, order=None)
    return found


@transaction.atomic
def mark_read(*, upto: int, by: User) -> None:
    """The township has read its villages' changes up to one of them."""
    if not may(by, Permission.WATCH_CHANGES) or not by.division_id:
        raise Refused("not_yours", "只有乡镇看户籍变更。", status=403)
    if unread(by).filter(id__lte=upto).exists():
        ChangeReading.objects.create(place=by.division_id, upto=upto, by=by)
        audit.record(by, "household.read_changes", place=by.division_id, change=upto)


@transaction.atomic
def object_to(*, change: HouseholdChange, text: str, by: User) -> ChangeObjection:
    """Record that the township does not agree. The change stands; the village's cadre is told and answers."""
    if not may(by, Permission.WATCH_CHANGES, at=change.household_id):
        raise Refused("not_yours", "只有乡镇可以提意见。", status=403)
    if not text.strip():
        raise Refused("text_missing", "请写明意见。", fields={"text": "必填"})
    try:
        with transaction.atomic():
            objection = ChangeObjection.objects.create(change=change, text=text.strip()[:MAX_TEXT], by=by)
    except IntegrityError as fault:
        raise Refused("objected_already", "这一条已经提过意见。", status=409) from fault
    audit.record(by, "household.object", place=change.household_id, change=change.pk)
    return objection


@transaction.atomic
def answer_objection(*, objection: ChangeObjection, answer: str, by: User) -> ChangeObjection:
    """The village says what it has done about it; once."""
    if not may(by, Permission.CHANGE_HOUSEHOLDS, at=objection.change.household_id):
        raise Refused("not_yours", "由本村村干部答复。", status=403)
    if not answer.strip():
        raise Refused("answer_missing", "请写明怎样处理的。", fields={"answer": "必填"})
    open_one = ChangeObjection.objects.filter(pk=objection.pk, answer="")
    if not open_one.update(answer=answer.strip()[:MAX_TEXT], answered_by=by, answered_at=timezone.now()):
        raise Refused("answered_already", "已经答复过了。", status=409)
    audit.record(by, "household.answer", place=objection.change.household_id, change=objection.change_id)
    objection.refresh_from_db()
    return objection
