"""Departments: what their villages earn and lose is their own; grades by rank; credits are issued and stay readable."""

import pytest
from django.db import IntegrityError, connection, transaction

from households.models import Department
from households.roles import Role
from rewards.awards.actions.performance import issue, set_grades
from rewards.awards.performance import frozen_months, linked_departments, statement, weighted_results
from rewards.models import GradeBand, PerformanceCredit
from tests.refusals import refusal_code
from tests.rewards.awards.scene import BEFORE, FundScene
from tests.world import COUNTY, MONTH, SISTER, VILLAGE

pytestmark = pytest.mark.django_db
GRADES = [(1, 1, "优秀"), (2, 9, "合格")]


def grades(scene: FundScene, bands: list = GRADES) -> None:
    set_grades(county=scene.world.county, year=2024, bands=bands, by=scene.first)


def issued(scene: FundScene) -> list[PerformanceCredit]:
    return issue(county=scene.world.county, year=2024, first=BEFORE, last=MONTH, by=scene.first)


def forestry() -> Department:
    return Department.objects.get(code="LYJ")


# Standing


def test_department_stands_by_what_its_villages_weigh(scene: FundScene) -> None:
    water, wood = weighted_results(COUNTY, 2024, [BEFORE, MONTH])
    assert (water.code, water.rank, water.shown_result) == ("SLJ", 1, "100.00")
    # 2 x (8 households, 800 + 795 points) + 1 x (2 households, 200 + 200)
    assert (wood.code, wood.rank, wood.households, wood.total) == ("LYJ", 2, 36, 3590)
    assert wood.months == 2


def test_departments_that_stand_equal_share_a_rank(scene: FundScene) -> None:
    assert [one.rank for one in weighted_results(COUNTY, 2024, [BEFORE])] == [1, 1]


def test_month_that_was_not_kept_counts_for_nobody(scene: FundScene) -> None:
    assert weighted_results(COUNTY, 2024, ["2024-09"]) == []


def test_restated_month_counts_by_its_newest_ranking(scene: FundScene) -> None:
    scene.restate()
    assert len(weighted_results(COUNTY, 2024, [BEFORE, MONTH])) == 2
    assert weighted_results(COUNTY, 2024, [MONTH])[0].households == 2


def test_points_of_the_months_are_told(scene: FundScene) -> None:
    earned = {one.code: one.earned for one in weighted_results(COUNTY, 2024, [BEFORE, MONTH])}
    assert earned == {"SLJ": 200, "LYJ": 199}  # 1790 / 18 is 99.44


def test_spent_points_are_told(scene: FundScene) -> None:
    from django.utils import timezone

    from scoring.ledger import door as ledger

    ledger.spend_now(ledger.department("SLJ"), 30, key="t:1", text="使用")
    ledger.give_back(ledger.department("SLJ"), 10, key="t:1", text="退回")
    year = timezone.localdate().year
    assert {one.code: one.spent for one in weighted_results(COUNTY, year, [MONTH])} == {"SLJ": 20, "LYJ": 0}


# Statement


def test_statement_lists_every_village_of_every_month(scene: FundScene) -> None:
    paper = statement(forestry(), COUNTY, 2024, [BEFORE, MONTH])
    assert [[(link.code, link.weight, link.total) for link in part.links] for part in paper.parts] == [
        [(VILLAGE, 2, 800), (SISTER, 1, 200)],
        [(VILLAGE, 2, 795), (SISTER, 1, 200)],
    ]


def test_statement_adds_up_to_the_standing(scene: FundScene) -> None:
    paper = statement(forestry(), COUNTY, 2024, [BEFORE, MONTH])
    assert paper.result is not None
    assert sum(part.households for part in paper.parts) == paper.result.households
    assert sum(part.total for part in paper.parts) == paper.result.total
    assert paper.among == 2


def test_statement_does_not_name_villages_of_others(scene: FundScene) -> None:
    paper = statement(forestry(), COUNTY, 2024, [MONTH])
    assert {link.name for part in paper.parts for link in part.links} == {"东山村", "西河村"}


