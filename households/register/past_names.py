"""What places were called at the time: pages of a past month say what it said then."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from households.models import Division
from households.models.borders import sql_past_name

_PAST = sql_past_name("households_division.code", "%s")


def called_on(places: "QuerySet[Division]", day: date) -> list[Division]:
    """These places, each under the name that it bore on a day. One query, as without. Never to be saved."""
    found: list[Any] = list(places.annotate(called=Coalesce(RawSQL(_PAST, [day], CharField()), F("name"))))  # noqa: S611 (a constant)
    for one in found:
        one.name = one.called
    return found


def by_code(codes: Iterable[str], day: date) -> dict[str, Division]:
    """The same of these codes."""
    return {one.code: one for one in called_on(Division.objects.filter(code__in=list(codes)), day)}
