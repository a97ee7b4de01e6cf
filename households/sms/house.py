"""The way to the outbox, for staff."""

from collections.abc import Iterator

from households.house import navigation
from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.outbox import kinds
from households.permissions import Permission, may


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """发出的消息."""
    if may(user, Permission.SEE_OUTBOX):
        yield NavigationEntry(22, "发出的消息", "send", ("outbox", "outbox-slips"))


def speak() -> None:
    """The way there, and what this room tells."""
    navigation.register(entries)
    kinds.register(*kinds.OWN)
