"""Small random counties: drawn by hypothesis, loaded into the database, and handed to the oracle as plain dicts."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from households.models import Department, Division, Household, Linkage
from scoring.models import Clause, Declaration, DepartmentScore, DivisionScore, HouseholdScore, Period, ScoreEvent
from scoring.months.months import open_month, sheet_of
from scoring.rollup.rollup import shares
from scoring.sheets.actions.sheets import declare
from tests.scoring import oracle

MONTH, LAST_DAY = "2024-05", date(2024, 5, 31)
DEPARTMENTS = ("D1", "D2", "D3")
# Deductions beyond a share, bonuses beyond the cap, reminders: whatever a month may bring. (kind, points)
FACTS = [("deduct", n) for n in (1, 2, 5, 10, 20, 33)] + [("bonus", n) for n in (1, 3, 10, 19)] + [("remind", 0)]
EDGES = [None, None, None, LAST_DAY - timedelta(1), LAST_DAY, LAST_DAY + timedelta(1)]


def codes_below(rng: random.Random, parents: list[str], digits: int, most: int) -> list[str]:
    return [f"{p}{n:0{digits}d}" for p in parents for n in sorted(rng.sample(range(1, 6), rng.randint(1, most)))]


@st.composite
def worlds(draw: Any) -> dict:
    """A world as `tests.scoring.oracle` describes it, nothing declared yet: `sign` names the villages that will be."""
    rng = draw(st.randoms(use_true_random=False))
    counties = ["430701", "430702"][: rng.randint(1, 2)]
    townships = codes_below(rng, counties, 3, 2)
    villages = codes_below(rng, townships, 3, 3)
    groups = codes_below(rng, villages, 2, 2)
    households = [f"{group}{n:04d}" for group in groups for n in range(1, rng.randint(0, 3) + 1)]
    divisions = counties + townships + villages + groups
    return {
        "month": MONTH,
        "last_day": LAST_DAY,
        "divisions": [{"code": c, "valid_from": None, "valid_to": None} for c in divisions],
        "households": [dated(rng, code) for code in households],
        "events": [event(rng, divisions, households) for _ in range(rng.randint(0, 20))],
        "sign": [village for village in villages if rng.random() < 0.75],
        "declared": {},
        "linkages": [
            link(rng, department, division)
            for department in DEPARTMENTS
            for division in rng.sample(divisions, min(len(divisions), rng.randint(0, 4)))
        ],
    }


def dated(rng: random.Random, code: str) -> dict:
    begin, end = rng.choice(EDGES), rng.choice(EDGES)
    if begin and end and begin >= end:
        end = None
    return {"code": code, "valid_from": begin, "valid_to": end}


def event(rng: random.Random, divisions: list[str], households: list[str]) -> dict:
    kind, points = rng.choice(FACTS)
    where = rng.random()
    # A few households get many events, or no cap would ever be reached.
    code = rng.choice(
        households[:2] if households and where < 0.4 else households if households and where < 0.7 else divisions
    )
    return {
        "op_id": uuid4(),
        "code": code,
        "indicator": rng.randint(1, 6),
        "kind": kind,
        "points": points,
        "confirmed": rng.random() < 0.8,
        "withdrawn": rng.random() < 0.2,
    }


def link(rng: random.Random, department: str, division: str) -> dict:
    begin = rng.choice(["2024-01", "2024-05", "2024-06"])
    end = rng.choice(["", "", "2024-04", "2024-05"])
    return {
        "department": department,
        "division": division,
        "weight": rng.randint(1, 3),
        "from_month": begin,
        "to_month": end if end >= begin else "",
    }


def load(world: dict) -> dict:
    """Write the world into the database, declare the villages named in `sign`, and return it with `declared` filled."""
    Division.objects.bulk_create(
        Division(
            parent_id=d["code"][: {9: 6, 12: 9, 14: 12}[len(d["code"])]] if len(d["code"]) > 6 else None,
            name=d["code"],
            **d,
        )
        for d in world["divisions"]
    )
    Household.objects.bulk_create(Household(group_id=h["code"][:14], head_name="户", **h) for h in world["households"])
    Department.objects.bulk_create(Department(code=code, name=code) for code in DEPARTMENTS)
    Linkage.objects.bulk_create(
        Linkage(
            department_id=x["department"],
            division_id=x["division"],
            **{k: x[k] for k in ("weight", "from_month", "to_month")},
        )
        for x in world["linkages"]
    )
    period = open_month(MONTH)
    write_events(period, world["events"])
    for village in world["sign"]:
        sign(world, village)
    return world | {"shares": shares(MONTH)}


def write_events(period: Period, events: list[dict]) -> None:
    clause = Clause.objects.filter(scheme=period.scheme).earliest("pk")  # the roll-up reads the copies on the event
    now = "2024-05-31T12:00:00+08:00"
    ScoreEvent.objects.bulk_create(
        ScoreEvent(
            **{key: e[key] for key in ("op_id", "code", "indicator", "kind", "points")},
            period=period,
            clause=clause,
            date=date(2024, 5, 10),
            confirmed_at=now if e["confirmed"] else None,
            withdrawn_at=now if e["withdrawn"] else None,
            withdraw_reason="登记有误" if e["withdrawn"] else "",
        )
        for e in events
    )


def sign(world: dict, village: str) -> None:
    """Declare one village, if there is anybody to speak for."""
    speaks_for = [h["code"] for h in world["households"] if h["code"].startswith(village) and oracle.counts(h, world)]
    sheet = sheet_of(month=MONTH, village=Division.objects.get(code=village)) if speaks_for else None
    if sheet and sheet.state == "open":
        declare(sheet=sheet, by=None)
        world["declared"][village] = Declaration.objects.get(sheet=sheet, withdrawn_at=None).households


def stored() -> tuple[dict, dict, dict]:
    """What the database holds for the month: household scores, division lines, department lines, as the oracle writes them."""
    households = {
        s.code: {"score": s.score, "bonus": s.bonus, "broken": {p for p in range(1, 7) if s.broken >> (p - 1) & 1}}
        for s in HouseholdScore.objects.filter(month=MONTH)
    }
    columns = ("active", "households", "total", "adjustment", "six_zero")
    divisions = {
        row["code"]: {name: row[name] for name in columns}
        for row in DivisionScore.objects.filter(month=MONTH).values("code", *columns)
    }
    departments = {
        row["department_code"]: {name: row[name] for name in ("households", "total", "active")}
        for row in DepartmentScore.objects.filter(month=MONTH).values(
            "department_code", "households", "total", "active"
        )
    }
    return households, divisions, departments


def expected(world: dict) -> tuple[dict, dict, dict]:
    """What the oracle says to the same three questions."""
    return oracle.household_scores(world), oracle.division_lines(world), oracle.department_lines(world)
