"""Who hears an objection above the village: the township, or the county office where the township has nobody who may."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.kin.actions import declare_kin
from households.models import User
from households.roles import Role
from scoring.models import Objection, ScoreEvent
from scoring.objections.actions.moving import hand_on
from scoring.objections.reads import outcome, waiting_for
from tests.plates import own_plate
from tests.scoring.notices.posting import DAY, POSTED, posted, posted_event
from tests.scoring.objections.objecting import ONE, TWO, objected, ruled
from tests.world import World

BY_COUNTY, BY_TOWNSHIP = "等县六零办复核", "等乡镇复核"


@pytest.fixture
def above(world: World) -> int:
    """A household's objection that the village has handed on."""
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    return number


def leave_out(world: World, number: int) -> None:
    """The township's only clerk is kin."""
    clerk, by = world.user(Role.TOWNSHIP), world.user(Role.COUNTY_OFFICE)
    declare_kin(user=clerk, household=world.household, relation="kin", by=by)
    assert not User.objects.filter(role=Role.TOWNSHIP, division=clerk.division_id).exclude(pk=clerk.pk).exists()
    assert Objection.objects.get(pk=number).code == world.household.code


def text(client: Client, page: str) -> str:
    return re.sub(r"\s+", " ", client.get(page, follow=True).content.decode())


def test_it_waits_for_the_township_while_somebody_there_may_hear_it(world: World, above: int) -> None:
    assert outcome(Objection.objects.get(pk=above)) == BY_TOWNSHIP
    assert [one.pk for one in waiting_for(world.user(Role.TOWNSHIP))] == [above]
    assert not waiting_for(world.user(Role.COUNTY_OFFICE)).exists()


def test_it_waits_for_the_county_where_the_township_has_nobody(world: World, above: int) -> None:
    leave_out(world, above)
    county = world.client(Role.COUNTY_OFFICE)
    assert "件异议等裁定" in text(county, reverse("home"))
    mine = text(county, reverse("objections")).partition("别人正在办的")[0]
    assert reverse("objection", args=[above]) in mine and BY_COUNTY in mine
    assert 'name="upheld"' in text(county, reverse("objection", args=[above]))
    assert "件异议等裁定" not in text(world.client(Role.TOWNSHIP), reverse("home"))


def test_everybody_who_reads_of_it_reads_that_the_county_hears_it(world: World, above: int) -> None:
    leave_out(world, above)
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    own = [
        reverse("plate", args=[plate.token]) + f"?month={POSTED}",
        reverse("household-objections", args=[plate.token]),
        reverse("household-objection", args=[plate.token, above]),
    ]
    assert all(BY_COUNTY in text(client, page) and BY_TOWNSHIP not in text(client, page) for page in own)
    cadre = text(world.client(Role.CADRE), reverse("objection", args=[above]))
    assert BY_COUNTY in cadre and "这一件由县六零办复核" in cadre
    listed = world.client(Role.CADRE).get("/api/v1/objections/").json()["objections"]
    assert [one["outcome"] for one in listed] == [BY_COUNTY]


def test_countys_ruling_is_told_as_the_countys(world: World, above: int) -> None:
    leave_out(world, above)
    ruled(above, world.user(Role.COUNTY_OFFICE), upheld=False)
    told = text(world.client(Role.CADRE), reverse("inbox"))
    assert "县六零办复核有了裁定" in told and "乡镇复核有了裁定" not in told


@pytest.mark.parametrize("confirms", [False, True])
def test_clerk_who_recorded_or_confirmed_leaves_it_to_the_county(world: World, confirms: bool) -> None:
    clerk, leader = world.user(Role.TOWNSHIP), world.user(Role.GROUP_LEADER)
    event = world.record(ONE, "WR02", by=leader if confirms else clerk, day=DAY)
    if confirms:
        ScoreEvent.objects.filter(pk=event.pk).update(confirmed_at=timezone.now(), confirmed_by=clerk)
    posted(world)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    assert [one.pk for one in waiting_for(world.user(Role.COUNTY_OFFICE))] == [number]
    assert ruled(number, world.user(Role.COUNTY_OFFICE), upheld=False)["state"] == "dismissed"


def test_list_of_the_county_asks_as_often_for_any_number(
    world: World, above: int, django_assert_max_num_queries: object
) -> None:
    leave_out(world, above)
    county = world.client(Role.COUNTY_OFFICE)
    county.get(reverse("objections"))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        county.get(reverse("objections"))
    for code in (ONE, TWO):
        number = int(objected(world, None, month=POSTED, code=code)["id"])
        hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        county.get(reverse("objections"))
