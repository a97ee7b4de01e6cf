"""Rulings: who may not, what an upheld objection changes before and after freezing, and what everybody may read of it."""

from datetime import date
from uuid import uuid4

import pytest

from households.kin.actions import declare_kin
from households.roles import Role
from scoring import rules
from scoring.checks.verify import verify
from scoring.freezing import freeze
from scoring.ledger.owners import household, state_of
from scoring.models import (
    Adjustment,
    DepartmentScore,
    DivisionScore,
    HouseholdScore,
    Objection,
    RankingSnapshot,
    ScoreEvent,
)
from scoring.notices.reads import head_of
from scoring.objections.actions.moving import move_on
from scoring.objections.actions.ruling import Ruling, rule
from scoring.objections.reads import effects_if_upheld, outcome
from scoring.restatements import actions as restating
from scoring.rollup.rollup import roll_up_marked
from tests.audit_failure import audit_down
from tests.refusals import refused
from tests.scoring.checks.tampering import tamper
from tests.scoring.notices.posting import DAY, POSTED, posted, posted_event
from tests.scoring.objections.objecting import ONE, TWO, objected, ruled, state
from tests.world import COUNTY, TOWNSHIP, VILLAGE, World

PLACES = (f"{VILLAGE}01", VILLAGE, TOWNSHIP, COUNTY)


RULED_BY_RECORDER = """
    UPDATE scoring_objectionstep SET by_id = (SELECT recorded_by_id FROM scoring_scoreevent LIMIT 1) WHERE action = 'uphold'
"""


def filed(world: World, role: str = Role.GROUP_LEADER, *, code: str = ONE) -> tuple[ScoreEvent, int]:
    """A deduction of a posted month, recorded by `role`, and the household's objection to it."""
    event = posted_event(world, code, by=role)
    return event, int(objected(world, event.pk, month=POSTED, code=code)["id"])


def totals() -> dict[str, int]:
    found = DivisionScore.objects.filter(month=POSTED, code__in=PLACES)
    return dict(found.values_list("code", "total")) | {
        "LYJ": DepartmentScore.objects.get(month=POSTED, department_code="LYJ").total
    }


def test_upheld_before_freezing_changes_all_levels_and_departments(world: World) -> None:
    event, number = filed(world)
    before = totals()
    ruled(number, world.user(Role.CADRE), public_reason="wrong_place")
    roll_up_marked()
    event.refresh_from_db()
    assert event.withdraw_reason == "登记对象有误" and event.withdrawn_by == world.user(Role.CADRE)
    assert HouseholdScore.objects.get(month=POSTED, code=ONE).score == 100
    assert {code: total - before[code] for code, total in totals().items()} == dict.fromkeys(PLACES, 5) | {"LYJ": 10}
    assert outcome(Objection.objects.get(pk=number)) == "成立，已更正"
    assert verify() == []


def test_page_foretells_what_upholding_does(world: World) -> None:
    _event, number = filed(world)
    told = {effect.level: effect.after for effect in effects_if_upheld(Objection.objects.get(pk=number))}
    ruled(number, world.user(Role.CADRE))
    roll_up_marked()
    found = DivisionScore.objects.filter(month=POSTED, code__in=PLACES)
    assert [told[name] for name in ("组", "村", "乡镇", "县")] == [
        rules.display(rules.result(line.total, line.households)) for line in found.order_by("-code")
    ]
    assert told["户"] == "100"


def test_upheld_missing_deed_is_added_as_a_bonus_of_the_rulers_post(world: World) -> None:
    posted(world)
    number = int(objected(world, None, month=POSTED, code=TWO)["id"])
    supervisor, cadre = world.user(Role.SUPERVISOR), world.user(Role.CADRE)
    day = {"day": DAY}
    refused("clause_unknown", lambda: ruled(number, cadre, **day))
    refused("not_a_bonus", lambda: ruled(number, cadre, clause="WR02", **day))
    refused("recorder", lambda: ruled(number, supervisor, clause="WR09", **day))
    refused("document_required", lambda: ruled(number, cadre, clause="SG13", **day))
    refused("date_outside_month", lambda: ruled(number, cadre, clause="WR09", day=date(2023, 1, 1)))
    answer = ruled(number, cadre, clause="WR09", **day)
    roll_up_marked()
    event = ScoreEvent.objects.get(pk=answer["event"])
    assert (event.source, event.code, event.points) == ("objection", TWO, 10)
    assert HouseholdScore.objects.get(month=POSTED, code=TWO).score == 110
    assert verify() == []


