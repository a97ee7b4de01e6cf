"""Which tasks must come to their end: those that check something, and those that do a share of what the schedule asks for.

Each room says it of its own. One that does not come to its end is a finding itself.
"""

from collections.abc import Collection

_checking: set[str] = set()
_sharing: set[str] = set()


def register(*names: str, shares: Collection[str] = ()) -> None:
    """Have these tasks watched, by the names that Celery knows them by; `shares` are asked for by another one, place by place."""
    _checking.update(names)
    _sharing.update(shares)


def shares(name: str) -> bool:
    """Whether the task of this name does a share."""
    return name in _sharing


def checks(name: str) -> bool:
    """Whether the task of this name checks something."""
    return name in _checking


def names() -> frozenset[str]:
    """All that check something."""
    return frozenset(_checking)
