"""What this subject brings to the house."""

from households.changes import checks, importing, waiting
from households.house import checks as house_checks
from households.house import waiting as house_waiting
from households.imports import kinds


def speak() -> None:
    """Its file, its line of `verify`, and what of it waits for whom."""
    kinds.register(importing.KIND)
    house_checks.register(checks.checked)
    house_waiting.register(waiting.waiting)