def test_same_deed_is_not_added_twice_unless_it_is_meant(world: World) -> None:
    posted(world, (TWO, "WR09"))
    number = int(objected(world, None, month=POSTED, code=TWO)["id"])
    given = {"clause": "WR09", "day": DAY}
    refused("twin", lambda: ruled(number, world.user(Role.CADRE), **given))
    assert ruled(number, world.user(Role.CADRE), again=True, **given)["state"] == "upheld"


def test_recorder_confirmer_and_kin_do_not_rule(world: World) -> None:
    _event, number = filed(world, Role.CADRE)
    cadre, supervisor = world.user(Role.CADRE), world.user(Role.SUPERVISOR)
    assert "您登记的" in refused("left_out", lambda: ruled(number, cadre)).reason
    declare_kin(user=supervisor, household=world.household, relation="own", by=world.user(Role.TOWNSHIP))
    assert "亲属户" in refused("left_out", lambda: ruled(number, supervisor)).reason
    assert state(number) == "first"


def test_objector_does_not_rule_on_their_own(world: World) -> None:
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    supervisor = world.user(Role.SUPERVISOR)
    number = int(objected(world, event.pk, supervisor, month=POSTED)["id"])
    assert "您提出或者录入的" in refused("left_out", lambda: ruled(number, supervisor)).reason
    assert ruled(number, world.user(Role.CADRE))["state"] == "upheld"


def test_record_of_the_petition_office_is_heard_by_the_county_alone(world: World) -> None:
    event = posted_event(world, ONE, "FF07", Role.PETITION_OFFICE)
    made = objected(world, event.pk, month=POSTED)
    assert made["state"] == "second"
    for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP):
        assert refused("objection_unknown", lambda role=role: ruled(made["id"], world.user(role))).status == 404
    assert ruled(made["id"], world.user(Role.COUNTY_OFFICE), upheld=False)["state"] == "dismissed"


def test_reasons_come_from_the_list_and_words_are_asked_for(world: World) -> None:
    _event, number = filed(world)
    cadre = world.user(Role.CADRE)
    refused("public_reason_unknown", lambda: ruled(number, cadre, public_reason="张三丰说的"))
    refused("public_reason_unknown", lambda: ruled(number, cadre, upheld=False, public_reason="wrong_place"))
    refused("reason_missing", lambda: rule(op_id=uuid4(), objection=number, ruling=Ruling(True, " "), by=cadre))
    ruled(number, cadre, upheld=False, public_reason="not_shown")
    assert Objection.objects.get(pk=number).steps.last().get_public_reason_display() == "说的事没有查实"


def test_same_ruling_again_is_answered_the_same_and_another_is_told(world: World) -> None:
    _event, number = filed(world)
    op_id, cadre = uuid4(), world.user(Role.CADRE)
    given = {"op_id": op_id, "objection": number, "ruling": Ruling(True, "查过"), "by": cadre}
    assert rule(**given) == rule(**given)
    assert refused("objection_state", lambda: ruled(number, world.user(Role.SUPERVISOR))).status == 409


def test_ruling_and_its_audit_line_stand_or_fall_together(world: World) -> None:
    event, number = filed(world)
    for after in (0, 1):
        with audit_down(after):
            ruled(number, world.user(Role.CADRE))
    event.refresh_from_db()
    assert state(number) == "first" and event.withdrawn_at is None


