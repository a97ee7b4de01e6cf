"""Every figure of the small world is opened, from the county to the last household, and re-summed from its leaves."""

import re
from collections.abc import Iterator
from fractions import Fraction

from django.test import Client

from households.codes import DIVISION_LEVELS, Level, is_level
from households.models import Household
from households.roles import Role
from scoring.models import DepartmentScore, DivisionScore, HouseholdScore
from scoring.rankings.rankings import department_ranking, ranking
from scoring.readers import Reader
from scoring.rules import display
from scoring.why.why import DivisionWhy, HouseholdWhy, explain
from tests.scoring.eventful_month import ADJUSTMENTS
from tests.world import COUNTY, MONTH, STRANGE, World

Answer = dict[str, object]
FIGURE = re.compile(r"data-equation>([^<]+)<")


def walk(reader: Reader, code: str = COUNTY) -> Iterator[DivisionWhy | HouseholdWhy]:
    """Everything that can be opened from a figure, itself first."""
    explained = explain(MONTH, code, reader)
    yield explained
    for child in getattr(explained, "children", []):
        yield from walk(reader, child.code)


def value(equation: str) -> tuple[Fraction, str]:
    """What the left side of a printed equation comes to, and what stands on its right."""
    left, right = equation.split(" = ")
    terms = left.replace("−", "-").replace("×", "*")
    if "÷" in terms:
        above, below = terms.split(" ÷ ")
        return Fraction(int(above), int(below)), right
    assert re.fullmatch(r"[-+* 0-9]+", terms)
    return Fraction(eval(terms)), right


def leaves_of(client: Client, code: str) -> tuple[int, int]:
    """(households, total) of a figure computed from nothing but the events and bases at its leaves, through the API."""
    answer = client.get(f"/api/v1/why/{MONTH}/{code}/").json()
    if is_level(code, Level.HOUSEHOLD):
        return answer["households"], sum(term["amount"] for term in answer["terms"])
    below = [leaves_of(client, child["code"]) for child in answer["children"]]
    households, total = sum(n for n, _ in below), sum(points for _, points in below)
    signs = {"deduct": -1, "bonus": 1, "remind": 0}
    counted = [event for event in answer["events"] if event["state"] == "confirmed"]
    adjustment = sum(signs[event["kind"]] * event["points"] for event in counted)
    return households, total + households * adjustment


def test_walk_reaches_every_division_and_household(eventful: World) -> None:
    reached = {explained.code for explained in walk(Reader(eventful.user(Role.COUNTY_OFFICE)))}
    assert reached >= set(Household.objects.values_list("code", flat=True))
    assert reached >= set(DivisionScore.objects.filter(month=MONTH).values_list("code", flat=True))


def test_every_division_comes_to_the_rolled_up_row(eventful: World) -> None:
    stored = {score.code: score for score in DivisionScore.objects.filter(month=MONTH)}
    found = [each for each in walk(Reader(eventful.user(Role.COUNTY_OFFICE))) if isinstance(each, DivisionWhy)]
    assert len(found) == 10
    for each in found:
        row = stored[each.code]
        assert (each.households, each.total, each.active) == (row.households, row.total, row.active), each.code
        assert (each.division_points, each.stale) == (ADJUSTMENTS.get(each.code, 0), False), each.code


def test_every_household_comes_to_the_rolled_up_row(eventful: World) -> None:
    stored = {score.code: score for score in HouseholdScore.objects.filter(month=MONTH)}
    for each in walk(Reader(eventful.user(Role.COUNTY_OFFICE))):
        if isinstance(each, HouseholdWhy):
            row = stored.get(each.code)
            assert each.score == (row.score if row else None), each.code
            assert row is None or sum(term.amount for term in each.terms) == row.score


def test_every_figure_of_every_ranking_re_sums_from_its_leaves(eventful: World) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    lines = [line for level in DIVISION_LEVELS for line in ranking(MONTH, level)]
    assert len(lines) == 10
    for line in lines:
        assert leaves_of(client, line.code) == (line.households, line.total), line.code


def test_every_printed_equation_holds(eventful: World) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    printed = 0
    for each in walk(Reader(eventful.user(Role.COUNTY_OFFICE))):
        page = client.get(f"/why/{MONTH}/{each.code}/").content.decode()
        for equation in FIGURE.findall(page):
            left, right = value(equation)
            assert right == (display(left) if "÷" in equation else str(left)), equation
            printed += 1
    assert printed == 10 + 7 + len(
        ADJUSTMENTS
    )  # scored households, divisions, and once more where something is adjusted


def test_every_department_re_sums_from_its_divisions(eventful: World) -> None:
    client = eventful.client(Role.COUNTY_OFFICE)
    assert DepartmentScore.objects.filter(month=MONTH).count() == 2
    for line in department_ranking(MONTH):
        page = client.get(f"/departments/{line.code}/{MONTH}/").content.decode()
        equations = FIGURE.findall(page)
        assert bool(equations) == bool(line.households)
        assert all(equation == f"{line.total} ÷ {line.households} = {line.shown_result}" for equation in equations)


def test_undeclared_village_is_a_gap_and_not_full_marks(eventful: World) -> None:
    reader = Reader(eventful.user(Role.COUNTY_OFFICE))
    assert [explained.shown_result for explained in walk(reader, STRANGE) if isinstance(explained, DivisionWhy)] == [
        "",
        "",
    ]
    assert "未申报，没有得分" in eventful.client(Role.COUNTY_OFFICE).get(f"/why/{MONTH}/{STRANGE}/").content.decode()
