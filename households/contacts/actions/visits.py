"""What a contact does: calling a household, and writing down that they have been there."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import Contact, ContactVisit, Household, User, VisitOutcome
from households.models.contacts import MAX_NOTE
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.actions import tell_phone
from households.roles import Role
from households.words import folding

CALLING = "联系户：打电话"
LONGEST_AGO = timedelta(days=92)


def check_contact(household: Household, by: User) -> None:
    """Refuse (403) whoever is not a contact of the household today; a group leader is one of the whole group."""
    leads = by.role == Role.GROUP_LEADER
    rows = Contact.objects.active(timezone.localdate()).filter(household=household, person__user=by)
    if not may(by, Permission.SEE_HOUSEHOLDS, at=household.code) or not (leads or rows.exists()):
        raise Refused("not_yours", "这一户不是您联系的户。", status=403)


@transaction.atomic
def call(*, household: Household, by: User) -> str:
    """The number in full, for its contact to call. Logged, and the household reads it as every other look."""
    check_contact(household, by)
    return tell_phone(household=household, reason=CALLING, by=by)


def record_visit(*, op_id: UUID, household: Household, day: date, outcome: str, note: str, by: User) -> ContactVisit:
    """A visit or call of one of the household's contacts. The audit line says that there was one and nothing of it."""
    note = folding.stored(note)

    def act() -> Answer:
        check_contact(household, by)
        today = timezone.localdate()
        if not today - LONGEST_AGO <= day <= today:
            raise Refused("odd_day", "走访日期应在最近三个月内，不能是以后的日子。", fields={"day": "请核对"})
        if outcome not in VisitOutcome.values:
            raise Refused("unknown_outcome", "请选走访情况。", fields={"outcome": "必选"})
        if len(note) > MAX_NOTE:
            raise Refused("note_long", f"备注最多 {MAX_NOTE} 个字。", fields={"note": "太长"})
        visit = ContactVisit.objects.create(household=household, day=day, outcome=outcome, note=note, by=by)
        audit.record(by, "contact.visit", place=household.code, subject=visit.pk)
        return {"visit": visit.pk}

    payload = [household.code, day.isoformat(), outcome, note]
    return ContactVisit.objects.get(
        pk=once(op_id=op_id, by=by, kind="contact.visit", payload=payload, act=act)["visit"]
    )


def withdraw_visit(*, op_id: UUID, visit: ContactVisit, by: User) -> None:
    """Written down by mistake: by its author alone, and its note goes with it."""

    def act() -> Answer:
        mine = ContactVisit.objects.filter(pk=visit.pk, by=by, withdrawn_at=None)
        if not mine.update(withdrawn_at=timezone.now(), note=""):
            raise Refused("not_yours", "只能撤回自己记的走访，已经撤回的不能再撤。", status=409)
        audit.record(by, "contact.withdraw_visit", place=visit.household_id, subject=visit.pk)
        return {}

    once(op_id=op_id, by=by, kind="contact.withdraw_visit", payload=[visit.pk], act=act)
