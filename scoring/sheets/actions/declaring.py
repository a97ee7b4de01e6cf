"""Declaring for villages by command: all that are open, or those that are named."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from households.codes import Level, is_level
from households.models import Division, Household, User
from households.months import last_day
from households.refusals import Refused
from scoring.models import Declaration, Sheet
from scoring.months.months import scheme_of, sheet_of
from scoring.sheets.actions.sheets import declare
from scoring.states import SheetState


@transaction.atomic
def declare_villages(*, month: str, villages: Sequence[str] | None, by: User | None) -> list[Declaration]:
    """Declare the named villages, all or none; without names every open village with active households.

    Refuses an unknown village and, among the named, one that is not open or has no households.
    """
    scheme_of(month)
    found = _named(villages) if villages is not None else _open(month)
    return [declare(sheet=sheet_of(month=month, village=village), by=by) for village in found]


def _named(codes: Sequence[str]) -> list[Division]:
    known = Division.objects.in_bulk(codes)
    for code in codes:
        if not is_level(code, Level.VILLAGE) or code not in known:
            raise Refused("village_unknown", f"没有代码为 {code} 的村。")
    return [known[code] for code in dict.fromkeys(codes)]


def _open(month: str) -> list[Division]:
    day = last_day(month)
    active = Household.objects.active(day).annotate(village=Left("code", Level.VILLAGE.code_length)).values("village")
    closed = Sheet.objects.filter(period=month).exclude(state=SheetState.OPEN)
    villages = Division.objects.active(day).filter(code__in=active.distinct())
    return list(villages.exclude(Exists(closed.filter(village=OuterRef("code")))).order_by("code"))
