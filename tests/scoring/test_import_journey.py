"""Counties that nobody has seen before: five files in, by command, and five levels of figures out, held against the oracle."""

import csv
import io
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from households.codes import official
from households.models import Division
from scoring.models import Clause, Declaration
from scoring.months.months import open_month, sheet_of
from scoring.rollup import rollup
from scoring.sheets.actions.sheets import declare
from tests.scoring import oracle
from tests.scoring.small_counties import LAST_DAY, MONTH, expected, stored

pytestmark = pytest.mark.django_db
Row = list[Any]


def written(path: Path, header: str, rows: list[Row], encoding: str = "utf-8") -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header.split(","), *rows])
    path.write_bytes(buffer.getvalue().encode(encoding))
    return str(path)


class County:
    """An invented county and what happened there, as files and as the oracle's dicts."""

    def __init__(self, code: str, seed: int) -> None:
        self.code, self.rng = code, random.Random(seed)
        self.townships = [f"{code}{number:03d}" for number in (1, 101, 500)]
        self.villages = [f"{township}{number:03d}" for township in self.townships for number in (1, 201, 202)]
        self.households = [
            f"{village}{group:02d}{serial:04d}"
            for village in self.villages
            for group in range(1, self.rng.randint(2, 4))
            for serial in range(1, self.rng.randint(2, 7))
        ]
        self.departments = [f"{code[-2:]}{number:02d}" for number in range(1, 6)]
        self.silent = self.villages[-1]

    @property
    def groups(self) -> list[str]:
        return sorted({code[:14] for code in self.households})

    @property
    def divisions(self) -> list[str]:
        return [self.code, *self.townships, *self.villages, *self.groups]

    def division_rows(self) -> list[Row]:
        given = [self.code, *self.townships, *self.villages]
        return [[official(code), f"区划{code}"] for code in self.rng.sample(given, len(given))]

    def household_rows(self) -> list[Row]:
        forms = ("{}", "{:02d}", "第{}组")
        rows = []
        for code in self.households:
            group = self.rng.choice(forms).format(int(code[12:14]))
            rows.append([code[:12], group, code[14:].lstrip("0"), "张三", "13800000000", f"{code}号"])
        return self.rng.sample(rows, len(rows))

    def event_rows(self, clauses: list[Clause]) -> list[Row]:
        """Three in four on a handful of households, so that caps are reached; every kind, every level."""
        rows = []
        for _ in range(150):
            clause = self.rng.choice(clauses)
            places = self.households[:6] if self.rng.random() < 0.75 else self.households
            if clause.subject == "division" or (clause.subject == "both" and self.rng.random() < 0.5):
                places = self.divisions
            code = self.rng.choice(places)
            document = f"文{self.rng.randint(1, 99)}号" if clause.document_required else ""
            at = [code, ""] if len(code) == 18 else ["", official(code) if len(code) <= 12 else code]
            rows.append([*at, f"{MONTH}-{self.rng.randint(1, 31):02d}", clause.code, document, ""])
        return rows

    def linkage_rows(self) -> list[Row]:
        return [
            [department, official(division), self.rng.randint(1, 5), start, end]
            for department in self.departments
            for division in self.rng.sample(self.villages + self.townships[:1], 3)
            for start, end in [
                self.rng.choice([("2024-01", ""), ("2024-05", "2024-05"), ("2024-06", ""), ("2023-01", "2024-04")])
            ]
        ]


def import_county(county: County, folder: Path, encoding: str) -> list[Row]:
    """Load a county by the five commands; returns the rows of its events."""
    clauses = list(Clause.objects.filter(scheme=open_month(MONTH).scheme).order_by("code"))
    events = county.event_rows(clauses)
    files = [
        ("divisions", "code,name", county.division_rows()),
        ("households", "division_code,group,household_no,head_name,phone,address", county.household_rows()),
        ("departments", "code,name", [[code, f"部门{code}"] for code in county.departments]),
        ("linkages", "department_code,division_code,weight,from_month,to_month", county.linkage_rows()),
        ("events", "household_code,division_code,date,clause_code,document_no,note", events),
    ]
    for what, header, rows in files:
        meant = ["--again"] if what == "events" else []
        call_command(f"import_{what}", *meant, written(folder / f"{county.code}-{what}.csv", header, rows, encoding))
    return events


