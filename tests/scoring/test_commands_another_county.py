"""Another county, from its files to its rankings, by the operator's commands alone; every printed figure by the oracle."""

import csv
import io
import random
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from households.codes import Level
from scoring.models import Clause, HouseholdScore
from scoring.months.months import scheme_of
from tests.scoring import oracle

pytestmark = pytest.mark.django_db
MONTH, LAST_DAY, DOCUMENT = "2024-05", date(2024, 5, 31), "永政〔2024〕3号"
LEVELS = (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


def a_county(seed: int) -> dict:
    """Two counties as the oracle sees them, every third village silent, with a month of whatever the scheme offers."""
    rng = random.Random(seed)
    counties = ["431121", "431122"]
    townships = [f"{county}{n}00" for county in counties for n in (1, 2)]
    villages = [f"{township}{n:03d}" for township in townships for n in range(201, 204)]
    groups = [f"{village}{n:02d}" for village in villages for n in range(1, rng.randint(2, 4))]
    households = [f"{group}{n:04d}" for group in groups for n in range(1, rng.randint(2, 6))]
    places = counties + townships + villages + groups
    clauses = list(Clause.objects.filter(scheme=scheme_of(MONTH)).select_related("indicator"))
    return {
        "month": MONTH,
        "last_day": LAST_DAY,
        "shares": [i.share for i in scheme_of(MONTH).indicators.order_by("position")],
        "divisions": [{"code": code, "valid_from": None, "valid_to": None} for code in places],
        "households": [{"code": code, "valid_from": None, "valid_to": None} for code in households],
        "events": [event(rng, clauses, places, households) for _ in range(90)],
        "declared": {v: [h for h in households if h.startswith(v)] for n, v in enumerate(villages) if n % 3},
        "linkages": [link(rng, number, place) for number in range(6) for place in rng.sample(places, 3)],
    }


def event(rng: random.Random, clauses: list[Clause], places: list[str], households: list[str]) -> dict:
    clause = rng.choice(clauses)
    code = rng.choice(households[:9] + households if clause.subject == "household" else places)
    return {
        "code": code if clause.subject != "both" else rng.choice([code, rng.choice(households)]),
        "clause": clause.code,
        "indicator": clause.indicator.position,
        "kind": clause.kind,
        "points": clause.points,
        "confirmed": True,
        "withdrawn": False,
    }


def link(rng: random.Random, number: int, place: str) -> dict:
    months = rng.choice([("2024-01", ""), ("2024-05", "2024-05"), ("2024-06", ""), ("2023-01", "2024-04")])
    department = {"department": f"BM{number}", "division": place, "weight": rng.randint(1, 4)}
    return department | dict(zip(("from_month", "to_month"), months, strict=True))


def files(world: dict) -> dict[str, str]:
    """The world as the county office would send it, by command."""
    divisions = [d["code"] for d in world["divisions"] if len(d["code"]) <= 12]
    return {
        "import_divisions": lines("code,name", ((code.ljust(12, "0"), f"地{code}") for code in divisions)),
        "import_households": lines(
            "division_code,group,household_no,head_name,phone,address",
            ((c["code"][:12], c["code"][12:14], c["code"][14:], "张三", "", "") for c in world["households"]),
        ),
        "import_departments": lines("code,name", ((f"BM{number}", f"部门{number}") for number in range(6))),
        "import_linkages": lines(
            "department_code,division_code,weight,from_month,to_month", (x.values() for x in world["linkages"])
        ),
        "import_events": lines(
            "household_code|division_code,date,clause_code,document_no,note",
            (
                (e["code"], f"{MONTH}-{1 + n % 28:02d}", e["clause"], DOCUMENT, "")
                for n, e in enumerate(world["events"])
            ),
        ),
    }


def lines(head: str, rows: object) -> str:
    return "\n".join([head, *(",".join(map(str, row)) for row in rows), ""])


@pytest.fixture(params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> dict:
    """A county imported, declared and rolled up."""
    world = a_county(request.param)
    for command, text in files(world).items():
        path = tmp_path / f"{command}.csv"
        path.write_text(text, encoding="utf-8")
        meant = ["--again"] if command == "import_events" else []
        call_command(command, str(path), *meant, stdout=io.StringIO())
    call_command("declare", MONTH, "--village", *world["declared"], stdout=io.StringIO())
    call_command("roll_up", MONTH, stdout=io.StringIO())
    return world


def printed(*words: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def text(value: object) -> str:
    return "" if value is None else str(value)


def test_every_household_score_is_the_oracles(world: dict) -> None:
    found = dict(HouseholdScore.objects.values_list("code", "score"))
    assert found == {code: score["score"] for code, score in oracle.household_scores(world).items()}


@pytest.mark.parametrize("level", LEVELS)
def test_every_printed_line_is_the_oracles(world: dict, level: Level) -> None:
    lines_, ranks = oracle.division_lines(world), oracle.division_ranks(world, level.code_length)
    found = printed("rankings", MONTH, level)
    assert {line["code"] for line in found} == set(ranks)
    for line in found:
        expected = lines_[line["code"]]
        assert line["households"] == str(expected["households"])
        assert line["total"] == str(expected["total"])
        assert line["six_zero_households"] == str(expected["six_zero"])
        assert line["coverage"] == oracle.coverage(expected)
        assert line["result"] == oracle.shown(expected)
        assert line["rank"] == text(ranks[line["code"]])


def test_every_printed_department_is_the_oracles(world: dict) -> None:
    lines_, ranks = oracle.department_lines(world), oracle.department_ranks(world)
    found = printed("department_rankings", MONTH)
    assert {line["code"] for line in found} == set(lines_)
    for line in found:
        expected = lines_[line["code"]]
        assert (line["households"], line["total"]) == (str(expected["households"]), str(expected["total"]))
        assert (line["result"], line["rank"]) == (oracle.shown(expected), text(ranks[line["code"]]))


def test_verification_agrees(world: dict) -> None:
    call_command("verify", "--month", MONTH, stdout=io.StringIO())
