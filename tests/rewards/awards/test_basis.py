"""What the engine reads: the newest published rankings, everybody in them, and free points; and what the digest is of."""

from dataclasses import replace

import pytest

from households.codes import Level
from households.imports.divisions import import_divisions
from households.refusals import Refused
from rewards.awards import basis, engine
from rewards.awards.basis import latest_versions
from rewards.awards.suspension import basis_of, is_behind
from rewards.models import AwardKind, AwardRule
from scoring.ledger import door as ledger
from scoring.rankings.snapshots import line_as_dict
from tests.rewards.awards.scene import BEFORE, BY_GOAL, BY_POINTS, FundScene
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db


def read(scene: FundScene, kind: AwardKind = AwardKind.COMPREHENSIVE, first: str = BEFORE) -> basis.Basis:
    return basis.read(scene.fund, kind, first, MONTH)


def test_basis_has_every_month_of_every_village(scene: FundScene) -> None:
    found = read(scene)
    assert (found.months, found.versions) == ([BEFORE, MONTH], [1, 1])
    assert [one.code for one in found.competitors] == [VILLAGE, SISTER, STRANGE]
    assert [(month.month, month.total, month.final) for month in found.competitors[0].months] == [
        (BEFORE, 800, True),
        (MONTH, 795, True),
    ]


def test_basis_is_what_was_kept_and_not_what_is_live(scene: FundScene) -> None:
    from households.sql import run
    from scoring.rankings.rankings import ranking

    run("UPDATE scoring_divisionscore SET total = total - 50 WHERE code = %(code)s", {"code": VILLAGE})
    live = next(line_as_dict(line) for line in ranking(MONTH, Level.VILLAGE, within=COUNTY) if line.code == VILLAGE)
    assert live["total"] == 745
    assert read(scene).competitors[0].total == 1595


def test_basis_reads_the_newest_version(scene: FundScene) -> None:
    scene.restate()
    assert read(scene).versions == [1, 2]


def test_townships_are_read_for_their_own_kind(scene: FundScene) -> None:
    found = read(scene, AwardKind.TOWNSHIP)
    assert [one.code for one in found.competitors] == [TOWNSHIP, OTHER_TOWNSHIP]


def test_village_that_began_later_has_an_open_month(scene: FundScene) -> None:
    new = f"{TOWNSHIP}203"
    assert import_divisions(name="d.csv", data=f"code,name\n{new},新立村\n".encode()).written
    scene.archive_unmoved()
    found = {one.code: one for one in read(scene).competitors}
    assert found[new].open_months == [BEFORE, MONTH]
    assert found[new].result is None


def test_points_are_read_for_their_kind_only(scene: FundScene) -> None:
    assert {one.points for one in read(scene).competitors} == {0}
    found = {one.code: one.points for one in read(scene, AwardKind.POINTS).competitors}
    assert found == {VILLAGE: 199, SISTER: 200, STRANGE: 200}


def test_points_that_are_reserved_are_not_free(scene: FundScene) -> None:
    ledger.hold(ledger.division(SISTER), 30, key="t:1", text="预留")
    assert basis.free_points([SISTER]) == {SISTER: 170}


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (MONTH, BEFORE, "months_in_order"),
        ("2022-01", "2024-01", "too_many_months"),
        ("2024-06", "2024-07", "basis_not_published"),
    ],
)
def test_months_that_cannot_be_a_basis_are_refused(scene: FundScene, first: str, last: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        basis.read(scene.fund, AwardKind.GOAL, first, last)
    assert refused.value.code == code


def test_two_years_are_the_longest_basis() -> None:
    assert len(basis.wanted_months("2022-01", "2023-12")) == basis.MAX_MONTHS


def test_reading_costs_the_same_for_one_month_and_for_two(scene: FundScene, django_assert_num_queries: object) -> None:
    for first in (MONTH, BEFORE):
        with django_assert_num_queries(2):
            read(scene, first=first)


# Rules and digest


def test_rule_is_read_back_as_it_was_written(scene: FundScene) -> None:
    scene.rule(BY_GOAL)
    by = basis.rules_of(AwardRule.objects.get(), 5)
    assert by == engine.Rules(5, goals=tuple(BY_GOAL.goals))
    scene.rule(BY_POINTS)
    priced = basis.rules_of(AwardRule.objects.get(kind="points"), 7)
    assert priced == engine.Rules(7, fen_per_point=10_000, points_most=150, proportional=True)


def digest(scene: FundScene, **changes: object) -> str:
    rule = AwardRule.objects.get()
    found = read(scene)
    by = replace(basis.rules_of(rule, rule.pool_fen), **changes.pop("by", {}))
    lines = [replace(line, **changes) for line in engine.award(found.competitors, by)]
    return basis.digest_of(rule, by, found, lines)


def test_digest_is_the_same_for_the_same(scene: FundScene) -> None:
    scene.rule(BY_GOAL)
    assert digest(scene) == digest(scene)


@pytest.mark.parametrize(
    "change", [{"amount_fen": 1}, {"reason": "x"}, {"points": 5}, {"total": 5}, {"rank": 9}, {"by": {"pool_fen": 9**9}}]
)
def test_digest_moves_with_anything_that_is_said(scene: FundScene, change: dict) -> None:
    scene.rule(BY_GOAL)
    before = digest(scene)
    assert digest(scene, **change) != before


def test_digest_moves_with_the_version(scene: FundScene) -> None:
    scene.rule(BY_GOAL)
    before = digest(scene)
    scene.restate()
    assert digest(scene) != before


# Versions


def test_newest_versions_are_found_by_level_and_county(scene: FundScene) -> None:
    scene.restate()
    assert latest_versions(COUNTY, "village", [BEFORE, MONTH, "2020-01"]) == {BEFORE: 1, MONTH: 2}
    assert latest_versions("430101", "village", [MONTH]) == {}


@pytest.mark.parametrize(
    ("seen", "latest", "behind"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, False),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, True),
        ({"a": 1}, {"a": 1, "b": 9}, False),
        ({"a": 1}, {}, False),
    ],
)
def test_basis_is_behind_when_one_of_its_months_moved(seen: dict, latest: dict, behind: bool) -> None:
    assert is_behind(seen, latest) is behind


def test_basis_of_a_run_is_month_by_version(scene: FundScene) -> None:
    scene.rule()
    assert basis_of(scene.preview()) == {BEFORE: 1, MONTH: 1}
