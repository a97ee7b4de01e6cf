"""A household that has another code since places changed, or since it moved, goes on being told, and its word on SMS holds."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.borders.actions.undoing import take_back
from households.models import ChangeKind, Household, NoSms, OutboxMessage, Plate
from households.outbox import reads
from households.outbox.actions import choose_sms, erase, put
from households.outbox.codes import codes_of
from households.own_data.registry import as_json
from households.register.phones import encrypt
from households.roles import Role
from households.sms.recipients import phone_of
from tests.households.borders.orders import ordered
from tests.households.changes.histories import done
from tests.plates import own_plate
from tests.world import TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FRESH = f"{TOWNSHIP}777"
DAY = date(2024, 6, 12)
SAID = "关于您家的异议有了裁定。"


def told(code: str, key: str = "1") -> OutboxMessage:
    put("objection.ruled", key=key, households=[code])
    return OutboxMessage.objects.get(household=code, key__contains=f":{key}:")


def renumbered(world: World) -> Household:
    """东山村 under another code; the household that was 010001 there."""
    ordered(None, DAY, (VILLAGE, FRESH, "新编码的村"))
    return Household.objects.get(pk=f"{FRESH}{world.household.code[12:]}")


def test_household_reads_behind_its_plate_what_it_was_told_before(world: World) -> None:
    plate, pin = own_plate(world.household)
    told(world.household.code)
    now, client = renumbered(world), Client()
    assert Plate.objects.get(pk=plate.pk).household_id == now.pk
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    assert SAID in client.get(reverse("household-messages", args=[plate.token])).content.decode()
    assert SAID in str(as_json(Plate.objects.select_related("household__group__parent").get(pk=plate.pk)))


def test_neighbour_reads_nothing_of_it(world: World) -> None:
    told(world.household.code)
    renumbered(world)
    assert reads.of_household(f"{FRESH}{world.households[1].code[12:]}") == []


def test_several_changes_and_one_taken_back_lead_to_the_same_household(world: World) -> None:
    first, old = told(world.household.code), world.household.code
    now = renumbered(world)
    moved = done(world.user(Role.COUNTY_OFFICE), ChangeKind.MOVE, date(2024, 7, 12), now.pk, group=f"{FRESH}02")
    told(moved.other_id, "2")
    assert set(codes_of(old)) == set(codes_of(moved.other_id)) == {old, now.pk, moved.other_id}
    assert len(reads.of_household(moved.other_id)) == 2
    assert first.household == old  # what was told is never rewritten


def test_order_taken_back_leaves_nothing_untold(world: World) -> None:
    order = ordered(None, DAY, (VILLAGE, FRESH, "新编码的村"))
    told(f"{FRESH}{world.household.code[12:]}")
    take_back(order=order, by=world.user(Role.COUNTY_OFFICE))
    assert [one.text for one in reads.of_household(world.household.code)] == [SAID]


def test_waiting_sms_goes_to_the_telephone_that_the_household_has_now(world: World) -> None:
    message, now = told(world.household.code), renumbered(world)
    Household.objects.filter(pk=now.pk).update(phone=encrypt("13800000009"), valid_from=timezone.localdate())
    Household.objects.filter(pk=world.household.code).update(valid_to=timezone.localdate())
    assert phone_of(message) == "13800000009"


def test_household_that_wants_no_sms_gets_none_under_its_new_code(world: World) -> None:
    choose_sms(household=world.household.code, wanted=False)
    now = renumbered(world)
    assert not reads.wants_sms(now.pk) and phone_of(told(now.pk)) is None
    erase(households=[world.household.code])  # years later, of the old row
    assert not reads.wants_sms(now.pk)
    choose_sms(household=now.pk, wanted=True)
    assert reads.wants_sms(now.pk) and not NoSms.objects.exists()


def test_slip_of_the_new_village_says_what_was_told_under_the_old_code(world: World) -> None:
    told(world.household.code)
    now = renumbered(world)
    [(household, said)] = reads.slips(FRESH)
    assert (household.pk, [one.text for one in said]) == (now.pk, [SAID])
    assert reads.slips(VILLAGE) == []


def test_household_that_took_another_in_does_not_read_its_messages(world: World) -> None:
    other = world.households[1].code
    told(other)
    done(world.user(Role.COUNTY_OFFICE), ChangeKind.MERGE, DAY, other, other=world.household.code)
    assert reads.of_household(world.household.code) == []
