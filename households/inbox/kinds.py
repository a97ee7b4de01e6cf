"""Kinds of messages to posts. Each room registers its own: how it is said, and where it is seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

About = Sequence[str]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """`say` tells in one sentence what happened, `way` the address where it is seen, both from what the message is about."""

    name: str
    say: Callable[[About], str]
    way: Callable[[About], str]


_kinds: dict[str, MessageKind] = {}


def register(*kinds: MessageKind) -> None:
    """Have a room's kinds known."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> MessageKind | None:
    """None for one that no room speaks for any more: its messages are not shown."""
    return _kinds.get(name)
