"""Reading plates: the one in force behind a token, a try at its PIN, and the plates of a village."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q
from django.http import HttpRequest
from django.utils import timezone

from households import attempts
from households.attempts import spoken_wait
from households.models import Household, Plate
from households.plates import devices
from households.plates.actions.plates import PinCheck, check_pin
from households.plates.rules import PIN_LENGTH, digits_of
from households.refusals import Refused
from households.register.reads import matching
from households.scope import Scope, lies_in

TRIES = "pin"
MISSING = "missing"  # households without a plate, in the list's filter


def plate_in_force(token: str) -> Plate | None:
    """The plate with its household, group and village. None for an unknown token as for a revoked one: one query."""
    plates = Plate.objects.select_related("household__group__parent__parent")
    return plates.filter(token=token, revoked_at=None).first()


def enter(request: HttpRequest, plate: Plate, typed: str) -> None:
    """Refuse unless `typed` is the plate's PIN. Counts the try, for the plate and for the address it comes from.

    A browser that the plate knows has tries of its own: no lock of the plate stops it, and no address is blamed for it.
    """
    known = devices.is_known(request, plate)
    checked = check_pin(plate, _digits(typed), device=devices.device_of(request) if known else "")
    if not checked.ok:
        often = not known and attempts.note_failure(TRIES, request)
        raise attempts.too_many("密码不对。") if often and checked.tries_left else _refusal(checked)


def locked(request: HttpRequest, plate: Plate) -> Refused | None:
    """Why this browser need not try a PIN now, and until when; None when it may."""
    until = plate.locked_until
    if until is None or until <= timezone.now() or devices.is_known(request, plate):
        return None
    return _refusal(PinCheck(False, locked_until=until))


def _refusal(checked: PinCheck) -> Refused:
    """The refusal in words for the door: a wait beside the time of day, 密码 instead of PIN."""
    refusal = checked.refusal()
    if checked.locked_until:
        wait = spoken_wait((checked.locked_until - timezone.now()).total_seconds())
        hint = f"请 {wait}以后再试（{_spoken_moment(checked.locked_until)} 以后）。忘了密码，可以到村里换一个。"
        return Refused(refusal.code, "密码输错次数太多，先锁住了。", hint=hint, status=refusal.status)
    if checked.tries_left:
        reason = f"密码不对，还可以试 {checked.tries_left} 次。"
        hint = "设过自己的密码，就用自己的；还没有设过，用纸条上的。"
        return Refused(refusal.code, reason, hint=hint, status=refusal.status)
    return refusal


def _spoken_moment(moment: datetime) -> str:
    at = timezone.localtime(moment)
    day = "" if at.date() == timezone.localdate() else f"{at.month}月{at.day}日 "
    return f"{day}{at:%H:%M}"


def _digits(typed: str) -> str:
    """The digits as people type them; anything else is no try and is refused."""
    digits = digits_of(typed)
    if not digits:
        raise Refused(
            "pin_unreadable", f"密码是 {PIN_LENGTH} 位数字。", hint="请再输一次。", fields={"pin": "不是 6 位数字"}
        )
    return digits


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group, its households and how many of them have a plate in force."""

    code: str
    name: str
    households: int
    issued: int

    @property
    def missing(self) -> int:
        return self.households - self.issued


def group_counts(village: str, on: date) -> list[GroupCount]:
    """The groups of a village with their plates. One query."""
    rows = with_plate(Scope((village,)), on).order_by("group").values_list("group", "group__name")
    return [GroupCount(*row) for row in rows.annotate(Count("code"), Count("live"))]


def households_with_plates(village: str, on: date, *, group: str = "", words: str = "", state: str = "") -> Any:
    """A queryset of active households with `issued_at` and `locked_until` of the plate in force, both empty without one.

    `words` are looked for as `households.register.reads.matching` does.
    """
    found = matching(with_plate(Scope((village,)), on), words).select_related("group").order_by("code")
    if group:
        found = found.filter(group=group)
    if state:
        found = found.filter(live__isnull=state == MISSING)
    return found.annotate(issued_at=F("live__issued_at"), locked_until=F("live__locked_until"))


def with_plate(inside: Scope, on: date) -> Any:
    """The active households of some subtrees, each with its plate in force as `live`, should it have one."""
    active = Household.objects.within(inside).active(on)
    return active.annotate(live=FilteredRelation("plates", condition=Q(plates__revoked_at=None)))


def plates_in_force(village: str, *, group: str = "") -> list[Plate]:
    """The plates that hang in a village or in one of its groups, by household. One query."""
    place = group if group.startswith(village) else village
    plates = Plate.objects.filter(lies_in(place, "household"), revoked_at=None)
    return list(plates.select_related("household__group").order_by("household"))
