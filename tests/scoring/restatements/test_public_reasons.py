"""What a township writes about a correction stays with those who decide; everybody else reads a reason of the list."""

from uuid import uuid4

import pytest
from django.test import Client

from households import audit
from households.models import AuditEvent
from households.roles import Role
from scoring.models import Adjustment, PointEntry, RankingSnapshot
from scoring.restatements import actions as restating
from tests.scoring.restatements.adjusting import FIRST, ask, frozen_with, grant
from tests.world import COUNTY, MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
PLANTED = "邻居王五举报后复核系误会"


@pytest.fixture
def corrected(world: World) -> World:
    """东山村's month with one deduction taken back, for a reason that names a neighbour."""
    event = frozen_with(world)
    grant(world, ask(world, withdraw=event.pk, reason=PLANTED, public_reason="wrong_place"))
    return world


def test_archive_and_points_carry_the_listed_reason_alone(corrected: World) -> None:
    assert set(RankingSnapshot.objects.filter(version=2).values_list("reason", flat=True)) == {
        "2024-05 结果调整：登记对象有误"
    }
    assert set(PointEntry.objects.filter(kind="restate").values_list("text", flat=True)) == {
        "2024-05 结果调整：登记对象有误"
    }
    assert not [snapshot for snapshot in RankingSnapshot.objects.all() if PLANTED in snapshot.body + snapshot.reason]


def test_decider_still_reads_what_was_written(corrected: World) -> None:
    number = Adjustment.objects.get().pk
    assert PLANTED in corrected.client(Role.COUNTY_OFFICE).get(f"/adjustments/{number}/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        f"/rankings/{MONTH}/village/kept/2/?within={COUNTY}",
        f"/rankings/{MONTH}/village/",
        "/",
        "/ledger/",
    ],
)
def test_stranger_finds_nothing_of_it(corrected: World, path: str) -> None:
    assert PLANTED not in Client().get(path, follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER, Role.SUPERVISOR, Role.DEPARTMENT, Role.TOWNSHIP])
@pytest.mark.parametrize("path", [f"/why/{MONTH}/{FIRST}/", f"/points/{VILLAGE}/", f"/points/{FIRST}/"])
def test_staff_reads_the_listed_reason_on_pages_of_figures(corrected: World, role: Role, path: str) -> None:
    assert PLANTED not in corrected.client(role).get(path).content.decode()


def test_words_from_before_the_list_are_shown_nowhere(corrected: World) -> None:
    """Archived and published before there was a list: the rows stand, nobody reads the words."""
    newest = RankingSnapshot.objects.filter(month=MONTH, level="village").last()
    RankingSnapshot.objects.create(
        month=MONTH,
        level="village",
        within=COUNTY,
        version=3,
        reason=f"{MONTH} 结果调整：{PLANTED}",
        body=newest.body,
        digest=newest.digest,
    )
    for client in (Client(), corrected.client(Role.COUNTY_OFFICE)):
        answer = client.get(f"/rankings/{MONTH}/village/", follow=True).content.decode()
        assert PLANTED not in answer
    archived = RankingSnapshot.objects.get(month=MONTH, level="village", version=3)
    assert archived.shown_reason == f"{MONTH} 结果调整（原来写的说明不公开）"


def test_reason_of_no_list_is_refused(world: World) -> None:
    from households.refusals import Refused

    event = frozen_with(world)
    raw = {"withdraw": event.pk, "reason": "x", "public_reason": PLANTED}
    with pytest.raises(Refused) as refused:
        restating.ask(op_id=uuid4(), month=MONTH, raw=raw, by=world.user(Role.TOWNSHIP))
    assert refused.value.code == "public_reason_unknown"
    assert Adjustment.objects.count() == 0


def test_reason_left_out_is_a_neutral_one(world: World) -> None:
    event = frozen_with(world)
    assert ask(world, withdraw=event.pk, reason=PLANTED).public_reason == "reviewed"


def test_form_offers_the_list(world: World) -> None:
    event = frozen_with(world)
    path = f"/adjustments/new/?month={MONTH}&code={FIRST}"
    client = world.client(Role.TOWNSHIP)
    assert "登记对象有误" in client.get(path).content.decode()
    client.post(path, {"op_id": uuid4(), "withdraw": event.pk, "reason": PLANTED, "public_reason": "twice"})
    assert Adjustment.objects.get().public_reason == "twice"


def test_log_says_what_was_done_and_never_what_was_written(world: World) -> None:
    """Also of lines from before: they stand as they are, and are not told."""
    event = frozen_with(world)
    asked = ask(world, withdraw=event.pk, reason=PLANTED, public_reason="wrong_place")
    restating.refuse(op_id=uuid4(), adjustment=asked.pk, reason=PLANTED, by=world.user(Role.COUNTY_OFFICE))
    assert PLANTED not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    audit.record(
        world.user(Role.TOWNSHIP), "adjustment.ask", place=FIRST, subject=asked.pk, month=MONTH, reason=PLANTED
    )
    auditor = world.client(Role.AUDITOR)
    for address in ("/audit/", "/audit/export/?form=csv"):
        text = auditor.get(address).content.decode()
        assert "申请锁定后调整" in text and PLANTED not in text
