"""Departments and townships as petitions write them: department:LYJ, division:430525100; and persons: user:zhang."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Length

from households.models import Department, Division, User
from households.refusals import Refused
from households.roles import Role

_MODELS: dict[str, tuple[type[Any], str]] = {
    "department": (Department, "code"),
    "division": (Division, "code"),
    "user": (User, "username"),
}


def named(unit: str, *kinds: str) -> dict[str, Any]:
    """{"department": the object} or the like, ready for a model; refused when there is none of these kinds."""
    kind, _, code = unit.partition(":")
    model, key = _MODELS.get(kind, (Department, "code"))
    found = model.objects.filter(**{key: code}).first() if kind in kinds else None
    if found is None:
        raise Refused("unit_unknown", f"没有“{unit[:40]}”这个单位。", hint="请从名单里选。", fields={"unit": "不认识"})
    return {kind: found}


def accused(listed: Iterable[str]) -> list[dict[str, Any]]:
    """Those whom a filing accuses, each as `named` gives it. An account that does not exist is passed over without a word:
    a refusal would tell who has one.
    """
    found = []
    for unit in dict.fromkeys(listed):
        kind, _, name = unit.partition(":")
        if kind != "user" or User.objects.filter(username=name.replace("\0", "")).exists():
            found.append(named(unit, "department", "division", "user"))
    return found


def persons_named(typed: str) -> tuple[str, ...]:
    """Whoever has an account under a name that stands in `typed`, as user:NAME; blanks do not matter."""
    text = Value("".join(typed.split()), output_field=CharField())
    accounts = User.objects.annotate(typed=text, signs=Length("display_name")).filter(signs__gte=2)
    found = accounts.filter(typed__contains=F("display_name")).order_by("pk")
    return tuple(f"user:{name}" for name in found.values_list("username", flat=True)) if typed.strip() else ()


def of(user: User) -> str:
    """The unit a person works for; empty for those who never work on petitions."""
    if user.role == Role.DEPARTMENT:
        return f"department:{user.department_id}"
    return f"division:{user.division_id}" if user.role == Role.TOWNSHIP else ""


def names_of(units: Iterable[str]) -> dict[str, str]:
    """What the units are called; those no longer known are left out."""
    listed = list(units)
    codes = {kind: [unit.partition(":")[2] for unit in listed if unit.startswith(f"{kind}:")] for kind in _MODELS}
    departments = Department.objects.filter(code__in=codes["department"]).values_list("code", "name")
    divisions = Division.objects.filter(code__in=codes["division"]).values_list("code", "name")
    found = {f"department:{code}": name for code, name in departments}
    return found | {f"division:{code}": name for code, name in divisions}
