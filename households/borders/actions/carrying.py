"""Carrying out a change of places: looked at first, done as a whole, taken back as a whole while nothing depends on it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households import audit
from households.borders import plans, rooms, rows
from households.borders.actions import people
from households.borders.effects import own_effects
from households.borders.mapping import MapLine
from households.borders.plans import BorderPlan
from households.changes import locks
from households.changes import rooms as changes
from households.changes.rooms import ChangeEffect
from households.codes import county_of
from households.imports import staging
from households.models import BorderOrder, BorderReason, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused

KIND = "border.order"


@dataclass(frozen=True, slots=True)
class BorderWish:
    """A change of places that is wanted. `release`: what households that get a new code have reserved is given up."""

    day: date
    reason: str
    lines: tuple[MapLine, ...]
    document_no: str = ""
    release: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        lines = [[one.old, one.new, one.name] for one in self.lines]
        return {"day": self.day.isoformat(), "reason": self.reason, "document_no": self.document_no, "lines": lines}


def look(wish: BorderWish, *, by: User | None) -> tuple[BorderPlan, list[ChangeEffect]]:
    """What it would do. Inside a transaction that the caller rolls back; with faults nothing is foreseen."""
    _check(wish, by)
    found = plans.plan(wish.lines, wish.day, release=wish.release)
    if found.faults:
        return found, []
    return found, [*own_effects(found), *rooms.foresee(found.step(), by)]


def preview(wish: BorderWish, *, by: User | None) -> tuple[BorderPlan, list[ChangeEffect]]:
    """The same by itself; nothing is written."""
    with transaction.atomic():
        looked = look(wish, by=by)
        transaction.set_rollback(True)
    return looked


def carry_out(*, op_id: UUID, wish: BorderWish, by: User | None, run: int | None = None) -> BorderOrder:
    """Do it, once for `op_id`. Refused with what the mapping's lines lack, by line."""

    def act() -> Answer:
        return {"order": _carry_out(op_id, wish, by, run).pk}

    answer = once(op_id=op_id, by=by, kind=KIND, payload=[wish.as_dict(), wish.release], act=act)
    return BorderOrder.objects.get(pk=answer["order"])


def _check(wish: BorderWish, by: User | None) -> None:
    if by is not None and not may(by, Permission.IMPORT_REGISTER):
        raise Refused("not_yours", "区划调整由县六零办办理。", status=403)
    faults = {}
    if wish.reason not in BorderReason.values:
        faults["reason"] = "请从原因里选"
    if wish.day > timezone.localdate():
        faults["day"] = "日期还没有到，到了那天再办；可以先演练今天的"
    if not wish.lines:
        faults["lines"] = "没有一行"
    if faults:
        raise Refused("border_incomplete", "区划调整没有填对。", fields=faults)
    for one in wish.lines:
        for code in (one.old, one.new):
            if by is not None and code and not by.scope.covers(code):
                raise Refused("outside", f"没有编码为 {code} 的区划，或不在您的管辖范围内。", status=404)


@transaction.atomic
def _carry_out(op_id: UUID, wish: BorderWish, by: User | None, run: int | None) -> BorderOrder:
    _check(wish, by)
    staging.one_at_a_time("borders")
    first = plans.plan(wish.lines, wish.day)
    _refuse_faults(first)
    changes.lock(first.villages)
    locks.hold(first.villages)
    found = plans.plan(wish.lines, wish.day, release=wish.release)  # once more, now that nobody else changes it
    _refuse_faults(found)
    order = BorderOrder.objects.create(
        op_id=op_id,
        county=county_of(wish.lines[0].new or wish.lines[0].old),
        day=wish.day,
        counts_from=found.counts_from,
        reason=wish.reason,
        document_no=wish.document_no,
        households=len(found.households.pairs),
        run_id=run,
        by=by,
    )
    _write(order, found, by)
    return order


def _refuse_faults(found: BorderPlan) -> None:
    if found.faults:
        told = {str(fault.line): fault.words for fault in found.faults}
        raise Refused(
            "border_faults", f"第 {found.faults[0].line} 行：{found.faults[0].words}。", fields=told, status=409
        )


def _write(order: BorderOrder, found: BorderPlan, by: User | None) -> None:
    places = found.places
    before = {code: place.name for code, place in found.known.items()}
    rows.make_places(places.makes, order.counts_from)
    if places.renames:
        rows.rename(order, places.renames, before)
    belongings = rows.move_belongings()
    rows.move_households(order)
    rows.end_places(order.counts_from)
    rows.write_lines(order, found.relations(), before, before | places.makes | places.renames)
    linkages = rows.link(list(places.makes), order.counts_from)
    moved = people.follow_places(places.ways, by)
    people.remember(found.villages)
    kept = {"made": list(places.makes), "belongings": belongings, "linkages": linkages, "people": moved}
    BorderOrder.objects.filter(pk=order.pk).update(kept=kept)
    rooms.follow(found.step(order.pk), by)
    audit.record(
        by, "border.order", place=order.county, subject=f"order {order.pk}", reason=order.get_reason_display(),
        day=order.day.isoformat(), counts_from=order.counts_from.isoformat(), households=order.households,
        places=len(places.ways) + len(places.makes) + len(places.renames),
    )  # fmt: skip
