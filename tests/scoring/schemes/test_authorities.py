"""Which department a clause belongs to."""

from pathlib import Path
from tomllib import load

import pytest

from households.roles import Role
from scoring.models import ScoreEvent
from scoring.schemes.authorities import authorities_of, belongs_to
from tests.scoring.points.asking import add, asker
from tests.world import VILLAGE, World

FIRST = f"{VILLAGE}010001"
LAND, POLICE, FORESTS = "县自然资源局", "县公安局", "县林业局"
SHIPPED = sorted(Path("scoring/schemes").glob("*.toml"))


def clauses(file: Path) -> list[dict[str, str]]:
    with file.open("rb") as opened:
        indicators = load(opened)["indicator"]
    return [clause for each in indicators for clause in each["clause"] if clause["recorder"] == "department"]


def departments() -> list[str]:
    return [line.split(",")[1] for line in Path("scoring/demo/departments.csv").read_text().splitlines()[1:]]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_clause_of_departments_is_some_departments_and_not_everybodys(file: Path) -> None:
    for clause in clauses(file):
        assert authorities_of(clause["text"], clause["basis"]), clause["code"]
        owners = [name for name in departments() if belongs_to(name, clause["text"], clause["basis"])]
        assert 1 <= len(owners) <= 7, clause["code"]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("酒后驾驶机动车，有交警处罚决定", {POLICE}),
        ("参与赌博，有公安机关处罚决定", {POLICE}),
        ("乱占耕地建房，有自然资源部门处理决定", {LAND}),
        ("收到责令改正违法建设的决定，期满不改正", {LAND, FORESTS}),
        ("引起森林火灾，责任认定已生效", {FORESTS}),
        ("家庭成员受到党纪政务处分，以纪委监委通报为准", set()),
        ("发放传单，有处理决定", {LAND, POLICE, FORESTS}),
    ],
)
def test_clause_belongs_to_whom_its_words_name(text: str, owners: set[str]) -> None:
    assert {name for name in (LAND, POLICE, FORESTS) if belongs_to(name, text, "处理决定书")} == owners


def test_department_is_offered_its_own_clauses_alone(world: World) -> None:
    data = asker(world, Role.DEPARTMENT).read()  # 林业局
    offered = {c["code"]: c["may_record"] for zero in data["scheme"]["indicators"] for c in zero["clauses"]}
    assert offered["WJ07"] and offered["SG10"]
    assert not offered["WR07"] and not offered["JL07"] and not offered["WJ06"]


def test_clause_of_another_department_is_refused_at_the_door(world: World) -> None:
    result = asker(world, Role.DEPARTMENT).result(add(FIRST, "WR07", document_no="环罚〔2024〕1号"))
    assert (result["status"], result["code"]) == ("refused", "recorder")
    assert "不归林业局认定" in result["reason"]
    assert not ScoreEvent.objects.exists()


def test_county_office_still_records_for_every_department(world: World) -> None:
    asker(world, Role.COUNTY_OFFICE).record(FIRST, "WR07", document_no="环罚〔2024〕1号")
    assert ScoreEvent.objects.get().clause.code == "WR07"
