"""Taking a change of places back, as a whole, while nothing depends on it: the new codes never counted, the old ones never ceased to."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from households import audit
from households.borders import plans, rooms, rows
from households.borders.actions import people
from households.changes import locks
from households.changes import rooms as changes
from households.codes import Level, is_level, village_of
from households.models import WHOLE, BorderKind, BorderOrder, HouseholdChange, User
from households.months import label, month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.sql import column

# What was done to a household or place since, by whoever else.
_CHANGED = """
    SELECT m.old FROM staged_move m JOIN households_householdchange c ON c.household_id = m.old
    WHERE c.order_id IS DISTINCT FROM %(order)s AND c.id > %(since)s
    UNION SELECT m.old FROM staged_move m JOIN households_householdchange c ON c.other_id = m.old
    WHERE c.order_id IS DISTINCT FROM %(order)s AND c.id > %(since)s ORDER BY 1 LIMIT 3
"""
_COME = """
    SELECT h.code FROM households_household h WHERE h.group_id = ANY (%(made)s::text[])
    AND h.code NOT IN (SELECT m.old FROM staged_move m) ORDER BY 1 LIMIT 3
"""
_PLACES_CHANGED = """
    SELECT l.order_id FROM households_borderline l JOIN households_borderorder o ON o.id = l.order_id AND o.undone_at IS NULL
    WHERE l.order_id > %(order)s AND (l.old_id = ANY (%(places)s::text[]) OR l.new_id = ANY (%(places)s::text[])) LIMIT 1
"""
_WORK_THERE = """
    SELECT u.display_name FROM households_user u WHERE u.is_active AND u.division_id = ANY (%(made)s::text[])
    AND NOT u.id = ANY (%(moved)s::bigint[]) ORDER BY 1 LIMIT 3
"""
_BEGUN = """
    SELECT d.code FROM households_division d WHERE d.parent_id = ANY (%(made)s::text[]) AND NOT d.code = ANY (%(made)s::text[])
"""


@transaction.atomic
def hindrances(order: BorderOrder) -> list[str]:
    """Why it cannot be taken back, one sentence each; empty when nothing stands against it."""
    return _hindrances(order, _step(order))


def _hindrances(order: BorderOrder, step: rooms.BorderStep) -> list[str]:
    if order.undone_at:
        return ["已经撤回过了。"]
    return [*_own(order, step), *rooms.hindrances(step)]


def _own(order: BorderOrder, step: rooms.BorderStep) -> Iterator[str]:
    bound = changes.bound(step.villages)
    if bound and bound > order.counts_from:
        yield f"{label(month_of(order.counts_from))}起已有村申报。"
    since = HouseholdChange.objects.filter(order=order).order_by("-id").values_list("id", flat=True).first() or 0
    if changed := column(_CHANGED, {"order": order.pk, "since": since}):
        yield f"以后又办过变更的户：{'、'.join(changed)}。"
    made = sorted(step.made)
    if come := column(_COME, {"made": made}):
        yield f"新编码下又有了别的户：{'、'.join(come)}。"
    if column(_BEGUN, {"made": made}):
        yield "新设的区划下又有了别的区划。"
    if column(_PLACES_CHANGED, {"order": order.pk, "places": [*made, *_touched(order)]}):
        yield "这些区划以后又调整过，请先撤回后一次。"
    moved = [number for number, _ in order.kept.get("people", [])]
    if working := column(_WORK_THERE, {"made": made, "moved": moved}):
        yield f"新设的区划已经有了账号：{'、'.join(working)}。"


def _touched(order: BorderOrder) -> list[str]:
    lines = order.lines.values_list("old_id", "new_id")
    return sorted({code for pair in lines for code in pair if code})


def _step(order: BorderOrder) -> rooms.BorderStep:
    """The order led back, its rows staged."""
    moved = HouseholdChange.objects.filter(order=order, kind="move").order_by("other")
    pairs = list(moved.values_list("other_id", "household_id"))
    lines = list(order.lines.all())
    back = {str(one.new_id): str(one.old_id) for one in lines if one.kind == BorderKind.MOVE}
    plans.stage(pairs, sorted(back.items()))
    touched = {code for one in lines for code in (one.old_id, one.new_id) if code}
    villages = {village_of(code) for code in touched if is_level(village_of(code), Level.VILLAGE)}
    villages |= {village_of(code) for pair in pairs for code in pair}
    made = order.kept.get("made", [])
    return rooms.BorderStep(
        tuple(sorted(villages)), back, order.counts_from, order=order.pk, made=frozenset(made), back=True
    )


@transaction.atomic
def take_back(*, order: BorderOrder, by: User) -> BorderOrder:
    """Everything as it was. Refused by name while something depends on it."""
    if not may(by, Permission.IMPORT_REGISTER, at=order.county):
        raise Refused("not_yours", "区划调整由县六零办撤回。", status=403)
    order = BorderOrder.objects.select_for_update().get(pk=order.pk)
    step = _step(order)
    changes.lock(step.villages)
    locks.hold(step.villages)
    if found := _hindrances(order, step):
        raise Refused("depended_on", f"不能撤回：{''.join(found)}", hint="请再办一次相反的调整。", status=409)
    order.undone_at, order.undone_by = timezone.now(), by
    order.save(update_fields=["undone_at", "undone_by"])
    ways = {str(one.old_id): str(one.new_id) for one in order.lines.filter(kind__in=WHOLE)}
    rows.take_places_back(order, list(ways), sorted(step.made))
    rows.give_belongings_back(order.kept.get("belongings", {}))
    rows.take_households_back(order)
    rows.unlink(order.kept["linkages"])
    people.go_back(order.kept.get("people", []), ways, by)
    people.remember(step.villages)
    rooms.follow(step, by)
    audit.record(by, "border.undo", place=order.county, subject=f"order {order.pk}", households=order.households)
    return order
