"""Whose points: the household, division or department behind an address, as far as the reader may know it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from households.audience import division_in_scope, household_in_scope
from households.codes import CodeError, Level, is_level, level_of
from households.models import Department, Division, Household, Linkage, User
from households.register.reads import name_for
from scoring.ledger.owners import Owner
from scoring.models import OwnerKind
from scoring.readers import Reader


@dataclass(frozen=True, slots=True)
class Holder:
    """An owner of points with the name that the reader may see. `level` is None for a department."""

    owner: Owner
    name: str
    place: str
    level: Level | None

    @property
    def code(self) -> str:
        return self.owner.code

    @property
    def is_department(self) -> bool:
        return self.level is None


def holder_of_address(user: User, code: str) -> Holder:
    """The household or division with `code` inside the reader's subtree, or 404."""
    try:
        level = level_of(code)
    except CodeError as fault:
        raise Http404 from fault
    if level is Level.HOUSEHOLD:
        household = household_in_scope(user, code)
        name = f"{name_for(household, user)}家"
        village = household.group.parent.name if household.group.parent else ""
        return Holder(Owner(OwnerKind.HOUSEHOLD, code), name, f"{village} {household.group.name}".strip(), level)
    division = division_in_scope(user, code)
    above = division.parent.name if division.parent else ""
    return Holder(Owner(OwnerKind.DIVISION, code), division.name, above, level)


def department_of_address(user: User, code: str) -> Holder:
    """The department with `code`, for its own people and for its county, or 404."""
    department = Department.objects.filter(pk=code).first()
    if department is None or code not in departments_reached(user):
        raise Http404
    return Holder(Owner(OwnerKind.DEPARTMENT, code), department.name, "县直部门", None)


def names_of(owners: Sequence[Owner], reader: Reader) -> list[str]:
    """The names of owners, in their order, heads of households as the reader may see them. Three queries at most."""
    codes: dict[str, list[str]] = {kind: [one.code for one in owners if one.kind == kind] for kind in OwnerKind.values}
    homes = Household.objects.filter(pk__in=codes[OwnerKind.HOUSEHOLD]).select_related("group__parent")
    names = {(OwnerKind.HOUSEHOLD, home.pk): _full_name(home, reader) for home in homes}
    for kind, model in ((OwnerKind.DIVISION, Division), (OwnerKind.DEPARTMENT, Department)):
        names |= {(kind, one.pk): one.name for one in model.objects.filter(pk__in=codes[kind])}
    return [names.get((OwnerKind(one.kind), one.code), one.code) for one in owners]


def _full_name(home: Household, reader: Reader) -> str:
    village = home.group.parent.name if home.group.parent else ""
    return f"{village} {home.group.name} {name_for(home, reader.user)}家".strip()


def departments_reached(user: User) -> "QuerySet[Department, str]":
    """The person's own department, or those that are or were linked to divisions of the county they work for; by code."""
    codes = Department.objects.values_list("pk", flat=True)
    if user.department_id:
        return codes.filter(pk=user.department_id)
    if not is_level(user.division_id or "", Level.COUNTY):
        return codes.none()
    linked = Linkage.objects.filter(user.scope.condition("division"))
    return codes.filter(pk__in=linked.values("department"))


def reaches(user: User, owner: Owner) -> bool:
    """Whether an owner's points are any of the person's business."""
    if owner.kind == OwnerKind.DEPARTMENT:
        return owner.code in departments_reached(user)
    return user.scope.covers(owner.code)
