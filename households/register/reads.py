"""Reading the register: households found by what people type, and what each reader sees of them."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from households.masks import mask_name
from households.models import Household, User
from households.roles import Role

# Whoever goes from door to door knows the names; everybody else works with the surname.
_KNOWS_NAMES = frozenset({Role.CADRE, Role.GROUP_LEADER})


def matching(households: "QuerySet[Household]", words: str) -> Any:
    """Those whose head's name holds `words`, or its pinyin initials begin with them, or whose code ends with these digits."""
    if words.isdecimal():
        return households.filter(code__endswith=words)
    if words:
        return households.filter(Q(head_name__contains=words) | Q(initials__startswith=words.lower()))
    return households


def exactly(user: User, on: date, words: str) -> Any:
    """The active households of the person's subtree that these words name: the whole name, all its initials, or the number."""
    inside: QuerySet[Household] = Household.objects.within(user.scope).active(on)
    named = Q(code__endswith=words) if words.isdecimal() else Q(head_name=words) | Q(initials=words.lower())
    return inside.filter(named).select_related("group__parent").order_by("code")


def register_of(user: User, on: date, *, words: str = "") -> Any:
    """The active households of the person's subtree, by code; group and village with each."""
    inside: QuerySet[Household] = Household.objects.within(user.scope).active(on)
    return matching(inside, words).select_related("group__parent").order_by("code")


def knows_names_of(user: User, code: str) -> bool:
    """Whether heads of households are named in full to the person: only to their own cadre and group leader."""
    return user.role in _KNOWS_NAMES and user.scope.covers(code)


def name_for(household: Household, user: User) -> str:
    """The head's name as the person may see it: in full or masked."""
    return household.head_name if knows_names_of(user, household.code) else mask_name(household.head_name)
