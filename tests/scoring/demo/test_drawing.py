"""What the demo draws: registers, linkages, events, people. Pure: a seed in, the same lines out."""

import csv
import io
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.imports import cells
from households.register.initials import initials_of_all
from scoring.demo import made_up_events, register
from scoring.demo.made_up_events import ClauseChoice, MadeUpEvent
from scoring.demo.people import name_of, phone_of

MONTH, TODAY = "2026-10", date(2026, 10, 9)
VILLAGES = [f"43052510320{number}" for number in range(10)]
CLAUSES = [
    ClauseChoice("WR01", "pollution", "remind", 0, "household", "leader", False, False),
    ClauseChoice("WR02", "pollution", "deduct", 5, "household", "leader", False, False),
    ClauseChoice("WR09", "pollution", "bonus", 10, "household", "cadre", False, False),
    ClauseChoice("FA04", "crime", "deduct", 10, "household", "department", True, False),
    ClauseChoice("FF04", "petition", "deduct", 5, "household", "petition_office", True, True),
    ClauseChoice("FA14", "crime", "bonus", 2, "division", "department", True, False),
    ClauseChoice("FF11", "petition", "bonus", 2, "division", "petition_office", False, False),
]
HOUSEHOLDS = [f"{village}01{serial:04d}" for village in VILLAGES for serial in range(1, 41)]


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def draw(seed: int = 1) -> list[MadeUpEvent]:
    return made_up_events.of_households(HOUSEHOLDS, CLAUSES, MONTH, TODAY, Random(seed))


@given(st.integers())
def test_names_are_short_and_can_be_searched(seed: int) -> None:
    name = name_of(Random(seed))
    assert cells.text(30)(name) == name
    assert 2 <= len(name) <= 4
    assert len(initials_of_all([name])[0]) == len(name)


@given(st.integers())
def test_phones_reach_nobody(seed: int) -> None:
    phone = phone_of(Random(seed))
    assert cells.phone(phone) == phone
    assert phone == "" or (phone.startswith("154") and len(phone) == 11)


@given(st.integers(), st.integers(10, 400))
def test_county_sizes_add_up_exactly(seed: int, count: int) -> None:
    villages = [str(number) for number in range(count)]
    assert sum(register.county_sizes(villages, Random(seed), total=231_868).values()) == 231_868


def test_county_of_the_demo_has_its_households() -> None:
    assert register.COUNTY_HOUSEHOLDS == 231_868


def test_small_sizes_are_small_except_where_people_look() -> None:
    sizes = register.small_sizes(VILLAGES, {VILLAGES[0]: 64}, Random(1))
    assert sizes[VILLAGES[0]] == 64
    assert all(20 <= sizes[code] <= 30 for code in VILLAGES[1:])


@given(st.integers(), st.integers(1, 1200), st.sampled_from([11, 32]))
def test_groups_hold_every_household_and_none_is_empty(seed: int, households: int, size: int) -> None:
    sizes = register.groups_of(households, size, Random(seed))
    assert sum(sizes) == households
    assert min(sizes) > 0
    assert len(sizes) <= 99


def test_register_is_a_file_the_import_would_take() -> None:
    places = [register.DemoVillage(code, "东山村", 25) for code in VILLAGES]
    rows = lines(register.as_csv(places, 11, Random(1)))
    assert len(rows) == 250
    codes = {
        cells.village(r["division_code"]) + cells.group(r["group"]) + cells.serial(r["household_no"]) for r in rows
    }
    assert len(codes) == 250
    assert rows[0]["address"].startswith("东山村第1组1号")


def test_same_seed_draws_the_same_register() -> None:
    places = [register.DemoVillage(VILLAGES[0], "东山村", 25)]
    first, again, other = (register.as_csv(places, 11, Random(seed)) for seed in (7, 7, 8))
    assert first == again != other


def test_linkages_cover_every_village_once() -> None:
    departments = ["001", "002", "003"]
    sure = ("003", VILLAGES[4])
    rows = lines(register.linkages_csv(departments, VILLAGES, "2026-01", Random(1), sure=sure))
    assert sorted(row["division_code"] for row in rows) == VILLAGES
    counts = [sum(row["department_code"] == code for row in rows) for code in departments]
    assert sorted(counts) == [3, 3, 4]
    assert sure in {(row["department_code"], row["division_code"]) for row in rows}


def test_events_touch_some_four_in_a_hundred() -> None:
    drawn = draw()
    assert len({h.code for h in drawn}) == round(len(HOUSEHOLDS) * made_up_events.SHARE)
    assert drawn == sorted(drawn, key=lambda h: (h.day, h.code))


def test_events_never_lie_in_the_future_or_another_month() -> None:
    assert all(date(2026, 10, 1) <= h.day <= TODAY for h in draw())


def test_events_never_touch_a_petition() -> None:
    petitions = {c.code for c in CLAUSES if c.indicator == "petition"}
    drawn = [h for seed in range(30) for h in draw(seed)]
    drawn += [
        h for seed in range(30) for h in made_up_events.of_divisions(VILLAGES, CLAUSES, MONTH, TODAY, Random(seed))
    ]
    assert not petitions & {h.clause for h in drawn}


def test_events_carry_a_document_where_one_is_demanded() -> None:
    demanded = {c.code for c in CLAUSES if c.document_required}
    drawn = [h for seed in range(30) for h in draw(seed)]
    assert {bool(h.document_no) for h in drawn if h.clause in demanded} == {True}
    assert {bool(h.document_no) for h in drawn if h.clause not in demanded} == {False}


def test_grave_things_are_rarer_than_small_ones() -> None:
    drawn = [h.clause for seed in range(60) for h in draw(seed)]
    assert drawn.count("WR02") > 3 * drawn.count("FA04") > 0


def test_division_events_use_clauses_for_divisions() -> None:
    assert {h.clause for h in made_up_events.of_divisions(VILLAGES, CLAUSES, MONTH, TODAY, Random(1))} == {"FA14"}


def test_events_are_a_file_the_import_would_take() -> None:
    rows = lines(made_up_events.as_csv(draw()))
    assert set(rows[0]) == {"household_code|division_code", "date", "clause_code", "document_no", "note"}
    assert all(cells.day(row["date"]) <= TODAY for row in rows)
    assert all(cells.text(200)(row["note"]) == row["note"] for row in rows)


@pytest.mark.parametrize("draw_seed", [3, 4])
def test_same_seed_draws_the_same_events(draw_seed: int) -> None:
    assert draw(draw_seed) == draw(draw_seed) != draw(draw_seed + 10)
