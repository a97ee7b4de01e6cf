"""Who reads and changes whose declarations."""

from households.models import User
from households.permissions import Permission, may


def is_above(by: User, user: User) -> bool:
    """Whether `by` keeps declarations of the place that the other works in. Departments are the county's."""
    if by.pk == user.pk or not may(by, Permission.KEEP_KIN):
        return False
    if user.division_id:
        return by.scope.covers(user.division_id) and (by.is_high or by.division_id != user.division_id)
    return by.is_high


def may_see(by: User, user: User) -> bool:
    """The person themselves, and whoever keeps their declarations."""
    return (by.pk == user.pk and may(by, Permission.DECLARE_KIN)) or is_above(by, user)


def may_end(by: User, user: User) -> bool:
    """Never the person themselves."""
    return is_above(by, user)