def test_open_objection_holds_up_its_village_alone(world: World) -> None:
    event, number = filed(world)
    day = head_of(world.sheet(month=POSTED)).days.freeze_on
    assert freeze(month=POSTED, on=day).villages == 2
    assert world.sheet(month=POSTED).state == "posted" and world.sheet(world.sister, POSTED).state == "frozen"
    ruled(number, world.user(Role.CADRE), upheld=False)
    assert freeze(month=POSTED, on=day).villages == 0
    due = Objection.objects.get(pk=number).due_on
    assert move_on(month=POSTED, on=date.fromordinal(due.toordinal() + 1)) == 1
    assert freeze(month=POSTED, on=day).villages == 1 and event.pk
    assert verify() == []


def test_freezing_by_force_passes_it_on_to_a_correction(world: World) -> None:
    event, number = filed(world)
    world.freeze(POSTED)
    made = Objection.objects.get(pk=number)
    assert (made.state, made.blocks) == ("second", False)
    answer = ruled(number, world.user(Role.TOWNSHIP), public_reason="twice")
    asked = Adjustment.objects.get(pk=answer["adjustment"])
    assert (asked.event_id, asked.public_reason, asked.asked_by) == (event.pk, "twice", world.user(Role.TOWNSHIP))
    assert outcome(Objection.objects.select_related("adjustment").get(pk=number)) == "成立，等县六零办批准更正"
    assert verify() == []


def test_upheld_after_freezing_restates_everything_and_the_old_ranking_stays(world: World) -> None:
    event, number = filed(world)
    world.freeze(POSTED)
    before, points = totals(), state_of(household(ONE)).balance
    old = RankingSnapshot.objects.get(month=POSTED, level="village", within=COUNTY, version=1)
    answer = ruled(number, world.user(Role.TOWNSHIP))
    assert totals() == before
    county = world.user(Role.COUNTY_OFFICE)
    granted = restating.grant(op_id=uuid4(), adjustment=answer["adjustment"], by=county)
    assert {code: total - before[code] for code, total in totals().items()} == dict.fromkeys(PLACES, 5) | {"LYJ": 10}
    assert state_of(household(ONE)).balance == points + 10
    event.refresh_from_db()
    assert event.withdrawn_at and granted["version"] == 2
    kept = RankingSnapshot.objects.get(pk=old.pk)
    assert (kept.body, kept.digest) == (old.body, old.digest)
    text = world.client().get(f"/rankings/{POSTED}/village/kept/1/?within={COUNTY}").content.decode()
    assert "已被第 2 版取代" in text
    log = world.client().get("/rankings/restatements/").content.decode()
    assert "涉及 1 个村、1 户" in log and f"/rankings/{POSTED}/village/kept/1/" in log
    assert outcome(Objection.objects.select_related("adjustment").get(pk=number)) == "成立，已更正"
    assert verify() == []


def test_correction_that_the_county_refuses_is_told_as_such(world: World) -> None:
    _event, number = filed(world)
    world.freeze(POSTED)
    answer = ruled(number, world.user(Role.TOWNSHIP))
    restating.refuse(
        op_id=uuid4(), adjustment=answer["adjustment"], reason="证据不够", by=world.user(Role.COUNTY_OFFICE)
    )
    assert outcome(Objection.objects.select_related("adjustment").get(pk=number)) == "成立，但县六零办没有同意更正"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE scoring_scoreevent SET withdrawn_at = NULL, withdraw_reason = ''", "objections_put_right"),
        ("UPDATE scoring_objection SET state = 'dismissed'", "objection_history"),
        (RULED_BY_RECORDER, "objections_heard"),
    ],
)
def test_verify_names_what_was_changed_past_the_doors(world: World, change: str, name: str) -> None:
    _event, number = filed(world)
    ruled(number, world.user(Role.CADRE))
    roll_up_marked()
    assert verify() == []
    tamper(change)
    assert name in {drift.name for drift in verify()}


def test_verify_names_a_village_that_was_frozen_past_an_objection(world: World) -> None:
    filed(world)
    tamper(f"UPDATE scoring_sheet SET state = 'frozen', frozen_at = now() WHERE village_id = '{VILLAGE}'")
    assert "objections_before_freezing" in {drift.name for drift in verify()}
