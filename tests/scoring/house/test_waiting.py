"""What of scoring waits for whom, with its number and its way there."""

from datetime import date
from uuid import uuid4

import pytest

from households.house.waiting import worked_out
from households.models import User
from households.roles import Role
from scoring.house.waiting import waiting
from scoring.models import PointAdjustment
from scoring.sheets.actions.sheets import declare
from scoring.withholdings.actions import withholding as actions
from tests.colleagues import colleague
from tests.scoring.restatements.adjusting import ask_withdrawal, frozen_with
from tests.scoring.withholdings.free_words import ask as ask_withholding
from tests.scoring.withholdings.free_words import free_ranking
from tests.world import STRANGE, World

FOR_TWO = "WJ04"  # asks for a second person


def told(user: User) -> list[tuple[int, str, str]]:
    return [(one.number, one.what, one.url) for one in worked_out(waiting(user, date(2024, 6, 2)))]


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR])
def test_entry_of_a_cadre_waits_for_another_of_the_village(world: World, role: str) -> None:
    second = colleague(world, Role.CADRE) if role == Role.CADRE else world.user(role)
    world.record(world.household.code, FOR_TWO)
    assert told(second) == [(1, "条例外等第二人确认", "/village/sheet/2024-05/?show=pending")]
    assert told(world.user(Role.CADRE)) == []


def test_entry_next_door_waits_for_nobody_here(world: World) -> None:
    world.record(f"{STRANGE}010001", FOR_TWO, by=world.stranger(Role.CADRE))
    assert told(world.user(Role.SUPERVISOR)) == []
    assert len(told(world.stranger(Role.SUPERVISOR))) == 1


def test_entry_of_a_declared_sheet_waits_for_the_review_alone(world: World) -> None:
    world.record(world.household.code, FOR_TWO)
    assert told(world.user(Role.SUPERVISOR))
    declare(sheet=world.sheet(), by=world.user(Role.CADRE))
    assert told(world.user(Role.SUPERVISOR)) == []


def test_group_leader_confirms_nothing(world: World) -> None:
    world.record(world.household.code, FOR_TWO)
    assert told(world.user(Role.GROUP_LEADER)) == []


def test_entry_of_the_petition_office_waits_for_its_other_person_alone(world: World) -> None:
    other = colleague(world, Role.PETITION_OFFICE)
    world.record(world.household.code, "FF01", by=world.user(Role.PETITION_OFFICE), document_no="洞公决字第9号")
    assert told(other) == [(1, "条例外等第二人确认", "/village/sheet/2024-05/?show=pending&village=430726201201")]
    assert told(world.user(Role.PETITION_OFFICE)) == told(world.user(Role.SUPERVISOR)) == []


def test_points_asked_wait_for_the_township_of_the_place(world: World) -> None:
    PointAdjustment.objects.create(
        owner_kind="household", owner=world.household.code, points=3, reason="义务修路", asked_by=world.user(Role.CADRE)
    )
    assert told(world.user(Role.TOWNSHIP)) == [(1, "件积分调整等批准", "/points/adjustments/")]
    assert told(world.stranger(Role.TOWNSHIP)) == told(world.user(Role.COUNTY_OFFICE)) == []


def test_points_asked_by_one_of_the_county_wait_for_the_other(world: World) -> None:
    first, second = world.user(Role.COUNTY_OFFICE), colleague(world, Role.COUNTY_OFFICE)
    PointAdjustment.objects.create(
        owner_kind="division", owner=world.village.code, points=3, reason="评比", asked_by=first
    )
    assert [told(first), told(second)] == [[], [(1, "件积分调整等批准", "/points/adjustments/")]]


def test_home_shows_it_with_its_link(world: World) -> None:
    PointAdjustment.objects.create(
        owner_kind="household", owner=world.household.code, points=3, reason="义务修路", asked_by=world.user(Role.CADRE)
    )
    page = world.client(Role.TOWNSHIP).get("/").content.decode()
    assert 'aria-label="等您办的"' in page
    assert '<a href="/points/adjustments/"><strong>1</strong><span>件积分调整等批准</span></a>' in page
    assert 'aria-label="等您办的"' not in world.client(Role.CADRE).get("/").content.decode()


def test_correction_asked_waits_for_the_county(world: World) -> None:
    ask_withdrawal(world, frozen_with(world))
    assert told(world.user(Role.COUNTY_OFFICE)) == [(1, "件锁定后调整等批准", "/adjustments/")]
    assert told(world.user(Role.TOWNSHIP)) == []


def test_words_to_be_withheld_wait_for_another_of_the_county_office_alone(world: World) -> None:
    world.frozen_month()
    asker, other = colleague(world, Role.COUNTY_OFFICE), world.user(Role.COUNTY_OFFICE)
    asked = ask_withholding(free_ranking(world), by=asker)
    assert told(other) == [(1, "件“原文不再公开”等决定", "/withholdings/")]
    assert told(asker) == told(world.user(Role.TOWNSHIP)) == told(world.user(Role.CADRE)) == []
    assert f"/withholdings/{asked.pk}/" in world.client(other).get("/withholdings/").content.decode()
    actions.grant(op_id=uuid4(), withholding=asked.pk, by=other)
    assert told(other) == []
