"""What came before the one it follows and has waited too long goes in without it."""

from households.scope import lies_in
from scoring.models import Sheet
from scoring.sheets.actions.sheets import force_held


def force_overdue(within: str = "") -> int:
    """Carry out what has waited for five days with any sheet, or any inside a place; how many."""
    return sum(
        force_held(sheet) for sheet in Sheet.objects.filter(lies_in(within, "village")).exclude(held=[]).order_by("pk")
    )
