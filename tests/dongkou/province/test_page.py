"""The province's rankings: to everybody once all have frozen the month, to staff before that, and only on a node."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from dongkou.province.house import checked
from dongkou.province.summing import sum_up
from households.roles import Role
from households.sql import run
from scoring.models import DivisionScore
from tests.dongkou.province.node import PROVINCE
from tests.world import COUNTY, MONTH, World

pytestmark = pytest.mark.django_db
ADDRESS = f"/province/{MONTH}/"


@pytest.fixture
def node(world: World, settings: Any) -> World:
    """The county's own database as if it were the province's: the lines are there, wherever they came from."""
    from dongkou.province.receiving import prepare

    world.frozen_month()
    settings.PROVINCE, settings.PROVINCE_NAME = PROVINCE, "湖南省"
    run("SET CONSTRAINTS ALL IMMEDIATE")
    settings.DATABASE_ROLES = settings.DATABASE_ROLES | {"owner": settings.DATABASES["default"]}
    from tests.acting import administrator

    with administrator():
        prepare()
    sum_up()
    return world


def text(client: Client, address: str = ADDRESS) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_reads_what_all_have_frozen(node: World) -> None:
    page = text(Client(), "/province/")
    assert "湖南省2024年5月各县排名" in page and "石门县" in page and "已锁定" in page and "林业局" in page
    assert "数据</th>" not in page
    csv = Client().get(f"{ADDRESS}?format=csv").content.decode("utf-8-sig").splitlines()
    line = DivisionScore.objects.get(month=MONTH, code=COUNTY)
    assert csv[1].split(",")[:3] == [COUNTY, "石门县", str(line.households)]


def test_what_somebody_has_not_frozen_is_for_staff(node: World) -> None:
    run("DELETE FROM dongkou_closedmonth")
    assert "还没有各县都锁定的月份" in text(Client(), "/province/")
    assert Client().get(ADDRESS).status_code == 404
    page = text(node.client(Role.COUNTY_OFFICE))
    assert "没有锁定" in page and "没有接收" in page


def test_programs_read_the_same(node: World) -> None:
    answer = Client().get(f"/api/v1/province/{MONTH}/").json()
    assert (answer["closed"], answer["province"]["name"], answer["province"]["households"]) == (True, "湖南省", 12)
    assert [(one["code"], one["rank"], one["closed"]) for one in answer["counties"]] == [(COUNTY, 1, 1)]
    assert {one["county"] for one in answer["departments"]} == {COUNTY}
    run("DELETE FROM dongkou_closedmonth")
    assert Client().get(f"/api/v1/province/{MONTH}/").json()["code"] == "not_found"


def test_a_county_has_no_such_page(world: World) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    assert [client.get("/province/").status_code for client in (Client(), office)] == [404, 404]
    assert "/province/" not in office.get("/").content.decode()


def test_lines_that_do_not_add_up_are_found(node: World) -> None:
    assert [one.holds for one in checked(None)] == [True]
    run("UPDATE scoring_divisionscore SET total = total + 1 WHERE length(code) = 6")
    assert [one.holds for one in checked(MONTH)] == [False]
    sum_up()  # the province follows its county; the county no longer fits its townships
    assert [(one.holds, COUNTY in one.sentence) for one in checked(MONTH)] == [(False, True)]


def test_commands_print_data_and_nothing_else(node: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("province", "ranking", MONTH)
    assert capsys.readouterr().out.splitlines()[0].startswith("code,name,households")
    call_command("province", "ranking", MONTH, "province")
    assert capsys.readouterr().out.splitlines()[1].startswith("43,湖南省,12,1.0000")
    call_command("province", "departments", MONTH)
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{COUNTY},")
