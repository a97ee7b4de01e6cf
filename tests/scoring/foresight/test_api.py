"""Asking what an entry would do: what is told to whom, what it costs, and that nothing is written."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.codes import Level
from households.imports.departments import import_departments
from households.kin.actions import declare_kin
from households.models import Operation
from households.roles import Role
from scoring.models import Period, ScoreEvent, Sheet
from scoring.rankings.rankings import department_ranking, ranking
from scoring.rollup.registers import import_linkages
from scoring.rollup.rollup import roll_up
from tests.scoring.earning import balance
from tests.scoring.points.asking import asker
from tests.world import COUNTY, MONTH, PASSWORD, SISTER, VILLAGE, World

PATH = f"/api/v1/sheets/{MONTH}/{VILLAGE}/impact/"
FIRST, GROUP = f"{VILLAGE}010001", f"{VILLAGE}01"


def impact(world: World, role: str, code: str = FIRST, clause: str = "WR04", village: str = VILLAGE) -> Any:
    place = "household" if len(code) == 18 else "division"
    path = f"/api/v1/sheets/{MONTH}/{village}/impact/"
    return world.client(role).post(path, {place: code, "clause": clause}, content_type="application/json")


def foreseen(world: World, role: str = Role.CADRE, code: str = FIRST, clause: str = "WR04") -> dict[str, tuple]:
    answer = impact(world, role, code, clause).json()
    return {e["level"]: (e["before"], e["after"], e["rank"], e["new_rank"]) for e in answer["effects"]}


def test_impact_of_an_entry_comes_true_through_the_doors(world: World) -> None:
    world.declare(world.sister, world.strange)
    roll_up(MONTH)
    told = foreseen(world)
    assert told["户"] == ("100", "90", None, None)
    assert told["组"] == ("100.00", "98.00", 1, 2)
    assert told["村"] == ("100.00", "98.75", 1, 3)
    asker(world, Role.CADRE).record(FIRST, "WR04")
    world.declare(world.village)
    roll_up(MONTH)
    village = next(one for one in ranking(MONTH, Level.VILLAGE, within=COUNTY) if one.code == VILLAGE)
    department = next(one for one in department_ranking(MONTH) if one.code == "LYJ")
    assert told["村"][1::2] == (village.shown_result, village.rank)
    assert told["县直部门"][1::2] == (department.shown_result, department.rank)


def test_impact_tells_the_points_that_freezing_gives(world: World) -> None:
    effects = impact(world, Role.CADRE).json()["effects"]
    points = {effect["level"]: effect["points"] for effect in effects}
    world.record(FIRST, "WR04")
    world.frozen_month()
    assert (points["户"], balance(FIRST)) == (-10, 0)
    assert (points["村"], balance(VILLAGE)) == (-1, 99)


def test_impact_stops_at_the_share_of_a_zero(world: World) -> None:
    for clause in ("WR04", "WR02"):
        world.record(FIRST, clause)
    assert foreseen(world)["户"][:2] == ("85", "80")


def test_impact_on_a_group_counts_each_of_its_households(world: World) -> None:
    told = foreseen(world, code=GROUP, clause="WR13")
    assert "户" not in told
    assert (told["组"][:2], told["村"][:2]) == (("100.00", "99.00"), ("100.00", "99.38"))


def test_impact_of_a_reminder_moves_nothing(world: World) -> None:
    assert all(before == after for before, after, *_ in foreseen(world, clause="WJ01").values())


def test_impact_of_what_needs_a_second_person_says_so(world: World) -> None:
    assert impact(world, Role.CADRE, clause="WJ04").json()["waits"] is True
    assert impact(world, Role.CADRE).json()["waits"] is False
    cadre = world.user(Role.CADRE)
    declare_kin(user=cadre, household=world.household, relation="kin", by=cadre)
    assert impact(world, Role.CADRE).json()["waits"] is True


def test_every_linked_department_moves_at_once(world: World) -> None:
    assert import_departments(name="d.csv", data="code,name\nJYJ,教育局\n".encode()).written
    link = f"department_code,division_code,weight,from_month,to_month\nJYJ,{VILLAGE},1,2023-01,\n"
    assert import_linkages(name="l.csv", data=link.encode()).written
    world.declare(world.sister, world.strange)
    roll_up(MONTH)
    effects = impact(world, Role.CADRE).json()["effects"]
    told = {
        effect["name"]: (effect["after"], effect["new_rank"]) for effect in effects if effect["level"] == "县直部门"
    }
    world.record(FIRST, "WR04")
    world.declare(world.village)
    roll_up(MONTH)
    stands = {line.name: (line.shown_result, line.rank) for line in department_ranking(MONTH)}
    assert told == {name: stands[name] for name in ("林业局", "教育局")}


@pytest.mark.parametrize(
    ("role", "code", "clause", "why"),
    [
        (Role.SUPERVISOR, FIRST, "WR04", "not_yours"),
        (Role.GROUP_LEADER, f"{VILLAGE}020001", "WR04", "not_yours"),
        (Role.CADRE, f"{SISTER}010001", "WR04", "place_elsewhere"),
        (Role.CADRE, f"{VILLAGE}019999", "WR04", "place_unknown"),
        (Role.CADRE, FIRST, "WJ05", "recorder"),
        (Role.CADRE, FIRST, "FF01", "recorder"),
        (Role.CADRE, FIRST, "NONE", "clause_unknown"),
        (Role.CADRE, GROUP, "WR04", "clause_subject"),
    ],
)
def test_impact_is_refused_as_the_entry_would_be(world: World, role: str, code: str, clause: str, why: str) -> None:
    answer = impact(world, role, code, clause)
    assert (answer.status_code, answer.json()["code"]) == (422, why)
    assert "effects" not in answer.json()


def test_impact_on_a_locked_sheet_is_refused(world: World) -> None:
    world.declare(world.village)
    assert impact(world, Role.CADRE).json()["code"] == "sheet_locked"


def test_asking_writes_nothing_and_tells_no_name(world: World) -> None:
    before = [model.objects.count() for model in (Sheet, Period, ScoreEvent, Operation)]
    answer = impact(world, Role.CADRE)
    assert [model.objects.count() for model in (Sheet, Period, ScoreEvent, Operation)] == before
    assert "张三丰" not in answer.content.decode()
    assert answer.json()["effects"][0]["name"] == "0001号户"


@pytest.mark.parametrize(("role", "most"), [(Role.CADRE, 9), (Role.TOWNSHIP, 9)])
def test_asking_takes_at_most_ten_queries_however_much_stands(world: World, role: str, most: int) -> None:
    clause = {Role.CADRE: "WR04", Role.TOWNSHIP: "WJ05"}[role]
    client = world.client(role)
    sent = {"household": FIRST, "clause": clause}
    client.post(PATH, sent, content_type="application/json")
    for household in world.households:
        world.record(household.code, "WR04")
    with CaptureQueriesContext(connection) as seen:
        assert client.post(PATH, sent, content_type="application/json").json()["effects"]
    assert len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]) <= most


def test_with_a_token_it_takes_at_most_ten_queries(world: World) -> None:
    sent = {"username": Role.CADRE, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    client = Client(headers={"authorization": f"Token {token}"})
    sent = {"household": FIRST, "clause": "WR04"}
    client.post(PATH, sent, content_type="application/json")
    with CaptureQueriesContext(connection) as seen:
        assert client.post(PATH, sent, content_type="application/json").json()["effects"]
    assert len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]) <= 10
