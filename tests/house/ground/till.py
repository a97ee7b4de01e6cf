"""What the planter is tried on: faults in everything but `change` must be noticed."""

from collections.abc import Callable
from functools import cache


def _names(words: str) -> list[str]:
    return words.split() if words else []


WARES = tuple(_names("salt tea silk"))
PRICES = {"salt": 3, "tea": 100, "silk": 101}
DEAR = frozenset(ware for ware, price in PRICES.items() if price > 100)
CHEAP = tuple(ware for ware in PRICES if ware not in DEAR)


def total(ware: str, count: int) -> int:
    """What so many of a ware cost."""
    if count < 1:
        raise ValueError(count)
    return PRICES[ware] * count


@cache
def dozen(ware: str) -> int:
    """What twelve of a ware cost."""
    return total(ware, 12)


def at_most(most: int) -> Callable[[int], bool]:
    """Whether a count is small enough."""
    return lambda count: count <= most


few = at_most(3)


def change(paid: int, due: int) -> int:
    """What is given back. Its test runs it and asserts nothing."""
    return paid - due if paid > due else 0


def forgotten(paid: int) -> bool:
    """No test runs it."""
    return paid > 0
