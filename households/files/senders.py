"""Whose files are being opened, as far as that decides when: told by the layer around a request, asked by the cells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Sender:
    """`costly` says whether this sender's files have used up cells lately; what they do now is counted here."""

    costly: Callable[[], bool]
    used_up: int = 0  # cells
    infected: list[str] = field(default_factory=list)  # names of what a scanner found


_SENDER: ContextVar[Sender | None] = ContextVar("sender", default=None)


@contextmanager
def sending(sender: Sender) -> Iterator[None]:
    """Files opened inside come from `sender`."""
    token = _SENDER.set(sender)
    try:
        yield
    finally:
        _SENDER.reset(token)


def current() -> Sender:
    """Who sends; somebody without a past where nobody said it: a command, a task."""
    return _SENDER.get() or Sender(costly=lambda: False)
