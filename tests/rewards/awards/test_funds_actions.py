"""Setting up a fund: sources add up, corrections are rows, rules fit their kind and stand once they were used."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error

from households.models import AuditEvent, Department
from households.refusals import Refused
from rewards.awards.actions.funds import RuleDraft, add_source, create_fund
from rewards.awards.engine import RESULT, SIX_ZERO, Band, Goal
from rewards.models import AwardKind, AwardRule, Fund, FundSource, RuleBand
from tests.audit_failure import audit_down
from tests.refusals import refusal_code
from tests.rewards.awards.scene import (
    BY_GOAL,
    BY_POINTS,
    BY_RANK,
    TEN_THOUSAND,
    TOTAL,
    TOWNSHIPS,
    FundScene,
    fund_scene,
    funded,
)
from tests.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> FundScene:
    """No frozen month is needed to set up a fund."""
    return funded(build())


def source(scene: FundScene, fen: int, **fields: str) -> FundSource:
    wanted = {"document_no": "洞财〔2024〕2号", "note": ""} | fields
    return add_source(
        fund=scene.fund, department=Department.objects.get(code="SLJ"), amount_fen=fen, by=scene.first, **wanted
    )


# Funds and sources


def test_total_is_the_sum_of_the_sources(scene: FundScene) -> None:
    source(scene, 12_345)
    assert scene.fund.total_fen == TOTAL + 12_345
    assert scene.left() == TOTAL + 12_345


def test_source_is_corrected_by_a_negative_one(scene: FundScene) -> None:
    source(scene, -5_000, note="重复登记")
    assert scene.fund.total_fen == TOTAL - 5_000
    assert scene.fund.sources.count() == 2


def test_correction_without_a_reason_is_refused(scene: FundScene) -> None:
    assert refusal_code(source, scene, -5_000) == "source_needs_reason"


@pytest.mark.parametrize(("fen", "document_no"), [(0, "文号"), (100, "  ")])
def test_source_needs_amount_and_document(scene: FundScene, fen: int, document_no: str) -> None:
    assert refusal_code(source, scene, fen, document_no=document_no) == "source_unclear"


def test_source_cannot_take_more_than_there_is(scene: FundScene) -> None:
    assert refusal_code(source, scene, -TOTAL - 1, note="全部收回") == "fund_below_allocated"
    assert scene.left() == TOTAL


def test_fund_of_the_same_year_and_name_is_refused(scene: FundScene) -> None:
    code = refusal_code(create_fund, county=scene.world.county, year=2024, name="积分换项目资金", by=scene.first)
    assert code == "fund_exists"


@pytest.mark.parametrize(("year", "name"), [(1999, "资金"), (2024, "   ")])
def test_fund_needs_a_year_and_a_name(scene: FundScene, year: int, name: str) -> None:
    assert refusal_code(create_fund, county=scene.world.county, year=year, name=name, by=scene.first) == "fund_unclear"


def test_fund_belongs_to_a_county(scene: FundScene) -> None:
    assert refusal_code(create_fund, county=scene.world.township, year=2024, name="x", by=scene.first) == "fund_unclear"


def test_setting_up_is_in_the_audit_log(scene: FundScene) -> None:
    scene.rule()
    actions = set(AuditEvent.objects.filter(place=scene.fund.county_id).values_list("action", flat=True))
    assert {"fund.create", "fund.source", "fund.rule"} <= actions


@pytest.mark.parametrize("action", ["source", "rule"])
def test_nothing_is_kept_when_the_log_fails(scene: FundScene, action: str) -> None:
    with audit_down():
        source(scene, 100) if action == "source" else scene.rule()
    assert not AwardRule.objects.exists()
    assert scene.left() == TOTAL


# Rules


@pytest.mark.parametrize("draft", [BY_RANK, BY_GOAL, BY_POINTS, TOWNSHIPS], ids=lambda draft: draft.kind.value)
def test_rule_of_each_kind_is_kept(scene: FundScene, draft: RuleDraft) -> None:
    scene.rule(draft)
    rule = AwardRule.objects.get()
    assert (rule.kind, rule.pool_fen, rule.proportional) == (draft.kind, draft.pool_fen, draft.proportional)
    assert [(band.from_rank, band.to_rank, band.amount_fen) for band in rule.bands.all()] == [
        (band.from_rank, band.to_rank, band.amount_fen) for band in draft.bands
    ]
    assert [goal.at_least for goal in rule.goals.all()] == [goal.at_least for goal in draft.goals]
    assert (rule.fen_per_point, rule.points_most) == (draft.fen_per_point, draft.points_most)


def test_rule_is_replaced_and_the_old_one_stays_readable(scene: FundScene) -> None:
    scene.rule()
    scene.rule(pool_fen=1_500_000)
    old, new = AwardRule.objects.order_by("pk")
    assert old.replaced_at is not None
    assert (new.replaced_at, new.pool_fen) == (None, 1_500_000)


MISFITS = [
    ({"bands": []}, "rule_incomplete"),
    ({"pool_fen": 0}, "rule_incomplete"),
    ({"goals": BY_GOAL.goals}, "rule_incomplete"),
    ({"kind": AwardKind.GOAL}, "rule_incomplete"),
    ({"kind": AwardKind.POINTS, "bands": [], "fen_per_point": 100}, "rule_incomplete"),
    ({"bands": [Band(1, 5, 100), Band(5, 9, 50)]}, "bands_overlap"),
    ({"bands": [Band(5, 3, 100)]}, "bands_overlap"),
    ({"bands": [Band(0, 3, 100)]}, "bands_overlap"),
    ({"bands": [Band(1, 3, 0)]}, "bands_overlap"),
    ({"bands": [Band(n, n, 100) for n in range(1, 10)]}, "rule_too_long"),
    ({"pool_fen": TOTAL + 1}, "pools_exceed_fund"),
]


def test_rule_that_does_not_fit_is_refused(scene: FundScene) -> None:
    assert [refusal_code(scene.rule, BY_RANK, **changes) for changes, _ in MISFITS] == [code for _, code in MISFITS]
    assert not AwardRule.objects.exists()


IMPOSSIBLE = [
    (Goal(SIX_ZERO, 10_001, False, 100), "goal_unreachable"),
    (Goal(RESULT, 12_001, False, 100), "goal_unreachable"),
    (Goal(RESULT, 0, False, 100), "goal_unreachable"),
    (Goal(RESULT, 9000, False, 0), "goal_unreachable"),
    (BY_GOAL.goals[0], "goal_twice"),
]


def test_goal_that_cannot_be_is_refused(scene: FundScene) -> None:
    refused = [refusal_code(scene.rule, BY_GOAL, goals=[BY_GOAL.goals[0], goal]) for goal, _ in IMPOSSIBLE]
    assert refused == [code for _, code in IMPOSSIBLE]


def test_pools_together_stay_within_the_fund(scene: FundScene) -> None:
    scene.rule(pool_fen=8 * TEN_THOUSAND)
    with pytest.raises(Refused) as refused:
        scene.rule(BY_GOAL)
    assert refused.value.hint == "本项最多 20,000.00 元，或先增加资金来源。"


def test_own_pool_is_not_counted_twice_when_a_rule_is_replaced(scene: FundScene) -> None:
    scene.rule(pool_fen=8 * TEN_THOUSAND)
    scene.rule(pool_fen=10 * TEN_THOUSAND)
    assert AwardRule.objects.get(replaced_at=None).pool_fen == TOTAL


# What the database itself refuses


def raw(sql: str) -> type[Exception] | None:
    """The kind of trouble a statement meets, deferred checks included; None when it passes."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except Error as trouble:
        return type(trouble)
    return None


