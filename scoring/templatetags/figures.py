"""Figures in templates: results with two decimals, coverage in per cent, states and rank changes in words."""

from dataclasses import dataclass

from django import template

from scoring import rules
from scoring.states import SheetState

register = template.Library()


@dataclass(frozen=True, slots=True)
class RankChange:
    """How a rank moved: ``way`` is up, down, same or new."""

    way: str
    sign: str
    words: str


@register.filter
def display_result(total: int | None, households: int) -> str:
    """``{{ row.total|display_result:row.households }}``: points per household with two decimals, 未评 when none is scored."""
    if total is None:
        return "未评"
    return rules.display(rules.result(total, households)) or "未评"


@register.filter
def coverage_percent(households: int, active: int) -> str:
    """``{{ row.households|coverage_percent:row.active }}``: cut off, so that 100% means every one."""
    hundredths = households * 10_000 // active if active else 0
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}%" if rest else f"{whole}%"


@register.filter
def sheet_state_label(state: str | None) -> str:
    """A sheet's state in Chinese; a sheet that nobody has begun is open."""
    return SheetState(state or SheetState.OPEN).label


@register.simple_tag
def rank_change(rank: int | None, previous: int | None) -> RankChange | None:
    """The change of a rank, None while there is no rank."""
    if not rank:
        return None
    if not previous:
        return RankChange("new", "新", "上月没有名次")
    if rank == previous:
        return RankChange("same", "—", "与上月持平")
    moved = abs(previous - rank)
    return (
        RankChange("up", f"▲{moved}", f"上升 {moved} 位")
        if rank < previous
        else RankChange("down", f"▼{moved}", f"下降 {moved} 位")
    )
