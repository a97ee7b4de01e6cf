"""Navigation of the three direct lines: one entry, the rooms behind it on a second row."""

from collections.abc import Iterator

from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may

RECEPTION_PAGES = ("days", "day-plan", "reception", "reception-case", "reception-new-matter", "reception-record")
PETITION_PAGES = (
    *("petitions", "petition", "petition-file", "petition-unmask", "petition-import", "petition-erasures"),
    *("petition-templates", "petition-template"),
)


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """One entry for whoever may open at least one of the rooms."""
    rooms = tuple(_rooms(user))
    if rooms:
        yield NavigationEntry(60, "信访", "mailbox", tuple(name for room in rooms for name in room.names), rooms=rooms)


def _rooms(user: User) -> Iterator[NavigationEntry]:
    if may(user, Permission.SEE_PETITIONS):
        yield NavigationEntry(0, "信访件", "mailbox", PETITION_PAGES)
        yield NavigationEntry(1, "接访", "calendar-event", RECEPTION_PAGES)
        yield NavigationEntry(2, "承诺", "heart-handshake", ("promises",))
    if may(user, Permission.WORK_PETITIONS) or may(user, Permission.RUN_RECEPTIONS):
        yield NavigationEntry(3, "包案", "user-check", ("owned", "petition-own"))
    if may(user, Permission.SEE_PETITION_BOARD):
        yield NavigationEntry(4, "统计", "chart-bar", ("petition-board", "petition-rating-flags"))
    if may(user, Permission.REDACT_PETITIONS):
        yield NavigationEntry(5, "公开答复", "world", ("petition-publishing", "petition-publish"))
