"""What people who are not signed in see of rankings, and what they never see."""

import hashlib
import json

import pytest
from django.urls import reverse

from households.roles import Role
from scoring.models import RankingSnapshot
from scoring.rankings.publication import PUBLIC_LEVELS, final, published_counties, published_months
from scoring.rankings.snapshots import keep
from scoring.rollup.rollup import roll_up
from tests.answers import whole
from tests.scoring.eventful_month import eventful_month
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, TOWNSHIP, World

VILLAGES = f"/rankings/{MONTH}/village/"
ARCHIVED = f"/rankings/{MONTH}/village/kept/1/?within={COUNTY}"


@pytest.fixture
def frozen(world: World) -> World:
    """东山村 and 西河村 frozen after a busy month; 南坪村 never declared."""
    eventful_month(world).freeze()
    return world


def read(world: World, path: str) -> str:
    response = world.client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def asks_to_sign_in(world: World, path: str) -> bool:
    response = world.client().get(path)
    return response.status_code == 302 and response["Location"].startswith("/accounts/sign-in/?next=/rankings/")


@pytest.mark.parametrize("level", ["group", "village", "township", "county"])
def test_month_that_is_not_frozen_asks_to_sign_in(world: World, level: str) -> None:
    eventful_month(world)
    assert asks_to_sign_in(world, f"/rankings/{MONTH}/{level}/")


@pytest.mark.parametrize("level", ["village", "township", "county"])
def test_frozen_month_is_open_to_everyone(frozen: World, level: str) -> None:
    page = read(frozen, f"/rankings/{MONTH}/{level}/")
    assert "2 个村由县里提前锁定，没有经过公示" in page
    assert "石门县" in page


def test_groups_are_never_public(frozen: World) -> None:
    assert RankingSnapshot.objects.filter(level="group").exists()
    assert asks_to_sign_in(frozen, f"/rankings/{MONTH}/group/")
    assert asks_to_sign_in(frozen, f"/rankings/{MONTH}/group/kept/1/?within={COUNTY}")
    assert "group" not in PUBLIC_LEVELS


def test_departments_are_not_public(frozen: World) -> None:
    assert asks_to_sign_in(frozen, f"/rankings/{MONTH}/department/kept/1/?within={COUNTY}")
    assert frozen.client().get(f"/departments/rankings/{MONTH}/").status_code == 302


def test_public_page_names_divisions_and_no_household(frozen: World) -> None:
    page = read(frozen, VILLAGES)
    assert "东山村" in page
    assert "97.50" in page
    assert not any(household.head_name in page or household.code in page for household in frozen.households)


def test_public_page_counts_no_exceptions_and_opens_no_figure(frozen: World) -> None:
    page = read(frozen, VILLAGES)
    assert "例外" not in page
    assert "/why/" not in page


def test_visitor_finds_one_village_among_all(frozen: World) -> None:
    page = read(frozen, f"{VILLAGES}?q=西河")
    assert "“西河”有 1 个，共 3 个村" in " ".join(page.split())
    assert reverse("public-projects", args=[SISTER]) in page and "东山村" not in page
    assert f"/rankings/{MONTH}/township/" in page and "q=" not in page.partition("下载 Excel")[0].rpartition("<a ")[2]
    assert "没有找到“东海村”" in read(frozen, f"{VILLAGES}?q=东海村")
    assert "东山村" in read(frozen, f"{ARCHIVED}&q=东山")


def test_village_that_never_declared_is_listed_without_a_rank(frozen: World) -> None:
    page = read(frozen, VILLAGES)
    assert page.index("东山村") < page.index("南坪村")
    assert "其中 1 个没有评齐" in page
    assert "未评" in page


def test_month_is_closed_while_a_village_is_under_way(world: World) -> None:
    eventful_month(world)
    world.approve(world.village)
    keep(MONTH, COUNTY, reason="部分锁定")
    assert final().count() == 0
    assert asks_to_sign_in(world, VILLAGES)
    assert asks_to_sign_in(world, ARCHIVED)


def test_late_declaration_takes_nothing_back(frozen: World) -> None:
    before = read(frozen, VILLAGES)
    frozen.declare(frozen.strange)
    roll_up(MONTH)
    assert read(frozen, VILLAGES) == before


