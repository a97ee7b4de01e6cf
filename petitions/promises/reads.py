"""Promises as their lists and homes read them."""

from households.models import User
from households.roles import Role
from petitions.models import Promise
from petitions.models.promises import PromiseQuerySet


def owed_by(user: User) -> PromiseQuerySet:
    """Promises that go into this person's figures."""
    if user.role == Role.COUNTY_OFFICE:
        return Promise.objects.overseen_by(user)
    return Promise.objects.visible_to(user)
