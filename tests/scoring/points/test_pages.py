"""Accounts on the staff's screen, as a file and over HTTP: the same figures, inside one's own subtree only."""

import io
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from households.roles import Role
from scoring.ledger import door as ledger
from scoring.models import PointAdjustment
from scoring.points.views import COLUMNS
from tests.answers import whole
from tests.downloads import rows_of
from tests.scoring.points.points_by_hand import ask
from tests.world import COUNTY, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
ONE = f"{VILLAGE}010001"
HOME = ledger.household(ONE)
ACCOUNT, PLACE, LIST = 9, 11, 5  # queries of a page, once the session has been renewed


@pytest.fixture
def kept(world: World) -> World:
    """A frozen month; the first household has held, spent and been given back points."""
    world.frozen_once()
    ledger.hold(HOME, 3, key="test:1", text="预留一包盐")
    ledger.spend(HOME, key="test:1", text="领走一包盐")
    ledger.hold(HOME, 2, key="test:2", text="预留一块肥皂")
    return world


def page(world: World, role: str, name: str, code: str, **query: object) -> str:
    answer = world.client(role).get(reverse(name, args=[code]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def figures(text: str) -> list[int]:
    """Free, balance, held, pending, owed."""
    return [int(found) for found in re.findall(r"<div><strong>(\d+)</strong>", text)]


def test_household_shows_standing_and_every_movement_in_words(kept: World) -> None:
    text = page(kept, Role.CADRE, "points", ONE)
    assert figures(text) == [5, 7, 2, 0, 0]
    for words in ("2024年5月六项为零", "领走一包盐", "预留一块肥皂", "−3", "预留 2"):
        assert words in text
    assert "2026" in text


def test_lots_say_until_when(kept: World) -> None:
    assert "还剩 7" in (text := page(kept, Role.CADRE, "points", ONE))
    assert "12月31日到期" in text


@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.CADRE, "张三丰家"), (Role.GROUP_LEADER, "张三丰家"), (Role.TOWNSHIP, "张*家"), (Role.SUPERVISOR, "张*家")],
)
def test_head_is_named_to_those_who_know_him(kept: World, role: str, name: str) -> None:
    assert f"<h1>{name}的积分</h1>" in page(kept, role, "points", ONE)


def test_place_lists_what_lies_below(kept: World) -> None:
    assert "东山村" in page(kept, Role.TOWNSHIP, "points", TOWNSHIP)
    assert "第1组" in page(kept, Role.CADRE, "points", VILLAGE)
    group = page(kept, Role.CADRE, "points", f"{VILLAGE}01")
    assert "张三丰家" in group
    assert "李四光家" in group


def test_county_leads_to_departments(kept: World) -> None:
    text = page(kept, Role.COUNTY_OFFICE, "points", COUNTY)
    assert reverse("department-points", args=["LYJ"]) in text
    assert "罗坪乡" in text


def test_department_sees_itself(kept: World) -> None:
    assert figures(page(kept, Role.DEPARTMENT, "department-points", "LYJ"))[1] == 100
    answer = kept.client(Role.DEPARTMENT).get(reverse("department-points", args=["SLJ"]))
    assert (answer.status_code, "水利局" in whole(answer)) == (404, False)


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.SUPERVISOR])
def test_department_is_no_villages_business(kept: World, role: str) -> None:
    answer = kept.client(role).get(reverse("department-points", args=["LYJ"]))
    assert (answer.status_code, "林业局" in whole(answer)) == (404, False)


def test_department_of_another_county_is_not_found(kept: World) -> None:
    from households.models import Department

    Department.objects.create(code="WLD", name="外县部门")
    answer = kept.client(Role.COUNTY_OFFICE).get(reverse("department-points", args=["WLD"]))
    assert (answer.status_code, "外县部门" in whole(answer)) == (404, False)


@pytest.mark.parametrize("code", [STRANGE, f"{STRANGE}010001", "999999", "abc", COUNTY, "430726201201099999"])
def test_outside_the_subtree_nothing_is_found(kept: World, code: str) -> None:
    answer = kept.client(Role.CADRE).get(reverse("points", args=[code]))
    assert answer.status_code == 404
    assert not any(words in whole(answer) for words in ("南坪村", "郑南坪", "的积分"))


