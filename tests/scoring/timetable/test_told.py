"""A month frozen before its time is told where it was and to whom something of it belongs; never twice, and not when it fails."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from households.inbox.reads import told
from households.models import OutboxMessage, PostMessage, User
from households.outbox.kinds import kind_of
from households.roles import Role
from scoring.freezing import freeze, post
from scoring.timetable.actions import forced
from tests.audit_failure import audit_down
from tests.colleagues import colleague
from tests.days import today
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
NOT_POSTED = "2024年5月没有等到锁定日就锁定了，没有公示过。觉得不对，仍然可以提异议。"


def words(user: User) -> list[str]:
    return [one.words for one in told(user)]


def decided(world: World, *, grant: bool) -> None:
    """Asked for by one of the county office, decided by the other."""
    office, other = world.user(Role.COUNTY_OFFICE), colleague(world, Role.COUNTY_OFFICE)
    given = {"month": MONTH, "village": world.village, "reason": "村要合并"}
    asked = forced.ask(op_id=uuid4(), by=office, **given)
    forced.decide(op_id=uuid4(), forced=asked["id"], grant=grant, answer="" if grant else "等得到", by=other)


def frozen_kinds() -> set[str]:
    found = PostMessage.objects.filter(kind__in=["sheet.forced", "freeze.forced"])
    return {f"{one.kind} {one.role} {one.place}" for one in found}


def test_forced_village_and_its_township_are_told_and_nobody_else(world: World) -> None:
    world.declare(world.village, world.sister)
    decided(world, grant=True)
    assert words(world.user(Role.CADRE)) == words(world.user(Role.SUPERVISOR)) == [NOT_POSTED]
    assert words(world.user(Role.TOWNSHIP)) == ["2024年5月有 1 个村没有等到锁定日就锁定了。"]
    assert words(world.user(Role.COUNTY_OFFICE)) == ["您这里申请的2024年5月提前锁定：已批准。"]
    assert frozen_kinds() == {
        f"sheet.forced cadre {VILLAGE}",
        f"sheet.forced supervisor {VILLAGE}",
        f"freeze.forced township {VILLAGE[:9]}",
    }
    page = world.client(Role.CADRE).get("/inbox/").content.decode()
    assert NOT_POSTED in page and reverse("sheet", args=[MONTH]) in page
    assert "村要合并" not in page


def test_refused_request_is_told_whoever_asked(world: World) -> None:
    world.declare(world.village)
    decided(world, grant=False)
    assert words(world.user(Role.COUNTY_OFFICE)) == ["您这里申请的2024年5月提前锁定：未批准。"]
    assert frozen_kinds() == set()


def test_households_with_something_in_it_are_told_once(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.declare(world.village)
    for _ in range(2):
        freeze(month=MONTH, on=today(), force=True)
    [message] = OutboxMessage.objects.all()
    assert (message.kind, message.household) == ("sheet.forced", world.household.code)
    assert "仍然可以提异议" in kind_of(message.kind).text
    assert len(frozen_kinds()) == 3


def test_township_is_told_once_of_all_its_villages(world: World) -> None:
    world.declare(world.village, world.sister)
    freeze(month=MONTH, on=today(), force=True)
    assert words(world.user(Role.TOWNSHIP)) == ["2024年5月有 2 个村没有等到锁定日就锁定了。"]


def test_month_frozen_in_its_time_tells_nothing_of_the_kind(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.declare(world.village)
    world.approve(world.village)
    post(month=MONTH, on=today())
    freeze(month=MONTH, on=today() + timedelta(days=40), force=True)  # by force, and yet every day had passed
    assert frozen_kinds() == set()
    assert OutboxMessage.objects.get().kind == "event.posted"


def test_nothing_is_told_of_a_freezing_that_failed(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.declare(world.village)
    with audit_down():
        freeze(month=MONTH, on=today(), force=True)
    assert frozen_kinds() == set() and not OutboxMessage.objects.exists()
