"""A frozen month put right: two keys, every level restated, nothing that was kept before is lost."""

from uuid import uuid4

import pytest
from django.db.models import Sum

from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from scoring.checks.verify import verify
from scoring.models import Adjustment, PointEntry, RankingSnapshot, ScoreEvent, Sheet
from scoring.rankings.snapshots import LEVELS
from scoring.restatements import actions as restating
from scoring.states import AdjustmentState
from tests.audit_failure import audit_down
from tests.refusals import refusal_code
from tests.scoring.facts import department, score, sums
from tests.scoring.restatements.adjusting import (
    FIRST,
    GROUP,
    SECOND,
    ask,
    ask_addition,
    ask_withdrawal,
    frozen_with,
    grant,
)
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db


def balances() -> dict[str, int]:
    """Points by owner, as the entries add up; who has none is left out."""
    sums = PointEntry.objects.values_list("account__owner").annotate(points=Sum("amount"))
    return {owner: points for owner, points in sums if points}


def test_withdrawal_restates_all_five_levels(world: World) -> None:
    event = frozen_with(world)
    assert [sums(code)[2] for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY)] == [490, 790, 990, 1190]
    grant(world, ask_withdrawal(world, event))
    assert score(FIRST) == 100
    assert [sums(code)[2] for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY)] == [500, 800, 1000, 1200]
    assert department("LYJ") == (18, 1800)


def test_addition_restates_all_five_levels(world: World) -> None:
    frozen_with(world)
    grant(world, ask_addition(world))
    assert score(SECOND) == 90
    assert [sums(code)[2] for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY)] == [480, 780, 980, 1180]
    assert department("LYJ") == (18, 2 * 780 + 200)


def test_event_of_a_village_restates_it_and_what_is_above(world: World) -> None:
    frozen_with(world)
    grant(world, ask_addition(world, VILLAGE, "WR13"))
    assert [sums(code)[2] for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY)] == [490, 782, 982, 1182]


def test_points_are_given_at_every_level(world: World) -> None:
    event = frozen_with(world)
    before = balances()
    grant(world, ask_withdrawal(world, event))
    changed = {owner: amount - before.get(owner, 0) for owner, amount in balances().items()}
    assert {owner: amount for owner, amount in changed.items() if amount} == {
        FIRST: 10,
        GROUP: 2,
        VILLAGE: 1,
        TOWNSHIP: 1,
        "LYJ": 1,
    }


def test_points_are_clawed_back_at_every_level(world: World) -> None:
    event = frozen_with(world)
    before = balances()
    grant(world, ask_withdrawal(world, event))
    grant(world, ask_addition(world, FIRST))
    assert balances() == before
    assert verify(MONTH) == []


def test_earlier_rankings_stay_and_new_ones_stand_beside_them(world: World) -> None:
    event = frozen_with(world)
    before = list(RankingSnapshot.objects.order_by("pk").values())
    answer = grant(world, ask_withdrawal(world, event))
    assert list(RankingSnapshot.objects.filter(version=1).order_by("pk").values()) == before
    fresh = RankingSnapshot.objects.filter(month=MONTH, version=answer["version"])
    assert {snapshot.level for snapshot in fresh} == set(LEVELS)
    assert {snapshot.reason for snapshot in fresh} == {"2024-05 结果调整：复核后更正"}


def test_every_kept_level_says_something_new(world: World) -> None:
    event = frozen_with(world)
    grant(world, ask_withdrawal(world, event))
    digests = RankingSnapshot.objects.values_list("level", "digest").distinct()
    assert len(digests) == 2 * len(LEVELS)


def test_neighbours_keep_their_figures(world: World) -> None:
    event = frozen_with(world)
    before = [sums(code) for code in (SISTER, STRANGE, OTHER_TOWNSHIP)]
    grant(world, ask_withdrawal(world, event))
    assert [sums(code) for code in (SISTER, STRANGE, OTHER_TOWNSHIP)] == before


def test_month_verifies_after_a_restatement(world: World) -> None:
    event = frozen_with(world)
    grant(world, ask_withdrawal(world, event))
    grant(world, ask_addition(world, VILLAGE, "WR13"))
    assert verify() == []


def test_new_event_carries_both_names(world: World) -> None:
    frozen_with(world)
    grant(world, ask_addition(world, note="村民举证"))
    event = ScoreEvent.objects.get(code=SECOND)
    assert (event.recorded_by, event.confirmed_by) == (world.user(Role.TOWNSHIP), world.user(Role.COUNTY_OFFICE))
    assert (event.source, event.note, event.withdrawn_at) == ("adjustment", "村民举证", None)


def test_clause_of_a_department_is_recorded_by_the_county_office(world: World) -> None:
    """The township may not record it; the county office, which grants it, may."""
    frozen_with(world)
    grant(world, ask_addition(world, clause="WR07", document_no="石环罚〔2024〕9号"))
    event = ScoreEvent.objects.get(code=SECOND)
    assert (event.recorded_by, event.confirmed_by) == (world.user(Role.COUNTY_OFFICE), world.user(Role.TOWNSHIP))