def test_statement_of_a_department_without_villages_is_empty(scene: FundScene) -> None:
    lonely = Department.objects.create(code="ZZZ", name="无村局")
    paper = statement(lonely, COUNTY, 2024, [MONTH])
    assert (paper.result, [part.links for part in paper.parts]) == (None, [[]])


def test_frozen_months_of_a_year_are_found(scene: FundScene) -> None:
    assert frozen_months(COUNTY, 2024) == [BEFORE, MONTH]
    assert frozen_months(COUNTY, 2023) == []


def test_departments_of_a_village_are_found(scene: FundScene) -> None:
    assert [department.code for department in linked_departments(VILLAGE, MONTH)] == ["LYJ"]
    assert linked_departments(VILLAGE, "2022-12") == []


# Grades and credits


def test_credits_are_issued_with_rank_and_grade(scene: FundScene) -> None:
    grades(scene)
    issued(scene)
    found = PerformanceCredit.objects.order_by("rank").values_list("department", "rank", "grade", "version")
    assert list(found) == [("SLJ", 1, "优秀", 1), ("LYJ", 2, "合格", 1)]


def test_credits_issued_again_become_the_next_version(scene: FundScene) -> None:
    grades(scene)
    issued(scene)
    scene.restate()
    assert {credit.version for credit in issued(scene)} == {2}
    assert statement(forestry(), COUNTY, 2024, [MONTH]).issued.version == 2
    assert PerformanceCredit.objects.count() == 4


def test_credits_wait_for_grades_and_months(scene: FundScene) -> None:
    assert refusal_code(issued, scene=scene) == "no_grades"
    grades(scene)
    wrong = {"county": scene.world.county, "year": 2024, "by": scene.first}
    assert refusal_code(issue, first=MONTH, last="2024-07", **wrong) == "basis_not_published"
    assert refusal_code(issue, first=MONTH, last=BEFORE, **wrong) == "months_in_order"


@pytest.mark.parametrize("bands", [[(1, 3, "优秀"), (3, 9, "合格")], [(0, 3, "优秀")], [(5, 3, "优秀")], [(1, 3, " ")]])
def test_grades_that_do_not_fit_are_refused(scene: FundScene, bands: list) -> None:
    assert refusal_code(grades, scene=scene, bands=bands) == "grades_overlap"
    assert not GradeBand.objects.exists()


def test_grades_are_set_once_a_year(scene: FundScene) -> None:
    grades(scene)
    assert refusal_code(grades, scene=scene) == "grades_stand"


def test_performance_needs_the_key(scene: FundScene) -> None:
    township = scene.world.user(Role.TOWNSHIP)
    assert refusal_code(set_grades, county=scene.world.county, year=2024, bands=GRADES, by=township) == "no_key"
    assert refusal_code(issue, county=scene.world.county, year=2024, first=MONTH, last=MONTH, by=township) == "no_key"


def test_department_below_every_band_has_no_grade(scene: FundScene) -> None:
    grades(scene, [(1, 1, "优秀")])
    assert {credit.department_id: credit.grade for credit in issued(scene)} == {"SLJ": "优秀", "LYJ": ""}


def test_database_keeps_grades_and_credits(scene: FundScene) -> None:
    grades(scene)
    issued(scene)
    for sql in (
        "UPDATE rewards_performancecredit SET grade = '优秀'",
        "DELETE FROM rewards_performancecredit",
        "UPDATE rewards_gradeband SET to_rank = 99",
        "DELETE FROM rewards_gradeband",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_database_gives_no_grade_without_a_rank(scene: FundScene) -> None:
    credit = {"county": scene.world.county, "department": forestry(), "year": 2024, "version": 1, "months": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        PerformanceCredit.objects.create(
            **credit, first_month=MONTH, last_month=MONTH, households=0, total=0, grade="优秀"
        )