REFUSED = [
    "UPDATE rewards_fundsource SET amount_fen = 1",
    "DELETE FROM rewards_fundsource",
    "TRUNCATE rewards_fundsource",
    "DELETE FROM rewards_fund",
    "UPDATE rewards_fund SET year = 2025",
    "UPDATE rewards_fund SET name = 'x'",
    "UPDATE rewards_fund SET total_fen = total_fen + 1",
    "UPDATE rewards_fund SET allocated_fen = 1",
    "UPDATE rewards_fund SET allocated_fen = total_fen + 1",
    "UPDATE rewards_fund SET allocated_fen = -1",
    "UPDATE rewards_awardrule SET pool_fen = 1",
    "DELETE FROM rewards_awardrule",
    "UPDATE rewards_ruleband SET amount_fen = 1",
    "DELETE FROM rewards_ruleband",
    "UPDATE rewards_rulegoal SET at_least = 1",
    *(
        f"INSERT INTO rewards_ruleband (rule_id, from_rank, to_rank, amount_fen) SELECT id, {low}, {high}, 5 "
        "FROM rewards_awardrule WHERE kind = 'comprehensive'"
        for low, high in ((2, 9), (9, 8), (0, 0))
    ),
]


def test_database_refuses(scene: FundScene) -> None:
    scene.rule()
    scene.rule(BY_GOAL)
    assert [sql for sql in REFUSED if raw(sql) is None] == []


