"""The list behind the page: whose projects, filtered by what, added up to what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from rewards.models import Project, ProjectKind
from rewards.project_states import ProjectState
from rewards.projects import files
from rewards.projects import reads as board
from rewards.projects.reads import ProjectFilter, asked
from tests.rewards.projects.village_works import COST, building, listed
from tests.world import SISTER, TOWNSHIP, VILLAGE, World

ODD = st.text(max_size=14)


@given(st.fixed_dictionaries(dict.fromkeys(("year", "state", "kind", "money", "within", "q"), ODD)))
def test_any_address_gives_a_filter_that_can_be_asked(query: dict[str, str]) -> None:
    wanted = asked(query)
    assert wanted.state in ("", *[state.value for state in ProjectState])
    assert wanted.kind in ("", *ProjectKind.values)
    assert wanted.sentence


def test_filter_is_told_in_words() -> None:
    wanted = ProjectFilter(year="2024", state="building", kind="road", money="unpaid", within=VILLAGE, words="路")
    assert wanted.sentence == f"2024年，施工中，道路桥梁，已安排没有付清，范围 {VILLAGE}，“路”"
    assert ProjectFilter().sentence == "（没有筛选）"


@pytest.mark.django_db
def test_group_leader_sees_the_projects_of_his_village(world: World) -> None:
    [mine] = listed(world)
    listed(world, "井", village=world.sister)
    assert list(board.visible_to(world.user(Role.GROUP_LEADER))) == [mine]


@pytest.mark.django_db
def test_department_sees_the_projects_of_its_linked_villages(world: World) -> None:
    listed(world)
    listed(world, "井", village=world.strange)
    assert {project.village_id for project in board.visible_to(world.user(Role.DEPARTMENT))} == {VILLAGE}


@pytest.mark.django_db
def test_within_a_township_are_all_its_villages(world: World) -> None:
    listed(world)
    listed(world, "井", village=world.sister)
    listed(world, "桥", village=world.strange)
    found = board.filtered(Project.objects.all(), ProjectFilter(within=TOWNSHIP))
    assert {project.village_id for project in found} == {VILLAGE, SISTER}


@pytest.mark.django_db
def test_totals_of_nothing_are_nothing(world: World) -> None:
    totals = board.totals(Project.objects.none())
    assert (totals.projects, totals.estimate, totals.allocated, totals.paid, totals.unpaid) == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_totals_are_the_sum_of_the_rows(world: World) -> None:
    building(world)
    listed(world, "渠", "灯")
    projects = list(Project.objects.all())
    totals = board.totals(Project.objects.all())
    assert totals.estimate == sum(project.estimate_fen for project in projects) == 3 * COST
    assert totals.allocated == sum(project.allocated_fen for project in projects) == COST


@pytest.mark.django_db
def test_rows_of_a_file_have_every_column(world: World) -> None:
    building(world)
    [row] = files.rows(board.filtered(Project.objects.all(), ProjectFilter()))
    assert set(row) == set(files.COLUMNS)
    assert (row["township"], row["village"], row["unpaid"]) == ("罗坪乡", "东山村", "50,000.00")


@pytest.mark.django_db
def test_places_are_those_with_projects(world: World) -> None:
    listed(world)
    assert [place.code for place in board.places_of(Project.objects.all())] == [VILLAGE]
    assert board.years_of(Project.objects.all()) == [2024]