@pytest.mark.parametrize(
    ("role", "leads"),
    [
        (Role.CADRE, ("points", VILLAGE)),
        (Role.GROUP_LEADER, ("points", f"{VILLAGE}01")),
        (Role.COUNTY_OFFICE, ("points", COUNTY)),
        (Role.DEPARTMENT, ("department-points", "LYJ")),
    ],
)
def test_navigation_leads_to_ones_own_account(world: World, role: str, leads: tuple[str, str]) -> None:
    answer = world.client(role).get(reverse("points-home"))
    assert answer["Location"] == reverse(leads[0], args=[leads[1]])


def test_file_holds_the_rows_of_the_screen(kept: World) -> None:
    answer = kept.client(Role.CADRE).get(reverse("points", args=[ONE]), {"format": "csv"})
    rows = rows_of(answer, COLUMNS)
    assert [(row["text"], row["amount"], row["held"], row["balance"]) for row in rows] == [
        ("预留一块肥皂", "0", "2", "7"),
        ("领走一包盐", "-3", "-3", "7"),
        ("预留一包盐", "0", "3", "10"),
        ("2024年5月六项为零", "10", "0", "10"),
    ]


def test_workbook_holds_the_same_movements_as_numbers(kept: World) -> None:
    answer = kept.client(Role.CADRE).get(reverse("points", args=[ONE]), {"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("数据").to_python()
    assert sheet[0] == list(COLUMNS.values())
    assert [row[-1] for row in sheet[1:]] == [7, 7, 10, 10]
    assert kept.client(Role.CADRE).get(reverse("points", args=[ONE]), {"format": "pdf"}).status_code == 404


def test_file_cannot_run_as_a_formula(kept: World) -> None:
    ledger.spend_now(HOME, 1, key="test:9", text="=HYPERLINK(1)")
    assert "'=HYPERLINK" in page(kept, Role.CADRE, "points", ONE, format="csv")


def test_long_accounts_come_in_pages(kept: World) -> None:
    for number in range(60):
        ledger.adjust(HOME, 1, key=f"more:{number}", text=f"第{number}次补记")
    assert "第59次补记" in (first := page(kept, Role.CADRE, "points", ONE))
    assert "第3次补记" not in first
    assert "第3次补记" in page(kept, Role.CADRE, "points", ONE, page=2)
    assert page(kept, Role.CADRE, "points", ONE, format="csv").count("补记") == 60


@pytest.mark.parametrize("more", [0, 3])
def test_account_takes_as_many_queries_for_any_number_of_movements(
    kept: World, more: int, django_assert_num_queries: object
) -> None:
    for number in range(more):
        ledger.adjust(HOME, 1, key=f"more:{number}", text="补记")
    client = kept.client(Role.CADRE)
    client.get(reverse("points", args=[ONE]))
    with django_assert_num_queries(ACCOUNT):
        client.get(reverse("points", args=[ONE]))


@pytest.mark.parametrize("code", [VILLAGE, f"{VILLAGE}01", f"{VILLAGE}02"])
def test_place_takes_as_many_queries_for_any_number_below(
    kept: World, code: str, django_assert_num_queries: object
) -> None:
    client = kept.client(Role.CADRE)
    client.get(reverse("points", args=[code]))
    with django_assert_num_queries(PLACE):
        client.get(reverse("points", args=[code]))


def test_cadre_asks_and_township_grants_on_their_pages(kept: World) -> None:
    cadre = kept.client(Role.CADRE)
    sent = {"op_id": str(uuid4()), "points": "5", "reason": "防汛值守漏记"}
    answer = cadre.post(reverse("points-ask", args=[ONE]), sent, follow=True)
    assert "等另一位同志批准" in answer.content.decode()
    assert "防汛值守漏记" in page(kept, Role.CADRE, "points", ONE)
    asked = PointAdjustment.objects.get()
    township = kept.client(Role.TOWNSHIP)
    assert "防汛值守漏记" in township.get(reverse("point-adjustments")).content.decode()
    decided = {"op_id": str(uuid4()), "decision": "grant"}
    answer = township.post(reverse("point-adjustment-decide", args=[asked.pk]), decided, follow=True)
    assert "已批准，积分已经入账" in answer.content.decode()
    assert ledger.state_of(HOME).balance == 12


def test_refused_request_tells_the_cadre_why(kept: World) -> None:
    asked = ask(kept)
    township = kept.client(Role.TOWNSHIP)
    decided = {"op_id": str(uuid4()), "decision": "refuse", "answer": "没有记录"}
    township.post(reverse("point-adjustment-decide", args=[asked.pk]), decided)
    assert "没有记录" in page(kept, Role.CADRE, "points", ONE)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"points": "51", "reason": "x"}, "最多加减 50 积分"),
        ({"points": "x", "reason": "x"}, "请填整数，例如 12。"),
        ({"points": "5", "reason": ""}, "请填写这一项。"),
    ],
)
def test_refused_asking_shows_the_form_again(kept: World, sent: dict, words: str) -> None:
    answer = kept.client(Role.CADRE).post(reverse("points-ask", args=[ONE]), {"op_id": str(uuid4())} | sent)
    assert answer.status_code in (400, 422)
    assert words in answer.content.decode()
    assert not PointAdjustment.objects.exists()