def test_database_lets_a_band_be_added_that_does_not_overlap(scene: FundScene) -> None:
    """The twin of the overlap above: the trigger minds the ranks, not the insert."""
    scene.rule()
    RuleBand.objects.create(rule=AwardRule.objects.get(), from_rank=4, to_rank=9, amount_fen=5)
    assert RuleBand.objects.count() == 3


def written(model: type, rows: list[dict]) -> list[dict]:
    """Those of the rows that the database took."""
    taken = []
    for fields in rows:
        try:
            with transaction.atomic():
                model.objects.create(**fields)
            taken.append(fields)
        except IntegrityError:
            pass
    return taken


def test_constraints_hold_rules_to_their_kind(scene: FundScene) -> None:
    rows = [
        {"kind": "points", "pool_fen": 5},
        {"kind": "points", "pool_fen": 5, "fen_per_point": 5},
        {"kind": "goal", "pool_fen": 5, "fen_per_point": 5, "points_most": 5},
        {"kind": "goal", "pool_fen": 0},
        {"kind": "best", "pool_fen": 5},
    ]
    assert written(AwardRule, [{"fund": scene.fund} | fields for fields in rows]) == []


def test_two_rules_of_a_kind_cannot_be_in_force(scene: FundScene) -> None:
    scene.rule()
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardRule.objects.create(fund=scene.fund, kind="comprehensive", pool_fen=5)


def test_constraints_hold_funds_and_sources(scene: FundScene) -> None:
    funds = [{"name": ""}, {"year": 1990}, {"county_id": "430726201"}]
    assert written(Fund, [{"county": scene.world.county, "year": 2024, "name": "甲"} | wrong for wrong in funds]) == []
    good = {"fund": scene.fund, "department_id": "LYJ", "amount_fen": 5, "document_no": "文"}
    sources = [{"amount_fen": 0}, {"document_no": ""}, {"amount_fen": -5, "note": ""}]
    assert written(FundSource, [good | wrong for wrong in sources]) == []


def test_rule_stands_once_a_run_was_confirmed() -> None:
    scene = fund_scene()
    scene.awarded()
    assert refusal_code(scene.rule) == "rule_used"
    assert raw("UPDATE rewards_awardrule SET replaced_at = now()") is not None
    assert scene.left() == TOTAL - 2_500_000


def test_rule_waits_for_a_run_that_waits() -> None:
    scene = fund_scene()
    scene.rule()
    scene.preview()
    assert refusal_code(scene.rule) == "rule_waiting"


def test_source_below_what_is_allocated_is_refused() -> None:
    scene = fund_scene()
    scene.awarded()
    assert refusal_code(source, scene, -TOTAL, note="收回") == "fund_below_allocated"
    source(scene, -scene.left(), note="剩下的收回")
    assert scene.left() == 0
