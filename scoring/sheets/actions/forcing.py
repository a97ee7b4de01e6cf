"""What came before the one it follows and has waited too long goes in without it."""

from scoring.models import Sheet
from scoring.sheets.actions.sheets import force_held


def force_overdue() -> int:
    """Carry out what has waited for five days with any sheet; how many."""
    return sum(force_held(sheet) for sheet in Sheet.objects.exclude(held=[]).order_by("pk"))