def test_refused_deciding_shows_the_list_again(kept: World) -> None:
    asked = ask(kept)
    address = reverse("point-adjustment-decide", args=[asked.pk])
    township = kept.client(Role.TOWNSHIP)
    answer = township.post(address, {"op_id": str(uuid4()), "decision": "refuse"})
    assert "不批准要写明原因" in answer.content.decode()
    assert township.post(address, {"decision": "grant"}).status_code == 400
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_only_who_may_decide_sees_the_buttons(kept: World) -> None:
    ask(kept)
    shown = {
        role: 'value="grant"' in kept.client(role).get(reverse("point-adjustments")).content.decode()
        for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE)
    }
    assert shown == {Role.CADRE: False, Role.SUPERVISOR: False, Role.TOWNSHIP: True, Role.COUNTY_OFFICE: False}


def test_stranger_finds_no_adjustment(kept: World) -> None:
    asked = ask(kept)
    stranger = kept.client(kept.stranger(Role.TOWNSHIP))
    decided = {"op_id": str(uuid4()), "decision": "grant"}
    assert stranger.post(reverse("point-adjustment-decide", args=[asked.pk]), decided).status_code == 404
    assert "漏记" not in stranger.get(reverse("point-adjustments")).content.decode()


def test_interface_tells_what_the_page_tells(kept: World) -> None:
    answer = kept.client(Role.CADRE).get(reverse("api-account", args=[ONE])).json()
    assert {name: answer[name] for name in ("balance", "held", "pending", "free", "owed")} == {
        "balance": 7,
        "held": 2,
        "pending": 0,
        "free": 5,
        "owed": 0,
    }
    assert [entry["text"] for entry in answer["entries"]][-1] == "2024年5月六项为零"
    assert sum(entry["amount"] for entry in answer["entries"]) == answer["balance"]
    assert answer["lots"][0]["points"] == 7
    assert (answer["page"], answer["pages"], answer["count"]) == (1, 1, 4)


def test_interface_knows_departments(kept: World) -> None:
    answer = kept.client(Role.DEPARTMENT).get(reverse("api-account", args=["LYJ"])).json()
    assert (answer["name"], answer["balance"]) == ("林业局", 100)


@pytest.mark.parametrize("code", [STRANGE, f"{STRANGE}010001", "LYJ", "SLJ", "no-such"])
def test_interface_finds_nothing_outside_the_scope(kept: World, code: str) -> None:
    answer = kept.client(Role.CADRE).get(reverse("api-account", args=[code]))
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_interface_gives_pages(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.points.api.PER_PAGE", 3)
    answer = kept.client(Role.CADRE).get(reverse("api-account", args=[ONE]), {"page": 2}).json()
    assert (answer["page"], answer["pages"], len(answer["entries"])) == (2, 2, 1)


def test_household_without_points_has_a_page_too(world: World) -> None:
    assert figures(page(world, Role.CADRE, "points", ONE)) == [0, 0, 0, 0, 0]
    assert world.client(Role.CADRE).get(reverse("api-account", args=[ONE])).json()["entries"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_adjustments_takes_as_many_queries_for_any_number(
    kept: World, number: int, django_assert_num_queries: object
) -> None:
    for home in kept.households[:number]:
        ask(kept, ledger.household(home.code))
    client = kept.client(Role.TOWNSHIP)
    assert "东山村 第1组 张*家" in client.get(reverse("point-adjustments")).content.decode()
    with django_assert_num_queries(LIST):
        client.get(reverse("point-adjustments"))
