"""What else changes with an account's person or post: each subject above registers its own, within the caller's transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from households.models import User

LeftWork = dict[str, object]


@dataclass(frozen=True, slots=True)
class Follower:
    """`left` names what a person keeps who gives their post away, `taken` follows the post to who takes it, `corrected` a name or
    telephone (before, as they were) that was put right.
    """

    left: Callable[[User], Iterator[LeftWork]]
    taken: Callable[[User, User, User | None], None]
    corrected: Callable[[User, dict[str, str], User | None], None]


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Have a subject follow."""
    _followers.append(follower)


def left_by(user: User) -> list[LeftWork]:
    """What stays with the person."""
    return [one for follower in _followers for one in follower.left(user)]


def taken(giver: User, taker: User, by: User | None) -> None:
    """The post of one is the other's from now on."""
    for follower in _followers:
        follower.taken(giver, taker, by)


def corrected(user: User, before: dict[str, str], by: User | None) -> None:
    """The same person under another name or number."""
    for follower in _followers:
        follower.corrected(user, before, by)
