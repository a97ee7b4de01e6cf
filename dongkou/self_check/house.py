"""What this page brings to the house: its entry."""

from collections.abc import Iterator

from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """安全自查."""
    if may(user, Permission.SEE_SELF_CHECK):
        yield NavigationEntry(83, "安全自查", "checklist", ("self-check",))
