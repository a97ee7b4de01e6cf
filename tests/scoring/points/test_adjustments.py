"""Points by hand: one asks, another grants, never beyond the ceiling, never twice, and the household reads why."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from households.models import AuditEvent
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger.owners import Owner
from scoring.models import PointAdjustment, PointEntry
from scoring.points import actions
from tests.audit_failure import audit_down
from tests.colleagues import colleague
from tests.refusals import refusal_code
from tests.scoring.points.points_by_hand import HOME, ask, grant
from tests.world import TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
PLACE = ledger.division(VILLAGE)
OFFICE = ledger.department("LYJ")
OWNERS = [HOME, PLACE, ledger.division(TOWNSHIP), OFFICE]


def written() -> tuple[int, int, int]:
    return PointAdjustment.objects.count(), PointEntry.objects.count(), AuditEvent.objects.count()


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.code)
def test_asked_and_granted_points_come_in(world: World, owner: Owner) -> None:
    granter = world.user(Role.TOWNSHIP) if owner.kind == "household" else colleague(world, Role.COUNTY_OFFICE)
    asked = ask(world, owner, 7)
    assert ledger.state_of(owner).balance == 0
    assert grant(asked, granter) == {"adjustment": asked.pk, "state": "granted"}
    assert ledger.state_of(owner).free == 7


def test_entry_tells_the_household_why(world: World) -> None:
    grant(asked := ask(world), world.user(Role.TOWNSHIP))
    entry = PointEntry.objects.get()
    assert (entry.text, entry.kind) == ("人工调整：值守、出工等公益服务", "adjust")
    assert entry.source_key == f"adjust:adjustment:{asked.pk}"


def test_points_can_be_taken_as_far_as_they_go(world: World) -> None:
    grant(ask(world, points=10), world.user(Role.TOWNSHIP))
    grant(ask(world, points=-4), world.user(Role.TOWNSHIP))
    assert ledger.state_of(HOME).balance == 6


def test_more_than_there_is_cannot_be_taken(world: World) -> None:
    asked = ask(world, points=-4)
    assert refusal_code(lambda: grant(asked, world.user(Role.TOWNSHIP))) == "not_enough_points"
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("asked", None)


@pytest.mark.parametrize("points", [0, 51, -51, 1000])
def test_beyond_the_ceiling_nothing_can_be_asked(world: World, points: int) -> None:
    assert refusal_code(lambda: ask(world, points=points)) == "over_the_ceiling"
    assert not PointAdjustment.objects.exists()


@pytest.mark.parametrize("points", [50, -50, 1, -1])
def test_ceiling_itself_can_be_asked(world: World, points: int) -> None:
    assert ask(world, points=points).points == points


def test_ceiling_that_was_lowered_meanwhile_holds_at_the_grant(world: World, settings: object) -> None:
    asked = ask(world, points=40)
    settings.POINT_ADJUSTMENT_CEILING = 20
    assert refusal_code(lambda: grant(asked, world.user(Role.TOWNSHIP))) == "over_the_ceiling"


def test_reason_is_needed(world: World) -> None:
    assert refusal_code(lambda: ask(world, reason="  ")) == "reason_missing"


def test_one_waits_at_a_time(world: World) -> None:
    ask(world)
    assert refusal_code(lambda: ask(world)) == "already_asked"
    assert PointAdjustment.objects.count() == 1


@pytest.mark.parametrize(
    ("owner", "role"),
    [
        (HOME, Role.COUNTY_OFFICE),
        (HOME, Role.TOWNSHIP),
        (HOME, Role.GROUP_LEADER),
        (HOME, Role.SUPERVISOR),
        (PLACE, Role.CADRE),
        (PLACE, Role.TOWNSHIP),
        (OFFICE, Role.DEPARTMENT),
        (OFFICE, Role.CADRE),
        (HOME, Role.AUDITOR),
    ],
)
def test_others_do_not_ask(world: World, owner: Owner, role: str) -> None:
    before = written()
    assert refusal_code(lambda: ask(world, owner, by=world.user(role))) == "not_yours"
    assert written() == before


def test_cadre_next_door_does_not_ask(world: World) -> None:
    assert refusal_code(lambda: ask(world, by=world.stranger(Role.CADRE))) == "not_yours"


@pytest.mark.parametrize("owner", [PLACE, OFFICE], ids=lambda owner: owner.code)
def test_nobody_grants_what_he_asked_for(world: World, owner: Owner) -> None:
    asked, by = ask(world, owner), world.user(Role.COUNTY_OFFICE)
    before = written()
    assert refusal_code(lambda: grant(asked, by)) == "same_person"
    assert refusal_code(lambda: actions.refuse_points(asked=asked, answer="不", op_id=uuid4(), by=by)) == "same_person"
    assert written() == before


def test_others_do_not_grant(world: World) -> None:
    asked = ask(world)
    office = colleague(world, Role.COUNTY_OFFICE)
    others = [world.user(Role.SUPERVISOR), world.stranger(Role.TOWNSHIP), office, world.user(Role.SYSTEM_ADMIN)]
    assert [refusal_code(lambda by=by: grant(asked, by)) for by in others] == ["not_yours"] * 4
    assert not PointEntry.objects.exists()


def test_refusal_moves_nothing_and_says_why(world: World) -> None:
    asked = ask(world)
    township = world.user(Role.TOWNSHIP)
    actions.refuse_points(asked=asked, answer="没有值守记录", op_id=uuid4(), by=township)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.decided_by) == ("refused", "没有值守记录", township)
    assert not PointEntry.objects.exists()


def test_refusal_needs_a_reason(world: World) -> None:
    asked, by = ask(world), world.user(Role.TOWNSHIP)
    assert (
        refusal_code(lambda: actions.refuse_points(asked=asked, answer=" ", op_id=uuid4(), by=by)) == "reason_missing"
    )


def test_decided_once_is_decided(world: World) -> None:
    asked, by = ask(world), world.user(Role.TOWNSHIP)
    grant(asked, by)
    assert refusal_code(lambda: grant(asked, by)) == "already_decided"
    assert (
        refusal_code(lambda: actions.refuse_points(asked=asked, answer="晚了", op_id=uuid4(), by=by))
        == "already_decided"
    )
    assert PointEntry.objects.count() == 1


def test_same_id_is_answered_the_same(world: World) -> None:
    op_id, granting, township = uuid4(), uuid4(), world.user(Role.TOWNSHIP)
    asked = ask(world, op_id=op_id)
    assert ask(world, op_id=op_id) == asked
    assert grant(asked, township, granting) == grant(asked, township, granting)
    assert PointEntry.objects.count() == PointAdjustment.objects.count() == 1


def test_id_that_failed_stays_failed(world: World) -> None:
    op_id, asked, township = uuid4(), ask(world, points=-4), world.user(Role.TOWNSHIP)
    assert refusal_code(lambda: grant(asked, township, op_id)) == "not_enough_points"
    with transaction.atomic():
        ledger.adjust(HOME, 10, key="test:1", text="补记")
    assert refusal_code(lambda: grant(asked, township, op_id)) == "not_enough_points"
    assert grant(asked, township)["state"] == "granted"


def test_every_step_is_in_the_log(world: World) -> None:
    grant(ask(world), world.user(Role.TOWNSHIP))
    actions.refuse_points(asked=ask(world), answer="不", op_id=uuid4(), by=world.user(Role.TOWNSHIP))
    logged = AuditEvent.objects.filter(action__startswith="points.").order_by("id")
    assert [(line.action, line.place, line.detail["points"]) for line in logged] == [
        (f"points.{step}", HOME.code, 5) for step in ("ask", "grant", "ask", "refuse")
    ]


@pytest.mark.parametrize("step", ["ask", "grant", "refuse"])
def test_failed_audit_undoes_the_step(world: World, step: str) -> None:
    asked = None if step == "ask" else ask(world)
    before = written()
    steps = {
        "ask": lambda: ask(world),
        "grant": lambda: grant(asked, world.user(Role.TOWNSHIP)),
        "refuse": lambda: actions.refuse_points(asked=asked, answer="不", op_id=uuid4(), by=world.user(Role.TOWNSHIP)),
    }
    with audit_down():
        steps[step]()
    assert written() == before
    assert not PointAdjustment.objects.exclude(state="asked").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"points": 0},
        {"reason": ""},
        {"state": "granted"},
        {"state": "strange"},
        {"decided_at": timezone.now()},
    ],
)
def test_database_refuses_what_is_no_adjustment(world: World, values: dict) -> None:
    whole = {
        "owner_kind": "household",
        "owner": HOME.code,
        "points": 1,
        "reason": "x",
        "asked_by": world.user(Role.CADRE),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        PointAdjustment.objects.create(**whole | values)


def test_database_refuses_one_person_for_both(world: World) -> None:
    asked = ask(world)
    decided = {"state": "granted", "decided_by": asked.asked_by, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match="point_adjustment_by_two"), transaction.atomic():
        PointAdjustment.objects.filter(pk=asked.pk).update(**decided)


@pytest.mark.parametrize("change", [{"points": 6}, {"reason": "别的"}, {"state": "asked"}])
def test_decided_adjustment_stands(world: World, change: dict) -> None:
    grant(asked := ask(world), world.user(Role.TOWNSHIP))
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
        PointAdjustment.objects.filter(pk=asked.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PointAdjustment.objects.filter(pk=asked.pk).delete()


def test_reader_sees_what_is_his_business(world: World) -> None:
    ask(world), ask(world, OFFICE)
    seen = {
        role: set(actions.within(world.user(role)).values_list("owner", flat=True))
        for role in (Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE)
    }
    assert seen[Role.CADRE] == seen[Role.TOWNSHIP] == {HOME.code}
    assert seen[Role.COUNTY_OFFICE] == {HOME.code, "LYJ"}
    assert not actions.within(world.stranger(Role.CADRE)).exists()
