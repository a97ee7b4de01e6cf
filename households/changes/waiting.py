"""What of the register's changes waits for whom: proposals for the cadre, objections for the village, the list for the township."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from households.changes import reads
from households.changes.actions import watching
from households.house.waiting import Waiting, named
from households.models import User
from households.permissions import Permission, may
from households.roles import Role


def waiting(user: User, _today: date) -> Iterator[Waiting]:
    """One query a line. The county office may do what a cadre does, but it waits for the cadre."""
    page = reverse("household-changes")
    if user.role == Role.CADRE:
        yield from named(61, "件户籍变更等您办理", reads.waiting_proposals(user), page)
        yield from named(62, "条乡镇对户籍变更的意见没有答复", reads.objections_to(user), page)
    if may(user, Permission.WATCH_CHANGES):
        yield from named(63, "条户籍变更没有看过", watching.unread(user), page)
