"""What contacts bring to the house: entries of the menu, who is told of a hand-over, what follows a household and a post."""

from collections.abc import Iterator
from datetime import date, timedelta

from households.accounts import followers
from households.changes import rooms
from households.contacts import leaving, page
from households.contacts.actions.posts import FOLLOWER
from households.house import home, navigation
from households.house.home import Block, Column
from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may
from households.roles import Role

_TOLD = timedelta(days=14)
_LOOK_AFTER = {Role.GROUP_LEADER, Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT}
_PAGES = (
    "contacts",
    "contacts-of",
    "contact-household",
    "contact-people",
    "contact-person",
    "contact-hand-over",
    "micro-grids",
    "new-micro-grid",
)


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """我联系的户 for whoever may have some (a menu asks the database nothing), 联系户 for whoever sees households."""
    if not may(user, Permission.SEE_HOUSEHOLDS):
        return
    if user.role in _LOOK_AFTER:
        yield NavigationEntry(
            22, "我联系的户", "home-heart", ("my-contacts", "my-contact", "call-household", "record-visit")
        )
    yield NavigationEntry(23, "联系户", "heart-handshake", _PAGES)


def blocks(user: User, today: date) -> Iterator[Block]:
    """A hand-over of the last two weeks, for both who are concerned."""
    if user.role in _LOOK_AFTER and (told := page.told_to(user, today - _TOLD)):
        yield Block(6, Column.DUE, "households/contacts/_told.html", told)


def join() -> None:
    """Say all of it to the house."""
    home.register(blocks)
    navigation.register(entries)
    followers.register(FOLLOWER)
    rooms.register(rooms.Room(leaving.AT, leaving.foresee, leaving.follow))