def test_withdrawn_event_says_why(world: World) -> None:
    event = frozen_with(world)
    grant(world, ask_withdrawal(world, event))
    event.refresh_from_db()
    assert (event.withdraw_reason, event.withdrawn_by) == ("复核后更正", world.user(Role.COUNTY_OFFICE))


def test_withdrawal_of_an_unconfirmed_event_changes_no_score(world: World) -> None:
    event = frozen_with(world, clause="WJ04")
    grant(world, ask_withdrawal(world, event))
    assert score(FIRST) == 100
    assert verify() == []


def test_household_closed_since_keeps_its_place_in_the_month(world: World) -> None:
    event = frozen_with(world)
    world.household.__class__.objects.filter(code=SECOND).update(valid_to="2024-05-02")
    grant(world, ask_withdrawal(world, event))
    assert sums(VILLAGE) == (8, 8, 800)
    assert score(SECOND) == 100


def test_asking_changes_nothing_yet(world: World) -> None:
    event = frozen_with(world)
    ask_withdrawal(world, event)
    assert (score(FIRST), sums(COUNTY)[2], RankingSnapshot.objects.filter(version=2).count()) == (90, 1190, 0)


def test_refusal_is_told_and_changes_nothing(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    restating.refuse(op_id=uuid4(), adjustment=adjustment.pk, reason="文书有效", by=world.user(Role.COUNTY_OFFICE))
    adjustment.refresh_from_db()
    assert (adjustment.state, adjustment.answer) == (AdjustmentState.REFUSED, "文书有效")
    assert (score(FIRST), ScoreEvent.objects.standing().count()) == (90, 1)


def test_refusal_needs_a_reason(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    county = world.user(Role.COUNTY_OFFICE)
    assert refusal_code(lambda: restating.refuse(op_id=uuid4(), adjustment=adjustment.pk, reason=" ", by=county)) == (
        "reason_missing"
    )


def test_decided_request_is_not_decided_again(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    grant(world, adjustment)
    assert refusal_code(lambda: grant(world, adjustment)) == "decided"
    assert RankingSnapshot.objects.filter(version=3).count() == 0


def test_grant_sent_twice_counts_once(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    op_id, county = uuid4(), world.user(Role.COUNTY_OFFICE)
    answers = [restating.grant(op_id=op_id, adjustment=adjustment.pk, by=county) for _ in range(2)]
    assert answers[0] == answers[1]
    assert sums(COUNTY)[2] == 1200
    assert verify() == []


def test_request_sent_twice_is_one(world: World) -> None:
    event, op_id = frozen_with(world), uuid4()
    raw = {"withdraw": event.pk, "reason": "记错"}
    township = world.user(Role.TOWNSHIP)
    assert len({restating.ask(op_id=op_id, month=MONTH, raw=raw, by=township)["id"] for _ in range(2)}) == 1
    assert Adjustment.objects.count() == 1


def test_same_withdrawal_waits_only_once(world: World) -> None:
    event = frozen_with(world)
    ask_withdrawal(world, event)
    assert refusal_code(lambda: ask_withdrawal(world, event)) == "asked_before"


def test_same_addition_waits_only_once(world: World) -> None:
    frozen_with(world)
    ask_addition(world)
    assert refusal_code(lambda: ask_addition(world)) == "asked_before"


def test_month_that_is_not_frozen_takes_no_adjustment(world: World) -> None:
    event = world.record(FIRST, "WR04")
    assert refusal_code(lambda: ask_withdrawal(world, event)) == "not_frozen"
    world.declare()
    assert refusal_code(lambda: ask_addition(world)) == "not_frozen"


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER, Role.COUNTY_OFFICE, Role.DEPARTMENT])
def test_only_the_township_asks(world: World, role: str) -> None:
    event = frozen_with(world)
    assert refusal_code(lambda: ask(world, withdraw=event.pk, by=world.user(role))) == "not_yours"


def test_other_township_does_not_find_the_event(world: World) -> None:
    event = frozen_with(world)
    assert refusal_code(lambda: ask(world, withdraw=event.pk, by=world.stranger(Role.TOWNSHIP))) == "event_unknown"


def test_other_township_cannot_add_here(world: World) -> None:
    frozen_with(world)
    stranger = world.stranger(Role.TOWNSHIP)
    assert refusal_code(lambda: ask(world, household=FIRST, clause="WR04", by=stranger)) == "place_unknown"


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.CADRE, Role.PETITION_OFFICE])
def test_only_the_county_office_grants(world: World, role: str) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    assert refusal_code(lambda: grant(world, adjustment, by=world.user(role))) in ("not_yours", "decided")
    assert score(FIRST) == 90


