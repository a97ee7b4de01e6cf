"""Plates and PINs: what is kept, what opens, and what a guesser meets."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from households.models import AuditEvent, Household, Plate
from households.plates import rules
from households.plates.actions import plates
from households.plates.actions.pins import renew_pin
from households.plates.actions.plates import PinCheck, accept_pin, check_pin, issue_plate, issue_plates, revoke_plate
from households.refusals import Refused
from tests.audit_failure import audit_down
from tests.households.plates.pins import wrong
from tests.plates import own_plate
from tests.world import World, build


def fail(plate: Plate, pin: str, times: int) -> PinCheck:
    return [check_pin(plate, wrong(pin)) for _ in range(times)][-1]


def unlock(plate: Plate) -> None:
    Plate.objects.filter(pk=plate.pk).update(locked_until=timezone.now() - timedelta(hours=1))  # before the test began


def minutes(check: PinCheck) -> int:
    assert check.locked_until is not None
    return round((check.locked_until - timezone.now()) / timedelta(minutes=1))


def test_issue_gives_an_opaque_token_and_a_pin(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=world.user("cadre"))
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", plate.token)
    assert re.fullmatch(r"[0-9]{6}", pin)
    assert plate.issued_by == world.user("cadre")
    assert world.household.code not in plate.token


def test_pin_is_kept_as_a_keyed_digest_only(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert len(plate.pin_hash) == 64
    assert pin not in plate.pin_hash
    assert plates.hash_pin("another token", pin) != plate.pin_hash


def test_pin_digest_depends_on_the_key_of_codes_and_survives_a_new_signing_key(settings: object) -> None:
    before = plates.hash_pin("token", "582041")
    settings.SECRET_KEY = "another secret key of good length"
    assert plates.hash_pin("token", "582041") == before
    settings.CODE_KEY = "another key of codes of good length"
    assert plates.hash_pin("token", "582041") != before


def test_issue_revokes_the_plate_before(world: World) -> None:
    first, _ = issue_plate(household=world.household, by=None)
    second, _ = issue_plate(household=world.household, by=None)
    first.refresh_from_db()
    assert first.revoked_at
    assert Plate.objects.filter(household=world.household, revoked_at=None).get() == second
    assert AuditEvent.objects.get(action="plate.replace").detail == {"replaced": 1}


def test_issue_for_many_keeps_their_order(world: World) -> None:
    households = list(reversed(world.households))
    issued = issue_plates(households=households, by=None)
    assert [plate.household for plate, _ in issued] == households
    assert all(check_pin(plate, pin).ok for plate, pin in issued)


def test_issue_refuses_a_household_that_has_ended(world: World) -> None:
    Household.objects.filter(pk=world.household.pk).update(valid_to="2024-01-01")
    with pytest.raises(Refused, match="已停用，不能制牌"):
        issue_plates(households=world.households, by=None)
    assert not Plate.objects.exists()


def test_issue_queries_do_not_grow_with_households(
    world: World, django_assert_num_queries: Callable[[int], object]
) -> None:
    for households in (world.households[:1], world.households[1:4]):
        with django_assert_num_queries(6):
            issue_plates(households=households, by=None)


def test_database_allows_one_plate_in_force(world: World) -> None:
    plate, _ = issue_plate(household=world.household, by=None)
    with pytest.raises(IntegrityError, match="plate_one_in_force"), transaction.atomic():
        Plate.objects.create(household=world.household, token="x" * 22, pin_hash=plate.pin_hash)


@pytest.mark.parametrize("token", ["short", "x" * 21 + "!", "x" * 21 + " "])
def test_database_refuses_a_token_of_another_shape(world: World, token: str) -> None:
    with pytest.raises(IntegrityError, match="plate_token_128_bit"), transaction.atomic():
        Plate.objects.create(household=world.household, token=token, pin_hash="")


def test_revoke_is_done_once(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert revoke_plate(plate=plate, by=world.user("cadre")).revoked_at
    with pytest.raises(Refused, match="已经作废"):
        revoke_plate(plate=plate, by=None)
    assert AuditEvent.objects.filter(action="plate.revoke", place=world.household.code).count() == 1
    assert not check_pin(plate, pin).ok


def test_revoked_plate_says_so_whatever_the_pin(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    revoke_plate(plate=plate, by=None)
    assert check_pin(plate, pin).refusal().code == check_pin(plate, wrong(pin)).refusal().code == "plate_revoked"


def test_right_pin_opens_and_clears_the_count(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    fail(plate, pin, 4)
    assert check_pin(plate, pin).ok
    assert fail(plate, pin, 1).tries_left == 4


@pytest.mark.parametrize("dress", ["{}", " {} ", "{}\u3000"])
def test_right_pin_opens_with_blanks(world: World, dress: str) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert check_pin(plate, dress.format(pin)).ok


def test_right_pin_opens_in_full_width(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert check_pin(plate, "".join(chr(ord(digit) + 0xFEE0) for digit in pin)).ok


@pytest.mark.parametrize("pin", ["", "0", "x" * 100_000, "１２\x00"])
def test_nonsense_is_simply_wrong(world: World, pin: str) -> None:
    plate, _ = issue_plate(household=world.household, by=None)
    assert not check_pin(plate, pin).ok


def test_fifth_wrong_pin_locks_for_a_quarter_of_an_hour(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert [check_pin(plate, wrong(pin)).tries_left for _ in range(4)] == [4, 3, 2, 1]
    locked = check_pin(plate, wrong(pin))
    assert minutes(locked) == 15
    assert not check_pin(plate, pin).ok
    assert check_pin(plate, pin).refusal().status == 429


def test_locked_plate_opens_again_when_the_time_is_over(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    fail(plate, pin, 5)
    unlock(plate)
    assert check_pin(plate, pin).ok


@pytest.mark.parametrize(("rounds", "length"), [(2, 60), (3, 240), (4, 1440), (9, 1440)])
def test_locks_grow_longer(world: World, rounds: int, length: int) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    for _ in range(rounds):
        locked = fail(plate, pin, 5)
        unlock(plate)
    assert minutes(locked) == length


def test_tries_while_locked_are_not_counted(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    fail(plate, pin, 9)
    plate.refresh_from_db()
    assert plate.failures == 5


def test_wrong_pin_names_the_tries_left(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    assert fail(plate, pin, 2).refusal().sentence == "PIN 不对，还可以试 3 次。PIN 是这一户自己设的。"


def test_audit_never_holds_token_or_pin(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=world.user("cadre"))
    fail(plate, pin, 5)
    revoke_plate(plate=plate, by=None)
    lines = AuditEvent.objects.filter(action__startswith="plate.")
    assert set(lines.values_list("action", "actor")) >= {("plate.issue", "cadre"), ("plate.lock", "villager")}
    told = " ".join(f"{line.actor} {line.subject} {line.detail}" for line in lines)
    assert plate.token not in told
    assert pin not in told


@pytest.mark.parametrize("act", ["issue", "revoke"])
def test_nothing_changes_when_the_audit_fails(world: World, act: str) -> None:
    plate, _ = issue_plate(household=world.household, by=None)

    with audit_down():
        issue_plate(household=world.household, by=None) if act == "issue" else revoke_plate(plate=plate, by=None)
    assert Plate.objects.get(revoked_at=None) == plate


@given(st.integers(0, 9), st.integers(0, 9))
def test_trivial_pins_are_known(first: int, second: int) -> None:
    assert rules.is_trivial(f"{first}" * 6)
    assert rules.is_trivial(f"{first}{second}" * 3)
    assert rules.is_trivial(f"{first}{first}{second}" * 2)


@pytest.mark.parametrize("pin", ["123456", "654321", "012345", "987654", "000000", "123123", "112233", "888666"])
def test_first_guesses_are_trivial(pin: str) -> None:
    assert rules.is_trivial(pin)


@pytest.mark.parametrize("pin", ["112323", "124816", "135791", "332214"])
def test_pin_with_some_order_in_it_is_not_trivial(pin: str) -> None:
    assert not rules.is_trivial(pin)


def test_new_pins_are_never_trivial() -> None:
    pins = {plates.new_pin() for _ in range(2000)}
    assert not any(rules.is_trivial(pin) for pin in pins)
    assert len(pins) > 1900


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_still_five() -> None:
    assert _race(tries=16) == 5


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_would_all_count_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = "AND (locked_until IS NULL OR locked_until <= now())"
    assert guard in plates._SPEND
    monkeypatch.setattr(plates, "_SPEND", plates._SPEND.replace(guard, ""))
    assert _race(tries=16) == 16


def _race(*, tries: int) -> int:
    """How many of so many simultaneous wrong tries got as far as being compared."""
    plate, pin = issue_plate(household=build().household, by=None)
    together = Barrier(tries)

    def attempt() -> None:
        together.wait()
        check_pin(plate, wrong(pin))
        connection.close()

    threads = [Thread(target=attempt) for _ in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plate.refresh_from_db()
    return plate.failures


def test_failures_of_a_week_ago_are_forgotten(world: World) -> None:
    plate, pin = own_plate(world.household)
    for _ in range(3):
        fail(plate, pin, 5)
        unlock(plate)
    Plate.objects.filter(pk=plate.pk).update(failed_at=timezone.now() - timedelta(days=7, minutes=1))
    assert minutes(fail(plate, pin, 5)) == 15


def test_cadre_lets_a_household_in_that_strangers_locked_out_and_its_pin_stays(world: World) -> None:
    plate, pin = own_plate(world.household)
    client, address = world.client("cadre"), reverse("unlock-plate", args=[world.household.code])
    assert client.post(address).status_code == 409
    fail(plate, pin, 5)
    assert (
        reverse("unlock-plate", args=[world.household.code])
        in client.get(reverse("plate-of", args=[world.household.code])).content.decode()
    )
    client.post(address)
    assert check_pin(plate, pin).ok
    assert AuditEvent.objects.get(action="plate.unlock").place == world.household.code


def test_accepted_pin_starts_the_count_anew(world: World) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    fail(plate, pin, 4)
    accept_pin(plate)
    assert fail(plate, pin, 1).tries_left == 4


MEANWHILE: dict[str, Callable[[Plate, str], object]] = {
    "plate_locked": lambda plate, pin: fail(plate, pin, 5),
    "plate_revoked": lambda plate, _pin: revoke_plate(plate=Plate.objects.get(pk=plate.pk), by=None),
    "pin_wrong": lambda plate, _pin: renew_pin(plate=Plate.objects.get(pk=plate.pk), by=None),
}


@pytest.mark.parametrize("code", MEANWHILE)
def test_pin_that_was_right_when_read_is_asked_about_again(world: World, code: str) -> None:
    plate, pin = issue_plate(household=world.household, by=None)
    MEANWHILE[code](plate, pin)
    with pytest.raises(Refused) as refusal:
        accept_pin(plate)
    assert refusal.value.code == code
