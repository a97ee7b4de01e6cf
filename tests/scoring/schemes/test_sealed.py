"""Records of public security penalties are sealed since January 2026: nothing rests on them, whichever door it comes through."""

from dataclasses import replace
from datetime import date
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from households.models import User
from households.refusals import Refused
from households.roles import Role
from scoring.models import Clause, Period, Scheme, ScoreEvent
from scoring.restatements.actions import ask
from scoring.schemes import files
from scoring.schemes.protected_acts import sealed_record_in
from scoring.schemes.redlines import check_scheme
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.events_import import import_events
from scoring.sheets.reads import page_data, place_in_reach
from tests.world import VILLAGE, World

SHIPPED = {scheme.code: scheme for scheme in files.shipped()}
FIRST = f"{VILLAGE}010001"
SEALED, DOCUMENT = "FA04", "洞公罚〔2026〕3号"
REFUSED_IN_2026 = {
    "2022": ["FF01", "FF02", "FF03", "FF04", "FF05", "FA04", "FA05", "FA06", "FA07", "YQ04", "YQ05"],
    "2023": ["FF01", "FF02", "FF03", "FF04", "FF05", "FA04", "FA05", "FA06", "FA07", "FA13"],
    "2026": [],
}


@pytest.mark.parametrize("month", ["2026-01", "2026-12"])
@pytest.mark.parametrize("code", REFUSED_IN_2026)
def test_scheme_from_2026_is_refused_naming_exactly_the_sealed_clauses(code: str, month: str) -> None:
    problems = check_scheme(replace(SHIPPED[code], effective_from=month))
    assert [(problem.guard, problem.where) for problem in problems] == [
        ("sealed_record", where) for where in REFUSED_IN_2026[code]
    ]
    assert all("第一百三十六条" in problem.message for problem in problems)


@pytest.mark.parametrize("code", ["2022", "2023"])
def test_scheme_of_the_months_before_is_not_refused(code: str) -> None:
    assert check_scheme(replace(SHIPPED[code], effective_from="2025-12")) == []


@pytest.mark.parametrize(
    "text",
    [
        "参与赌博，有公安机关处罚决定",
        "被派出所处罚",
        "受到治安管理处罚",
        "被行政拘留",
        "打架斗殴，受到处罚",
        "有公 安 机关处罚决定",
    ],
)
def test_ways_to_ask_for_a_sealed_record_are_found(text: str) -> None:
    assert sealed_record_in(text, "")
    assert sealed_record_in("家里赌钱", text)


@pytest.mark.parametrize(
    "text",
    [
        "污染环境，有生态环境部门处罚决定",
        "到派出所登记租客",
        "见义勇为，经公安机关认定",
        "判决已生效",
        "在家里摆场子打牌赌钱，提醒后不停止",
    ],
)
def test_what_is_not_sealed_stays(text: str) -> None:
    assert not sealed_record_in(text, "")


# An installation that opened months of 2026 under the scheme of 2023


@pytest.fixture
def old_month(world: World) -> str:
    """October 2026, opened before the scheme of 2026 was there."""
    Period.objects.create(month="2026-10", scheme=Scheme.objects.get(code="2023"))
    return "2026-10"


def officer(world: World) -> User:
    return world.user(Role.COUNTY_OFFICE)


def test_entry_on_the_sheet_is_refused(world: World, old_month: str) -> None:
    raw = {"op_id": str(uuid4()), "type": "add", "household": FIRST, "clause": SEALED, "date": f"{old_month}-03"}
    [outcome] = apply_ops(
        month=old_month,
        village=world.village,
        raws=[raw | {"document_no": DOCUMENT, "note": ""}],
        base_version=None,
        by=officer(world),
    ).outcomes
    assert (outcome.status, outcome.code) == ("refused", "sealed_record")
    assert "依法封存" in outcome.reason
    assert not ScoreEvent.objects.exists()


def test_line_of_a_file_is_refused_and_nothing_written(world: World, old_month: str) -> None:
    lines = f"{FIRST},{old_month}-03,{SEALED},{DOCUMENT},\n{FIRST},{old_month}-03,WJ02,,\n"
    data = f"household_code|division_code,date,clause_code,document_no,note\n{lines}".encode()
    report = import_events(name="e.csv", data=data, today=date(2026, 11, 1))
    assert [(error.line, error.column) for error in report.errors] == [(2, "clause_code")]
    assert "依法封存" in report.errors[0].reason
    assert not ScoreEvent.objects.exists()


def test_correction_of_a_frozen_month_is_refused(world: World, old_month: str) -> None:
    world.frozen_month(old_month)
    raw = {"household": FIRST, "clause": SEALED, "document_no": DOCUMENT, "reason": "补记", "date": f"{old_month}-03"}
    with pytest.raises(Refused) as refused:
        ask(op_id=uuid4(), month=old_month, raw=raw, by=world.user(Role.TOWNSHIP))
    assert refused.value.code == "sealed_record"


def test_sheet_offers_no_sealed_clause(world: World, old_month: str) -> None:
    by = officer(world)
    data = page_data(month=old_month, place=place_in_reach(by, VILLAGE), by=by)
    clauses = {clause["code"]: clause for zero in data["scheme"]["indicators"] for clause in zero["clauses"]}
    assert not clauses[SEALED]["may_record"]
    assert clauses["WJ02"]["may_record"]


def test_month_of_2024_takes_the_clause_as_before(world: World) -> None:
    event = world.record(FIRST, SEALED, by=officer(world), document_no=DOCUMENT)
    assert event.document_no == DOCUMENT


# Shipping it


def test_scheme_of_2026_is_in_force_from_january() -> None:
    assert SHIPPED["2026"].effective_from == "2026-01"
    assert len({clause.code for clause in SHIPPED["2026"].clauses} & set(REFUSED_IN_2026["2023"])) == 0


@pytest.mark.django_db
def test_county_with_a_scheme_of_its_own_keeps_it() -> None:
    ship = import_module("scoring.migrations.0007_ship_scheme_2026").publish
    before = list(Scheme.objects.values_list("code", "effective_from"))
    ship(apps, None)
    assert list(Scheme.objects.values_list("code", "effective_from")) == before
    assert Clause.objects.filter(scheme__code="2026").count() == len(list(SHIPPED["2026"].clauses))
