"""Which tasks check something: each room says it of its own. One that does not come to its end is a finding itself."""

_checking: set[str] = set()


def register(*names: str) -> None:
    """Have these tasks watched, by the names that Celery knows them by."""
    _checking.update(names)


def checks(name: str) -> bool:
    """Whether the task of this name checks something."""
    return name in _checking


def names() -> frozenset[str]:
    """All of them."""
    return frozenset(_checking)
