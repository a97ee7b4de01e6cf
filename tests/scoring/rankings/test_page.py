"""The ranking as members of staff see it."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from households.accounts.actions.accounts import create_user
from households.codes import Level
from households.imports.divisions import import_divisions
from households.models import Division
from households.roles import Role
from scoring.models import Sheet
from scoring.rankings.boards import BoardRow, archived_rows, arranged
from scoring.rankings.rankings import ranking
from scoring.rollup.rollup import roll_up
from tests.scoring.eventful_month import FIRST, SECOND
from tests.world import COUNTY, MONTH, PASSWORD, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

VILLAGES = f"/rankings/{MONTH}/village/"
GROUPS = f"/rankings/{MONTH}/group/"
NAME = re.compile(r'<th scope="row">(?:<a[^>]*>)?([^<]+)')


def page(world: World, path: str, role: str = Role.COUNTY_OFFICE) -> str:
    response = world.client(role).get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def status(world: World, path: str, role: str) -> int:
    return world.client(role).get(path).status_code


def test_villages_stand_in_the_order_of_the_ranking(eventful: World) -> None:
    assert NAME.findall(page(eventful, VILLAGES)) == [
        line.name for line in ranking(MONTH, Level.VILLAGE, within=COUNTY)
    ]


def test_every_line_shows_result_coverage_and_share(eventful: World) -> None:
    rows = page(eventful, VILLAGES)
    for words in ("97.50", "100.00", "100%", "8 / 8", "62.50%", "0 / 2", "未评"):
        assert words in rows, words


def test_unfinished_village_stands_last_unranked_and_says_so(eventful: World) -> None:
    rows = page(eventful, VILLAGES)
    assert NAME.findall(rows)[-1] == "南坪村"
    assert "暂定：还有户没有评，不排名次" in rows
    assert "1 个村还没有评齐" in rows


def test_finished_ranking_says_so(eventful: World) -> None:
    eventful.declare(eventful.strange)
    roll_up(MONTH)
    rows = page(eventful, VILLAGES)
    assert "已评齐" in rows
    assert "暂定" not in rows


def test_village_says_who_holds_it_now(eventful: World) -> None:
    eventful.approve(eventful.sister)
    rows = page(eventful, VILLAGES)
    for words in ("等村干部申报", "等乡镇审核", "等公示开始", "录入中", "已申报", "已审核"):
        assert words in rows


def test_change_is_told_in_words(world: World) -> None:
    world.record(f"{VILLAGE}010001", "WR02", day=world_day("2024-04"))
    for month in ("2024-04", MONTH):
        if month == MONTH:
            world.record(f"{SISTER}010001", "WR02", by=world.user(Role.TOWNSHIP))
        world.declare(month=month)
        roll_up(month)
    rows = page(world, VILLAGES)
    assert "上升 2 位" in rows or "上升 1 位" in rows
    assert "下降 2 位" in rows


def world_day(month: str) -> object:
    from datetime import date

    return date.fromisoformat(f"{month}-10")


def test_frozen_month_leads_to_the_archived_ranking(eventful: World) -> None:
    eventful.declare(eventful.strange)
    eventful.freeze()
    rows = page(eventful, VILLAGES)
    assert "已锁定" in rows
    assert f'href="/rankings/{MONTH}/village/kept/1/?within={COUNTY}"' in rows


def test_waiting_changes_are_announced(eventful: World) -> None:
    eventful.declare(eventful.strange)
    assert "有 1 处变动正在汇总" in page(eventful, VILLAGES)


def test_search_and_order_are_done_by_the_server_too(eventful: World) -> None:
    assert NAME.findall(page(eventful, f"{VILLAGES}?q=西河")) == ["西河村"]
    assert NAME.findall(page(eventful, f"{VILLAGES}?q={STRANGE}")) == ["南坪村"]
    assert NAME.findall(page(eventful, f"{VILLAGES}?sort=events"))[0] == "东山村"
    assert NAME.findall(page(eventful, f"{VILLAGES}?sort=nonsense"))[0] == "西河村"


def test_search_for_nothing_known_says_so(eventful: World) -> None:
    rows = page(eventful, f"{VILLAGES}?q=没有的村")
    assert NAME.findall(rows) == []
    assert "找到 0 个，共 3 个" in rows


@pytest.mark.parametrize(
    "path",
    [
        "/rankings/2024-13/village/",
        "/rankings/２０２４-05/village/",
        f"/rankings/{MONTH}/household/",
        f"/rankings/{MONTH}/nonsense/",
        f"{VILLAGES}?within=nonsense",
        f"{VILLAGES}?within={COUNTY}999",
        f"{VILLAGES}?within={FIRST}",
        f"{VILLAGES}?format=pdf",
    ],
)
def test_address_that_means_nothing_is_404(eventful: World, path: str) -> None:
    assert status(eventful, path, Role.COUNTY_OFFICE) == 404


def test_month_without_figures_says_so(world: World) -> None:
    assert "还没有数据" in page(world, "/rankings/2024-01/village/")


def test_within_a_township_ranks_are_its_own(eventful: World) -> None:
    rows = page(eventful, f"{VILLAGES}?within={TOWNSHIP}")
    assert NAME.findall(rows) == ["西河村", "东山村"]
    assert "罗坪乡" in rows


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT])
def test_all_staff_see_every_village_of_the_county(eventful: World, role: str) -> None:
    assert NAME.findall(page(eventful, VILLAGES, role)) == ["西河村", "东山村", "南坪村"]


def test_cadre_opens_his_own_village_and_no_other(eventful: World) -> None:
    rows = page(eventful, VILLAGES, Role.CADRE)
    assert f'href="/why/{MONTH}/{VILLAGE}/"' in rows
    assert f'href="/rankings/{MONTH}/group/?within={VILLAGE}"' in rows
    for code in (SISTER, STRANGE):
        assert f"/why/{MONTH}/{code}/" not in rows
        assert f"within={code}" not in rows


def test_groups_are_ranked_inside_the_own_village(eventful: World) -> None:
    assert NAME.findall(page(eventful, GROUPS, Role.CADRE)) == ["第2组", "第1组"]
    assert status(eventful, f"{GROUPS}?within={SISTER}", Role.CADRE) == 404


def test_leader_sees_his_group_with_its_place_in_the_village(eventful: World) -> None:
    rows = page(eventful, GROUPS, Role.GROUP_LEADER)
    assert NAME.findall(rows) == ["第1组"]
    assert '<td class="num rank">2</td>' in rows


def test_township_sees_its_groups_only(eventful: World) -> None:
    rows = page(eventful, f"{GROUPS}?within={COUNTY}", Role.TOWNSHIP)
    assert [f"/why/{MONTH}/{code}/" in rows for code in (FIRST, SECOND, f"{SISTER}01", f"{STRANGE}01")] == [
        True,
        True,
        True,
        False,
    ]


def test_department_sees_groups_of_linked_villages_only(eventful: World) -> None:
    rows = page(eventful, f"{GROUPS}?within={COUNTY}", Role.DEPARTMENT)
    assert f"/why/{MONTH}/{FIRST}/" in rows
    assert f"{STRANGE}01" not in rows


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_roles_without_the_right_are_turned_away(eventful: World, role: str) -> None:
    assert status(eventful, VILLAGES, role) == 403


def test_another_county_is_not_there(eventful: World) -> None:
    other_county(eventful)
    assert "外县" not in page(eventful, VILLAGES)
    assert "外县" not in page(eventful, f"/rankings/{MONTH}/county/")
    assert status(eventful, f"{VILLAGES}?within=430727", Role.COUNTY_OFFICE) == 404


def test_county_office_of_another_county_sees_its_own(eventful: World) -> None:
    stranger = other_county(eventful)
    rows = eventful.client(stranger).get(f"/rankings/{MONTH}/county/").content.decode()
    assert NAME.findall(rows) == ["外县"]
    assert "石门县" not in rows


def other_county(world: World) -> object:
    """A second county with one empty village, rolled up in the same month, and its office."""
    rows = "code,name\n430727,外县\n430727101,外县镇\n430727101201,外县村\n"
    report = import_divisions(name="other.csv", data=rows.encode())
    assert report.written, report.errors
    county = Division.objects.get(code="430727")
    roll_up(MONTH, full=True)
    return create_user(
        username="other",
        display_name="外人",
        role=Role.COUNTY_OFFICE,
        place=county,
        password=PASSWORD,
        by=None,
        is_demo=True,
    )


def test_queries_do_not_grow_with_rows(eventful: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    client.get(VILLAGES)
    for within, names in ((STRANGE[:9], 1), (COUNTY, 3)):
        with django_assert_num_queries(8):
            rows = client.get(f"{VILLAGES}?within={within}").content.decode()
        assert len(NAME.findall(rows)) == names


def test_month_picker_and_levels_keep_the_place(eventful: World) -> None:
    rows = page(eventful, f"{VILLAGES}?within={TOWNSHIP}")
    assert f'href="/rankings/2024-04/village/?within={TOWNSHIP}"' in rows
    assert f'href="/rankings/{MONTH}/group/?within={TOWNSHIP}"' in rows
    assert f'href="/rankings/{MONTH}/township/"' in rows


def test_no_household_is_named(eventful: World) -> None:
    for level in ("group", "village", "township", "county"):
        rows = page(eventful, f"/rankings/{MONTH}/{level}/")
        assert not any(household.head_name in rows for household in eventful.households)


def test_state_of_a_village_without_a_sheet_is_open(eventful: World) -> None:
    assert not Sheet.objects.filter(village=STRANGE, period=MONTH).exists()
    assert "录入中" in page(eventful, f"{VILLAGES}?q=南坪")


def row(code: str, rank: int | None, previous: int | None = None) -> BoardRow:
    return BoardRow(code, f"村{code}", 2, "1.0000", 200, "100.00", 2, rank, previous)


def test_arranging_never_puts_an_unranked_line_before_a_ranked_one() -> None:
    rows = [row("a", None), row("b", 2), row("c", 1, 9)]
    assert [each.code for each in arranged(rows, sort="code")] == ["b", "c", "a"]
    assert [each.code for each in arranged(rows, sort="change")] == ["c", "b", "a"]


def test_archived_ranks_inside_a_township_are_counted_anew() -> None:
    archived = [
        {"code": f"4307262012{n:02}", "name": "", "rank": rank, "previous_rank": before}
        | {"households": 1, "coverage": "1.0000", "total": 1, "result": "1.00", "six_zero_households": 1}
        for n, rank, before in ((1, 3, 9), (2, 3, None), (3, 7, 2), (4, None, 4))
    ]
    assert [(each.rank, each.previous_rank) for each in archived_rows(archived, TOWNSHIP)] == [
        (1, 3),
        (1, None),
        (3, 1),
        (None, 2),
    ]


def test_reader_finds_the_own_village_at_once(eventful: World) -> None:
    rows = page(eventful, VILLAGES, Role.CADRE)
    own = rows.partition('<p class="own-place">')[2].partition("</p>")[0]
    assert "东山村" in own
    assert f'href="#{VILLAGE}"' in own
    assert f'class="own-row" id="{VILLAGE}"' in rows
    assert rows.count("own-row") == 1


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICE, Role.DEPARTMENT, Role.TOWNSHIP])
def test_reader_without_a_village_has_none_marked(eventful: World, role: str) -> None:
    assert "own-row" not in page(eventful, VILLAGES, role)


def test_frozen_county_says_that_it_is_frozen(eventful: World) -> None:
    eventful.declare(eventful.strange)
    eventful.freeze()
    rows = page(eventful, f"/rankings/{MONTH}/county/", Role.COUNTY_OFFICE)
    assert "已锁定" in rows
    assert f'href="/rankings/{MONTH}/county/kept/1/?within={COUNTY}"' in rows
    assert "还没有锁定" not in rows