def as_world(counties: list[County], events: list[Row], declared: dict[str, list[str]], linkages: list[dict]) -> dict:
    clauses = {c.code: c for c in Clause.objects.filter(scheme=open_month(MONTH).scheme).select_related("indicator")}
    world: dict[str, Any] = {"month": MONTH, "last_day": LAST_DAY, "shares": rollup.shares(MONTH)}
    world["divisions"] = [
        {"code": c, "valid_from": None, "valid_to": None} for county in counties for c in county.divisions
    ]
    world["households"] = [
        {"code": c, "valid_from": None, "valid_to": None} for county in counties for c in county.households
    ]
    world["events"] = [
        {"code": _significant(row), "indicator": clauses[row[3]].indicator.position, "kind": clauses[row[3]].kind}
        | {"points": clauses[row[3]].points, "confirmed": True, "withdrawn": False}
        for row in events
    ]
    return world | {"declared": declared, "linkages": linkages}


def _significant(row: Row) -> str:
    code = str(row[0] or row[1])
    for length in (6, 9):
        if len(code) == 12 and code[length:] == "0" * (12 - length):
            return code[:length]
    return code


def sign(villages: list[str]) -> dict[str, list[str]]:
    signed = {}
    for code in villages:
        declaration = declare(sheet=sheet_of(month=MONTH, village=Division.objects.get(code=code)), by=None)
        signed[code] = Declaration.objects.get(pk=declaration.pk).households
    return signed


def linkages_in_database() -> list[dict]:
    from households.models import Linkage

    columns = ("department_id", "division_id", "weight", "from_month", "to_month")
    rows = [dict(zip(columns, row, strict=True)) for row in Linkage.objects.values_list(*columns)]
    return [row | {"department": row["department_id"], "division": row["division_id"]} for row in rows]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_invented_counties_come_out_as_the_oracle_says(tmp_path: Path, seed: int) -> None:
    counties = [County("431228", seed), County("522301", seed + 50)]
    events = [
        row for c, code in zip(counties, ("utf-8", "gb18030"), strict=True) for row in import_county(c, tmp_path, code)
    ]
    declared = sign([village for county in counties for village in county.villages if village != county.silent])
    rollup.roll_up(MONTH, full=True)
    world = as_world(counties, events, declared, linkages_in_database())
    assert stored() == expected(world)


def test_marks_alone_bring_the_same_figures(tmp_path: Path) -> None:
    county = County("431228", 9)
    events = import_county(county, tmp_path, "utf-8")
    declared = sign(county.villages)
    rollup.roll_up_marked()
    assert stored() == expected(as_world([county], events, declared, linkages_in_database()))


def test_importing_every_file_twice_changes_no_figure(tmp_path: Path) -> None:
    county = County("431228", 4)
    import_county(county, tmp_path, "utf-8")
    sign(county.villages)
    rollup.roll_up(MONTH, full=True)
    before = stored()
    for what in ("divisions", "households", "departments", "linkages", "events"):
        call_command(f"import_{what}", str(tmp_path / f"431228-{what}.csv"))
    rollup.roll_up(MONTH, full=True)
    assert stored() == before


def test_the_drawing_reaches_caps_and_all_levels() -> None:
    """A test of the test: counties without excess would prove little."""
    clauses = list(Clause.objects.filter(scheme=open_month(MONTH).scheme).select_related("indicator").order_by("code"))
    county = County("431228", 1)
    rows = county.event_rows(clauses)
    world = as_world([county], rows, {}, [])
    scores = [oracle.score_of(world, code) for code in county.households]
    assert any(score["bonus"] == 20 for score in scores)
    lost = Counter(
        (e["code"], e["indicator"]) for e in world["events"] for _ in range(e["points"]) if e["kind"] == "deduct"
    )
    assert any(points > world["shares"][position - 1] for (_, position), points in lost.items())
    assert {len(_significant(row)) for row in rows} >= {6, 9, 12, 14, 18}
    assert Counter(next(c.kind for c in clauses if c.code == row[3]) for row in rows).keys() == {
        "deduct",
        "bonus",
        "remind",
    }
