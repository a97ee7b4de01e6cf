"""What the selects of the petitions' forms offer: places, units, people; and who reads what is typed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from households import codes
from households.codes import Level, is_level, reaches, township_of
from households.models import Department, Division, Household, User
from households.roles import Role
from households.scope import Scope, lies_in
from petitions.models import Assignment, Petition

Choices = list[tuple[str, Any]]


INSIDE, OUTSIDE = "只有承办单位和信访局看得到。", "来信人会看到这段话。"


def places(today: date) -> Choices:
    """Every township with its villages, and the county for what is nowhere in particular. One query."""
    found = Division.objects.active(today).of_level(Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    listed = list(found.order_by("code").values_list("code", "name"))
    counties = [(code, f"{name}（别处，或者说不清）") for code, name in listed if is_level(code, Level.COUNTY)]
    groups: dict[str, list[tuple[str, str]]] = {}
    names = dict(listed)
    for code, name in listed:
        if reaches(code, Level.TOWNSHIP):
            groups.setdefault(township_of(code), []).append(
                (code, name if reaches(code, Level.VILLAGE) else f"{name}（全乡镇）")
            )
    return [("", "请选择"), *((names.get(code, code), rows) for code, rows in groups.items()), *counties]


def places_of(household: Household) -> Choices:
    """The household's own village first, then what is above it. No query when group and parents are loaded."""
    village = household.group.parent
    township = village.parent if village else None
    county = codes.county_of(household.code)
    own = [(place.code, place.name) for place in (village, township) if place]
    return [*own, (county, "县里别的地方，或者说不清")]


def departments() -> list[tuple[str, str]]:
    """Code and name of every department."""
    return list(Department.objects.order_by("name").values_list("code", "name"))


def units(county: str, today: date) -> list[tuple[str, str]]:
    """Everybody a petition may be assigned to, as value and name: departments, then the county's townships."""
    return _as_units(townships(county, today))


def _as_units(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    named = [(f"department:{code}", name) for code, name in departments()]
    return [*named, *((f"division:{code}", name) for code, name in places)]


def places_for(user: User, today: date) -> list[tuple[str, Any]]:
    """The places about which this person may file, as the options of a select: the county, then by township."""
    wide = user.role in (Role.PETITION_OFFICE, Role.DEPARTMENT)
    scope = Scope((county_of(user),)) if wide else user.scope
    found = Division.objects.within(scope).active(today).order_by("code").values_list("code", "name")
    choices: list[tuple[str, Any]] = []
    for code, name in found:
        if is_level(code, Level.TOWNSHIP) and scope.prefixes != (code,):
            choices.append((name, [(code, f"{name}（乡镇）")]))
        elif is_level(code, Level.VILLAGE) and choices and isinstance(choices[-1][1], list):
            choices[-1][1].append((code, name))
        elif not reaches(code, Level.GROUP) or not wide:
            choices.append((code, name))
    return choices


def choices_for(user: User, today: date) -> dict[str, list[tuple[str, str]]]:
    """By which townships ("places") and "units" this person may filter: who sees only their own has no such choice."""
    county_wide = user.role in (Role.PETITION_OFFICE, Role.COUNTY_OFFICE)
    places = townships(county_of(user), today) if county_wide or user.role == Role.DEPARTMENT else []
    return {"places": places, "units": _as_units(places) if county_wide else []}


def units_for(petition: Petition) -> list[tuple[str, str]]:
    """To whom this one may be assigned: not to those that it accuses."""
    accused = {one.unit for one in petition.accused.select_related("user")}
    return [unit for unit in units(petition.county, timezone.localdate()) if unit[0] not in accused]


def accusable(petition: Petition) -> list[tuple[str, str]]:
    """Whom the petition office may note as accused: every unit, and the village that the petition is about."""
    place = petition.place
    village = [(f"division:{place.code}", place.name)] if reaches(place.code, Level.VILLAGE) else []
    return village + units(petition.county, timezone.localdate())


def recusable(petition: Petition, user: User) -> list[tuple[str, str]]:
    """Whom this person may declare to keep away: themselves; for the petition office also those of the units at work."""
    own = [(user.username, f"我自己（{user.display_name}）")]
    if user.role != Role.PETITION_OFFICE:
        return own
    at_work = Assignment.objects.filter(petition=petition, ended_at=None)
    departments = Q(role=Role.DEPARTMENT, department__in=at_work.values("department"))
    staff = User.objects.filter(
        departments | Q(role=Role.TOWNSHIP, division__in=at_work.values("division")), is_active=True
    )
    return [
        *own,
        *(
            (each.username, f"{each.place_name} {each.display_name}")
            for each in staff.select_related("department", "division")
        ),
    ]


def townships(county: str, today: date) -> list[tuple[str, str]]:
    """Code and name of the county's townships."""
    found = Division.objects.filter(lies_in(county)).active(today).of_level(Level.TOWNSHIP)
    return list(found.order_by("code").values_list("code", "name"))


def county_of(user: User) -> str:
    """The code of the county a person works in; a department without linked villages has its answer from the tree."""
    if user.division_id:
        return codes.county_of(user.division_id)
    linked = codes.county_of(next(iter(user.scope.prefixes), ""))
    return linked or Division.objects.filter(parent=None).values_list("code", flat=True).first() or "-"