def test_late_freezing_publishes_a_new_version_beside_the_old(frozen: World) -> None:
    before, page = read(frozen, f"{ARCHIVED}&format=json"), read(frozen, ARCHIVED)
    frozen.declare(frozen.strange)
    frozen.freeze()
    assert "第 2 版" in read(frozen, VILLAGES)
    assert read(frozen, f"{ARCHIVED}&format=json") == before
    now = read(frozen, ARCHIVED)
    assert now.partition("<tbody>")[2].partition("</tbody>")[0] == page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "已被第 2 版取代" in now and "已被" not in page
    assert "没有评齐" not in read(frozen, VILLAGES)


def test_archived_bytes_have_the_digest_they_show(frozen: World) -> None:
    body = frozen.client().get(f"{ARCHIVED}&format=json")
    digest = hashlib.sha256(body.content).hexdigest()
    assert digest == RankingSnapshot.objects.get(level="village").digest
    assert body["ETag"] == f'"{digest}"'
    assert digest in read(frozen, ARCHIVED)
    assert [line["name"] for line in json.loads(body.content)] == ["西河村", "东山村", "南坪村"]


def test_public_ranking_of_a_township_is_its_own(frozen: World) -> None:
    page = read(frozen, f"{VILLAGES}?within={TOWNSHIP}")
    assert "罗坪乡各村排名" in page
    assert "南坪村" not in page


@pytest.mark.parametrize("within", ["430727", "nonsense", f"{COUNTY}999", f"{TOWNSHIP}201010001"])
def test_public_place_that_means_nothing_asks_to_sign_in(frozen: World, within: str) -> None:
    assert asks_to_sign_in(frozen, f"{VILLAGES}?within={within}")


def test_public_files_hold_the_rows_of_the_page(frozen: World) -> None:
    lines = frozen.client().get(f"{VILLAGES}?format=csv").content.decode().splitlines()
    assert lines[0] == "\ufeff代码,名称,已评户数,覆盖率,总分,得分,六零户数,名次,上月名次"
    assert lines[1].startswith("430726201202,西河村,2,1.0000,200,100.00,2,1,")
    assert len(lines) == 4


def test_published_months_and_counties_are_the_final_ones(frozen: World) -> None:
    assert published_counties(MONTH) == [COUNTY]
    assert published_months(COUNTY) == [MONTH]
    assert published_months("430727") == []


def test_staff_without_the_right_read_like_the_public(frozen: World) -> None:
    client = frozen.client(Role.AUDITOR)
    assert "已经锁定的结果" in client.get(VILLAGES).content.decode()
    assert client.get(f"/rankings/{MONTH}/group/").status_code == 403


def test_staff_see_every_version_of_the_archived_ranking(frozen: World) -> None:
    frozen.declare(frozen.strange)
    frozen.freeze()
    page = frozen.client(Role.CADRE).get(ARCHIVED).content.decode()
    assert f"/rankings/{MONTH}/village/kept/2/?within={COUNTY}" in page
    assert "存档以后一个字也不改" in page


def test_archived_groups_are_narrowed_to_the_readers_own(frozen: World) -> None:
    path = f"/rankings/{MONTH}/group/kept/1/?within={COUNTY}&format=json"
    whole = frozen.client(Role.COUNTY_OFFICE).get(path)
    part = frozen.client(Role.CADRE).get(path)
    assert [len(json.loads(response.content)) for response in (whole, part)] == [4, 2]
    assert "ETag" in whole
    assert "ETag" not in part


@pytest.mark.parametrize(
    "path",
    [
        f"/rankings/{MONTH}/village/kept/9/?within={COUNTY}",
        f"/rankings/{MONTH}/village/kept/1/?within=430727",
        f"/rankings/{MONTH}/nonsense/kept/1/?within={COUNTY}",
        f"/rankings/2024-04/village/kept/1/?within={COUNTY}",
    ],
)
def test_archived_ranking_that_does_not_exist_is_404_for_staff(frozen: World, path: str) -> None:
    answer = frozen.client(Role.COUNTY_OFFICE).get(path)
    assert (answer.status_code, "97.50" in whole(answer)) == (404, False)


def test_stranger_of_another_township_sees_the_same_archived_ranking(frozen: World) -> None:
    client = frozen.client(frozen.stranger(Role.TOWNSHIP))
    assert frozen.stranger(Role.TOWNSHIP).division_id == OTHER_TOWNSHIP
    assert "东山村" in client.get(ARCHIVED).content.decode()
