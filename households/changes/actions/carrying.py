"""Carrying a change of the register out: rows, plates, what follows in other rooms, the record; all or nothing.

Locks are taken in one order: the villages' open sheets, their registers, the households' rows, what the rooms hold, the
ledger's heads last.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households import audit
from households.changes import locks, plans, rooms, wishes
from households.changes.actions.rows import write
from households.changes.effects import own_effects
from households.changes.plans import Plan
from households.changes.rooms import ChangeEffect
from households.changes.wishes import ChangeWish
from households.models import ENDINGS, ChangeKind, HouseholdChange, Plate, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.plates.actions.plates import revoke_plate
from households.refusals import Refused

KIND = "household.change"


def preview(wish: ChangeWish, *, by: User | None, asked_by: User | None = None) -> tuple[Plan, list[ChangeEffect]]:
    """What the change would do; nothing is written. Refused as `carry_out` is, but for what an effect says that `stops`."""
    wish = _read(wish, by, asked_by)
    found = plans.plan(wish, lock=False)
    return found, [*own_effects(found, by), *rooms.foresee(found.step(), by)]


def carry_out(
    *, op_id: UUID, wish: ChangeWish, by: User | None, seen: int | None = None, asked_by: User | None = None
) -> HouseholdChange:
    """Do it, once for `op_id`. `seen` is the number of the last change of the household that the person knew of (409 when
    there is another one). `asked_by` is whose proposal it is: what lies outside of `by`'s place must lie in theirs.
    """

    def act() -> Answer:
        return {"change": _carry_out(op_id, _read(wish, by, asked_by), by, seen).pk}

    answer = once(op_id=op_id, by=by, kind=KIND, payload=[wish.as_dict(), seen], act=act)
    return HouseholdChange.objects.select_related("household", "other", "by").get(pk=answer["change"])


def _read(wish: ChangeWish, by: User | None, asked_by: User | None) -> ChangeWish:
    _check_may(wish, by, asked_by)
    wishes.check(wish, timezone.localdate())
    return plans.cleaned(wish)


def _check_may(wish: ChangeWish, by: User | None, asked_by: User | None) -> None:
    """What lies outside the places of those who act does not exist for them."""
    people = [person for person in (by, asked_by) if person]
    if by is None:
        return
    if not may(by, Permission.CHANGE_HOUSEHOLDS):
        raise Refused("not_yours", f"{by.get_role_display()}不能直接改户名册。", hint="请提给村干部办理。", status=403)
    for name in ("household", "other", "group"):
        code = getattr(wish, name)
        if code and not any(may(person, Permission.CHANGE_HOUSEHOLDS, at=code) for person in people):
            words = {"group": "没有这个组"}.get(name, "没有这一户")
            raise Refused("outside", f"{words}，或不在您的管辖范围内。", fields={name: words}, status=404)


@transaction.atomic
def _carry_out(op_id: UUID, wish: ChangeWish, by: User | None, seen: int | None) -> HouseholdChange:
    rooms.lock(wish.villages)
    locks.hold(wish.villages)
    found = plans.plan(wish, lock=True)
    plans.check_unmoved(wish, seen)
    household, other, before = write(found)
    change = HouseholdChange.objects.create(
        op_id=op_id,
        kind=wish.kind,
        household=household,
        other=other,
        day=wish.day,
        counts_from=found.counts_from,
        reason=wish.reason,
        note=wish.note.encode() or None,
        before=before,
        by=by,
    )
    _take_plates(_doorless(found), by)
    step = replace(found.step(), household=household.code, other=other.code if other else "", change=change.pk)
    rooms.follow(step, by)
    audit.record(
        by, f"household.{wish.kind}", place=household.code, subject=other.code if other else "", reason=change.get_reason_display(),
        day=wish.day.isoformat(), counts_from=found.counts_from.isoformat(), change=change.pk,
    )  # fmt: skip
    return change


def _doorless(found: Plan) -> list[str]:
    """Whose plate no longer hangs at their door."""
    leaves = found.wish.kind in ENDINGS or (found.wish.kind is ChangeKind.CORRECT and found.wish.new_door)
    return [found.household.code] if found.household and leaves else []


def _take_plates(codes: Iterable[str], by: User | None) -> None:
    for plate in Plate.objects.filter(household__in=list(codes), revoked_at=None):
        revoke_plate(plate=plate, reason="户籍变更", by=by)
