"""What is personal of households that left long ago goes, once; codes and figures stay; a doubtful clock erases nothing."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from households import tasks
from households.changes.reads import kinds_for
from households.clock import doubts
from households.house.checks import examine
from households.models import (
    AuditEvent,
    ChangeKind,
    ContactVisit,
    CorrectionRequest,
    Household,
    HouseholdErasure,
    KeptMoment,
    Plate,
)
from households.models.contacts import VisitOutcome
from households.own_data.actions import answer_correction, ask_correction
from households.retention import registry
from households.retention.actions import GONE, erase_expired, expired, keeps_until
from households.roles import Role
from scoring.models import HouseholdScore
from tests.audit_failure import audit_down
from tests.households.changes.histories import done
from tests.plates import own_plate
from tests.refusals import refusal
from tests.world import VILLAGE, World

ONE, TWO = f"{VILLAGE}010001", f"{VILLAGE}010002"


def left(code: str = ONE, *, days: int = 1) -> None:
    """The household left so many days before what is still kept."""
    Household.objects.filter(pk=code).update(valid_to=keeps_until(timezone.localdate()) - timedelta(days=days))


def erase() -> int:
    return erase_expired(timezone.localdate())


def test_personal_fields_go_and_code_and_figures_stay(world: World) -> None:
    world.frozen_once()
    scores = list(HouseholdScore.objects.order_by("month", "code").values_list("month", "code", "score"))
    own_plate(world.household)
    left()
    assert erase() == 1
    gone = Household.objects.get(pk=ONE)
    assert (gone.head_name, gone.initials, gone.phone, gone.address) == (GONE, "", None, "")
    assert gone.valid_to is not None and gone.group_id == f"{VILLAGE}01"
    assert list(HouseholdScore.objects.order_by("month", "code").values_list("month", "code", "score")) == scores
    assert not Plate.objects.filter(household=ONE, revoked_at=None).exists()
    assert AuditEvent.objects.get(action="household.erase").place == ONE


def test_notes_of_visits_go_and_the_visits_stay(world: World) -> None:
    for code in (ONE, TWO):
        ContactVisit.objects.create(
            household_id=code,
            day=date(2020, 1, 2),
            outcome=VisitOutcome.values[0],
            note="腿脚不便",
            by=world.user(Role.CADRE),
        )
    left()
    erase()
    assert list(ContactVisit.objects.order_by("household").values_list("household", "note")) == [
        (ONE, ""),
        (TWO, "腿脚不便"),
    ]


def test_others_keep_what_they_have(world: World) -> None:
    left()
    left(TWO, days=-1)
    before = list(Household.objects.exclude(pk=ONE).order_by("pk").values())
    erase()
    assert list(Household.objects.exclude(pk=ONE).order_by("pk").values()) == before


def test_what_was_erased_is_not_erased_again(world: World) -> None:
    left()
    assert (erase(), erase()) == (1, 0)
    assert AuditEvent.objects.filter(action="household.erase").count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseholdErasure.objects.filter(pk=ONE).delete()


def test_open_request_and_hold_keep_a_household(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = ask_correction(household=world.household, words="名字写错了")
    left()
    left(TWO)
    monkeypatch.setattr(registry, "_holds", [lambda codes: [TWO] if TWO in codes else []])
    assert expired(timezone.localdate()) == []
    answer_correction(request=one, corrected=True, words="张三峰，改好了", by=world.user(Role.CADRE))
    assert erase() == 1
    kept = CorrectionRequest.objects.get()
    assert (kept.asked_words, kept.answer_words) == ("（已清除）", "（已清除）")
    assert Household.objects.get(pk=TWO).head_name == "李四光"


def test_every_room_erases_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(registry, "_erasers", [seen.extend])
    left()
    erase()
    assert seen == [ONE]


def test_nothing_is_erased_while_the_clock_is_in_doubt(world: World) -> None:
    left()
    KeptMoment.objects.update_or_create(name="clock", defaults={"at": timezone.now() - timedelta(days=400)})
    tasks.erase_expired()
    assert Household.objects.get(pk=ONE).head_name == "张三丰"
    assert any("清除 1 户" in sentence for sentence in doubts.held_back(timezone.localdate()))
    KeptMoment.objects.update(at=timezone.now())
    tasks.erase_expired()
    assert Household.objects.get(pk=ONE).head_name == GONE


def test_nothing_is_erased_when_the_audit_fails(world: World) -> None:
    left()
    with audit_down():
        erase()
    assert Household.objects.get(pk=ONE).head_name == "张三丰"
    assert not HouseholdErasure.objects.exists()


def test_verify_passes_and_names_what_came_back(world: World) -> None:
    left()
    erase()
    assert all(one.holds for one in examine(None))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE households_household SET address = '后山' WHERE code = %s", [ONE])
    assert any(ONE in one.sentence and "已清除的户" in one.sentence for one in examine(None) if not one.holds)


def test_erased_household_does_not_come_back(world: World) -> None:
    left()
    cadre = world.user(Role.CADRE)
    assert ChangeKind.REOPEN in kinds_for(Household.objects.get(pk=ONE), cadre)
    erase()
    assert kinds_for(Household.objects.get(pk=ONE), cadre) == []
    assert refusal(done, cadre, ChangeKind.REOPEN, timezone.localdate(), ONE).code == "household_erased"
    assert Household.objects.get(pk=ONE).valid_to is not None


def test_last_day_of_february_is_reached_every_year() -> None:
    assert keeps_until(date(2028, 2, 29)) == date(2023, 2, 28)
