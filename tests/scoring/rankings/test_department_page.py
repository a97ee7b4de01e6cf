"""Departments beside each other, and one department's figure written out."""

import pytest
from pytest_django import DjangoAssertNumQueries

from households.models import Department, Linkage
from households.roles import Role
from scoring.models import DepartmentScore
from scoring.rankings.departments import department_board, department_why
from scoring.rankings.rankings import department_ranking
from scoring.readers import Reader
from scoring.rollup.rollup import roll_up
from tests.answers import whole
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

RANKING = f"/departments/rankings/{MONTH}/"


def page(world: World, path: str, role: str = Role.COUNTY_OFFICE) -> str:
    response = world.client(role).get(path)
    assert response.status_code == 200
    return response.content.decode()


def reader(world: World) -> Reader:
    return Reader(world.user(Role.COUNTY_OFFICE))


def test_ranking_shows_weighted_figures_and_what_is_linked(eventful: World) -> None:
    rows = page(eventful, RANKING)
    for words in ("林业局", "97.78", "1760", "东山村，权重 2", "西河村，权重 1", "水利局", "未评"):
        assert words in rows, words


def test_department_of_an_unfinished_village_is_provisional(eventful: World) -> None:
    board = department_board(MONTH, reader(eventful))
    assert {row.line.code: row.is_final for row in board.rows} == {"LYJ": True, "SLJ": False}
    assert "1 个部门联系的村还没有评齐" in page(eventful, RANKING)
    assert "南坪村，权重 1（未评齐）" in page(eventful, RANKING)


def test_ranking_is_settled_when_every_village_is(eventful: World) -> None:
    eventful.declare(eventful.strange)
    roll_up(MONTH)
    assert "各部门联系的村都评齐了" in page(eventful, RANKING)


def test_search_keeps_the_departments_named(eventful: World) -> None:
    rows = page(eventful, f"{RANKING}?q=水利")
    assert "水利局" in rows
    assert "林业局" not in rows


def test_department_figure_is_weight_times_total(eventful: World) -> None:
    explained = department_why(MONTH, "LYJ", reader(eventful))
    assert [(link.code, link.weight, link.weighted_total, link.weighted_households) for link in explained.links] == [
        (VILLAGE, 2, 1560, 16),
        (SISTER, 1, 200, 2),
    ]
    assert (explained.total, explained.households, explained.shown_result) == (1760, 18, "97.78")
    assert not explained.stale


def test_department_page_prints_the_sum(eventful: World) -> None:
    rows = page(eventful, f"/departments/LYJ/{MONTH}/")
    for words in ("1760 ÷ 18 = 97.78", "2 × 780 = 1560", "2 × 8 = 16", "1 × 200 = 200"):
        assert words in rows, words


def test_department_links_to_the_villages_its_reader_may_open(eventful: World) -> None:
    rows = page(eventful, f"/departments/LYJ/{MONTH}/", Role.CADRE)
    assert f'href="/why/{MONTH}/{VILLAGE}/"' in rows
    assert f"/why/{MONTH}/{SISTER}/" not in rows


def test_department_without_a_scored_village_has_no_figure(eventful: World) -> None:
    rows = page(eventful, f"/departments/SLJ/{MONTH}/")
    assert "联系的村都未申报，没有得分" in rows
    assert "data-equation" not in rows


def test_department_without_links_in_the_month_says_so(eventful: World) -> None:
    assert "这个月没有联系的村" in page(eventful, "/departments/LYJ/2022-06/")


def test_linkage_outside_its_months_does_not_count(eventful: World) -> None:
    Linkage.objects.filter(division=SISTER).update(to_month="2024-04")
    roll_up(MONTH, full=True)
    explained = department_why(MONTH, "LYJ", reader(eventful))
    assert [link.code for link in explained.links] == [VILLAGE]
    assert (explained.total, explained.households) == (1560, 16)


def test_every_explanation_comes_to_the_line_of_the_ranking(eventful: World) -> None:
    eventful.declare(eventful.strange)
    roll_up(MONTH)
    for line in department_ranking(MONTH):
        explained = department_why(MONTH, line.code, reader(eventful))
        assert (explained.total, explained.households, explained.result) == (line.total, line.households, line.result)


def test_figure_that_is_about_to_change_is_marked(eventful: World) -> None:
    DepartmentScore.objects.filter(department_code="LYJ").update(total=1)
    assert department_why(MONTH, "LYJ", reader(eventful)).stale
    assert "一分钟内会跟上" in page(eventful, f"/departments/LYJ/{MONTH}/")


@pytest.mark.parametrize(
    "path", ["/departments/nobody/2024-05/", "/departments/LYJ/2024-5/", "/departments/rankings/x/"]
)
def test_address_that_means_nothing_is_404(eventful: World, path: str) -> None:
    answer = eventful.client(Role.COUNTY_OFFICE).get(path)
    assert (answer.status_code, "林业局" in whole(answer)) == (404, False)


def test_unknown_format_is_404(eventful: World) -> None:
    answer = eventful.client(Role.COUNTY_OFFICE).get(f"{RANKING}?format=pdf")
    assert (answer.status_code, "林业局" in whole(answer)) == (404, False)


@pytest.mark.parametrize(("role", "status"), [(Role.SYSTEM_ADMIN, 403), (Role.AUDITOR, 403), (Role.DEPARTMENT, 200)])
def test_ranking_is_for_those_who_may_see_rankings(eventful: World, role: str, status: int) -> None:
    answer = eventful.client(role).get(RANKING)
    assert (answer.status_code, "97.78" in whole(answer)) == (status, status == 200)


def test_department_without_any_link_sees_its_colleagues(eventful: World) -> None:
    Linkage.objects.filter(department="LYJ").delete()
    roll_up(MONTH, full=True)
    assert "水利局" in page(eventful, RANKING, Role.DEPARTMENT)
    assert eventful.client(Role.DEPARTMENT).get(f"/rankings/{MONTH}/village/").status_code == 200


def test_queries_do_not_grow_with_departments(
    eventful: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    client.get(RANKING)
    with django_assert_num_queries(6):
        client.get(RANKING)
    Department.objects.create(code="NYJ", name="农业局")
    Linkage.objects.create(department_id="NYJ", division_id=STRANGE, from_month="2023-01")
    roll_up(MONTH, full=True)
    with django_assert_num_queries(6):
        assert "农业局" in client.get(RANKING).content.decode()
