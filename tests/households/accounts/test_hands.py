"""Two keys of money are two people: not a very young account, not two that one hand has just made."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from households.accounts.hands import check_key
from households.models import User
from households.roles import Role
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db
LONG = timedelta(days=settings.KEY_DAYS + 1)


def real(world: World, role: str, *, age: timedelta = LONG, by: User | None = None, handed: timedelta = LONG) -> User:
    """Somebody whose account is no demo, so old, and given its password by one person so long ago."""
    now = timezone.now()
    changed = {"is_demo": False, "created_at": now - age, "handed_by": by, "handed_at": now - handed}
    User.objects.filter(pk=world.user(role).pk).update(**changed)
    return User.objects.get(pk=world.user(role).pk)


def test_young_account_turns_no_key_first_or_second(world: World) -> None:
    old, young = real(world, Role.COUNTY_OFFICE), real(world, Role.TOWNSHIP, age=timedelta(days=1))
    told = refused("key_too_young", lambda: check_key(young))
    assert young.display_name in told.reason and "满 7 天" in told.reason
    refused("key_too_young", lambda: check_key(old, young))
    refused("key_too_young", lambda: check_key(young, old))
    check_key(old)


def test_two_accounts_of_one_hand_are_one_key_for_some_days(world: World) -> None:
    admin, fresh = world.user(Role.SYSTEM_ADMIN), timedelta(days=1)
    first = real(world, Role.COUNTY_OFFICE, by=admin, handed=fresh)
    second = real(world, Role.TOWNSHIP, by=admin)
    refused("keys_of_one_hand", lambda: check_key(second, first))
    check_key(second, real(world, Role.COUNTY_OFFICE, by=admin))
    check_key(second, real(world, Role.COUNTY_OFFICE, by=world.user(Role.SECURITY_ADMIN), handed=fresh))


def test_who_reset_the_other_key_a_day_ago_holds_both(world: World) -> None:
    maker = real(world, Role.COUNTY_OFFICE)
    made = real(world, Role.TOWNSHIP, by=maker, handed=timedelta(days=1))
    for pair in ((made, maker), (maker, made)):
        refused("keys_of_one_hand", lambda pair=pair: check_key(*pair))


def test_demo_and_command_line_are_no_keys_to_look_at(world: World) -> None:
    check_key(world.user(Role.COUNTY_OFFICE), world.user(Role.TOWNSHIP))
    check_key(None)
