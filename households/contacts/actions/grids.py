"""Micro-grids: making one out of some households of a group, giving it another head, dissolving it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from households import audit
from households.contacts.actions.contacts import MAX_AT_ONCE, add, beside_imports, check_day
from households.contacts.actions.people import check_manages
from households.models import Contact, ContactKind, ContactPerson, Division, Household, MicroGrid, User
from households.models.contacts import MAX_GRID
from households.operations import Answer, once
from households.refusals import Refused
from households.words import folding

_KIND = ContactKind.MICRO


def make_grid(
    *,
    op_id: UUID,
    group: Division,
    name: str,
    head: ContactPerson,
    households: Sequence[Household],
    since: date,
    by: User | None,
) -> MicroGrid:
    """A micro-grid of these households of the group, none of which is in another. `by` None is the operator."""
    codes = sorted(household.code for household in households)

    def act() -> Answer:
        check_manages(by, group.code)
        if not 0 < len(codes) <= MAX_AT_ONCE:
            raise Refused("no_households", "请选微网格里的户。", fields={"households": "必选"})
        beside_imports()
        grid = new_grid(group=group, name=name, head=head, since=since, by=by)
        locked = Household.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("code")
        add(list(locked), head, _KIND, since, grid, by=by)
        return {"micro_grid": grid.pk}

    payload = [group.code, name, head.pk, codes, since.isoformat()]
    answer = once(op_id=op_id, by=by, kind="contact.grid", payload=payload, act=act)
    return MicroGrid.objects.get(pk=answer["micro_grid"])


def new_grid(*, group: Division, name: str, head: ContactPerson, since: date, by: User | None) -> MicroGrid:
    """The row and its line, in the caller's transaction."""
    name = folding.name(name)
    if not name or len(name) > MAX_GRID:
        raise Refused("grid_unnamed", f"请写微网格的名称，最多 {MAX_GRID} 个字。", fields={"name": "必填"})
    if not group.code.startswith(head.place_id):
        raise Refused("person_elsewhere", "这位联系人在别的村的名册上。", fields={"head": "请选本村的"})
    check_day(since)
    try:
        with transaction.atomic():
            grid = MicroGrid.objects.create(group=group, name=name, head=head, valid_from=since)
    except IntegrityError as fault:
        raise Refused("grid_known", f"这个组已经有微网格“{name}”。", fields={"name": "重名"}, status=409) from fault
    audit.record(by, "contact.grid", place=group.code, subject=grid.pk, since=since.isoformat())
    return grid


def change_head(*, op_id: UUID, grid: MicroGrid, head: ContactPerson, day: date, by: User | None) -> MicroGrid:
    """Another head from `day` on; the households' contacts of before stay on record."""

    def act() -> Answer:
        found = _locked(grid, by)
        if head.pk == found.head_id or not found.group_id.startswith(head.place_id):
            raise Refused("same_person", "请选本村的另一位联系人。", fields={"head": "请另选"})
        check_day(day)
        beside_imports()
        members = Contact.objects.filter(micro_grid=found, valid_to=None)
        codes = list(members.values_list("household", flat=True))
        _end(found, day)
        Contact.objects.bulk_create(
            Contact(household_id=code, person=head, kind=_KIND, micro_grid=found, valid_from=day) for code in codes
        )
        MicroGrid.objects.filter(pk=found.pk).update(head=head)
        audit.record(by, "contact.grid_head", place=found.group_id, subject=found.pk, since=day.isoformat())
        return {"micro_grid": found.pk}

    once(op_id=op_id, by=by, kind="contact.grid_head", payload=[grid.pk, head.pk, day.isoformat()], act=act)
    return MicroGrid.objects.get(pk=grid.pk)


def dissolve(*, op_id: UUID, grid: MicroGrid, on: date, by: User | None) -> MicroGrid:
    """There is no such micro-grid from `on` on."""

    def act() -> Answer:
        found = _locked(grid, by)
        check_day(on)
        _end(found, on)
        MicroGrid.objects.filter(pk=found.pk).update(valid_to=Greatest(F("valid_from"), on))
        audit.record(by, "contact.grid_end", place=found.group_id, subject=found.pk, until=on.isoformat())
        return {"micro_grid": found.pk}

    once(op_id=op_id, by=by, kind="contact.grid_end", payload=[grid.pk, on.isoformat()], act=act)
    return MicroGrid.objects.get(pk=grid.pk)


def _locked(grid: MicroGrid, by: User | None) -> MicroGrid:
    found = MicroGrid.objects.select_for_update(no_key=True).get(pk=grid.pk)
    check_manages(by, found.group_id)
    if found.valid_to is not None:
        raise Refused("ended", "这个微网格已经撤销。", status=409)
    return found


def _end(grid: MicroGrid, day: date) -> None:
    Contact.objects.filter(micro_grid=grid, valid_to=None).update(valid_to=Greatest(F("valid_from"), day))
