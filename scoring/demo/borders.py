"""A village of the demo that was merged into its neighbour this month: months before keep both, rankings and pages tell the way."""

from collections.abc import Mapping
from datetime import date
from random import Random
from uuid import UUID

from households.borders.actions.carrying import BorderWish, carry_out
from households.borders.mapping import MapLine
from households.models import BorderOrder, BorderReason, Division, User
from scoring.models import Sheet
from scoring.states import SheetState


def merge_two(
    villages: Mapping[str, Division], month: str, rng: Random, *, today: date, by: User
) -> tuple[Division, Division] | None:
    """Of these villages the second that has not signed the month goes on as the first; None where there are no two."""
    signed = Sheet.objects.filter(period=month).exclude(state=SheetState.OPEN).values_list("village", flat=True)
    free = [village for code, village in sorted(villages.items()) if code not in set(signed)]
    if len(free) < 2:
        return None
    target, merged = free[:2]
    op_id = UUID(int=rng.getrandbits(128), version=4)
    lines = (MapLine(2, merged.code, target.code),)
    wish = BorderWish(today, BorderReason.VILLAGES, lines, "洞政函〔2026〕12号（演示）", False)
    order: BorderOrder = carry_out(op_id=op_id, wish=wish, by=by)
    return (target, merged) if order.households else None
