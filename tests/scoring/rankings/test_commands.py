"""clauses, rankings and department_rankings: columns, order, formats, and nothing else on stdout."""

import csv
import io
import json
import sys
from collections.abc import Callable

import pytest
from django.core.management import call_command

from households.models import Division, Linkage
from scoring.models import Clause, Period
from tests.scoring.facts import record, rolled_up
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
Ask = Callable[..., str]
COLUMNS = [
    *("code", "name", "households", "coverage", "total", "result"),
    *("six_zero_households", "rank", "previous_rank"),
]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command that must succeed; what it printed."""

    def ask(*words: str) -> str:
        call_command(*words, stdout=sys.stdout, stderr=sys.stderr)
        told = capsys.readouterr()
        assert told.err == ""
        return told.out

    return ask


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def month(world: World) -> World:
    world.frozen_month("2024-04")
    record((f"{VILLAGE}010001", "WR02"), (f"{VILLAGE}010002", "SG03"))
    world.declare(world.village, world.sister)
    rolled_up()
    return world


def test_rankings_have_the_agreed_columns_in_order(month: World, ask: Ask) -> None:
    assert ask("rankings", MONTH, "village").splitlines()[0].split(",") == COLUMNS


def test_rankings_as_csv(month: World, ask: Ask) -> None:
    assert ask("rankings", MONTH, "village").replace("\r", "").splitlines()[1:] == [
        f"{SISTER},西河村,2,1.0000,200,100.00,2,1,1",
        f"{VILLAGE},东山村,8,1.0000,793,99.13,6,2,1",
        f"{STRANGE},南坪村,0,0.0000,0,,0,,1",
    ]


def test_rankings_as_json(month: World, ask: Ask) -> None:
    lines = json.loads(ask("rankings", MONTH, "township", "--format", "json"))
    assert [list(line) for line in lines] == [COLUMNS, COLUMNS]
    assert lines[0] == dict(zip(COLUMNS, [TOWNSHIP, "罗坪乡", 10, "1.0000", 993, "99.30", 8, 1, 1], strict=True))
    assert lines[1] == dict(zip(COLUMNS, [OTHER_TOWNSHIP, "壶瓶乡", 0, "0.0000", 0, "", 0, None, 1], strict=True))


@pytest.mark.parametrize(("level", "number"), [("group", 4), ("village", 3), ("township", 2), ("county", 1)])
def test_rankings_list_every_place_of_the_level(month: World, ask: Ask, level: str, number: int) -> None:
    assert len(rows(ask("rankings", MONTH, level))) == number


@pytest.mark.parametrize("place", [TOWNSHIP, f"{TOWNSHIP}000"])
def test_rankings_within_a_place(month: World, ask: Ask, place: str) -> None:
    found = rows(ask("rankings", MONTH, "village", "--within", place))
    assert [(line["code"], line["rank"]) for line in found] == [(SISTER, "1"), (VILLAGE, "2")]


def test_rankings_of_a_month_never_rolled_up_show_silent_places(world: World, ask: Ask) -> None:
    found = rows(ask("rankings", "2024-03", "village"))
    assert {(line["coverage"], line["rank"], line["households"]) for line in found} == {("0.0000", "", "0")}
    assert not Period.objects.filter(month="2024-03").exists()


def test_rankings_cut_coverage_and_round_results_half_up(month: World, ask: Ask) -> None:
    [county] = rows(ask("rankings", MONTH, "county"))
    assert (county["coverage"], county["result"], county["rank"]) == ("0.8333", "99.30", "")


def test_name_that_looks_like_a_formula_is_disarmed(month: World, ask: Ask) -> None:
    Division.objects.filter(code=SISTER).update(name="=1+1")
    assert rows(ask("rankings", MONTH, "village"))[0]["name"] == "'=1+1"
    assert json.loads(ask("rankings", MONTH, "village", "--format", "json"))[0]["name"] == "=1+1"


def test_department_rankings_as_csv(month: World, ask: Ask) -> None:
    Linkage.objects.filter(department="SLJ").update(division=SISTER)
    call_command("roll_up", MONTH, "--full", stdout=io.StringIO())
    assert ask("department_rankings", MONTH).replace("\r", "").splitlines() == [
        "code,name,households,total,result,rank",
        "SLJ,水利局,2,200,100.00,1",
        "LYJ,林业局,18,1786,99.22,2",
    ]


def test_department_rankings_as_json_say_null_for_no_rank(month: World, ask: Ask) -> None:
    lines = json.loads(ask("department_rankings", MONTH, "--format", "json"))
    assert [list(line) for line in lines] == [["code", "name", "households", "total", "result", "rank"]] * 2
    assert [(line["code"], line["rank"], line["result"]) for line in lines] == [("LYJ", 1, "99.22"), ("SLJ", None, "")]


def test_clauses_as_csv(world: World, ask: Ask) -> None:
    text = ask("clauses", MONTH)
    assert text.splitlines()[0] == ("code,indicator,share,kind,points,subject,document_required,second_person,recorder")
    assert "WR07,pollution,20,deduct,20,household,true,true,department" in text.replace("\r", "").splitlines()
    assert len(rows(text)) == Clause.objects.filter(scheme__periods=MONTH).count()


def test_clauses_as_json_keep_true_and_false(world: World, ask: Ask) -> None:
    [clause] = [c for c in json.loads(ask("clauses", MONTH, "--format", "json")) if c["code"] == "WR07"]
    assert (clause["document_required"], clause["points"], clause["subject"]) == (True, 20, "household")


def test_clauses_follow_the_scheme_of_the_month(world: World, ask: Ask) -> None:
    indicators = {month: {line["indicator"] for line in rows(ask("clauses", month))} for month in ("2022-06", MONTH)}
    assert indicators["2022-06"] ^ indicators[MONTH] == {"epidemic", "discipline"}
    assert not Period.objects.filter(month="2022-06").exists()


def test_screen_of_the_county_is_the_export(month: World, ask: Ask) -> None:
    """What the command prints is what the API answers."""
    from households.roles import Role

    answer = month.client(Role.COUNTY_OFFICE).get(f"/api/v1/rankings/{MONTH}/village/?within={COUNTY}")
    printed = json.loads(ask("rankings", MONTH, "village", "--format", "json"))
    assert [{key: line[key] for key in COLUMNS} for line in answer.json()] == printed
