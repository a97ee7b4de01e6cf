"""The page of a village's month as the server sends it: whose sheet, which way, what it holds."""

import re

import pytest
from django.utils import timezone

from households.months import month_of
from households.roles import Role
from tests.answers import whole
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

FIRST = f"{VILLAGE}010001"


def page(world: World, role: str, query: str = "", month: str = MONTH) -> str:
    response = world.client(role).get(f"/village/sheet/{month}/{query}")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize(
    ("role", "whose"),
    [(Role.CADRE, "东山村"), (Role.GROUP_LEADER, "东山村第1组"), (Role.SUPERVISOR, "东山村")],
)
def test_people_of_the_village_come_straight_to_its_sheet(world: World, role: str, whose: str) -> None:
    html = page(world, role)
    assert f"<h1>{whose}台账</h1>" in html
    assert f'data-sheet-url="/api/v1/sheets/{MONTH}/{VILLAGE}/"' in html
    assert "换一个村" not in html


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE, Role.PETITION_OFFICE])
def test_people_of_several_villages_choose_one(world: World, role: str) -> None:
    html = page(world, role)
    assert "选一个村" in html
    assert f"?village={VILLAGE}" in html
    assert f"?village={SISTER}" in html
    assert "东山村台账" in page(world, role, f"?village={VILLAGE}")


def test_choice_shows_states_and_own_villages_only(world: World) -> None:
    world.declare(world.village)
    html = page(world, Role.TOWNSHIP)
    assert re.search(r"东山村</span>\s*<span class=.state state-declared.>已申报", html)
    assert re.search(r"西河村</span>\s*<span class=.state state-open.>录入中", html)
    assert "南坪村" not in html


def test_department_with_one_village_comes_straight_to_it(world: World) -> None:
    html = world.client(world.stranger(Role.DEPARTMENT)).get(f"/village/sheet/{MONTH}/").content.decode()
    assert "南坪村台账" in html


def test_department_without_villages_is_told_whom_to_ask(world: World) -> None:
    world.user(Role.DEPARTMENT).department.linkages.update(to_month="2024-01")
    assert "您的部门本月没有联系村，请联系县六零办。" in page(world, Role.DEPARTMENT)


def test_way_back_and_other_months_keep_the_village(world: World) -> None:
    html = page(world, Role.TOWNSHIP, f"?village={VILLAGE}")
    assert "换一个村" in html
    assert f"/village/sheet/2024-04/?village={VILLAGE}" in html


def test_scanned_household_is_handed_to_the_page(world: World) -> None:
    assert f'data-household="{FIRST}"' in page(world, Role.CADRE, f"?household={FIRST}")
    assert "东山村台账" in page(world, Role.TOWNSHIP, f"?household={FIRST}")


@pytest.mark.parametrize(
    "query",
    [
        f"?village={SISTER}",
        f"?village={STRANGE}",
        f"?village={VILLAGE}01",
        "?village=430726201",
        "?village=%00",
        f"?household={STRANGE}010001",
        f"?household={VILLAGE}019999",
        f"?household={VILLAGE}01000%00",
        "?household=张三丰",
    ],
)
def test_what_is_not_mine_is_not_found(world: World, query: str) -> None:
    answer = world.client(Role.CADRE).get(f"/village/sheet/{MONTH}/{query}")
    assert answer.status_code == 404
    assert "台账</h1>" not in whole(answer) and "data-sheet-url" not in whole(answer)


@pytest.mark.parametrize(
    ("month", "status", "words"), [("2024-13", 400, "月份在 01 到 12 之间"), ("2099-01", 422, "还没有到")]
)
def test_month_that_cannot_be_opened_says_why(world: World, month: str, status: int, words: str) -> None:
    response = world.client(Role.CADRE).get(f"/village/sheet/{month}/")
    assert response.status_code == status
    assert words in response.content.decode()


def test_this_month_is_there_before_anybody_has_opened_it(world: World) -> None:
    assert "东山村台账" in page(world, Role.CADRE, month=month_of(timezone.localdate()))


def test_page_holds_no_name_and_no_inline_script(world: World) -> None:
    html = page(world, Role.CADRE)
    assert "张三丰" not in html
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=", html) == []


def test_page_without_scripts_says_so(world: World) -> None:
    assert re.search(r"<noscript>.*JavaScript.*</noscript>", page(world, Role.CADRE), re.DOTALL)


def test_page_and_data_are_fetched_side_by_side(world: World) -> None:
    html = page(world, Role.CADRE)
    assert f'<link rel="preload" href="/api/v1/sheets/{MONTH}/{VILLAGE}/" as="fetch" crossorigin="anonymous">' in html
    at_once, later = (
        html.split('<template id="later">')[0] + html.split("</template>")[1],
        html.split('<template id="later">')[1],
    )
    scripts = r'src="/static/(?:js|vendor)/([^"]*?)\.[0-9a-f]{12}\.js"'
    assert re.findall(scripts, at_once) == ["idb/umd", "scoring/sheets/sheet"]
    assert {"htmx/htmx.min", "page", "stay"} <= set(re.findall(scripts, later.split("</template>")[0]))