def test_who_asked_does_not_grant_whatever_his_role(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    asker = world.user(Role.TOWNSHIP)
    type(asker).objects.filter(pk=asker.pk).update(role=Role.COUNTY_OFFICE, division=COUNTY)
    asker = type(asker).objects.get(pk=asker.pk)
    assert refusal_code(lambda: grant(world, adjustment, by=asker)) == "decided"
    assert score(FIRST) == 90


@pytest.mark.parametrize("clause", ["FF01", "FF04", "FF08"])
def test_petition_clause_cannot_be_added(world: World, clause: str) -> None:
    """零非访 is the petition office's alone, frozen or not."""
    frozen_with(world)
    assert refusal_code(lambda: ask_addition(world, clause=clause, document_no="石法〔2024〕1号")) == "recorder"


def test_clause_without_its_document_is_refused(world: World) -> None:
    frozen_with(world)
    assert refusal_code(lambda: ask_addition(world, clause="WR06")) == "document_required"


def test_clause_of_divisions_does_not_fit_a_household(world: World) -> None:
    frozen_with(world)
    assert refusal_code(lambda: ask_addition(world, clause="WR13")) == "clause_subject"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({}, "add_or_withdraw"),
        ({"household": FIRST, "clause": "WR04", "withdraw": 1}, "add_or_withdraw"),
        ({"household": FIRST, "clause": "XX99"}, "clause_unknown"),
        ({"household": FIRST, "clause": "WR04", "date": "2024-06-01"}, "date_outside_month"),
        ({"clause": "WR04"}, "place_missing"),
        ({"division": TOWNSHIP, "clause": "WR13"}, "place_level"),
        ({"household": f"{VILLAGE}019999", "clause": "WR04"}, "place_unknown"),
        ({"withdraw": 999_999_999}, "event_unknown"),
        ({"household": FIRST, "clause": "WR04", "reason": " "}, "reason_missing"),
    ],
)
def test_request_that_cannot_stand_is_refused_by_name(world: World, raw: dict, code: str) -> None:
    frozen_with(world)
    assert refusal_code(lambda: ask(world, **raw)) == code
    assert Adjustment.objects.count() == 0


def test_event_of_another_household_is_not_the_one_named(world: World) -> None:
    event = frozen_with(world)
    assert refusal_code(lambda: ask(world, household=SECOND, withdraw=event.pk)) == "event_unknown"


def test_day_left_out_is_the_last_of_the_month(world: World) -> None:
    frozen_with(world)
    assert str(ask(world, household=SECOND, clause="WR04").date) == "2024-05-31"


def test_event_withdrawn_meanwhile_is_a_conflict(world: World) -> None:
    event = frozen_with(world)
    adjustment = ask_withdrawal(world, event)
    ScoreEvent.objects.filter(pk=event.pk).update(withdrawn_at="2024-06-20T08:00+08:00", withdraw_reason="越权")
    assert refusal_code(lambda: grant(world, adjustment)) == "withdrawn"


def test_refused_grant_stays_refused_under_its_id(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    op_id, cadre = uuid4(), world.user(Role.CADRE)
    codes = [refusal_code(lambda: restating.grant(op_id=op_id, adjustment=adjustment.pk, by=cadre)) for _ in range(2)]
    assert codes == ["not_yours", "not_yours"]


def test_restatement_waits_for_an_unfinished_freezing(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    Sheet.objects.filter(period=MONTH, village=SISTER).update(archived_in=None)
    assert refusal_code(lambda: grant(world, adjustment)) == "freezing"
    assert score(FIRST) == 90


def test_each_step_is_in_the_log(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    grant(world, adjustment)
    lines = AuditEvent.objects.filter(action__startswith="adjustment").order_by("pk")
    assert list(lines.values_list("action", "place")) == [("adjustment.ask", FIRST), ("adjustment.grant", FIRST)]


def test_restatement_without_its_audit_line_does_not_happen(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))

    with audit_down():
        grant(world, adjustment)
    assert (score(FIRST), RankingSnapshot.objects.filter(version=2).count()) == (90, 0)
    assert Adjustment.objects.get().state == AdjustmentState.ASKED


def test_twin_of_a_standing_event_is_asked_for_only_when_it_is_meant(world: World) -> None:
    event = frozen_with(world)
    again = {"household": event.code, "clause": event.clause.code, "date": event.date.isoformat()}
    again |= {"document_no": event.document_no, "reason": "又一次"}
    by = world.user(Role.TOWNSHIP)
    with pytest.raises(Refused, match="已经登记过同一天的这一条") as refusal:
        restating.ask(op_id=uuid4(), month=MONTH, raw=again, by=by)
    assert (refusal.value.code, f"编号 {event.pk}" in refusal.value.reason) == ("twin", True)
    restating.ask(op_id=uuid4(), month=MONTH, raw=again | {"again": True}, by=by)
    assert Adjustment.objects.count() == 1
