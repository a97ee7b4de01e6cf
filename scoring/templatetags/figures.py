"""Figures in templates: results with two decimals, coverage in per cent, states and rank changes in words."""

from django import template

from scoring import rules
from scoring.rankings.changes import rank_change
from scoring.states import SheetState

register = template.Library()
register.simple_tag(rank_change)


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
